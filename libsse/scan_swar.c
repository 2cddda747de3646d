/*
 * scan_swar.c - the portable scan: eight bytes in one word at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#include <stdint.h>
#include <string.h>

#ifndef SSE_NO_SIMD

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Not 0 if a byte of `word` is zero.  Which one is not asked, so borrows into
 * higher bytes do no harm. */
static uint64_t has_zero(uint64_t word)
{
    return (word - ONES) & ~word & HIGHS;
}

#endif

size_t sse_priv_scan(const char *text, size_t len)
{
    size_t at = 0;
#ifndef SSE_NO_SIMD
    while (len - at >= sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, text + at, sizeof word);
        if (has_zero(word ^ (ONES * 0x0A)) | has_zero(word ^ (ONES * 0x0D))) {
            break;
        }
        at += sizeof word;
    }
#endif
    while (at < len && text[at] != '\n' && text[at] != '\r') {
        at++;
    }
    return at;
}
