/*
 * test_loop.c - watching descriptors, on each poller this system has.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "test_loop_fixture.h"

static void test_loop_tells_reading_while_bytes_are_there(void **state)
{
    fixture *const f = (fixture *)*state;
    assert_int_equal(sse_loop_fd_watch(f->loop, f->pair[0], SSE_LOOP_READ,
                                       count_ready, f),
                     SSE_OK);
    assert_int_equal(sse_loop_turn(f->loop, 0), SSE_OK);
    assert_int_equal(f->calls[0], 0);
    say(f->pair[1]);
    UNTIL(f, f->calls[0] == 2);
    assert_int_equal(f->ready[0], SSE_LOOP_READ);
    char byte;
    assert_int_equal(read(f->pair[0], &byte, 1), 1);
    assert_int_equal(sse_loop_turn(f->loop, 0), SSE_OK);
    assert_int_equal(f->calls[0], 2);
}

static void test_loop_changes_what_is_watched(void **state)
{
    fixture *const f = (fixture *)*state;
    assert_int_equal(sse_loop_fd_watch(f->loop, f->pair[0], SSE_LOOP_READ,
                                       count_ready, f),
                     SSE_OK);
    assert_int_equal(sse_loop_fd_watch(f->loop, f->pair[0], SSE_LOOP_WRITE,
                                       count_ready, f),
                     SSE_OK);
    say(f->pair[1]);
    UNTIL(f, f->calls[0] == 1);
    assert_int_equal(f->ready[0], SSE_LOOP_WRITE);
    assert_int_equal(
        sse_loop_fd_watch(f->loop, f->pair[0], 0, count_ready, f), SSE_OK);
    assert_int_equal(sse_loop_turn(f->loop, 0), SSE_OK);
    assert_int_equal(f->calls[0], 1);
}

static void test_loop_tells_a_closed_peer_unasked(void **state)
{
    fixture *const f = (fixture *)*state;
    assert_int_equal(
        sse_loop_fd_watch(f->loop, f->pair[0], 0, count_ready, f), SSE_OK);
    (void)close(f->pair[1]);
    f->pair[1] = -1;
    UNTIL(f, f->calls[0] > 0);
    assert_int_equal(f->ready[0], SSE_LOOP_ERROR);
}

static void test_loop_tells_hang_up_behind_unread_bytes(void **state)
{
    fixture *const f = (fixture *)*state;
    assert_int_equal(sse_loop_fd_watch(f->loop, f->pair[0], SSE_LOOP_HANGUP,
                                       count_ready, f),
                     SSE_OK);
    say(f->pair[1]);
    assert_int_equal(sse_loop_turn(f->loop, 0), SSE_OK);
    assert_int_equal(f->calls[0], 0);
    assert_int_equal(shutdown(f->pair[1], SHUT_WR), 0);
    UNTIL(f, f->calls[0] > 0);
    assert_int_equal(f->ready[0], SSE_LOOP_HANGUP);
}

static void forget_both(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    fixture *const f = (fixture *)user;
    count_ready(loop, fd, ready, user);
    sse_loop_fd_forget(loop, f->pair[0]);
    sse_loop_fd_forget(loop, f->other[0]);
}

static void test_loop_forgets_within_a_turn(void **state)
{
    fixture *const f = (fixture *)*state;
    say(f->pair[1]);
    say(f->other[1]);
    assert_int_equal(sse_loop_fd_watch(f->loop, f->pair[0], SSE_LOOP_READ,
                                       forget_both, f),
                     SSE_OK);
    assert_int_equal(sse_loop_fd_watch(f->loop, f->other[0], SSE_LOOP_READ,
                                       forget_both, f),
                     SSE_OK);
    assert_int_equal(sse_loop_turn(f->loop, 100), SSE_OK);
    assert_int_equal(sse_loop_turn(f->loop, 0), SSE_OK);
    assert_int_equal(f->calls[0] + f->calls[1], 1);
}

/* Closes the other socket and opens a new one, which gets its number. */
static void reopen_other(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    fixture *const f = (fixture *)user;
    int *const mine = fd == f->pair[0] ? f->pair : f->other;
    int *const its = fd == f->pair[0] ? f->other : f->pair;
    count_ready(loop, fd, ready, user);
    sse_loop_fd_forget(loop, mine[0]);
    sse_loop_fd_forget(loop, its[0]);
    const int number = its[0];
    (void)close(its[0]);
    (void)close(its[1]);
    int fresh[2];
    socket_pair(fresh);
    its[0] = fresh[0];
    its[1] = fresh[1];
    assert_true(fresh[0] == number || fresh[1] == number);
    if (fresh[0] != number) {
        its[0] = fresh[1];
        its[1] = fresh[0];
    }
    assert_int_equal(sse_loop_fd_watch(loop, its[0], SSE_LOOP_READ,
                                       reopen_other, f),
                     SSE_OK);
}

