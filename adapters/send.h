/*
 * send.h - pieces of memory to a connected socket, without a signal.
 *
 * SPDX-License-Identifier: MIT
 *
 * Whoever includes this asks for POSIX before anything else.
 */
#ifndef SSE_ADAPTERS_SEND_H
#define SSE_ADAPTERS_SEND_H

#include <sse/writer.h>

#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* then SO_NOSIGPIPE is set on the socket */
#endif

/** Pieces of one write, at most. */
#define SSE_PRIV_SEND_PIECES 8u

/** Sends them in one write.
 *  @param count  1 to SSE_PRIV_SEND_PIECES.
 *  @return As send(): bytes that the system took, or -1 with errno. */
static inline ssize_t sse_priv_send(int fd, const sse_piece *pieces,
                                    size_t count)
{
    if (count == 1) {
        return send(fd, pieces[0].base, pieces[0].len, MSG_NOSIGNAL);
    }
    struct iovec vectors[SSE_PRIV_SEND_PIECES];
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

#endif /* SSE_ADAPTERS_SEND_H */
