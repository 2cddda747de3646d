/*
 * test_curl_pause.c - pause as back-pressure: senders stop, nothing is lost,
 * nothing comes twice.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_curl_rig.h"

static char block[200000];

/* Numbered events, so that a lost or doubled one shows. */
typedef struct counter {
    uint64_t next, wrong, events, bytes;
    uint64_t pause_every; /* 0: never */
    int ends;
    sse_status status;
} counter;

static int count_event(const sse_event *event, void *user)
{
    counter *c = (counter *)user;
    char digits[32];
    (void)snprintf(digits, sizeof(digits), "%.*s",
                   (int)(event->data_len < 20 ? event->data_len : 20),
                   event->data);
    c->wrong += strtoull(digits, NULL, 10) != c->next % BLOCK_EVENTS;
    c->next++;
    c->events++;
    c->bytes += event->data_len;
    return c->pause_every != 0 && c->events % c->pause_every == 0 ? SSE_PAUSE
                                                                  : SSE_GO;
}

static void count_end(const sse_curl_result *result, void *user)
{
    counter *c = (counter *)user;
    c->ends++;
    c->status = result->status;
}

static void counter_config(sse_curl_config *config, const char *url,
                           counter *c)
{
    memset(c, 0, sizeof(*c));
    sse_curl_config_init(config);
    config->url = url;
    config->reconnect = 0;
    config->on_event = count_event;
    config->on_end = count_end;
    config->user = c;
}

static void test_pause_stops_the_sender_and_loses_nothing(void **state)
{
    enum { BLOCKS = 400 };
    const size_t len = make_block(block, sizeof(block));
    const script_step steps[] = {SCRIPT_TEXT(OPEN_HEAD),
                                 {SCRIPT_FILL, block, len, BLOCKS}, DONE};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    counter c;
    rig r;
    counter_config(&config, script_server_url(server, "/"), &c);
    config.idle_timeout_ms = 2000; /* stands still during the pause */
    c.pause_every = 1000;
    rig_open(&r);
    rig_add(&r, &config);
    turn_until(&r, &c.events, 1000);
    assert_int_equal(c.events, 1000);
    /* The sender fills the buffers of the system, then it stands. */
    uint64_t before = 0, after = 0;
    for (int same = 0; same < 5; same = after == before ? same + 1 : 0) {
        before = after;
        turn_for(&r, 150);
        after = script_server_sent(server);
    }
    assert_true(after < (uint64_t)len * BLOCKS);
    assert_int_equal(c.events, 1000);
    turn_for(&r, 2100);
    assert_int_equal(script_server_sent(server), after);
    assert_int_equal(c.ends, 0);
    while (c.ends == 0) {
        sse_curl_resume(r.stream[0]);
        (void)rig_turn(&r, 1000);
    }
    assert_int_equal(c.status, SSE_OK);
    assert_int_equal(c.events, BLOCKS * BLOCK_EVENTS);
    assert_int_equal(c.wrong, 0);
    rig_close(&r);
    script_server_stop(server);
}

static void test_pause_at_every_event_of_every_framing(void **state)
{
    static const char length[] =
        OK_HEAD "Content-Length: 45\r\n\r\n"
        "data: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n";
    static const char chunked[] =
        OK_HEAD "Transfer-Encoding: chunked\r\n\r\n"
        "16\r\ndata: 0\n\ndata: 1\n\ndata\r\n"
        "17\r\n: 2\n\ndata: 3\n\ndata: 4\n\n\r\n0\r\n\r\n";
    static const char closed[] =
        OPEN_HEAD "data: 0\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n";
    static const script_step a[] = {SCRIPT_TEXT(length),
                                    SCRIPT_DO(SCRIPT_HANG, 0)};
    static const script_step b[] = {SCRIPT_TEXT(chunked),
                                    SCRIPT_DO(SCRIPT_HANG, 0)};
    static const script_step d[] = {SCRIPT_TEXT(closed), DONE};
    const script scripts[] = {a, b, d};
    (void)state;
    script_server *server = script_server_start(scripts, COUNT(scripts));
    for (size_t n = 0; n < COUNT(scripts); n++) {
        sse_curl_config config;
        counter c;
        rig r;
        counter_config(&config, script_server_url(server, "/"), &c);
        c.pause_every = 1;
        rig_open(&r);
        rig_add(&r, &config);
        for (uint64_t k = 1; k <= 5; k++) {
            turn_until(&r, &c.events, k);
            turn_for(&r, 10);
            assert_int_equal(c.events, k);
            assert_int_equal(c.ends, 0);
            sse_curl_resume(r.stream[0]);
        }
        while (c.ends == 0) {
            (void)rig_turn(&r, 1000);
        }
        assert_int_equal(c.status, SSE_OK);
        assert_int_equal(c.events, 5);
        assert_int_equal(c.wrong, 0);
        rig_close(&r);
    }
    script_server_stop(server);
}

static void test_pause_of_one_stops_no_other(void **state)
{
    enum { BLOCKS = 60 };
    const size_t len = make_block(block, sizeof(block));
    const script_step steps[] = {SCRIPT_TEXT(OPEN_HEAD),
                                 {SCRIPT_FILL, block, len, BLOCKS}, DONE};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    counter paused, flowing;
    rig r;
    rig_open(&r);
    counter_config(&config, script_server_url(server, "/"), &paused);
    paused.pause_every = 1;
    rig_add(&r, &config);
    counter_config(&config, script_server_url(server, "/"), &flowing);
    rig_add(&r, &config);
    while (flowing.ends == 0) {
        (void)rig_turn(&r, 1000);
    }
    assert_int_equal(flowing.events, BLOCKS * BLOCK_EVENTS);
    assert_int_equal(paused.events, 1);
    rig_close(&r);
    assert_int_equal(paused.ends, 1);
    assert_int_equal(paused.status, SSE_ERR_CANCELLED);
    script_server_stop(server);
}

static sse_status flush_and_pause(sse_parser *parser, void *user)
{
    (void)user;
    return sse_parser_set_at_end(parser, SSE_AT_END_FLUSH_LINE);
}

static void test_pause_at_the_flushed_event_holds_the_end_back(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT(OPEN_HEAD "data: 0"), DONE};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    counter c;
    rig r;
    counter_config(&config, script_server_url(server, "/"), &c);
    config.setup_parser = flush_and_pause;
    c.pause_every = 1;
    rig_open(&r);
    rig_add(&r, &config);
    turn_until(&r, &c.events, 1);
    turn_for(&r, 50);
    assert_int_equal(c.ends, 0);
    sse_curl_resume(r.stream[0]);
    turn_to_the_end(&r, &c.ends);
    assert_int_equal(c.status, SSE_OK);
    rig_close(&r);
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pause_stops_the_sender_and_loses_nothing),
        cmocka_unit_test(test_pause_at_every_event_of_every_framing),
        cmocka_unit_test(test_pause_of_one_stops_no_other),
        cmocka_unit_test(test_pause_at_the_flushed_event_holds_the_end_back),
    };
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
