/*
 * far_side.c - see far_side.h.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "far_side.h"

#include <sse/sock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct streams {
    sse_stream **all;
    size_t count, cap;
    unsigned long shorts;
};

static void forget(sse_stream *stream, int clean, void *user)
{
    struct streams *const streams = (struct streams *)user;
    (void)clean;
    for (size_t i = 0; i < streams->count; i++) {
        if (streams->all[i] == stream) {
            streams->all[i] = streams->all[--streams->count];
            return;
        }
    }
}

static void send_short(struct streams *streams, sse_stream *stream)
{
    char id[24];
    const unsigned long number = ++streams->shorts;
    const int len = snprintf(id, sizeof id, "%lu", number);
    const sse_event event =
        sse_event_with_id(sse_event_of_data("short", 5), id, (size_t)len);
    (void)sse_stream_event(stream, &event);
    if (number % 3 == 0) {
        (void)sse_stream_end(stream);
    } else if (number % 3 == 1) {
        sse_stream_abort(stream);
    } else {
        sse_stream_reset(stream);
    }
}

static void on_request(sse_request *request, void *user)
{
    struct streams *const streams = (struct streams *)user;
    sse_stream *stream = NULL;
    if (streams->count == streams->cap ||
        sse_stream_open(request, NULL, 0, &stream) != SSE_OK) {
        (void)sse_request_respond(request, 503, NULL, 0, "", 0);
    } else if (strcmp(sse_request_path(request), "/short") == 0) {
        send_short(streams, stream);
    } else {
        streams->all[streams->count++] = stream;
        sse_stream_on_close(stream, forget, streams);
        (void)sse_stream_write(stream, ":\n\n", 3);
    }
}

static void on_pipe(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    static char text[FAR_SIDE_DATA];
    const struct streams *const streams = (const struct streams *)user;
    char byte;
    (void)ready;
    memset(text, 'x', sizeof text);
    const sse_event event = sse_event_of_data(text, sizeof text);
    if (read(fd, &byte, 1) != 1) {
        sse_loop_stop(loop);
        return;
    }
    for (size_t i = 0; i < streams->count; i++) {
        (void)sse_stream_event(streams->all[i], &event);
    }
}

static int serve(int in, int out, size_t count)
{
    sse_loop *loop = NULL;
    sse_server *server = NULL;
    sse_server_config config;
    struct streams streams = {NULL, 0, count, 0};
    streams.all = (sse_stream **)calloc(count, sizeof *streams.all);
    sse_server_config_init(&config);
    config.max_conns = count + 100;
    if (streams.all == NULL || sse_loop_open(&loop) != SSE_OK ||
        sse_server_open(loop, &config, on_request, &streams, &server) !=
            SSE_OK ||
        sse_loop_fd_watch(loop, in, SSE_LOOP_READ, on_pipe, &streams) !=
            SSE_OK) {
        return 1;
    }
    const unsigned port = sse_server_port(server);
    if (write(out, &port, sizeof port) != (ssize_t)sizeof port) {
        return 1;
    }
    (void)close(out);
    const sse_status status = sse_loop_run(loop);
    sse_loop_fd_forget(loop, in);
    sse_server_close(server);
    sse_loop_close(loop);
    free(streams.all);
    return status == SSE_OK ? 0 : 1;
}

int far_side_start(struct far_side *far, size_t streams)
{
    int to[2], from[2];
    if (pipe(to) != 0 || pipe(from) != 0) {
        return 0;
    }
    (void)fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        (void)close(to[1]);
        (void)close(from[0]);
        _exit(serve(to[0], from[1], streams));
    }
    (void)close(to[0]);
    (void)close(from[1]);
    far->pipe = to[1];
    const int told = child > 0 && read(from[0], &far->port, sizeof far->port) ==
                                      (ssize_t)sizeof far->port;
    (void)close(from[0]);
    return told;
}

int far_side_tick(const struct far_side *far)
{
    return write(far->pipe, "", 1) == 1;
}

void far_side_stop(struct far_side *far)
{
    (void)close(far->pipe);
    (void)wait(NULL);
}
