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

static inline uint64_t load(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/* The high bit of each byte that is zero, and no other bit. */
static inline uint64_t zeros(uint64_t word)
{
    return ~(((word & LOWS) + LOWS) | word | LOWS);
}

/* The high bit of each byte that is CR or LF. */
static inline uint64_t ends_of(uint64_t word)
{
    return zeros(word ^ (ONES * 0x0A)) | zeros(word ^ (ONES * 0x0D));
}

/* One bit a byte, the first byte lowest. */
static inline uint64_t pack(uint64_t high_bits)
{
    const uint64_t bits = high_bits >> 7;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return (bits * UINT64_C(0x8040201008040201)) >> 56 & 0xFF;
#else
    return (bits * UINT64_C(0x0102040810204080)) >> 56;
#endif
}

/* Not 0 if a byte is below 0x0E, as few but line ends are. */
static inline uint64_t low_bytes(uint64_t word)
{
    return (word - ONES * 0x0E) & ~word & HIGHS;
}

static inline uint64_t mask32(const char *text)
{
    const uint64_t a = load(text);
    const uint64_t b = load(text + 8);
    const uint64_t c = load(text + 16);
    const uint64_t d = load(text + 24);
    if ((low_bytes(a) | low_bytes(b) | low_bytes(c) | low_bytes(d)) == 0) {
        return 0;
    }
    return pack(ends_of(a)) | pack(ends_of(b)) << 8 | pack(ends_of(c)) << 16 |
           pack(ends_of(d)) << 24;
}

static inline uint64_t mask64(const char *text)
{
    return mask32(text) | mask32(text + 32) << 32;
}

size_t sse_priv_scan_swar(const char *text, size_t len)
{
    size_t at = 0;
    for (; len - at >= sizeof(uint64_t); at += sizeof(uint64_t)) {
        const uint64_t bits = ends_of(load(text + at));
        if (bits != 0) {
            return at + SSE_PRIV_CTZ(pack(bits));
        }
    }
    while (at < len && text[at] != '\n' && text[at] != '\r') {
        at++;
    }
    return at;
}

size_t sse_priv_has_end_swar(const char *text, size_t len)
{
    return sse_priv_scan_swar(text, len) < len;
}

size_t sse_priv_index_swar(const char *text, size_t *size, uint16_t *ends)
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
