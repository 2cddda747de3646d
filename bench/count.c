/*
 * count.c - sse-bench count: each corpus once, for a profiler.
 *
 * SPDX-License-Identifier: MIT
 */
#include "count.h"

#include "bench.h"
#include "machine.h"
#include "variant.h"

#include <stdio.h>

int bench_count(const options *o, const corpus *c)
{
    feed f;
    feed_init(&f, c, o->chunk);
    (void)feed_pass(&f); /* what is done at the first call alone is done */
    feed_init(&f, c, o->chunk);
    (void)bench_counted(&f);
    if (!feed_is_right(&f, "the parser")) {
        return -1;
    }
    printf("%s %s %s %lu\n", machine_compiler_key(), variant_name(), c->name,
           (unsigned long)c->blocks);
    return 0;
}
