/*
 * accept.c - the listening socket, and who gets in.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* accept4() */

#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../send.h"

/* Connections taken in one turn, so that those there are get theirs. */
#define ACCEPTS 64
/* Beyond max_conns so many at a time are held until their 503 has been read;
 * others get it too, but the closing may overtake it. */
#define MAX_REFUSALS 64u
/* Pause after the system had no descriptor or memory for a connection: it
 * stays ready to be accepted, and the loop would spin. */
#define ACCEPT_PAUSE_MS 100u

typedef union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} address;

static void on_connection(sse_loop *loop, int fd, uint32_t ready, void *user);

static int set_option(int fd, int level, int name, int value)
{
    return setsockopt(fd, level, name, &value, sizeof value) == 0;
}

static socklen_t parse_address(const char *text, uint16_t port,
                               address *parsed)
{
    memset(parsed, 0, sizeof *parsed);
    if (inet_pton(AF_INET, text, &parsed->v4.sin_addr) == 1) {
        parsed->v4.sin_family = AF_INET;
        parsed->v4.sin_port = htons(port);
        return sizeof parsed->v4;
    }
    if (inet_pton(AF_INET6, text, &parsed->v6.sin6_addr) == 1) {
        parsed->v6.sin6_family = AF_INET6;
        parsed->v6.sin6_port = htons(port);
        return sizeof parsed->v6;
    }
    return 0;
}

static int listen_on(sse_server *server, int fd, const address *where,
                     socklen_t len)
{
    if (!sse_priv_fd_prepare(fd) ||
        !set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1)) {
        return 0;
    }
#if defined(__linux__)
    /* Writes are gathered already; waiting for more would only delay them.
     * Accepted sockets inherit it. */
    (void)set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
#endif
    /* Accepted sockets inherit it, before their window is offered. */
    if (server->config.sndbuf > 0 &&
        !set_option(fd, SOL_SOCKET, SO_SNDBUF, server->config.sndbuf)) {
        return 0;
    }
    address bound;
    socklen_t bound_len = sizeof bound;
    memset(&bound, 0, sizeof bound);
    if (bind(fd, &where->any, len) != 0 || listen(fd, SOMAXCONN) != 0 ||
        getsockname(fd, &bound.any, &bound_len) != 0) {
        return 0;
    }
    server->port = ntohs(bound.any.sa_family == AF_INET ? bound.v4.sin_port
                                                        : bound.v6.sin6_port);
    return 1;
}

sse_status sse_priv_server_listen(sse_server *server, const char *text,
                                  uint16_t port)
{
    address where;
    const socklen_t len = parse_address(text, port, &where);
    if (len == 0) {
        return SSE_ERR_INVALID;
    }
    const int fd = socket(where.any.sa_family, SOCK_STREAM, 0);
    if (fd < 0) {
        return SSE_ERR_SYSTEM;
    }
    sse_status status = SSE_ERR_SYSTEM;
    if (listen_on(server, fd, &where, len)) {
        status = sse_loop_fd_watch(server->loop, fd, SSE_LOOP_READ,
                                   on_connection, server);
    }
    if (status != SSE_OK) {
        const int saved = errno;
        (void)close(fd);
        errno = saved;
        return status;
    }
    server->listen_fd = fd;
    return SSE_OK;
}

static void on_pause_over(sse_loop *loop, sse_timer *timer, void *user)
{
    sse_server *const server = (sse_server *)user;
    if (sse_loop_fd_watch(loop, server->listen_fd, SSE_LOOP_READ,
                          on_connection, server) != SSE_OK) {
        (void)sse_timer_start(loop, timer, ACCEPT_PAUSE_MS, on_pause_over,
                              server);
    }
}

static void pause_accepting(sse_server *server)
{
    sse_loop_fd_forget(server->loop, server->listen_fd);
    (void)sse_timer_start(server->loop, &server->accept_timer,
                          ACCEPT_PAUSE_MS, on_pause_over, server);
}

static void remember_peer(sse_priv_conn *conn, const address *peer)
{
    if (peer->any.sa_family == AF_INET) {
        conn->family = 4;
        memcpy(conn->peer, &peer->v4.sin_addr, 4);
    } else if (peer->any.sa_family == AF_INET6 &&
               IN6_IS_ADDR_V4MAPPED(&peer->v6.sin6_addr)) {
        /* One of IPv4 all the same; as IPv6 they would share one network. */
        conn->family = 4;
        memcpy(conn->peer, &peer->v6.sin6_addr.s6_addr[12], 4);
    } else if (peer->any.sa_family == AF_INET6) {
        conn->family = 6;
        memcpy(conn->peer, &peer->v6.sin6_addr, 16);
    }
}

/* A new socket has room for this; if not, nothing is owed. */
static void refuse_at_once(int fd)
{
    static const char text[] = "HTTP/1.1 503 Service Unavailable\r\n"
                               "Retry-After: " SSE_PRIV_RETRY_AFTER "\r\n"
                               "Content-Length: 0\r\n"
                               "Connection: close\r\n\r\n";
    (void)send(fd, text, sizeof text - 1, MSG_NOSIGNAL);
}

static void refuse(sse_server *server, sse_priv_conn *conn)
{
    server->stats.refused++;
    if (server->refusals < MAX_REFUSALS) {
        conn->refusal = 1;
        server->refusals++;
        sse_priv_conn_fail(conn, 503);
    } else {
        refuse_at_once(conn->fd);
        sse_priv_conn_close(conn);
    }
}

static void admit(sse_server *server, int fd, const address *peer)
{
    const size_t admitted = (size_t)server->stats.conns - server->refusals;
    const int is_full = admitted >= server->config.max_conns;
#if defined(SO_NOSIGPIPE)
    (void)set_option(fd, SOL_SOCKET, SO_NOSIGPIPE, 1);
#endif
#if !defined(__linux__)
    (void)set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
#endif
    if (is_full && server->refusals >= MAX_REFUSALS) {
        server->stats.refused++;
        refuse_at_once(fd);
        (void)close(fd);
        return;
    }
    sse_priv_conn *const conn = sse_priv_conn_open(server, fd);
    if (conn == NULL) {
        (void)close(fd);
        return;
    }
    remember_peer(conn, peer);
    if (is_full || !sse_priv_peers_enter(server, conn)) {
        refuse(server, conn);
    } else {
        sse_priv_conn_settle(conn);
    }
}

static int accept_one(int listen_fd, address *peer)
{
    socklen_t len = sizeof *peer;
    memset(peer, 0, sizeof *peer);
#if defined(__linux__)
    return accept4(listen_fd, &peer->any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
#else
    const int fd = accept(listen_fd, &peer->any, &len);
    if (fd >= 0 && !sse_priv_fd_prepare(fd)) {
        (void)close(fd);
        errno = ECONNABORTED;
        return -1;
    }
    return fd;
#endif
}

static void on_connection(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    sse_server *const server = (sse_server *)user;
    (void)loop;
    (void)ready;
    /* The words of a refusal come from the application, which may have the
     * server stop listening there. */
    for (int i = 0; i < ACCEPTS && server->listen_fd == fd; i++) {
        address peer;
        const int accepted = accept_one(fd, &peer);
        if (accepted >= 0) {
            admit(server, accepted, &peer);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            pause_accepting(server);
            return;
        }
    }
}
