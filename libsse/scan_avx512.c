/*
 * scan_avx512.c - 64 bytes at a time, and the places of a word's bits by one
 * compression instead of a loop that is hard to predict.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#if !defined(SSE_NO_SIMD) && defined(__x86_64__) && defined(__GNUC__)

#include "mask.h"

#include <immintrin.h>

#define TARGET                                                                 \
    __attribute__((target(                                                     \
        "avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,popcnt")))

TARGET static inline uint64_t mask_of(__m512i bytes)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')) |
           _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r'));
}

/* Writes where the bits are.  Up to 32 entries are stored in any case; the
 * index has room for them. */
TARGET static inline uint16_t *put_bits(uint16_t *out, uint64_t starts,
                                        size_t at)
{
    static const int8_t numbers[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i places =
        _mm512_maskz_compress_epi8(starts, _mm512_loadu_si512(numbers));
    const __m512i wide = _mm512_add_epi16(
        _mm512_cvtepu8_epi16(_mm512_castsi512_si256(places)),
        _mm512_set1_epi16((short)at));
    /* A run takes a byte and so does what parts it from the next: a word has
     * at most 32. */
    _mm512_storeu_si512(out, wide);
    return out + _mm_popcnt_u64(starts);
}

TARGET size_t sse_priv_index_avx512(const char *text, size_t len,
                                    uint16_t *ends)
{
    uint64_t words[SSE_PRIV_WINDOW / 64];
    uint16_t places[SSE_PRIV_WINDOW / 64];
    uint64_t carry = 0;
    size_t count = 0;
    for (size_t at = 0; at < len; at += 64) {
        const size_t left = len - at;
        const __m512i bytes =
            left >= 64 ? _mm512_loadu_si512(text + at)
                       : _mm512_maskz_loadu_epi8(
                             ~UINT64_C(0) >> (64 - left), text + at);
        const uint64_t starts = sse_priv_run_starts(mask_of(bytes), &carry);
        words[count] = starts;
        places[count] = (uint16_t)at;
        count += starts != 0;
    }
    uint16_t *out = ends;
    for (size_t i = 0; i < count; i++) {
        out = put_bits(out, words[i], places[i]);
    }
    return (size_t)(out - ends);
}

#else
typedef int sse_priv_no_avx512;
#endif
