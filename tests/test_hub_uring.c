/*
 * test_hub_uring.c - many sends by one system call do what send() does.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "test_hub_fixture.h"
#include "test_hub_uring_fake.h"

#include "adapters/hub/hub.h"

#define READERS 150u

static hub_reader readers[READERS];

/* Two ends of a stream, neither of which waits. */
static void pair(int fds[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
}

static void test_uring_answers_as_send_does(void **state)
{
    static char large[1 << 20];
    char got[16];
    int fds[4][2];
    sse_priv_uring *uring = open_one();
    (void)state;
    if (uring == NULL) {
        skip();
    }
    for (size_t i = 0; i < 4; i++) {
        pair(fds[i]);
    }
    while (send(fds[1][0], large, sizeof large, MSG_NOSIGNAL) > 0) {
    }
    assert_int_equal(close(fds[2][1]), 0); /* gone */
    assert_int_equal(close(fds[3][1]), 0);
    assert_int_equal(close(fds[3][0]), 0); /* no descriptor at all */
    for (int round = 0; round < 100; round++) {
        sse_priv_parcel parcels[5] = {
            {"one", 3, -1, (uint32_t)fds[0][0]},
            {"two", 3, -1, (uint32_t)fds[1][0]},
            {"three", 5, -1, (uint32_t)fds[2][0]},
            {"four", 4, -1, (uint32_t)fds[3][0]},
            {"five", 4, -1, (uint32_t)fds[0][0]},
        };
        assert_int_equal(sse_priv_uring_send(&uring, parcels, 5), 5);
        assert_int_equal(parcels[0].sent, 3);
        assert_int_equal(parcels[1].sent, 0); /* takes no more */
        assert_int_equal(parcels[2].sent, -1);
        assert_int_equal(parcels[3].sent, -1);
        assert_int_equal(parcels[4].sent, 4);
        assert_int_equal(recv(fds[0][1], got, sizeof got, 0), 7);
        assert_memory_equal(got, "onefive", 7);
    }
    for (size_t i = 0; i < 2; i++) {
        (void)close(fds[i][0]);
        (void)close(fds[i][1]);
    }
    (void)close(fds[2][0]);
    sse_priv_uring_close(uring);
}

static void test_uring_sends_a_part(void **state)
{
    static char large[1 << 20];
    int fds[2];
    sse_priv_uring *uring = open_one();
    (void)state;
    if (uring == NULL) {
        skip();
    }
    pair(fds);
    memset(large, 'x', sizeof large);
    sse_priv_parcel parcel = {large, sizeof large, -1, (uint32_t)fds[0]};
    assert_int_equal(sse_priv_uring_send(&uring, &parcel, 1), 1);
    assert_in_range(parcel.sent, 1, sizeof large - 1);
    (void)close(fds[0]);
    (void)close(fds[1]);
    sse_priv_uring_close(uring);
}

/* More than two groups, some over HTTP/1.0, and some who leave. */
static void test_uring_or_not_is_the_same(void **state)
{
    uint64_t bytes[2];
    (void)state;
    for (uint32_t plain = 0; plain < 2; plain++) {
        sse_hub_config config = hub_settings();
        hub_fixture f;
        config.plain_sends = plain;
        hub_start(&f, &config, NULL);
        assert_true(!plain || f.hub->uring == NULL);
        for (size_t i = 0; i < READERS; i++) {
            reader_open(&f, &readers[i], "a", NULL, i % 7 == 0 ? "1.0" : "1.1",
                        0);
            UNTIL(&f, reader_is_open(&readers[i]));
        }
        const uint64_t before = hub_stats(&f).bytes;
        publish(&f, "a", "x");
        publish(&f, "a", "y");
        for (size_t i = 0; i < READERS; i++) {
            UNTIL(&f, reader_has(&readers[i], "p-1:x p-2:y "));
        }
        bytes[plain] = hub_stats(&f).bytes - before;
        for (size_t i = 0; i < READERS; i += 3) {
            if (i % 2 == 0) {
                reader_close(&readers[i]);
            } else {
                net_break(&readers[i].peer);
            }
        }
        publish(&f, "a", "z");
        for (size_t i = 0; i < READERS; i++) {
            UNTIL(&f, i % 3 == 0 ||
                          reader_has(&readers[i], "p-1:x p-2:y p-3:z "));
        }
        UNTIL(&f, hub_stats(&f).subscribers == READERS - READERS / 3);
        for (size_t i = 0; i < READERS; i++) {
            if (i % 3 != 0) {
                reader_close(&readers[i]);
            }
        }
        hub_stop(&f);
    }
    assert_int_equal(bytes[0], bytes[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uring_answers_as_send_does),
        cmocka_unit_test(test_uring_sends_a_part),
        cmocka_unit_test(test_uring_or_not_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
