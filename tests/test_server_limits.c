/*
 * test_server_limits.c - what a server refuses, when, and that it lives on.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_server_fixture.h"

typedef struct refusal {
    const char *name;
    const char *text;
    size_t len;
    const char *answer; /* "" for closing without a word */
} refusal;

#define REFUSAL(name, text, answer) {name, text, sizeof(text) - 1, answer}
#define POST "POST /echo HTTP/1.1\r\nHost: a\r\n"
#define A10 "aaaaaaaaaa"
#define A100 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10

/* Each is answered at once: long before any time limit. */
static refusal refusals[] = {
    REFUSAL("a line feed alone", "GET / HTTP/1.1\n", "400 Bad Request"),
    REFUSAL("a folded line", "GET / HTTP/1.1\r\nA: b\r\n c", "400"),
    REFUSAL("no token first", "\x16\x03\x01\x02", "400"),
    REFUSAL("two lengths",
            POST "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", "400"),
    REFUSAL("length and coding",
            POST "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "400"),
    REFUSAL("unknown coding", POST "Transfer-Encoding: gzip\r\n\r\n",
            "501 Not Implemented"),
    REFUSAL("another version", "GET / HTTP/3.0\r\n\r\n",
            "505 HTTP Version Not Supported"),
    REFUSAL("no host", "GET / HTTP/1.1\r\n\r\n", "400"),
    REFUSAL("a bad chunk", POST "Transfer-Encoding: chunked\r\n\r\nxyz",
            "400"),
    REFUSAL("a chunk too long",
            POST "Transfer-Encoding: chunked\r\n\r\n1\r\nabc", "400"),
    REFUSAL("a target too long", "GET /" A100 A100 A100 A100 A100 A100 A100,
            "414 URI Too Long"),
    REFUSAL("a head too long",
            "GET / HTTP/1.1\r\nA: " A100 A100 A100 A100 A100 A100 A100,
            "431 Request Header Fields Too Large"),
    REFUSAL("a body too long", POST "Content-Length: 101\r\n\r\n",
            "413 Content Too Large"),
    REFUSAL("a body too long, not asked for",
            POST "Content-Length: 101\r\nExpect: 100-continue\r\n\r\n",
            "413 Content Too Large"),
    REFUSAL("a body of a length beyond numbers",
            POST "Content-Length: 99999999999999999999999\r\n\r\n", "413"),
    REFUSAL("a chunked body too long",
            POST "Transfer-Encoding: chunked\r\n\r\n65\r\n" A100 "a\r\n",
            "413"),
    REFUSAL("another expectation", POST "Expect: cake\r\n\r\n",
            "417 Expectation Failed"),
    REFUSAL("an error behind a good request",
            GET("/hello") "GET / HTTP/1.1\n", "hello"),
};

enum { REFUSALS = sizeof refusals / sizeof refusals[0] };

static sse_server_config small_config(void)
{
    sse_server_config config;
    sse_server_config_init(&config);
    config.max_head = 512;
    config.max_body = 100;
    config.keep_alive_ms = 0;
    return config;
}

static void run_refusal(void **state)
{
    const refusal *const row = (const refusal *)*state;
    const sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    start_server(&f, &config);
    connect_to(&f, &peer);
    assert_int_equal(net_send(&peer, row->text, row->len), row->len);
    UNTIL(&f, net_ended(&peer));
    assert_true(peer.eof);
    assert_true(net_heard(&peer, row->answer));
    assert_int_equal(net_count(&peer, "\r\nConnection: close\r\n"), 1);
    assert_int_equal(stats_of(&f).bad, 1);
    net_close(&peer);
    /* The server is none the worse for it. */
    ask(&f, &peer, GET("/hello"), "hello");
    net_close(&peer);
    UNTIL(&f, stats_of(&f).conns == 0);
    assert_int_equal(stats_of(&f).body_bytes, 0);
    stop_server(&f);
}

/* An answer that comes while the peer is still sending must reach it, though
 * closing with unread bytes would have reset the connection. */
static void test_server_early_answer_reaches_a_sender(void **state)
{
    const sse_server_config config = small_config();
    static const char filler[4096] = {'x'};
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, &config);
    connect_to(&f, &peer);
    assert_true(net_say(&peer, POST "Content-Length: 3000000\r\n\r\n"));
    size_t sent = 0;
    UNTIL(&f, (sent += net_send(&peer, filler, sizeof filler)) >= 3000000);
    net_shut(&peer);
    UNTIL(&f, net_ended(&peer));
    assert_false(peer.reset);
    assert_true(net_heard(&peer, "HTTP/1.1 413 "));
    net_close(&peer);
    stop_server(&f);
}

