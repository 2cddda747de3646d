/*
 * client_io.c - the socket of a client: its request sent, its response read.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "client.h"

#include <errno.h>
#include <string.h>

#include "../send.h"

/* Read at once, on the stack, and how often in one turn, so that one stream
 * that never ends, or one body, holds up no other. */
#define READ_SIZE 16384u
#define READS_A_TURN 8u
#define WRITES_A_TURN 8u

static void on_ready(sse_loop *loop, int fd, uint32_t ready, void *user);

int sse_priv_client_is_sending(const sse_client *client)
{
    return client->out != NULL || client->body_left > 0;
}

/* Watches for what is wanted now; a paused stream for nothing, not even for
 * failures, which would be told over and over. */
static void watch(sse_client *client)
{
    sse_priv_client_link *const link = &client->link;
    if (link->fd < 0 || link->kept) {
        return;
    }
    if (client->paused && !sse_priv_client_is_sending(client)) {
        sse_loop_fd_forget(client->loop, link->fd);
        link->unread = 1;
        return;
    }
    const uint32_t interest =
        (client->paused ? 0 : SSE_LOOP_READ) |
        (sse_priv_client_is_sending(client) ? SSE_LOOP_WRITE : 0);
    if (interest == link->interest && !link->unread) {
        return;
    }
    if (sse_loop_fd_watch(client->loop, link->fd, interest, on_ready,
                          client) != SSE_OK) {
        sse_priv_client_break(client, SSE_REASON_FATAL, SSE_ERR_NO_MEMORY);
        return;
    }
    link->interest = interest;
    link->unread = 0;
}

static void count_sent(sse_client *client, size_t sent)
{
    const size_t head = sse_priv_buf_len(client->out);
    const size_t of_head = sent < head ? sent : head;
    sse_priv_buf_consume(&client->out, of_head);
    client->body_left -= sent - of_head;
}

static void stop_sending(sse_client *client)
{
    sse_priv_buf_free(&client->out);
    client->body_left = 0;
    client->unsent = 1;
}

/* A peer that takes no more may have answered all the same, so a failure is
 * left to the reading to find. */
static void send_some(sse_client *client)
{
    for (unsigned turn = 0;
         turn < WRITES_A_TURN && sse_priv_client_is_sending(client); turn++) {
        sse_piece pieces[2];
        size_t n = 0;
        if (client->out != NULL) {
            pieces[n].base = client->out->bytes + client->out->start;
            pieces[n++].len = sse_priv_buf_len(client->out);
        }
        if (client->body_left > 0) {
            pieces[n].base = client->body + client->config.body_len -
                             client->body_left;
            pieces[n++].len = client->body_left;
        }
        const ssize_t sent = sse_priv_send(client->link.fd, pieces, n);
        if (sent >= 0) {
            count_sent(client, (size_t)sent);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        } else if (errno != EINTR) {
            stop_sending(client);
        }
    }
}

void sse_priv_client_begin_io(sse_client *client)
{
    client->link.interest = 0;
    client->link.unread = 1; /* by this callback */
    client->unsent = 0;
    if (client->config.on_request != NULL) {
        client->config.on_request(client->out->bytes + client->out->start,
                                  sse_priv_buf_len(client->out),
                                  client->config.user);
    }
    if (!client->cancelled) {
        send_some(client);
        watch(client);
    }
}

/* The peer has closed its side, or reset the connection. */
static void on_end(sse_client *client, int error)
{
    const int begun = client->mode != SSE_PRIV_CLIENT_HEAD;
    if (!begun && client->link.used_before && !client->got_bytes) {
        /* It was closed while it was kept; another one may do. */
        sse_priv_client_link_close(client);
        client->again = 1;
        return;
    }
    if (begun && error == 0 && client->framing == SSE_PRIV_FRAMING_CLOSE) {
        client->last = 1;
        sse_priv_client_complete(client, 0);
        return;
    }
    client->system_error = error;
    if (error != 0) {
        sse_priv_client_trouble(client, "connection to %.100s: %s",
                                client->link.peer, strerror(error));
    } else {
        sse_priv_client_trouble(client, "connection closed %s",
                                begun ? "in the middle of the body"
                                : client->got_bytes
                                    ? "in the middle of the response's head"
                                    : "before a response");
    }
    sse_priv_client_link_close(client);
    sse_priv_client_over(client,
                         begun ? SSE_REASON_CUT : SSE_REASON_CONNECT);
}

/* Keeps what a pause has left over.  Returns 0 if memory is out. */
static int keep(sse_client *client, const char *bytes, size_t len)
{
    if (len > 0 && !sse_priv_buf_append(&client->ahead, bytes, len)) {
        sse_priv_client_break(client, SSE_REASON_FATAL, SSE_ERR_NO_MEMORY);
        return 0;
    }
    return 1;
}

/* One reading.  Returns 0 if there is no use in another one now. */
static int receive(sse_client *client)
{
    char bytes[READ_SIZE];
    const int fd = client->link.fd;
    const ssize_t got = recv(fd, bytes, sizeof bytes, 0);
    if (got < 0) {
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            on_end(client, errno);
        }
        return 0;
    }
    if (got == 0) {
        on_end(client, 0);
        return 0;
    }
    const size_t len = (size_t)got;
    client->got_bytes = 1;
    const size_t used = sse_priv_client_take(client, bytes, len);
    if (used < len && !keep(client, bytes + used, len - used)) {
        return 0;
    }
    return len == sizeof bytes && !client->paused && client->link.fd == fd &&
           !client->link.kept;
}

static void receive_some(sse_client *client)
{
    unsigned n = 0;
    while (n < READS_A_TURN && receive(client)) {
        n++;
    }
}

static void on_ready(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    sse_client *const client = (sse_client *)user;
    (void)loop;
    (void)fd;
    client->busy = 1;
    if ((ready & SSE_LOOP_WRITE) != 0) {
        send_some(client);
    }
    if (client->paused) {
        if ((ready & SSE_LOOP_ERROR) != 0) {
            stop_sending(client); /* reading will find out why */
        }
    } else if ((ready & (SSE_LOOP_READ | SSE_LOOP_ERROR)) != 0) {
        receive_some(client);
    }
    watch(client);
    sse_priv_client_step(client);
}

void sse_priv_client_read_on(sse_client *client)
{
    sse_priv_buf *ahead = client->ahead;
    client->ahead = NULL;
    if (ahead != NULL) {
        const char *const bytes = ahead->bytes + ahead->start;
        const size_t len = sse_priv_buf_len(ahead);
        const size_t used = sse_priv_client_take(client, bytes, len);
        (void)(used < len && keep(client, bytes + used, len - used));
        sse_priv_buf_free(&ahead);
    } else if (client->last && client->run == 0) {
        sse_priv_client_complete(client, 0);
    }
    watch(client);
}
