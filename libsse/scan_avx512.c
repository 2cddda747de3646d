/*
 * scan_avx512.c - 64 bytes at a time, and the places of the line ends without
 * a loop that is hard to predict.
 *
 * First the mask of each 64 bytes; then, eight masks in a register, the first
 * bit of each run.  Each mask has a lane of four places: while lines are so
 * long that none has more, lanes are filled bit by bit in all masks at once,
 * and what is empty is pressed out.  Else each mask has its bits listed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#if !defined(SSE_NO_SIMD) && defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define TARGET                                                                 \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512cd,avx512vbmi2,"   \
                          "bmi,bmi2,popcnt")))

/* One comparison finds both: for either the table has itself, for any other
 * byte, looked up by its low half, something else. */
TARGET static inline __mmask64 mask_of(__m512i bytes)
{
    const __m512i table = _mm512_broadcast_i32x4(_mm_setr_epi8(
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\n', 0, 0, '\r', 0, 0));
    return _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(table, bytes), bytes);
}

/* Bytes that are not there count as 0. */
TARGET static inline __mmask64 mask_of_some(const char *text, uint64_t which)
{
    return mask_of(_mm512_maskz_loadu_epi8(which, text));
}

TARGET size_t sse_priv_scan_avx512(const char *text, size_t len)
{
    size_t at = 0;
    for (; len - at >= 64; at += 64) {
        const uint64_t mask = mask_of(_mm512_loadu_si512(text + at));
        if (mask != 0) {
            return at + (size_t)_tzcnt_u64(mask);
        }
    }
    if (at == len) {
        return len;
    }
    const uint64_t mask =
        mask_of_some(text + at, ~UINT64_C(0) >> (64 - (len - at)));
    return mask != 0 ? at + (size_t)_tzcnt_u64(mask) : len;
}

/* The masks of a window, filled up by eight empty ones.  They begin where a
 * cache line does, `skip` bytes before the text.  How many. */
TARGET static inline size_t take_masks(const char *text, size_t len,
                                       size_t skip, __mmask64 *words)
{
    const char *const line = (const char *)((uintptr_t)text - skip);
    const size_t end = skip + len;
    const uint64_t first = ~UINT64_C(0) << skip;
    words[0] = mask_of_some(
        line, end < 64 ? first & ~(~UINT64_C(0) << end) : first);
    size_t count = 1;
    size_t at = 64;
    for (; at + 256 <= end; at += 256, count += 4) {
        words[count] = mask_of(_mm512_load_si512(line + at));
        words[count + 1] = mask_of(_mm512_load_si512(line + at + 64));
        words[count + 2] = mask_of(_mm512_load_si512(line + at + 128));
        words[count + 3] = mask_of(_mm512_load_si512(line + at + 192));
    }
    for (; at < end; at += 64, count++) {
        const size_t left = end - at < 64 ? end - at : 64;
        words[count] = mask_of_some(line + at, ~UINT64_C(0) >> (64 - left));
    }
    _mm512_storeu_si512(words + count, _mm512_setzero_si512());
    return count;
}

/* Writes where the bits of a word are.  A run takes a byte and so does what
 * parts it from the next, so there are at most 32. */
TARGET static inline uint16_t *put_word(uint16_t *out, uint64_t starts,
                                        uint64_t at)
{
    static const uint8_t numbers[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m256i base = _mm256_set1_epi16((short)at);
    const __m256i places = _mm512_castsi512_si256(
        _mm512_maskz_compress_epi8(starts, _mm512_loadu_si512(numbers)));
    const unsigned count = (unsigned)_mm_popcnt_u64(starts);
    _mm256_storeu_si256(
        (__m256i *)(void *)out,
        _mm256_add_epi16(base, _mm256_cvtepu8_epi16(
                                   _mm256_castsi256_si128(places))));
    if (count > 16) {
        _mm256_storeu_si256(
            (__m256i *)(void *)(out + 16),
            _mm256_add_epi16(base, _mm256_cvtepu8_epi16(
                                       _mm256_extracti128_si256(places, 1))));
    }
    return out + count;
}

/* The lowest bit of each word. */
TARGET static inline __m512i lowest(__m512i words)
{
    return _mm512_andnot_si512(
        _mm512_sub_epi64(words, _mm512_set1_epi64(1)), words);
}

/* Puts the place of the lowest bit of each word that has one into the lanes of
 * four places, at `shift`, where all bits are set.  `room` is what is missing
 * from the end of each word to the highest number there. */
TARGET static inline __m512i add_places(__m512i lanes, __m512i words,
                                        __m512i room, unsigned shift)
{
    const __m512i missing =
        _mm512_add_epi64(room, _mm512_lzcnt_epi64(lowest(words)));
    return _mm512_mask_xor_epi64(lanes, _mm512_test_epi64_mask(words, words),
                                 lanes, _mm512_slli_epi64(missing, shift));
}

/* Presses out what is empty of the lower 16 bits of eight lanes. */
TARGET static inline uint16_t *put_singles(uint16_t *out, __m512i lanes,
                                           __mmask8 some)
{
    _mm_storeu_si128(
        (__m128i *)(void *)out,
        _mm512_cvtepi64_epi16(_mm512_maskz_compress_epi64(some, lanes)));
    return out + _mm_popcnt_u32(some);
}

/* Of the lower 32. */
TARGET static inline uint16_t *put_pairs(uint16_t *out, __m512i lanes)
{
    const __m256i pairs = _mm512_cvtepi64_epi32(lanes);
    const __mmask16 some =
        _mm256_cmpneq_epi16_mask(pairs, _mm256_set1_epi16(-1));
    _mm256_storeu_si256((__m256i *)(void *)out,
                        _mm256_maskz_compress_epi16(some, pairs));
    return out + _mm_popcnt_u32(some);
}

/* Of all. */
TARGET static inline uint16_t *put_fours(uint16_t *out, __m512i lanes)
{
    const __mmask32 some =
        _mm512_cmpneq_epi16_mask(lanes, _mm512_set1_epi16(-1));
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi16(some, lanes));
    return out + _mm_popcnt_u32(some);
}

TARGET static inline __m512i without_lowest(__m512i words)
{
    return _mm512_and_si512(
        words, _mm512_sub_epi64(words, _mm512_set1_epi64(1)));
}

/* Writes where the bits of eight words are. */
TARGET static inline uint16_t *put_words(uint16_t *out, __m512i starts,
                                         __m512i room, uint64_t at)
{
    const __m512i none = _mm512_set1_epi64(-1);
    const __m512i second = without_lowest(starts);
    __m512i lanes = add_places(none, starts, room, 0);
    if (_mm512_test_epi64_mask(second, second) == 0) {
        return put_singles(out, lanes,
                           _mm512_test_epi64_mask(starts, starts));
    }
    const __m512i third = without_lowest(second);
    lanes = add_places(lanes, second, room, 16);
    if (_mm512_test_epi64_mask(third, third) == 0) {
        return put_pairs(out, lanes);
    }
    const __m512i fourth = without_lowest(third);
    const __m512i fifth = without_lowest(fourth);
    if (_mm512_test_epi64_mask(fifth, fifth) == 0) {
        lanes = add_places(lanes, third, room, 32);
        lanes = add_places(lanes, fourth, room, 48);
        return put_fours(out, lanes);
    }
    uint64_t word[8];
    _mm512_storeu_si512(word, starts);
    for (unsigned i = 0; i < 8; i++, at += 64) {
        out = put_word(out, word[i], at);
    }
    return out;
}

TARGET size_t sse_priv_index_avx512(const char *text, size_t len,
                                    uint16_t *ends)
{
    __mmask64 words[SSE_PRIV_WINDOW / 64 + 1 + 8];
    const size_t skip = (uintptr_t)text % 64;
    const size_t count = take_masks(text, len, skip, words);
    __m512i before = _mm512_setzero_si512();
    __m512i room = _mm512_sub_epi64(
        _mm512_set1_epi64(UINT16_MAX + (long long)skip),
        _mm512_setr_epi64(63, 127, 191, 255, 319, 383, 447, 511));
    uint16_t *out = ends;
    for (size_t i = 0; i < count; i += 8) {
        const __m512i masks = _mm512_loadu_si512(words + i);
        /* Each word's neighbour below, for the bit that goes over. */
        const __m512i below = _mm512_alignr_epi64(masks, before, 7);
        const __m512i follows = _mm512_shldi_epi64(masks, below, 1);
        out = put_words(out, _mm512_andnot_si512(follows, masks), room,
                        i * 64 - skip);
        before = masks;
        room = _mm512_sub_epi64(room, _mm512_set1_epi64(512));
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
