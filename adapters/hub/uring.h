/*
 * uring.h - many sends by one system call (Linux, io_uring); see uring.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_URING_INSIDE_H
#define SSE_URING_INSIDE_H

#include <stddef.h>
#include <stdint.h>

/** Parcels that are sent together, at most. */
#define SSE_PRIV_GROUP 64u

typedef struct sse_priv_parcel {
    const char *bytes;
    size_t len;
    ptrdiff_t sent; /* as hub->send returns it */
    uint32_t fd;
} sse_priv_parcel;

struct io_uring_sqe;
struct io_uring_cqe;

typedef struct sse_priv_uring {
    int fd;
    int broken; /* what it does and says is not to be relied on any more */
    /* io_uring_enter() but in tests: so many are to be taken from the queue,
     * and so many results waited for. */
    long (*enter)(int fd, unsigned take, unsigned wait, unsigned flags);
    char *rings;
    size_t rings_len, entries_len;
    unsigned *sent, *queued, *order; /* of the queue: head, tail, array */
    unsigned *seen, *done;           /* of the results: head, tail */
    unsigned queue_mask, done_mask;
    struct io_uring_sqe *entries;
    const struct io_uring_cqe *results;
} sse_priv_uring;

/** @return NULL: there is no io_uring, or it is not allowed. */
sse_priv_uring *sse_priv_uring_open(void);
void sse_priv_uring_close(sse_priv_uring *uring);

/**
 * Sends up to SSE_PRIV_GROUP parcels.  If the system fails in a way that leaves
 * doubt about what it does, the ring is closed and *uring is NULL.
 *
 * @return To how many of them, from the first on, it did what hub->send does,
 *         which is for the caller to do to the others.  One of which nobody can
 *         tell what became of it counts as sent to a connection that is gone.
 */
size_t sse_priv_uring_send(sse_priv_uring **uring, sse_priv_parcel *parcels,
                           size_t count);

#endif /* SSE_URING_INSIDE_H */
