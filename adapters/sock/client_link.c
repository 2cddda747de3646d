/*
 * client_link.c - connections of a client: addresses tried, a connection kept
 * for the next request.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "client.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Between the beginnings of two attempts, while none has succeeded: RFC 8305,
 * "Connection Attempt Delay". */
#define NEXT_ADDRESS_MS 250u

static void close_tries(sse_client *client)
{
    sse_priv_client_link *const link = &client->link;
    while (link->trying > 0) {
        const int fd = link->tries[--link->trying];
        sse_loop_fd_close(client->loop, fd);
    }
    free(link->found);
    link->found = NULL;
    link->count = 0;
    link->next = 0;
}

void sse_priv_client_link_close(sse_client *client)
{
    sse_priv_client_link *const link = &client->link;
    close_tries(client);
    if (link->fd >= 0) {
        sse_loop_fd_close(client->loop, link->fd);
        link->fd = -1;
    }
    link->kept = 0;
    link->unread = 0;
}

/* ---- Kept connections -------------------------------------------------- */

/* What comes now is an end, or bytes that nobody asked for. */
static void on_kept(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    (void)loop;
    (void)fd;
    (void)ready;
    sse_priv_client_link_close((sse_client *)user);
}

void sse_priv_client_link_keep(sse_client *client)
{
    sse_priv_client_link *const link = &client->link;
    if (sse_priv_client_is_sending(client) || client->unsent ||
        sse_loop_fd_watch(client->loop, link->fd, SSE_LOOP_READ, on_kept,
                          client) != SSE_OK) {
        sse_priv_client_link_close(client);
        return;
    }
    link->kept = 1;
}

/* ---- Connecting -------------------------------------------------------- */

static void on_try(sse_loop *loop, int fd, uint32_t ready, void *user);

static void fail(sse_client *client)
{
    if (client->trouble[0] == '\0') {
        sse_priv_client_trouble(client, "cannot connect to %.100s: %s",
                                client->link.peer,
                                strerror(client->system_error));
    }
    sse_priv_client_link_close(client);
    sse_priv_client_over(client, SSE_REASON_CONNECT);
}

static void succeed(sse_client *client, int fd)
{
    close_tries(client);
    client->link.fd = fd;
    client->link.used_before = 0;
    client->system_error = 0;
    sse_source_connected(&client->source, sse_loop_now_ms(client->loop));
    sse_priv_client_begin_io(client);
}

static int open_socket(int family)
{
    const int fd = socket(family, SOCK_STREAM, 0);
    const int one = 1;
    if (fd >= 0 && !sse_priv_fd_prepare(fd)) {
        (void)close(fd);
        return -1;
    }
    if (fd >= 0) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        /* A peer that vanished is noticed some day even without a limit. */
        (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
#if defined(SO_NOSIGPIPE)
        (void)setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &one, sizeof one);
#endif
    }
    return fd;
}

/* Where nobody listens on this very machine, TCP may in rare cases connect a
 * socket to itself: it would read its own request as the answer. */
static int is_own(int fd)
{
    sse_priv_address here, there;
    here.len = sizeof here.at;
    there.len = sizeof there.at;
    if (getsockname(fd, &here.at.any, &here.len) != 0 ||
        getpeername(fd, &there.at.any, &there.len) != 0 ||
        here.at.any.sa_family != there.at.any.sa_family) {
        return 0;
    }
    return here.at.any.sa_family == AF_INET
               ? here.at.v4.sin_port == there.at.v4.sin_port &&
                     memcmp(&here.at.v4.sin_addr, &there.at.v4.sin_addr,
                            sizeof here.at.v4.sin_addr) == 0
               : here.at.v6.sin6_port == there.at.v6.sin6_port &&
                     memcmp(&here.at.v6.sin6_addr, &there.at.v6.sin6_addr,
                            sizeof here.at.v6.sin6_addr) == 0;
}

/* Begins to connect to one address.  Returns 0 if that failed at once. */
static int begin_try(sse_client *client, const sse_priv_address *address)
{
    sse_priv_client_link *const link = &client->link;
    const int fd = open_socket(address->at.any.sa_family);
    if (fd < 0) {
        client->system_error = errno;
        return 0;
    }
    if ((connect(fd, &address->at.any, address->len) == 0 ||
         errno == EINPROGRESS || errno == EINTR) &&
        sse_loop_fd_watch(client->loop, fd, SSE_LOOP_WRITE, on_try, client) ==
            SSE_OK) {
        link->tries[link->trying++] = fd;
        return 1;
    }
    client->system_error = errno;
    (void)close(fd);
    return 0;
}

