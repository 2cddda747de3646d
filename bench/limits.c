/*
 * limits.c - sse-bench limits: what memory and the processor allow at most.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"
#include "feed.h"
#include "limits.h"
#include "machine.h"
#include "measure.h"
#include "report.h"

#include <sse/parser.h>
#include <sse/version.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST ((size_t)64 << 20)

/* Of the cache. */
#define LINE ((size_t)64)

typedef struct memory {
    char *from, *to;
    size_t len;
} memory;

static size_t pass_read(void *user)
{
    const memory *const m = (const memory *)user;
    return limit_read(m->from, m->len);
}

static size_t pass_masks(void *user)
{
    const memory *const m = (const memory *)user;
    return limit_masks(m->from, m->len);
}

/* A byte that is not there. */
static size_t pass_memchr(void *user)
{
    const memory *const m = (const memory *)user;
    return memchr(m->from, '\n', m->len) != NULL;
}

static size_t pass_memcpy(void *user)
{
    const memory *const m = (const memory *)user;
    memcpy(m->to, m->from, m->len);
    return (unsigned char)m->to[m->len / 2];
}

typedef struct calls {
    sse_event_fn callback;
    tally found;
} calls;

/* As what a parser calls in `parse`. */
static int on_event(const sse_event *event, void *user)
{
    tally_event((tally *)user, event);
    return SSE_GO;
}

#define CALLS ((size_t)1000)

/* Events without a parser. */
static size_t pass_calls(void *user)
{
    calls *const c = (calls *)user;
    sse_event event;
    memset(&event, 0, sizeof event);
    for (size_t i = 0; i < CALLS; i++) {
        event.data_len = i & 7;
        event.offset = i;
        if (c->callback(&event, &c->found) != SSE_GO) {
            break;
        }
    }
    return c->found.data_bytes;
}

/* What nothing that calls for each event can go below. */
static void print_calls(const options *o)
{
    volatile sse_event_fn chosen = on_event;
    calls c = {chosen, {0, NULL, 0}};
    contender list[] = {{"callback", "callback", pass_calls, &c, 0, 0}};
    const unsigned disturbed = measure(list, 1, o->runs);
    const double ns = list[0].seconds * 1e9 / (double)CALLS;
    if (o->json) {
        printf("{\"mode\":\"limits\",\"version\":\"%s\",\"compiler\":\"%s\","
               "\"cpu\":\"%s\",\"disturbed\":%u,\"callback_ns\":%.4f}\n",
               sse_version(), machine_compiler(), machine_cpu(), disturbed,
               ns);
    } else {
        printf("a callback that counts events and bytes: %.2f ns each", ns);
        report_end(disturbed);
    }
    fflush(stdout);
}

static double rate(const memory *m, const contender *c)
{
    return (double)m->len / (c->seconds > 0 ? c->seconds : 1e-9) / 1e9;
}

static void print_row(const options *o, const memory *m,
                      const contender *list, size_t count, int first,
                      unsigned disturbed)
{
    if (o->json) {
        printf("{\"mode\":\"limits\",\"version\":\"%s\",\"compiler\":\"%s\","
               "\"cpu\":\"%s\",\"loads\":%u,\"disturbed\":%u,\"bytes\":%lu",
               sse_version(), machine_compiler(), machine_cpu(),
               limit_width(), disturbed, (unsigned long)m->len);
        for (size_t i = 0; i < count; i++) {
            printf(",\"%s_gb_per_s\":%.4f", list[i].name, rate(m, &list[i]));
        }
        puts("}");
    } else {
        if (first) {
            printf("limits: %s, %s; loads of %u bytes, GB/s, medians of %u "
                   "runs\n", machine_compiler(), machine_cpu(), limit_width(),
                   o->runs);
            printf("%-10s %9s %9s %9s %9s\n", "bytes", "read", "masks",
                   "memchr", "memcpy");
        }
        printf("%-10lu", (unsigned long)m->len);
        for (size_t i = 0; i < count; i++) {
            printf(" %9.2f", rate(m, &list[i]));
        }
        report_end(disturbed);
    }
    fflush(stdout);
}

static char *at_line(char *begin)
{
    return begin + (LINE - (uintptr_t)begin % LINE);
}

int bench_limits(const options *o)
{
    static const size_t sizes[] = {(size_t)16 << 10, (size_t)256 << 10,
                                   (size_t)1 << 20, MOST};
    char *const from = (char *)malloc(MOST + LINE);
    char *const to = (char *)malloc(MOST + LINE);
    const int enough = from != NULL && to != NULL;
    if (enough) {
        memset(from, 'x', MOST + LINE);
        memset(to, 'y', MOST + LINE);
        memory m = {at_line(from), at_line(to), 0};
        contender list[] = {
            {"read", "read", pass_read, &m, 0, 0},
            {"masks", "masks", pass_masks, &m, 0, 0},
            {"memchr", "memchr", pass_memchr, &m, 0, 0},
            {"memcpy", "memcpy", pass_memcpy, &m, 0, 0},
        };
        const size_t count = sizeof list / sizeof list[0];
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            m.len = sizes[i];
            const unsigned disturbed = measure(list, count, o->runs);
            print_row(o, &m, list, count, i == 0, disturbed);
        }
        print_calls(o);
    } else {
        fputs("sse-bench: no memory\n", stderr);
    }
    free(from);
    free(to);
    return enough ? 0 : -1;
}
