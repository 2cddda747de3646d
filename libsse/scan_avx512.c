/*
 * scan_avx512.c - 64 bytes at a time, and the places of the line ends without
 * a loop that is hard to predict.
 *
 * First the mask of each 64 bytes; then, 32 masks at a time, the first bit of
 * each run.  While lines are so long that none of the 32 has more than one, two
 * or four of them, the lowest bits of all are looked up at once, put into one
 * register in their order, and what is empty is pressed out.  Else each mask
 * has its bits listed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mask.h"

#if !defined(SSE_NO_SIMD) && defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

#define TARGET                                                                 \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512cd,avx512vbmi2,"   \
                          "bmi,bmi2,popcnt")))

#define INLINE static inline __attribute__((always_inline))

/* One comparison finds both: for either the table has itself, for any other
 * byte, looked up by its low half, something else. */
TARGET INLINE __mmask64 mask_of(__m512i bytes)
{
    const __m512i table = _mm512_broadcast_i32x4(_mm_setr_epi8(
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\n', 0, 0, '\r', 0, 0));
    return _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(table, bytes), bytes);
}

/* Bytes that are not there count as 0. */
TARGET INLINE __mmask64 mask_of_some(const char *text, uint64_t which)
{
    return mask_of(_mm512_maskz_loadu_epi8(which, text));
}

TARGET INLINE __m512i load64(const char *text)
{
    __m512i bytes = _mm512_loadu_si512(text);
    SSE_PRIV_LOADED(bytes);
    return bytes;
}

TARGET size_t sse_priv_scan_avx512(const char *text, size_t len)
{
    size_t at = 0;
    for (; len - at >= 64; at += 64) {
        const uint64_t mask = mask_of(load64(text + at));
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

/* Masks that nobody needs as numbers stay where they are: to fetch one takes
 * as long as to make two. */
TARGET size_t sse_priv_has_end_avx512(const char *text, size_t len)
{
    if (len < 64) {
        return mask_of_some(text, _bzhi_u64(~UINT64_C(0), (unsigned)len)) != 0;
    }
    __mmask64 any = mask_of(load64(text + len - 64));
    for (size_t at = 0; at + 64 < len; at += 64) {
        any = _kor_mask64(any, mask_of(load64(text + at)));
    }
    return !_kortestz_mask64_u8(any, any);
}

/* So many masks are taken at a time, and bytes. */
#define GROUP ((size_t)32)
#define GROUP_BYTES (64 * GROUP)

/* The masks of a group, or of as much of it as there is, and then empty ones;
 * `count` of them are there. */
TARGET INLINE void take_masks(const char *line, size_t len, size_t count,
                              __mmask64 *masks)
{
    const size_t whole = len < GROUP_BYTES ? len / 64 : GROUP;
    for (; count + 4 <= whole; count += 4) {
        masks[count] = mask_of(load64(line + 64 * count));
        masks[count + 1] = mask_of(load64(line + 64 * count + 64));
        masks[count + 2] = mask_of(load64(line + 64 * count + 128));
        masks[count + 3] = mask_of(load64(line + 64 * count + 192));
    }
    for (; count < whole; count++) {
        masks[count] = mask_of(load64(line + 64 * count));
    }
    if (whole == GROUP) {
        return;
    }
    if (64 * count < len) {
        masks[count] = mask_of_some(
            line + 64 * count, _bzhi_u64(~UINT64_C(0), (unsigned)len % 64));
        count++;
    }
    for (unsigned i = 0; i < GROUP; i += 8) {
        _mm512_storeu_si512(masks + count + i, _mm512_setzero_si512());
    }
}

/* Writes where the bits of a word are.  A run takes a byte and so does what
 * parts it from the next, so there are at most 32. */
TARGET INLINE uint16_t *put_word(uint16_t *out, uint64_t starts,
                                 __m256i base)
{
    static const uint8_t numbers[64] = {
        0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
        16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
        32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
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

/* Of 32 words the bits that are left, eight words in a part. */
typedef struct words {
    __m512i a, b, c, d;
} words;

TARGET INLINE __m512i less_one(__m512i part)
{
    return _mm512_add_epi64(part, _mm512_set1_epi64(-1));
}

TARGET INLINE words without_lowest(words w)
{
    w.a = _mm512_and_si512(w.a, less_one(w.a));
    w.b = _mm512_and_si512(w.b, less_one(w.b));
    w.c = _mm512_and_si512(w.c, less_one(w.c));
    w.d = _mm512_and_si512(w.d, less_one(w.d));
    return w;
}

TARGET INLINE int are_empty(words w)
{
    const __m512i any = _mm512_or_si512(_mm512_or_si512(w.a, w.b),
                                        _mm512_or_si512(w.c, w.d));
    return _mm512_test_epi64_mask(any, any) == 0;
}

/* How far the lowest bit of each word is from its highest place; 64 if it has
 * none. */
TARGET INLINE __m512i height(__m512i part)
{
    return _mm512_lzcnt_epi64(_mm512_andnot_si512(less_one(part), part));
}

/* The heights of four parts: of each word's 64 bits 16 are from one of them. */
TARGET INLINE __m512i heights(__m512i a, __m512i b, __m512i c, __m512i d)
{
    const __m512i lower =
        _mm512_or_si512(height(a), _mm512_slli_epi64(height(b), 16));
    const __m512i upper = _mm512_or_si512(_mm512_slli_epi64(height(c), 32),
                                          _mm512_slli_epi64(height(d), 48));
    return _mm512_or_si512(lower, upper);
}

/* The highest places of 32 words, each once; halved once or twice, of 16 words
 * twice or of eight words four times. */
TARGET INLINE __m512i highest(size_t at, int halved)
{
    const __m512i numbers = _mm512_set_epi16(
        31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14,
        13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i which = _mm512_srl_epi16(numbers, _mm_cvtsi32_si128(halved));
    return _mm512_add_epi16(_mm512_slli_epi16(which, 6),
                            _mm512_set1_epi16((short)(at + 63)));
}

/* Writes the places that are so far below the highest ones, and presses out
 * what is empty. */
TARGET INLINE uint16_t *put(uint16_t *out, __m512i below, __m512i from)
{
    const __mmask32 some =
        _mm512_cmpneq_epi16_mask(below, _mm512_set1_epi16(64));
    _mm512_storeu_si512(
        out, _mm512_maskz_compress_epi16(some, _mm512_sub_epi16(from, below)));
    return out + _mm_popcnt_u32(some);
}

/* Of words with one bit at most, so that the highest is the lowest. */
TARGET INLINE __m512i single_heights(words w)
{
    const __m512i lower = _mm512_or_si512(
        _mm512_lzcnt_epi64(w.a),
        _mm512_slli_epi64(_mm512_lzcnt_epi64(w.b), 16));
    const __m512i upper = _mm512_or_si512(
        _mm512_slli_epi64(_mm512_lzcnt_epi64(w.c), 32),
        _mm512_slli_epi64(_mm512_lzcnt_epi64(w.d), 48));
    return _mm512_or_si512(lower, upper);
}

/* One bit a word. */
TARGET INLINE uint16_t *put_ones(uint16_t *out, words w, size_t at)
{
    const __m512i order = _mm512_set_epi16(
        31, 27, 23, 19, 15, 11, 7, 3, 30, 26, 22, 18, 14, 10, 6, 2, 29, 25, 21,
        17, 13, 9, 5, 1, 28, 24, 20, 16, 12, 8, 4, 0);
    return put(out,
               _mm512_permutexvar_epi16(order, single_heights(w)),
               highest(at, 0));
}

/* Two. */
TARGET INLINE uint16_t *put_twos(uint16_t *out, words first, words second,
                                 size_t at)
{
    const __m512i order =
        _mm512_set_epi32(15, 13, 11, 9, 7, 5, 3, 1, 14, 12, 10, 8, 6, 4, 2, 0);
    const __m512i from = highest(at, 1);
    const __m512i half = _mm512_set1_epi16(1024);
    out = put(out,
              _mm512_permutexvar_epi32(
                  order, heights(first.a, second.a, first.b, second.b)),
              from);
    return put(out,
               _mm512_permutexvar_epi32(
                   order, heights(first.c, second.c, first.d, second.d)),
               _mm512_add_epi16(from, half));
}

/* Up to four. */
TARGET INLINE uint16_t *put_fours(uint16_t *out, words first, words second,
                                  words third, words fourth, size_t at)
{
    const __m512i quarter = _mm512_set1_epi16(512);
    __m512i from = highest(at, 2);
    out = put(out, heights(first.a, second.a, third.a, fourth.a), from);
    from = _mm512_add_epi16(from, quarter);
    out = put(out, heights(first.b, second.b, third.b, fourth.b), from);
    from = _mm512_add_epi16(from, quarter);
    out = put(out, heights(first.c, second.c, third.c, fourth.c), from);
    from = _mm512_add_epi16(from, quarter);
    return put(out, heights(first.d, second.d, third.d, fourth.d), from);
}

/* Any number. */
TARGET INLINE uint16_t *put_many(uint16_t *out, words w, size_t at)
{
    uint64_t word[32];
    _mm512_storeu_si512(word, w.a);
    _mm512_storeu_si512(word + 8, w.b);
    _mm512_storeu_si512(word + 16, w.c);
    _mm512_storeu_si512(word + 24, w.d);
    const __m256i step = _mm256_set1_epi16(64);
    __m256i base = _mm256_set1_epi16((short)at);
    for (unsigned i = 0; i < 32; i++) {
        out = put_word(out, word[i], base);
        base = _mm256_add_epi16(base, step);
    }
    return out;
}

/* Writes where the bits of 32 words are. */
TARGET INLINE uint16_t *put_words(uint16_t *out, words w, size_t at)
{
    const words second = without_lowest(w);
    if (are_empty(second)) {
        return put_ones(out, w, at);
    }
    const words third = without_lowest(second);
    if (are_empty(third)) {
        return put_twos(out, w, second, at);
    }
    const words fourth = without_lowest(third);
    if (are_empty(without_lowest(fourth))) {
        return put_fours(out, w, second, third, fourth, at);
    }
    return put_many(out, w, at);
}

/* The first bit of each run of them: those without a neighbour below, which
 * may be in the word before. */
TARGET INLINE __m512i run_starts(__m512i part, __m512i before)
{
    const __m512i below = _mm512_alignr_epi64(part, before, 7);
    return _mm512_andnot_si512(_mm512_shldi_epi64(part, below, 1), part);
}

/* The masks of the next group are taken before those of this one are looked at,
 * which takes a while to begin: it has to wait until they are in memory. */
TARGET size_t sse_priv_index_avx512(const char *text, size_t *len,
                                    uint16_t *ends)
{
    const uint16_t *const full = ends + SSE_PRIV_ENDS_CAP - SSE_PRIV_ENDS_STEP;
    __mmask64 groups[2][2 * GROUP] __attribute__((aligned(64)));
    const size_t skip = (uintptr_t)text % 64;
    const char *const line = (const char *)((uintptr_t)text - skip);
    const size_t end = skip + *len;
    __m512i before = _mm512_setzero_si512();
    uint16_t *out = ends;
    /* Of the first cache line what is in front of the text does not count. */
    size_t count = 0;
    if (skip > 0) {
        const unsigned some = end < 64 ? (unsigned)end : 64;
        groups[0][count++] =
            mask_of_some(line, _bzhi_u64(~UINT64_C(0) << skip, some));
    }
    take_masks(line, end, count, groups[0]);
    for (size_t at = 0; at < end; at += GROUP_BYTES) {
        const size_t next = at + GROUP_BYTES;
        const __mmask64 *const masks = groups[at / GROUP_BYTES % 2];
        if (!SSE_PRIV_USUAL(out <= full)) {
            *len = at - skip;
            break;
        }
        if (next < end) {
            take_masks(line + next, end - next, 0,
                       groups[next / GROUP_BYTES % 2]);
        }
        const __m512i a = _mm512_load_si512(masks);
        const __m512i b = _mm512_load_si512(masks + 8);
        const __m512i c = _mm512_load_si512(masks + 16);
        const __m512i d = _mm512_load_si512(masks + 24);
        const words starts = {run_starts(a, before), run_starts(b, a),
                              run_starts(c, b), run_starts(d, c)};
        out = put_words(out, starts, at - skip);
        before = d;
    }
    return (size_t)(out - ends);
}

TARGET size_t sse_priv_take_avx512(char *to, const char *text, size_t len)
{
    size_t at = 0;
    for (; len - at >= 64; at += 64) {
        char *const here = to + at;
        const __m512i bytes = load64(text + at);
        const uint64_t mask = mask_of(bytes);
        _mm512_storeu_si512(here, bytes);
        if (mask != 0) {
            return at + (size_t)_tzcnt_u64(mask);
        }
    }
    if (at < len) {
        const uint64_t rest = ~UINT64_C(0) >> (64 - (len - at));
        char *const here = to + at;
        const __m512i bytes = _mm512_maskz_loadu_epi8(rest, text + at);
        const uint64_t mask = mask_of(bytes);
        _mm512_mask_storeu_epi8(here, rest, bytes);
        if (mask != 0) {
            return at + (size_t)_tzcnt_u64(mask);
        }
    }
    return len;
}

#else
typedef int sse_priv_no_avx512;
#endif