/* Until one is under way, or none is left. */
static void try_next(sse_client *client)
{
    sse_priv_client_link *const link = &client->link;
    while (link->next < link->count) {
        if (begin_try(client, &link->found[link->next++])) {
            link->next_ms = sse_loop_now_ms(client->loop) + NEXT_ADDRESS_MS;
            return;
        }
    }
    if (link->trying == 0) {
        fail(client);
    }
}

static void on_try(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    sse_client *const client = (sse_client *)user;
    sse_priv_client_link *const link = &client->link;
    int error = 0;
    socklen_t len = sizeof error;
    size_t i = 0;
    (void)ready;
    client->busy = 1;
    while (link->tries[i] != fd) {
        i++;
    }
    link->tries[i] = link->tries[--link->trying];
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0) {
        error = errno;
    } else if (error == 0 && is_own(fd)) {
        error = ECONNREFUSED;
    }
    sse_loop_fd_forget(loop, fd);
    if (error == 0) {
        succeed(client, fd);
    } else {
        (void)close(fd);
        client->system_error = error;
        try_next(client);
    }
    sse_priv_client_step(client);
}

void sse_priv_client_link_step(sse_client *client, uint64_t now_ms)
{
    sse_priv_client_link *const link = &client->link;
    if (link->found == NULL) {
        return;
    }
    if (now_ms >= link->limit_ms) {
        sse_priv_client_trouble(client, "no connection to %.100s in time",
                                link->peer);
        sse_priv_client_link_close(client);
        sse_priv_client_over(client, SSE_REASON_CONNECT_TIMEOUT);
    } else if (link->next < link->count && now_ms >= link->next_ms) {
        try_next(client);
    }
}

uint64_t sse_priv_client_link_due(const sse_client *client)
{
    const sse_priv_client_link *const link = &client->link;
    if (link->found == NULL) {
        return SSE_NEVER;
    }
    return link->next < link->count && link->next_ms < link->limit_ms
               ? link->next_ms
               : link->limit_ms;
}

/* ---- Exchanges --------------------------------------------------------- */

static void clear_exchange(sse_client *client)
{
    sse_priv_response_reset(&client->head);
    sse_priv_buf_free(&client->ahead);
    client->trouble[0] = '\0';
    client->system_error = 0;
    client->http_status = 0;
    client->discarded = 0;
    client->run = 0;
    client->last = 0;
    client->got_bytes = 0;
    client->mode = SSE_PRIV_CLIENT_HEAD;
}

static char *name_peer(const sse_priv_url_view *view)
{
    const size_t cap = view->host_len + sizeof ":65535";
    char *const peer = (char *)malloc(cap);
    if (peer != NULL) {
        (void)snprintf(peer, cap, "%.*s:%u", (int)view->host_len, view->host,
                       (unsigned)view->port);
    }
    return peer;
}

static void give_up(sse_client *client, sse_status status)
{
    client->fault_status = status;
    sse_priv_client_link_close(client);
    sse_priv_client_over(client, SSE_REASON_FATAL);
}

void sse_priv_client_send(sse_client *client)
{
    sse_priv_client_link *const link = &client->link;
    sse_priv_url_view view;
    clear_exchange(client);
    if (!sse_priv_url_split(sse_priv_route_place(&client->route)->url,
                            &view)) {
        give_up(client, SSE_ERR_INVALID); /* unreachable: checked before */
        return;
    }
    if (view.is_https) {
        sse_priv_client_trouble(client, "https: this transport has no TLS");
        give_up(client, SSE_ERR_TRANSPORT);
        return;
    }
    char *const peer = name_peer(&view);
    const sse_status status = peer != NULL
                                  ? sse_priv_client_write_request(client)
                                  : SSE_ERR_NO_MEMORY;
    const int same = status == SSE_OK && link->kept &&
                     strcmp(link->peer, peer) == 0;
    free(link->peer);
    link->peer = peer;
    if (status != SSE_OK) {
        sse_priv_client_trouble(client, "out of memory");
        give_up(client, status);
        return;
    }
    if (same) {
        link->kept = 0;
        link->used_before = 1;
        sse_source_connected(&client->source, sse_loop_now_ms(client->loop));
        sse_priv_client_begin_io(client);
        return;
    }
    sse_priv_client_link_close(client);
    const uint32_t limit_ms = client->config.connect_timeout_ms;
    link->limit_ms = limit_ms > 0 ? sse_loop_now_ms(client->loop) + limit_ms
                                  : SSE_NEVER;
    if (!sse_priv_client_look_up(client, &view)) {
        fail(client);
        return;
    }
    try_next(client);
}
