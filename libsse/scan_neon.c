/*
 * scan_neon.c - what every 64-bit Arm processor has: 16 bytes at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#if !defined(SSE_NO_SIMD) && defined(__aarch64__) && defined(__ARM_NEON)

#include "mask.h"

#include <arm_neon.h>

/* 0xFF where a byte is CR or LF. */
static inline uint8x16_t ends16(const char *text)
{
    const uint8x16_t bytes = vld1q_u8((const uint8_t *)text);
    return vorrq_u8(vceqq_u8(bytes, vdupq_n_u8('\n')),
                    vceqq_u8(bytes, vdupq_n_u8('\r')));
}

/* One bit a byte: each byte keeps a bit of its own, and pairwise sums bring
 * eight of them together. */
static inline uint64_t mask64(const char *text)
{
    static const uint8_t own[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                    1, 2, 4, 8, 16, 32, 64, 128};
    const uint8x16_t bit = vld1q_u8(own);
    uint8x16_t a = ends16(text);
    uint8x16_t b = ends16(text + 16);
    uint8x16_t c = ends16(text + 32);
    uint8x16_t d = ends16(text + 48);
    if (vmaxvq_u8(vorrq_u8(vorrq_u8(a, b), vorrq_u8(c, d))) == 0) {
        return 0;
    }
    a = vandq_u8(a, bit);
    b = vandq_u8(b, bit);
    c = vandq_u8(c, bit);
    d = vandq_u8(d, bit);
    uint8x16_t sum = vpaddq_u8(vpaddq_u8(a, b), vpaddq_u8(c, d));
    sum = vpaddq_u8(sum, sum);
    uint8_t bytes[8];
    vst1_u8(bytes, vget_low_u8(sum));
    uint64_t mask = 0;
    for (unsigned i = 0; i < 8; i++) {
        mask |= (uint64_t)bytes[i] << (8 * i);
    }
    return mask;
}

size_t sse_priv_has_end_neon(const char *text, size_t len)
{
    if (len < 16) {
        return sse_priv_scan_swar(text, len) < len;
    }
    uint8x16_t any = ends16(text + len - 16);
    for (size_t at = 0; at + 16 < len; at += 16) {
        any = vorrq_u8(any, ends16(text + at));
    }
    return vmaxvq_u8(any) != 0;
}

size_t sse_priv_index_neon(const char *text, size_t *size, uint16_t *ends)
{
    SSE_PRIV_INDEX_BODY(mask64)
}

/* Four bits a byte. */
static inline uint64_t nibbles(uint8x16_t ends)
{
    return vget_lane_u64(
        vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(ends), 4)), 0);
}

size_t sse_priv_scan_neon(const char *text, size_t len)
{
    size_t at = 0;
    for (; len - at >= 16; at += 16) {
        const uint64_t found = nibbles(ends16(text + at));
        if (found != 0) {
            return at + SSE_PRIV_CTZ(found) / 4;
        }
    }
    return at + sse_priv_scan_swar(text + at, len - at);
}

size_t sse_priv_take_neon(char *to, const char *text, size_t len)
{
    size_t at = 0;
    for (; len - at >= 16; at += 16) {
        const uint64_t found = nibbles(ends16(text + at));
        vst1q_u8((uint8_t *)to + at, vld1q_u8((const uint8_t *)text + at));
        if (found != 0) {
            return at + SSE_PRIV_CTZ(found) / 4;
        }
    }
    if (at == len) {
        return len;
    }
    /* The rest is read together with bytes that have no end. */
    const size_t from = len - at < 8 ? len - 8 : at;
    return from + sse_priv_take_swar(to + from, text + from, len - from);
}

#else
typedef int sse_priv_no_neon;
#endif
