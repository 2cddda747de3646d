/*
 * scan_cpu.c - the best variant that this processor, and the system on it, can
 * run.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#ifndef SSE_NO_SIMD

#if defined(__x86_64__) && defined(__GNUC__)

#include <cpuid.h>

/* The registers that the system saves: without it vector state gets lost. */
static uint64_t saved_state(void)
{
    uint32_t low;
    uint32_t high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

sse_priv_level sse_priv_scan_best(void)
{
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    /* Older processors and systems turn back here, elsewhere. */
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & bit_OSXSAVE) == 0 ||
        (c & bit_POPCNT) == 0 || (saved_state() & 0x06) != 0x06 ||
        !__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        return SSE_PRIV_LEVEL_SSE2;
    }
    const unsigned avx2 = (1u << 5) | (1u << 3) | (1u << 8); /* BMI, BMI2 */
    const unsigned f_cd_bw_vl = (1u << 16) | (1u << 28) | (1u << 30) |
                                (1u << 31);
    const unsigned vbmi2 = 1u << 6;
    if ((b & avx2) != avx2) { /* elsewhere: older than AVX2 */
        return SSE_PRIV_LEVEL_SSE2;
    }
    /* elsewhere: older than VBMI2 */
    if ((b & f_cd_bw_vl) != f_cd_bw_vl || (c & vbmi2) == 0 ||
        (saved_state() & 0xE6) != 0xE6) {
        return SSE_PRIV_LEVEL_AVX2;
    }
    return SSE_PRIV_LEVEL_AVX512;
}

#else

sse_priv_level sse_priv_scan_best(void)
{
#if defined(__aarch64__) && defined(__ARM_NEON)
    return SSE_PRIV_LEVEL_NEON;
#else
    return SSE_PRIV_LEVEL_SWAR;
#endif
}

#endif

#else
typedef int sse_priv_no_cpu;
#endif
