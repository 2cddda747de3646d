/*
 * serve_limits.c - how many connections the system lets `sse serve` have.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "serve.h"

#include "say.h"

#include <sys/resource.h>

/* Descriptors for other things than connections: standard ones, the loop, the
 * listener, the log, and connections that are being refused. */
#define OTHERS 96u

void serve_limits_raise(struct serve_options *options)
{
    struct rlimit limit;
    const rlim_t wanted = (rlim_t)options->server.max_conns + OTHERS;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return;
    }
    if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < wanted) {
        const struct rlimit before = limit;
        limit.rlim_cur = wanted;
        if (before.rlim_max != RLIM_INFINITY && before.rlim_max < wanted) {
            limit.rlim_max = wanted; /* for who may */
        }
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            limit = before;
            limit.rlim_cur = limit.rlim_max;
            (void)setrlimit(RLIMIT_NOFILE, &limit);
        }
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < wanted) {
        const size_t fit = limit.rlim_cur > 2 * OTHERS
                               ? (size_t)limit.rlim_cur - OTHERS
                               : (size_t)limit.rlim_cur / 2 + 1;
        say("the limit of %llu descriptors leaves room for %llu connections "
            "(--max-conns %llu)",
            (unsigned long long)limit.rlim_cur, (unsigned long long)fit,
            (unsigned long long)options->server.max_conns);
        options->server.max_conns = fit;
    } else {
        say("room for %llu connections",
            (unsigned long long)options->server.max_conns);
    }
}
