/*
 * scan_avx2.c - 32 bytes at a time, compiled for AVX2 whatever the rest is
 * compiled for.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#if !defined(SSE_NO_SIMD) && defined(__x86_64__) && defined(__GNUC__)

#include "mask.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2")))

TARGET static inline __m256i load32(const char *text)
{
    __m256i bytes = _mm256_loadu_si256((const __m256i *)(const void *)text);
    SSE_PRIV_LOADED(bytes);
    return bytes;
}

/* 0xFF where a byte is CR or LF. */
TARGET static inline __m256i ends_of(__m256i bytes)
{
    return _mm256_or_si256(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n')),
                           _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\r')));
}

TARGET static inline uint64_t mask_of(__m256i bytes)
{
    return (uint32_t)_mm256_movemask_epi8(ends_of(bytes));
}

TARGET static inline uint64_t mask32(const char *text)
{
    return mask_of(load32(text));
}

TARGET static inline uint64_t mask64(const char *text)
{
    return mask32(text) | mask32(text + 32) << 32;
}

TARGET size_t sse_priv_scan_avx2(const char *text, size_t len)
{
    if (len < 32) {
        return sse_priv_scan_sse2(text, len);
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
        const size_t from = len - at < 32 ? len - 32 : at;
        const uint64_t mask = mask32(text + from);
        if (mask != 0) {
            return from + SSE_PRIV_CTZ(mask);
        }
        at = from + 32;
    }
    return len;
}

TARGET size_t sse_priv_has_end_avx2(const char *text, size_t len)
{
    if (len < 32) {
        return sse_priv_has_end_sse2(text, len);
    }
    __m256i any = ends_of(load32(text + len - 32));
    for (size_t at = 0; at + 32 < len; at += 32) {
        any = _mm256_or_si256(any, ends_of(load32(text + at)));
    }
    return _mm256_movemask_epi8(any) != 0;
}

TARGET size_t sse_priv_index_avx2(const char *text, size_t *size,
                                  uint16_t *ends)
{
    SSE_PRIV_INDEX_BODY(mask64)
}

/* Copies 32 bytes, and says which of them are line ends. */
TARGET static inline uint64_t copy32(char *to, const char *text)
{
    const __m256i bytes = load32(text);
    _mm256_storeu_si256((__m256i *)(void *)to, bytes);
    return mask_of(bytes);
}

TARGET size_t sse_priv_take_avx2(char *to, const char *text, size_t len)
{
    if (len < 32) {
        return sse_priv_take_sse2(to, text, len);
    }
    size_t at = 0;
    for (; len - at >= 64; at += 64) {
        const uint64_t mask = copy32(to + at, text + at) |
                              copy32(to + at + 32, text + at + 32) << 32;
        if (mask != 0) {
            return at + SSE_PRIV_CTZ(mask);
        }
    }
    while (at < len) {
        /* The rest is read together with bytes that have no end. */
        const size_t from = len - at < 32 ? len - 32 : at;
        const uint64_t mask = copy32(to + from, text + from);
        if (mask != 0) {
            return from + SSE_PRIV_CTZ(mask);
        }
        at = from + 32;
    }
    return len;
}

#else
typedef int sse_priv_no_avx2;
#endif
