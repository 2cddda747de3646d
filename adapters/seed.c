/*
 * seed.c - what the random delays of a source begin with.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "seed.h"

#include <time.h>
#include <unistd.h>

uint64_t sse_priv_seed(const void *salt)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = (uint64_t)now.tv_sec ^ ((uint64_t)now.tv_nsec << 32);
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    seed = seed * UINT64_C(0x5851f42d4c957f2d) + (uint64_t)now.tv_nsec;
    seed = seed * UINT64_C(0x5851f42d4c957f2d) + (uint64_t)getpid();
    return seed ^ (uint64_t)(uintptr_t)salt;
}
