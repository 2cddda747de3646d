/*
 * poller_poll.c - readiness by poll(): for systems without epoll.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each wait is linear in the number of descriptors, as poll() is.
 */
#define _GNU_SOURCE /* POLLRDHUP */

#include "poller.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#ifndef POLLRDHUP
#define POLLRDHUP 0
#endif

#define NO_INDEX ((size_t)-1)

struct ppoller {
    struct pollfd *fds; /* dense, `count` of them */
    uint32_t *tags;     /* beside fds */
    sse_priv_ready *ready;
    size_t count, cap;
    size_t *index; /* by descriptor: its place in fds, or NO_INDEX */
    size_t index_cap;
};

static void ppoller_close(void *poller)
{
    struct ppoller *const ppoller = (struct ppoller *)poller;
    free(ppoller->fds);
    free(ppoller->tags);
    free(ppoller->ready);
    free(ppoller->index);
    free(ppoller);
}

static sse_status ppoller_open(void **poller)
{
    *poller = calloc(1, sizeof(struct ppoller));
    return *poller != NULL ? SSE_OK : SSE_ERR_NO_MEMORY;
}

/* The ready array is left alone, for a dispatch may be reading it; wait()
 * sees to its size. */
static int grow(struct ppoller *ppoller)
{
    const size_t cap = ppoller->cap == 0 ? 64 : ppoller->cap * 2;
    struct pollfd *const fds = (struct pollfd *)realloc(
        ppoller->fds, cap * sizeof *ppoller->fds);
    if (fds == NULL) {
        return 0;
    }
    ppoller->fds = fds;
    uint32_t *const tags =
        (uint32_t *)realloc(ppoller->tags, cap * sizeof *ppoller->tags);
    if (tags == NULL) {
        return 0;
    }
    ppoller->tags = tags;
    ppoller->cap = cap;
    return 1;
}

static int grow_index(struct ppoller *ppoller, size_t fd)
{
    size_t cap = ppoller->index_cap == 0 ? 64 : ppoller->index_cap;
    while (cap <= fd) {
        cap *= 2;
    }
    size_t *const index =
        (size_t *)realloc(ppoller->index, cap * sizeof *ppoller->index);
    if (index == NULL) {
        return 0;
    }
    for (size_t i = ppoller->index_cap; i < cap; i++) {
        index[i] = NO_INDEX;
    }
    ppoller->index = index;
    ppoller->index_cap = cap;
    return 1;
}

static short events_of(uint32_t interest)
{
    int events = 0;
    if ((interest & SSE_LOOP_READ) != 0) {
        events |= POLLIN;
    }
    if ((interest & SSE_LOOP_WRITE) != 0) {
        events |= POLLOUT;
    }
    if ((interest & SSE_LOOP_HANGUP) != 0) {
        events |= POLLRDHUP;
    }
    return (short)events;
}

static sse_status ppoller_set(void *poller, int fd, uint32_t tag,
                              uint32_t interest, int known)
{
    struct ppoller *const ppoller = (struct ppoller *)poller;
    const size_t number = (size_t)fd;
    (void)known;
    if (number >= ppoller->index_cap && !grow_index(ppoller, number)) {
        return SSE_ERR_NO_MEMORY;
    }
    if (ppoller->index[number] == NO_INDEX) {
        if (ppoller->count == ppoller->cap && !grow(ppoller)) {
            return SSE_ERR_NO_MEMORY;
        }
        ppoller->index[number] = ppoller->count++;
    }
    const size_t at = ppoller->index[number];
    ppoller->fds[at].fd = fd;
    ppoller->fds[at].events = events_of(interest);
    ppoller->fds[at].revents = 0;
    ppoller->tags[at] = tag;
    return SSE_OK;
}

static void ppoller_remove(void *poller, int fd)
{
    struct ppoller *const ppoller = (struct ppoller *)poller;
    const size_t number = (size_t)fd;
    if (number >= ppoller->index_cap || ppoller->index[number] == NO_INDEX) {
        return;
    }
    const size_t at = ppoller->index[number];
    const size_t last = --ppoller->count;
    ppoller->index[number] = NO_INDEX;
    if (at != last) {
        ppoller->fds[at] = ppoller->fds[last];
        ppoller->tags[at] = ppoller->tags[last];
        ppoller->index[(size_t)ppoller->fds[at].fd] = at;
    }
}

static uint32_t ready_of(int events)
{
    uint32_t ready = 0;
    if ((events & POLLIN) != 0) {
        ready |= SSE_LOOP_READ;
    }
    if ((events & POLLOUT) != 0) {
        ready |= SSE_LOOP_WRITE;
    }
    if ((events & POLLRDHUP) != 0) {
        ready |= SSE_LOOP_HANGUP;
    }
    if ((events & (POLLERR | POLLHUP | POLLNVAL)) != 0) {
        ready |= SSE_LOOP_ERROR | SSE_LOOP_READ | SSE_LOOP_WRITE;
    }
    return ready;
}

static sse_status ppoller_wait(void *poller, int timeout_ms,
                               const sse_priv_ready **ready, size_t *count)
{
    struct ppoller *const ppoller = (struct ppoller *)poller;
    *count = 0;
    if (ppoller->count > 0) {
        sse_priv_ready *const room = (sse_priv_ready *)realloc(
            ppoller->ready, ppoller->cap * sizeof *ppoller->ready);
        if (room == NULL) {
            return SSE_ERR_NO_MEMORY;
        }
        ppoller->ready = room;
    }
    const int found =
        poll(ppoller->fds, (nfds_t)ppoller->count, timeout_ms);
    if (found < 0) {
        return errno == EINTR ? SSE_OK : SSE_ERR_SYSTEM;
    }
    size_t n = 0;
    for (size_t i = 0; i < ppoller->count && n < (size_t)found; i++) {
        if (ppoller->fds[i].revents != 0) {
            ppoller->ready[n].fd = ppoller->fds[i].fd;
            ppoller->ready[n].tag = ppoller->tags[i];
            ppoller->ready[n].ready = ready_of(ppoller->fds[i].revents);
            n++;
        }
    }
    *ready = ppoller->ready;
    *count = n;
    return SSE_OK;
}

static int ppoller_fd(const void *poller)
{
    (void)poller;
    return -1;
}

const sse_priv_poller_ops sse_priv_poller_poll = {
    ppoller_open,   ppoller_close, ppoller_set,
    ppoller_remove, ppoller_wait,  ppoller_fd,
};
