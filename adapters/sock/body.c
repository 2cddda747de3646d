/*
 * body.c - the body of a request: whether it may come, and its bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BODY 1024u
/* Extensions and trailer fields of a chunked body together; they are of no
 * use to anybody here. */
#define MAX_EXTRA 8192u

static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

void sse_priv_conn_begin_body(sse_priv_conn *conn, int more)
{
    const sse_server *const server = conn->server;
    sse_request *const request = conn->request;
    sse_priv_incoming *const in = request->in;
    const uint32_t flags = in->head.flags;
    conn->served = 1;
    request->is_head = strcmp(sse_priv_head_method(&in->head), "HEAD") == 0;
    request->is_http10 = (flags & SSE_PRIV_HEAD_HTTP10) != 0;
    conn->last = (flags & (SSE_PRIV_HEAD_HTTP10 | SSE_PRIV_HEAD_CLOSE)) != 0;
    const int chunked = (flags & SSE_PRIV_HEAD_CHUNKED) != 0;
    if (!chunked && in->head.content_length == 0) {
        sse_priv_request_dispatch(request);
        return;
    }
    uint64_t most = server->config.max_body;
    if (server->config.body_limit != NULL) {
        most = server->config.body_limit(request, server->user);
        if (conn->state == SSE_PRIV_CONN_DEAD) {
            return; /* and so is the request */
        }
    }
    in->body_max = most < server->config.max_body_total
                       ? most
                       : server->config.max_body_total;
    if (in->head.content_length > in->body_max) {
        sse_priv_conn_fail(conn, 413);
        return;
    }
    sse_priv_chunked_init(&in->chunked, MAX_EXTRA);
    sse_priv_conn_enter(conn, SSE_PRIV_CONN_BODY);
    if ((flags & SSE_PRIV_HEAD_CONTINUE) != 0 && !more) {
        if (!sse_priv_buf_append(&conn->out, go_on, sizeof go_on - 1)) {
            sse_priv_conn_close(conn);
            return;
        }
        sse_priv_conn_touch(conn);
    }
}

/* Room for so many bytes and a NUL.  Returns 0, or what to answer. */
static int reserve(sse_server *server, sse_priv_incoming *in, size_t len)
{
    if (len < in->body_cap) {
        return 0;
    }
    size_t cap = in->body_cap == 0 ? FIRST_BODY : in->body_cap;
    while (cap <= len) {
        cap = cap > SIZE_MAX / 2 ? len + 1 : cap * 2;
    }
    /* A length that was told is met to the byte in the end. */
    const uint64_t told = in->head.content_length;
    if (told >= len && told < cap) {
        cap = (size_t)told + 1;
    }
    const uint64_t held = server->stats.body_bytes - in->body_cap;
    /* The NUL does not count. */
    if (held + (cap - 1) > server->config.max_body_total) {
        return 503;
    }
    char *const body = (char *)realloc(in->body, cap);
    if (body == NULL) {
        return 503;
    }
    in->body = body;
    in->body_cap = cap;
    server->stats.body_bytes = held + cap;
    return 0;
}

/* Returns 0 if it was refused. */
static int append(sse_priv_conn *conn, const char *bytes, size_t len)
{
    sse_priv_incoming *const in = conn->request->in;
    if (len > in->body_max - in->body_len) {
        sse_priv_conn_fail(conn, 413);
        return 0;
    }
    const int error = reserve(conn->server, in, in->body_len + len);
    if (error != 0) {
        sse_priv_conn_fail(conn, error);
        return 0;
    }
    memcpy(in->body + in->body_len, bytes, len);
    in->body_len += len;
    in->body[in->body_len] = '\0';
    return 1;
}

static size_t feed_chunked(sse_priv_conn *conn, const char *bytes, size_t len)
{
    sse_priv_chunked *const chunked = &conn->request->in->chunked;
    size_t at = 0;
    while (at < len) {
        size_t used = 0;
        sse_piece data;
        const sse_status status = sse_priv_chunked_feed(
            chunked, bytes + at, len - at, &used, &data);
        at += used;
        if (data.len > 0 && !append(conn, data.base, data.len)) {
            return len;
        }
        if (status == SSE_OK) {
            sse_priv_request_dispatch(conn->request);
            return at;
        }
        if (status != SSE_INCOMPLETE) {
            sse_priv_conn_fail(conn, status == SSE_ERR_LIMIT ? 431 : 400);
            return len;
        }
        /* A size says what is to come; what is too much is not waited for. */
        const sse_priv_incoming *const in = conn->request->in;
        if (chunked->left > in->body_max - in->body_len) {
            sse_priv_conn_fail(conn, 413);
            return len;
        }
    }
    return at;
}

size_t sse_priv_conn_body(sse_priv_conn *conn, const char *bytes, size_t len)
{
    sse_priv_incoming *const in = conn->request->in;
    if ((in->head.flags & SSE_PRIV_HEAD_CHUNKED) != 0) {
        return feed_chunked(conn, bytes, len);
    }
    const uint64_t left = in->head.content_length - in->body_len;
    const size_t used = left < len ? (size_t)left : len;
    if (!append(conn, bytes, used)) {
        return len;
    }
    if (used == left) {
        sse_priv_request_dispatch(conn->request);
    }
    return used;
}
