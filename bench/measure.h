/*
 * measure.h - how long one way of doing a thing takes beside others.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>

#define MEASURE_RUNS_MAX 101

/** Goes once over all of the input.  @return Anything that depends on it. */
typedef size_t measure_fn(void *user);

/** One of those compared. */
typedef struct contender {
    const char *name;  /* key of the JSON output */
    const char *title; /* of a column */
    measure_fn *pass;
    void *user;
    double seconds;    /* out: of one pass, the median of the runs */
    double best;       /* out: of one pass, in the best run */
} contender;

/** Measures all of them in turn, @p runs times over, so that whatever slows
 *  the machine for a while slows all of them.  Time of the processor.  A run
 *  that somebody else disturbs is repeated, within limits.
 *
 *  @param runs  1 to MEASURE_RUNS_MAX.
 *  @return How many of the runs are disturbed ones. */
unsigned measure(contender *list, size_t count, unsigned runs);

#endif /* BENCH_MEASURE_H */
