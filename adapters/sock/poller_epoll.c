/*
 * poller_epoll.c - readiness by epoll (Linux).
 *
 * SPDX-License-Identifier: MIT
 */
#if defined(__linux__)

#define _GNU_SOURCE

#include "poller.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* What one wait takes at first, and at most: the arrays double whenever a
 * wait filled them, so that one turn sees all that is ready under load. */
#define EVENTS_FIRST 256u
#define EVENTS_LAST 16384u

struct epoller {
    int fd;
    int filled; /* the last wait did fill the arrays */
    size_t cap;
    struct epoll_event *events;
    sse_priv_ready *ready;
};

static int resize(struct epoller *epoller, size_t cap)
{
    struct epoll_event *const events =
        (struct epoll_event *)malloc(cap * sizeof *events);
    sse_priv_ready *const ready =
        (sse_priv_ready *)malloc(cap * sizeof *ready);
    if (events == NULL || ready == NULL) {
        free(events);
        free(ready);
        return 0;
    }
    free(epoller->events);
    free(epoller->ready);
    epoller->events = events;
    epoller->ready = ready;
    epoller->cap = cap;
    return 1;
}

static void epoller_close(void *poller)
{
    struct epoller *const epoller = (struct epoller *)poller;
    if (epoller->fd >= 0) {
        (void)close(epoller->fd);
    }
    free(epoller->events);
    free(epoller->ready);
    free(epoller);
}

static sse_status epoller_open(void **poller)
{
    struct epoller *const epoller =
        (struct epoller *)calloc(1, sizeof *epoller);
    if (epoller == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    epoller->fd = epoll_create1(EPOLL_CLOEXEC);
    if (epoller->fd < 0) {
        const int saved = errno;
        epoller_close(epoller);
        errno = saved;
        return SSE_ERR_SYSTEM;
    }
    if (!resize(epoller, EVENTS_FIRST)) {
        epoller_close(epoller);
        return SSE_ERR_NO_MEMORY;
    }
    *poller = epoller;
    return SSE_OK;
}

static sse_status epoller_set(void *poller, int fd, uint32_t tag,
                              uint32_t interest, int known)
{
    const struct epoller *const epoller = (const struct epoller *)poller;
    struct epoll_event event = {0, {NULL}};
    if ((interest & SSE_LOOP_READ) != 0) {
        event.events |= EPOLLIN;
    }
    if ((interest & SSE_LOOP_WRITE) != 0) {
        event.events |= EPOLLOUT;
    }
    if ((interest & SSE_LOOP_HANGUP) != 0) {
        event.events |= EPOLLRDHUP;
    }
    event.data.u64 = ((uint64_t)tag << 32) | (uint32_t)fd;
    int op = known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    int result = epoll_ctl(epoller->fd, op, fd, &event);
    /* A descriptor closed behind our back has left the set by itself, and its
     * number may have come back. */
    if (result != 0 && known && errno == ENOENT) {
        result = epoll_ctl(epoller->fd, EPOLL_CTL_ADD, fd, &event);
    } else if (result != 0 && !known && errno == EEXIST) {
        result = epoll_ctl(epoller->fd, EPOLL_CTL_MOD, fd, &event);
    }
    return result == 0 ? SSE_OK : SSE_ERR_SYSTEM;
}

static void epoller_remove(void *poller, int fd)
{
    const struct epoller *const epoller = (const struct epoller *)poller;
    struct epoll_event unused = {0, {NULL}};
    const int saved = errno;
    (void)epoll_ctl(epoller->fd, EPOLL_CTL_DEL, fd, &unused);
    errno = saved;
}

static uint32_t ready_of(uint32_t events)
{
    uint32_t ready = 0;
    if ((events & EPOLLIN) != 0) {
        ready |= SSE_LOOP_READ;
    }
    if ((events & EPOLLOUT) != 0) {
        ready |= SSE_LOOP_WRITE;
    }
    if ((events & EPOLLRDHUP) != 0) {
        ready |= SSE_LOOP_HANGUP;
    }
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
        ready |= SSE_LOOP_ERROR | SSE_LOOP_READ | SSE_LOOP_WRITE;
    }
    return ready;
}

static sse_status epoller_wait(void *poller, int timeout_ms,
                               const sse_priv_ready **ready, size_t *count)
{
    struct epoller *const epoller = (struct epoller *)poller;
    *count = 0;
    if (epoller->filled && epoller->cap < EVENTS_LAST) {
        (void)resize(epoller, epoller->cap * 2);
    }
    epoller->filled = 0;
    const int found = epoll_wait(epoller->fd, epoller->events,
                                 (int)epoller->cap, timeout_ms);
    if (found < 0) {
        return errno == EINTR ? SSE_OK : SSE_ERR_SYSTEM;
    }
    for (int i = 0; i < found; i++) {
        const uint64_t data = epoller->events[i].data.u64;
        epoller->ready[i].fd = (int)(data & 0xffffffffu);
        epoller->ready[i].tag = (uint32_t)(data >> 32);
        epoller->ready[i].ready = ready_of(epoller->events[i].events);
    }
    *ready = epoller->ready;
    *count = (size_t)found;
    epoller->filled = *count == epoller->cap;
    return SSE_OK;
}

static int epoller_fd(const void *poller)
{
    return ((const struct epoller *)poller)->fd;
}

const sse_priv_poller_ops sse_priv_poller_epoll = {
    epoller_open,   epoller_close, epoller_set,
    epoller_remove, epoller_wait,  epoller_fd,
};

#else

/* ISO C forbids an empty translation unit. */
typedef int sse_priv_no_epoll;

#endif
