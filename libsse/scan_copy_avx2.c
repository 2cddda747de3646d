/*
 * scan_copy_avx2.c - 32 bytes at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan_copy.h"

#if !defined(SSE_NO_SIMD) && defined(__x86_64__) && defined(__GNUC__)

#include "scan_copy_body.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx2,bmi,bmi2")))

TARGET static inline __m256i ends_of(__m256i bytes)
{
    const __m256i lf = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\n'));
    const __m256i cr = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\r'));
    return _mm256_or_si256(lf, cr);
}

TARGET static inline uint64_t block64(char *to, const char *text)
{
    const __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)text);
    const __m256i b =
        _mm256_loadu_si256((const __m256i *)(const void *)(text + 32));
    _mm256_storeu_si256((__m256i *)(void *)to, a);
    _mm256_storeu_si256((__m256i *)(void *)(to + 32), b);
    return (uint32_t)_mm256_movemask_epi8(ends_of(a)) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(ends_of(b)) << 32;
}

TARGET static inline uint64_t block16(char *to, const char *text)
{
    SSE_PRIV_COPY_BLOCK16_SSE2
}

TARGET static inline uint64_t short16(char *to, const char *text, size_t len)
{
    SSE_PRIV_COPY_SHORT16_SSE2
}

TARGET static inline __m256i load(const char *text)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)text);
}

TARGET static inline void store(char *to, __m256i bytes)
{
    _mm256_storeu_si256((__m256i *)(void *)to, bytes);
}

TARGET static inline int copy128(char *to, const char *text)
{
    const __m256i a = load(text);
    const __m256i b = load(text + 32);
    const __m256i c = load(text + 64);
    const __m256i d = load(text + 96);
    store(to, a);
    store(to + 32, b);
    store(to + 64, c);
    store(to + 96, d);
    const __m256i ends =
        _mm256_or_si256(_mm256_or_si256(ends_of(a), ends_of(b)),
                        _mm256_or_si256(ends_of(c), ends_of(d)));
    return _mm256_movemask_epi8(ends);
}

TARGET static inline size_t run(char *to, const char *text, size_t len)
{
    SSE_PRIV_COPY_RUN_BODY(32, copy128)
}

TARGET size_t sse_priv_copy_avx2(char *dst, const char *text, size_t len)
{
    SSE_PRIV_COPY_BODY(128, copy128, run, block64, block16, short16)
}

#else
typedef int sse_priv_no_copy_avx2;
#endif
