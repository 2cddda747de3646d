/*
 * test_server_requests.c - requests and plain answers over real sockets.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_server_fixture.h"

static void test_server_answers_a_request(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET("/hello"), "\r\n\r\nhello");
    assert_memory_equal(peer.bytes, "HTTP/1.1 200 OK\r\n", 17);
    assert_int_equal(net_count(&peer, "\r\nContent-Length: 5\r\n"), 1);
    assert_int_equal(net_count(&peer, " GMT\r\n"), 1);
    assert_int_equal(net_count(&peer, "Connection:"), 0);
    assert_string_equal(f.seen, "GET /hello 127.0.0.1 0");
    net_close(&peer);
    stop_server(&f);
}

static void test_server_keeps_a_connection(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    connect_to(&f, &peer);
    for (int i = 0; i < 5; i++) {
        net_clear(&peer);
        assert_true(net_say(&peer, GET("/hello")));
        UNTIL(&f, net_heard(&peer, "\r\n\r\nhello"));
    }
    assert_int_equal(stats_of(&f).accepted, 1);
    assert_int_equal(f.request_closes, 5);
    net_close(&peer);
    UNTIL(&f, stats_of(&f).conns == 0);
    stop_server(&f);
}

static void test_server_reads_a_request_cut_anywhere(void **state)
{
    static const char text[] = "POST /echo HTTP/1.1\r\nHost: a\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n"
                               "3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: u\r\n\r\n";
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    connect_to(&f, &peer);
    for (size_t cut = 1; cut < sizeof text - 1; cut++) {
        net_clear(&peer);
        assert_int_equal(net_send(&peer, text, cut), cut);
        UNTIL(&f, sse_loop_turn(f.loop, 0) == SSE_OK);
        assert_int_equal(net_take(&peer, SIZE_MAX), 0);
        const size_t rest = sizeof text - 1 - cut;
        assert_int_equal(net_send(&peer, text + cut, rest), rest);
        UNTIL(&f, net_heard(&peer, "\r\n\r\nabcde"));
    }
    assert_int_equal(f.requests, sizeof text - 2);
    net_close(&peer);
    stop_server(&f);
}

static void test_server_reads_a_request_byte_by_byte(void **state)
{
    static const char text[] = "POST /echo HTTP/1.1\r\nHost: a\r\n"
                               "Content-Length: 4\r\n\r\n1234";
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    connect_to(&f, &peer);
    for (size_t i = 0; i + 1 < sizeof text; i++) {
        assert_int_equal(net_send(&peer, text + i, 1), 1);
        assert_int_equal(sse_loop_turn(f.loop, 5), SSE_OK);
    }
    UNTIL(&f, net_heard(&peer, "\r\n\r\n1234"));
    net_close(&peer);
    stop_server(&f);
}

static void test_server_answers_pipelined_requests_in_order(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    connect_to(&f, &peer);
    assert_true(net_say(&peer, GET("/hello") GET("/later") GET("/none")
                                   GET("/later") GET("/hello")));
    UNTIL(&f, f.held != NULL);
    /* The others wait behind the one not answered. */
    FOR_MS(&f, 20);
    assert_int_equal(f.requests, 2);
    respond_text(f.held, 200, "first");
    f.held = NULL;
    UNTIL(&f, f.held != NULL);
    assert_int_equal(f.requests, 4);
    respond_text(f.held, 200, "second");
    UNTIL(&f, net_count(&peer, "HTTP/1.1 ") == 5 ||
                  (net_take(&peer, SIZE_MAX), 0));
    const char *const answers[] = {"\r\n\r\nhello", "\r\n\r\nfirst",
                                   "\r\n\r\nnothing", "\r\n\r\nsecond",
                                   "\r\n\r\nhello"};
    const char *at = peer.bytes;
    for (size_t i = 0; i < 5; i++) {
        at = strstr(at, answers[i]);
        assert_non_null(at);
        at++;
    }
    net_close(&peer);
    stop_server(&f);
}

static void test_server_bounds_what_is_pipelined(void **state)
{
    enum { MANY = 3000 };
    static const char text[] = GET("/hello");
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET("/later"), "");
    UNTIL(&f, f.held != NULL);
    /* The server reads a little ahead, then leaves the rest to the system. */
    size_t sent = 0;
    size_t idle = 0;
    while (sent < sizeof text * MANY && idle < 50) {
        const size_t at = sent % (sizeof text - 1);
        const size_t n = net_send(&peer, text + at, sizeof text - 1 - at);
        sent += n;
        idle = n == 0 ? idle + 1 : 0;
        assert_int_equal(sse_loop_turn(f.loop, 0), SSE_OK);
    }
    assert_int_equal(f.requests, 1);
    respond_text(f.held, 200, "at last");
    const size_t whole = sent / (sizeof text - 1);
    UNTIL(&f, f.requests == whole + 1);
    UNTIL(&f, (net_take(&peer, SIZE_MAX), net_count(&peer, "hello") == whole));
    net_close(&peer);
    stop_server(&f);
}

