/*
 * load_conn.c - connections: connecting, sending, reading.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif

/* Connections under way at a time. */
#define CONNECTING_MAX 128

/* One source address for so many connections: the kernel searches long for a
 * port when most are taken. */
#define CONNS_PER_ADDRESS 8000

/* What a stalled reader has the kernel keep for it. */
#define STALLED_RCVBUF 4096

#define READ_SIZE (256 * 1024)

/* How long connecting, or the end of a load, may take. */
#define PATIENCE_NS UINT64_C(180000000000)

static void watch(const struct load_conn *conn, int operation, uint32_t events)
{
    struct epoll_event event;
    memset(&event, 0, sizeof event);
    event.events = events;
    event.data.u32 = conn->index;
    if (epoll_ctl(conn->load->epoll, operation, conn->fd, &event) < 0) {
        load_die("epoll_ctl");
    }
}

static void bind_source(int fd, unsigned index)
{
    const int on = 1;
    struct sockaddr_in from;
    memset(&from, 0, sizeof from);
    from.sin_family = AF_INET;
    from.sin_addr.s_addr =
        htonl(UINT32_C(0x7F000002) + index / CONNS_PER_ADDRESS);
    (void)setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    (void)bind(fd, (struct sockaddr *)&from, sizeof from);
}

void load_conn_begin(struct load *load, unsigned index, enum load_kind kind)
{
    struct load_conn *const conn = &load->conns[index];
    const int on = 1;
    struct sockaddr_in to;
    memset(&to, 0, sizeof to);
    to.sin_family = AF_INET;
    to.sin_port = htons((uint16_t)load->options.port);
    (void)inet_pton(AF_INET, load->options.host, &to.sin_addr);
    conn->load = load;
    conn->index = index;
    conn->kind = (uint8_t)kind;
    conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (conn->fd < 0) {
        load_die("socket");
    }
    (void)setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (kind == LOAD_STALLED) {
        const int bytes = STALLED_RCVBUF;
        (void)setsockopt(conn->fd, SOL_SOCKET, SO_RCVBUF, &bytes,
                         sizeof bytes);
    }
    bind_source(conn->fd, index);
    if (connect(conn->fd, (struct sockaddr *)&to, sizeof to) < 0 &&
        errno != EINPROGRESS) {
        load_die("connect");
    }
    conn->state = LOAD_CONNECTING;
    load->connecting++;
    watch(conn, EPOLL_CTL_ADD, EPOLLOUT);
}

/* Reset, so that no connection waits in the kernel for its last packets. */
void load_conn_close(struct load_conn *conn)
{
    const struct linger now = {1, 0};
    if (conn->state == LOAD_CLOSED) {
        return;
    }
    (void)setsockopt(conn->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    (void)close(conn->fd);
    conn->state = LOAD_CLOSED;
}

/* Requests are small: the kernel takes them whole. */
void load_conn_send(struct load_conn *conn, const char *bytes, size_t len)
{
    const ssize_t n = send(conn->fd, bytes, len, MSG_NOSIGNAL);
    if (n != (ssize_t)len) {
        conn->load->errors.cut++;
        load_conn_close(conn);
    }
}

static void connected(struct load_conn *conn)
{
    struct load *const load = conn->load;
    int error = 0;
    socklen_t len = sizeof error;
    load->connecting--;
    if (getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 ||
        error != 0) {
        load->errors.connect++;
        load_conn_close(conn);
        return;
    }
    conn->state = LOAD_OPEN;
    load_http_reset(&conn->http);
    /* Told once of what came: otherwise each wait asks each socket of the last
     * one again. */
    watch(conn, EPOLL_CTL_MOD, EPOLLIN | EPOLLRDHUP | EPOLLET);
    if (conn->kind == LOAD_PUBLISHER) {
        conn->state = LOAD_READY;
        load->ready++;
    } else {
        load_request(conn);
    }
}

/* A stream is open; who stalls reads no more from here on. */
void load_head(struct load_conn *conn)
{
    if (conn->kind == LOAD_PUBLISHER) {
        conn->load->errors.publish +=
            conn->http.status < 200 || conn->http.status > 299;
        return;
    }
    if (conn->http.status != 200) {
        conn->load->errors.status++;
    }
    if (conn->state == LOAD_OPEN) {
        conn->state = LOAD_READY;
        conn->load->ready++;
    }
    if (conn->kind == LOAD_STALLED) {
        (void)epoll_ctl(conn->load->epoll, EPOLL_CTL_DEL, conn->fd, NULL);
    }
}

void load_body(struct load_conn *conn, const char *bytes, size_t len)
{
    size_t consumed = 0;
    if (conn->kind == LOAD_READER && conn->load->messages != NULL) {
        load_text_feed(conn, bytes, len);
    } else if (conn->kind == LOAD_READER) {
        (void)sse_parser_feed(&conn->parser, bytes, len, &consumed);
    }
}

/* One read.  Returns not 0 if there may be more. */
static int read_some(struct load_conn *conn)
{
    static char buffer[READ_SIZE];
    struct load *const load = conn->load;
    const int fd = conn->fd;
    const ssize_t n = recv(fd, buffer, sizeof buffer, 0);
    if (n > 0) {
        if (load_http_feed(conn, buffer, (size_t)n) < 0) {
            load->errors.status++;
            load_conn_close(conn);
        }
        return n == sizeof buffer && conn->fd == fd;
    }
    if (n < 0 && errno == EINTR) {
        return 1;
    }
    if (n == 0 || errno != EAGAIN) {
        load->errors.cut++;
        load_conn_close(conn);
    }
    return 0;
}

static void on_ready(struct load_conn *conn, uint32_t events)
{
    const int fd = conn->fd;
    int more = 0;
    do {
        more = read_some(conn);
        /* Behind the bytes there may be the end, which is not told again. */
    } while (conn->state > LOAD_CONNECTING && conn->fd == fd &&
             (more || (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0));
}

void load_turn(struct load *load, int wait_ms)
{
    struct epoll_event events[512];
    const int n = epoll_wait(load->epoll, events, 512,
                             load->options.awake &&
                                     load->complete < load->published
                                 ? 0
                                 : wait_ms);
    for (int i = 0; i < n; i++) {
        struct load_conn *const conn = &load->conns[events[i].data.u32];
        load->now_ns = load_clock_ns();
        if (conn->state == LOAD_CONNECTING) {
            connected(conn);
        } else if (conn->state != LOAD_CLOSED) {
            on_ready(conn, events[i].events);
        }
    }
    load->now_ns = load_clock_ns();
}

void load_connect(struct load *load, unsigned upto)
{
    const unsigned readers = upto - load->options.stalled;
    const uint64_t until = load_clock_ns() + PATIENCE_NS;
    unsigned next = load->ready;
    while (load->ready < upto && load->errors.connect == 0 &&
           load->errors.status == 0 && load->errors.cut == 0) {
        while (next < upto && load->connecting < CONNECTING_MAX) {
            load_conn_begin(load, next,
                            next < readers ? LOAD_READER : LOAD_STALLED);
            next++;
        }
        load_turn(load, 100);
        if (load->now_ns > until) {
            load->errors.connect += upto - load->ready;
            return;
        }
    }
}
