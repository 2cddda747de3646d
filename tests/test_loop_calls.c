/*
 * test_loop_calls.c - timers, posts, tasks and turns of the loop.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "test_loop_fixture.h"

#include <poll.h>
#include <pthread.h>

/* ---- Timers ------------------------------------------------------------ */

typedef struct numbered {
    sse_timer timer;
    fixture *f;
    struct numbered *stops;
    int number;
    uint64_t again_ms;
} numbered;

static void note_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    numbered *const n = (numbered *)user;
    n->f->order[n->f->ordered++] = n->number;
    if (n->stops != NULL) {
        sse_timer_stop(loop, &n->stops->timer);
    }
    if (n->again_ms != UINT64_MAX && n->f->ordered < 8) {
        assert_int_equal(
            sse_timer_start(loop, timer, n->again_ms, note_timer, n), SSE_OK);
    }
}

static void start(fixture *f, numbered *n, int number, uint64_t after_ms)
{
    n->f = f;
    n->number = number;
    n->again_ms = UINT64_MAX;
    assert_int_equal(
        sse_timer_start(f->loop, &n->timer, after_ms, note_timer, n), SSE_OK);
}

static void test_loop_timers_run_in_order(void **state)
{
    fixture *const f = (fixture *)*state;
    numbered n[4] = {{{NULL, NULL, 0, NULL, NULL}, NULL, NULL, 0, 0}};
    const uint64_t begun_ms = sse_loop_now_ms(f->loop);
    /* Far apart, as some time may pass between these calls. */
    start(f, &n[0], 0, 400);
    start(f, &n[1], 1, 5);
    start(f, &n[2], 2, 200);
    start(f, &n[3], 3, 0);
    sse_timer_stop(f->loop, &n[2].timer);
    sse_timer_stop(f->loop, &n[2].timer);
    UNTIL(f, f->ordered == 3);
    assert_true(sse_loop_now_ms(f->loop) - begun_ms >= 400);
    assert_int_equal(f->order[0], 3);
    assert_int_equal(f->order[1], 1);
    assert_int_equal(f->order[2], 0);
    assert_int_equal(sse_loop_timeout_ms(f->loop), -1);
}

static void test_loop_timer_stops_another_due_one(void **state)
{
    fixture *const f = (fixture *)*state;
    numbered n[3] = {{{NULL, NULL, 0, NULL, NULL}, NULL, NULL, 0, 0}};
    start(f, &n[0], 0, 1);
    start(f, &n[1], 1, 2);
    start(f, &n[2], 2, 3);
    n[0].stops = &n[1];
    while (sse_loop_now_ms(f->loop) < n[2].timer.when_ms_) {
        (void)poll(NULL, 0, 1);
    }
    UNTIL(f, f->ordered == 2);
    assert_int_equal(f->order[0], 0);
    assert_int_equal(f->order[1], 2);
}

static void test_loop_timer_restarted_at_once_leaves_the_turn(void **state)
{
    fixture *const f = (fixture *)*state;
    numbered n = {{NULL, NULL, 0, NULL, NULL}, NULL, NULL, 0, 0};
    start(f, &n, 7, 0);
    n.again_ms = 0;
    assert_int_equal(sse_loop_turn(f->loop, 0), SSE_OK);
    assert_int_equal(f->ordered, 1);
    assert_int_equal(sse_loop_timeout_ms(f->loop), 0);
    UNTIL(f, f->ordered == 8);
}

static void test_loop_restarting_moves_a_timer(void **state)
{
    fixture *const f = (fixture *)*state;
    numbered n[2] = {{{NULL, NULL, 0, NULL, NULL}, NULL, NULL, 0, 0}};
    start(f, &n[0], 0, 1);
    start(f, &n[1], 1, 10);
    start(f, &n[0], 0, 400);
    UNTIL(f, f->ordered == 2);
    assert_int_equal(f->order[0], 1);
    assert_int_equal(f->order[1], 0);
}

/* ---- Posts ------------------------------------------------------------- */

enum { THREADS = 4, POSTS = 5000 };

typedef struct poster {
    sse_loop *loop;
    pthread_t thread;
    size_t next; /* touched by the loop's thread alone */
    size_t wrong;
} poster;

