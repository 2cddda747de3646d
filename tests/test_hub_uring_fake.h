/*
 * test_hub_uring_fake.h - a ring of sends, and a system that fails as told.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TEST_HUB_URING_FAKE_H
#define SSE_TEST_HUB_URING_FAKE_H

#include "support/turns.h"

#include "adapters/hub/uring.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define GETEVENTS 1u /* IORING_ENTER_GETEVENTS */
#define ALL UINT32_MAX

/* A system that does as it is told. */
static struct {
    long (*enter)(int fd, unsigned take, unsigned wait, unsigned flags);
    sse_priv_uring *uring;
    unsigned takes;      /* so many at a time, at most */
    unsigned refuses;    /* first of all, so many calls take nothing */
    int refusal;         /* and fail with this, or do not fail if 0 */
    unsigned shows;      /* so many results, at most; it keeps the others */
    int swallows;        /* what it takes it does nothing about */
    unsigned interrupts; /* first of all, a signal ends so many waits */
    int failure;         /* of all other waits; 0: nothing comes */
    unsigned calls;
} fake;

static inline long fake_take(int fd, unsigned take)
{
    if (fake.refuses > 0) {
        fake.refuses--;
        errno = fake.refusal;
        return fake.refusal == 0 ? 0 : -1;
    }
    take = take < fake.takes ? take : fake.takes;
    if (fake.swallows) {
        return (long)take;
    }
    const long taken = fake.enter(fd, take, 0, 0);
    if (fake.shows != ALL) {
        const unsigned seen = *fake.uring->seen;
        unsigned *const done = fake.uring->done;
        if (*done - seen > fake.shows) {
            *done = seen + fake.shows;
        }
    }
    return taken;
}

static inline long fake_enter(int fd, unsigned take, unsigned wait,
                              unsigned flags)
{
    fake.calls++;
    assert_true(fake.calls < 10000);
    if (take > 0) {
        return fake_take(fd, take);
    }
    assert_true(wait > 0 && flags == GETEVENTS);
    if (fake.interrupts > 0) {
        fake.interrupts--;
        errno = EINTR;
        return -1;
    }
    errno = fake.failure;
    return fake.failure == 0 ? 0 : -1;
}

/* One that behaves, until it is told otherwise. */
static inline void put_between(sse_priv_uring *uring)
{
    long (*const enter)(int, unsigned, unsigned, unsigned) =
        uring->enter == fake_enter ? fake.enter : uring->enter;
    memset(&fake, 0, sizeof fake);
    fake.enter = enter;
    fake.uring = uring;
    fake.takes = ALL;
    fake.shows = ALL;
    uring->enter = fake_enter;
}

/* Returns NULL, and says so, where there is none. */
static inline sse_priv_uring *open_one(void)
{
    sse_priv_uring *const uring = sse_priv_uring_open();
    if (uring == NULL) {
        print_message("# no io_uring on this system, or not allowed\n");
    }
    return uring;
}

/* ---- A ring by itself -------------------------------------------------- */

#define SENDS 5u

typedef struct rig {
    sse_priv_uring *uring;
    int fds[SENDS][2];
    sse_priv_parcel parcels[SENDS];
} rig;

/* Returns 0 where there is no io_uring. */
static inline int rig_begin(rig *r)
{
    r->uring = open_one();
    if (r->uring == NULL) {
        return 0;
    }
    put_between(r->uring);
    for (size_t i = 0; i < SENDS; i++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, r->fds[i]), 0);
        assert_int_equal(fcntl(r->fds[i][1], F_SETFL, O_NONBLOCK), 0);
    }
    return 1;
}

static inline size_t rig_send(rig *r)
{
    for (size_t i = 0; i < SENDS; i++) {
        const sse_priv_parcel parcel = {"abcde", i + 1, -7,
                                        (uint32_t)r->fds[i][0]};
        r->parcels[i] = parcel;
    }
    return sse_priv_uring_send(&r->uring, r->parcels, SENDS);
}

/* Each of them up to `end` has its bytes, once, and the others nothing. */
static inline void rig_got(const rig *r, size_t end)
{
    char got[16];
    for (size_t i = 0; i < SENDS; i++) {
        assert_int_equal(recv(r->fds[i][1], got, sizeof got, 0),
                         i < end ? (ssize_t)(i + 1) : -1);
    }
}

/* It is as good as new. */
static inline void rig_end(rig *r)
{
    if (r->uring != NULL) {
        put_between(r->uring);
        assert_int_equal(rig_send(r), SENDS);
        for (size_t i = 0; i < SENDS; i++) {
            assert_int_equal(r->parcels[i].sent, i + 1);
        }
        rig_got(r, SENDS);
        assert_int_equal(fake.calls, 1);
    }
    for (size_t i = 0; i < SENDS; i++) {
        (void)close(r->fds[i][0]);
        (void)close(r->fds[i][1]);
    }
    sse_priv_uring_close(r->uring);
}

#endif /* SSE_TEST_HUB_URING_FAKE_H */
