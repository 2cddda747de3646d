/*
 * scan.h - where line ends are.
 *
 * The one door between the grammar and whatever finds bytes fast.  Behind it
 * stand variants for one processor or another, each in a file of its own, all
 * with one contract and one index format, and held by the same tests.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_SCAN_H
#define SSE_PRIV_SCAN_H

#include <stddef.h>
#include <stdint.h>

/** Bytes before the first CR or LF of @p text, or @p len if it has none.
 *  Reads nothing outside @p text. */
size_t sse_priv_scan(const char *text, size_t len);

#ifndef SSE_NO_SIMD

/** Bytes indexed at a time, unless so many lines end in them that the index is
 *  full before: a usual chunk, and a cache line more, so that it is one window
 *  wherever it lies. */
#define SSE_PRIV_WINDOW (16384 + 64)

/** Entries an index has room for. */
#define SSE_PRIV_ENDS_CAP 3136

/** So much of that may be written for 2048 bytes: for every other byte, and
 *  behind the last one. */
#define SSE_PRIV_ENDS_STEP (1024 + 32)

/** The variants, slowest first.  A processor that has one has those before it
 *  of its own kind. */
typedef enum sse_priv_level {
    SSE_PRIV_LEVEL_UNKNOWN = 0,
    SSE_PRIV_LEVEL_SWAR,
    SSE_PRIV_LEVEL_SSE2,
    SSE_PRIV_LEVEL_AVX2,
    SSE_PRIV_LEVEL_AVX512,
    SSE_PRIV_LEVEL_NEON,
    SSE_PRIV_LEVELS
} sse_priv_level;

/** What sse_priv_scan() does. */
typedef size_t sse_priv_scan_fn(const char *text, size_t len);

sse_priv_scan_fn sse_priv_scan_swar;
sse_priv_scan_fn sse_priv_scan_sse2;
sse_priv_scan_fn sse_priv_scan_avx2;
sse_priv_scan_fn sse_priv_scan_avx512;
sse_priv_scan_fn sse_priv_scan_neon;

/** Whether there is a CR or LF at all, which may be known sooner than where:
 *  not 0 if there is.  Reads nothing outside @p text. */
typedef size_t sse_priv_has_end_fn(const char *text, size_t len);

sse_priv_has_end_fn sse_priv_has_end_swar;
sse_priv_has_end_fn sse_priv_has_end_sse2;
sse_priv_has_end_fn sse_priv_has_end_avx2;
sse_priv_has_end_fn sse_priv_has_end_avx512;
sse_priv_has_end_fn sse_priv_has_end_neon;

/**
 * Indexes the line ends of a window: the place of the first byte of each run
 * of CR and LF, rising.
 *
 * @param len   In: bytes, at most SSE_PRIV_WINDOW.  Out: bytes indexed; less
 *              only where there are so many line ends that for another 2048
 *              bytes there might be no room.
 * @param ends  Out: SSE_PRIV_ENDS_CAP entries of room.
 * @return How many.
 */
typedef size_t sse_priv_index_fn(const char *text, size_t *len,
                                 uint16_t *ends);

sse_priv_index_fn sse_priv_index_swar;
sse_priv_index_fn sse_priv_index_sse2;
sse_priv_index_fn sse_priv_index_avx2;
sse_priv_index_fn sse_priv_index_avx512;
sse_priv_index_fn sse_priv_index_neon;

/**
 * Copies a text up to its first CR or LF: search and copy in one step.
 *
 * @param to   Room for @p len bytes; what of it is behind the bytes copied may
 *             be overwritten by anything.
 * @param len  At least 8.
 * @return How many bytes: @p len if there is no line end.
 */
typedef size_t sse_priv_take_fn(char *to, const char *text, size_t len);

sse_priv_take_fn sse_priv_take_swar;
sse_priv_take_fn sse_priv_take_sse2;
sse_priv_take_fn sse_priv_take_avx2;
sse_priv_take_fn sse_priv_take_avx512;
sse_priv_take_fn sse_priv_take_neon;

/** Looks for a line end by the best variant this processor has. */
size_t sse_priv_has_end(const char *text, size_t len);

/** Indexes by it. */
size_t sse_priv_index(const char *text, size_t *len, uint16_t *ends);

/** Copies by it. */
size_t sse_priv_take(char *to, const char *text, size_t len);

/** The best variant that this processor has. */
sse_priv_level sse_priv_scan_best(void);

/** Not 0 if this processor has the variant. */
int sse_priv_scan_has(sse_priv_level level);

/** Makes every later call use a variant, for tests and benchmarks;
 *  SSE_PRIV_LEVEL_UNKNOWN for the best one again.  @return 0 if this processor
 *  does not have it. */
int sse_priv_scan_force(sse_priv_level level);

/** The variant in use. */
sse_priv_level sse_priv_scan_level(void);

/** "swar", "sse2", and so on; NULL for no variant. */
const char *sse_priv_scan_name(sse_priv_level level);

#endif /* SSE_NO_SIMD */

#endif /* SSE_PRIV_SCAN_H */
