/*
 * server.c - the server: its settings, its turn, its end.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void sse_server_config_init(sse_server_config *config)
{
    memset(config, 0, sizeof *config);
    config->size = sizeof *config;
    config->address = "127.0.0.1";
    config->max_head = 16 * 1024;
    config->max_body = 1024 * 1024;
    config->max_conns = 10000;
    config->max_body_total = (size_t)64 * 1024 * 1024;
    config->head_timeout_ms = 10000;
    config->body_timeout_ms = 30000;
    config->idle_timeout_ms = 60000;
    config->write_timeout_ms = 30000;
    config->stream_buffer = 64 * 1024;
    config->keep_alive_ms = 15000;
    config->keep_alive_form = SSE_BLOCK_ONE_LINE;
}

static int is_usable(const sse_server_config *config)
{
    return config->address != NULL && config->max_head > 0 &&
           config->max_conns > 0 && config->stream_buffer > 0 &&
           config->head_timeout_ms > 0 && config->body_timeout_ms > 0 &&
           config->idle_timeout_ms > 0 && config->write_timeout_ms > 0 &&
           config->sndbuf >= 0;
}

#if defined(__GNUC__)
#define FETCH(at) __builtin_prefetch(at)
#else
#define FETCH(at) (void)(at)
#endif
#define LINE 64u /* bytes that come together */

/* A write takes the system so long, and so much of the cache, that what it
 * needs of the next connections can come meanwhile: each step along the
 * pointers one connection sooner. */
static void fetch_ahead(sse_priv_link *turn)
{
    sse_priv_link *at = turn->next;
    for (unsigned steps = 3; at != turn; steps--, at = at->next) {
        const sse_priv_conn *const conn =
            SSE_PRIV_OWNER(at, sse_priv_conn, touched);
        if (steps == 3) {
            const sse_request *const request = conn->request;
            if (request != NULL && request->stream != NULL &&
                request->stream->queue != NULL) {
                FETCH(request->stream->queue);
                FETCH((const char *)request->stream->queue + LINE);
            }
        } else if (steps == 2) {
            if (conn->request != NULL && conn->request->stream != NULL) {
                FETCH(conn->request->stream);
                FETCH((const char *)conn->request->stream + LINE);
            }
        } else if (steps == 1) {
            FETCH(conn->request);
        } else {
            FETCH(conn);
            FETCH((const char *)conn + LINE);
            FETCH((const char *)conn + 2 * LINE);
            return;
        }
    }
}

/* The touched connections, once each: those touched while this runs get their
 * turn in the next one. */
static void on_work(void *user)
{
    sse_server *const server = (sse_server *)user;
    sse_priv_link turn;
    sse_priv_list_take(&server->touched, &turn);
    while (!sse_priv_list_is_empty(&turn)) {
        sse_priv_conn *const conn =
            SSE_PRIV_OWNER(turn.next, sse_priv_conn, touched);
        sse_priv_list_remove(&conn->touched);
        fetch_ahead(&turn);
        sse_priv_conn_work(conn);
    }
    const sse_server_fn on_drained = server->on_drained;
    if (server->draining && !server->closed && on_drained != NULL &&
        sse_priv_list_is_empty(&server->conns) && server->detached == 0) {
        server->on_drained = NULL;
        on_drained(server, server->drained_user);
    }
}

/* At the very end of a turn: frees what nobody can have in hand any more. */
static void on_bury(void *user)
{
    sse_server *const server = (sse_server *)user;
    while (!sse_priv_list_is_empty(&server->dead)) {
        sse_priv_conn *const conn =
            SSE_PRIV_OWNER(server->dead.next, sse_priv_conn, all);
        sse_priv_list_remove(&conn->all);
        if (conn->request != NULL) { /* that of one taken over */
            sse_request *const request = conn->request;
            conn->request = NULL;
            sse_priv_request_free(request, 0);
        }
        sse_priv_buf_free(&conn->out); /* of one taken over */
        free(conn);
    }
    if (server->closed && server->detached == 0) {
        sse_priv_peers_free(server);
        sse_priv_spares_free(&server->spares);
        sse_priv_loop_remove_burial(server->loop, &server->bury);
        free(server);
    }
}

