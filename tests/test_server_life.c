/*
 * test_server_life.c - ends: draining, and closing from within any callback.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_server_fixture.h"

static void on_drained(sse_server *server, void *user)
{
    fixture *const f = (fixture *)user;
    f->drained++;
    sse_server_close(server);
    f->server = NULL;
}

static void test_drain_waits_for_what_runs(void **state)
{
    fixture f;
    net_peer idle;
    net_peer held;
    net_peer stream;
    net_peer late;
    (void)state;
    start_server(&f, NULL);
    const uint16_t port = sse_server_port(f.server);
    ask(&f, &idle, GET("/hello"), "hello");
    ask(&f, &held, GET("/later"), "");
    ask(&f, &stream, GET("/stream"), "");
    UNTIL(&f, f.held != NULL && f.stream != NULL);
    assert_int_equal(sse_stream_write(f.stream, ":1\n", 3), SSE_OK);
    sse_server_drain(f.server, PATIENCE_MS, on_drained, &f);
    assert_false(net_open(&late, port, 0));
    UNTIL(&f, net_ended(&idle));
    assert_true(idle.eof);
    net_close(&idle);
    FOR_MS(&f, 20);
    assert_int_equal(f.drained, 0);
    respond_text(f.held, 200, "answer");
    UNTIL(&f, net_ended(&held));
    assert_true(held.eof);
    assert_int_equal(net_count(&held, "Connection: close"), 1);
    assert_int_equal(net_count(&held, "answer"), 1);
    net_close(&held);
    assert_int_equal(sse_stream_write(f.stream, ":2\n", 3), SSE_OK);
    assert_int_equal(sse_stream_end(f.stream), SSE_OK);
    UNTIL(&f, net_ended(&stream));
    assert_int_equal(net_count(&stream, ":2\n\r\n0\r\n\r\n"), 1);
    net_close(&stream);
    UNTIL(&f, f.drained == 1);
    assert_int_equal(f.clean_closes, 1);
    stop_server(&f);
}

static void test_drain_gives_up_in_time(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET("/stream"), "");
    UNTIL(&f, f.stream != NULL);
    sse_server_drain(f.server, 30, on_drained, &f);
    UNTIL(&f, f.drained == 1);
    assert_int_equal(f.stream_closes, 1);
    assert_int_equal(f.clean_closes, 0);
    net_close(&peer);
    stop_server(&f);
}

static void test_drain_of_an_idle_server(void **state)
{
    fixture f;
    (void)state;
    start_server(&f, NULL);
    sse_server_drain(f.server, PATIENCE_MS, on_drained, &f);
    assert_int_equal(f.drained, 0); /* not from inside the call */
    UNTIL(&f, f.drained == 1);
    stop_server(&f);
}

static void test_close_with_everything_alive(void **state)
{
    fixture f;
    net_peer peers[5];
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peers[0], GET("/hello"), "hello");
    ask(&f, &peers[1], GET("/later"), "");
    ask(&f, &peers[2], GET("/stream") GET("/stream"), "");
    ask(&f, &peers[3], "GET / HT", "");
    ask(&f, &peers[4],
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1", "");
    UNTIL(&f, f.held != NULL && f.stream != NULL);
    FOR_MS(&f, 10);
    assert_int_equal(sse_stream_write(f.stream, ":\n", 2), SSE_OK);
    sse_server_close(f.server);
    f.server = NULL;
    assert_int_equal(f.request_closes, 3);
    assert_int_equal(f.stream_closes, 1);
    stop_server(&f);
    for (size_t i = 0; i < 5; i++) {
        net_close(&peers[i]);
    }
}

/* ---- From within callbacks ---------------------------------------------- */

static void close_in_stream_close(sse_stream *stream, int clean, void *user)
{
    fixture *const f = (fixture *)user;
    (void)stream;
    (void)clean;
    f->stream = NULL;
    f->stream_closes++;
    sse_server_close(f->server);
    f->server = NULL;
}

static void close_in_writable(sse_stream *stream, void *user)
{
    fixture *const f = (fixture *)user;
    (void)stream;
    f->writables++;
    sse_server_close(f->server);
    f->server = NULL;
}

static void end_in_writable(sse_stream *stream, void *user)
{
    fixture *const f = (fixture *)user;
    f->writables++;
    assert_int_equal(sse_stream_write(stream, "end", 3), SSE_OK);
    assert_int_equal(sse_stream_end(stream), SSE_OK);
}

static void abort_in_writable(sse_stream *stream, void *user)
{
    ((fixture *)user)->writables++;
    sse_stream_abort(stream);
}

static void test_close_from_a_request(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET("/hello") GET("/close") GET("/hello"), "");
    UNTIL(&f, net_ended(&peer));
    assert_int_equal(f.requests, 2);
    assert_null(f.server);
    net_close(&peer);
    stop_server(&f);
}

static void test_close_from_the_close_of_a_stream(void **state)
{
    static const char *const paths[] = {GET("/stream"), GET("/short")};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        fixture f;
        net_peer peer;
        net_peer other;
        start_server(&f, NULL);
        ask(&f, &other, GET("/later"), "");
        UNTIL(&f, f.held != NULL);
        connect_to(&f, &peer);
        assert_true(net_say(&peer, paths[i]));
        UNTIL(&f, f.stream != NULL || f.stream_closes > 0);
        if (f.stream != NULL) {
            sse_stream_on_close(f.stream, close_in_stream_close, &f);
            net_close(&peer);
            UNTIL(&f, f.server == NULL);
        }
        net_close(&peer);
        net_close(&other);
        stop_server(&f);
    }
}

