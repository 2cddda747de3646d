/*
 * floor.c - an epoll loop with one send() for each event and subscriber.
 *
 *   sse-bench-floor [PORT [FAULT]]    prints its port
 *
 * FAULT is lose, double or comment: what every fifth event of the second
 * subscriber suffers, to see whether a client notices.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "floor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what)
{
    (void)fprintf(stderr, "sse-bench-floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void *grow(void *memory, size_t size)
{
    void *const larger = realloc(memory, size);
    if (larger == NULL) {
        die("memory");
    }
    return larger;
}

void floor_add(struct floor_list *list, struct floor_conn *conn)
{
    if (list->count == list->cap) {
        list->cap = 2 * list->cap + 64;
        list->conns = (struct floor_conn **)grow(
            list->conns, list->cap * sizeof *list->conns);
    }
    conn->place = list->count;
    list->conns[list->count++] = conn;
}

void floor_remove(struct floor_list *list, const struct floor_conn *conn)
{
    struct floor_conn *const last = list->conns[--list->count];
    list->conns[conn->place] = last;
    last->place = conn->place;
}

static void watch(const struct floor *floor, struct floor_conn *conn,
                  int operation, uint32_t events)
{
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    event.events = events;
    event.data.ptr = conn;
    if (epoll_ctl(floor->epoll, operation, conn->fd, &event) < 0) {
        die("epoll_ctl");
    }
}

static void enqueue(struct floor *floor, struct floor_conn *conn,
                    const char *bytes, size_t len)
{
    if (conn->queued == 0) {
        watch(floor, conn, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    }
    conn->queue = (char *)grow(conn->queue, conn->queued + len);
    memcpy(conn->queue + conn->queued, bytes, len);
    conn->queued += len;
}

void floor_send(struct floor *floor, struct floor_conn *conn,
                const char *bytes, size_t len)
{
    ssize_t n = 0;
    if (conn->queued == 0) {
        n = send(conn->fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno != EAGAIN) {
            return; /* gone; its hang-up is told */
        }
        n = n < 0 ? 0 : n;
    }
    if ((size_t)n < len) {
        enqueue(floor, conn, bytes + n, len - (size_t)n);
    }
}

static void send_queue(const struct floor *floor, struct floor_conn *conn)
{
    const ssize_t n = send(conn->fd, conn->queue, conn->queued,
                           MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n <= 0) {
        return;
    }
    conn->queued -= (size_t)n;
    memmove(conn->queue, conn->queue + n, conn->queued);
    if (conn->queued == 0) {
        free(conn->queue);
        conn->queue = NULL;
        watch(floor, conn, EPOLL_CTL_MOD, EPOLLIN);
    }
}

static void end(struct floor *floor, struct floor_conn *conn)
{
    if (conn->subscribed) {
        floor_remove(&floor->subscribers, conn);
    } else if (conn->left > 0) {
        floor_remove(&floor->streams, conn);
    }
    (void)close(conn->fd);
    free(conn->request);
    free(conn->queue);
    free(conn);
}

static void accept_all(struct floor *floor)
{
    const int on = 1;
    for (;;) {
        const int fd = accept4(floor->listener, NULL, NULL,
                               SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            return;
        }
        struct floor_conn *const conn =
            (struct floor_conn *)calloc(1, sizeof *conn);
        if (conn == NULL) {
            die("memory");
        }
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        conn->fd = fd;
        watch(floor, conn, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static void on_ready(struct floor *floor, struct floor_conn *conn,
                     uint32_t events)
{
    static char buffer[FLOOR_REQUEST_MAX];
    if ((events & EPOLLOUT) != 0) {
        send_queue(floor, conn);
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0) {
        return;
    }
    const ssize_t n = recv(conn->fd, buffer, sizeof buffer, 0);
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN) {
            end(floor, conn);
        }
        return;
    }
    conn->request = (char *)grow(conn->request, conn->len + (size_t)n + 1);
    memcpy(conn->request + conn->len, buffer, (size_t)n);
    conn->len += (size_t)n;
    conn->request[conn->len] = '\0';
    if (conn->len > FLOOR_REQUEST_MAX || floor_requests(floor, conn) < 0) {
        end(floor, conn);
    }
}

/* One round: the next event of each stream. */
static void send_streams(struct floor *floor)
{
    for (size_t i = floor->streams.count; i > 0; i--) {
        floor_next(floor, floor->streams.conns[i - 1]);
    }
}

static void listen_on(struct floor *floor, uint16_t port)
{
    const int on = 1;
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    floor->listener =
        socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    (void)setsockopt(floor->listener, SOL_SOCKET, SO_REUSEADDR, &on,
                     sizeof on);
    if (bind(floor->listener, (struct sockaddr *)&address, sizeof address) <
            0 ||
        listen(floor->listener, 4096) < 0 ||
        getsockname(floor->listener, (struct sockaddr *)&address, &len) < 0) {
        die("listen");
    }
    printf("http://127.0.0.1:%u/\n", ntohs(address.sin_port));
    (void)fflush(stdout);
}

int main(int argc, char **argv)
{
    static struct floor floor;
    struct epoll_event events[512];
    listen_on(&floor, (uint16_t)(argc > 1 ? atoi(argv[1]) : 0));
    floor.fault = argc > 2 ? argv[2][0] : '\0';
    floor.epoll = epoll_create1(EPOLL_CLOEXEC);
    memset(&events[0], 0, sizeof events[0]);
    events[0].events = EPOLLIN;
    if (floor.epoll < 0 || epoll_ctl(floor.epoll, EPOLL_CTL_ADD,
                                     floor.listener, &events[0]) < 0) {
        die("epoll");
    }
    for (;;) {
        const int n = epoll_wait(floor.epoll, events, 512,
                                 floor.streams.count > 0 ? 0 : -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.ptr == NULL) {
                accept_all(&floor);
            } else {
                on_ready(&floor, (struct floor_conn *)events[i].data.ptr,
                         events[i].events);
            }
        }
        send_streams(&floor);
    }
}
