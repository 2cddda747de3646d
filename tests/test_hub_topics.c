/*
 * test_hub_topics.c - several topics on one stream, topics that come and go,
 * and what is refused.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_hub_fixture.h"

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
    expect_log(&f, &other, "c,b,a", "p-4", "p-5:5 p-6:6 p-7:7 p-8:8 ");
    expect_log(&f, &other, "b,c", "mine", "p-5:5 p-6:6 p-7:7 ");
    expect_log(&f, &other, "b,c", "what",
               "gap=p-0:{\"from\":\"what\",\"to\":\"p-0\"} p-2:2 "
               "mine:3 p-5:5 p-6:6 p-7:7 ");
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
    expect_log(&f, &r, "a,b", "p-1",
               "gap=p-2:{\"from\":\"p-1\",\"to\":\"p-2\"} "
               "p-1:1 p-3:x p-4:x ");
    expect_log(&f, &r, "a", "p-1", "");
    hub_stop(&f);
}

/* Subscribes, and publishes before anything of the stream is sent. */
static void subscribe_and_publish(sse_request *request, void *user)
{
    static char text[3000];
    const hub_fixture *const f = (const hub_fixture *)user;
    hub_on_request(request, user);
    memset(text, 'x', sizeof text - 1);
    publish(f, "a", text);
}

/* A stream that cannot be given an event breaks off, also one that has just
 * begun: it must not go on as if there had been none. */
static void test_hub_a_stream_just_begun_knows_of_a_loss(void **state)
{
    sse_hub_config config = hub_settings();
    static hub_reader r;
    hub_fixture f;
    (void)state;
    /* Room for the topic's own ring, but not for a second one as large. */
    config.retain_total = 8000;
    memset(&f, 0, sizeof f);
    assert_int_equal(sse_loop_open(&f.loop), SSE_OK);
    assert_int_equal(sse_hub_open(f.loop, &config, &f.hub), SSE_OK);
    assert_int_equal(sse_server_open(f.loop, NULL, subscribe_and_publish, &f,
                                     &f.server),
                     SSE_OK);
    reader_open(&f, &r, "a,b", NULL, "1.1", 0);
    UNTIL(&f, f.requests == 1);
    assert_int_equal(hub_stats(&f).retained_events, 1);
    UNTIL(&f, reader_ended(&r));
    assert_false(r.clean);
    assert_int_equal(hub_stats(&f).subscribers, 0);
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

static void test_hub_all_topics_have_a_bound(void **state)
{
    sse_hub_config config = hub_settings();
    static hub_reader readers[3];
    hub_fixture f;
    char text[400];
    (void)state;
    config.retain_total = 16384;
    hub_start(&f, &config, NULL);
    memset(text, 'x', sizeof text);
    text[399] = '\0';
    subscribe(&f, &readers[0], "a,b", NULL);
    subscribe(&f, &readers[1], "b,a", NULL);
    for (size_t i = 0; i < 60; i++) {
        publish(&f, i % 2 == 0 ? "a" : "b", text);
        assert_true(hub_stats(&f).ring_bytes <= 16384);
    }
    assert_true(hub_stats(&f).retained_events > 4);
    for (size_t i = 0; i < 2; i++) {
        UNTIL(&f, (reader_take(&readers[i], SIZE_MAX),
                   readers[i].events == 60));
        assert_null(strstr(readers[i].log, "gap"));
    }
    /* Who comes back is told of what is kept no longer. */
    subscribe(&f, &readers[2], "a,b", "p-1");
    UNTIL(&f, (reader_take(&readers[2], SIZE_MAX), readers[2].events > 1));
    assert_memory_equal(readers[2].log, "gap=", 4);
    for (size_t i = 0; i < 3; i++) {
        reader_close(&readers[i]);
    }
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
    for (int i = 0; i < 10; i++) {
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
        case 8:
            config.retain_total = 0;
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
        cmocka_unit_test(test_hub_several_topics),
        cmocka_unit_test(test_hub_several_topics_know_of_losses),
        cmocka_unit_test(test_hub_a_stream_just_begun_knows_of_a_loss),
        cmocka_unit_test(test_hub_topics_come_and_go),
        cmocka_unit_test(test_hub_remove_ends_streams),
        cmocka_unit_test(test_hub_all_topics_have_a_bound),
        cmocka_unit_test(test_hub_refuses_what_cannot_be),
        cmocka_unit_test(test_hub_settings_are_checked),
        cmocka_unit_test(test_hub_ids_differ_from_start_to_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
