/*
 * output.c - the end of the turn for a connection: one gathered write, and
 * what follows from it.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "server.h"

#include <errno.h>
#include <string.h>

#include "../send.h"

#define MAX_PIECES (1u + SSE_PRIV_FRAME_PIECES)

/* The stream, if it has begun to send. */
static sse_stream *sending_stream(const sse_priv_conn *conn)
{
    sse_stream *const stream =
        conn->request != NULL ? conn->request->stream : NULL;
    return stream != NULL && stream->committed ? stream : NULL;
}

int sse_priv_conn_has_output(const sse_priv_conn *conn)
{
    const sse_stream *const stream = sending_stream(conn);
    return conn->out != NULL ||
           (stream != NULL && (stream->queue != NULL ||
                               !sse_priv_frame_is_done(&stream->frame) ||
                               (stream->ended && !stream->marked)));
}

/* All that there is to send now; a stream's payload gets its frame here. */
static size_t gather(sse_priv_conn *conn, sse_piece *pieces)
{
    size_t n = 0;
    if (conn->out != NULL) {
        pieces[n].base = conn->out->bytes + conn->out->start;
        pieces[n++].len = sse_priv_buf_len(conn->out);
    }
    sse_stream *const stream = sending_stream(conn);
    if (stream == NULL) {
        return n;
    }
    const size_t queued = sse_priv_buf_len(stream->queue);
    if (sse_priv_frame_is_done(&stream->frame) &&
        (queued > 0 || (stream->ended && !stream->marked))) {
        sse_priv_frame_begin(&stream->frame, queued, stream->ended,
                             stream->chunked);
        stream->marked = stream->ended;
    }
    const char *const payload =
        queued > 0 ? stream->queue->bytes + stream->queue->start : NULL;
    return n + sse_priv_frame_pieces(&stream->frame, payload, pieces + n);
}

static void advance(sse_priv_conn *conn, size_t sent)
{
    const size_t out = sse_priv_buf_len(conn->out);
    const size_t from_out = sent < out ? sent : out;
    sse_priv_buf_consume(&conn->out, from_out);
    sent -= from_out;
    if (sent > 0) {
        sse_stream *const stream = sending_stream(conn);
        sse_priv_buf_release(
            &stream->queue, sse_priv_frame_advance(&stream->frame, &sent),
            &conn->server->spares);
    }
}

/* One event and what is around it: copying so much costs less than having the
 * system read a list of pieces. */
#define COPY_MOST 1024u

static ssize_t send_pieces(int fd, const sse_piece *pieces, size_t count,
                           size_t total)
{
    if (count > 1 && total <= COPY_MOST) {
        char bytes[COPY_MOST];
        size_t n = 0;
        for (size_t i = 0; i < count; i++) {
            memcpy(bytes + n, pieces[i].base, pieces[i].len);
            n += pieces[i].len;
        }
        return send(fd, bytes, n, MSG_NOSIGNAL);
    }
    return sse_priv_send(fd, pieces, count);
}

/* Sends until there is nothing more or the system takes no more.  Returns 0
 * if the connection failed. */
static int flush(sse_priv_conn *conn)
{
    while (!conn->blocked) {
        sse_piece pieces[MAX_PIECES];
        const size_t count = gather(conn, pieces);
        size_t total = 0;
        for (size_t i = 0; i < count; i++) {
            total += pieces[i].len;
        }
        if (total == 0) {
            break;
        }
        const ssize_t sent = send_pieces(conn->fd, pieces, count, total);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
            return 0;
        }
        conn->sent_ms = sse_loop_now_ms(conn->server->loop);
        if (sent > 0) {
            advance(conn, (size_t)sent);
        }
        conn->blocked = sent < 0 || (size_t)sent < total;
    }
    return 1;
}

void sse_priv_conn_finish(sse_priv_conn *conn, int clean)
{
    sse_request *const request = conn->request;
    conn->request = NULL;
    sse_priv_request_free(request, clean);
    if (conn->state != SSE_PRIV_CONN_DEAD) {
        sse_priv_conn_enter(conn, conn->last ? SSE_PRIV_CONN_CLOSING
                                             : SSE_PRIV_CONN_IDLE);
        sse_priv_conn_touch(conn);
    }
}

static void work_on_stream(sse_priv_conn *conn, sse_stream *stream)
{
    if (stream->committed) {
        sse_priv_request_give_back(stream->request);
    }
    if (stream->ended) {
        if (!sse_priv_conn_has_output(conn)) {
            sse_priv_conn_finish(conn, 1);
        }
        return;
    }
    const size_t most = conn->server->config.stream_buffer / 2;
    if (stream->wants_space && sse_priv_buf_len(stream->queue) <= most) {
        stream->wants_space = 0;
        if (stream->on_writable != NULL) {
            stream->on_writable(stream, stream->writable_user);
        }
    }
}

/* What came ahead, and then what comes when nothing is left to be done. */
static void go_on(sse_priv_conn *conn)
{
    sse_priv_buf *ahead = conn->ahead;
    if (conn->state == SSE_PRIV_CONN_IDLE && ahead != NULL) {
        conn->ahead = NULL;
        const size_t used = sse_priv_conn_input(
            conn, ahead->bytes + ahead->start, sse_priv_buf_len(ahead));
        sse_priv_buf_consume(&ahead, used);
        if (conn->state == SSE_PRIV_CONN_DEAD) {
            sse_priv_buf_free(&ahead);
            return;
        }
        conn->ahead = ahead;
    }
    if (conn->state == SSE_PRIV_CONN_IDLE && conn->ahead == NULL &&
        (conn->eof || conn->server->draining)) {
        sse_priv_conn_enter(conn, SSE_PRIV_CONN_CLOSING);
    }
    if (conn->state == SSE_PRIV_CONN_CLOSING &&
        !sse_priv_conn_has_output(conn)) {
        if (conn->eof || shutdown(conn->fd, SHUT_WR) != 0) {
            sse_priv_conn_close(conn);
            return;
        }
        sse_priv_conn_enter(conn, SSE_PRIV_CONN_LINGER);
    }
}

void sse_priv_conn_work(sse_priv_conn *conn)
{
    sse_request *const request = conn->request;
    if (request != NULL && request->stream != NULL &&
        request->stream->aborted) {
        sse_priv_conn_close(conn);
        return;
    }
    if (request != NULL && request->answered) {
        sse_priv_conn_finish(conn, 0);
    }
    if (conn->state != SSE_PRIV_CONN_DEAD && !flush(conn)) {
        sse_priv_conn_close(conn);
    }
    if (conn->request != NULL && conn->request->stream != NULL) {
        work_on_stream(conn, conn->request->stream);
    }
    if (conn->state != SSE_PRIV_CONN_DEAD) {
        go_on(conn);
    }
    if (conn->state != SSE_PRIV_CONN_DEAD) {
        sse_priv_conn_settle(conn);
    }
}
