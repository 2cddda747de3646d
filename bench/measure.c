/*
 * measure.c - how long one way of doing a thing takes beside others.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "measure.h"

#include "quiet.h"

#include <stdlib.h>
#include <time.h>

/* A sample is long against the clock and short against a time slice. */
#define SAMPLE_SECONDS 0.002

#define CONTENDERS_MAX 8

/* A disturbed run is repeated; so often for each run that is wanted. */
#define AGAIN 4

/* So many are wanted by somebody who cares. */
#define RUNS_WORTH_IT 3

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

/* One sample of each.  Not 0 if nobody else was on the processor. */
static int take(const contender *list, size_t count, const unsigned *passes,
                double *seconds)
{
    int quiet = quiet_now();
    for (size_t k = 0; k < count; k++) {
        seconds[k] = sample(&list[k], passes[k]);
        quiet = quiet_now() && quiet;
    }
    return quiet;
}

static void settle(contender *c, double *seconds, unsigned runs)
{
    qsort(seconds, runs, sizeof(double), order);
    c->best = seconds[0];
    c->seconds = runs % 2 != 0
                     ? seconds[runs / 2]
                     : (seconds[runs / 2 - 1] + seconds[runs / 2]) / 2;
}

unsigned measure(contender *list, size_t count, unsigned runs)
{
    static double seconds[CONTENDERS_MAX][MEASURE_RUNS_MAX];
    unsigned passes[CONTENDERS_MAX];
    unsigned disturbed = 0;
    if (runs >= RUNS_WORTH_IT) {
        quiet_learn();
    }
    quiet_settle();
    for (size_t k = 0; k < count; k++) {
        (void)sample(&list[k], 1);
        const double one = sample(&list[k], 1);
        const double wanted = SAMPLE_SECONDS / (one > 1e-9 ? one : 1e-9);
        passes[k] = wanted < 1 ? 1 : wanted > 1e6 ? 1000000 : (unsigned)wanted;
    }
    for (unsigned run = 0, again = AGAIN * runs; run < runs; run++) {
        double taken[CONTENDERS_MAX];
        while (!take(list, count, passes, taken)) {
            if (again == 0) {
                disturbed++;
                break;
            }
            again--;
            quiet_settle();
        }
        for (size_t k = 0; k < count; k++) {
            seconds[k][run] = taken[k];
        }
    }
    for (size_t k = 0; k < count; k++) {
        settle(&list[k], seconds[k], runs);
    }
    return disturbed;
}
