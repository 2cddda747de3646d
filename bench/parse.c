/*
 * parse.c - sse-bench parse: the parser beside limits and rivals.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"
#include "bytewise.h"
#include "feed.h"
#include "measure.h"
#include "report.h"
#include "rivals.h"

static size_t pass_memchr(void *user)
{
    const corpus *const c = (const corpus *)user;
    return rival_memchr(c->text, c->len);
}

static size_t pass_getline(void *user)
{
    const corpus *const c = (const corpus *)user;
    return rival_getline(c->text, c->len);
}

/* A quarter of a MiB, so not on the stack. */
static bytewise slow;

static void on_event(const sse_event *event, void *user)
{
    tally_event((tally *)user, event);
}

/* Fed in the same chunks. */
BENCH_AT_LINE static size_t pass_bytewise(void *user)
{
    const feed *const f = (const feed *)user;
    const corpus *const c = f->input;
    size_t at = 0;
    for (size_t i = 0; at < c->len; i++) {
        const size_t left = c->len - at;
        const size_t n = f->chunk == 0     ? c->ends[i] - at
                         : left < f->chunk ? left
                                           : f->chunk;
        bytewise_feed(&slow, c->text + at, n);
        at += n;
    }
    return f->found.events;
}

int bench_parse(const options *o, const corpus *c)
{
    feed ours;
    feed theirs;
    corpus text = *c;
    feed_init(&ours, c, o->chunk);
    (void)feed_pass(&ours);
    feed_init(&theirs, c, o->chunk);
    bytewise_init(&slow, on_event, &theirs.found);
    (void)pass_bytewise(&theirs);
    if (!feed_is_right(&ours, "the parser") ||
        !feed_is_right(&theirs, "the bytewise parser")) {
        return -1;
    }
    contender list[] = {
        {"libsse", "libsse", feed_pass, &ours, 0, 0},
        {"memchr", "memchr", pass_memchr, &text, 0, 0},
        {"getline", "getline", pass_getline, &text, 0, 0},
        {"bytewise", "bytewise", pass_bytewise, &theirs, 0, 0},
    };
    const size_t count = sizeof list / sizeof list[0];
    const unsigned disturbed = measure(list, count, o->runs);
    const report_row row = {c,    c->len, c->blocks,
                            c->events > 0 ? "event" : "comment",
                            list, count, disturbed};
    report(o, &row);
    return 0;
}
