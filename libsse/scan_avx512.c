/*
 * scan_avx512.c - 64 bytes at a time, and the places of the line ends without
 * a loop that is hard to predict.
 *
 * First the raw mask of each 64 bytes; then, eight masks in a register, the
 * first bit of each run.  Words without one are pressed out.  If each of the
 * others has one, as where events are long, its place is counted in all of
 * them at once; else one compression a word lists its bits.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#if !defined(SSE_NO_SIMD) && defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define TARGET                                                                 \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512cd,avx512vbmi2,"   \
                          "bmi,bmi2,popcnt")))

#define WORDS (SSE_PRIV_WINDOW / 64)

TARGET static inline uint64_t mask_of(__m512i bytes)
{
    return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')) |
           _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r'));
}

/* The masks of a window, filled up to a multiple of eight.  How many. */
TARGET static inline size_t take_masks(const char *text, size_t len,
                                       uint64_t *words)
{
    size_t count = 0;
    size_t at = 0;
    for (; len - at >= 256; at += 256, count += 4) {
        words[count] = mask_of(_mm512_loadu_si512(text + at));
        words[count + 1] = mask_of(_mm512_loadu_si512(text + at + 64));
        words[count + 2] = mask_of(_mm512_loadu_si512(text + at + 128));
        words[count + 3] = mask_of(_mm512_loadu_si512(text + at + 192));
    }
    for (; at < len; at += 64) {
        const size_t left = len - at < 64 ? len - at : 64;
        words[count++] = mask_of(_mm512_maskz_loadu_epi8(
            ~UINT64_C(0) >> (64 - left), text + at));
    }
    while (count % 8 != 0) {
        words[count++] = 0;
    }
    return count;
}

/* Writes where the bits of a word are.  A run takes a byte and so does what
 * parts it from the next, so there are at most 32; as many are stored in any
 * case, and the index has room for them. */
TARGET static inline uint16_t *put_word(uint16_t *out, uint64_t starts,
                                        uint64_t at)
{
    static const uint8_t numbers[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i places =
        _mm512_maskz_compress_epi8(starts, _mm512_loadu_si512(numbers));
    const __m512i wide = _mm512_add_epi16(
        _mm512_cvtepu8_epi16(_mm512_castsi512_si256(places)),
        _mm512_set1_epi16((short)at));
    _mm512_storeu_si512(out, wide);
    return out + _mm_popcnt_u64(starts);
}

/* Writes where the bits of up to eight words are, each of which has some.
 * `bases` is where the words stand. */
TARGET static inline uint16_t *put_words(uint16_t *out, __m512i words,
                                         __m512i bases, unsigned count)
{
    const __m512i one = _mm512_set1_epi64(1);
    const __m512i rest =
        _mm512_and_si512(words, _mm512_sub_epi64(words, one));
    if (_mm512_test_epi64_mask(rest, rest) == 0) {
        const __m512i place = _mm512_sub_epi64(
            _mm512_set1_epi64(63), _mm512_lzcnt_epi64(words));
        _mm_storeu_si128(
            (__m128i *)(void *)out,
            _mm512_cvtepi64_epi16(_mm512_add_epi64(bases, place)));
        return out + count;
    }
    uint64_t word[8];
    uint64_t base[8];
    _mm512_storeu_si512(word, words);
    _mm512_storeu_si512(base, bases);
    for (unsigned i = 0; i < count; i++) {
        out = put_word(out, word[i], base[i]);
    }
    return out;
}

TARGET size_t sse_priv_index_avx512(const char *text, size_t len,
                                    uint16_t *ends)
{
    uint64_t words[WORDS + 8];
    const size_t count = take_masks(text, len, words);
    __m512i before = _mm512_setzero_si512();
    __m512i bases = _mm512_setr_epi64(0, 64, 128, 192, 256, 320, 384, 448);
    uint16_t *out = ends;
    for (size_t i = 0; i < count; i += 8) {
        const __m512i masks = _mm512_loadu_si512(words + i);
        /* Each word's neighbour below, for the bit that goes over. */
        const __m512i below = _mm512_alignr_epi64(masks, before, 7);
        const __m512i follows = _mm512_or_si512(
            _mm512_slli_epi64(masks, 1), _mm512_srli_epi64(below, 63));
        const __m512i starts = _mm512_andnot_si512(follows, masks);
        const __mmask8 some = _mm512_test_epi64_mask(starts, starts);
        out = put_words(out, _mm512_maskz_compress_epi64(some, starts),
                        _mm512_maskz_compress_epi64(some, bases),
                        (unsigned)_mm_popcnt_u32(some));
        before = masks;
        bases = _mm512_add_epi64(bases, _mm512_set1_epi64(512));
    }
    return (size_t)(out - ends);
}

TARGET size_t sse_priv_take_avx512(char *to, const char *text, size_t len)
{
    size_t at = 0;
    for (; len - at >= 64; at += 64) {
        const __m512i bytes = _mm512_loadu_si512(text + at);
        const uint64_t mask = mask_of(bytes);
        _mm512_storeu_si512(to + at, bytes);
        if (mask != 0) {
            return at + (size_t)_tzcnt_u64(mask);
        }
    }
    if (at < len) {
        const uint64_t rest = ~UINT64_C(0) >> (64 - (len - at));
        const __m512i bytes = _mm512_maskz_loadu_epi8(rest, text + at);
        const uint64_t mask = mask_of(bytes);
        _mm512_mask_storeu_epi8(to + at, rest, bytes);
        if (mask != 0) {
            return at + (size_t)_tzcnt_u64(mask);
        }
    }
    return len;
}

#else
typedef int sse_priv_no_avx512;
#endif
