/*
 * measure.c - how long one way of doing a thing takes beside others.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "measure.h"

#include <stdlib.h>
#include <time.h>

/* A sample is long against the clock and short against a time slice. */
#define SAMPLE_SECONDS 0.002

#define CONTENDERS_MAX 8

/* Keeps passes from being found useless. */
static volatile size_t sink;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Seconds of one pass out of `count`. */
static double sample(const contender *c, unsigned count)
{
    const double begin = now();
    for (unsigned i = 0; i < count; i++) {
        sink += c->pass(c->user);
    }
    return (now() - begin) / count;
}

static int order(const void *left, const void *right)
{
    const double a = *(const double *)left;
    const double b = *(const double *)right;
    return (a > b) - (a < b);
}

void measure(contender *list, size_t count, unsigned runs)
{
    static double seconds[CONTENDERS_MAX][MEASURE_RUNS_MAX];
    unsigned passes[CONTENDERS_MAX];
    for (size_t k = 0; k < count; k++) {
        (void)sample(&list[k], 1);
        const double one = sample(&list[k], 1);
        const double wanted = SAMPLE_SECONDS / (one > 1e-9 ? one : 1e-9);
        passes[k] = wanted < 1 ? 1 : wanted > 1e6 ? 1000000 : (unsigned)wanted;
    }
    for (unsigned run = 0; run < runs; run++) {
        for (size_t k = 0; k < count; k++) {
            seconds[k][run] = sample(&list[k], passes[k]);
        }
    }
    for (size_t k = 0; k < count; k++) {
        qsort(seconds[k], runs, sizeof(double), order);
        list[k].best = seconds[k][0];
        list[k].seconds = runs % 2 != 0
                              ? seconds[k][runs / 2]
                              : (seconds[k][runs / 2 - 1] +
                                 seconds[k][runs / 2]) / 2;
    }
}
