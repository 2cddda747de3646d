/*
 * script_steps.c - one connection of the scripted server: its requests read,
 * its steps taken.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "script_steps.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_REQUEST ((size_t)4 * 1024 * 1024)
#define TICK_MS 5

uint64_t script_now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void script_sleep_ms(unsigned ms)
{
    struct timespec left = {(time_t)(ms / 1000),
                            (long)(ms % 1000) * 1000000L};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

int script_is_stopping(script_server *server)
{
    (void)pthread_mutex_lock(&server->lock);
    const int stopping = server->stopping;
    (void)pthread_mutex_unlock(&server->lock);
    return stopping;
}

/* Waits for readiness in small ticks.  0 when the server stops. */
int script_wait_for(script_server *server, int fd, short events)
{
    while (!script_is_stopping(server)) {
        struct pollfd ready = {fd, events, 0};
        if (poll(&ready, 1, TICK_MS) > 0) {
            return 1;
        }
    }
    return 0;
}

static void add_hangup(script_server *server)
{
    (void)pthread_mutex_lock(&server->lock);
    server->hangups++;
    (void)pthread_mutex_unlock(&server->lock);
}

/* Whether a request is whole; of bodies it knows Content-Length alone. */
static int is_whole(const char *text, size_t text_len)
{
    const char *end = strstr(text, "\r\n\r\n");
    if (end == NULL) {
        return 0;
    }
    size_t len = (size_t)(end - text) + 4;
    for (const char *line = text; line < end; line++) {
        if (*line == '\n' &&
            strncasecmp(line + 1, "Content-Length:", 15) == 0) {
            len += (size_t)strtoul(line + 16, NULL, 10);
        }
    }
    return text_len >= len;
}

static void keep_request(script_server *server, char *text)
{
    (void)pthread_mutex_lock(&server->lock);
    if (server->request_count < SCRIPT_MAX_REQUESTS) {
        server->request_ms[server->request_count] = script_now_ms();
        server->requests[server->request_count++] = text;
        text = NULL;
    }
    (void)pthread_mutex_unlock(&server->lock);
    free(text);
}

/* Returns 0 when the peer is gone or the server stops. */
static int read_request(script_connection *c)
{
    size_t len = 0;
    size_t cap = 4096;
    char *text = (char *)malloc(cap);
    while (text != NULL && script_wait_for(c->server, c->fd, POLLIN)) {
        if (len + 1024 >= cap && cap < MAX_REQUEST) {
            cap *= 2;
            char *longer = (char *)realloc(text, cap);
            if (longer == NULL) {
                break;
            }
            text = longer;
        }
        const ssize_t got = recv(c->fd, text + len, cap - len - 1, 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            continue;
        }
        if (got <= 0) {
            add_hangup(c->server);
            break;
        }
        len += (size_t)got;
        text[len] = '\0';
        if (is_whole(text, len)) {
            keep_request(c->server, text);
            return 1;
        }
    }
    free(text);
    return 0;
}

static int send_all(script_connection *c, const char *bytes, size_t len,
                    int count)
{
    while (len > 0) {
        const ssize_t put = send(c->fd, bytes, len, MSG_NOSIGNAL);
        if (put > 0) {
            bytes += put;
            len -= (size_t)put;
            if (count) {
                (void)pthread_mutex_lock(&c->server->lock);
                c->server->sent += (uint64_t)put;
                (void)pthread_mutex_unlock(&c->server->lock);
            }
        } else if (put < 0 && errno != EAGAIN && errno != EINTR) {
            add_hangup(c->server);
            return 0;
        } else if (!script_wait_for(c->server, c->fd, POLLOUT)) {
            return 0;
        }
    }
    return !script_is_stopping(c->server);
}

static int drip(script_connection *c, const script_step *step)
{
    for (size_t i = 0; i < step->len; i++) {
        if (!send_all(c, step->bytes + i, 1, 0)) {
            return 0;
        }
        script_sleep_ms(1);
    }
    return 1;
}

static int fill(script_connection *c, const script_step *step)
{
    for (uint64_t n = 0; n < step->number; n++) {
        if (!send_all(c, step->bytes, step->len, 1)) {
            return 0;
        }
    }
    return 1;
}

static int stand_still(script_connection *c, uint64_t ms)
{
    const uint64_t until = script_now_ms() + ms;
    while (script_now_ms() < until) {
        if (script_is_stopping(c->server)) {
            return 0;
        }
        script_sleep_ms(1);
    }
    return 1;
}

static int pass_gate(script_connection *c, uint64_t number)
{
    for (;;) {
        (void)pthread_mutex_lock(&c->server->lock);
        const int open = (c->server->gates >> number & 1) != 0;
        const int stopping = c->server->stopping;
        (void)pthread_mutex_unlock(&c->server->lock);
        if (open || stopping) {
            return open;
        }
        script_sleep_ms(1);
    }
}

static int hang(script_connection *c)
{
    char bytes[512];
    while (script_wait_for(c->server, c->fd, POLLIN)) {
        const ssize_t got = recv(c->fd, bytes, sizeof(bytes), 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            add_hangup(c->server);
            return 0;
        }
    }
    return 0;
}

static int take_step(script_connection *c, const script_step *step)
{
    switch (step->kind) {
    case SCRIPT_REQUEST:
        return read_request(c);
    case SCRIPT_SEND:
        return send_all(c, step->bytes, step->len, 0);
    case SCRIPT_DRIP:
        return drip(c, step);
    case SCRIPT_FILL:
        return fill(c, step);
    case SCRIPT_SLEEP:
        return stand_still(c, step->number);
    case SCRIPT_GATE:
        return pass_gate(c, step->number);
    case SCRIPT_HANG:
        return hang(c);
    case SCRIPT_RESET: {
        const struct linger none = {1, 0};
        (void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
        return 0;
    }
    case SCRIPT_END:
        break;
    }
    return 0;
}

void *script_serve(void *user)
{
    script_connection *c = (script_connection *)user;
    const int one = 1;
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    (void)fcntl(c->fd, F_SETFL, O_NONBLOCK);
    if (read_request(c)) {
        const script_step *step = c->steps;
        while (take_step(c, step)) {
            step++;
        }
        if (step->kind == SCRIPT_END) {
            (void)shutdown(c->fd, SHUT_WR);
        }
    }
    (void)close(c->fd);
    (void)pthread_mutex_lock(&c->server->lock);
    c->done = 1;
    (void)pthread_mutex_unlock(&c->server->lock);
    return NULL;
}
