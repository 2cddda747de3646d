/*
 * test_hub_uring_fails.c - what becomes of many sends by one system call when
 * the system takes a part, fails, or keeps results back.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "test_hub_fixture.h"
#include "test_hub_uring_fake.h"

#include "adapters/hub/hub.h"

#define READERS 150u

static void test_uring_takes_a_few_at_a_time(void **state)
{
    rig r;
    (void)state;
    if (!rig_begin(&r)) {
        skip();
    }
    fake.takes = 2;
    assert_int_equal(rig_send(&r), SENDS);
    assert_int_equal(fake.calls, 3);
    rig_got(&r, SENDS);
    rig_end(&r);
}

/* Short of memory it takes none, or no more; the rest is for the caller. */
static void test_uring_refuses_for_now(void **state)
{
    static const int reasons[] = {EAGAIN, EBUSY};
    (void)state;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        rig r;
        if (!rig_begin(&r)) {
            skip();
        }
        fake.refuses = 1;
        fake.refusal = reasons[i];
        assert_int_equal(rig_send(&r), 0);
        assert_int_equal(fake.calls, 1);
        assert_int_equal(r.parcels[0].sent, -7);
        rig_got(&r, 0);
        assert_non_null(r.uring);
        rig_end(&r);
    }
}

static void test_uring_is_interrupted(void **state)
{
    rig r;
    (void)state;
    if (!rig_begin(&r)) {
        skip();
    }
    fake.refuses = 3;
    fake.refusal = EINTR;
    assert_int_equal(rig_send(&r), SENDS);
    rig_got(&r, SENDS);
    rig_end(&r);
}

/* It does not work any more, or takes nothing for no reason: the caller sends,
 * and asks it never again. */
static void test_uring_refuses_for_good(void **state)
{
    static const int reasons[] = {EPERM, EBADF, ENXIO, EINVAL, ENOSYS, 0};
    (void)state;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        rig r;
        if (!rig_begin(&r)) {
            skip();
        }
        const int fd = r.uring->fd;
        fake.refuses = 1;
        fake.refusal = reasons[i];
        assert_int_equal(rig_send(&r), 0);
        assert_int_equal(r.parcels[0].sent, -7);
        rig_got(&r, 0);
        assert_null(r.uring);
        assert_int_equal(fcntl(fd, F_GETFD), -1);
        rig_end(&r);
    }
}

/* What it took and tells nothing about may have been sent or not: nobody may
 * send it again, or go on behind it; and what it would have told later must
 * not be taken for what becomes of others. */
static void test_uring_keeps_results_back(void **state)
{
    static const int reasons[] = {EIO, EBADF, EAGAIN, 0};
    (void)state;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        rig r;
        if (!rig_begin(&r)) {
            skip();
        }
        const int fd = r.uring->fd;
        fake.takes = 4;
        fake.shows = 2;
        fake.interrupts = 3;
        fake.failure = reasons[i];
        assert_int_equal(rig_send(&r), SENDS);
        assert_int_equal(r.parcels[0].sent, 1);
        assert_int_equal(r.parcels[1].sent, 2);
        for (size_t at = 2; at < SENDS; at++) {
            assert_int_equal(r.parcels[at].sent, -1);
        }
        rig_got(&r, SENDS);
        assert_null(r.uring);
        assert_int_equal(fcntl(fd, F_GETFD), -1);
        rig_end(&r);
    }
}

/* ---- A hub whose ring fails -------------------------------------------- */

static hub_reader readers[READERS];

/* Everybody has one event; then the ring fails at the next. */
static void run_hub(int swallows, unsigned shows, size_t breaks)
{
    hub_fixture f;
    const sse_hub_config config = hub_settings();
    size_t ended = 0;
    hub_start(&f, &config, NULL);
    for (size_t i = 0; i < READERS; i++) {
        reader_open(&f, &readers[i], "a", NULL, i % 7 == 0 ? "1.0" : "1.1", 0);
        UNTIL(&f, reader_is_open(&readers[i]));
    }
    publish(&f, "a", "x");
    for (size_t i = 0; i < READERS; i++) {
        UNTIL(&f, reader_has(&readers[i], "p-1:x "));
    }
    put_between(f.hub->uring);
    fake.swallows = swallows;
    fake.shows = shows;
    fake.failure = EIO;
    publish(&f, "a", "y");
    UNTIL(&f, hub_stats(&f).subscribers == READERS - breaks);
    assert_null(f.hub->uring);
    publish(&f, "a", "z");
    for (size_t i = 0; i < READERS; i++) {
        hub_reader *const r = &readers[i];
        UNTIL(&f, reader_has(r, "p-1:x p-2:y p-3:z ") || reader_ended(r));
        if (!reader_ended(r)) {
            reader_close(r);
            continue;
        }
        /* What it got is a beginning, and does not look like all of it. */
        ended++;
        assert_true(reader_has(r, swallows ? "p-1:x " : "p-1:x p-2:y ") ||
                    (r->raw && reader_has(r, "p-1:x ")));
        assert_false(r->clean);
        assert_true(!r->raw || r->peer.reset);
        const char *const last = r->events == 2 ? "p-2" : "p-1";
        const char *const rest = r->events == 2 ? "p-3:z " : "p-2:y p-3:z ";
        reader_close(r);
        expect_log(&f, r, "a", last, rest);
    }
    assert_int_equal(ended, breaks);
    hub_stop(&f);
}

static void test_hub_goes_on_without_its_ring(void **state)
{
    (void)state;
    sse_priv_uring *const uring = open_one();
    if (uring == NULL) {
        skip();
    }
    sse_priv_uring_close(uring);
    run_hub(0, 20, 44);  /* 44 of the first group have it, nobody knows */
    run_hub(1, ALL, 64); /* nobody in it has it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uring_takes_a_few_at_a_time),
        cmocka_unit_test(test_uring_refuses_for_now),
        cmocka_unit_test(test_uring_is_interrupted),
        cmocka_unit_test(test_uring_refuses_for_good),
        cmocka_unit_test(test_uring_keeps_results_back),
        cmocka_unit_test(test_hub_goes_on_without_its_ring),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
