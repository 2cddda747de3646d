/*
 * written.c - a corpus through the writer, event by event.
 *
 * SPDX-License-Identifier: MIT
 */
#include "written.h"

#include <sse/writer.h>

#define USED_SIZE ((size_t)256 * 1024)
#define ROOM_SIZE (USED_SIZE + 7 * WRITTEN_EVENT_MAX)

char written_out[ROOM_SIZE];

size_t written_next(size_t at, size_t written)
{
    at += written;
    return at > USED_SIZE - WRITTEN_EVENT_MAX ? 0 : at;
}

size_t written_pass(void *user)
{
    const corpus *const c = (const corpus *)user;
    size_t at = 0;
    size_t sum = 0;
    for (size_t i = 0; i < c->events; i++) {
        size_t written = 0;
        if (sse_event_write(&c->list[i], written_out + at, ROOM_SIZE - at,
                            &written) != SSE_OK) {
            return 0;
        }
        sum += written;
        at = written_next(at, written);
    }
    return sum;
}

size_t written_pass_tight(void *user)
{
    const corpus *const c = (const corpus *)user;
    size_t at = 0;
    size_t sum = 0;
    size_t begin = 0;
    for (size_t i = 0; i < c->events; i++) {
        size_t written = 0;
        if (sse_event_write(&c->list[i], written_out + at,
                            c->ends[i] - begin, &written) != SSE_OK) {
            return 0;
        }
        begin = c->ends[i];
        sum += written;
        at = written_next(at, written);
    }
    return sum;
}
