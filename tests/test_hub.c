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
    subscribe(&f, &r, "a", "mine");
    UNTIL(&f, reader_has(&r, "p-3:three p-4:four "));
    reader_close(&r);
    subscribe(&f, &r, "a", "p-2");
    UNTIL(&f, reader_has(&r, "p-3:three p-4:four "));
    reader_close(&r);
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
    config.topic.retain_ms = 700;
    hub_start(&f, &config, NULL);
    publish(&f, "a", "old");
    FOR_MS(&f, 800);
    publish(&f, "a", "new");
    assert_int_equal(hub_stats(&f).retained_events, 1);
    subscribe(&f, &r, "a", "p-0");
    UNTIL(&f, reader_has(&r, "gap=p-1:{\"from\":\"p-0\",\"to\":\"p-1\"} "
                             "p-2:new "));
    reader_close(&r);
    FOR_MS(&f, 800);
    subscribe(&f, &r, "a", "p-1");
    UNTIL(&f, reader_has(&r, "gap=p-2:{\"from\":\"p-1\",\"to\":\"p-2\"} "));
    reader_close(&r);
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

static void test_hub_several_topics(void **state)
{
    const sse_hub_config config = hub_settings();
    static hub_reader r;
    static hub_reader other;
    hub_fixture f;
    (void)state;
    hub_start(&f, &config, NULL);
    publish(&f, "a", "1");
    publish(&f, "b", "2");
    publish_as(&f, "c", "mine", "3");
    publish(&f, "a", "4");
    publish(&f, "b", "5");
    /* What is retained comes in the order of publishing, then it goes on. */
    subscribe(&f, &r, "a,b,a", "p-0");
    UNTIL(&f, reader_has(&r, "p-1:1 p-2:2 p-4:4 p-5:5 "));
    publish(&f, "c", "6");
    publish(&f, "b", "7");
    publish(&f, "a", "8");
    UNTIL(&f, reader_has(&r, "p-1:1 p-2:2 p-4:4 p-5:5 p-7:7 p-8:8 "));
    /* Any id resumes in all of them, also one of another topic. */
    subscribe(&f, &other, "c,b,a", "p-4");
    UNTIL(&f, reader_has(&other, "p-5:5 p-6:6 p-7:7 p-8:8 "));
    reader_close(&other);
    subscribe(&f, &other, "b,c", "mine");
    UNTIL(&f, reader_has(&other, "p-5:5 p-6:6 p-7:7 "));
    reader_close(&other);
    subscribe(&f, &other, "b,c", "what");
    UNTIL(&f, reader_has(&other,
                         "gap=p-0:{\"from\":\"what\",\"to\":\"p-0\"} p-2:2 "
                         "mine:3 p-5:5 p-6:6 p-7:7 "));
    reader_close(&other);
    reader_close(&r);
    UNTIL(&f, hub_stats(&f).subscribers == 0);
    assert_int_equal(hub_stats(&f).topics, 3);
    hub_stop(&f);
}

static void test_hub_several_topics_know_of_losses(void **state)
{
    sse_hub_config config = hub_settings();
    static hub_reader r;
    hub_fixture f;
    (void)state;
    config.topic.retain_events = 2;
    hub_start(&f, &config, NULL);
    publish(&f, "a", "1");
    for (size_t i = 0; i < 3; i++) {
        publish(&f, "b", "x"); /* 2 3 4: the first of them is lost */
    }
    subscribe(&f, &r, "a,b", "p-1");
    UNTIL(&f, reader_has(&r, "gap=p-2:{\"from\":\"p-1\",\"to\":\"p-2\"} "
                             "p-1:1 p-3:x p-4:x "));
    reader_close(&r);
    subscribe(&f, &r, "a", "p-1");
    UNTIL(&f, reader_has(&r, ""));
    reader_close(&r);
    hub_stop(&f);
}

