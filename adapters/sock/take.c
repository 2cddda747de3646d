/*
 * take.c - connections that somebody else takes over.
 *
 * SPDX-License-Identifier: MIT
 *
 * A stream that will be written by its new owner needs nothing of what a
 * connection is made of but its socket.  The server goes on counting it.
 */
#include "server.h"

#include <string.h>

sse_status sse_request_take(sse_request *request,
                            const sse_http_header *extra, size_t extra_count,
                            sse_taken *taken)
{
    if (request == NULL || taken == NULL ||
        (extra == NULL && extra_count > 0)) {
        return SSE_ERR_INVALID;
    }
    sse_priv_conn *const conn = request->conn;
    sse_server *const server = conn->server;
    if (request->over || request->answered || request->stream != NULL) {
        return SSE_ERR_CLOSED;
    }
    const sse_status checked = sse_priv_check_headers(extra, extra_count);
    if (checked != SSE_OK || request->is_head) {
        return checked != SSE_OK ? checked : SSE_ERR_INVALID;
    }
    const size_t before = sse_priv_buf_len(conn->out);
    if (!sse_priv_stream_head(conn, &conn->out, !request->is_http10, extra,
                              extra_count)) {
        sse_priv_buf_truncate(&conn->out, before);
        return SSE_ERR_NO_MEMORY;
    }
    memset(taken, 0, sizeof *taken);
    taken->fd = conn->fd;
    taken->chunked = !request->is_http10;
    taken->bytes = conn->out->bytes + conn->out->start;
    taken->len = sse_priv_buf_len(conn->out);
    taken->server = server;
    taken->ticket = conn->counted;
    request->over = 1;
    sse_timer_stop(server->loop, &conn->timer);
    sse_priv_list_remove(&conn->touched);
    sse_priv_list_remove(&conn->all);
    sse_priv_list_append(&server->dead, &conn->all);
    sse_priv_buf_free(&conn->ahead);
    conn->state = SSE_PRIV_CONN_DEAD;
    conn->fd = -1;
    sse_priv_loop_add_burial(server->loop, &server->bury);
    server->detached++;
    server->stats.streams++;
    return SSE_OK;
}

void sse_server_release(sse_server *server, uint32_t ticket)
{
    server->detached--;
    server->stats.streams--;
    server->stats.conns--;
    sse_priv_peers_leave(server, ticket);
    if (server->closed && server->detached == 0) {
        sse_priv_server_bury(server);
    } else {
        sse_priv_server_check_drained(server);
    }
}
