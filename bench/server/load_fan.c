/*
 * load_fan.c - subscribers of one topic, and who publishes to it.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Quiet time before memory is read and before the load begins. */
#define SETTLE_NS UINT64_C(300000000)

/* The most messages of one run. */
#define MESSAGES_MAX (UINT64_C(1) << 20)

uint64_t load_number(const sse_event *event)
{
    uint64_t number = 0;
    if (event->data_len < 10) {
        return UINT64_MAX;
    }
    for (int i = 0; i < 10; i++) {
        const unsigned digit = (unsigned)(unsigned char)event->data[i] - '0';
        if (digit > 9) {
            return UINT64_MAX;
        }
        number = number * 10 + digit;
    }
    return number;
}

/* The first reader to come so far says which message is in this place; all
 * others must agree. */
int load_fan_event(const sse_event *event, void *user)
{
    struct load_conn *const conn = (struct load_conn *)user;
    struct load *const load = conn->load;
    const uint64_t number = load_number(event);
    if (number >= load->published ||
        event->data_len != load->options.size) {
        load->errors.order++;
        return SSE_GO;
    }
    if (conn->at == load->ordered) {
        load->order[load->ordered++] = (uint32_t)number;
    } else if (load->order[conn->at] != number) {
        load->errors.order++;
    }
    load_fan_got(conn, number);
    return SSE_GO;
}

void load_fan_got(struct load_conn *conn, uint64_t number)
{
    struct load *const load = conn->load;
    conn->at++;
    load->events++;
    load->last_ns = load->now_ns;
    struct load_message *const message = &load->messages[number];
    if (++message->got == load->options.conns - load->options.stalled) {
        load->latency[load->complete++] =
            (double)(load->now_ns - message->sent_ns) / 1e6;
        load->conns[message->publisher].pending = 0;
    }
}

static void publish(struct load_conn *conn, uint64_t sent_ns)
{
    static char request[65536];
    struct load *const load = conn->load;
    const struct load_options *const options = &load->options;
    const int head = snprintf(
        request, sizeof request,
        "POST %s HTTP/1.1\r\nHost: %s:%u\r\nContent-Type: text/plain\r\n"
        "Content-Length: %u\r\n\r\n%010llu ",
        options->pub_path, options->host, options->port, options->size,
        (unsigned long long)load->published);
    const size_t len = (size_t)head - 11 + options->size;
    if (load->published == MESSAGES_MAX || len > sizeof request) {
        load_die("too many or too large messages");
    }
    memset(request + head, 'x', len - (size_t)head);
    struct load_message *const message = &load->messages[load->published];
    message->sent_ns = sent_ns;
    message->publisher = conn->index;
    conn->message = load->published++;
    conn->busy = 1;
    conn->pending = 1;
    load_conn_send(conn, request, len);
}

void load_fan_response(struct load_conn *conn)
{
    conn->busy = 0;
    conn->load->acknowledged++;
}

static void rest(struct load *load, uint64_t ns)
{
    const uint64_t until = load_clock_ns() + ns;
    do {
        load_turn(load, 10);
    } while (load->now_ns < until);
}

/* Each publisher publishes again when its message has come everywhere. */
static void by_window(struct load *load, uint64_t until)
{
    while (load->now_ns < until) {
        for (unsigned i = 0; i < load->publishers; i++) {
            struct load_conn *const conn =
                &load->conns[load->options.conns + i];
            if (!conn->busy && !conn->pending && conn->state == LOAD_READY) {
                publish(conn, load->now_ns);
            }
        }
        load_turn(load, 10);
    }
}

static uint64_t drain_ns(const struct load *load)
{
    return (uint64_t)(load->options.drain * 1e9);
}

/* Publishes at fixed moments, by whichever publisher is free.  The moment it
 * was due counts, not the one it could be sent. */
