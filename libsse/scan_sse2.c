/*
 * scan_sse2.c - what every x86-64 processor has: 16 bytes at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#if !defined(SSE_NO_SIMD) && defined(__SSE2__)

#include "mask.h"

#include <emmintrin.h>

static inline uint64_t mask16(const char *text)
{
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
    const __m128i lf = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'));
    const __m128i cr = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r'));
    return (uint16_t)_mm_movemask_epi8(_mm_or_si128(lf, cr));
}

static inline uint64_t mask64(const char *text)
{
    return mask16(text) | mask16(text + 16) << 16 | mask16(text + 32) << 32 |
           mask16(text + 48) << 48;
}

size_t sse_priv_index_sse2(const char *text, size_t len, uint16_t *ends)
{
    SSE_PRIV_INDEX_BODY(mask64)
}

#else
typedef int sse_priv_no_sse2;
#endif
