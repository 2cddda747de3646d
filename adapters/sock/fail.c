/*
 * fail.c - answers of the server's own: to what is malformed, too large, too
 * slow, or one too many.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server.h"

#include <string.h>

static int write_answer(sse_priv_conn *conn, int status, const char *type,
                        const char *body, int is_head)
{
    sse_priv_buf **const out = &conn->out;
    return sse_priv_reply_begin(conn, out, status) &&
           (status != 503 ||
            sse_priv_reply_field(out, "Retry-After", SSE_PRIV_RETRY_AFTER)) &&
           sse_priv_reply_field(out, "Content-Type", type) &&
           sse_priv_reply_length(out, strlen(body) + 1) &&
           sse_priv_reply_end(out) &&
           (is_head || (sse_priv_buf_append(out, body, strlen(body)) &&
                        sse_priv_buf_append(out, "\n", 1)));
}

void sse_priv_conn_fail(sse_priv_conn *conn, int status)
{
    const sse_server *const server = conn->server;
    sse_request *const request = conn->request;
    const int is_head = request != NULL && request->is_head;
    const char *type = "text/plain";
    const char *body = sse_priv_reason(status);
    conn->request = NULL;
    if (request != NULL) {
        sse_priv_request_free(request, 0);
    }
    conn->last = 1;
    sse_priv_buf_free(&conn->ahead);
    conn->server->stats.bad += conn->refusal ? 0 : 1;
    if (server->config.error_body != NULL) {
        body = server->config.error_body(status, &type, server->user);
        if (conn->state == SSE_PRIV_CONN_DEAD) {
            return;
        }
    }
    if (!write_answer(conn, status, type, body, is_head)) {
        sse_priv_conn_close(conn);
        return;
    }
    sse_priv_conn_enter(conn, SSE_PRIV_CONN_CLOSING);
    sse_priv_conn_touch(conn);
}
