/*
 * main.c - how much a stream takes: many of them in one thread, and many
 * connections one after another.
 *
 * SPDX-License-Identifier: MIT
 *
 *   sse-bench-clients [--transport curl|sock] [--streams N] [--rounds N]
 *   sse-bench-clients [--transport curl|sock] --soak RECONNECTS
 *
 * The first opens N streams, then sends an event of 250 bytes to each of them
 * and waits until all have come, again and again, so that each event costs a
 * read of its own.  Memory is this process's without the system's buffers.
 * The second reconnects as often and fails unless it holds as much heap and as
 * many files in the last tenth as in the first.
 */
#define _POSIX_C_SOURCE 200809L

#include "crowd.h"
#include "far_side.h"
#include "usage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPENING 200 /* requests under way at a time */
#define SOAK_STREAMS 4
#define SOAK_SLACK_BYTES 49152u

struct options {
    const char *transport; /* NULL: all */
    size_t streams, rounds, soak;
};

static const struct transport *const transports[] = {
#if defined(SSE_HAVE_CURL)
    &transport_curl,
#endif
    &transport_sock,
};

static void until_opened(struct crowd *crowd)
{
    if (crowd->opened + crowd->ended >= crowd->target) {
        sse_loop_stop(crowd->loop);
    }
}

static void until_heard(struct crowd *crowd)
{
    if (crowd->events >= crowd->target || crowd->ended > 0) {
        sse_loop_stop(crowd->loop);
    }
}

static void until_reconnected(struct crowd *crowd)
{
    if (crowd->reconnects >= crowd->target || crowd->ended > 0) {
        sse_loop_stop(crowd->loop);
    }
}

static int fail(const struct transport *transport, const char *what)
{
    (void)fprintf(stderr, "streams: %s: %s\n", transport->name, what);
    return 1;
}

static int open_all(struct crowd *crowd, const struct transport *transport,
                    const char *url, size_t count)
{
    for (size_t made = 0; made < count;) {
        const size_t more = count - made < OPENING ? count - made : OPENING;
        for (size_t i = 0; i < more; i++) {
            if (!transport->add(crowd, url)) {
                return 0;
            }
        }
        made += more;
        crowd->changed = until_opened;
        crowd->target = made;
        if (sse_loop_run(crowd->loop) != SSE_OK || crowd->ended > 0) {
            return 0;
        }
    }
    return 1;
}

/* An event to each stream, and back when all were heard. */
static int play(struct crowd *crowd, const struct far_side *far,
                size_t streams)
{
    crowd->changed = until_heard;
    crowd->target = (size_t)crowd->events + streams;
    return far_side_tick(far) && sse_loop_run(crowd->loop) == SSE_OK &&
           crowd->ended == 0 && crowd->reconnects == 0;
}

static int measure(const struct transport *transport,
                   const struct far_side *far, const struct options *options,
                   const char *url)
{
    struct crowd crowd = {NULL, 0, 0, 0, 0, until_opened, 0};
    const size_t n = options->streams;
    if (sse_loop_open(&crowd.loop) != SSE_OK ||
        !transport->begin(&crowd, n)) {
        return fail(transport, "cannot begin");
    }
    const size_t heap = usage_heap();
    const size_t resident = usage_resident();
    double cpu = usage_cpu();
    if (!open_all(&crowd, transport, url, n)) {
        return fail(transport, "not all streams opened");
    }
    const double opening = usage_cpu() - cpu;
    /* The first is for what is taken with the first event. */
    int good = play(&crowd, far, n);
    const double heap_each = (double)(usage_heap() - heap) / (double)n;
    const double resident_each =
        (double)(usage_resident() - resident) / (double)n;
    cpu = usage_cpu();
    for (size_t i = 0; good && i < options->rounds; i++) {
        good = play(&crowd, far, n);
    }
    cpu = usage_cpu() - cpu;
    if (!good) {
        return fail(transport, "a stream was lost");
    }
    printf("%-9s %8lu %12.1f %12.1f %12.1f %12.2f\n", transport->name,
           (unsigned long)n, heap_each / 1024, resident_each / 1024,
           opening * 1e6 / (double)n,
           cpu * 1e6 / (double)(n * options->rounds));
    transport->end();
    sse_loop_close(crowd.loop);
    return 0;
}

/* The least that was held during a tenth of the soak: what streams hold while
 * they connect comes and goes. */
struct held {
    size_t heap, descriptors;
};

