/*
 * input.c - bytes from the peer: heads, bodies, and what came ahead of time.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define FIRST_STORE 512u
/* What is read at once where a body is not expected, so that this much at
 * most waits ahead; and while a request is being answered. */
#define READ_HEADS 16384u
#define READ_AHEAD 4096u

static int grow_store(const sse_server *server, sse_priv_head *head)
{
    size_t cap = head->cap == 0 ? FIRST_STORE : head->cap * 2;
    cap = cap < server->config.max_head ? cap : server->config.max_head;
    char *const store = (char *)realloc(head->store, cap);
    if (store == NULL) {
        return 0;
    }
    sse_priv_head_set_store(head, store, cap);
    return 1;
}

static size_t feed_head(sse_priv_conn *conn, const char *bytes, size_t len)
{
    sse_priv_head *const head = &conn->request->in->head;
    size_t at = 0;
    for (;;) {
        size_t used = 0;
        const sse_status status =
            sse_priv_head_feed(head, bytes + at, len - at, &used);
        at += used;
        if (status == SSE_NEED_SPACE) {
            if (!grow_store(conn->server, head)) {
                sse_priv_conn_close(conn);
                return len;
            }
            continue;
        }
        if (status == SSE_OK) {
            sse_priv_conn_begin_body(conn, at < len);
        } else if (status != SSE_INCOMPLETE) {
            sse_priv_conn_fail(conn, head->error);
        }
        return at;
    }
}

static void begin_request(sse_priv_conn *conn)
{
    const uint64_t since_ms = conn->since_ms;
    conn->request = sse_priv_request_new(conn);
    if (conn->request == NULL) {
        sse_priv_conn_close(conn);
        return;
    }
    sse_priv_conn_enter(conn, SSE_PRIV_CONN_HEAD);
    if (!conn->served) {
        conn->since_ms = since_ms; /* the first head: from the connecting */
    }
}

size_t sse_priv_conn_input(sse_priv_conn *conn, const char *bytes, size_t len)
{
    size_t at = 0;
    while (at < len) {
        switch ((sse_priv_conn_state)conn->state) {
        case SSE_PRIV_CONN_IDLE:
            if (sse_priv_buf_len(conn->out) > SSE_PRIV_OUT_HIGH) {
                return at;
            }
            begin_request(conn);
            break;
        case SSE_PRIV_CONN_HEAD:
            at += feed_head(conn, bytes + at, len - at);
            break;
        case SSE_PRIV_CONN_BODY:
            at += sse_priv_conn_body(conn, bytes + at, len - at);
            break;
        case SSE_PRIV_CONN_BUSY:
            return at;
        case SSE_PRIV_CONN_CLOSING:
        case SSE_PRIV_CONN_LINGER:
        case SSE_PRIV_CONN_DEAD:
            return len;
        }
    }
    return at;
}

static size_t read_size(const sse_priv_conn *conn)
{
    if (conn->state == SSE_PRIV_CONN_BUSY) {
        return READ_AHEAD;
    }
    if (conn->state == SSE_PRIV_CONN_BODY) {
        const sse_priv_incoming *const in = conn->request->in;
        const uint64_t left = in->head.content_length - in->body_len;
        if ((in->head.flags & SSE_PRIV_HEAD_LENGTH) != 0 &&
            left > READ_HEADS) {
            return left < SSE_PRIV_READ_SIZE ? (size_t)left
                                             : SSE_PRIV_READ_SIZE;
        }
    }
    return conn->state == SSE_PRIV_CONN_LINGER ? SSE_PRIV_READ_SIZE
                                               : READ_HEADS;
}

/* The end of what the peer sends.  Returns 0 if the application waits. */
static int on_end(sse_priv_conn *conn)
{
    switch ((sse_priv_conn_state)conn->state) {
    case SSE_PRIV_CONN_BUSY:
        return 0;
    case SSE_PRIV_CONN_HEAD:
    case SSE_PRIV_CONN_BODY:
        /* Cut short; a peer that closed one side only can read why. */
        conn->eof = 1;
        sse_priv_conn_fail(conn, 400);
        break;
    case SSE_PRIV_CONN_IDLE:
    case SSE_PRIV_CONN_CLOSING:
        conn->eof = 1;
        sse_priv_conn_touch(conn);
        break;
    case SSE_PRIV_CONN_LINGER:
    case SSE_PRIV_CONN_DEAD:
        sse_priv_conn_close(conn);
        break;
    }
    return 1;
}

int sse_priv_conn_read(sse_priv_conn *conn)
{
    char *const bytes = conn->server->read_bytes;
    const ssize_t got = recv(conn->fd, bytes, read_size(conn), 0);
    if (got < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            sse_priv_conn_close(conn);
        }
        return 1;
    }
    if (got == 0) {
        return on_end(conn);
    }
    const size_t len = (size_t)got;
    const size_t used = sse_priv_conn_input(conn, bytes, len);
    if (used < len && conn->state != SSE_PRIV_CONN_DEAD &&
        !sse_priv_buf_append(&conn->ahead, bytes + used, len - used)) {
        sse_priv_conn_close(conn);
    }
    return 1;
}
