/*
 * write.c - sse-bench write: the writer beside copying without a check.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"
#include "feed.h"
#include "measure.h"
#include "report.h"
#include "rivals.h"
#include "written.h"

#include <sse/writer.h>

#include <stdio.h>
#include <stdlib.h>

static size_t pass_memcpy(void *user)
{
    const corpus *const c = (const corpus *)user;
    size_t at = 0;
    size_t sum = 0;
    for (size_t i = 0; i < c->events; i++) {
        const size_t written = rival_memcpy(&c->list[i], written_out + at);
        sum += written;
        at = written_next(at, written);
    }
    return sum;
}

static size_t pass_inline(void *user)
{
    const corpus *const c = (const corpus *)user;
    size_t at = 0;
    size_t sum = 0;
    for (size_t i = 0; i < c->events; i++) {
        const size_t written = rival_inline(&c->list[i], written_out + at);
        sum += written;
        at = written_next(at, written);
    }
    return sum;
}

/* What was written reads back as the same events. */
static int is_right(const corpus *c)
{
    const corpus empty = {0};
    corpus copy = empty;
    copy.name = c->name;
    copy.events = c->events;
    copy.data_bytes = c->data_bytes;
    copy.text = (char *)malloc(c->len + WRITTEN_EVENT_MAX);
    if (copy.text == NULL) {
        fputs("sse-bench: no memory\n", stderr);
        return 0;
    }
    sse_status status = SSE_OK;
    for (size_t i = 0; i < c->events && status == SSE_OK; i++) {
        size_t written = 0;
        status = sse_event_write(&c->list[i], copy.text + copy.len,
                                 c->len + WRITTEN_EVENT_MAX - copy.len,
                                 &written);
        copy.len += written;
    }
    feed back;
    feed_init(&back, &copy, 16384);
    (void)feed_pass(&back);
    int right = feed_is_right(&back, "the parser, in what was written,");
    if (copy.len != c->len) {
        fprintf(stderr, "sse-bench: %s: %lu bytes were written, expected "
                "%lu\n", c->name, (unsigned long)copy.len,
                (unsigned long)c->len);
        right = 0;
    }
    free(copy.text);
    return right;
}

int bench_write(const options *o, const corpus *c)
{
    corpus events = *c;
    if (!is_right(c)) {
        return -1;
    }
    contender list[] = {
        {"libsse", "libsse", written_pass, &events, 0, 0},
        {"memcpy", "memcpy", pass_memcpy, &events, 0, 0},
        {"inline", "inline", pass_inline, &events, 0, 0},
        {"tight", "no spare", written_pass_tight, &events, 0, 0},
    };
    const size_t count = sizeof list / sizeof list[0];
    const unsigned disturbed = measure(list, count, o->runs);
    const report_row row = {c,    c->len, c->events, "event",
                            list, count,  disturbed};
    report(o, &row);
    return 0;
}
