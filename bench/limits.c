/*
 * limits.c - sse-bench limits: what memory and the processor allow at most.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"
#include "limits.h"
#include "machine.h"
#include "measure.h"

#include <sse/version.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST ((size_t)64 << 20)

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

static double rate(const memory *m, const contender *c)
{
    return (double)m->len / (c->seconds > 0 ? c->seconds : 1e-9) / 1e9;
}

static void print_row(const options *o, const memory *m,
                      const contender *list, size_t count, int first)
{
    if (o->json) {
        printf("{\"mode\":\"limits\",\"version\":\"%s\",\"compiler\":\"%s\","
               "\"cpu\":\"%s\",\"loads\":%u,\"bytes\":%lu",
               sse_version(), machine_compiler(), machine_cpu(),
               limit_width(), (unsigned long)m->len);
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
        putchar('\n');
    }
    fflush(stdout);
}

int bench_limits(const options *o)
{
    static const size_t sizes[] = {(size_t)16 << 10, (size_t)256 << 10,
                                   (size_t)1 << 20, MOST};
    memory m = {(char *)malloc(MOST + 64), (char *)malloc(MOST + 64), 0};
    const int enough = m.from != NULL && m.to != NULL;
    if (enough) {
        memset(m.from, 'x', MOST + 64);
        memset(m.to, 'y', MOST + 64);
        contender list[] = {
            {"read", "read", pass_read, &m, 0, 0},
            {"masks", "masks", pass_masks, &m, 0, 0},
            {"memchr", "memchr", pass_memchr, &m, 0, 0},
            {"memcpy", "memcpy", pass_memcpy, &m, 0, 0},
        };
        const size_t count = sizeof list / sizeof list[0];
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            m.len = sizes[i];
            measure(list, count, o->runs);
            print_row(o, &m, list, count, i == 0);
        }
    } else {
        fputs("sse-bench: no memory\n", stderr);
    }
    free(m.from);
    free(m.to);
    return enough ? 0 : -1;
}