static void test_server_body_limit_of_a_request(void **state)
{
    sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    config.body_limit = limit_body;
    start_server(&f, &config);
    f.limit = 1;
    ask(&f, &peer, POST "Content-Length: 2\r\n\r\n", "HTTP/1.1 413 ");
    net_close(&peer);
    f.limit = UINT64_MAX;
    ask(&f, &peer, POST "Content-Length: 101\r\n\r\n" A100 "b", "ab");
    net_close(&peer);
    stop_server(&f);
}

static void test_server_bounds_all_bodies_together(void **state)
{
    enum { PEERS = 8 };
    sse_server_config config = small_config();
    fixture f;
    net_peer peers[PEERS];
    (void)state;
    config.max_body = 4000;
    config.max_body_total = 10000;
    start_server(&f, &config);
    for (size_t i = 0; i < PEERS; i++) {
        connect_to(&f, &peers[i]);
        assert_true(net_say(&peers[i], POST "Content-Length: 4000\r\n\r\n"));
        for (size_t n = 0; n < 39; n++) {
            assert_true(net_say(&peers[i], A100));
        }
        if (i < 2) {
            UNTIL(&f, stats_of(&f).body_bytes == 4001 * (i + 1));
        } else {
            UNTIL(&f, net_heard(&peers[i], "HTTP/1.1 503 "));
            assert_int_equal(net_count(&peers[i], "\r\nRetry-After: "), 1);
        }
        assert_true(stats_of(&f).body_bytes <= config.max_body_total + 1);
    }
    for (size_t i = 0; i < PEERS; i++) {
        net_close(&peers[i]);
    }
    UNTIL(&f, stats_of(&f).body_bytes == 0);
    stop_server(&f);
}

/* No bound at all is one too. */
static void test_server_takes_the_largest_bounds(void **state)
{
    sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    config.max_body = SIZE_MAX;
    config.max_body_total = SIZE_MAX;
    start_server(&f, &config);
    ask(&f, &peer, POST "Content-Length: 3\r\n\r\nabc", "HTTP/1.1 ");
    UNTIL(&f, net_heard(&peer, "\r\n\r\nabc"));
    assert_int_equal(net_count(&peer, "HTTP/1.1 200 "), 1);
    net_close(&peer);
    stop_server(&f);
}

static const char *error_json(int status, const char **media_type, void *user)
{
    fixture *const f = (fixture *)user;
    *media_type = "application/json";
    (void)snprintf(f->seen, sizeof f->seen, "{\"status\":%d}", status);
    return f->seen;
}

static void test_server_errors_in_other_words(void **state)
{
    sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    config.error_body = error_json;
    start_server(&f, &config);
    ask(&f, &peer, POST "Content-Length: 101\r\n\r\n",
        "\r\n\r\n{\"status\":413}\n");
    assert_int_equal(
        net_count(&peer, "\r\nContent-Type: application/json\r\n"), 1);
    net_close(&peer);
    ask(&f, &peer,
        "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n",
        "\r\nContent-Length: 15\r\n\r\n");
    UNTIL(&f, net_ended(&peer));
    assert_int_equal(net_count(&peer, "{"), 0);
    net_close(&peer);
    stop_server(&f);
}

/* ---- Time -------------------------------------------------------------- */

