/*
 * rivals.h - limits, and what programs do today: each once over a text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_RIVALS_H
#define BENCH_RIVALS_H

#include <sse/event.h>

#include <stddef.h>

/** Finds the lines with memchr(LF), and nothing else.  @return Lines. */
size_t rival_memchr(const char *text, size_t len);

/** What a loop around getline() does: memchr(LF) for the line, strncmp for the
 *  fields `data` and `event`.  It joins no lines, knows no CR and no id.
 *  @return Blank lines, mixed with what it saw of the fields. */
size_t rival_getline(const char *text, size_t len);

/** Writes an event as one data line whatever the data holds: payload and
 *  constants by calls of libc's memcpy.  @return Bytes. */
size_t rival_memcpy(const sse_event *event, char *dst);

/** The same with the constants stored by the compiler's own code. */
size_t rival_inline(const sse_event *event, char *dst);

#endif /* BENCH_RIVALS_H */
