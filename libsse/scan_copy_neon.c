/*
 * scan_copy_neon.c - what every 64-bit Arm processor has: 16 bytes at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan_copy.h"

#if !defined(SSE_NO_SIMD) && defined(__aarch64__) && defined(__ARM_NEON)

#include "scan_copy_body.h"

#include <arm_neon.h>

/* Copies, and says with 0xFF which bytes are CR or LF. */
static inline uint8x16_t copy16(char *to, const char *text)
{
    const uint8x16_t bytes = vld1q_u8((const uint8_t *)text);
    vst1q_u8((uint8_t *)to, bytes);
    return vorrq_u8(vceqq_u8(bytes, vdupq_n_u8('\n')),
                    vceqq_u8(bytes, vdupq_n_u8('\r')));
}

/* One bit a byte, as in scan_neon.c: each byte keeps a bit of its own, and
 * pairwise sums bring eight of them together. */
static inline uint64_t block64(char *to, const char *text)
{
    static const uint8_t own[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                    1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t bit = vld1q_u8(own);
    const uint8x16_t a = vandq_u8(copy16(to, text), bit);
    const uint8x16_t b = vandq_u8(copy16(to + 16, text + 16), bit);
    const uint8x16_t c = vandq_u8(copy16(to + 32, text + 32), bit);
    const uint8x16_t d = vandq_u8(copy16(to + 48, text + 48), bit);
    const uint8x16_t sum = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(sum, sum)), 0);
}

static inline uint64_t block16(char *to, const char *text)
{
    static const uint8_t own[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                    1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t bits = vandq_u8(copy16(to, text), vld1q_u8(own));
    return (uint64_t)vaddv_u8(vget_low_u8(bits)) |
           (uint64_t)vaddv_u8(vget_high_u8(bits)) << 8;
}

static inline uint64_t short16(char *to, const char *text, size_t len)
{
    if (len < 8) {
        return sse_priv_copy_few(to, text, len);
    }
    char both[16];
    memcpy(both, text, 8);
    memcpy(both + 8, text + len - 8, 8);
    memcpy(to, both, 8);
    memcpy(to + len - 8, both + 8, 8);
    const uint64_t mask = block16(both, both);
    return (mask & 0xFF) | mask >> 8 << (len - 8);
}

/* Not 0 if there is a line end. */
static inline int copy64(char *to, const char *text)
{
    const uint8x16_t ends =
        vorrq_u8(vorrq_u8(copy16(to, text), copy16(to + 16, text + 16)),
                 vorrq_u8(copy16(to + 32, text + 32),
                          copy16(to + 48, text + 48)));
    return vmaxvq_u8(ends) != 0;
}

static inline size_t run(char *to, const char *text, size_t len)
{
    SSE_PRIV_COPY_RUN_BODY(16, copy64)
}

size_t sse_priv_copy_neon(char *dst, const char *text, size_t len)
{
    SSE_PRIV_COPY_BODY(64, copy64, run, block64, block16, short16)
}

#else
typedef int sse_priv_no_copy_neon;
#endif
