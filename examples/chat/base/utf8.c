/*
 * utf8.c - strict UTF-8 (RFC 3629).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/utf8.h"

/* Bytes of the sequence that starts at `at`, 0 if it is ill-formed.  RFC 3629,
 * "Syntax of UTF-8 Byte Sequences": only the second byte's range depends on
 * the first. */
static size_t sequence_len(const unsigned char *at, size_t left)
{
    unsigned char first = at[0];
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
        return 0;
    }
    size_t len = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (len > left) {
        return 0;
    }
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (first == 0xE0) {
        low = 0xA0;
    } else if (first == 0xED) {
        high = 0x9F;
    } else if (first == 0xF0) {
        low = 0x90;
    } else if (first == 0xF4) {
        high = 0x8F;
    }
    if (at[1] < low || at[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < len; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return len;
}

int utf8_valid(const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t used = 0;
    while (used < len) {
        size_t one = sequence_len(at + used, len - used);
        if (one == 0) {
            return 0;
        }
        used += one;
    }
    return 1;
}

size_t utf8_floor(const char *text, size_t len)
{
    size_t start = len;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
        start--;
    }
    if (start == 0) {
        return len;
    }
    start--;
    return sequence_len((const unsigned char *)text + start, len - start) > 0
               ? len
               : start;
}
