/*
 * test_server_answers.c - what an application may answer, and how it is sent.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_server_fixture.h"

static int starts_with(const net_peer *peer, const char *text)
{
    return peer->len >= strlen(text) &&
           memcmp(peer->bytes, text, strlen(text)) == 0;
}

static void test_server_sends_its_own_fields(void **state)
{
    static const sse_http_header fields[] = {
        {"Content-Type", "application/json"}, {"X-Empty", ""}};
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET("/later"), "");
    UNTIL(&f, f.held != NULL);
    assert_int_equal(sse_request_respond(f.held, 201, fields, 2, "{}", 2),
                     SSE_OK);
    assert_int_equal(sse_request_respond(f.held, 200, NULL, 0, "x", 1),
                     SSE_ERR_CLOSED);
    UNTIL(&f, net_heard(&peer, "\r\n\r\n{}"));
    assert_true(starts_with(&peer, "HTTP/1.1 201 Created\r\n"));
    assert_int_equal(
        net_count(&peer, "\r\nContent-Type: application/json\r\n"), 1);
    assert_int_equal(net_count(&peer, "\r\nX-Empty: \r\n"), 1);
    net_close(&peer);
    stop_server(&f);
}

static void test_server_status_without_body(void **state)
{
    fixture f;
    net_peer peer;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET("/later") GET("/hello"), "");
    UNTIL(&f, f.held != NULL);
    assert_int_equal(sse_request_respond(f.held, 204, NULL, 0, NULL, 0),
                     SSE_OK);
    UNTIL(&f, net_heard(&peer, "hello"));
    assert_true(starts_with(&peer, "HTTP/1.1 204 No Content\r\n"));
    assert_int_equal(net_count(&peer, "Content-Length"), 1);
    net_close(&peer);
    stop_server(&f);
}

static void test_server_refuses_bad_answers(void **state)
{
    static const struct {
        sse_http_header field;
        sse_status status;
    } rows[] = {
        {{"A", "b\r\nSet-Cookie: c"}, SSE_ERR_CHARACTER},
        {{"A", "b\n"}, SSE_ERR_CHARACTER},
        {{"A", "\x01"}, SSE_ERR_CHARACTER},
        {{"A B", "c"}, SSE_ERR_CHARACTER},
        {{"A:", "c"}, SSE_ERR_CHARACTER},
        {{"", "c"}, SSE_ERR_CHARACTER},
        {{"content-length", "5"}, SSE_ERR_INVALID},
        {{"Transfer-Encoding", "chunked"}, SSE_ERR_INVALID},
        {{"Connection", "keep-alive"}, SSE_ERR_INVALID},
        {{NULL, "c"}, SSE_ERR_INVALID},
        {{"A", NULL}, SSE_ERR_INVALID},
    };
    fixture f;
    net_peer peer;
    sse_stream *stream = NULL;
    (void)state;
    start_server(&f, NULL);
    ask(&f, &peer, GET("/later"), "");
    UNTIL(&f, f.held != NULL);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(sse_request_respond(f.held, 200, &rows[i].field, 1,
                                             NULL, 0),
                         rows[i].status);
        assert_int_equal(
            sse_stream_open(f.held, &rows[i].field, 1, &stream),
            rows[i].status);
        assert_null(stream);
    }
    const int statuses[] = {0, 100, 101, 199, 600, -1};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        assert_int_equal(
            sse_request_respond(f.held, statuses[i], NULL, 0, NULL, 0),
            SSE_ERR_INVALID);
    }
    assert_int_equal(sse_request_respond(f.held, 204, NULL, 0, "x", 1),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_request_respond(f.held, 200, NULL, 0, NULL, 1),
                     SSE_ERR_INVALID);
    /* Nothing of all that has reached the peer. */
    respond_text(f.held, 200, "fine");
    UNTIL(&f, net_heard(&peer, "\r\n\r\nfine"));
    assert_int_equal(net_count(&peer, "HTTP/1.1"), 1);
    net_close(&peer);
    stop_server(&f);
}

static void test_server_sends_a_large_answer(void **state)
{
    enum { SIZE = 3000000 };
    fixture f;
    net_peer peer;
    (void)state;
    char *const body = (char *)malloc(SIZE);
    assert_non_null(body);
    for (size_t i = 0; i < SIZE; i++) {
        body[i] = (char)('a' + i % 23);
    }
    start_server(&f, NULL);
    ask(&f, &peer, GET("/later") GET("/none"), "");
    UNTIL(&f, f.held != NULL);
    assert_int_equal(sse_request_respond(f.held, 200, NULL, 0, body, SIZE),
                     SSE_OK);
    UNTIL(&f, net_heard(&peer, "nothing here"));
    const char *const begin = strstr(peer.bytes, "\r\n\r\n") + 4;
    assert_memory_equal(begin, body, SIZE);
    free(body);
    net_close(&peer);
    stop_server(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_server_sends_its_own_fields),
        cmocka_unit_test(test_server_status_without_body),
        cmocka_unit_test(test_server_refuses_bad_answers),
        cmocka_unit_test(test_server_sends_a_large_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
