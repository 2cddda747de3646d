/*
 * base64.c - RFC 4648, section 4: the standard alphabet, padded.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base64.h"

#include <stdint.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t base64_encode(const char *bytes, size_t len, char *dst)
{
    size_t n = 0;
    for (size_t at = 0; at < len; at += 3) {
        const size_t left = len - at;
        uint32_t bits = (uint32_t)(unsigned char)bytes[at] << 16;
        if (left > 1) {
            bits |= (uint32_t)(unsigned char)bytes[at + 1] << 8;
        }
        if (left > 2) {
            bits |= (uint32_t)(unsigned char)bytes[at + 2];
        }
        dst[n++] = alphabet[bits >> 18];
        dst[n++] = alphabet[(bits >> 12) & 63];
        dst[n++] = left > 1 ? alphabet[(bits >> 6) & 63] : '=';
        dst[n++] = left > 2 ? alphabet[bits & 63] : '=';
    }
    return n;
}

/* Value of a character, or 64. */
static uint32_t value_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (uint32_t)(c - 'A');
    }
    if (c >= 'a' && c <= 'z') {
        return (uint32_t)(c - 'a') + 26;
    }
    if (c >= '0' && c <= '9') {
        return (uint32_t)(c - '0') + 52;
    }
    return c == '+' ? 62 : (c == '/' ? 63 : 64);
}

int base64_decode(const char *text, size_t len, char *dst, size_t *written)
{
    size_t n = 0;
    size_t end = len;
    *written = len;
    if (len % 4 != 0) {
        return -1;
    }
    while (end > 0 && len - end < 2 && text[end - 1] == '=') {
        end--;
    }
    uint32_t bits = 0;
    for (size_t at = 0; at < end; at++) {
        const uint32_t value = value_of(text[at]);
        if (value == 64) {
            *written = at;
            return -1;
        }
        bits = (bits << 6) | value;
        /* 6 bits became 12, 18, 24: each time one more byte is whole. */
        if (at % 4 != 0) {
            const unsigned rest = 6 - 2 * (unsigned)(at % 4);
            dst[n++] = (char)(unsigned char)((bits >> rest) & 0xFF);
            bits &= (1u << rest) - 1;
        }
    }
    if (bits != 0) {
        *written = end - 1;
        return -1;
    }
    *written = n;
    return 0;
}
