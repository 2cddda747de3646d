/*
 * mask.h - from one bit a byte to the index: what the variants share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_MASK_H
#define SSE_PRIV_MASK_H

#include "scan.h"

#include <string.h>

/* In the amalgamation all of them stand in one file, where clang would tell of
 * those that a build without vector code leaves unused. */
#if defined(__GNUC__)
#define SSE_PRIV_INLINE \
    static inline __attribute__((always_inline, unused))
#define SSE_PRIV_USUAL(what) __builtin_expect((what) != 0, 1)
/** Keeps a number apart from its neighbours: compilers that store them as one
 *  vector would gather it first. */
#define SSE_PRIV_SCALAR(number) __asm__("" : "+r"(number))
#define SSE_PRIV_CTZ(mask) ((unsigned)__builtin_ctzll(mask))
/** Loads a vector of x86 once: compilers would rather load it anew for each
 *  use, and a 64-byte load takes a cycle, as a comparison does. */
#define SSE_PRIV_LOADED(vector) __asm__("" : "+x"(vector))
#else
#define SSE_PRIV_USUAL(what) (what)
#define SSE_PRIV_SCALAR(number) ((void)(number))
#define SSE_PRIV_INLINE static inline
/* The index of the lowest bit, which there is. */
static inline unsigned sse_priv_ctz(uint64_t mask)
{
    unsigned at = 0;
    while ((mask & 1) == 0) {
        mask >>= 1;
        at++;
    }
    return at;
}
#define SSE_PRIV_CTZ(mask) sse_priv_ctz(mask)
#endif

/* A function that would cost others registers if it were part of them; where
 * size counts the compiler decides. */
#if defined(__GNUC__) && !defined(SSE_NO_SIMD)
#define SSE_PRIV_APART static __attribute__((noinline))
#else
#define SSE_PRIV_APART static
#endif

/* A function that begins where a cache line does, so that its loops do not take
 * a tenth longer for where the linker happened to put them. */
#if defined(__GNUC__)
#define SSE_PRIV_AT_LINE __attribute__((aligned(64)))
#else
#define SSE_PRIV_AT_LINE
#endif

/* The first bit of each run of them.  `carry` is the last bit of the word
 * before, and is set to the last one of this. */
SSE_PRIV_INLINE uint64_t sse_priv_run_starts(uint64_t mask, uint64_t *carry)
{
    const uint64_t starts = mask & ~(mask << 1 | *carry);
    *carry = mask >> 63;
    return starts;
}

/* Writes where the bits are. */
SSE_PRIV_INLINE uint16_t *sse_priv_put_bits(uint16_t *out, uint64_t starts,
                                            size_t at)
{
    while (starts != 0) {
        *out++ = (uint16_t)(at + SSE_PRIV_CTZ(starts));
        starts &= starts - 1;
    }
    return out;
}

/* The whole of a variant that can say of 64 bytes which are CR or LF.  A macro,
 * because the function it is part of, and `mask64` with it, may be compiled
 * for another processor than this file's other code.
 *
 * The rest of a window, below 64 bytes, is read together with what stands
 * before it; there is something before it but in the shortest windows, which
 * are copied. */
#define SSE_PRIV_INDEX_BODY(mask64)                                            \
    const uint16_t *const full =                                               \
        ends + SSE_PRIV_ENDS_CAP - SSE_PRIV_ENDS_STEP;                         \
    const size_t len = *size;                                                  \
    const size_t whole = len - len % 64;                                       \
    uint16_t *out = ends;                                                      \
    uint64_t carry = 0;                                                        \
    size_t at = 0;                                                             \
    for (; at < whole; at += 64) {                                             \
        const uint64_t mask = mask64(text + at);                               \
        if (SSE_PRIV_USUAL(mask == 0)) {                                       \
            carry = 0;                                                         \
            continue;                                                          \
        }                                                                      \
        out = sse_priv_put_bits(out, sse_priv_run_starts(mask, &carry), at);   \
        if (out > full) {                                                      \
            *size = at + 64;                                                   \
            return (size_t)(out - ends);                                       \
        }                                                                      \
    }                                                                          \
    if (at < len) {                                                            \
        uint64_t mask;                                                         \
        if (len >= 64) {                                                       \
            mask = mask64(text + len - 64) >> (64 - (len - at));               \
        } else {                                                               \
            char rest[64];                                                     \
            memset(rest, 0, sizeof rest);                                      \
            memcpy(rest, text, len);                                           \
            mask = mask64(rest);                                               \
        }                                                                      \
        out = sse_priv_put_bits(out, sse_priv_run_starts(mask, &carry), at);   \
    }                                                                          \
    return (size_t)(out - ends);

#endif /* SSE_PRIV_MASK_H */
