/*
 * clock.c - the time of day.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clock_write(int64_t ms, char dst[CLOCK_TEXT])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    if (ms < 0 || gmtime_r(&seconds, &parts) == NULL ||
        strftime(dst, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &parts) != 19) {
        (void)snprintf(dst, CLOCK_TEXT, "1970-01-01T00:00:00.000Z");
        return;
    }
    (void)snprintf(dst + 19, CLOCK_TEXT - 19, ".%03dZ", (int)(ms % 1000));
}
