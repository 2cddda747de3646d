/*
 * socket.c - what the hub asks of the system.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "hub.h"

#include <errno.h>

#include "../send.h"

ptrdiff_t sse_priv_socket_send(sse_hub *hub, uint32_t fd,
                               const sse_piece *pieces, size_t count)
{
    (void)hub;
    const ssize_t sent = sse_priv_send((int)fd, pieces, count);
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
