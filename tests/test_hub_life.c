/*
 * test_hub_life.c - comments on silence, ends of streams, limits, and hubs and
 * servers closed in any order.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_hub_fixture.h"

#define READERS 20u

static void open_all(hub_fixture *f, hub_reader *readers)
{
    for (size_t i = 0; i < READERS; i++) {
        reader_open(f, &readers[i], i % 2 == 0 ? "a" : "a,b", NULL,
                    i % 5 == 0 ? "1.0" : "1.1", 0);
        UNTIL(f, reader_is_open(&readers[i]));
    }
}

static void close_all(hub_reader *readers)
{
    for (size_t i = 0; i < READERS; i++) {
        reader_close(&readers[i]);
    }
}

static size_t ended(hub_reader *readers)
{
    size_t count = 0;
    for (size_t i = 0; i < READERS; i++) {
        count += reader_ended(&readers[i]) != 0;
    }
    return count;
}

static void test_life_comments_on_silence(void **state)
{
    static hub_reader readers[2];
    (void)state;
    for (int form = 0; form < 2; form++) {
        sse_hub_config config = hub_settings();
        hub_fixture f;
        config.topic.keep_alive_ms = 60;
        config.topic.keep_alive_form =
            form == 0 ? SSE_BLOCK_ONE_LINE : SSE_BLOCK_TWO_LINES;
        hub_start(&f, &config, NULL);
        reader_open(&f, &readers[0], "a", NULL, "1.1", 0);
        reader_open(&f, &readers[1], "a", NULL, "1.0", 0);
        const uint64_t begun_ms = sse_loop_now_ms(f.loop);
        UNTIL(&f, (reader_take(&readers[0], SIZE_MAX),
                   reader_take(&readers[1], SIZE_MAX),
                   readers[0].comments >= 4 && readers[1].comments >= 4));
        /* The first came with the stream, three in silence. */
        assert_true(sse_loop_now_ms(f.loop) - begun_ms >= 150);
        /* While events come there are none. */
        const size_t before = readers[0].comments;
        uint64_t longest_ms = 0;
        for (int i = 0; i < 20; i++) {
            const uint64_t at_ms = sse_loop_now_ms(f.loop);
            publish(&f, "a", "x");
            FOR_MS(&f, 8);
            const uint64_t took_ms = sse_loop_now_ms(f.loop) - at_ms;
            longest_ms = took_ms > longest_ms ? took_ms : longest_ms;
        }
        UNTIL(&f, (reader_take(&readers[0], SIZE_MAX),
                   readers[0].events == 20));
        /* On a machine that is busy with others there may be silence. */
        assert_true(longest_ms > 40 || readers[0].comments <= before + 1);
        reader_close(&readers[0]);
        reader_close(&readers[1]);
        hub_stop(&f);
    }
}

static void test_life_ends_after_its_time(void **state)
{
    static hub_reader readers[READERS];
    sse_hub_config config = hub_settings();
    hub_fixture f;
    (void)state;
    config.lifetime_ms = 4000;
    hub_start(&f, &config, NULL);
    const uint64_t begun_ms = sse_loop_now_ms(f.loop);
    open_all(&f, readers);
    publish(&f, "a", "x");
    UNTIL(&f, ended(readers) > 0);
    assert_true(sse_loop_now_ms(f.loop) - begun_ms >= 3400);
    UNTIL(&f, ended(readers) == READERS);
    for (size_t i = 0; i < READERS; i++) {
        assert_true(readers[i].raw || readers[i].clean);
        assert_false(readers[i].peer.reset);
        assert_int_equal(readers[i].events, 1);
    }
    close_all(readers);
    UNTIL(&f, hub_stats(&f).subscribers == 0);
    hub_stop(&f);
}

