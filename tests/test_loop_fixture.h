/*
 * test_loop_fixture.h - a loop on a poller of choice, and two socket pairs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TEST_LOOP_FIXTURE_H
#define SSE_TEST_LOOP_FIXTURE_H

#include "adapters/sock/loop.h"
#include "support/net.h"
#include "support/turns.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct fixture {
    const sse_priv_poller_ops *ops;
    sse_loop *loop;
    int pair[2], other[2];
    uint32_t ready[2]; /* by the last callback on pair[0], on other[0] */
    int calls[2];
    int order[16];
    size_t ordered;
} fixture;

static inline void socket_pair(int pair[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(fcntl(pair[i], F_SETFL, O_NONBLOCK), 0);
    }
}

static inline int set_up(void **state)
{
    const sse_priv_poller_ops *const ops =
        (const sse_priv_poller_ops *)*state;
    fixture *const f = (fixture *)calloc(1, sizeof *f);
    if (f == NULL || sse_priv_loop_open(ops, &f->loop) != SSE_OK) {
        return -1;
    }
    f->ops = ops;
    socket_pair(f->pair);
    socket_pair(f->other);
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    fixture *const f = (fixture *)*state;
    sse_loop_close(f->loop);
    for (int i = 0; i < 2; i++) {
        (void)close(f->pair[i]);
        (void)close(f->other[i]);
    }
    free(f);
    return 0;
}

static inline void say(int fd)
{
    assert_int_equal(write(fd, "x", 1), 1);
}

static inline void count_ready(sse_loop *loop, int fd, uint32_t ready,
                               void *user)
{
    fixture *const f = (fixture *)user;
    const int i = fd == f->pair[0] ? 0 : 1;
    (void)loop;
    f->calls[i]++;
    f->ready[i] = ready;
}

#define TEST(name) {#name, name, set_up, tear_down, NULL}

/* Runs the tests once for each poller this system has. */
static inline int run_on_pollers(const struct CMUnitTest *tests, size_t count)
{
    enum { MOST = 32 };
    /* cmocka hands the initial state over as a pointer to change. */
    sse_priv_poller_ops pollers[2] = {sse_priv_poller_poll};
    const char *const names[2] = {"poll", "epoll"};
    size_t poller_count = 1;
#if defined(__linux__)
    pollers[poller_count++] = sse_priv_poller_epoll;
#endif
    struct CMUnitTest all[2 * MOST];
    static char titles[2 * MOST][96];
    if (count > MOST) {
        return 1;
    }
    for (size_t i = 0; i < poller_count * count; i++) {
        const size_t poller = i / count;
        all[i] = tests[i % count];
        (void)snprintf(titles[i], sizeof titles[i], "%s: %s", names[poller],
                       all[i].name);
        all[i].name = titles[i];
        all[i].initial_state = &pollers[poller];
    }
    return _cmocka_run_group_tests("loop", all, poller_count * count, NULL,
                                   NULL);
}

#endif /* SSE_TEST_LOOP_FIXTURE_H */
