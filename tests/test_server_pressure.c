/*
 * test_server_pressure.c - readers that stall, and peers that go away without
 * a word.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_server_fixture.h"

enum { BLOCK = 1000 };

static char block[BLOCK];

static void number_block(size_t number)
{
    char text[16];
    (void)snprintf(text, sizeof text, "[%08u]", (unsigned)number);
    memcpy(block, text, 10);
}

static sse_server_config small_config(void)
{
    sse_server_config config;
    sse_server_config_init(&config);
    config.stream_buffer = 8000;
    config.sndbuf = 65536;
    config.keep_alive_ms = 0;
    return config;
}

/* A server with one open stream to a reader with a small window. */
static void start_stream(fixture *f, net_peer *peer,
                         const sse_server_config *config)
{
    memset(block, 'x', sizeof block);
    start_server(f, config);
    assert_true(net_open(peer, sse_server_port(f->server),
                         NET_SMALL_BUFFER));
    assert_true(net_say(peer, GET("/stream")));
    UNTIL(f, f->stream != NULL);
}

/* Writes blocks, each with its number, until none is taken so many times, some
 * 10 ms each, or the stream is closed. */
static size_t fill_up(fixture *f, size_t number, size_t times)
{
    size_t refused = 0;
    while (refused < times && f->stream != NULL) {
        number_block(number);
        f->writables = 0;
        const sse_status status = sse_stream_write(f->stream, block, BLOCK);
        if (status == SSE_OK) {
            number++;
            refused = 0;
        } else {
            assert_int_equal(status, SSE_ERR_NO_SPACE);
            assert_true(sse_stream_space(f->stream) < BLOCK);
            refused++;
        }
        assert_int_equal(
            sse_loop_turn(f->loop, status == SSE_OK ? 0 : 10), SSE_OK);
    }
    return number;
}

static size_t fill(fixture *f, size_t number)
{
    return fill_up(f, number, 3);
}