static void test_hub_topics_come_and_go(void **state)
{
    sse_hub_config config = hub_settings();
    static hub_reader r;
    hub_fixture f;
    sse_topic_stats stats;
    (void)state;
    config.max_topics = 3;
    hub_start(&f, &config, NULL);
    /* Who only asks for one leaves nothing behind. */
    for (size_t i = 0; i < 10; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "t%u", (unsigned)i);
        subscribe(&f, &r, name, NULL);
        assert_int_equal(hub_stats(&f).topics, 1);
        reader_close(&r);
        UNTIL(&f, hub_stats(&f).topics == 0);
    }
    /* With all places taken the quietest one makes room, and who comes back
     * to it is told. */
    publish(&f, "a", "1");
    publish(&f, "b", "2");
    publish(&f, "a", "3");
    publish(&f, "c", "4");
    publish(&f, "d", "5");
    assert_int_equal(sse_hub_get_topic_stats(f.hub, named("b"), &stats),
                     SSE_ERR_UNKNOWN);
    assert_int_equal(sse_hub_get_topic_stats(f.hub, named("a"), &stats),
                     SSE_OK);
    assert_int_equal(stats.events, 2);
    subscribe(&f, &r, "b", "p-1");
    UNTIL(&f, reader_has(&r, "gap=p-3:{\"from\":\"p-1\",\"to\":\"p-3\"} "));
    /* Those in use make room for nobody. */
    static hub_reader others[2];
    subscribe(&f, &others[0], "x", NULL);
    subscribe(&f, &others[1], "y", NULL);
    const sse_event event = sse_event_of_data("", 0);
    assert_int_equal(sse_hub_publish(f.hub, named("z"), &event, NULL, 0),
                     SSE_ERR_LIMIT);
    reader_close(&others[0]);
    reader_close(&others[1]);
    reader_close(&r);
    hub_stop(&f);
}

static void test_hub_remove_ends_streams(void **state)
{
    const sse_hub_config config = hub_settings();
    static hub_reader readers[3];
    hub_fixture f;
    (void)state;
    hub_start(&f, &config, NULL);
    subscribe(&f, &readers[0], "a", NULL);
    reader_open(&f, &readers[1], "a", NULL, "1.0", 0);
    UNTIL(&f, reader_is_open(&readers[1]));
    subscribe(&f, &readers[2], "a,b", NULL);
    publish(&f, "a", "last");
    sse_hub_remove(f.hub, named("a"));
    sse_hub_remove(f.hub, named("a"));
    publish(&f, "a", "of another");
    publish(&f, "b", "more");
    UNTIL(&f, reader_ended(&readers[0]) && reader_ended(&readers[1]));
    assert_string_equal(readers[0].log, "p-1:last ");
    assert_string_equal(readers[1].log, "p-1:last ");
    assert_true(readers[0].clean);
    assert_true(readers[1].peer.eof && !readers[1].peer.reset);
    UNTIL(&f, reader_has(&readers[2], "p-1:last p-3:more "));
    for (size_t i = 0; i < 3; i++) {
        reader_close(&readers[i]);
    }
    UNTIL(&f, hub_stats(&f).subscribers == 0);
    assert_int_equal(hub_stats(&f).topics, 2);
    hub_stop(&f);
}

