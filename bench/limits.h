/*
 * limits.h - reading memory with the widest loads there are, and asking of each
 * byte whether it is a line end, with nothing done about the answer.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_LIMITS_H
#define BENCH_LIMITS_H

#include <stddef.h>

/** Bytes of a load. */
unsigned limit_width(void);

/** Loads all of it, in steps of 256 bytes.  @return What depends on it. */
size_t limit_read(const char *text, size_t len);

/** The same with a comparison of each byte with CR and LF. */
size_t limit_masks(const char *text, size_t len);

#endif /* BENCH_LIMITS_H */
