/*
 * scan_copy.c - which variant copies; scan.c knows what the processor has.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan_copy.h"

#ifndef SSE_NO_SIMD

#include "scan.h"

size_t sse_priv_copy(char *dst, const char *text, size_t len)
{
    /* A variant that this processor does not have is taken elsewhere. */
    switch ((int)sse_priv_scan_level()) {
#if defined(__x86_64__) && defined(__GNUC__)
    case SSE_PRIV_LEVEL_AVX512:
        return sse_priv_copy_avx512(dst, text, len);
    case SSE_PRIV_LEVEL_AVX2:
        return sse_priv_copy_avx2(dst, text, len);
    case SSE_PRIV_LEVEL_SSE2:
        return sse_priv_copy_sse2(dst, text, len);
#endif
#if defined(__aarch64__) && defined(__ARM_NEON)
    case SSE_PRIV_LEVEL_NEON:
        return sse_priv_copy_neon(dst, text, len);
#endif
    default:
        return sse_priv_copy_swar(dst, text, len);
    }
}

#else
typedef int sse_priv_no_copy;
#endif