static void test_loop_number_reused_in_a_turn_is_not_ready(void **state)
{
    fixture *const f = (fixture *)*state;
    say(f->pair[1]);
    say(f->other[1]);
    assert_int_equal(sse_loop_fd_watch(f->loop, f->pair[0], SSE_LOOP_READ,
                                       reopen_other, f),
                     SSE_OK);
    assert_int_equal(sse_loop_fd_watch(f->loop, f->other[0], SSE_LOOP_READ,
                                       reopen_other, f),
                     SSE_OK);
    assert_int_equal(sse_loop_turn(f->loop, 100), SSE_OK);
    assert_int_equal(sse_loop_turn(f->loop, 0), SSE_OK);
    assert_int_equal(f->calls[0] + f->calls[1], 1);
}

static void test_loop_number_closed_without_forgetting(void **state)
{
    fixture *const f = (fixture *)*state;
    assert_int_equal(sse_loop_fd_watch(f->loop, f->pair[0], SSE_LOOP_READ,
                                       count_ready, f),
                     SSE_OK);
    const int number = f->pair[0];
    (void)close(f->pair[0]);
    assert_int_equal(dup2(f->other[0], number), number);
    assert_int_equal(sse_loop_fd_watch(f->loop, number, SSE_LOOP_WRITE,
                                       count_ready, f),
                     SSE_OK);
    UNTIL(f, f->calls[0] > 0);
    assert_int_equal(f->ready[0], SSE_LOOP_WRITE);
}

static void test_loop_many_descriptors(void **state)
{
    fixture *const f = (fixture *)*state;
    enum { MANY = 300 };
    int pairs[MANY][2];
    for (size_t i = 0; i < MANY; i++) {
        socket_pair(pairs[i]);
        assert_int_equal(sse_loop_fd_watch(f->loop, pairs[i][0],
                                           SSE_LOOP_READ, count_ready, f),
                         SSE_OK);
        say(pairs[i][1]);
    }
    /* However many one wait takes, each is told within two turns. */
    assert_int_equal(sse_loop_turn(f->loop, 100), SSE_OK);
    assert_int_equal(sse_loop_turn(f->loop, 100), SSE_OK);
    assert_true(f->calls[1] >= MANY);
    for (size_t i = 0; i < MANY; i += 2) {
        sse_loop_fd_forget(f->loop, pairs[i][0]);
    }
    f->calls[1] = 0;
    assert_int_equal(sse_loop_turn(f->loop, 100), SSE_OK);
    assert_int_equal(f->calls[1], MANY / 2);
    for (size_t i = 0; i < MANY; i++) {
        sse_loop_fd_forget(f->loop, pairs[i][0]);
        (void)close(pairs[i][0]);
        (void)close(pairs[i][1]);
    }
}

/* A process made by fork() holds the sockets there are, as dup() does.  What
 * is closed here must not be told of for as long as it lives. */
static void test_loop_closes_what_has_a_double(void **state)
{
    fixture *const f = (fixture *)*state;
    const sse_priv_ready *ready = NULL;
    size_t count = 1;
    const int twin = dup(f->pair[0]);
    assert_true(twin >= 0);
    assert_int_equal(sse_loop_fd_watch(f->loop, f->pair[0], SSE_LOOP_READ,
                                       count_ready, f),
                     SSE_OK);
    say(f->pair[1]);
    sse_loop_fd_close(f->loop, f->pair[0]);
    f->pair[0] = twin;
    assert_int_equal(f->ops->wait(f->loop->poller, 0, &ready, &count), SSE_OK);
    assert_int_equal(count, 0);
}

static const struct CMUnitTest tests[] = {
    TEST(test_loop_tells_reading_while_bytes_are_there),
    TEST(test_loop_changes_what_is_watched),
    TEST(test_loop_tells_a_closed_peer_unasked),
    TEST(test_loop_tells_hang_up_behind_unread_bytes),
    TEST(test_loop_forgets_within_a_turn),
    TEST(test_loop_number_reused_in_a_turn_is_not_ready),
    TEST(test_loop_number_closed_without_forgetting),
    TEST(test_loop_closes_what_has_a_double),
    TEST(test_loop_many_descriptors),
};

int main(void)
{
    return run_on_pollers(tests, sizeof tests / sizeof tests[0]);
}
