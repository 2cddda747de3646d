/*
 * script_server.c - a TCP server on the loopback that does as it is told.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "script_steps.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Joins the threads of connections that are over. */
static void reap(script_server *server)
{
    script_connection **at = &server->connections;
    while (*at != NULL) {
        script_connection *c = *at;
        (void)pthread_mutex_lock(&server->lock);
        const int done = c->done;
        (void)pthread_mutex_unlock(&server->lock);
        if (done) {
            *at = c->next;
            (void)pthread_join(c->thread, NULL);
            free(c);
        } else {
            at = &c->next;
        }
    }
}

static void *accept_all(void *user)
{
    script_server *server = (script_server *)user;
    while (script_wait_for(server, server->listener, POLLIN)) {
        const int fd = accept(server->listener, NULL, NULL);
        script_connection *c =
            fd >= 0 ? (script_connection *)calloc(1, sizeof(*c)) : NULL;
        if (c == NULL) {
            if (fd >= 0) {
                (void)close(fd);
            }
            continue;
        }
        (void)pthread_mutex_lock(&server->lock);
        const size_t last = server->script_count - 1;
        c->steps = server->scripts[server->accepted < last ? server->accepted
                                                           : last];
        server->accepted++;
        (void)pthread_mutex_unlock(&server->lock);
        c->server = server;
        c->fd = fd;
        if (pthread_create(&c->thread, NULL, script_serve, c) != 0) {
            (void)close(fd);
            free(c);
            continue;
        }
        reap(server);
        c->next = server->connections;
        server->connections = c;
    }
    return NULL;
}

static int listen_somewhere(script_server *server)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    socklen_t len = server->is_v6 ? sizeof(address.v6) : sizeof(address.v4);
    memset(&address, 0, sizeof(address));
    if (server->is_v6) {
        address.v6.sin6_family = AF_INET6;
        address.v6.sin6_addr = in6addr_loopback;
    } else {
        address.v4.sin_family = AF_INET;
        address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }
    server->listener = socket(address.any.sa_family, SOCK_STREAM, 0);
    /* A small send buffer shows soon that a reader has stopped. */
    const int small = 131072;
    if (server->listener < 0 ||
        setsockopt(server->listener, SOL_SOCKET, SO_SNDBUF, &small,
                   sizeof(small)) != 0 ||
        fcntl(server->listener, F_SETFL, O_NONBLOCK) != 0 ||
        bind(server->listener, &address.any, len) != 0 ||
        listen(server->listener, 128) != 0 ||
        getsockname(server->listener, &address.any, &len) != 0) {
        return 0;
    }
    server->port = ntohs(server->is_v6 ? address.v6.sin6_port
                                       : address.v4.sin_port);
    return 1;
}

static script_server *start(const script *scripts, size_t count, int is_v6)
{
    script_server *server = (script_server *)calloc(1, sizeof(*server));
    if (server == NULL) {
        return NULL;
    }
    server->is_v6 = is_v6;
    server->scripts = scripts;
    server->script_count = count;
    (void)pthread_mutex_init(&server->lock, NULL);
    if (!listen_somewhere(server) ||
        pthread_create(&server->thread, NULL, accept_all, server) != 0) {
        if (server->listener >= 0) {
            (void)close(server->listener);
        }
        free(server);
        return NULL;
    }
    return server;
}

script_server *script_server_start(const script *scripts, size_t count)
{
    return start(scripts, count, 0);
}

script_server *script_server_start_v6(const script *scripts, size_t count)
{
    return start(scripts, count, 1);
}

void script_server_stop(script_server *server)
{
    (void)pthread_mutex_lock(&server->lock);
    server->stopping = 1;
    (void)pthread_mutex_unlock(&server->lock);
    (void)pthread_join(server->thread, NULL);
    while (server->connections != NULL) {
        script_connection *c = server->connections;
        server->connections = c->next;
        (void)pthread_join(c->thread, NULL);
        free(c);
    }
    (void)close(server->listener);
    for (size_t i = 0; i < server->request_count; i++) {
        free(server->requests[i]);
    }
    (void)pthread_mutex_destroy(&server->lock);
    free(server);
}

int script_refusing_url(char *url, size_t cap)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
    } address;
    socklen_t len = sizeof(address.v4);
    memset(&address, 0, sizeof(address));
    address.v4.sin_family = AF_INET;
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, &address.any, len) != 0 ||
        getsockname(fd, &address.any, &len) != 0) {
        if (fd >= 0) {
            (void)close(fd);
        }
        return -1;
    }
    (void)snprintf(url, cap, "http://127.0.0.1:%u/",
                   (unsigned)ntohs(address.v4.sin_port));
    return fd;
}

uint16_t script_server_port(const script_server *server)
{
    return server->port;
}

const char *script_server_url(script_server *server, const char *path)
{
    (void)snprintf(server->url, sizeof(server->url), "http://%s:%u%s",
                   server->is_v6 ? "[::1]" : "127.0.0.1",
                   (unsigned)server->port, path);
    return server->url;
}

static uint64_t locked(script_server *server, const uint64_t *number)
{
    (void)pthread_mutex_lock(&server->lock);
    const uint64_t value = *number;
    (void)pthread_mutex_unlock(&server->lock);
    return value;
}

static size_t locked_size(script_server *server, const size_t *number)
{
    (void)pthread_mutex_lock(&server->lock);
    const size_t value = *number;
    (void)pthread_mutex_unlock(&server->lock);
    return value;
}

size_t script_server_connections(script_server *server)
{
    return locked_size(server, &server->accepted);
}

size_t script_server_requests(script_server *server)
{
    return locked_size(server, &server->request_count);
}

size_t script_server_hangups(script_server *server)
{
    return locked_size(server, &server->hangups);
}

uint64_t script_server_sent(script_server *server)
{
    return locked(server, &server->sent);
}

const char *script_server_request(script_server *server, size_t index)
{
    return index < script_server_requests(server) ? server->requests[index]
                                                  : NULL;
}

uint64_t script_server_request_ms(script_server *server, size_t index)
{
    return index < script_server_requests(server)
               ? server->request_ms[index]
               : 0;
}

void script_server_open_gate(script_server *server, unsigned number)
{
    (void)pthread_mutex_lock(&server->lock);
    server->gates |= UINT64_C(1) << number;
    (void)pthread_mutex_unlock(&server->lock);
}
