/*
 * chars.h - the characters of HTTP, for heads of both directions.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_SOCK_CHARS_H
#define SSE_SOCK_CHARS_H

#include <stdint.h>

/** What a field name and a method may hold (RFC 9110, "Tokens"). */
static inline int sse_priv_is_token_char(unsigned char byte)
{
    /* One bit for each of the 128 ASCII characters. */
    static const uint32_t bits[4] = {0x00000000u, 0x03ff6cfau, 0xc7fffffeu,
                                     0x57ffffffu};
    return byte < 128 && ((bits[byte >> 5] >> (byte & 31u)) & 1u) != 0;
}

/** Visible, space, tab, or above ASCII: what a field value may hold. */
static inline int sse_priv_is_value_char(unsigned char byte)
{
    return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

#endif /* SSE_SOCK_CHARS_H */
