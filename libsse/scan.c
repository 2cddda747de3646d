/*
 * scan.c - which variant this processor is served by.
 *
 * One byte remembers it.  It is read and written by relaxed atomic accesses:
 * threads that come first at the same time find out the same thing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "mask.h"
#include "scan.h"

#ifndef SSE_NO_SIMD

#if defined(__x86_64__) && defined(__GNUC__)
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

sse_priv_level sse_priv_scan_level(void)
{
    sse_priv_level level = (sse_priv_level)LOAD(level_now);
    if (level == SSE_PRIV_LEVEL_UNKNOWN) {
        level = sse_priv_scan_best();
        STORE(level_now, (unsigned char)level);
    }
    return level;
}

/* The best first: it has the least time to lose.  A variant that this
 * processor does not have is taken elsewhere. */
#if HAS_X86
#define DISPATCH(level, what, arguments)                                       \
    if ((level) == SSE_PRIV_LEVEL_AVX512) {                                    \
        return what##_avx512 arguments;                                        \
    }                                                                          \
    if ((level) == SSE_PRIV_LEVEL_AVX2) {                                      \
        return what##_avx2 arguments;                                          \
    }                                                                          \
    if ((level) == SSE_PRIV_LEVEL_SSE2) {                                      \
        return what##_sse2 arguments;                                          \
    }
#elif HAS_NEON
#define DISPATCH(level, what, arguments)                                       \
    if ((level) == SSE_PRIV_LEVEL_NEON) {                                      \
        return what##_neon arguments;                                          \
    }
#else
#define DISPATCH(level, what, arguments) (void)(level);
#endif

/* The first call finds out, in a function apart, for which the usual way does
 * not have to keep its arguments anywhere. */
#define DEFINE(what, parameters, arguments)                                    \
    SSE_PRIV_APART size_t what##_first parameters                              \
    {                                                                          \
        const sse_priv_level level = sse_priv_scan_level();                    \
        DISPATCH(level, what, arguments)                                       \
        return what##_swar arguments;                                          \
    }                                                                          \
    size_t what parameters                                                     \
    {                                                                          \
        const unsigned level = LOAD(level_now);                                \
        DISPATCH(level, what, arguments)                                       \
        return level == SSE_PRIV_LEVEL_UNKNOWN ? what##_first arguments        \
                                               : what##_swar arguments;        \
    }

DEFINE(sse_priv_scan, /* elsewhere, see above */
       (const char *text, size_t len), (text, len))
DEFINE(sse_priv_has_end, /* elsewhere */
       (const char *text, size_t len), (text, len))
DEFINE(sse_priv_index, /* elsewhere */
       (const char *text, size_t *len, uint16_t *ends), (text, len, ends))
DEFINE(sse_priv_take, /* elsewhere */
       (char *to, const char *text, size_t len), (to, text, len))

int sse_priv_scan_has(sse_priv_level level)
{
    const sse_priv_level most = sse_priv_scan_best();
    if (level == SSE_PRIV_LEVEL_SWAR) {
        return 1;
    }
    /* Which of the two it is depends on the kind: one is taken elsewhere. */
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
