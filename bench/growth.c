/*
 * growth.c - sse-bench growth: one very long line in small pieces.
 *
 * A parser that looks at the pending line again with every piece takes time
 * that grows with the square of its length.  The memory that a scratch grows
 * into was touched before: what the system takes for new pages is not the
 * parser's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"
#include "machine.h"
#include "measure.h"
#include "report.h"
#include "variant.h"

#include <sse/parser.h>
#include <sse/version.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((size_t)1 << 20)
#define MOST (16 * MIB)
#define POOL (2 * MOST)
#define FIRST_SCRATCH ((size_t)64 * 1024)

static const char name[] = "data: ";

typedef struct growth {
    char *pool[2]; /* a scratch grows from one into the other, or in one */
    char *text;    /* a line of `len` bytes, and the blank one */
    size_t len;    /* bytes of the data */
    size_t piece;  /* bytes of a feed */
    size_t found;  /* bytes of data that were delivered */
} growth;

static int on_event(const sse_event *event, void *user)
{
    growth *const g = (growth *)user;
    g->found += event->data_len;
    return SSE_GO;
}

static int on_fragment(const sse_fragment *fragment, void *user)
{
    growth *const g = (growth *)user;
    g->found += fragment->kind == SSE_FRAGMENT_DATA ? fragment->data_len : 0;
    return SSE_GO;
}

/* Feeds all of it; a scratch that is too small is doubled: `moves` is 1 if
 * that is in the other pool, 0 if it goes on where it is. */
static size_t pass(growth *g, sse_overflow policy, unsigned moves)
{
    size_t cap = FIRST_SCRATCH;
    unsigned turn = 0;
    sse_parser parser;
    const size_t len = g->len + sizeof name + 1;
    size_t at = 0;
    g->found = 0;
    sse_parser_init(&parser, g->pool[0], cap, on_event, g);
    sse_parser_set_overflow(&parser, policy, on_fragment);
    while (at < len) {
        size_t used = 0;
        const size_t left = len - at;
        const sse_status status = sse_parser_feed(
            &parser, g->text + at, left < g->piece ? left : g->piece, &used);
        at += used;
        if (status == SSE_NEED_SPACE) {
            cap *= 2;
            turn ^= moves;
            sse_parser_set_scratch(&parser, g->pool[turn], cap);
        } else if (status != SSE_OK) {
            break;
        }
    }
    return g->found;
}

static size_t pass_grow(void *user)
{
    return pass((growth *)user, SSE_OVERFLOW_GROW, 1);
}

static size_t pass_in_place(void *user)
{
    return pass((growth *)user, SSE_OVERFLOW_GROW, 0);
}

static size_t pass_fragments(void *user)
{
    return pass((growth *)user, SSE_OVERFLOW_FRAGMENTS, 0);
}

static void print_row(const options *o, const growth *g,
                      const contender list[3], unsigned disturbed)
{
    const double mib = (double)g->len / (double)MIB;
    const double grow = list[0].seconds * 1e3 / mib;
    const double in_place = list[1].seconds * 1e3 / mib;
    const double fragments = list[2].seconds * 1e3 / mib;
    if (o->json) {
        printf("{\"mode\":\"growth\",\"variant\":\"%s\",\"version\":\"%s\","
               "\"compiler\":\"%s\",\"cpu\":\"%s\",\"chunk\":%lu,"
               "\"bytes\":%lu,\"disturbed\":%u,\"grow_ms_per_mib\":%.4f,"
               "\"in_place_ms_per_mib\":%.4f,"
               "\"fragments_ms_per_mib\":%.4f}\n",
               variant_name(), sse_version(), machine_compiler(),
               machine_cpu(), (unsigned long)g->piece, (unsigned long)g->len,
               disturbed, grow, in_place, fragments);
    } else {
        if (g->len == MIB) {
            printf("growth: libsse %s, %s, %s, %s\n", sse_version(),
                   variant_name(), machine_compiler(), machine_cpu());
            printf("one data line in pieces of %lu bytes, medians of %u runs; "
                   "ms for each MiB of it\n", (unsigned long)g->piece, o->runs);
            printf("%-10s %10s %10s %10s\n", "", "grow", "in place",
                   "fragments");
        }
        printf("%3lu MiB    %10.3f %10.3f %10.3f",
               (unsigned long)(g->len / MIB), grow, in_place, fragments);
        report_end(disturbed);
    }
    fflush(stdout);
}

int bench_growth(const options *o)
{
    growth g = {{(char *)malloc(POOL), (char *)malloc(POOL)},
                (char *)malloc(MOST + sizeof name + 1), 0, o->chunk, 0};
    int result = 0;
    if (g.pool[0] == NULL || g.pool[1] == NULL || g.text == NULL) {
        fputs("sse-bench: no memory\n", stderr);
        result = -1;
    } else {
        memset(g.pool[0], 1, POOL);
        memset(g.pool[1], 1, POOL);
    }
    for (g.len = MIB; g.len <= MOST && result == 0; g.len *= 2) {
        const size_t begin = sizeof name - 1;
        memcpy(g.text, name, begin);
        memset(g.text + begin, 'x', g.len);
        memcpy(g.text + begin + g.len, "\n\n", 2);
        contender list[] = {
            {"grow", "grow", pass_grow, &g, 0, 0},
            {"in place", "in_place", pass_in_place, &g, 0, 0},
            {"fragments", "fragments", pass_fragments, &g, 0, 0},
        };
        if (pass_grow(&g) != g.len || pass_in_place(&g) != g.len ||
            pass_fragments(&g) != g.len) {
            fprintf(stderr, "sse-bench: growth: of %lu bytes %lu came back\n",
                    (unsigned long)g.len, (unsigned long)g.found);
            result = -1;
        } else {
            const unsigned disturbed = measure(list, 3, o->runs);
            print_row(o, &g, list, disturbed);
        }
    }
    free(g.pool[0]);
    free(g.pool[1]);
    free(g.text);
    return result;
}
