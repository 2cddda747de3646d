/*
 * events.c - random events for writers.
 *
 * SPDX-License-Identifier: MIT
 */
#include "events.h"

#include "streams.h"

#include <string.h>

static size_t make_text(random_source *source, char *text)
{
    const size_t len = random_once_in(source, 6)
                           ? random_below(source, EVENT_TEXT)
                           : random_below(source, 12);
    random_value(source, text, len);
    return len;
}

/* A type or an id: what a stream cannot carry is put into some of them. */
static int make_name(random_source *source, char *text, size_t *len)
{
    static const char forbidden[] = {'\r', '\n', '\0'};
    *len = make_text(source, text);
    for (size_t at = 0; at < *len; at++) {
        if (text[at] == '\0') {
            text[at] = '0';
        }
    }
    if (*len == 0 || !random_once_in(source, 20)) {
        return 1;
    }
    text[random_below(source, *len)] =
        forbidden[random_below(source, sizeof forbidden)];
    return 0;
}

/* Data, with line ends strewn in. */
static size_t make_data(random_source *source, char *text)
{
    const size_t len = make_text(source, text);
    if (random_once_in(source, 2)) {
        const size_t step = 1 + random_below(source, 12);
        size_t at = random_below(source, step);
        while (at < len) {
            text[at] = random_once_in(source, 2) ? '\r' : '\n';
            at += 1 + random_below(source, step);
        }
    }
    return len;
}

int random_event_make(random_event *made, random_source *source)
{
    sse_event *event = &made->event;
    memset(event, 0, sizeof *event);
    event->fields = 1u + (uint32_t)random_below(source, 15);
    if (!random_once_in(source, 8)) {
        event->fields |= SSE_FIELD_DATA;
    }
    const int good_type = make_name(source, made->type, &event->type_len);
    const int good_id = make_name(source, made->id, &event->id_len);
    event->type = made->type;
    event->id = made->id;
    event->data = made->data;
    event->data_len = make_data(source, made->data);
    event->retry_ms = random_next(source) >> random_below(source, 64);
    return (good_type || (event->fields & SSE_FIELD_TYPE) == 0) &&
           (good_id || (event->fields & SSE_FIELD_ID) == 0);
}

size_t random_event_normalise(const char *data, size_t len, char *out)
{
    size_t out_len = 0;
    for (size_t at = 0; at < len; at++) {
        if (data[at] == '\n' && at > 0 && data[at - 1] == '\r') {
            continue;
        }
        out[out_len] = data[at] == '\r' ? '\n' : data[at];
        out_len++;
    }
    return out_len;
}