static void test_server_head_gets_no_body(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    connect_to(&f, &peer);
    assert_true(net_say(&peer, "HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\n"
                               "HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n"
                               GET("/none")));
    UNTIL(&f, net_heard(&peer, "\r\n\r\nnothing here"));
    assert_int_equal(net_count(&peer, "HTTP/1.1 200 OK\r\n"), 2);
    assert_int_equal(net_count(&peer, "Content-Length: 5\r\n"), 1);
    assert_int_equal(net_count(&peer, "text/event-stream"), 1);
    assert_int_equal(net_count(&peer, "hello"), 0);
    assert_int_equal(f.stream_closes, 1);
    assert_int_equal(f.clean_closes, 1);
    net_close(&peer);
    stop_server(&f);
}

static void test_server_closes_when_asked_to(void **state)
{
    static const char *const requests[] = {
        "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /hello HTTP/1.0\r\n\r\n",
        "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        fixture f;
        net_peer peer;
        start_server(&f, NULL);
        ask(&f, &peer, requests[i], "\r\n\r\nhello");
        UNTIL(&f, net_ended(&peer));
        assert_true(peer.eof);
        assert_int_equal(net_count(&peer, "Connection: close\r\n"), 1);
        net_close(&peer);
        UNTIL(&f, stats_of(&f).conns == 0);
        stop_server(&f);
    }
}

static void test_server_answers_a_peer_that_sends_no_more(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    connect_to(&f, &peer);
    assert_true(net_say(&peer, GET("/hello") GET("/hello")));
    net_shut(&peer);
    UNTIL(&f, net_ended(&peer));
    assert_true(peer.eof);
    assert_int_equal(net_count(&peer, "\r\n\r\nhello"), 2);
    UNTIL(&f, stats_of(&f).conns == 0);
    net_close(&peer);
    stop_server(&f);
}

static void test_server_asks_for_the_body_it_wants(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer,
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n"
        "Expect: 100-continue\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n");
    assert_int_equal(f.requests, 0);
    assert_true(net_say(&peer, "abc"));
    UNTIL(&f, net_heard(&peer, "\r\n\r\nabc"));
    /* One that came along needs no asking. */
    net_clear(&peer);
    assert_true(net_say(&peer,
                        "POST /echo HTTP/1.1\r\nHost: a\r\n"
                        "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n"
                        "xyz"));
    UNTIL(&f, net_heard(&peer, "\r\n\r\nxyz"));
    assert_int_equal(net_count(&peer, "100 Continue"), 0);
    net_close(&peer);
    stop_server(&f);
}

static const char *parameter(const sse_request *request, const char *name)
{
    static char value[8];
    return sse_request_query(request, name, value, sizeof value);
}

static void test_server_request_can_be_read_later(void **state)
{
    fixture f;
    net_peer peer;
    size_t len = 0;
    char value[8];
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer,
        "POST /later?a=%41+b&n=%00&long=123456789 HTTP/1.1\r\nHost: a\r\n"
        "X-One: 1\r\nContent-Length: 2\r\n\r\nhi",
        "");
    UNTIL(&f, f.held != NULL);
    FOR_MS(&f, 10);
    assert_string_equal(sse_request_method(f.held), "POST");
    assert_string_equal(sse_request_path(f.held), "/later");
    assert_string_equal(sse_request_version(f.held), "HTTP/1.1");
    assert_string_equal(sse_request_header(f.held, "x-one"), "1");
    assert_null(sse_request_header(f.held, "x-two"));
    assert_string_equal(parameter(f.held, "a"), "A b");
    assert_null(parameter(f.held, "n"));
    assert_null(parameter(f.held, "long"));
    assert_null(parameter(f.held, "none"));
    assert_int_equal(
        sse_request_parameter(f.held, "n", value, sizeof value, &len),
        SSE_OK);
    assert_int_equal(len, 1);
    assert_int_equal(
        sse_request_parameter(f.held, "long", value, sizeof value, &len),
        SSE_ERR_NO_SPACE);
    assert_int_equal(
        sse_request_parameter(f.held, "none", value, sizeof value, &len),
        SSE_INCOMPLETE);
    assert_string_equal(sse_request_body(f.held, &len), "hi");
    assert_int_equal(len, 2);
    respond_text(f.held, 200, "done");
    UNTIL(&f, net_heard(&peer, "done"));
    net_close(&peer);
    stop_server(&f);
}

static void test_server_request_tells_its_version(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, "GET /later HTTP/1.0\r\n\r\n", "");
    UNTIL(&f, f.held != NULL);
    assert_string_equal(sse_request_version(f.held), "HTTP/1.0");
    respond_text(f.held, 200, "done");
    UNTIL(&f, net_heard(&peer, "done"));
    net_close(&peer);
    stop_server(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_server_answers_a_request),
        cmocka_unit_test(test_server_keeps_a_connection),
        cmocka_unit_test(test_server_reads_a_request_cut_anywhere),
        cmocka_unit_test(test_server_reads_a_request_byte_by_byte),
        cmocka_unit_test(test_server_answers_pipelined_requests_in_order),
        cmocka_unit_test(test_server_bounds_what_is_pipelined),
        cmocka_unit_test(test_server_head_gets_no_body),
        cmocka_unit_test(test_server_closes_when_asked_to),
        cmocka_unit_test(test_server_answers_a_peer_that_sends_no_more),
        cmocka_unit_test(test_server_asks_for_the_body_it_wants),
        cmocka_unit_test(test_server_request_can_be_read_later),
        cmocka_unit_test(test_server_request_tells_its_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