typedef struct posted {
    poster *by;
    size_t number;
} posted;

static void on_post(void *user)
{
    posted *const call = (posted *)user;
    call->by->wrong += call->number != call->by->next;
    call->by->next++;
    free(call);
}

static void *post_many(void *user)
{
    poster *const p = (poster *)user;
    for (size_t i = 0; i < POSTS; i++) {
        posted *const call = (posted *)malloc(sizeof *call);
        if (call == NULL) {
            abort();
        }
        call->by = p;
        call->number = i;
        if (sse_loop_post(p->loop, on_post, call) != SSE_OK) {
            abort();
        }
    }
    return NULL;
}

static void test_loop_posts_of_threads_run_once_in_order(void **state)
{
    const fixture *const f = (const fixture *)*state;
    poster posters[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        posters[i].loop = f->loop;
        posters[i].next = 0;
        posters[i].wrong = 0;
        assert_int_equal(pthread_create(&posters[i].thread, NULL, post_many,
                                        &posters[i]),
                         0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        UNTIL(f, posters[i].next == POSTS);
        assert_int_equal(posters[i].wrong, 0);
        assert_int_equal(pthread_join(posters[i].thread, NULL), 0);
    }
}

static void stop_loop(void *user)
{
    sse_loop_stop((sse_loop *)user);
}

static void *post_stop(void *user)
{
    (void)sse_loop_post((sse_loop *)user, stop_loop, user);
    return NULL;
}

static void test_loop_a_post_wakes_and_stops_a_run(void **state)
{
    const fixture *const f = (const fixture *)*state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, post_stop, f->loop), 0);
    assert_int_equal(sse_loop_run(f->loop), SSE_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void post_again(void *user)
{
    fixture *const f = (fixture *)user;
    f->ordered++;
    if (f->ordered < 5) {
        assert_int_equal(sse_loop_post(f->loop, post_again, f), SSE_OK);
    }
}

static void test_loop_a_post_of_a_post_waits_a_turn(void **state)
{
    fixture *const f = (fixture *)*state;
    assert_int_equal(sse_loop_post(f->loop, post_again, f), SSE_OK);
    assert_int_equal(sse_loop_turn(f->loop, 100), SSE_OK);
    assert_int_equal(f->ordered, 1);
    UNTIL(f, f->ordered == 5);
}

/* ---- Turns ------------------------------------------------------------- */

static void turn_within(void *user)
{
    fixture *const f = (fixture *)user;
    f->calls[0] = sse_loop_turn(f->loop, 0);
    f->calls[1] = sse_loop_run(f->loop);
}

static void test_loop_a_turn_within_a_turn_is_refused(void **state)
{
    fixture *const f = (fixture *)*state;
    assert_int_equal(sse_loop_post(f->loop, turn_within, f), SSE_OK);
    UNTIL(f, f->calls[0] != 0);
    assert_int_equal(f->calls[0], SSE_ERR_REENTRY);
    assert_int_equal(f->calls[1], SSE_ERR_REENTRY);
}

static void test_loop_stopped_before_a_turn(void **state)
{
    const fixture *const f = (const fixture *)*state;
    sse_loop_stop(f->loop);
    assert_int_equal(sse_loop_timeout_ms(f->loop), 0);
    assert_int_equal(sse_loop_turn(f->loop, -1), SSE_STOPPED);
    assert_int_equal(sse_loop_turn(f->loop, 0), SSE_OK);
}

static void count_task(void *user)
{
    ((fixture *)user)->ordered++;
}

static void test_loop_tasks_run_once_at_the_end_of_a_turn(void **state)
{
    fixture *const f = (fixture *)*state;
    sse_task a = {NULL, count_task, f, 0};
    sse_task b = {NULL, count_task, f, 0};
    sse_priv_loop_add_task(f->loop, &a);
    sse_priv_loop_add_task(f->loop, &a);
    sse_priv_loop_add_task(f->loop, &b);
    sse_priv_loop_remove_task(f->loop, &b);
    sse_priv_loop_remove_task(f->loop, &b);
    assert_int_equal(sse_loop_timeout_ms(f->loop), 0);
    assert_int_equal(sse_loop_turn(f->loop, -1), SSE_OK);
    assert_int_equal(f->ordered, 1);
    sse_priv_loop_add_task(f->loop, &b);
    assert_int_equal(sse_loop_turn(f->loop, -1), SSE_OK);
    assert_int_equal(f->ordered, 2);
}

static void test_loop_carried_by_another(void **state)
{
    fixture *const f = (fixture *)*state;
    struct pollfd outer = {sse_loop_fd(f->loop), POLLIN, 0};
    if (outer.fd < 0) {
        /* poll() has nothing that could be waited on from outside. */
        assert_ptr_equal(f->ops->fd, sse_priv_poller_poll.fd);
        return;
    }
    assert_int_equal(sse_loop_timeout_ms(f->loop), -1);
    assert_int_equal(sse_loop_fd_watch(f->loop, f->pair[0], SSE_LOOP_READ,
                                       count_ready, f),
                     SSE_OK);
    assert_int_equal(poll(&outer, 1, 0), 0);
    say(f->pair[1]);
    assert_int_equal(poll(&outer, 1, (int)PATIENCE_MS), 1);
    assert_int_equal(sse_loop_turn(f->loop, 0), SSE_OK);
    assert_int_equal(f->calls[0], 1);
    sse_loop_fd_forget(f->loop, f->pair[0]);
    assert_int_equal(sse_loop_post(f->loop, count_task, f), SSE_OK);
    assert_int_equal(poll(&outer, 1, (int)PATIENCE_MS), 1);
    assert_int_equal(sse_loop_turn(f->loop, 0), SSE_OK);
    assert_int_equal(f->ordered, 1);
}

static void test_loop_refuses_bad_arguments(void **state)
{
    fixture *const f = (fixture *)*state;
    sse_timer timer = {NULL, NULL, 0, NULL, NULL};
    assert_int_equal(sse_loop_open(NULL), SSE_ERR_INVALID);
    assert_int_equal(
        sse_loop_fd_watch(f->loop, -1, SSE_LOOP_READ, count_ready, f),
        SSE_ERR_INVALID);
    assert_int_equal(
        sse_loop_fd_watch(f->loop, f->pair[0], 0x100, count_ready, f),
        SSE_ERR_INVALID);
    assert_int_equal(
        sse_loop_fd_watch(f->loop, f->pair[0], SSE_LOOP_READ, NULL, f),
        SSE_ERR_INVALID);
    assert_int_equal(sse_timer_start(f->loop, &timer, 1, NULL, NULL),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_loop_post(f->loop, NULL, NULL), SSE_ERR_INVALID);
    sse_loop_fd_forget(f->loop, -1);
    sse_loop_fd_forget(f->loop, 1 << 20);
    sse_timer_stop(f->loop, &timer);
    sse_loop_close(NULL);
}

static void test_loop_gives_its_descriptors_back(void **state)
{
    const fixture *const f = (const fixture *)*state;
    const size_t before = net_descriptors();
    for (int i = 0; i < 50; i++) {
        sse_loop *loop = NULL;
        assert_int_equal(sse_priv_loop_open(f->ops, &loop), SSE_OK);
        assert_int_equal(sse_loop_post(loop, stop_loop, loop), SSE_OK);
        sse_loop_close(loop);
    }
    assert_int_equal(net_descriptors(), before);
}

static const struct CMUnitTest tests[] = {
    TEST(test_loop_timers_run_in_order),
    TEST(test_loop_timer_stops_another_due_one),
    TEST(test_loop_timer_restarted_at_once_leaves_the_turn),
    TEST(test_loop_restarting_moves_a_timer),
    TEST(test_loop_posts_of_threads_run_once_in_order),
    TEST(test_loop_a_post_wakes_and_stops_a_run),
    TEST(test_loop_a_post_of_a_post_waits_a_turn),
    TEST(test_loop_a_turn_within_a_turn_is_refused),
    TEST(test_loop_stopped_before_a_turn),
    TEST(test_loop_tasks_run_once_at_the_end_of_a_turn),
    TEST(test_loop_carried_by_another),
    TEST(test_loop_refuses_bad_arguments),
    TEST(test_loop_gives_its_descriptors_back),
};

int main(void)
{
    return run_on_pollers(tests, sizeof tests / sizeof tests[0]);
}
