/*
 * clock.c - the monotonic clock, and seeds for the jitter.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "stream.h"

#include <time.h>
#include <unistd.h>

uint64_t sse_priv_curl_now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Spreads reconnections; it protects nothing, so guessing it gains nothing. */
uint64_t sse_priv_curl_seed(const void *salt)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = (uint64_t)now.tv_sec ^ ((uint64_t)now.tv_nsec << 32);
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    seed = seed * UINT64_C(0x5851f42d4c957f2d) + (uint64_t)now.tv_nsec;
    seed = seed * UINT64_C(0x5851f42d4c957f2d) + (uint64_t)getpid();
    return seed ^ (uint64_t)(uintptr_t)salt;
}
