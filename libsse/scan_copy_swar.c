/*
 * scan_copy_swar.c - the portable variant: eight bytes in one word at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan_copy.h"

#ifdef SSE_NO_SIMD

uint64_t sse_priv_copy_mask(const char *text, size_t len)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < len; i++) {
        mask |= (uint64_t)(text[i] == '\n' || text[i] == '\r') << i;
    }
    return mask;
}

int sse_priv_copy_is_value(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && text[at] != '\n' && text[at] != '\r' &&
           text[at] != '\0') {
        at++;
    }
    return at == len;
}

#else

#include "scan_copy_body.h"

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)
#define LOWS UINT64_C(0x7F7F7F7F7F7F7F7F)

/* The high bit of each byte that is zero, and no other bit. */
static uint64_t zeros(uint64_t word)
{
    return ~(((word & LOWS) + LOWS) | word | LOWS);
}

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

static uint64_t load(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

/* Not 0 in a high bit if there is a zero among the bytes; which it is cannot be
 * told, but this is soon done. */
static uint64_t any_zero(uint64_t word)
{
    return (word - ONES) & ~word;
}

static uint64_t any_end(uint64_t word)
{
    return any_zero(word ^ (ONES * 0x0A)) | any_zero(word ^ (ONES * 0x0D));
}

/* Of some words of a text. */
static uint64_t mask_of(const char *text, unsigned words)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < words; i++) {
        mask |= pack(ends_of(load(text + 8 * i))) << (8 * i);
    }
    return mask;
}

static uint64_t block16(char *to, const char *text)
{
    const uint64_t low = load(text);
    const uint64_t high = load(text + 8);
    memcpy(to, &low, 8);
    memcpy(to + 8, &high, 8);
    return ((any_end(low) | any_end(high)) & HIGHS) == 0 ? 0
                                                        : mask_of(text, 2);
}

/* Not 0 if there is a line end. */
static uint64_t copy32(char *to, const char *text)
{
    const uint64_t a = load(text);
    const uint64_t b = load(text + 8);
    const uint64_t c = load(text + 16);
    const uint64_t d = load(text + 24);
    memcpy(to, &a, 8);
    memcpy(to + 8, &b, 8);
    memcpy(to + 16, &c, 8);
    memcpy(to + 24, &d, 8);
    return (any_end(a) | any_end(b) | any_end(c) | any_end(d)) & HIGHS;
}

static uint64_t block64(char *to, const char *text)
{
    return (copy32(to, text) | copy32(to + 32, text + 32)) == 0
               ? 0
               : mask_of(text, 8);
}

static size_t run(char *to, const char *text, size_t len)
{
    SSE_PRIV_COPY_RUN_BODY(8, copy32)
}

static uint64_t short16(char *to, const char *text, size_t len)
{
    if (len >= 8) {
        const uint64_t low = load(text);
        const uint64_t high = load(text + len - 8);
        memcpy(to, &low, 8);
        memcpy(to + len - 8, &high, 8);
        return pack(ends_of(low)) | pack(ends_of(high)) << (len - 8);
    }
    return sse_priv_copy_few(to, text, len);
}

size_t sse_priv_copy_swar(char *dst, const char *text, size_t len)
{
    SSE_PRIV_COPY_BODY(32, copy32, run, block64, block16, short16)
}

#ifndef __SSE2__

static uint64_t ends64(const char *text)
{
    uint64_t any = 0;
    for (unsigned i = 0; i < 64; i += 8) {
        any |= any_end(load(text + i));
    }
    return (any & HIGHS) == 0 ? 0 : mask_of(text, 8);
}

uint64_t sse_priv_copy_mask(const char *text, size_t len)
{
    SSE_PRIV_COPY_MASK_BODY(ends64)
}

size_t sse_priv_copy_size(const char *text, size_t len)
{
    /* unreachable with 64 bits: that the sum does not fit size_t */
    SSE_PRIV_COPY_SIZE_BODY(ends64)
}

int sse_priv_copy_is_value(const char *text, size_t len)
{
    size_t at = 0;
    for (; len - at >= 8; at += 8) {
        const uint64_t word = load(text + at);
        if ((ends_of(word) | zeros(word)) != 0) {
            return 0;
        }
    }
    while (at < len && text[at] != '\n' && text[at] != '\r' &&
           text[at] != '\0') {
        at++;
    }
    return at == len;
}

#endif

#endif