static void test_stream_is_bounded_and_tells_when_to_go_on(void **state)
{
    const sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    start_stream(&f, &peer, &config);
    size_t written = fill(&f, 0);
    for (int round = 0; round < 5; round++) {
        UNTIL(&f, (net_take(&peer, 3000), f.writables == 1));
        assert_true(sse_stream_space(f.stream) >= 4000);
        FOR_MS(&f, 10);
        assert_int_equal(f.writables, 1); /* once for each refusal */
        const size_t before = written;
        written = fill(&f, written);
        assert_true(written > before);
    }
    assert_int_equal(sse_stream_end(f.stream), SSE_OK);
    UNTIL(&f, net_heard(&peer, "\r\n0\r\n\r\n"));
    /* All of it, in order, nothing twice. */
    const char *at = peer.bytes;
    for (size_t i = 0; i < written; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "[%08u]", (unsigned)i);
        at = strstr(at, text);
        assert_non_null(at);
        assert_null(strstr(at + 1, text));
    }
    assert_int_equal(net_count(&peer, "["), written);
    assert_int_equal(f.clean_closes, 1);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_takes_nothing_larger_than_its_buffer(void **state)
{
    const sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    static char large[8001];
    (void)state;
    start_stream(&f, &peer, &config);
    memset(large, '~', sizeof large);
    assert_int_equal(sse_stream_space(f.stream), 8000);
    assert_int_equal(sse_stream_write(f.stream, large, 8001), SSE_ERR_LIMIT);
    assert_int_equal(sse_stream_write(f.stream, large, 8000), SSE_OK);
    assert_int_equal(sse_stream_space(f.stream), 0);
    assert_int_equal(sse_stream_write(f.stream, large, 1), SSE_ERR_NO_SPACE);
    UNTIL(&f, (net_take(&peer, SIZE_MAX), net_count(&peer, "~") == 8000));
    assert_int_equal(sse_stream_space(f.stream), 8000);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_stalled_reader_is_closed(void **state)
{
    sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    config.write_timeout_ms = 60;
    config.keep_alive_ms = 20;
    start_stream(&f, &peer, &config);
    /* The system may find room for a little more now and then. */
    UNTIL(&f, (fill(&f, 0), f.stream_closes == 1));
    assert_int_equal(f.clean_closes, 0);
    assert_int_equal(stats_of(&f).stalled, 1);
    assert_int_equal(stats_of(&f).streams, 0);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_slow_reader_is_not_closed(void **state)
{
    sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    config.write_timeout_ms = 1500;
    start_stream(&f, &peer, &config);
    const uint64_t until_ms = sse_loop_now_ms(f.loop) + 2000;
    (void)fill(&f, 0);
    while (sse_loop_now_ms(f.loop) < until_ms) {
        (void)net_take(&peer, SIZE_MAX);
        (void)fill(&f, 0);
    }
    assert_int_equal(f.stream_closes, 0);
    net_close(&peer);
    stop_server(&f);
}

static void test_stream_ended_but_never_read_is_closed(void **state)
{
    sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    config.write_timeout_ms = 1500;
    start_stream(&f, &peer, &config);
    /* Beyond what TCP's persist timer still gets through, after 0.2 s. */
    (void)fill_up(&f, 0, 40);
    assert_int_equal(sse_stream_end(f.stream), SSE_OK);
    UNTIL(&f, f.stream_closes == 1);
    assert_int_equal(f.clean_closes, 0);
    net_close(&peer);
    stop_server(&f);
}

/* ---- Hanging up, noticed without writing -------------------------------- */

typedef enum leave { LEAVE_CLOSE, LEAVE_SHUT, LEAVE_BREAK } leave;

static void go(net_peer *peer, leave how)
{
    switch (how) {
    case LEAVE_CLOSE:
        net_close(peer);
        break;
    case LEAVE_SHUT:
        net_shut(peer);
        break;
    case LEAVE_BREAK:
        net_break(peer);
        break;
    }
}

static void test_hang_up_while_a_stream_is_silent(void **state)
{
    (void)state;
    for (int how = LEAVE_CLOSE; how <= LEAVE_BREAK; how++) {
        const sse_server_config config = small_config();
        fixture f;
        net_peer peer;
        start_stream(&f, &peer, &config);
        assert_int_equal(sse_stream_write(f.stream, ":\n", 2), SSE_OK);
        UNTIL(&f, net_heard(&peer, ":\n"));
        go(&peer, (leave)how);
        UNTIL(&f, f.stream_closes == 1);
        assert_int_equal(f.request_closes, 1);
        assert_int_equal(f.clean_closes, 0);
        net_close(&peer);
        stop_server(&f);
    }
}

static void test_hang_up_while_a_request_waits(void **state)
{
    (void)state;
    for (int how = LEAVE_CLOSE; how <= LEAVE_BREAK; how++) {
        fixture f;
        net_peer peer;
        start_server(&f, NULL);
        ask(&f, &peer, GET("/later"), "");
        UNTIL(&f, f.held != NULL);
        go(&peer, (leave)how);
        UNTIL(&f, f.held == NULL);
        assert_int_equal(f.request_closes, 1);
        net_close(&peer);
        stop_server(&f);
    }
}

static void test_hang_up_behind_bytes_sent_ahead(void **state)
{
    (void)state;
    for (int how = LEAVE_CLOSE; how <= LEAVE_BREAK; how++) {
        fixture f;
        net_peer peer;
        start_server(&f, NULL);
        ask(&f, &peer, GET("/later") GET("/later"), "");
        UNTIL(&f, f.held != NULL);
        assert_true(net_say(&peer, GET("/later")));
        FOR_MS(&f, 10);
        assert_true(net_say(&peer, GET("/later")));
        go(&peer, (leave)how);
        UNTIL(&f, f.held == NULL);
        assert_int_equal(f.requests, 1);
        net_close(&peer);
        stop_server(&f);
    }
}

static void test_hang_up_while_a_reader_stalls(void **state)
{
    const sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    start_stream(&f, &peer, &config);
    (void)fill(&f, 0);
    net_close(&peer);
    UNTIL(&f, f.stream_closes == 1);
    stop_server(&f);
}

static void test_hang_up_within_a_request(void **state)
{
    static const char *const texts[] = {
        "G", "GET / HTTP/1.1\r\nHo",
        ("POST /echo HTTP/1.1\r\nHost: a\r\n"
         "Content-Length: 5\r\n\r\nab")};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        fixture f;
        net_peer peer;
        start_server(&f, NULL);
        ask(&f, &peer, texts[i], "");
        FOR_MS(&f, 10);
        /* Who can still read is told what was wrong. */
        net_shut(&peer);
        UNTIL(&f, net_ended(&peer));
        assert_true(net_heard(&peer, "HTTP/1.1 400 "));
        net_close(&peer);
        UNTIL(&f, stats_of(&f).conns == 0);
        ask(&f, &peer, texts[i], "");
        FOR_MS(&f, 10);
        net_break(&peer);
        UNTIL(&f, stats_of(&f).conns == 0);
        stop_server(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stream_is_bounded_and_tells_when_to_go_on),
        cmocka_unit_test(test_stream_takes_nothing_larger_than_its_buffer),
        cmocka_unit_test(test_stream_stalled_reader_is_closed),
        cmocka_unit_test(test_stream_slow_reader_is_not_closed),
        cmocka_unit_test(test_stream_ended_but_never_read_is_closed),
        cmocka_unit_test(test_hang_up_while_a_stream_is_silent),
        cmocka_unit_test(test_hang_up_while_a_request_waits),
        cmocka_unit_test(test_hang_up_behind_bytes_sent_ahead),
        cmocka_unit_test(test_hang_up_while_a_reader_stalls),
        cmocka_unit_test(test_hang_up_within_a_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
