/*
 * conn.c - a connection's life: its socket, its states, its time limits.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "server.h"

#include <stdlib.h>
#include <sys/socket.h>

/* How long to read on behind an answer that ends a connection.  Closing with
 * bytes unread would have the system send a reset, which can reach the peer
 * before it has read the answer (RFC 9112, "Tear-down"). */
#define LINGER_MS 5000u
#define LINGER_REFUSED_MS 1000u

static void on_ready(sse_loop *loop, int fd, uint32_t ready, void *user);

sse_priv_conn *sse_priv_conn_open(sse_server *server, int fd)
{
    sse_priv_conn *const conn = (sse_priv_conn *)calloc(1, sizeof *conn);
    if (conn == NULL) {
        return NULL;
    }
    conn->server = server;
    conn->fd = fd;
    conn->counted = SSE_PRIV_NO_PEER;
    conn->interest = SSE_LOOP_READ;
    sse_priv_conn_enter(conn, SSE_PRIV_CONN_IDLE);
    if (sse_loop_fd_watch(server->loop, fd, conn->interest, on_ready, conn) !=
        SSE_OK) {
        free(conn);
        return NULL;
    }
    sse_priv_list_append(&server->conns, &conn->all);
    server->stats.conns++;
    server->stats.accepted++;
    return conn;
}

/* HTTP/1.0 has no mark of the end but the end itself, so a stream that broke
 * off must not look like one that ended: a reset tells them apart. */
static void reset_if_unmarked(const sse_priv_conn *conn)
{
    const sse_request *const request = conn->request;
    const sse_stream *const stream = request != NULL ? request->stream : NULL;
    if (stream != NULL &&
        (stream->reset || (stream->committed && !stream->chunked))) {
        const struct linger reset = {1, 0};
        (void)setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &reset,
                         sizeof reset);
    }
}

void sse_priv_conn_close(sse_priv_conn *conn)
{
    sse_server *const server = conn->server;
    if (conn->state == SSE_PRIV_CONN_DEAD) {
        return;
    }
    reset_if_unmarked(conn);
    conn->state = SSE_PRIV_CONN_DEAD;
    sse_loop_fd_close(server->loop, conn->fd);
    sse_priv_peers_leave(server, conn->counted);
    sse_timer_stop(server->loop, &conn->timer);
    sse_priv_list_remove(&conn->touched);
    sse_priv_list_remove(&conn->all);
    sse_priv_list_append(&server->dead, &conn->all);
    server->stats.conns--;
    server->refusals -= conn->refusal;
    sse_priv_buf_free(&conn->out);
    sse_priv_buf_free(&conn->ahead);
    if (server->loop->in_turn) {
        sse_priv_loop_add_burial(server->loop, &server->bury);
    }
    sse_request *const request = conn->request;
    conn->request = NULL;
    if (request != NULL) {
        sse_priv_request_free(request, 0);
    }
    sse_priv_server_check_drained(server);
}

void sse_priv_conn_touch(sse_priv_conn *conn)
{
    if (conn->state != SSE_PRIV_CONN_DEAD && conn->touched.next == NULL) {
        sse_priv_list_append(&conn->server->touched, &conn->touched);
        sse_priv_loop_add_task(conn->server->loop, &conn->server->work);
    }
}

void sse_priv_conn_enter(sse_priv_conn *conn, sse_priv_conn_state state)
{
    conn->state = (uint8_t)state;
    conn->since_ms = sse_loop_now_ms(conn->server->loop);
}

static uint32_t interest_of(const sse_priv_conn *conn)
{
    /* While bytes of a later request wait, no more are read. */
    const uint32_t read = conn->ahead == NULL ? SSE_LOOP_READ : 0;
    uint32_t interest = 0;
    if (!conn->eof) {
        switch ((sse_priv_conn_state)conn->state) {
        case SSE_PRIV_CONN_IDLE:
        case SSE_PRIV_CONN_HEAD:
        case SSE_PRIV_CONN_BODY:
            interest = read;
            break;
        case SSE_PRIV_CONN_BUSY:
            interest = read != 0 ? read : SSE_LOOP_HANGUP;
            break;
        case SSE_PRIV_CONN_LINGER:
            interest = SSE_LOOP_READ;
            break;
        case SSE_PRIV_CONN_CLOSING:
        case SSE_PRIV_CONN_DEAD:
            break;
        }
    }
    return conn->blocked ? interest | SSE_LOOP_WRITE : interest;
}

