/*
 * events.h - random events for writers.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_EVENTS_H
#define TESTS_EVENTS_H

#include "random.h"

#include <sse/event.h>

enum { EVENT_TEXT = 200 /* bytes of one member, at most */ };

/** One event and the texts it points to. */
typedef struct random_event {
    sse_event event;
    char type[EVENT_TEXT];
    char data[EVENT_TEXT];
    char id[EVENT_TEXT];
} random_event;

/** Makes an event with any fields, line ends of all kinds in its data, and now
 *  and then CR, LF or NUL in a type or an id.
 *  @return 0 if it holds what a stream cannot carry. */
int random_event_make(random_event *made, random_source *source);

/** The data as it comes back: CR and CRLF are LF.  @return the bytes at
 *  @p out, which has room for @p len. */
size_t random_event_normalise(const char *data, size_t len, char *out);

#endif /* TESTS_EVENTS_H */
