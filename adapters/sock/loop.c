/*
 * loop.c - the event loop: turns, and descriptors watched.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "loop.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define WATCHES_FIRST 64u
#define INTEREST_ALL (SSE_LOOP_READ | SSE_LOOP_WRITE | SSE_LOOP_HANGUP)

uint64_t sse_priv_clock_ms(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000u + (uint64_t)now.tv_nsec / 1000000u;
}

int sse_priv_fd_prepare(int fd)
{
    const int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
           fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
}

sse_status sse_priv_loop_open(const sse_priv_poller_ops *ops, sse_loop **loop)
{
    *loop = NULL;
    sse_loop *const made = (sse_loop *)calloc(1, sizeof *made);
    if (made == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    made->ops = ops;
    made->tasks.end = &made->tasks.first;
    made->late_tasks.end = &made->late_tasks.first;
    made->burials.end = &made->burials.first;
    made->now_ms = sse_priv_clock_ms();
    made->posts.pipe[0] = -1;
    sse_priv_wheel_init(&made->wheel, made->now_ms);
    sse_status status = ops->open(&made->poller);
    if (status == SSE_OK) {
        status = sse_priv_posts_open(made);
    }
    if (status != SSE_OK) {
        const int saved = errno;
        sse_loop_close(made);
        errno = saved;
        return status;
    }
    *loop = made;
    return SSE_OK;
}

sse_status sse_loop_open(sse_loop **loop)
{
    if (loop == NULL) {
        return SSE_ERR_INVALID;
    }
#if defined(__linux__) && !defined(SSE_LOOP_POLL)
    return sse_priv_loop_open(&sse_priv_poller_epoll, loop);
#else
    return sse_priv_loop_open(&sse_priv_poller_poll, loop);
#endif
}

void sse_loop_close(sse_loop *loop)
{
    if (loop == NULL) {
        return;
    }
    if (loop->poller != NULL) {
        loop->ops->close(loop->poller);
    }
    sse_priv_posts_close(loop);
    free(loop->watches);
    free(loop);
}

/* ---- Watches ----------------------------------------------------------- */

static int grow_watches(sse_loop *loop, size_t fd)
{
    size_t cap = loop->watch_cap == 0 ? WATCHES_FIRST : loop->watch_cap;
    while (cap <= fd) {
        cap *= 2;
    }
    struct sse_priv_watch *const watches = (struct sse_priv_watch *)realloc(
        loop->watches, cap * sizeof *watches);
    if (watches == NULL) {
        return 0;
    }
    for (size_t i = loop->watch_cap; i < cap; i++) {
        watches[i].fn = NULL;
        watches[i].user = NULL;
        watches[i].interest = 0;
        watches[i].tag = 0;
    }
    loop->watches = watches;
    loop->watch_cap = cap;
    return 1;
}

sse_status sse_loop_fd_watch(sse_loop *loop, int fd, uint32_t interest,
                             sse_loop_fd_fn fn, void *user)
{
    if (loop == NULL || fd < 0 || fn == NULL ||
        (interest & ~INTEREST_ALL) != 0) {
        return SSE_ERR_INVALID;
    }
    const size_t number = (size_t)fd;
    if (number >= loop->watch_cap && !grow_watches(loop, number)) {
        return SSE_ERR_NO_MEMORY;
    }
    struct sse_priv_watch *const watch = &loop->watches[number];
    const int known = watch->fn != NULL;
    if (!known || watch->interest != interest) {
        const uint32_t tag = known ? watch->tag : watch->tag + 1;
        const sse_status status =
            loop->ops->set(loop->poller, fd, tag, interest, known);
        if (status != SSE_OK) {
            return status;
        }
        watch->tag = tag;
    }
    watch->fn = fn;
    watch->user = user;
    watch->interest = interest;
    return SSE_OK;
}

void sse_loop_fd_forget(sse_loop *loop, int fd)
{
    if (loop == NULL || fd < 0 || (size_t)fd >= loop->watch_cap ||
        loop->watches[fd].fn == NULL) {
        return;
    }
    loop->ops->remove(loop->poller, fd);
    loop->watches[fd].fn = NULL;
    loop->watches[fd].interest = 0;
}

void sse_loop_fd_close(sse_loop *loop, int fd)
{
    if (loop == NULL || fd < 0) {
        return;
    }
    /* epoll forgets what is closed by itself, but not while a process made by
     * fork() holds it: then it would be told of it for ever. */
    sse_loop_fd_forget(loop, fd);
    (void)close(fd);
}

static void dispatch(sse_loop *loop, const sse_priv_ready *ready, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        /* By value: the table may move while the callback runs. */
        const struct sse_priv_watch watch = loop->watches[ready[i].fd];
        const uint32_t bits =
            ready[i].ready & (watch.interest | SSE_LOOP_ERROR);
        if (watch.fn != NULL && watch.tag == ready[i].tag && bits != 0) {
            watch.fn(loop, ready[i].fd, bits, watch.user);
        }
    }
}

/* ---- Turns ------------------------------------------------------------- */

int sse_loop_timeout_ms(const sse_loop *loop)
{
    if (loop->tasks.first != NULL || loop->late_tasks.first != NULL ||
        loop->stop) {
        return 0;
    }
    const uint64_t next_ms = sse_priv_wheel_next(&loop->wheel);
    if (next_ms == UINT64_MAX) {
        return -1;
    }
    const uint64_t now_ms = sse_priv_clock_ms();
    if (next_ms <= now_ms) {
        return 0;
    }
    return next_ms - now_ms > INT_MAX ? INT_MAX : (int)(next_ms - now_ms);
}

sse_status sse_loop_turn(sse_loop *loop, int timeout_ms)
{
    if (loop->in_turn) {
        return SSE_ERR_REENTRY;
    }
    const int limit_ms = sse_loop_timeout_ms(loop);
    if (timeout_ms < 0 || (limit_ms >= 0 && limit_ms < timeout_ms)) {
        timeout_ms = limit_ms;
    }
    const sse_priv_ready *ready = NULL;
    size_t count = 0;
    const sse_status status =
        loop->ops->wait(loop->poller, timeout_ms, &ready, &count);
    loop->now_ms = sse_priv_clock_ms();
    if (status != SSE_OK) {
        return status;
    }
    loop->in_turn = 1;
    dispatch(loop, ready, count);
    sse_priv_timers_run(loop);
    sse_priv_posts_run(loop);
    sse_priv_tasks_run(&loop->tasks);
    sse_priv_tasks_run(&loop->late_tasks);
    sse_priv_tasks_run(&loop->burials);
    loop->in_turn = 0;
    if (loop->stop) {
        loop->stop = 0;
        return SSE_STOPPED;
    }
    return SSE_OK;
}

sse_status sse_loop_run(sse_loop *loop)
{
    sse_status status = SSE_OK;
    while (status == SSE_OK) {
        status = sse_loop_turn(loop, -1);
    }
    return status == SSE_STOPPED ? SSE_OK : status;
}

void sse_loop_stop(sse_loop *loop)
{
    loop->stop = 1;
}

int sse_loop_fd(const sse_loop *loop)
{
    return loop->ops->fd(loop->poller);
}

uint64_t sse_loop_now_ms(const sse_loop *loop)
{
    return loop->in_turn ? loop->now_ms : sse_priv_clock_ms();
}