/* So much more is published than a reader has got. */
static void stay_ahead(const hub_fixture *f, size_t events)
{
    char text[1000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    while (hub_stats(f).published < events + 900) {
        publish(f, "a", text);
    }
}

/* Reads a little in each turn, which is progress, but gets one event for each
 * that is published, and so never comes to what is new. */
static int drips_and_ended(const hub_fixture *f, hub_reader *r)
{
    stay_ahead(f, r->events);
    reader_take(r, 200);
    r->log_len = 0;
    return hub_stats(f).subscribers == 0;
}

static void test_life_holds_for_the_slow(void **state)
{
    (void)state;
    /* Its time is over, the hub drains, its topic is removed. */
    for (int way = 0; way < 3; way++) {
        static hub_reader r;
        sse_hub_config config = hub_settings();
        sse_server_config server;
        hub_fixture f;
        sse_server_config_init(&server);
        server.sndbuf = 8192;
        config.burst = 4096;
        config.lifetime_ms = way == 0 ? 200 : 0;
        config.write_timeout_ms = 1500;
        hub_start(&f, &config, &server);
        stay_ahead(&f, 0);
        reader_open(&f, &r, "a", "p-0", "1.1", 4096);
        UNTIL(&f, hub_stats(&f).subscribed == 1);
        UNTIL(&f, drips_and_ended(&f, &r) || r.events > 0);
        if (way == 1) {
            sse_hub_drain(f.hub, 0);
        } else if (way == 2) {
            sse_hub_remove(f.hub, named("a"));
        }
        UNTIL(&f, drips_and_ended(&f, &r));
        assert_int_equal(hub_stats(&f).overtaken, 0);
        assert_int_equal(hub_stats(&f).timeouts, 1);
        assert_false(r.clean);
        reader_close(&r);
        hub_stop(&f);
    }
}

static void on_drained(sse_server *server, void *user)
{
    (void)server;
    *(int *)user = 1;
}

static void test_life_drain_is_spread(void **state)
{
    static hub_reader readers[READERS];
    const sse_hub_config config = hub_settings();
    hub_fixture f;
    int drained = 0;
    (void)state;
    hub_start(&f, &config, NULL);
    open_all(&f, readers);
    const uint64_t begun_ms = sse_loop_now_ms(f.loop);
    sse_hub_drain(f.hub, 2000);
    sse_server_drain(f.server, 9000, on_drained, &drained);
    FOR_MS(&f, 700);
    /* Some have ended, others still get what is published. */
    const uint64_t took_ms = sse_loop_now_ms(f.loop) - begun_ms;
    const size_t early = ended(readers);
    assert_true(early > 0);
    /* A machine that is busy with others may have come to the end. */
    assert_true(took_ms > 1400 || early < READERS - 3);
    publish(&f, "a", "late");
    UNTIL(&f, ended(readers) == READERS);
    assert_true(sse_loop_now_ms(f.loop) - begun_ms >= 1000);
    size_t late = 0;
    for (size_t i = 0; i < READERS; i++) {
        assert_true(readers[i].raw || readers[i].clean);
        late += readers[i].events;
    }
    /* One or two may just have been ending. */
    assert_in_range(late, READERS - early - 3, READERS - early);
    UNTIL(&f, drained);
    close_all(readers);
    hub_stop(&f);
}

static void test_life_draining_takes_no_more(void **state)
{
    static hub_reader r;
    const sse_hub_config config = hub_settings();
    hub_fixture f;
    (void)state;
    hub_start(&f, &config, NULL);
    sse_hub_drain(f.hub, 0);
    reader_open(&f, &r, "a", NULL, "1.1", 0);
    UNTIL(&f, net_heard(&r.peer, "503 "));
    assert_int_equal(f.joined, SSE_ERR_CLOSED);
    reader_close(&r);
    hub_stop(&f);
}

static void test_life_closed_in_any_order(void **state)
{
    static hub_reader readers[READERS];
    (void)state;
    for (int order = 0; order < 4; order++) {
        const sse_hub_config config = hub_settings();
        hub_fixture f;
        hub_start(&f, &config, NULL);
        open_all(&f, readers);
        publish(&f, "a", "never sent");
        if (order == 0) {
            sse_server_close(f.server);
            sse_hub_close(f.hub);
        } else if (order == 1) {
            sse_server_close(f.server);
            assert_int_equal(sse_loop_turn(f.loop, 0), SSE_OK);
            sse_hub_close(f.hub);
        } else {
            if (order == 2) {
                assert_int_equal(sse_loop_turn(f.loop, 0), SSE_OK);
            }
            sse_hub_close(f.hub);
            sse_server_close(f.server);
        }
        sse_loop_close(f.loop);
        assert_int_equal(f.requests, f.request_closes);
        for (size_t i = 0; i < READERS; i++) {
            while (!reader_ended(&readers[i])) {
            }
            assert_false(readers[i].clean);
        }
        close_all(readers);
    }
}

static void test_life_hang_ups_are_noticed(void **state)
{
    static hub_reader readers[READERS];
    const sse_hub_config config = hub_settings();
    hub_fixture f;
    (void)state;
    hub_start(&f, &config, NULL);
    const size_t before = net_descriptors();
    for (int round = 0; round < 5; round++) {
        open_all(&f, readers);
        assert_true(net_say(&readers[1].peer, "GET /a HTTP/1.1\r\n"));
        for (size_t i = 0; i < READERS; i++) {
            if (i % 3 == 0) {
                net_shut(&readers[i].peer);
            } else if (i % 3 == 1) {
                net_break(&readers[i].peer);
            } else {
                reader_close(&readers[i]);
            }
        }
        UNTIL(&f, hub_stats(&f).subscribers == 0);
        close_all(readers);
        sse_server_stats stats;
        UNTIL(&f, (sse_server_get_stats(f.server, &stats), stats.conns == 0));
        assert_int_equal(stats.streams, 0);
    }
    assert_int_equal(hub_stats(&f).topics, 0);
    assert_int_equal(net_descriptors(), before);
    hub_stop(&f);
}

static void test_life_address_cap(void **state)
{
    static hub_reader readers[READERS];
    const sse_hub_config config = hub_settings();
    sse_server_config server;
    hub_fixture f;
    net_peer peer;
    (void)state;
    sse_server_config_init(&server);
    server.max_conns_per_address = READERS;
    hub_start(&f, &config, &server);
    for (int round = 0; round < 3; round++) {
        open_all(&f, readers);
        for (int i = 0; i < 80; i++) {
            assert_true(net_open(&peer, sse_server_port(f.server), 0));
            UNTIL(&f, net_heard(&peer, "503 Service Unavailable"));
            UNTIL(&f, net_heard(&peer, "Retry-After: "));
            net_close(&peer);
        }
        close_all(readers);
        UNTIL(&f, hub_stats(&f).subscribers == 0);
    }
    sse_server_stats stats;
    sse_server_get_stats(f.server, &stats);
    assert_int_equal(stats.refused, 240);
    hub_stop(&f);
}

static void test_life_head_gets_the_head(void **state)
{
    const sse_hub_config config = hub_settings();
    hub_fixture f;
    net_peer peer;
    (void)state;
    hub_start(&f, &config, NULL);
    publish(&f, "a", "x");
    assert_true(net_open(&peer, sse_server_port(f.server), 0));
    assert_true(net_say(&peer, "HEAD /a HTTP/1.1\r\nHost: a\r\n"
                               "Last-Event-ID: p-0\r\n\r\n"));
    UNTIL(&f, net_heard(&peer, "\r\n\r\n"));
    assert_int_equal(net_count(&peer, "Last-Event-ID: p-0\r\n"), 1);
    assert_int_equal(net_count(&peer, "data"), 0);
    assert_int_equal(hub_stats(&f).subscribers, 0);
    net_close(&peer);
    hub_stop(&f);
}

static void test_life_topic_settings(void **state)
{
    static hub_reader r;
    const sse_hub_config config = hub_settings();
    sse_topic_config own;
    hub_fixture f;
    (void)state;
    hub_start(&f, &config, NULL);
    for (int i = 0; i < 9; i++) {
        publish(&f, "a", "x");
        publish(&f, "b", "x");
    }
    sse_topic_config_init(&own);
    own.retain_events = 3;
    own.retry_ms = 77;
    assert_int_equal(sse_hub_topic(f.hub, named("a"), &own), SSE_OK);
    assert_int_equal(hub_stats(&f).retained_events, 12);
    assert_int_equal(sse_hub_topic(f.hub, named("c"), NULL), SSE_OK);
    own.retain_events = 0;
    assert_int_equal(sse_hub_topic(f.hub, named("a"), &own),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_hub_topic(f.hub, named(""), NULL), SSE_ERR_INVALID);
    subscribe(&f, &r, "a", "p-0");
    UNTIL(&f, reader_has(&r, "gap=p-11:{\"from\":\"p-0\",\"to\":\"p-11\"} "
                             "p-13:x p-15:x p-17:x "));
    assert_int_equal(r.retry_ms, 77);
    reader_close(&r);
    /* One made like this stays. */
    subscribe(&f, &r, "c", NULL);
    reader_close(&r);
    UNTIL(&f, hub_stats(&f).subscribers == 0);
    assert_int_equal(hub_stats(&f).topics, 3);
    sse_hub_remove(f.hub, named("c"));
    assert_int_equal(hub_stats(&f).topics, 2);
    hub_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_life_comments_on_silence),
        cmocka_unit_test(test_life_ends_after_its_time),
        cmocka_unit_test(test_life_holds_for_the_slow),
        cmocka_unit_test(test_life_drain_is_spread),
        cmocka_unit_test(test_life_draining_takes_no_more),
        cmocka_unit_test(test_life_closed_in_any_order),
        cmocka_unit_test(test_life_hang_ups_are_noticed),
        cmocka_unit_test(test_life_address_cap),
        cmocka_unit_test(test_life_head_gets_the_head),
        cmocka_unit_test(test_life_topic_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
