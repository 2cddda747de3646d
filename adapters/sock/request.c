/*
 * request.c - a request as the application sees it.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "server.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

sse_request *sse_priv_request_new(sse_priv_conn *conn)
{
    sse_request *const request = (sse_request *)calloc(1, sizeof *request);
    sse_priv_incoming *const in =
        (sse_priv_incoming *)calloc(1, sizeof *in);
    if (request == NULL || in == NULL) {
        free(request);
        free(in);
        return NULL;
    }
    request->conn = conn;
    request->in = in;
    sse_priv_head_init_request(&in->head, NULL, 0,
                               conn->server->config.max_head);
    return request;
}

void sse_priv_request_give_back(sse_request *request)
{
    sse_priv_incoming *const in = request->in;
    if (in != NULL) {
        request->conn->server->stats.body_bytes -= in->body_cap;
        free(in->body);
        free(in->head.store);
        free(in);
        request->in = NULL;
    }
}

void sse_priv_request_free(sse_request *request, int clean)
{
    sse_stream *const stream = request->stream;
    request->over = 1;
    if (stream != NULL) {
        if (stream->on_close != NULL) {
            stream->on_close(stream, clean, stream->close_user);
        }
        request->conn->server->stats.streams--;
    }
    if (request->on_close != NULL) {
        request->on_close(request, request->close_user);
    }
    if (stream != NULL) {
        sse_priv_stream_free(stream);
    }
    sse_priv_request_give_back(request);
    free(request);
}

void sse_priv_request_dispatch(sse_request *request)
{
    sse_priv_conn *const conn = request->conn;
    sse_server *const server = conn->server;
    sse_priv_conn_enter(conn, SSE_PRIV_CONN_BUSY);
    server->stats.requests++;
    server->fn(request, server->user);
    if (conn->state != SSE_PRIV_CONN_DEAD && request->answered) {
        sse_priv_conn_finish(conn, 0);
    }
}

const char *sse_request_method(const sse_request *request)
{
    return request->in != NULL ? sse_priv_head_method(&request->in->head) : "";
}

const char *sse_request_path(const sse_request *request)
{
    return request->in != NULL ? sse_priv_head_path(&request->in->head) : "";
}

const char *sse_request_header(const sse_request *request, const char *name)
{
    return request->in != NULL && name != NULL
               ? sse_priv_head_field(&request->in->head, name)
               : NULL;
}

sse_status sse_request_parameter(const sse_request *request, const char *name,
                                 char *dst, size_t cap, size_t *len)
{
    if (request == NULL || name == NULL || dst == NULL || len == NULL) {
        return SSE_ERR_INVALID;
    }
    *len = 0;
    if (request->in == NULL) {
        return SSE_INCOMPLETE;
    }
    const char *const query = sse_priv_head_query(&request->in->head);
    return query == NULL ? SSE_INCOMPLETE
                         : sse_priv_query_find(query, name, dst, cap, len);
}

const char *sse_request_query(const sse_request *request, const char *name,
                              char *dst, size_t cap)
{
    size_t len = 0;
    const sse_status status =
        sse_request_parameter(request, name, dst, cap, &len);
    return status == SSE_OK && strlen(dst) == len ? dst : NULL;
}

const char *sse_request_body(const sse_request *request, size_t *len)
{
    const sse_priv_incoming *const in = request->in;
    *len = in != NULL ? in->body_len : 0;
    return in != NULL && in->body != NULL ? in->body : "";
}

const char *sse_request_peer(const sse_request *request)
{
    const sse_priv_conn *const conn = request->conn;
    char *const text = conn->server->peer_text;
    text[0] = '\0';
    if (conn->family != 0) {
        (void)inet_ntop(conn->family == 4 ? AF_INET : AF_INET6, conn->peer,
                        text, sizeof conn->server->peer_text);
    }
    return text;
}

const char *sse_request_version(const sse_request *request)
{
    return request->is_http10 ? "HTTP/1.0" : "HTTP/1.1";
}

void sse_request_on_close(sse_request *request, sse_request_close_fn fn,
                          void *user)
{
    request->on_close = fn;
    request->close_user = user;
}

static int write_reply(sse_request *request, int status,
                       const sse_http_header *headers, size_t header_count,
                       const char *body, size_t body_len)
{
    sse_priv_conn *const conn = request->conn;
    sse_priv_buf **const out = &conn->out;
    int ok = sse_priv_reply_begin(conn, out, status);
    for (size_t i = 0; i < header_count; i++) {
        ok = ok &&
             sse_priv_reply_field(out, headers[i].name, headers[i].value);
    }
    /* RFC 9110, "Content-Length": not with 204; with 304 and HEAD it would
     * be that of the full answer. */
    if (status != 204 && status != 304) {
        ok = ok && sse_priv_reply_length(out, body_len);
    }
    ok = ok && sse_priv_reply_end(out);
    return ok && (request->is_head ||
                  sse_priv_buf_append(out, body, body_len));
}

sse_status sse_request_respond(sse_request *request, int status,
                               const sse_http_header *headers,
                               size_t header_count, const char *body,
                               size_t body_len)
{
    if (request == NULL || status < 200 || status > 599 ||
        (headers == NULL && header_count > 0) ||
        (body == NULL && body_len > 0) ||
        (body_len > 0 && (status == 204 || status == 304))) {
        return SSE_ERR_INVALID;
    }
    sse_priv_conn *const conn = request->conn;
    if (request->over || request->answered ||
        (request->stream != NULL && request->stream->committed)) {
        return SSE_ERR_CLOSED;
    }
    const sse_status checked = sse_priv_check_headers(headers, header_count);
    if (checked != SSE_OK) {
        return checked;
    }
    const size_t before = sse_priv_buf_len(conn->out);
    if (!write_reply(request, status, headers, header_count, body,
                     body_len)) {
        sse_priv_buf_truncate(&conn->out, before);
        return SSE_ERR_NO_MEMORY;
    }
    request->answered = 1;
    sse_priv_conn_touch(conn);
    return SSE_OK;
}
