/*
 * clock.h - the time of day.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_CLOCK_H
#define CHAT_CLOCK_H

#include <stddef.h>
#include <stdint.h>

/** Bytes clock_write() needs, the NUL included. */
#define CLOCK_TEXT 32

/** Milliseconds since 1970-01-01T00:00:00Z.  For rows and logs; spans of time
 *  are measured with the loop's own clock, which never goes back. */
int64_t clock_now_ms(void);

/** Writes a time as RFC 3339 in UTC, e.g. 2026-03-01T09:30:00.250Z. */
void clock_write(int64_t ms, char dst[CLOCK_TEXT]);

#endif /* CHAT_CLOCK_H */
