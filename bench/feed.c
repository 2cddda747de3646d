/*
 * feed.c - a corpus through a parser, chunk by chunk.
 *
 * SPDX-License-Identifier: MIT
 */
#include "feed.h"

#include <stdio.h>

static int on_event(const sse_event *event, void *user)
{
    tally_event((tally *)user, event);
    return SSE_GO;
}

void feed_init(feed *f, const corpus *c, size_t chunk)
{
    static char scratch[256 * 1024];
    const tally nothing = {0, NULL, 0};
    f->input = c;
    f->chunk = chunk;
    f->found = nothing;
    sse_parser_init(&f->parser, scratch, sizeof scratch, on_event, &f->found);
}

BENCH_AT_LINE size_t feed_pass(void *user)
{
    feed *const f = (feed *)user;
    const corpus *const c = f->input;
    size_t used = 0;
    size_t sum = 0;
    if (f->chunk == 0) {
        size_t at = 0;
        for (size_t i = 0; i < c->blocks; i++) {
            sse_parser_feed(&f->parser, c->text + at, c->ends[i] - at, &used);
            at = c->ends[i];
            sum += used;
        }
        return sum;
    }
    for (size_t at = 0; at < c->len; at += used) {
        const size_t left = c->len - at;
        if (sse_parser_feed(&f->parser, c->text + at,
                            left < f->chunk ? left : f->chunk,
                            &used) != SSE_OK) {
            break;
        }
        sum += used;
    }
    return sum;
}

int feed_is_right(const feed *f, const char *who)
{
    const corpus *const c = f->input;
    if (f->found.events == c->events &&
        f->found.data_bytes == c->data_bytes) {
        return 1;
    }
    fprintf(stderr, "sse-bench: %s: %s found %lu events with %lu bytes of "
            "data, there are %lu with %lu\n", c->name, who,
            (unsigned long)f->found.events,
            (unsigned long)f->found.data_bytes, (unsigned long)c->events,
            (unsigned long)c->data_bytes);
    return 0;
}
