/*
 * loads.c - reading memory with the widest loads there are.
 *
 * SPDX-License-Identifier: MIT
 */
#include "limits.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)

#include <immintrin.h>

/* Loaded once, not anew for each use. */
#define LOADED(vector) __asm__("" : "+x"(vector))

#define WIDE __attribute__((target("avx512f,avx512bw")))
#define MIDDLE __attribute__((target("avx2")))

WIDE static size_t read_avx512(const char *text, size_t len)
{
    __m512i a = _mm512_setzero_si512();
    __m512i b = a;
    for (size_t at = 0; len - at >= 256; at += 256) {
        a = _mm512_or_si512(a, _mm512_loadu_si512(text + at));
        b = _mm512_or_si512(b, _mm512_loadu_si512(text + at + 64));
        a = _mm512_or_si512(a, _mm512_loadu_si512(text + at + 128));
        b = _mm512_or_si512(b, _mm512_loadu_si512(text + at + 192));
    }
    return (size_t)_mm512_reduce_or_epi64(_mm512_or_si512(a, b));
}

/* One comparison is enough: for CR and LF the table has themselves, for every
 * other byte something else. */
WIDE static __mmask64 mask_avx512(const char *text)
{
    const __m512i table = _mm512_broadcast_i32x4(_mm_setr_epi8(
        1, 0, 0, 0, 0, 0, 0, 0, 0, 0, '\n', 0, 0, '\r', 0, 0));
    __m512i bytes = _mm512_loadu_si512(text);
    LOADED(bytes);
    return _mm512_cmpeq_epi8_mask(_mm512_shuffle_epi8(table, bytes), bytes);
}

WIDE static size_t masks_avx512(const char *text, size_t len)
{
    __mmask64 masks[64];
    memset(masks, 0, sizeof masks);
    for (size_t at = 0; len - at >= 256; at += 256) {
        __mmask64 *const to = masks + at / 64 % 64;
        to[0] = mask_avx512(text + at);
        to[1] = mask_avx512(text + at + 64);
        to[2] = mask_avx512(text + at + 128);
        to[3] = mask_avx512(text + at + 192);
        /* All of them are wanted. */
        __asm__ volatile("" : : "r"(to) : "memory");
    }
    return (size_t)masks[0];
}

MIDDLE static __m256i load_avx2(const char *text)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)text);
}

MIDDLE static size_t read_avx2(const char *text, size_t len)
{
    __m256i sum = _mm256_setzero_si256();
    for (size_t at = 0; len - at >= 256; at += 256) {
        for (size_t i = 0; i < 256; i += 32) {
            sum = _mm256_or_si256(sum, load_avx2(text + at + i));
        }
    }
    return (size_t)_mm256_movemask_epi8(sum);
}

MIDDLE static size_t masks_avx2(const char *text, size_t len)
{
    const __m256i lf = _mm256_set1_epi8('\n');
    const __m256i cr = _mm256_set1_epi8('\r');
    unsigned sum = 0;
    for (size_t at = 0; len - at >= 32; at += 32) {
        __m256i bytes = load_avx2(text + at);
        LOADED(bytes);
        sum |= (unsigned)_mm256_movemask_epi8(
            _mm256_or_si256(_mm256_cmpeq_epi8(bytes, lf),
                            _mm256_cmpeq_epi8(bytes, cr)));
    }
    return sum;
}

unsigned limit_width(void)
{
    return __builtin_cpu_supports("avx512bw") ? 64
           : __builtin_cpu_supports("avx2")   ? 32
                                              : 8;
}

#define CHOOSE(name, text, len)                                                \
    if (limit_width() == 64) {                                                 \
        return name##_avx512(text, len);                                       \
    }                                                                          \
    if (limit_width() == 32) {                                                 \
        return name##_avx2(text, len);                                         \
    }

#else
#define CHOOSE(name, text, len)

unsigned limit_width(void)
{
    return 8;
}

#endif

static uint64_t load(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
    return word;
}

size_t limit_read(const char *text, size_t len)
{
    CHOOSE(read, text, len)
    uint64_t sum = 0;
    for (size_t at = 0; len - at >= 8; at += 8) {
        sum |= load(text + at);
    }
    return (size_t)sum;
}

size_t limit_masks(const char *text, size_t len)
{
    CHOOSE(masks, text, len)
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t sum = 0;
    for (size_t at = 0; len - at >= 8; at += 8) {
        const uint64_t lf = load(text + at) ^ ones * '\n';
        const uint64_t cr = load(text + at) ^ ones * '\r';
        sum |= ((lf - ones) & ~lf) | ((cr - ones) & ~cr);
    }
    return (size_t)(sum >> 7 & ones);
}