/* When the state it is in runs out; UINT64_MAX for never. */
static uint64_t state_deadline(const sse_priv_conn *conn)
{
    const sse_server_config *const config = &conn->server->config;
    const sse_stream *const stream =
        conn->request != NULL ? conn->request->stream : NULL;
    switch ((sse_priv_conn_state)conn->state) {
    case SSE_PRIV_CONN_IDLE:
        if (sse_priv_conn_has_output(conn)) {
            break;
        }
        return (conn->sent_ms > conn->since_ms ? conn->sent_ms
                                               : conn->since_ms) +
               (conn->served ? config->idle_timeout_ms
                             : config->head_timeout_ms);
    case SSE_PRIV_CONN_HEAD:
        return conn->since_ms + config->head_timeout_ms;
    case SSE_PRIV_CONN_BODY:
        return conn->since_ms + config->body_timeout_ms;
    case SSE_PRIV_CONN_BUSY:
        if (stream != NULL && !stream->ended && config->keep_alive_ms != 0) {
            return stream->wrote_ms + config->keep_alive_ms;
        }
        break;
    case SSE_PRIV_CONN_LINGER:
        return conn->since_ms +
               (conn->refusal ? LINGER_REFUSED_MS : LINGER_MS);
    case SSE_PRIV_CONN_CLOSING:
    case SSE_PRIV_CONN_DEAD:
        break;
    }
    return UINT64_MAX;
}

static uint64_t write_deadline(const sse_priv_conn *conn)
{
    return conn->blocked
               ? conn->sent_ms + conn->server->config.write_timeout_ms
               : UINT64_MAX;
}

static void on_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    sse_priv_conn *const conn = (sse_priv_conn *)user;
    const uint64_t now_ms = sse_loop_now_ms(loop);
    (void)timer;
    if (now_ms >= write_deadline(conn)) {
        conn->server->stats.stalled++;
        sse_priv_conn_close(conn);
        return;
    }
    if (now_ms >= state_deadline(conn)) {
        switch ((sse_priv_conn_state)conn->state) {
        case SSE_PRIV_CONN_IDLE:
        case SSE_PRIV_CONN_LINGER:
            sse_priv_conn_close(conn);
            return;
        case SSE_PRIV_CONN_HEAD:
        case SSE_PRIV_CONN_BODY:
            sse_priv_conn_fail(conn, 408);
            break;
        case SSE_PRIV_CONN_BUSY:
            sse_priv_stream_comment(conn->request->stream);
            break;
        case SSE_PRIV_CONN_CLOSING:
        case SSE_PRIV_CONN_DEAD:
            break;
        }
    }
    if (conn->state != SSE_PRIV_CONN_DEAD) {
        sse_priv_conn_settle(conn);
    }
}

void sse_priv_conn_settle(sse_priv_conn *conn)
{
    sse_loop *const loop = conn->server->loop;
    const uint32_t interest = interest_of(conn);
    if (interest != conn->interest) {
        if (sse_loop_fd_watch(loop, conn->fd, interest, on_ready, conn) !=
            SSE_OK) {
            sse_priv_conn_close(conn);
            return;
        }
        conn->interest = (uint8_t)interest;
    }
    const uint64_t state_ms = state_deadline(conn);
    const uint64_t write_ms = write_deadline(conn);
    const uint64_t next_ms = state_ms < write_ms ? state_ms : write_ms;
    /* A timer that is due sooner than needed is left alone: when it is due it
     * comes by here again.  So a stream can write without touching it. */
    if (next_ms == UINT64_MAX) {
        sse_timer_stop(loop, &conn->timer);
    } else if (conn->timer.next_ == NULL || conn->timer.when_ms_ > next_ms) {
        const uint64_t now_ms = sse_loop_now_ms(loop);
        (void)sse_timer_start(loop, &conn->timer,
                              next_ms > now_ms ? next_ms - now_ms : 0,
                              on_timer, conn);
    }
}

/* The peer has closed its side while the application has the request: nobody
 * is left to answer, unless the answer is already on its way. */
static void on_hangup(sse_priv_conn *conn)
{
    const sse_request *const request = conn->request;
    if (request != NULL && !request->answered &&
        (request->stream == NULL || !request->stream->ended)) {
        sse_priv_conn_close(conn);
    } else {
        conn->eof = 1;
        sse_priv_conn_touch(conn);
    }
}

static void on_ready(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    sse_priv_conn *const conn = (sse_priv_conn *)user;
    (void)loop;
    (void)fd;
    if ((ready & SSE_LOOP_ERROR) != 0) {
        sse_priv_conn_close(conn);
        return;
    }
    if ((ready & SSE_LOOP_WRITE) != 0) {
        conn->blocked = 0;
        sse_priv_conn_touch(conn);
    }
    if ((ready & SSE_LOOP_HANGUP) != 0) {
        on_hangup(conn);
    } else if ((ready & SSE_LOOP_READ) != 0 && sse_priv_conn_read(conn) == 0) {
        on_hangup(conn);
    }
    if (conn->state != SSE_PRIV_CONN_DEAD && conn->touched.next == NULL) {
        sse_priv_conn_settle(conn);
    }
}
