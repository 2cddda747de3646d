/*
 * scan_swar.c - the portable variant: eight bytes in one word at a time.  It is
 * the reference for the others.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#ifdef SSE_NO_SIMD

size_t sse_priv_scan(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && text[at] != '\n' && text[at] != '\r') {
        at++;
    }
    return at;
}

#else

#include "mask.h"

#include <string.h>

#define ONES UINT64_C(0x0101010101010101)
#define LOWS UINT64_C(0x7F7F7F7F7F7F7F7F)
#define HIGHS UINT64_C(0x8080808080808080)

static uint64_t load(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/* The high bit of each byte that is zero, and no other bit. */
static uint64_t zeros(uint64_t word)
{
    return ~(((word & LOWS) + LOWS) | word | LOWS);
}

/* The high bit of each byte that is CR or LF. */
static uint64_t ends_of(uint64_t word)
{
    return zeros(word ^ (ONES * 0x0A)) | zeros(word ^ (ONES * 0x0D));
}

/* One bit a byte, the first byte lowest. */
static uint64_t pack(uint64_t high_bits)
{
    const uint64_t bits = high_bits >> 7;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return (bits * UINT64_C(0x8040201008040201)) >> 56 & 0xFF;
#else
    return (bits * UINT64_C(0x0102040810204080)) >> 56;
#endif
}

static uint64_t mask64(const char *text)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 64; i += 8) {
        mask |= pack(ends_of(load(text + i))) << i;
    }
    return mask;
}

#ifndef __SSE2__

size_t sse_priv_scan(const char *text, size_t len)
{
    size_t at = 0;
    while (len - at >= sizeof(uint64_t) && ends_of(load(text + at)) == 0) {
        at += sizeof(uint64_t);
    }
    while (at < len && text[at] != '\n' && text[at] != '\r') {
        at++;
    }
    return at;
}

#endif

size_t sse_priv_index_swar(const char *text, size_t len, uint16_t *ends)
{
    SSE_PRIV_INDEX_BODY(mask64)
}

size_t sse_priv_take_swar(char *to, const char *text, size_t len)
{
    size_t at = 0;
    for (;;) {
        const uint64_t word = load(text + at);
        const uint64_t bits = ends_of(word);
        memcpy(to + at, &word, sizeof word);
        if (bits != 0) {
            return at + SSE_PRIV_CTZ((uint64_t)pack(bits));
        }
        at += sizeof word;
        if (at == len) {
            return len;
        }
        if (len - at < sizeof word) {
            /* The rest, together with bytes that have no end. */
            at = len - sizeof word;
        }
    }
}

#endif