static void test_hub_refuses_what_cannot_be(void **state)
{
    const sse_hub_config config = hub_settings();
    hub_fixture f;
    char id[SSE_HUB_MAX_ID + 1];
    char text[SSE_HUB_MAX_ID + 2];
    (void)state;
    hub_start(&f, &config, NULL);
    memset(text, 'x', sizeof text);
    const sse_event good = sse_event_of_data("x", 1);
    const sse_event lines = sse_event_with_id(good, "a\nb", 3);
    const sse_event own = sse_event_with_id(good, "p-7", 3);
    const sse_event longest = sse_event_with_id(good, text, SSE_HUB_MAX_ID);
    const sse_event longer = sse_event_with_id(good, text, sizeof text);
    sse_event none = good;
    none.fields = 0;
    const struct {
        const char *topic;
        size_t topic_len;
        const sse_event *event;
        size_t cap;
        sse_status status;
    } rows[] = {
        {"a", 1, &good, 4, SSE_OK},
        {"a", 1, &good, 3, SSE_ERR_NO_SPACE},
        {"a", 1, &lines, 99, SSE_ERR_CHARACTER},
        {"a", 1, &own, 99, SSE_ERR_INVALID},
        {"a", 1, &longest, sizeof id, SSE_OK},
        {"a", 1, &longer, sizeof id, SSE_ERR_TOO_LONG},
        {"a", 1, &none, 99, SSE_ERR_NO_FIELDS},
        {"a", 1, NULL, 99, SSE_ERR_INVALID},
        {"", 0, &good, 99, SSE_ERR_INVALID},
        {"a\0b", 3, &good, 99, SSE_ERR_INVALID},
        {NULL, 1, &good, 99, SSE_ERR_INVALID},
        {text, SSE_HUB_MAX_NAME, &good, 99, SSE_OK},
        {text, SSE_HUB_MAX_NAME + 1, &good, 99, SSE_ERR_INVALID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const sse_hub_name name = {rows[i].topic, rows[i].topic_len};
        assert_int_equal(
            sse_hub_publish(f.hub, name, rows[i].event, id, rows[i].cap),
            rows[i].status);
    }
    assert_int_equal(hub_stats(&f).published, 3);
    assert_int_equal(
        sse_hub_publish(NULL, named("a"), &good, NULL, 0), SSE_ERR_INVALID);
    hub_stop(&f);
}

static void test_hub_settings_are_checked(void **state)
{
    sse_loop *loop = NULL;
    sse_hub *hub = NULL;
    (void)state;
    assert_int_equal(sse_loop_open(&loop), SSE_OK);
    for (int i = 0; i < 9; i++) {
        sse_hub_config config;
        sse_hub_config_init(&config);
        switch (i) {
        case 0:
            config.size = 0;
            break;
        case 1:
            config.topic.retain_events = 0;
            break;
        case 2:
            config.topic.retain_bytes = 0;
            break;
        case 3:
            config.max_topics = 0;
            break;
        case 4:
            config.burst = ((size_t)1 << 20) + 1;
            break;
        case 5:
            config.id_prefix = "a b";
            break;
        case 6:
            config.id_prefix = "123456789012345678901234567890123";
            break;
        case 7:
            config.topic.size = 0;
            break;
        default:
            config.write_timeout_ms = 0;
            break;
        }
        assert_int_equal(sse_hub_open(loop, &config, &hub), SSE_ERR_INVALID);
    }
    assert_int_equal(sse_hub_open(NULL, NULL, &hub), SSE_ERR_INVALID);
    assert_int_equal(sse_hub_open(loop, NULL, NULL), SSE_ERR_INVALID);
    sse_hub_close(NULL);
    sse_loop_close(loop);
}

static void test_hub_ids_differ_from_start_to_start(void **state)
{
    char ids[2][64];
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        sse_hub_config config = hub_settings();
        const sse_event event = sse_event_of_data("", 0);
        hub_fixture f;
        config.id_prefix = NULL;
        hub_start(&f, &config, NULL);
        assert_int_equal(
            sse_hub_publish(f.hub, named("a"), &event, ids[i], 64), SSE_OK);
        hub_stop(&f);
    }
    assert_string_not_equal(ids[0], ids[1]);
    assert_string_equal(strchr(ids[0], '-'), "-1");
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
        cmocka_unit_test(test_hub_several_topics),
        cmocka_unit_test(test_hub_several_topics_know_of_losses),
        cmocka_unit_test(test_hub_topics_come_and_go),
        cmocka_unit_test(test_hub_remove_ends_streams),
        cmocka_unit_test(test_hub_refuses_what_cannot_be),
        cmocka_unit_test(test_hub_settings_are_checked),
        cmocka_unit_test(test_hub_ids_differ_from_start_to_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
