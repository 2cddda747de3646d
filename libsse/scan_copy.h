/*
 * scan_copy.h - text copied into an event's lines: line ends are found in the
 * same pass.
 *
 * What scan.h is for the parser, this is for the writer: one contract, and a
 * variant for each kind of processor behind it.  With SSE_NO_SIMD there is
 * only what is not chosen at run time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_SCAN_COPY_H
#define SSE_PRIV_SCAN_COPY_H

#include <stddef.h>
#include <stdint.h>

/** A bit for each CR and LF of up to 64 bytes, the first lowest. */
uint64_t sse_priv_copy_mask(const char *text, size_t len);

/** Not 0 if there is no CR, LF or NUL in the text. */
int sse_priv_copy_is_value(const char *text, size_t len);

#ifndef SSE_NO_SIMD

/** Texts are at most so long that no sum of what is made of them overflows. */
#define SSE_PRIV_COPY_LEN_MAX (SIZE_MAX / 16)

/** Bytes that text of @p len bytes takes at most: each of them a line end that
 *  becomes "\ndata: ". */
#define SSE_PRIV_COPY_MOST(len) ((len) * 7 + sizeof "data: \n\n" - 1)

/**
 * Writes text as the end of an event: a line `data: ` for each line of it,
 * parted at CR, LF and CRLF, and the blank line.
 *
 * @param dst  Has room for it: sse_priv_copy_size() says for how much, and
 *             SSE_PRIV_COPY_MOST() suffices.  Nothing is written behind what
 *             this returns.
 * @return Bytes written.
 */
typedef size_t sse_priv_copy_fn(char *dst, const char *text, size_t len);

sse_priv_copy_fn sse_priv_copy_swar;
sse_priv_copy_fn sse_priv_copy_sse2;
sse_priv_copy_fn sse_priv_copy_avx2;
sse_priv_copy_fn sse_priv_copy_avx512;
sse_priv_copy_fn sse_priv_copy_neon;

/** Copies by the variant in use, see sse_priv_scan_level(). */
size_t sse_priv_copy(char *dst, const char *text, size_t len);

/** Bytes that sse_priv_copy() writes. */
size_t sse_priv_copy_size(const char *text, size_t len);

#endif /* SSE_NO_SIMD */

#endif /* SSE_PRIV_SCAN_COPY_H */
