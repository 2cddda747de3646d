/*
 * test_hub.c - topics: publishing, subscribing, coming back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_hub_fixture.h"

static int has_header(const hub_reader *r, const char *line)
{
    return strstr(r->head, line) != NULL;
}

static void test_hub_everybody_gets_it(void **state)
{
    const sse_hub_config config = hub_settings();
    static hub_reader readers[10];
    hub_fixture f;
    (void)state;
    hub_start(&f, &config, NULL);
    for (size_t i = 0; i < 10; i++) {
        reader_open(&f, &readers[i], i % 2 == 0 ? "a" : "b", NULL,
                    i % 3 == 0 ? "1.0" : "1.1", 0);
        UNTIL(&f, reader_is_open(&readers[i]));
        assert_int_equal(readers[i].raw, i % 3 == 0);
    }
    publish(&f, "a", "one");
    publish(&f, "b", "two");
    publish(&f, "a", "three");
    for (size_t i = 0; i < 10; i++) {
        UNTIL(&f, reader_has(&readers[i], i % 2 == 0 ? "p-1:one p-3:three "
                                                     : "p-2:two "));
    }
    assert_int_equal(hub_stats(&f).subscribers, 10);
    assert_int_equal(hub_stats(&f).published, 3);
    for (size_t i = 0; i < 10; i++) {
        reader_close(&readers[i]);
    }
    UNTIL(&f, hub_stats(&f).subscribers == 0);
    hub_stop(&f);
}

static void test_hub_writes_once_a_turn(void **state)
{
    const sse_hub_config config = hub_settings();
    static hub_reader r;
    hub_fixture f;
    (void)state;
    hub_start(&f, &config, NULL);
    subscribe(&f, &r, "a", NULL);
    const uint64_t before = hub_stats(&f).writes;
    publish(&f, "a", "one");
    publish(&f, "a", "two");
    publish(&f, "a", "three");
    UNTIL(&f, reader_has(&r, "p-1:one p-2:two p-3:three "));
    assert_int_equal(hub_stats(&f).writes - before, 1);
    reader_close(&r);
    hub_stop(&f);
}

static void test_hub_head_says_what_is_so(void **state)
{
    sse_hub_config config = hub_settings();
    static hub_reader r;
    hub_fixture f;
    (void)state;
    config.topic.retry_ms = 1234;
    config.topic.keep_alive_ms = 4321;
    hub_start(&f, &config, NULL);
    publish(&f, "a", "one");
    subscribe(&f, &r, "a", NULL);
    assert_true(has_header(&r, "HTTP/1.1 200 OK\r\n"));
    assert_true(has_header(&r, "Content-Type: text/event-stream\r\n"));
    assert_true(has_header(&r, "Last-Event-ID: p-1\r\n"));
    assert_true(has_header(&r, "SSE-Keep-Alive: 4321\r\n"));
    assert_int_equal(r.comments, 1);
    UNTIL(&f, (reader_take(&r, SIZE_MAX), r.retry_ms == 1234));
    reader_close(&r);
    hub_stop(&f);
}

static void test_hub_known_id_goes_on(void **state)
{
    const sse_hub_config config = hub_settings();
    static hub_reader r;
    hub_fixture f;
    (void)state;
    hub_start(&f, &config, NULL);
    publish(&f, "a", "one");
    publish(&f, "a", "two");
    publish_as(&f, "a", "mine", "three");
    publish(&f, "a", "four");
    const char *const ids[] = {"p-0", "p-1", "p-2", "mine", "p-3", "p-4"};
    const char *const logs[] = {"p-1:one p-2:two mine:three p-4:four ",
                                "p-2:two mine:three p-4:four ",
                                "mine:three p-4:four ", "p-4:four ",
                                "p-4:four ", ""};
    for (size_t i = 0; i < 6; i++) {
        char line[64];
        subscribe(&f, &r, "a", ids[i]);
        (void)snprintf(line, sizeof line, "Last-Event-ID: %s\r\n", ids[i]);
        assert_true(has_header(&r, line));
        UNTIL(&f, reader_has(&r, logs[i]));
        reader_close(&r);
    }
    assert_int_equal(hub_stats(&f).resumed, 6);
    assert_int_equal(hub_stats(&f).gaps, 0);
    hub_stop(&f);
}

static void test_hub_unknown_id_gets_all_behind_a_gap(void **state)
{
    const sse_hub_config config = hub_settings();
    static hub_reader r;
    hub_fixture f;
    (void)state;
    hub_start(&f, &config, NULL);
    publish(&f, "a", "one");
    publish(&f, "a", "two");
    const char *const ids[] = {"other-7", "p-3",  "p-01", "p-",
                               "p-x",     "p-1x", "q\"\\"};
    const char *const froms[] = {"other-7", "p-3",  "p-01",    "p-",
                                 "p-x",     "p-1x", "q\\\"\\\\"};
    for (size_t i = 0; i < 7; i++) {
        char log[256];
        subscribe(&f, &r, "a", ids[i]);
        assert_true(has_header(&r, "Last-Event-ID: p-0\r\n"));
        (void)snprintf(log, sizeof log,
                       "gap=p-0:{\"from\":\"%s\",\"to\":\"p-0\"} "
                       "p-1:one p-2:two ",
                       froms[i]);
        UNTIL(&f, reader_has(&r, log));
        reader_close(&r);
    }
    assert_int_equal(hub_stats(&f).gaps, 7);
    assert_int_equal(hub_stats(&f).resumed, 0);
    hub_stop(&f);
}

static void test_hub_retains_so_many_events(void **state)
{
    sse_hub_config config = hub_settings();
    static hub_reader r;
    hub_fixture f;
    (void)state;
    config.topic.retain_events = 2;
    hub_start(&f, &config, NULL);
    publish(&f, "a", "one");
    publish_as(&f, "a", "mine", "two");
    publish(&f, "a", "three");
    publish(&f, "a", "four");
    assert_int_equal(hub_stats(&f).retained_events, 2);
    /* Nothing behind it is lost: known, by either name. */
    expect_log(&f, &r, "a", "mine", "p-3:three p-4:four ");
    expect_log(&f, &r, "a", "p-2", "p-3:three p-4:four ");
    subscribe(&f, &r, "a", "p-1");
    assert_true(has_header(&r, "Last-Event-ID: mine\r\n"));
    UNTIL(&f, reader_has(&r, "gap=mine:{\"from\":\"p-1\",\"to\":\"mine\"} "
                             "p-3:three p-4:four "));
    reader_close(&r);
    hub_stop(&f);
}