/* Fills a stream that has such a writable callback, perhaps ends it, then
 * reads. */
static void with_writable(sse_stream_fn fn, int end, size_t clean)
{
    static char block[30000];
    sse_server_config config;
    fixture f;
    net_peer peer;
    sse_server_config_init(&config);
    config.sndbuf = 8192;
    memset(block, 'x', sizeof block);
    start_server(&f, &config);
    assert_true(net_open(&peer, sse_server_port(f.server),
                         NET_SMALL_BUFFER));
    assert_true(net_say(&peer, GET("/stream")));
    UNTIL(&f, f.stream != NULL);
    sse_stream_on_writable(f.stream, fn, &f);
    while (sse_stream_write(f.stream, block, sizeof block) == SSE_OK) {
        assert_int_equal(sse_loop_turn(f.loop, 0), SSE_OK);
    }
    if (end) {
        assert_int_equal(sse_stream_end(f.stream), SSE_OK);
    }
    UNTIL(&f, net_ended(&peer) || f.stream_closes == 1);
    assert_int_equal(f.writables, end ? 0 : 1);
    assert_int_equal(f.stream_closes, 1);
    assert_int_equal(f.clean_closes, clean);
    net_close(&peer);
    stop_server(&f);
}

static void test_ends_from_the_writable_callback(void **state)
{
    (void)state;
    with_writable(close_in_writable, 0, 0);
    with_writable(abort_in_writable, 0, 0);
    with_writable(end_in_writable, 0, 1);
}

/* Nothing can be written any more, whatever the room. */
static void test_no_writable_callback_after_the_end(void **state)
{
    (void)state;
    with_writable(end_in_writable, 1, 1);
}

static void respond_from_post(void *user)
{
    fixture *const f = (fixture *)user;
    if (f->held != NULL) {
        respond_text(f->held, 200, "posted");
    }
}

static void test_answer_from_a_post(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET("/later"), "");
    UNTIL(&f, f.held != NULL);
    assert_int_equal(sse_loop_post(f.loop, respond_from_post, &f), SSE_OK);
    UNTIL(&f, net_heard(&peer, "\r\n\r\nposted"));
    net_close(&peer);
    stop_server(&f);
}

/* ---- Closed by its own hooks ------------------------------------------- */

static const char *error_and_close(int status, const char **media_type,
                                   void *user)
{
    fixture *const f = (fixture *)user;
    (void)status;
    (void)media_type;
    sse_server_close(f->server);
    f->server = NULL;
    return "too late";
}

static uint64_t limit_and_close(const sse_request *request, void *user)
{
    fixture *const f = (fixture *)user;
    (void)request;
    sse_server_close(f->server);
    f->server = NULL;
    return 7;
}

static void test_server_closed_while_it_is_told_a_limit(void **state)
{
    sse_server_config config;
    fixture f;
    net_peer peer;
    (void)state;
    sse_server_config_init(&config);
    config.body_limit = limit_and_close;
    start_server(&f, &config);
    ask(&f, &peer,
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "");
    UNTIL(&f, net_ended(&peer));
    assert_int_equal(peer.len, 0);
    net_close(&peer);
    stop_server(&f);
}

/* The same in the middle of the connections that are there to be taken. */
static void test_server_closed_while_it_refuses(void **state)
{
    sse_server_config config;
    fixture f;
    net_peer peers[4];
    (void)state;
    sse_server_config_init(&config);
    config.error_body = error_and_close;
    config.max_conns = 1;
    start_server(&f, &config);
    for (size_t i = 0; i < 4; i++) {
        connect_to(&f, &peers[i]);
    }
    for (size_t i = 0; i < 4; i++) {
        UNTIL(&f, net_ended(&peers[i]));
        net_close(&peers[i]);
    }
    assert_null(f.server);
    FOR_MS(&f, 150); /* nothing of it may be due any more */
    stop_server(&f);
}

static void test_server_closed_while_it_words_an_error(void **state)
{
    sse_server_config config;
    fixture f;
    net_peer peer;
    (void)state;
    sse_server_config_init(&config);
    config.error_body = error_and_close;
    start_server(&f, &config);
    ask(&f, &peer, "rubbish\n", "");
    UNTIL(&f, net_ended(&peer));
    assert_int_equal(peer.len, 0);
    net_close(&peer);
    stop_server(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drain_waits_for_what_runs),
        cmocka_unit_test(test_drain_gives_up_in_time),
        cmocka_unit_test(test_drain_of_an_idle_server),
        cmocka_unit_test(test_close_with_everything_alive),
        cmocka_unit_test(test_close_from_a_request),
        cmocka_unit_test(test_close_from_the_close_of_a_stream),
        cmocka_unit_test(test_ends_from_the_writable_callback),
        cmocka_unit_test(test_no_writable_callback_after_the_end),
        cmocka_unit_test(test_answer_from_a_post),
        cmocka_unit_test(test_server_closed_while_it_words_an_error),
        cmocka_unit_test(test_server_closed_while_it_is_told_a_limit),
        cmocka_unit_test(test_server_closed_while_it_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