static void by_rate(struct load *load, uint64_t from, uint64_t until)
{
    const double gap_ns = 1e9 / load->options.rate;
    uint64_t count = 0;
    for (;;) {
        const uint64_t due = from + (uint64_t)((double)count * gap_ns);
        if (due >= until) {
            return;
        }
        if (load->now_ns < due) {
            load_turn(load, (int)((due - load->now_ns) / 1000000));
            continue;
        }
        unsigned i = 0;
        while (i < load->publishers &&
               load->conns[load->options.conns + i].busy) {
            i++;
        }
        if (i < load->publishers) {
            publish(&load->conns[load->options.conns + i], due);
            count++;
        } else {
            load_turn(load, 1);
        }
        if (load->now_ns > until + drain_ns(load)) {
            return;
        }
    }
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(const double *values, uint64_t count, double q)
{
    return count == 0 ? 0 : values[(uint64_t)((double)(count - 1) * q)];
}

static void connect_publishers(struct load *load)
{
    const unsigned all = load->options.conns + load->publishers;
    for (unsigned i = load->options.conns; i < all; i++) {
        load_conn_begin(load, i, LOAD_PUBLISHER);
    }
    while (load->ready < all && load->errors.connect == 0) {
        load_turn(load, 100);
    }
}

static void count_lost(struct load *load)
{
    const unsigned readers = load->options.conns - load->options.stalled;
    for (unsigned i = 0; i < readers; i++) {
        load->errors.lost += load->published - load->conns[i].at;
    }
}

void load_fan(struct load *load)
{
    const struct load_options *const options = &load->options;
    const int pid = options->pid;
    const double kernel_empty = load_kernel_kib();
    load->messages = (struct load_message *)load_alloc(
        MESSAGES_MAX, sizeof *load->messages);
    load->order = (uint32_t *)load_alloc(MESSAGES_MAX, sizeof *load->order);
    load->latency = (double *)load_alloc(MESSAGES_MAX, sizeof *load->latency);
    load_text_open(load, MESSAGES_MAX);
    load_connect(load, options->conns);
    connect_publishers(load);
    rest(load, SETTLE_NS);
    const double user_kib = load_user_kib(pid);
    const double kernel_kib = load_kernel_kib();
    const double cpu_s = load_cpu_s(pid);
    const uint64_t from = load_clock_ns();
    const uint64_t until = from + (uint64_t)(options->seconds * 1e9);
    load->now_ns = from;
    if (options->window > 0) {
        by_window(load, until);
    } else {
        by_rate(load, from, until);
    }
    while (load->complete < load->published &&
           load->now_ns < until + drain_ns(load)) {
        load_turn(load, 10);
    }
    const double wall_s = (double)(load->last_ns - from) / 1e9;
    rest(load, SETTLE_NS);
    const double used_s = load_cpu_s(pid) - cpu_s;
    count_lost(load);
    qsort(load->latency, load->complete, sizeof *load->latency, by_value);
    printf("deliveries=%llu\npublished=%llu\nper_second=%.0f\n"
           "cpu_us=%.3f\nlast_p50_ms=%.3f\nlast_p99_ms=%.3f\n",
           (unsigned long long)load->events,
           (unsigned long long)load->published,
           wall_s > 0 ? (double)load->events / wall_s : 0,
           load->events > 0 ? used_s * 1e6 / (double)load->events : 0,
           quantile(load->latency, load->complete, 0.5),
           quantile(load->latency, load->complete, 0.99));
    printf("user_kib=%.0f\nuser_more_kib=%.0f\nkernel_empty_kib=%.0f\n"
           "kernel_more_kib=%.0f\n",
           user_kib, load_user_kib(pid) - user_kib, kernel_empty,
           load_kernel_kib() - kernel_kib);
}

void load_idle(struct load *load)
{
    const struct load_options *const options = &load->options;
    load_connect(load, options->idle_from);
    rest(load, SETTLE_NS);
    const double before_kib = load_user_kib(options->pid);
    const double kernel_kib = load_kernel_kib();
    load_connect(load, options->conns);
    rest(load, SETTLE_NS);
    const double more = (double)(options->conns - options->idle_from);
    printf("idle_bytes=%.1f\nidle_kernel_bytes=%.1f\n",
           (load_user_kib(options->pid) - before_kib) * 1024 / more,
           (load_kernel_kib() - kernel_kib) * 1024 / more);
}
