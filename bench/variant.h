/*
 * variant.h - which variant of the scan is measured: SSE_SCAN=name.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_VARIANT_H
#define BENCH_VARIANT_H

#include <stddef.h>

/** Uses the variant that SSE_SCAN asks for, the best one if it is not set.
 *  @return 0, or -1 after a message. */
int variant_choose(void);

/** Name of the variant in use. */
const char *variant_name(void);

/** Prints the names of those this processor has, slowest first. */
void variant_print_all(void);

/** Indexes the line ends of a text in the windows that the parser uses.
 *  @return How many entries. */
size_t variant_index(const char *text, size_t len);

/** The same, counted byte by byte. */
size_t variant_index_expected(const char *text, size_t len);

#endif /* BENCH_VARIANT_H */
