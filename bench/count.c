/*
 * count.c - sse-bench count: each way of using the core once over a corpus, for
 * a profiler.
 *
 * SPDX-License-Identifier: MIT
 */
#include "count.h"

#include "bench.h"
#include "feed.h"
#include "machine.h"
#include "variant.h"
#include "written.h"

#include <stdio.h>

static void print_row(const char *way, const corpus *c)
{
    printf("%s %s %s %s %lu\n", machine_compiler_key(), variant_name(), way,
           c->name, (unsigned long)c->blocks);
}

/* What is done at the first call alone is done before. */
static int count_feeds(const char *way, const corpus *c, size_t chunk)
{
    feed f;
    feed_init(&f, c, chunk);
    (void)feed_pass(&f);
    feed_init(&f, c, chunk);
    (void)bench_counted(feed_pass, &f);
    if (!feed_is_right(&f, "the parser")) {
        return -1;
    }
    print_row(way, c);
    return 0;
}

int bench_count(const options *o, const corpus *c)
{
    if (count_feeds("parse", c, o->chunk) != 0 ||
        count_feeds("event", c, 0) != 0 || count_feeds("64", c, 64) != 0) {
        return -1;
    }
    if (corpus_is_written(c->kind)) {
        corpus events = *c;
        (void)written_pass(&events);
        if (bench_counted(written_pass, &events) != c->len + 1) {
            fprintf(stderr, "sse-bench: %s: not all of it was written\n",
                    c->name);
            return -1;
        }
        print_row("write", c);
    }
    return 0;
}
