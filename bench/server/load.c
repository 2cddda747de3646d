/*
 * load.c - a load for servers of event streams, and what it costs them.
 *
 *   sse-bench-load fan    --conns N (--window W | --rate R) --seconds S
 *                         --size B [--stalled K] [--drain S] [--awake]
 *   sse-bench-load stream --conns N --events E --size B [--streams T]
 *                         [--reconnect]
 *   sse-bench-load idle   --from N --conns M
 *   sse-bench-load probe                       does anybody listen?
 *
 * and for all of them --port P --path /P [--pub-path /P] [--pid P] [--cpu C].
 * Figures come as NAME=VALUE lines.  Exit status: 0, 1 if something was lost,
 * doubled or refused (what, is told), 2 if the command line is wrong.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "load.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

uint64_t load_clock_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) +
           (uint64_t)now.tv_nsec;
}

void load_die(const char *what)
{
    (void)fprintf(stderr, "sse-bench-load: %s: %s\n", what, strerror(errno));
    exit(2);
}

void *load_alloc(size_t count, size_t size)
{
    void *const memory = calloc(count, size);
    if (memory == NULL) {
        load_die("memory");
    }
    return memory;
}

void load_request(struct load_conn *conn)
{
    struct load *const load = conn->load;
    char request[512];
    const int len = snprintf(request, sizeof request,
                             "GET %s HTTP/1.1\r\nHost: %s:%u\r\n"
                             "Accept: text/event-stream\r\n\r\n",
                             load->options.path, load->options.host,
                             load->options.port);
    conn->at = 0;
    sse_parser_reset(&conn->parser);
    load_conn_send(conn, request, (size_t)len);
}

void load_response(struct load_conn *conn)
{
    if (conn->kind == LOAD_PUBLISHER) {
        load_fan_response(conn);
    } else if (conn->load->options.streams > 0) {
        load_stream_end(conn);
    } else {
        conn->load->errors.cut++; /* a subscription has no end */
        load_conn_close(conn);
    }
}

static double number(const char *name, const char *text)
{
    char *end = NULL;
    const double value = text != NULL ? strtod(text, &end) : -1;
    if (text == NULL || end == text || *end != '\0' || value < 0) {
        (void)fprintf(stderr, "sse-bench-load: %s wants a number\n", name);
        exit(2);
    }
    return value;
}

/* One flag with its value.  0 if there is no such flag. */
static int set(struct load_options *options, const char *name,
               const char *value)
{
    const struct {
        const char *name;
        unsigned *number;
    } numbers[] = {
        {"--conns", &options->conns},     {"--stalled", &options->stalled},
        {"--window", &options->window},   {"--size", &options->size},
        {"--events", &options->events},   {"--streams", &options->streams},
        {"--from", &options->idle_from},  {"--port", &options->port}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(name, numbers[i].name) == 0) {
            *numbers[i].number = (unsigned)number(name, value);
            return 1;
        }
    }
    if (strcmp(name, "--rate") == 0) {
        options->rate = number(name, value);
    } else if (strcmp(name, "--seconds") == 0) {
        options->seconds = number(name, value);
    } else if (strcmp(name, "--drain") == 0) {
        options->drain = number(name, value);
    } else if (strcmp(name, "--pid") == 0) {
        options->pid = (int)number(name, value);
    } else if (strcmp(name, "--cpu") == 0) {
        options->cpu = (int)number(name, value);
    } else if (strcmp(name, "--path") == 0 && value != NULL) {
        options->path = value;
    } else if (strcmp(name, "--pub-path") == 0 && value != NULL) {
        options->pub_path = value;
    } else {
        return 0;
    }
    return 1;
}

static void read_options(struct load_options *options, int argc, char **argv)
{
    options->host = "127.0.0.1";
    options->path = "/topic/t";
    options->conns = 100;
    options->size = 200;
    options->seconds = 5;
    options->drain = 20;
    options->rate = 10;
    options->cpu = -1;
    options->mode = argc > 1 ? argv[1] : "";
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--reconnect") == 0) {
            options->reconnect = 1;
        } else if (strcmp(argv[i], "--awake") == 0) {
            options->awake = 1;
        } else if (set(options, argv[i], i + 1 < argc ? argv[i + 1] : NULL)) {
            i++;
        } else {
            (void)fprintf(stderr, "sse-bench-load: no flag %s\n", argv[i]);
            exit(2);
        }
    }
    if (options->pub_path == NULL) {
        options->pub_path = options->path;
    }
    if (options->size < 11 || options->stalled > options->conns ||
        options->idle_from > options->conns || options->port == 0) {
        (void)fprintf(stderr, "sse-bench-load: these flags do not fit "
                              "together; --port is needed\n");
        exit(2);
    }
}

static void prepare(struct load *load)
{
    const struct load_options *const options = &load->options;
    struct rlimit files;
    if (options->cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET((size_t)options->cpu, &set);
        (void)sched_setaffinity(0, sizeof set, &set);
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (load->epoll < 0) {
        load_die("epoll");
    }
    load->publishers = options->window > 0 ? options->window : 4;
    load->count = options->conns + load->publishers;
    load->conns =
        (struct load_conn *)load_alloc(load->count, sizeof *load->conns);
    const size_t cap = SSE_SCRATCH_MIN + 2 * (size_t)options->size + 1024;
    char *const scratch = (char *)load_alloc(options->conns, cap);
    const int fan = strcmp(options->mode, "stream") != 0;
    for (unsigned i = 0; i < options->conns; i++) {
        (void)sse_parser_init(&load->conns[i].parser, scratch + i * cap, cap,
                              fan ? load_fan_event : load_stream_event,
                              &load->conns[i]);
    }
}

static int report(const struct load_errors *errors)
{
    const struct {
        const char *name;
        uint64_t count;
    } rows[] = {{"connections refused", errors->connect},
                {"other answers", errors->status},
                {"events out of order, doubled or wrong", errors->order},
                {"deliveries lost", errors->lost},
                {"connections cut", errors->cut},
                {"publishes refused", errors->publish}};
    int code = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].count > 0) {
            (void)fprintf(stderr, "sse-bench-load: %s: %llu\n", rows[i].name,
                          (unsigned long long)rows[i].count);
            code = 1;
        }
    }
    printf("errors=%d\n", code);
    return code;
}

int main(int argc, char **argv)
{
    static struct load load;
    read_options(&load.options, argc, argv);
    prepare(&load);
    if (strcmp(load.options.mode, "fan") == 0) {
        load_fan(&load);
    } else if (strcmp(load.options.mode, "stream") == 0) {
        if (load.options.streams == 0) {
            load.options.streams = load.options.conns;
        }
        load_stream(&load);
    } else if (strcmp(load.options.mode, "idle") == 0) {
        load_idle(&load);
    } else if (strcmp(load.options.mode, "probe") == 0) {
        load_conn_begin(&load, 0, LOAD_PUBLISHER);
        while (load.ready == 0 && load.errors.connect == 0) {
            load_turn(&load, 100);
        }
        return load.errors.connect > 0;
    } else {
        (void)fprintf(stderr, "usage: sse-bench-load fan|stream|idle "
                              "--port P [FLAGS]; see bench/server/load.c\n");
        return 2;
    }
    return report(&load.errors);
}
