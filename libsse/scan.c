/*
 * scan.c - which variant this processor is served by.
 *
 * One byte remembers it.  It is read and written by relaxed atomic accesses:
 * threads that come first at the same time find out the same thing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#ifndef SSE_NO_SIMD

#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#define HAS_X86 1
#else
#define HAS_X86 0
#endif

#if defined(__aarch64__) && defined(__ARM_NEON)
#define HAS_NEON 1
#else
#define HAS_NEON 0
#endif

static unsigned char level_now;

#if defined(__GNUC__)
#define LOAD(byte) __atomic_load_n(&(byte), __ATOMIC_RELAXED)
#define STORE(byte, value) __atomic_store_n(&(byte), value, __ATOMIC_RELAXED)
#else
#define LOAD(byte) (*(volatile unsigned char *)&(byte))
#define STORE(byte, value) (*(volatile unsigned char *)&(byte) = (value))
#endif

#if HAS_X86

/* The registers that the system saves: without it vector state gets lost. */
static uint64_t saved_state(void)
{
    uint32_t low;
    uint32_t high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static sse_priv_level best_x86(void)
{
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & bit_OSXSAVE) == 0 ||
        (c & bit_POPCNT) == 0 || (saved_state() & 0x06) != 0x06 ||
        !__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        return SSE_PRIV_LEVEL_SSE2;
    }
    const unsigned avx2 = (1u << 5) | (1u << 3) | (1u << 8); /* BMI, BMI2 */
    const unsigned f_bw_vl = (1u << 16) | (1u << 30) | (1u << 31);
    const unsigned vbmi2 = 1u << 6;
    if ((b & avx2) != avx2) {
        return SSE_PRIV_LEVEL_SSE2;
    }
    if ((b & f_bw_vl) != f_bw_vl || (c & vbmi2) == 0 ||
        (saved_state() & 0xE6) != 0xE6) {
        return SSE_PRIV_LEVEL_AVX2;
    }
    return SSE_PRIV_LEVEL_AVX512;
}

#endif

static sse_priv_level best(void)
{
#if HAS_X86
    return best_x86();
#elif HAS_NEON
    return SSE_PRIV_LEVEL_NEON;
#else
    return SSE_PRIV_LEVEL_SWAR;
#endif
}

sse_priv_level sse_priv_scan_level(void)
{
    sse_priv_level level = (sse_priv_level)LOAD(level_now);
    if (level == SSE_PRIV_LEVEL_UNKNOWN) {
        level = best();
        STORE(level_now, (unsigned char)level);
    }
    return level;
}

size_t sse_priv_index(const char *text, size_t len, uint16_t *ends)
{
    switch ((int)sse_priv_scan_level()) {
#if HAS_X86
    case SSE_PRIV_LEVEL_AVX512:
        return sse_priv_index_avx512(text, len, ends);
    case SSE_PRIV_LEVEL_AVX2:
        return sse_priv_index_avx2(text, len, ends);
    case SSE_PRIV_LEVEL_SSE2:
        return sse_priv_index_sse2(text, len, ends);
#endif
#if HAS_NEON
    case SSE_PRIV_LEVEL_NEON:
        return sse_priv_index_neon(text, len, ends);
#endif
    default:
        return sse_priv_index_swar(text, len, ends);
    }
}

int sse_priv_scan_has(sse_priv_level level)
{
    const sse_priv_level most = best();
    if (level == SSE_PRIV_LEVEL_SWAR) {
        return 1;
    }
    return level > SSE_PRIV_LEVEL_SWAR &&
           (most == SSE_PRIV_LEVEL_NEON ? level == most : level <= most);
}

int sse_priv_scan_force(sse_priv_level level)
{
    if (level != SSE_PRIV_LEVEL_UNKNOWN && !sse_priv_scan_has(level)) {
        return 0;
    }
    STORE(level_now, (unsigned char)level);
    return 1;
}

const char *sse_priv_scan_name(sse_priv_level level)
{
    static const char *const names[] = {NULL,   "swar",   "sse2",
                                        "avx2", "avx512", "neon"};
    return (unsigned)level < SSE_PRIV_LEVELS ? names[level] : NULL;
}

#else
typedef int sse_priv_no_levels;
#endif