sse_status sse_server_open(sse_loop *loop, const sse_server_config *config,
                           sse_request_fn fn, void *user, sse_server **server)
{
    if (loop == NULL || fn == NULL || server == NULL ||
        (config != NULL && config->size == 0)) {
        return SSE_ERR_INVALID;
    }
    *server = NULL;
    sse_server *const made = (sse_server *)calloc(1, sizeof *made);
    if (made == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    sse_server_config_init(&made->config);
    if (config != NULL) {
        /* A caller built against an older header has a shorter one. */
        memcpy(&made->config, config,
               config->size < sizeof made->config ? config->size
                                                  : sizeof made->config);
    }
    made->loop = loop;
    made->fn = fn;
    made->user = user;
    made->work.fn_ = on_work;
    made->work.user_ = made;
    made->bury.fn_ = on_bury;
    made->bury.user_ = made;
    sse_priv_list_init(&made->conns);
    sse_priv_list_init(&made->touched);
    sse_priv_list_init(&made->dead);
    made->peers.free = SSE_PRIV_NO_PEER;
    sse_status status = SSE_ERR_INVALID;
    if (is_usable(&made->config)) {
        status = sse_priv_server_listen(made, made->config.address,
                                        made->config.port);
    }
    made->config.address = NULL; /* not kept */
    if (status != SSE_OK) {
        const int saved = errno;
        free(made);
        errno = saved;
        return status;
    }
    *server = made;
    return SSE_OK;
}

uint16_t sse_server_port(const sse_server *server)
{
    return server->port;
}

void sse_server_get_stats(const sse_server *server, sse_server_stats *stats)
{
    *stats = server->stats;
}

static void stop_listening(sse_server *server)
{
    sse_timer_stop(server->loop, &server->accept_timer);
    if (server->listen_fd >= 0) {
        sse_loop_fd_close(server->loop, server->listen_fd);
        server->listen_fd = -1;
    }
}

static void close_conns(sse_server *server)
{
    while (!sse_priv_list_is_empty(&server->conns)) {
        sse_priv_conn_close(
            SSE_PRIV_OWNER(server->conns.next, sse_priv_conn, all));
    }
}

static void on_drain_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    (void)loop;
    (void)timer;
    close_conns((sse_server *)user);
}

void sse_priv_server_check_drained(sse_server *server)
{
    if (server->draining && !server->closed &&
        sse_priv_list_is_empty(&server->conns) && server->detached == 0) {
        sse_timer_stop(server->loop, &server->drain_timer);
        sse_priv_loop_add_task(server->loop, &server->work);
    }
}

void sse_server_drain(sse_server *server, uint32_t within_ms,
                      sse_server_fn done, void *user)
{
    if (server == NULL || server->closed) {
        return;
    }
    server->draining = 1;
    server->on_drained = done;
    server->drained_user = user;
    stop_listening(server);
    (void)sse_timer_start(server->loop, &server->drain_timer, within_ms,
                          on_drain_timer, server);
    for (sse_priv_link *link = server->conns.next; link != &server->conns;
         link = link->next) {
        sse_priv_conn_touch(SSE_PRIV_OWNER(link, sse_priv_conn, all));
    }
    sse_priv_server_check_drained(server);
}

void sse_server_close(sse_server *server)
{
    if (server == NULL || server->closed) {
        return;
    }
    server->closed = 1;
    stop_listening(server);
    sse_timer_stop(server->loop, &server->drain_timer);
    close_conns(server);
    sse_priv_loop_remove_task(server->loop, &server->work);
    sse_priv_server_bury(server);
}

void sse_priv_server_bury(sse_server *server)
{
    if (server->loop->in_turn) {
        sse_priv_loop_add_burial(server->loop, &server->bury);
    } else {
        sse_priv_loop_remove_burial(server->loop, &server->bury);
        on_bury(server);
    }
}
