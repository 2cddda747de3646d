/*
 * test_hub_lag.c - readers that do not read, and those beside them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_hub_fixture.h"

static char large[4096];

/* Numbered text of 4 KiB. */
static void publish_large(const hub_fixture *f, unsigned n)
{
    (void)snprintf(large, sizeof large, "%u;", n);
    const size_t at = strlen(large);
    memset(large + at, 'x', sizeof large - at);
    const sse_event event = sse_event_of_data(large, sizeof large);
    assert_int_equal(
        sse_hub_publish(f->hub, named("a"), &event, NULL, 0), SSE_OK);
}

static sse_server_config small_buffers(void)
{
    sse_server_config server;
    sse_server_config_init(&server);
    server.sndbuf = 8192;
    return server;
}

/* Ids and types of what a reader got, checked one against the other. */
typedef struct got {
    unsigned last, events, gaps;
} got;

static void check_log(const hub_reader *r, got *seen)
{
    const char *at = r->log;
    while (*at != '\0') {
        unsigned id = 0;
        unsigned from = 0;
        unsigned to = 0;
        if (strncmp(at, "gap=", 4) == 0) {
            assert_int_equal(sscanf(at,
                                    "gap=p-%u:{\"from\":\"p-%u\","
                                    "\"to\":\"p-%u\"}",
                                    &id, &from, &to),
                             3);
            assert_int_equal(from, seen->last);
            assert_int_equal(id, to);
            assert_true(to > from);
            seen->gaps++;
        } else {
            unsigned number = 0;
            assert_int_equal(sscanf(at, "p-%u:%u;", &id, &number), 2);
            assert_int_equal(id, number);
            assert_int_equal(id, seen->last + 1);
            seen->events++;
        }
        seen->last = id;
        at = strchr(at, ' ') + 1;
    }
}

static void forget_log(hub_reader *r)
{
    r->log_len = 0;
    r->log[0] = '\0';
}

static void test_lag_close(void **state)
{
    sse_hub_config config = hub_settings();
    const sse_server_config server = small_buffers();
    static hub_reader stalled;
    static hub_reader r;
    hub_fixture f;
    got seen = {0, 0, 0};
    (void)state;
    config.topic.retain_events = 20;
    hub_start(&f, &config, &server);
    reader_open(&f, &stalled, "a", NULL, "1.1", NET_SMALL_BUFFER);
    subscribe(&f, &r, "a", NULL);
    UNTIL(&f, hub_stats(&f).subscribers == 2);
    unsigned n = 0;
    while (hub_stats(&f).subscribers == 2) {
        publish_large(&f, ++n);
        UNTIL(&f, (reader_take(&r, SIZE_MAX), r.events == n));
        check_log(&r, &seen);
        forget_log(&r);
        assert_true(n < 500);
    }
    /* The other one got everything, and was told of nothing. */
    assert_int_equal(seen.events, n);
    assert_int_equal(seen.gaps, 0);
    assert_int_equal(hub_stats(&f).overtaken, 1);
    /* The closed one gets what was on its way, no mark of an end, and can
     * come back from there. */
    UNTIL(&f, reader_ended(&stalled));
    assert_false(stalled.clean);
    memset(&seen, 0, sizeof seen);
    check_log(&stalled, &seen);
    assert_true(seen.events < n);
    reader_close(&stalled);
    reader_close(&r);
    hub_stop(&f);
}

static void test_lag_skip(void **state)
{
    sse_hub_config config = hub_settings();
    const sse_server_config server = small_buffers();
    static hub_reader slow;
    hub_fixture f;
    got seen = {0, 0, 0};
    unsigned n = 0;
    (void)state;
    config.topic.retain_events = 5;
    config.topic.lag = SSE_HUB_SKIP;
    hub_start(&f, &config, &server);
    for (int version = 0; version < 2; version++) {
        memset(&seen, 0, sizeof seen);
        reader_open(&f, &slow, "a", NULL, version == 0 ? "1.1" : "1.0",
                    NET_SMALL_BUFFER);
        UNTIL(&f, hub_stats(&f).subscribers == 1);
        seen.last = n;
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 60; i++) {
                publish_large(&f, ++n);
                assert_int_equal(sse_loop_turn(f.loop, 0), SSE_OK);
            }
            UNTIL(&f, (reader_take(&slow, 3000), check_log(&slow, &seen),
                       forget_log(&slow), seen.last == n));
        }
        assert_true(seen.gaps >= 5);
        assert_int_equal(hub_stats(&f).overtaken, 0);
        assert_int_equal(hub_stats(&f).subscribers, 1);
        reader_close(&slow);
        UNTIL(&f, hub_stats(&f).subscribers == 0);
    }
    assert_int_equal(hub_stats(&f).stalled, 0);
    hub_stop(&f);
}