static int soak_tenth(struct crowd *crowd, size_t reconnects,
                      struct held *held)
{
    const size_t before = crowd->target;
    held->heap = SIZE_MAX;
    held->descriptors = SIZE_MAX;
    for (size_t part = 1; part <= 10; part++) {
        crowd->target = before + reconnects * part / 10;
        if (sse_loop_run(crowd->loop) != SSE_OK || crowd->ended > 0) {
            return 0;
        }
        const size_t heap = usage_heap();
        const size_t descriptors = usage_descriptors();
        held->heap = heap < held->heap ? heap : held->heap;
        held->descriptors = descriptors < held->descriptors
                                ? descriptors
                                : held->descriptors;
    }
    return 1;
}

static int soak(const struct transport *transport,
                const struct options *options, const char *url)
{
    struct crowd crowd = {NULL, 0, 0, 0, 0, until_reconnected, 0};
    struct held first = {0, 0};
    struct held last = {0, 0};
    if (sse_loop_open(&crowd.loop) != SSE_OK ||
        !transport->begin(&crowd, SOAK_STREAMS)) {
        return fail(transport, "cannot begin");
    }
    for (size_t i = 0; i < SOAK_STREAMS; i++) {
        if (!transport->add(&crowd, url)) {
            return fail(transport, "cannot open a stream");
        }
    }
    for (int tenth = 0; tenth < 10; tenth++) {
        if (!soak_tenth(&crowd, options->soak / 10, &last)) {
            return fail(transport, "a stream ended");
        }
        first = tenth == 0 ? last : first;
    }
    printf("%-9s %8lu reconnects, %lu events; held in the first tenth %lu KiB "
           "of heap and %lu files, in the last %lu and %lu\n",
           transport->name, (unsigned long)crowd.reconnects,
           (unsigned long)crowd.events, (unsigned long)(first.heap / 1024),
           (unsigned long)first.descriptors, (unsigned long)(last.heap / 1024),
           (unsigned long)last.descriptors);
    transport->end();
    sse_loop_close(crowd.loop);
    if (last.heap > first.heap + SOAK_SLACK_BYTES ||
        last.descriptors > first.descriptors + SOAK_STREAMS) {
        return fail(transport, "it grows");
    }
    /* A third ends cleanly; what precedes an abort need not arrive. */
    return crowd.events * 4 > options->soak ? 0
                                            : fail(transport, "no events");
}

static int read_options(int argc, char **argv, struct options *options)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        const size_t number = strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--transport") == 0) {
            options->transport = argv[i + 1];
        } else if (strcmp(argv[i], "--streams") == 0) {
            options->streams = number;
        } else if (strcmp(argv[i], "--rounds") == 0) {
            options->rounds = number;
        } else if (strcmp(argv[i], "--soak") == 0) {
            options->soak = number;
        } else {
            return 0;
        }
    }
    return argc % 2 == 1 && options->streams > 0 && options->rounds > 0;
}

/* One transport, with a server of its own. */
static int run(const struct transport *transport,
               const struct options *options)
{
    struct far_side far;
    char url[64];
    if (!far_side_start(&far, options->streams + 10)) {
        return fail(transport, "the server does not start");
    }
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/%s", far.port,
                   options->soak > 0 ? "short" : "");
    const int failed = options->soak > 0
                           ? soak(transport, options, url)
                           : measure(transport, &far, options, url);
    far_side_stop(&far);
    return failed;
}

/* In a process of its own, so that no transport finds memory that another
 * one has left behind. */
static int run_apart(const struct transport *transport,
                     const struct options *options)
{
    int status = 1;
    (void)fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        const int failed = run(transport, options);
        (void)fflush(stdout);
        _exit(failed);
    }
    return child < 0 || waitpid(child, &status, 0) != child || status != 0;
}

int main(int argc, char **argv)
{
    struct options options = {NULL, 5000, 20, 0};
    int failed = 0, ran = 0;
    if (!read_options(argc, argv, &options)) {
        (void)fprintf(stderr, "usage: sse-bench-clients [--transport "
                              "curl|sock] [--streams N] [--rounds N] "
                              "[--soak N]\n");
        return 2;
    }
    const size_t files = options.streams + 100;
    if (usage_allow_descriptors(files) < files) {
        (void)fprintf(stderr, "streams: %lu descriptors are not allowed\n",
                      (unsigned long)files);
        return 1;
    }
    if (options.soak == 0) {
        printf("%-9s %8s %12s %12s %12s %12s\n", "transport", "streams",
               "heap KiB", "resident KiB", "us to open", "us an event");
    }
    for (size_t i = 0; i < sizeof transports / sizeof transports[0]; i++) {
        if (options.transport == NULL ||
            strcmp(options.transport, transports[i]->name) == 0) {
            ran = 1;
            failed |= run_apart(transports[i], &options);
        }
    }
    return ran ? failed : 2;
}
