/*
 * scan.c - sse-bench scan: the index of line ends alone.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"
#include "measure.h"
#include "report.h"
#include "rivals.h"
#include "variant.h"

#include <stdio.h>

static size_t pass_index(void *user)
{
    const corpus *const c = (const corpus *)user;
    return variant_index(c->text, c->len);
}

static size_t pass_memchr(void *user)
{
    const corpus *const c = (const corpus *)user;
    return rival_memchr(c->text, c->len);
}

int bench_scan(const options *o, const corpus *c)
{
    corpus text = *c;
    const size_t found = variant_index(c->text, c->len);
    const size_t wanted = variant_index_expected(c->text, c->len);
    if (found != wanted) {
        fprintf(stderr, "sse-bench: %s: the index has %lu entries, there are "
                "%lu\n", c->name, (unsigned long)found,
                (unsigned long)wanted);
        return -1;
    }
    contender list[] = {
        {"libsse", "libsse", pass_index, &text, 0, 0},
        {"memchr", "memchr", pass_memchr, &text, 0, 0},
    };
    const size_t count = sizeof list / sizeof list[0];
    const unsigned disturbed = measure(list, count, o->runs);
    const report_row row = {c,    c->len, c->blocks,
                            c->events > 0 ? "event" : "comment",
                            list, count, disturbed};
    report(o, &row);
    return 0;
}