static void test_hub_retains_so_many_bytes(void **state)
{
    sse_hub_config config = hub_settings();
    static hub_reader r;
    hub_fixture f;
    char text[100];
    (void)state;
    config.topic.retain_bytes = 300;
    hub_start(&f, &config, NULL);
    memset(text, 'x', sizeof text);
    text[99] = '\0';
    for (size_t i = 0; i < 50; i++) {
        publish(&f, "a", text);
        assert_true(hub_stats(&f).retained_bytes <= 300);
    }
    assert_int_equal(hub_stats(&f).retained_events, 2);
    assert_true(hub_stats(&f).ring_bytes < 4096);
    const sse_event large = sse_event_of_data(f.joined == 0 ? r.log : "", 301);
    assert_int_equal(
        sse_hub_publish(f.hub, named("a"), &large, NULL, 0),
        SSE_ERR_TOO_LONG);
    assert_int_equal(hub_stats(&f).retained_events, 2);
    hub_stop(&f);
}

static void test_hub_retains_so_long(void **state)
{
    sse_hub_config config = hub_settings();
    static hub_reader r;
    hub_fixture f;
    (void)state;
    config.topic.retain_ms = 1500;
    hub_start(&f, &config, NULL);
    publish(&f, "a", "old");
    FOR_MS(&f, 1600);
    publish(&f, "a", "new");
    assert_int_equal(hub_stats(&f).retained_events, 1);
    expect_log(&f, &r, "a", "p-0",
               "gap=p-1:{\"from\":\"p-0\",\"to\":\"p-1\"} "
               "p-2:new ");
    FOR_MS(&f, 1600);
    expect_log(&f, &r, "a", "p-1",
               "gap=p-2:{\"from\":\"p-1\",\"to\":\"p-2\"} ");
    hub_stop(&f);
}

/* A burst of one turn larger than what is retained outruns nobody. */
static void test_hub_burst_beyond_what_is_retained(void **state)
{
    sse_hub_config config = hub_settings();
    static hub_reader readers[3];
    hub_fixture f;
    (void)state;
    config.topic.retain_events = 3;
    hub_start(&f, &config, NULL);
    for (size_t i = 0; i < 3; i++) {
        subscribe(&f, &readers[i], "a", NULL);
    }
    char log[8192] = "";
    for (size_t i = 1; i <= 100; i++) {
        publish(&f, "a", "x");
        (void)snprintf(log + strlen(log), 16, "p-%u:x ", (unsigned)i);
    }
    for (size_t i = 0; i < 3; i++) {
        UNTIL(&f, reader_has(&readers[i], log));
        reader_close(&readers[i]);
    }
    assert_int_equal(hub_stats(&f).overtaken, 0);
    hub_stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hub_everybody_gets_it),
        cmocka_unit_test(test_hub_writes_once_a_turn),
        cmocka_unit_test(test_hub_head_says_what_is_so),
        cmocka_unit_test(test_hub_known_id_goes_on),
        cmocka_unit_test(test_hub_unknown_id_gets_all_behind_a_gap),
        cmocka_unit_test(test_hub_retains_so_many_events),
        cmocka_unit_test(test_hub_retains_so_many_bytes),
        cmocka_unit_test(test_hub_retains_so_long),
        cmocka_unit_test(test_hub_burst_beyond_what_is_retained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
