/*
 * count.h - the function whose instructions are counted.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_COUNT_H
#define BENCH_COUNT_H

#include "feed.h"

/** One pass.  In a file of its own, so that it is called by this name. */
size_t bench_counted(feed *f);

#endif /* BENCH_COUNT_H */
