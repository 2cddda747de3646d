/*
 * base64.h - RFC 4648, section 4: the standard alphabet, padded.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_BASE64_H
#define SSE_TOOL_BASE64_H

#include <stddef.h>

/* Characters that `len` bytes become. */
#define BASE64_SIZE(len) (((len) + 2) / 3 * 4)

/* Encodes into `dst`, which has room for BASE64_SIZE(len).  The characters
 * written. */
size_t base64_encode(const char *bytes, size_t len, char *dst);

/* Decodes strictly: whole groups, padding only at the end, no other character,
 * no bit set that would be lost.  `dst` may be `text`.  0 and the bytes
 * written, or -1 and the index of the offending character in `*written`. */
int base64_decode(const char *text, size_t len, char *dst, size_t *written);

#endif /* SSE_TOOL_BASE64_H */
