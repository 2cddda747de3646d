/*
 * poller.h - waiting for readiness: one contract, epoll and poll behind it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_SOCK_POLLER_H
#define SSE_SOCK_POLLER_H

#include <sse/sock.h>

/** A descriptor found ready.  The tag is the one it was set with: what was
 *  found before a descriptor changed hands carries an older tag. */
typedef struct sse_priv_ready {
    int fd;
    uint32_t tag;
    uint32_t ready; /* SSE_LOOP_* */
} sse_priv_ready;

/** The operations of a poller.  Each gets what open() handed out. */
typedef struct sse_priv_poller_ops {
    sse_status (*open)(void **poller);
    void (*close)(void *poller);
    /* Adds fd if it is not known yet, changes it otherwise. */
    sse_status (*set)(void *poller, int fd, uint32_t tag, uint32_t interest,
                      int known);
    void (*remove)(void *poller, int fd);
    /* The array stays until the next wait, whatever is set or removed. */
    sse_status (*wait)(void *poller, int timeout_ms,
                       const sse_priv_ready **ready, size_t *count);
    /* A descriptor to wait on from outside, or -1. */
    int (*fd)(const void *poller);
} sse_priv_poller_ops;

extern const sse_priv_poller_ops sse_priv_poller_poll;
#if defined(__linux__)
extern const sse_priv_poller_ops sse_priv_poller_epoll;
#endif

#endif /* SSE_SOCK_POLLER_H */
