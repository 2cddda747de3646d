/*
 * scan_copy_sse2.c - what every x86-64 processor has: 16 bytes at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan_copy.h"

#if !defined(SSE_NO_SIMD) && defined(__SSE2__)

#include "scan_copy_body.h"

#include <emmintrin.h>

static inline __m128i load16(const char *text)
{
    return _mm_loadu_si128((const __m128i *)(const void *)text);
}

static inline __m128i ends_of(__m128i bytes)
{
    return _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')),
                        _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
}

/* A bit a byte of what ends_of() says of four times 16.  There are mostly
 * none. */
static inline uint64_t bits(__m128i a, __m128i b, __m128i c, __m128i d)
{
    if (_mm_movemask_epi8(
            _mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d))) == 0) {
        return 0;
    }
    return (uint64_t)(unsigned)_mm_movemask_epi8(a) |
           (uint64_t)(unsigned)_mm_movemask_epi8(b) << 16 |
           (uint64_t)(unsigned)_mm_movemask_epi8(c) << 32 |
           (uint64_t)(unsigned)_mm_movemask_epi8(d) << 48;
}

static inline uint64_t ends64(const char *text)
{
    return bits(ends_of(load16(text)), ends_of(load16(text + 16)),
                ends_of(load16(text + 32)), ends_of(load16(text + 48)));
}

static inline __m128i copy16(char *to, const char *text)
{
    const __m128i bytes = load16(text);
    _mm_storeu_si128((__m128i *)(void *)to, bytes);
    return ends_of(bytes);
}

static inline uint64_t block64(char *to, const char *text)
{
    const __m128i a = copy16(to, text);
    const __m128i b = copy16(to + 16, text + 16);
    const __m128i c = copy16(to + 32, text + 32);
    const __m128i d = copy16(to + 48, text + 48);
    return bits(a, b, c, d);
}

static inline uint64_t block16(char *to, const char *text)
{
    SSE_PRIV_COPY_BLOCK16_SSE2
}

static inline uint64_t short16(char *to, const char *text, size_t len)
{
    SSE_PRIV_COPY_SHORT16_SSE2
}

static inline void store16(char *to, __m128i bytes)
{
    _mm_storeu_si128((__m128i *)(void *)to, bytes);
}

static inline int copy64(char *to, const char *text)
{
    const __m128i a = load16(text);
    const __m128i b = load16(text + 16);
    const __m128i c = load16(text + 32);
    const __m128i d = load16(text + 48);
    store16(to, a);
    store16(to + 16, b);
    store16(to + 32, c);
    store16(to + 48, d);
    return _mm_movemask_epi8(
        _mm_or_si128(_mm_or_si128(ends_of(a), ends_of(b)),
                     _mm_or_si128(ends_of(c), ends_of(d))));
}

static inline size_t run(char *to, const char *text, size_t len)
{
    SSE_PRIV_COPY_RUN_BODY(16, copy64)
}

size_t sse_priv_copy_sse2(char *dst, const char *text, size_t len)
{
    SSE_PRIV_COPY_BODY(64, copy64, run, block64, block16, short16)
}

uint64_t sse_priv_copy_mask(const char *text, size_t len)
{
    SSE_PRIV_COPY_MASK_BODY(ends64)
}

size_t sse_priv_copy_size(const char *text, size_t len)
{
    /* unreachable with 64 bits: that the sum does not fit size_t */
    SSE_PRIV_COPY_SIZE_BODY(ends64)
}

/* Bytes that are CR, LF or NUL. */
static inline int marks(__m128i bytes)
{
    const __m128i nul = _mm_cmpeq_epi8(bytes, _mm_setzero_si128());
    return (int)SSE_PRIV_COPY_ENDS_SSE2(bytes) |
           _mm_movemask_epi8(nul);
}

int sse_priv_copy_is_value(const char *text, size_t len)
{
    if (len >= 16) {
        int found = marks(load16(text + len - 16));
        for (size_t at = 0; len - at > 16; at += 16) {
            found |= marks(load16(text + at));
        }
        return found == 0;
    }
    if (len >= 8) {
        const __m128i low =
            _mm_loadl_epi64((const __m128i *)(const void *)text);
        const __m128i high = _mm_loadl_epi64(
            (const __m128i *)(const void *)(text + len - 8));
        return marks(_mm_unpacklo_epi64(low, high)) == 0;
    }
    if (len >= 4) {
        uint32_t low;
        uint32_t high;
        memcpy(&low, text, 4);
        memcpy(&high, text + len - 4, 4);
        const __m128i both = _mm_unpacklo_epi32(
            _mm_cvtsi32_si128((int)low), _mm_cvtsi32_si128((int)high));
        return marks(_mm_unpacklo_epi64(both, both)) == 0;
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n' || text[i] == '\r' || text[i] == '\0') {
            return 0;
        }
    }
    return 1;
}

#else
typedef int sse_priv_no_copy_sse2;
#endif