/* One that reads slowly, but within what is retained, misses nothing. */
static void test_lag_slow_reader_gets_all(void **state)
{
    const sse_hub_config config = hub_settings();
    const sse_server_config server = small_buffers();
    static hub_reader slow;
    hub_fixture f;
    got seen = {0, 0, 0};
    (void)state;
    hub_start(&f, &config, &server);
    reader_open(&f, &slow, "a", NULL, "1.1", NET_SMALL_BUFFER);
    UNTIL(&f, hub_stats(&f).subscribers == 1);
    for (unsigned n = 1; n <= 400; n++) {
        publish_large(&f, n);
        assert_int_equal(sse_loop_turn(f.loop, 0), SSE_OK);
        reader_take(&slow, 1111);
        check_log(&slow, &seen);
        forget_log(&slow);
    }
    assert_int_equal(hub_stats(&f).stalled, 1);
    UNTIL(&f, (reader_take(&slow, 2222), check_log(&slow, &seen),
               forget_log(&slow), seen.last == 400));
    assert_int_equal(seen.gaps, 0);
    UNTIL(&f, hub_stats(&f).stalled == 0);
    /* And is one like the others again. */
    publish_large(&f, 401);
    UNTIL(&f, (reader_take(&slow, SIZE_MAX), check_log(&slow, &seen),
               forget_log(&slow), seen.last == 401));
    reader_close(&slow);
    hub_stop(&f);
}

static void test_lag_write_deadline(void **state)
{
    sse_hub_config config = hub_settings();
    const sse_server_config server = small_buffers();
    static hub_reader stalled;
    hub_fixture f;
    (void)state;
    config.write_timeout_ms = 200;
    hub_start(&f, &config, &server);
    reader_open(&f, &stalled, "a", NULL, "1.1", NET_SMALL_BUFFER);
    UNTIL(&f, hub_stats(&f).subscribers == 1);
    for (unsigned n = 1; n <= 100; n++) {
        publish_large(&f, n);
    }
    const uint64_t begun_ms = sse_loop_now_ms(f.loop);
    UNTIL(&f, hub_stats(&f).stalled == 1);
    UNTIL(&f, hub_stats(&f).subscribers == 0);
    assert_true(sse_loop_now_ms(f.loop) - begun_ms >= 190);
    assert_int_equal(hub_stats(&f).timeouts, 1);
    reader_close(&stalled);
    hub_stop(&f);
}

static void test_lag_joining_while_it_is_behind(void **state)
{
    sse_hub_config config = hub_settings();
    const sse_server_config server = small_buffers();
    static hub_reader slow;
    hub_fixture f;
    got seen = {0, 0, 0};
    (void)state;
    config.topic.lag = SSE_HUB_SKIP;
    config.topic.retain_events = 30;
    hub_start(&f, &config, &server);
    for (unsigned n = 1; n <= 30; n++) {
        publish_large(&f, n);
    }
    /* Its replay alone is more than it takes at once. */
    reader_open(&f, &slow, "a", "p-0", "1.1", NET_SMALL_BUFFER);
    UNTIL(&f, hub_stats(&f).stalled == 1);
    for (unsigned n = 31; n <= 90; n++) {
        publish_large(&f, n);
        assert_int_equal(sse_loop_turn(f.loop, 0), SSE_OK);
    }
    UNTIL(&f, (reader_take(&slow, 3000), check_log(&slow, &seen),
               forget_log(&slow), seen.last == 90));
    assert_int_equal(seen.gaps, 1);
    reader_close(&slow);
    hub_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lag_close),
        cmocka_unit_test(test_lag_skip),
        cmocka_unit_test(test_lag_slow_reader_gets_all),
        cmocka_unit_test(test_lag_write_deadline),
        cmocka_unit_test(test_lag_joining_while_it_is_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
