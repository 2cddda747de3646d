/*
 * scan_copy_avx512.c - 64 bytes at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan_copy.h"

#if !defined(SSE_NO_SIMD) && defined(__x86_64__) && defined(__GNUC__)

#include "scan_copy_body.h"

#include <immintrin.h>

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2")))

TARGET static inline uint64_t block64(char *to, const char *text)
{
    const __m512i bytes = _mm512_loadu_si512(text);
    _mm512_storeu_si512(to, bytes);
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')) |
           _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r'));
}

TARGET static inline uint64_t block16(char *to, const char *text)
{
    SSE_PRIV_COPY_BLOCK16_SSE2
}

/* 0 where a byte is CR or LF. */
TARGET static inline __m512i none_of(__m512i bytes)
{
    return _mm512_min_epu8(_mm512_xor_si512(bytes, _mm512_set1_epi8('\n')),
                           _mm512_xor_si512(bytes, _mm512_set1_epi8('\r')));
}

TARGET static inline int copy256(char *to, const char *text)
{
    const __m512i a = _mm512_loadu_si512(text);
    const __m512i b = _mm512_loadu_si512(text + 64);
    const __m512i c = _mm512_loadu_si512(text + 128);
    const __m512i d = _mm512_loadu_si512(text + 192);
    _mm512_storeu_si512(to, a);
    _mm512_storeu_si512(to + 64, b);
    _mm512_storeu_si512(to + 128, c);
    _mm512_storeu_si512(to + 192, d);
    const __m512i none =
        _mm512_min_epu8(_mm512_min_epu8(none_of(a), none_of(b)),
                        _mm512_min_epu8(none_of(c), none_of(d)));
    return _mm512_testn_epi8_mask(none, none) != 0;
}

TARGET static inline size_t run(char *to, const char *text, size_t len)
{
    SSE_PRIV_COPY_RUN_BODY(64, copy256)
}

/* Bytes that there are not are neither read nor written. */
TARGET static inline uint64_t short16(char *to, const char *text, size_t len)
{
    const __mmask16 some = (__mmask16)_bzhi_u32(0xFFFF, (unsigned)len);
    const __m128i bytes = _mm_maskz_loadu_epi8(some, text);
    _mm_mask_storeu_epi8(to, some, bytes);
    return _mm_cmpeq_epi8_mask(bytes, _mm_set1_epi8('\n')) |
           _mm_cmpeq_epi8_mask(bytes, _mm_set1_epi8('\r'));
}

TARGET size_t sse_priv_copy_avx512(char *dst, const char *text, size_t len)
{
    SSE_PRIV_COPY_BODY(256, copy256, run, block64, block16, short16)
}

#else
typedef int sse_priv_no_copy_avx512;
#endif
