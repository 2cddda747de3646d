/*
 * test_server_streams.c - streams over real sockets: framing, silence, ends.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_server_fixture.h"

#define GET10(path) "GET " path " HTTP/1.0\r\n\r\n"

static void write_text(sse_stream *stream, const char *text)
{
    assert_int_equal(sse_stream_write(stream, text, strlen(text)), SSE_OK);
}

/* A server with one open stream, nothing written to it yet. */
static void start_stream(fixture *f, net_peer *peer,
                         const sse_server_config *config, const char *request)
{
    start_server(f, config);
    connect_to(f, peer);
    assert_true(net_say(peer, request));
    UNTIL(f, f->stream != NULL);
}

static sse_server_config default_config(void)
{
    sse_server_config config;
    sse_server_config_init(&config);
    return config;
}

static void test_stream_begins_with_its_head(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_stream(&f, &peer, NULL, GET("/stream"));
    FOR_MS(&f, 10);
    assert_int_equal(net_take(&peer, SIZE_MAX), 0);
    const sse_event event = sse_event_with_id(
        sse_event_of_type("add", 3, "a\nb", 3), "7", 1);
    assert_int_equal(sse_stream_event(f.stream, &event), SSE_OK);
    UNTIL(&f, net_heard(&peer, "data: b\n\n\r\n"));
    assert_memory_equal(peer.bytes, "HTTP/1.1 200 OK\r\n", 17);
    assert_int_equal(net_count(&peer, "\r\nTransfer-Encoding: chunked\r\n"),
                     1);
    assert_int_equal(net_count(&peer, "text/event-stream"), 1);
    assert_int_equal(net_count(&peer, "Content-Length"), 0);
    const char *const body = strstr(peer.bytes, "\r\n\r\n") + 4;
    assert_string_equal(
        body, "22\r\nevent: add\nid: 7\ndata: a\ndata: b\n\n\r\n");
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_one_chunk_for_each_turn(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_stream(&f, &peer, NULL, GET("/stream"));
    write_text(f.stream, ":1\n");
    UNTIL(&f, net_heard(&peer, ":1\n\r\n"));
    net_clear(&peer);
    for (int i = 0; i < 10; i++) {
        write_text(f.stream, "data: x\n\n");
    }
    UNTIL(&f, net_heard(&peer, "\n\n\r\n"));
    assert_memory_equal(peer.bytes, "5a\r\ndata: x\n", 12);
    assert_int_equal(peer.len, 90 + 4 + 2);
    net_clear(&peer);
    write_text(f.stream, ":2\n");
    assert_int_equal(sse_stream_end(f.stream), SSE_OK);
    UNTIL(&f, net_heard(&peer, "\r\n0\r\n\r\n"));
    assert_string_equal(peer.bytes, "3\r\n:2\n\r\n0\r\n\r\n");
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_clean_end_keeps_the_connection(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET("/short") GET("/short") GET("/hello"),
        "\r\n\r\nhello");
    assert_int_equal(net_count(&peer, "b\r\ndata: one\n\n\r\n0\r\n\r\nHTTP"),
                     2);
    assert_int_equal(f.stream_closes, 2);
    assert_int_equal(f.clean_closes, 2);
    assert_int_equal(f.request_closes, 3);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_of_http10_ends_by_closing(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET10("/short"), "\r\n\r\ndata: one\n\n");
    UNTIL(&f, net_ended(&peer));
    assert_true(peer.eof);
    assert_int_equal(net_count(&peer, "Transfer-Encoding"), 0);
    assert_int_equal(net_count(&peer, "\r\nConnection: close\r\n"), 1);
    assert_int_equal(f.clean_closes, 1);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_aborted_has_no_last_chunk(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_stream(&f, &peer, NULL, GET("/stream"));
    write_text(f.stream, ":1\n");
    UNTIL(&f, net_heard(&peer, ":1\n\r\n"));
    sse_stream_abort(f.stream);
    assert_int_equal(sse_stream_write(f.stream, "x", 1), SSE_ERR_CLOSED);
    assert_int_equal(f.stream_closes, 0); /* not from inside the call */
    UNTIL(&f, net_ended(&peer));
    assert_int_equal(net_count(&peer, "0\r\n\r\n"), 0);
    assert_int_equal(f.stream_closes, 1);
    assert_int_equal(f.clean_closes, 0);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_aborted_in_http10_is_a_reset(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_stream(&f, &peer, NULL, GET10("/stream"));
    write_text(f.stream, ":1\n");
    UNTIL(&f, net_heard(&peer, ":1\n"));
    sse_stream_abort(f.stream);
    UNTIL(&f, net_ended(&peer));
    assert_true(peer.reset);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_aborted_before_anything(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_stream(&f, &peer, NULL, GET("/stream"));
    sse_stream_abort(f.stream);
    UNTIL(&f, net_ended(&peer));
    assert_int_equal(peer.len, 0);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_status_is_open_until_the_first_byte(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET("/later"), "");
    UNTIL(&f, f.held != NULL);
    sse_request *const request = f.held;
    (void)open_stream(&f, request);
    sse_stream *second = NULL;
    assert_int_equal(sse_stream_open(request, NULL, 0, &second),
                     SSE_ERR_CLOSED);
    FOR_MS(&f, 10);
    respond_text(request, 503, "not today");
    assert_int_equal(sse_stream_write(f.stream, "x", 1), SSE_ERR_CLOSED);
    UNTIL(&f, net_heard(&peer, "\r\n\r\nnot today"));
    assert_memory_equal(peer.bytes, "HTTP/1.1 503 ", 13);
    assert_int_equal(f.stream_closes, 1);
    assert_int_equal(f.clean_closes, 0);
    /* And closed after it. */
    net_clear(&peer);
    assert_true(net_say(&peer, GET("/later")));
    UNTIL(&f, f.held != NULL);
    write_text(open_stream(&f, f.held), ":\n");
    assert_int_equal(sse_request_respond(f.held, 500, NULL, 0, NULL, 0),
                     SSE_ERR_CLOSED);
    UNTIL(&f, net_heard(&peer, ":\n\r\n"));
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_takes_other_fields(void **state)
{
    static const sse_http_header extra[] = {
        {"Last-Event-ID", "5"}, {"cache-control", "no-store, private"}};
    fixture f;
    net_peer peer;
    sse_stream *stream = NULL;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET("/later"), "");
    UNTIL(&f, f.held != NULL);
    assert_int_equal(sse_stream_open(f.held, extra, 2, &stream), SSE_OK);
    write_text(stream, ":\n");
    UNTIL(&f, net_heard(&peer, ":\n\r\n"));
    assert_int_equal(net_count(&peer, "\r\nLast-Event-ID: 5\r\n"), 1);
    assert_int_equal(
        net_count(&peer, "\r\ncache-control: no-store, private\r\n"), 1);
    assert_int_equal(net_count(&peer, "Cache-Control"), 0);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_gives_the_request_back(void **state)
{
    fixture f;
    net_peer peer;
    size_t len = 9;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer,
        "POST /later?a=b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi",
        "");
    UNTIL(&f, f.held != NULL);
    (void)open_stream(&f, f.held);
    FOR_MS(&f, 10);
    assert_string_equal(sse_request_path(f.held), "/later");
    write_text(f.stream, ":\n");
    assert_string_equal(sse_request_path(f.held), "/later");
    UNTIL(&f, net_heard(&peer, ":\n\r\n"));
    char value[4];
    assert_string_equal(sse_request_method(f.held), "");
    assert_string_equal(sse_request_path(f.held), "");
    assert_null(sse_request_header(f.held, "host"));
    assert_null(sse_request_query(f.held, "a", value, sizeof value));
    assert_string_equal(sse_request_body(f.held, &len), "");
    assert_int_equal(len, 0);
    assert_string_equal(sse_request_peer(f.held), "127.0.0.1");
    assert_string_equal(sse_request_version(f.held), "HTTP/1.1");
    assert_int_equal(stats_of(&f).body_bytes, 0);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_refuses_what_breaks_it(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_stream(&f, &peer, NULL, GET("/stream"));
    const sse_event bad_type = sse_event_of_type("a\nb", 3, "x", 1);
    sse_event no_fields = bad_type;
    no_fields.fields = 0;
    assert_int_equal(sse_stream_event(f.stream, &bad_type),
                     SSE_ERR_CHARACTER);
    assert_int_equal(sse_stream_event(f.stream, &no_fields),
                     SSE_ERR_NO_FIELDS);
    assert_int_equal(sse_stream_event(NULL, &bad_type), SSE_ERR_INVALID);
    assert_int_equal(sse_stream_write(f.stream, NULL, 1), SSE_ERR_INVALID);
    assert_int_equal(sse_stream_write(f.stream, NULL, 0), SSE_OK);
    FOR_MS(&f, 10);
    assert_int_equal(net_take(&peer, SIZE_MAX), 0);
    net_close(&peer);
    stop_server(&f);
}

/* ---- Silence ----------------------------------------------------------- */

static void expect_comments(sse_block_form form, const char *chunk)
{
    sse_server_config config = default_config();
    fixture f;
    net_peer peer;
    config.keep_alive_ms = 20;
    config.keep_alive_form = form;
    start_stream(&f, &peer, &config, GET("/stream"));
    /* Before the first event, too. */
    UNTIL(&f, (net_take(&peer, SIZE_MAX), net_count(&peer, chunk) >= 3));
    assert_memory_equal(peer.bytes, "HTTP/1.1 200 OK\r\n", 17);
    /* A stream that is written to is not silent. */
    const size_t before = net_count(&peer, chunk);
    uint64_t longest_ms = 0;
    for (int i = 0; i < 20; i++) {
        const uint64_t begun_ms = sse_loop_now_ms(f.loop);
        write_text(f.stream, "data: x\n\n");
        FOR_MS(&f, 4);
        const uint64_t ms = sse_loop_now_ms(f.loop) - begun_ms;
        longest_ms = ms > longest_ms ? ms : longest_ms;
    }
    (void)net_take(&peer, SIZE_MAX);
    /* Unless this process was kept waiting itself. */
    assert_true(net_count(&peer, chunk) <= before + 1 ||
                longest_ms >= config.keep_alive_ms);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_comments_on_silence(void **state)
{
    (void)state;
    expect_comments(SSE_BLOCK_ONE_LINE, "2\r\n:\n\r\n");
    expect_comments(SSE_BLOCK_TWO_LINES, "3\r\n:\n\n\r\n");
}

static void test_stream_without_comments(void **state)
{
    sse_server_config config = default_config();
    fixture f;
    net_peer peer;
    (void)state;
    config.keep_alive_ms = 0;
    start_stream(&f, &peer, &config, GET("/stream"));
    FOR_MS(&f, 60);
    assert_int_equal(net_take(&peer, SIZE_MAX), 0);
    assert_int_equal(sse_loop_timeout_ms(f.loop), -1);
    net_close(&peer);
    stop_server(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stream_begins_with_its_head),
        cmocka_unit_test(test_stream_one_chunk_for_each_turn),
        cmocka_unit_test(test_stream_clean_end_keeps_the_connection),
        cmocka_unit_test(test_stream_of_http10_ends_by_closing),
        cmocka_unit_test(test_stream_aborted_has_no_last_chunk),
        cmocka_unit_test(test_stream_aborted_in_http10_is_a_reset),
        cmocka_unit_test(test_stream_aborted_before_anything),
        cmocka_unit_test(test_stream_status_is_open_until_the_first_byte),
        cmocka_unit_test(test_stream_takes_other_fields),
        cmocka_unit_test(test_stream_gives_the_request_back),
        cmocka_unit_test(test_stream_refuses_what_breaks_it),
        cmocka_unit_test(test_stream_comments_on_silence),
        cmocka_unit_test(test_stream_without_comments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
