/*
 * post.c - calls from other threads: a locked queue and a pipe that wakes.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE /* pipe2() */

#include "loop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* A queue that grew beyond this is given back once it has run. */
#define KEPT_CALLS 256u

static void on_wake(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    char bytes[16];
    (void)ready;
    (void)user;
    /* At most one byte is there at a time, see sse_loop_post(). */
    (void)!read(fd, bytes, sizeof bytes);
    loop->posts.ready = 1;
}

sse_status sse_priv_posts_open(sse_loop *loop)
{
    sse_priv_posts *const posts = &loop->posts;
    posts->signals_end = &posts->signals;
#if defined(__linux__)
    const int result = pipe2(posts->pipe, O_CLOEXEC | O_NONBLOCK);
#else
    const int result = pipe(posts->pipe);
#endif
    if (result != 0) {
        posts->pipe[0] = -1;
        return SSE_ERR_SYSTEM;
    }
    if (pthread_mutex_init(&posts->lock, NULL) != 0) {
        (void)close(posts->pipe[0]);
        (void)close(posts->pipe[1]);
        posts->pipe[0] = -1;
        return SSE_ERR_NO_MEMORY;
    }
    if (!sse_priv_fd_prepare(posts->pipe[0]) ||
        !sse_priv_fd_prepare(posts->pipe[1])) {
        return SSE_ERR_SYSTEM;
    }
    return sse_loop_fd_watch(loop, posts->pipe[0], SSE_LOOP_READ, on_wake,
                             NULL);
}

void sse_priv_posts_close(sse_loop *loop)
{
    sse_priv_posts *const posts = &loop->posts;
    if (posts->pipe[0] < 0) {
        return;
    }
    (void)close(posts->pipe[0]);
    (void)close(posts->pipe[1]);
    (void)pthread_mutex_destroy(&posts->lock);
    free(posts->waiting.items);
    free(posts->running.items);
}

static int append(sse_priv_calls *calls, sse_post_fn fn, void *user)
{
    if (calls->count == calls->cap) {
        const size_t cap = calls->cap == 0 ? 16 : calls->cap * 2;
        if (cap > SIZE_MAX / sizeof *calls->items) {
            return 0;
        }
        struct sse_priv_call *const items = (struct sse_priv_call *)realloc(
            calls->items, cap * sizeof *items);
        if (items == NULL) {
            return 0;
        }
        calls->items = items;
        calls->cap = cap;
    }
    calls->items[calls->count].fn = fn;
    calls->items[calls->count].user = user;
    calls->count++;
    return 1;
}

/* Under the lock, so that the loop cannot be closed between the queueing and
 * the waking by a call that this very post leads to. */
static void wake(sse_priv_posts *posts)
{
    if (!posts->woken) {
        posts->woken = 1;
        (void)!write(posts->pipe[1], "", 1);
    }
}

sse_status sse_loop_post(sse_loop *loop, sse_post_fn fn, void *user)
{
    if (loop == NULL || fn == NULL) {
        return SSE_ERR_INVALID;
    }
    sse_priv_posts *const posts = &loop->posts;
    const int saved = errno;
    (void)pthread_mutex_lock(&posts->lock);
    const int added = append(&posts->waiting, fn, user);
    if (added) {
        wake(posts);
    }
    (void)pthread_mutex_unlock(&posts->lock);
    errno = saved;
    return added ? SSE_OK : SSE_ERR_NO_MEMORY;
}

void sse_priv_signal_raise(sse_loop *loop, sse_priv_signal *signal)
{
    sse_priv_posts *const posts = &loop->posts;
    const int saved = errno;
    (void)pthread_mutex_lock(&posts->lock);
    if (!signal->raised) {
        signal->raised = 1;
        signal->next = NULL;
        *posts->signals_end = signal;
        posts->signals_end = &signal->next;
        wake(posts);
    }
    (void)pthread_mutex_unlock(&posts->lock);
    errno = saved;
}

/* Takes one out of the list.  With the lock held. */
static void unlink_signal(sse_priv_posts *posts, sse_priv_signal *signal)
{
    sse_priv_signal **at = &posts->signals;
    while (*at != signal) {
        at = &(*at)->next;
    }
    *at = signal->next;
    if (posts->signals_end == &signal->next) {
        posts->signals_end = at;
    }
    signal->raised = 0;
}

void sse_priv_signal_drop(sse_loop *loop, sse_priv_signal *signal)
{
    sse_priv_posts *const posts = &loop->posts;
    (void)pthread_mutex_lock(&posts->lock);
    if (signal->raised) {
        unlink_signal(posts, signal);
    }
    (void)pthread_mutex_unlock(&posts->lock);
}

/* Those that are there now, one at a time, as each may take others back; one
 * that is raised again meanwhile waits for the next turn. */
static void run_signals(sse_priv_posts *posts)
{
    size_t count = 0;
    sse_priv_signal *signal;
    (void)pthread_mutex_lock(&posts->lock);
    for (signal = posts->signals; signal != NULL; signal = signal->next) {
        count++;
    }
    (void)pthread_mutex_unlock(&posts->lock);
    for (; count > 0; count--) {
        (void)pthread_mutex_lock(&posts->lock);
        signal = posts->signals;
        if (signal != NULL) {
            unlink_signal(posts, signal);
        }
        (void)pthread_mutex_unlock(&posts->lock);
        if (signal == NULL) {
            return;
        }
        signal->fn(signal->user);
    }
}

void sse_priv_posts_run(sse_loop *loop)
{
    sse_priv_posts *const posts = &loop->posts;
    if (!posts->ready) {
        return;
    }
    posts->ready = 0;
    (void)pthread_mutex_lock(&posts->lock);
    const sse_priv_calls calls = posts->waiting;
    posts->waiting = posts->running;
    posts->running = calls;
    posts->woken = 0;
    (void)pthread_mutex_unlock(&posts->lock);
    for (size_t i = 0; i < calls.count; i++) {
        calls.items[i].fn(calls.items[i].user);
    }
    posts->running.count = 0;
    if (calls.cap > KEPT_CALLS) {
        free(posts->running.items);
        posts->running.items = NULL;
        posts->running.cap = 0;
    }
    run_signals(posts);
}
