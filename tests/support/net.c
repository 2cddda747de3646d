/*
 * net.c - a plain loopback client for tests of servers.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "support/net.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int net_open(net_peer *peer, uint16_t port, int rcvbuf)
{
    memset(peer, 0, sizeof *peer);
    peer->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (peer->fd < 0) {
        return 0;
    }
    const int one = 1;
    (void)setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (rcvbuf > 0) {
        (void)setsockopt(peer->fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf,
                         sizeof rcvbuf);
    }
    struct sockaddr_in where;
    memset(&where, 0, sizeof where);
    where.sin_family = AF_INET;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    /* The backlog answers, so this does not wait for the server's turn. */
    const void *const address = &where;
    if (connect(peer->fd, (const struct sockaddr *)address, sizeof where) !=
            0 ||
        fcntl(peer->fd, F_SETFL, O_NONBLOCK) != 0) {
        net_close(peer);
        return 0;
    }
    return 1;
}

size_t net_send(net_peer *peer, const char *bytes, size_t len)
{
    size_t sent = 0;
    while (sent < len) {
        const ssize_t n =
            send(peer->fd, bytes + sent, len - sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            break;
        }
        sent += (size_t)n;
    }
    return sent;
}

int net_say(net_peer *peer, const char *text)
{
    return net_send(peer, text, strlen(text)) == strlen(text);
}

size_t net_take(net_peer *peer, size_t most)
{
    size_t taken = 0;
    while (taken < most && !peer->eof && !peer->reset) {
        if (peer->cap - peer->len < 4096) {
            const size_t cap = peer->cap == 0 ? 16384 : peer->cap * 2;
            char *const bytes = (char *)realloc(peer->bytes, cap);
            if (bytes == NULL) {
                abort();
            }
            peer->bytes = bytes;
            peer->cap = cap;
        }
        const size_t room = peer->cap - peer->len - 1;
        const size_t wanted = most - taken < room ? most - taken : room;
        const ssize_t n = recv(peer->fd, peer->bytes + peer->len, wanted, 0);
        if (n > 0) {
            peer->len += (size_t)n;
            taken += (size_t)n;
        } else if (n == 0) {
            peer->eof = 1;
        } else if (errno == ECONNRESET) {
            peer->reset = 1;
        } else if (errno != EINTR) {
            break;
        }
    }
    if (peer->bytes != NULL) {
        peer->bytes[peer->len] = '\0';
    }
    return taken;
}

int net_heard(net_peer *peer, const char *text)
{
    (void)net_take(peer, SIZE_MAX);
    return strlen(text) == 0 ||
           (peer->len > 0 &&
            memmem(peer->bytes, peer->len, text, strlen(text)) != NULL);
}

int net_ended(net_peer *peer)
{
    (void)net_take(peer, SIZE_MAX);
    return peer->eof || peer->reset;
}

/* Until something comes, or the patience is over. */
static int wait_for_bytes(const net_peer *peer)
{
    struct pollfd ready = {peer->fd, POLLIN, 0};
    int count;
    do {
        count = poll(&ready, 1, NET_PATIENCE_MS);
    } while (count < 0 && errno == EINTR);
    return count > 0;
}

int net_waits_for(net_peer *peer, const char *text)
{
    while (!net_heard(peer, text)) {
        if (peer->eof || peer->reset || !wait_for_bytes(peer)) {
            return 0;
        }
    }
    return 1;
}

int net_waits_for_the_end(net_peer *peer)
{
    while (!net_ended(peer)) {
        if (!wait_for_bytes(peer)) {
            return 0;
        }
    }
    return 1;
}

size_t net_count(const net_peer *peer, const char *text)
{
    const size_t len = strlen(text);
    size_t count = 0;
    size_t at = 0;
    while (at < peer->len) {
        const char *const found = (const char *)memmem(
            peer->bytes + at, peer->len - at, text, len);
        if (found == NULL) {
            break;
        }
        count++;
        at = (size_t)(found - peer->bytes) + len;
    }
    return count;
}

void net_clear(net_peer *peer)
{
    peer->len = 0;
}

void net_shut(net_peer *peer)
{
    (void)shutdown(peer->fd, SHUT_WR);
}

void net_close(net_peer *peer)
{
    if (peer->fd >= 0) {
        (void)close(peer->fd);
    }
    peer->fd = -1;
    free(peer->bytes);
    peer->bytes = NULL;
    peer->len = 0;
    peer->cap = 0;
}

void net_break(net_peer *peer)
{
    const struct linger reset = {1, 0};
    (void)setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    net_close(peer);
}

size_t net_descriptors(void)
{
    DIR *const dir = opendir("/proc/self/fd");
    if (dir == NULL) {
        return 0;
    }
    size_t count = 0;
    while (readdir(dir) != NULL) {
        count++;
    }
    (void)closedir(dir);
    return count;
}
