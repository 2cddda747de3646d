/*
 * socket.c - what the hub asks of the system.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "hub.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* then SO_NOSIGPIPE is set on the socket */
#endif

static ssize_t send_many(int fd, const sse_piece *pieces, size_t count)
{
    struct iovec vectors[SSE_PRIV_PIECES];
    struct msghdr message;
    memset(&message, 0, sizeof message);
    for (size_t i = 0; i < count; i++) {
        /* sendmsg() only reads, but takes what readv() takes. */
        memcpy(&vectors[i].iov_base, &pieces[i].base, sizeof pieces[i].base);
        vectors[i].iov_len = pieces[i].len;
    }
    message.msg_iov = vectors;
    message.msg_iovlen = count;
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}

ptrdiff_t sse_priv_socket_send(sse_hub *hub, uint32_t fd,
                               const sse_piece *pieces, size_t count)
{
    (void)hub;
    const ssize_t sent =
        count == 1 ? send((int)fd, pieces[0].base, pieces[0].len, MSG_NOSIGNAL)
                   : send_many((int)fd, pieces, count);
    if (sent < 0 &&
        (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        return 0;
    }
    return sent;
}

void sse_priv_socket_reset(uint32_t fd)
{
    const struct linger reset = {1, 0};
    (void)setsockopt((int)fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}