static void test_server_slow_head_times_out(void **state)
{
    sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    config.head_timeout_ms = 60;
    start_server(&f, &config);
    connect_to(&f, &peer);
    assert_true(net_say(&peer, "GET / HTTP/1.1\r\nA: "));
    /* Bytes coming in do not put it off. */
    for (size_t i = 0; i < 100 && !net_heard(&peer, "\r\n\r\n"); i++) {
        assert_int_equal(net_send(&peer, "a", 1), 1);
        FOR_MS(&f, 5);
    }
    assert_true(net_heard(&peer, "HTTP/1.1 408 Request Timeout\r\n"));
    net_close(&peer);
    stop_server(&f);
}

static void test_server_slow_body_times_out(void **state)
{
    sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    config.body_timeout_ms = 40;
    start_server(&f, &config);
    ask(&f, &peer, POST "Content-Length: 5\r\n\r\nab", "HTTP/1.1 408 ");
    UNTIL(&f, net_ended(&peer));
    net_close(&peer);
    stop_server(&f);
}

static void test_server_closes_silent_connections(void **state)
{
    sse_server_config config = small_config();
    fixture f;
    net_peer fresh;
    net_peer served;
    (void)state;
    config.head_timeout_ms = 300;
    config.idle_timeout_ms = 150;
    start_server(&f, &config);
    connect_to(&f, &fresh);
    ask(&f, &served, GET("/hello"), "hello");
    net_clear(&served);
    UNTIL(&f, net_ended(&served));
    UNTIL(&f, net_ended(&fresh));
    assert_int_equal(served.len + fresh.len, 0);
    assert_int_equal(stats_of(&f).conns, 0);
    net_close(&fresh);
    net_close(&served);
    stop_server(&f);
}

static void test_server_waits_for_the_application(void **state)
{
    sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    config.head_timeout_ms = 200;
    config.body_timeout_ms = 200;
    config.idle_timeout_ms = 200;
    config.write_timeout_ms = 200;
    start_server(&f, &config);
    ask(&f, &peer, GET("/later"), "");
    UNTIL(&f, f.held != NULL);
    FOR_MS(&f, 400);
    respond_text(f.held, 200, "patience");
    UNTIL(&f, net_heard(&peer, "patience"));
    net_close(&peer);
    stop_server(&f);
}

static void test_server_answer_not_read_times_out(void **state)
{
    enum { SIZE = 20000000 };
    sse_server_config config = small_config();
    fixture f;
    net_peer peer;
    (void)state;
    config.write_timeout_ms = 50;
    start_server(&f, &config);
    char *const body = (char *)calloc(1, SIZE);
    assert_non_null(body);
    assert_true(net_open(&peer, sse_server_port(f.server), NET_SMALL_BUFFER));
    assert_true(net_say(&peer, GET("/later")));
    UNTIL(&f, f.held != NULL);
    assert_int_equal(sse_request_respond(f.held, 200, NULL, 0, body, SIZE),
                     SSE_OK);
    free(body);
    UNTIL(&f, stats_of(&f).stalled == 1);
    assert_int_equal(stats_of(&f).conns, 0);
    net_close(&peer);
    stop_server(&f);
}

int main(void)
{
    enum { OTHERS = 10 };
    struct CMUnitTest tests[OTHERS + REFUSALS] = {
        cmocka_unit_test(test_server_early_answer_reaches_a_sender),
        cmocka_unit_test(test_server_body_limit_of_a_request),
        cmocka_unit_test(test_server_bounds_all_bodies_together),
        cmocka_unit_test(test_server_takes_the_largest_bounds),
        cmocka_unit_test(test_server_errors_in_other_words),
        cmocka_unit_test(test_server_slow_head_times_out),
        cmocka_unit_test(test_server_slow_body_times_out),
        cmocka_unit_test(test_server_closes_silent_connections),
        cmocka_unit_test(test_server_waits_for_the_application),
        cmocka_unit_test(test_server_answer_not_read_times_out),
    };
    (void)FILL_ROWS(tests + OTHERS, refusals, name, run_refusal);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
