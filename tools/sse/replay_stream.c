/*
 * replay_stream.c - one reader's stream.
 *
 * SPDX-License-Identifier: MIT
 */
#include "replay_serve.h"

#include "say.h"

#include <stdlib.h>
#include <string.h>

/* One stream. */
struct reader {
    struct replay_server *server;
    sse_stream *stream;
    sse_timer timer;
    struct player player;
};

static void on_stream_close(sse_stream *stream, int clean, void *user)
{
    struct reader *const reader = (struct reader *)user;
    (void)stream;
    if (reader->server->options->verbose) {
        say_more("* a stream ended %s, %llu bytes in",
                 clean ? "cleanly" : "early",
                 (unsigned long long)reader->player.at);
    }
    sse_timer_stop(reader->server->loop, &reader->timer);
    free(reader);
}

static void on_timer(sse_loop *loop, sse_timer *timer, void *user);

static void on_writable(sse_stream *stream, void *user)
{
    struct reader *const reader = (struct reader *)user;
    (void)stream;
    on_timer(reader->server->loop, &reader->timer, reader);
}

static void wait_for(struct reader *reader, uint64_t wait_us)
{
    const uint64_t ms = wait_us / 1000 + (wait_us % 1000 != 0);
    if (wait_us != PLAN_NEVER) {
        (void)sse_timer_start(reader->server->loop, &reader->timer, ms,
                              on_timer, reader);
    }
}

static void over(struct reader *reader, enum plan_end end)
{
    switch (end) {
    case PLAN_END:
        (void)sse_stream_end(reader->stream);
        break;
    case PLAN_CUT:
        sse_stream_abort(reader->stream);
        break;
    case PLAN_RESET:
        sse_stream_reset(reader->stream);
        break;
    }
}

/* One piece in each turn, so that each goes out as a chunk of its own. */
static void on_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    struct reader *const reader = (struct reader *)user;
    struct player_next next;
    (void)loop;
    (void)timer;
    switch (player_next(&reader->player, replay_now_us(), &next)) {
    case PLAYER_WAIT:
        wait_for(reader, next.wait_us);
        break;
    case PLAYER_BYTES: {
        const size_t len = next.len < REPLAY_BUFFER ? next.len : REPLAY_BUFFER;
        const sse_status status =
            sse_stream_write(reader->stream, next.bytes, len);
        if (status == SSE_OK) {
            player_took(&reader->player, len);
            wait_for(reader, 0);
        } else if (status != SSE_ERR_NO_SPACE && status != SSE_ERR_CLOSED) {
            sse_stream_abort(reader->stream);
        }
        break;
    }
    case PLAYER_OVER:
        /* A place is exact: what is before it goes out first. */
        if (next.end != PLAN_END &&
            sse_stream_space(reader->stream) < REPLAY_BUFFER) {
            wait_for(reader, 1000);
        } else {
            over(reader, next.end);
        }
        break;
    }
}

/* Where this reader begins; plan->len if it has everything. */
static size_t beginning(const struct replay_server *server,
                        const sse_request *request)
{
    const char *const id = sse_request_header(request, "Last-Event-ID");
    if (server->options->ignore_last_id || id == NULL || *id == '\0') {
        return 0;
    }
    const size_t at = plan_find_id(server->plan, id, strlen(id));
    return at == SIZE_MAX ? 0 : at;
}

int replay_stream(struct replay_server *server, sse_request *request,
                  int faults)
{
    const size_t at = beginning(server, request);
    if (at > 0 && at >= server->plan->len && !server->options->loop) {
        return 204;
    }
    struct reader *const reader = (struct reader *)calloc(1, sizeof *reader);
    if (reader == NULL ||
        sse_stream_open(request, server->headers, server->header_count,
                        &reader->stream) != SSE_OK) {
        free(reader);
        return 503;
    }
    reader->server = server;
    reader->player.speed = server->options->speed;
    reader->player.loop = server->options->loop;
    reader->player.faults = faults;
    sse_stream_on_close(reader->stream, on_stream_close, reader);
    sse_stream_on_writable(reader->stream, on_writable, reader);
    player_begin(&reader->player, server->plan, at, replay_now_us());
    on_timer(server->loop, &reader->timer, reader);
    return 0;
}
