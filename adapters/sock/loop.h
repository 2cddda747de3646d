/*
 * loop.h - the inside of the event loop, for this library alone.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_SOCK_LOOP_H
#define SSE_SOCK_LOOP_H

#include <sse/sock.h>

#include <pthread.h>

#include "poller.h"

/* ---- Timers: a hierarchical wheel, see timer.c ------------------------- */

#define SSE_PRIV_WHEEL_LEVELS 7u
#define SSE_PRIV_WHEEL_SLOTS 64u

typedef struct sse_priv_wheel {
    uint64_t base_ms; /* all that is due up to here has left the slots */
    sse_timer due;    /* list heads: only next_ and prev_ are used */
    sse_timer slots[SSE_PRIV_WHEEL_LEVELS][SSE_PRIV_WHEEL_SLOTS];
    /* A clear bit says that the slot is empty; a set one may be stale. */
    uint64_t bits[SSE_PRIV_WHEEL_LEVELS];
} sse_priv_wheel;

/* Without timers. */
void sse_priv_wheel_init(sse_priv_wheel *wheel, uint64_t now_ms);

/* timer->when_ms_ is set, and the timer is in no list. */
void sse_priv_wheel_add(sse_priv_wheel *wheel, sse_timer *timer);

/* The timer is in a list. */
void sse_priv_wheel_remove(sse_timer *timer);

/* Moves what is due at now_ms to the list `due`, ordered. */
void sse_priv_wheel_advance(sse_priv_wheel *wheel, uint64_t now_ms);

/* A time not after the next deadline; UINT64_MAX if no timer runs.  It can be
 * early for a deadline more than 64 ms away: that turn only sorts. */
uint64_t sse_priv_wheel_next(const sse_priv_wheel *wheel);

/* Runs the callbacks of all timers due. */
void sse_priv_timers_run(sse_loop *loop);

/* Milliseconds of a clock that never goes back. */
uint64_t sse_priv_clock_ms(void);

/* ---- Calls from other threads, see post.c ------------------------------ */

struct sse_priv_call {
    sse_post_fn fn;
    void *user;
};

/** A call from any thread that cannot fail, for it needs no memory.  Lives
 *  where its owner puts it; zeroed at first, then fn and user set. */
typedef struct sse_priv_signal {
    struct sse_priv_signal *next; /* guarded by the lock, as `raised` is */
    sse_post_fn fn;
    void *user;
    int raised;
} sse_priv_signal;

typedef struct sse_priv_calls {
    struct sse_priv_call *items;
    size_t count, cap;
} sse_priv_calls;

typedef struct sse_priv_posts {
    pthread_mutex_t lock;  /* guards `waiting`, `signals` and `woken` */
    sse_priv_calls waiting;
    sse_priv_signal *signals, **signals_end; /* in their order */
    int woken;             /* a byte is in the pipe, or was taken from it by a
                              turn that has not taken what waits yet */
    sse_priv_calls running;
    int pipe[2];
    int ready;             /* this turn is to run them */
} sse_priv_posts;

/* SSE_OK, SSE_ERR_SYSTEM (see errno), or SSE_ERR_NO_MEMORY; what was opened is
 * closed by the next one in any case. */
sse_status sse_priv_posts_open(sse_loop *loop);
/* Calls that wait are dropped. */
void sse_priv_posts_close(sse_loop *loop);
/* Runs what was there when the turn saw that something is. */
void sse_priv_posts_run(sse_loop *loop);

/* Any thread: has the loop's thread call fn, once however often it is raised
 * until then. */
void sse_priv_signal_raise(sse_loop *loop, sse_priv_signal *signal);
/* The loop's thread: takes it back before its owner goes away. */
void sse_priv_signal_drop(sse_loop *loop, sse_priv_signal *signal);

/* ---- Tasks, see task.c ------------------------------------------------- */

/* Work for the end of a turn. */
typedef sse_task sse_priv_task;

typedef struct sse_priv_tasks {
    sse_task *first, **end;
} sse_priv_tasks;

/* Runs those that are there now: each is taken off before it runs, so that it
 * may queue itself again, for the next turn. */
void sse_priv_tasks_run(sse_priv_tasks *tasks);

/* As sse_task_start(), but before the tasks of others, with what the task
 * says; task->fn_ and user_ are set. */
void sse_priv_loop_add_task(sse_loop *loop, sse_task *task);
void sse_priv_loop_remove_task(sse_loop *loop, sse_task *task);

/* Within a turn: has the task run as the very last of it, when no callback is
 * on the stack any more, to free what callbacks may have held. */
void sse_priv_loop_add_burial(sse_loop *loop, sse_task *task);
void sse_priv_loop_remove_burial(sse_loop *loop, sse_task *task);

/* ---- Loop -------------------------------------------------------------- */

struct sse_priv_watch {
    sse_loop_fd_fn fn; /* NULL: not watched */
    void *user;
    uint32_t interest;
    uint32_t tag; /* counts the owners this number has had */
};

struct sse_loop {
    const sse_priv_poller_ops *ops;
    void *poller;
    struct sse_priv_watch *watches; /* by descriptor */
    size_t watch_cap;
    uint64_t now_ms;
    sse_priv_tasks tasks;
    sse_priv_tasks late_tasks;
    sse_priv_tasks burials;
    int in_turn;
    int stop;
    sse_priv_posts posts;
    sse_priv_wheel wheel;
};

/* sse_loop_open() on a poller of choice. */
sse_status sse_priv_loop_open(const sse_priv_poller_ops *ops, sse_loop **loop);

/* Makes a new descriptor nonblocking and close-on-exec.  Not 0 if it is. */
int sse_priv_fd_prepare(int fd);

#endif /* SSE_SOCK_LOOP_H */
