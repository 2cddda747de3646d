/*
 * count.h - the function whose instructions are counted.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_COUNT_H
#define BENCH_COUNT_H

#include "measure.h"

/** One pass.  In a file of its own, so that it is called by this name. */
size_t bench_counted(measure_fn *pass, void *user);

#endif /* BENCH_COUNT_H */
