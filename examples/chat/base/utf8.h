/*
 * utf8.h - strict UTF-8 (RFC 3629).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_UTF8_H
#define CHAT_UTF8_H

#include <stddef.h>

/** Not 0 if all of it is well-formed: no overlong form, no surrogate, nothing
 *  beyond U+10FFFF, nothing cut. */
int utf8_valid(const char *text, size_t len);

/** The largest length <= @p len that does not cut a sequence of well-formed
 *  text. */
size_t utf8_floor(const char *text, size_t len);

#endif /* CHAT_UTF8_H */
