/*
 * load_stream.c - streams that the server ends by itself.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "load.h"

#include <stdio.h>

/* How long all of them may take. */
#define PATIENCE_NS UINT64_C(180000000000)

int load_stream_event(const sse_event *event, void *user)
{
    struct load_conn *const conn = (struct load_conn *)user;
    struct load *const load = conn->load;
    if (load_number(event) != conn->at ||
        event->data_len != load->options.size) {
        load->errors.order++;
    }
    conn->at++;
    load->events++;
    load->last_ns = load->now_ns;
    return SSE_GO;
}

/* The next stream, on this connection or on a new one. */
static void next(struct load_conn *conn)
{
    struct load *const load = conn->load;
    if (load->begun == load->options.streams) {
        return;
    }
    load->begun++;
    if (load->options.reconnect) {
        load_conn_close(conn);
        load_conn_begin(load, conn->index, LOAD_READER);
    } else {
        load_request(conn);
    }
}

void load_stream_end(struct load_conn *conn)
{
    struct load *const load = conn->load;
    if (conn->at != load->options.events) {
        load->errors.lost++;
    }
    load->done++;
    next(conn);
}

void load_stream(struct load *load)
{
    const struct load_options *const options = &load->options;
    const double cpu_s = load_cpu_s(options->pid);
    const uint64_t from = load_clock_ns();
    while (load->begun < options->conns && load->begun < options->streams) {
        load_conn_begin(load, load->begun, LOAD_READER);
        load->begun++;
    }
    do {
        load_turn(load, 100);
    } while (load->done < options->streams && load->errors.cut == 0 &&
             load->errors.connect == 0 && load->errors.status == 0 &&
             load->now_ns < from + PATIENCE_NS);
    load->errors.lost += options->streams - load->done;
    const double used_s = load_cpu_s(options->pid) - cpu_s;
    const double wall_s = (double)(load->last_ns - from) / 1e9;
    printf("streams=%u\nevents=%llu\nper_second=%.0f\ncpu_us=%.3f\n"
           "stream_cpu_us=%.3f\n",
           load->done, (unsigned long long)load->events,
           wall_s > 0 ? (double)load->events / wall_s : 0,
           load->events > 0 ? used_s * 1e6 / (double)load->events : 0,
           load->done > 0 ? used_s * 1e6 / (double)load->done : 0);
}
