/*
 * scan_sse2.c - what every x86-64 processor has: 16 bytes at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#if !defined(SSE_NO_SIMD) && defined(__SSE2__)

#include "mask.h"

#include <emmintrin.h>

/* 0xFF where a byte is CR or LF. */
static inline __m128i ends16(const char *text)
{
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
    return _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')),
                        _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
}

static inline uint64_t mask_of(__m128i ends)
{
    return (uint16_t)_mm_movemask_epi8(ends);
}

static inline uint64_t mask16(const char *text)
{
    return mask_of(ends16(text));
}

static inline uint64_t mask64(const char *text)
{
    const __m128i a = ends16(text);
    const __m128i b = ends16(text + 16);
    const __m128i c = ends16(text + 32);
    const __m128i d = ends16(text + 48);
    if (mask_of(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d))) == 0) {
        return 0;
    }
    return mask_of(a) | mask_of(b) << 16 | mask_of(c) << 32 |
           mask_of(d) << 48;
}

size_t sse_priv_scan_sse2(const char *text, size_t len)
{
    if (len < 16) {
        return sse_priv_scan_swar(text, len);
    }
    size_t at = 0;
    for (; len - at >= 64; at += 64) {
        const uint64_t mask = mask64(text + at);
        if (mask != 0) {
            return at + SSE_PRIV_CTZ(mask);
        }
    }
    while (at < len) {
        /* The rest is read together with bytes that have no end. */
        const size_t from = len - at < 16 ? len - 16 : at;
        const uint64_t mask = mask16(text + from);
        if (mask != 0) {
            return from + SSE_PRIV_CTZ(mask);
        }
        at = from + 16;
    }
    return len;
}

size_t sse_priv_has_end_sse2(const char *text, size_t len)
{
    if (len < 16) {
        return sse_priv_scan_swar(text, len) < len;
    }
    __m128i any = ends16(text + len - 16);
    for (size_t at = 0; at + 16 < len; at += 16) {
        any = _mm_or_si128(any, ends16(text + at));
    }
    return mask_of(any) != 0;
}

size_t sse_priv_index_sse2(const char *text, size_t *size, uint16_t *ends)
{
    SSE_PRIV_INDEX_BODY(mask64)
}

/* Copies 16 bytes, and says which of them are line ends. */
static inline uint64_t copy16(char *to, const char *text)
{
    _mm_storeu_si128((__m128i *)(void *)to,
                     _mm_loadu_si128((const __m128i *)(const void *)text));
    return mask16(text);
}

size_t sse_priv_take_sse2(char *to, const char *text, size_t len)
{
    if (len < 16) {
        return sse_priv_take_swar(to, text, len);
    }
    size_t at = 0;
    for (; len - at >= 64; at += 64) {
        const uint64_t mask = copy16(to + at, text + at) |
                              copy16(to + at + 16, text + at + 16) << 16 |
                              copy16(to + at + 32, text + at + 32) << 32 |
                              copy16(to + at + 48, text + at + 48) << 48;
        if (mask != 0) {
            return at + SSE_PRIV_CTZ(mask);
        }
    }
    while (at < len) {
        /* The rest is read together with bytes that have no end. */
        const size_t from = len - at < 16 ? len - 16 : at;
        const uint64_t mask = copy16(to + from, text + from);
        if (mask != 0) {
            return from + SSE_PRIV_CTZ(mask);
        }
        at = from + 16;
    }
    return len;
}

#else
typedef int sse_priv_no_sse2;
#endif
