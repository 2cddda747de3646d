/*
 * test_curl_response.c - requests as they go out over libcurl, and responses
 * judged before their body is read.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_curl_rig.h"

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE), DONE};

/* ---- responses that end it ---- */

typedef struct response_row {
    const char *name;
    script_step steps[2];
    sse_status status;
    sse_reason reason;
    int http_status;
    const char *text, *body;
} response_row;

static response_row response_rows[] = {
    {"204 is the asked-for end", {SCRIPT_TEXT(NO_MORE), DONE}, SSE_OK,
     SSE_REASON_NO_CONTENT, 204, "the server has no more to send", ""},
    {"404 with its body",
     {SCRIPT_TEXT("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n"
                  "Content-Length: 7\r\n\r\nno such"), DONE},
     SSE_ERR_HTTP_STATUS, SSE_REASON_STATUS, 404, "HTTP status 404",
     "no such"},
    {"404 in chunks",
     {SCRIPT_TEXT("HTTP/1.1 404 Not Found\r\n"
                  "Transfer-Encoding: chunked\r\n\r\n"
                  "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n"), DONE},
     SSE_ERR_HTTP_STATUS, SSE_REASON_STATUS, 404, "HTTP status 404",
     "abcdef"},
    {"404 that looks like a stream",
     {SCRIPT_TEXT("HTTP/1.1 404 Not Found\r\n"
                  "Content-Type: text/event-stream\r\n\r\ndata: x\n\n"),
      DONE},
     SSE_ERR_HTTP_STATUS, SSE_REASON_STATUS, 404, "HTTP status 404",
     "data: x\n\n"},
    {"401 without a body",
     {SCRIPT_TEXT("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"
                  "WWW-Authenticate: Basic realm=\"x\"\r\n\r\n"), DONE},
     SSE_ERR_HTTP_STATUS, SSE_REASON_STATUS, 401, "HTTP status 401", ""},
    {"401 with a body",
     {SCRIPT_TEXT("HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\n"
                  "who?"), DONE},
     SSE_ERR_HTTP_STATUS, SSE_REASON_STATUS, 401, "HTTP status 401", "who?"},
    {"200 with html",
     {SCRIPT_TEXT("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
                  "<p>data: x</p>\n\n"), DONE},
     SSE_ERR_MEDIA_TYPE, SSE_REASON_MEDIA_TYPE, 200,
     "media type text/html, not text/event-stream", "<p>data: x</p>\n\n"},
    {"200 without a type",
     {SCRIPT_TEXT("HTTP/1.1 200 OK\r\n\r\ndata: x\n\n"), DONE},
     SSE_ERR_MEDIA_TYPE, SSE_REASON_MEDIA_TYPE, 200,
     "media type missing, not text/event-stream", "data: x\n\n"},
    {"200 in a coding nobody asked for",
     {SCRIPT_TEXT(OK_HEAD "Content-Encoding: gzip\r\n\r\nzzz"), DONE},
     SSE_ERR_MEDIA_TYPE, SSE_REASON_MEDIA_TYPE, 200,
     "content coding gzip not asked for", "zzz"},
    {"a redirect without Location",
     {SCRIPT_TEXT("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"), DONE},
     SSE_ERR_PROTOCOL, SSE_REASON_REDIRECT, 302,
     "HTTP status 302: redirect without Location", ""},
    {"a Retry-After of two days",
     {SCRIPT_TEXT("HTTP/1.1 503 Later\r\nRetry-After: 172800\r\n"
                  "Content-Length: 4\r\n\r\nwait"), DONE},
     SSE_ERR_HTTP_STATUS, SSE_REASON_RETRY_AFTER, 503,
     "the server asks to wait for more than a day: HTTP status 503", "wait"},
    {"no HTTP at all", {SCRIPT_TEXT("SSH-2.0-OpenSSH_9.2\r\n"), DONE},
     SSE_ERR_TRANSPORT, SSE_REASON_FATAL, 0, NULL, ""},
};

static void test_response(void **state)
{
    const response_row *row = (const response_row *)*state;
    const script scripts[] = {row->steps};
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), row->status);
    assert_int_equal(p.events, 0);
    assert_int_equal(p.result.reason, row->reason);
    assert_int_equal(p.result.http_status, row->http_status);
    if (row->text != NULL) {
        assert_string_equal(p.text, row->text);
    }
    assert_string_equal(p.body, row->body);
    assert_int_equal(p.result.body_len, strlen(row->body));
    assert_string_equal(p.states, "connecting closed ");
    assert_int_equal(script_server_requests(server), 1);
    script_server_stop(server);
}

/* ---- responses that are tried again ---- */

static void test_transient_statuses_wait(void **state)
{
    static const script_step busy[] = {
        SCRIPT_TEXT("HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n"), DONE};
    static const script_step broken[] = {
        SCRIPT_TEXT("HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops"),
        DONE};
    static const script_step away[] = {
        SCRIPT_TEXT("HTTP/1.1 503 Later\r\nRetry-After: 1\r\n\r\n"), DONE};
    const script scripts[] = {busy, broken, away, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, COUNT(scripts));
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(p.responses, 4);
    assert_in_range(p.delay_ms, 1000, 1250);
    const uint64_t gap = script_server_request_ms(server, 3) -
                         script_server_request_ms(server, 2);
    assert_in_range(gap, 990, PATIENCE_MS);
    script_server_stop(server);
}

static void test_retry_after_a_date(void **state)
{
    static const script_step away[] = {
        SCRIPT_TEXT("HTTP/1.1 503 Later\r\n"
                    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                    "Retry-After: Sun, 06 Nov 1994 08:49:38 GMT\r\n"
                    "Content-Length: 0\r\n\r\n"), DONE};
    const script scripts[] = {away, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_in_range(p.delay_ms, 1000, 1250);
    script_server_stop(server);
}

/* ---- bounds ---- */

/* A refusal whose body is so many blocks of 1000 bytes, and how much of it is
 * kept. */
static void expect_error_body(script_step head, size_t blocks, size_t most,
                              size_t kept)
{
    static char block[1000];
    memset(block, 'x', sizeof(block));
    const script_step steps[] = {
        head, {SCRIPT_FILL, block, sizeof(block), blocks}, DONE};
    const script scripts[] = {steps};
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.max_error_body = most;
    assert_int_equal(probe_run(&config), SSE_ERR_HTTP_STATUS);
    assert_int_equal(p.result.body_len, kept);
    assert_true(PROBE_IS_WELL(&p));
    script_server_stop(server);
}

static void test_error_body_is_bounded(void **state)
{
    const script_step head = SCRIPT_TEXT("HTTP/1.1 400 Bad\r\n\r\n");
    (void)state;
    expect_error_body(head, 1000000, 5000, 5000);
}

static void test_error_body_without_a_bound(void **state)
{
    const script_step head = SCRIPT_TEXT(
        "HTTP/1.1 400 Bad\r\nContent-Length: 100000\r\n\r\n");
    (void)state;
    expect_error_body(head, 100, SIZE_MAX, 100000);
}

static void test_error_body_is_not_waited_for_for_ever(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT("HTTP/1.1 404 Gone\r\nContent-Length: 99\r\n\r\npart"),
        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    const uint64_t start = script_now_ms();
    assert_int_equal(probe_run(&config), SSE_ERR_HTTP_STATUS);
    assert_true(script_now_ms() - start < PATIENCE_MS);
    assert_string_equal(p.body, "part");
    assert_string_equal(p.text, "HTTP status 404");
    script_server_stop(server);
}

static void test_head_is_bounded(void **state)
{
    static const char line[] = "X-Filler: 0123456789012345678901234567890\r\n";
    const script_step steps[] = {
        SCRIPT_TEXT(OK_HEAD),
        {SCRIPT_FILL, line, sizeof(line) - 1, 1000}, DONE};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.max_head_size = 10000;
    assert_int_equal(probe_run(&config), SSE_ERR_LIMIT);
    assert_int_equal(p.result.reason, SSE_REASON_TOO_LONG);
    script_server_stop(server);
}

/* ---- the caller's hooks ---- */

static void test_response_hook_sees_the_head_and_may_stop(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT(OK_HEAD "Last-Event-ID:  from-here \r\nX-Two: 2\r\n\r\n"
                            "data: x\n\n"),
        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    char url[64];
    (void)snprintf(url, sizeof(url), "%s", script_server_url(server, "/a"));
    probe_config(&config, url, &p);
    p.answer = SSE_STOP;
    assert_int_equal(probe_run(&config), SSE_STOPPED);
    assert_int_equal(p.events, 0);
    assert_string_equal(p.url, url);
    sse_curl_response response;
    size_t len;
    memset(&response, 0, sizeof(response));
    response.head = p.head;
    response.head_len = strlen(p.head);
    const char *value =
        sse_curl_response_header(&response, "last-event-id", &len);
    assert_int_equal(len, 9);
    assert_memory_equal(value, "from-here", 9);
    assert_null(sse_curl_response_header(&response, "Last-Event", &len));
    assert_null(sse_curl_response_header(&response, "HTTP/1.1 200 OK", &len));
    script_server_stop(server);
}

static sse_curl *stream_of_policy;

static void renew(sse_decision *decision, void *user)
{
    (void)user;
    if (decision->http_status == 401 && decision->attempt == 1) {
        static const char *const fresh[] = {"Authorization: Bearer new"};
        assert_int_equal(sse_curl_set_headers(stream_of_policy, fresh, 1),
                         SSE_OK);
        decision->verdict = SSE_VERDICT_RETRY;
        decision->delay_ms = 0;
    }
}

static void test_policy_renews_a_token(void **state)
{
    static const script_step denied[] = {
        SCRIPT_TEXT("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"), DONE};
    static const char *const old[] = {"Authorization: Bearer old"};
    const script scripts[] = {denied, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    probe p;
    rig r;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.headers = old;
    config.header_count = 1;
    config.policy = renew;
    rig_open(&r);
    rig_add(&r, &config);
    stream_of_policy = r.stream[0];
    rig_run(&r);
    assert_int_equal(p.result.status, SSE_OK);
    assert_string_equal(probe_header(script_server_request(server, 0),
                                     "Authorization"), "Bearer old");
    assert_string_equal(probe_header(script_server_request(server, 1),
                                     "Authorization"), "Bearer new");
    rig_close(&r);
    script_server_stop(server);
}

/* ---- requests ---- */

typedef struct request_row {
    const char *name;
    const char *method, *body, *headers[3];
    const char *line;   /* start of the request */
    const char *has[5]; /* parts of it */
    const char *lacks[4];
    const char *end;    /* of the request */
} request_row;

static request_row request_rows[] = {
    {"GET", NULL, NULL, {NULL}, "GET /p?q=1 HTTP/1.1\r\n",
     {"\r\nAccept: text/event-stream\r\n", "\r\nCache-Control: no-cache\r\n",
      NULL},
     {"Last-Event-ID", "Content-", "Expect", "Accept-Encoding"},
     "\r\n\r\n"},
    {"the caller's Accept", NULL, NULL,
     {"accept: text/event-stream, application/json", "X-Empty;", NULL},
     "GET ",
     {"\r\naccept: text/event-stream, application/json\r\n",
      "\r\nX-Empty:\r\n", NULL},
     {"\r\nAccept: ", NULL}, "\r\n\r\n"},
    {"no Accept if the caller wants none", NULL, NULL,
     {"Accept:", "Cache-Control:", NULL}, "GET ", {NULL},
     {"Accept", "Cache-Control", NULL}, "\r\n\r\n"},
    {"the caller's id before there is one", NULL, NULL,
     {"Last-Event-ID: 5", NULL}, "GET ", {"\r\nLast-Event-ID: 5\r\n", NULL},
     {NULL}, "\r\n\r\n"},
    {"POST", NULL, "{\"a\":1}", {"Content-Type: application/json", NULL},
     "POST /p?q=1 HTTP/1.1\r\n",
     {"\r\nContent-Type: application/json\r\n", "\r\nContent-Length: 7\r\n",
      NULL},
     {"Expect", "urlencoded", NULL}, "\r\n\r\n{\"a\":1}"},
    {"POST without a type", NULL, "x", {NULL}, "POST ", {NULL},
     {"Content-Type", NULL}, "\r\n\r\nx"},
    {"POST without a body", "POST", NULL, {NULL}, "POST ",
     {"\r\nContent-Length: 0\r\n", NULL}, {NULL}, "\r\n\r\n"},
    {"PUT", "PUT", "abc", {NULL}, "PUT ", {"\r\nContent-Length: 3\r\n", NULL},
     {NULL}, "\r\n\r\nabc"},
    {"GET with a body", "GET", "abc", {NULL}, "GET ",
     {"\r\nContent-Length: 3\r\n", NULL}, {NULL}, "\r\n\r\nabc"},
    {"REPORT", "REPORT", NULL, {NULL}, "REPORT ", {NULL}, {NULL},
     "\r\n\r\n"},
    {"HEAD", "HEAD", NULL, {NULL}, "HEAD ", {NULL}, {NULL}, "\r\n\r\n"},
};

static void test_request(void **state)
{
    const request_row *row = (const request_row *)*state;
    const script scripts[] = {no_more};
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/p?q=1#f"), &p);
    config.method = row->method;
    config.headers = row->headers;
    while (config.header_count < COUNT(row->headers) &&
           row->headers[config.header_count] != NULL) {
        config.header_count++;
    }
    config.body = row->body;
    config.body_len = row->body != NULL ? strlen(row->body) : 0;
    assert_int_equal(probe_run(&config), SSE_OK);
    const char *request = script_server_request(server, 0);
    assert_memory_equal(request, row->line, strlen(row->line));
    for (size_t i = 0; i < COUNT(row->has) && row->has[i] != NULL; i++) {
        assert_non_null(strstr(request, row->has[i]));
    }
    for (size_t i = 0; i < COUNT(row->lacks) && row->lacks[i] != NULL; i++) {
        assert_null(strstr(request, row->lacks[i]));
    }
    assert_string_equal(request + strlen(request) - strlen(row->end),
                        row->end);
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_transient_statuses_wait),
        cmocka_unit_test(test_retry_after_a_date),
        cmocka_unit_test(test_error_body_is_bounded),
        cmocka_unit_test(test_error_body_without_a_bound),
        cmocka_unit_test(test_error_body_is_not_waited_for_for_ever),
        cmocka_unit_test(test_head_is_bounded),
        cmocka_unit_test(test_response_hook_sees_the_head_and_may_stop),
        cmocka_unit_test(test_policy_renews_a_token),
    };
    struct CMUnitTest
        tests[COUNT(response_rows) + COUNT(request_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, response_rows, name, test_response);
    n += FILL_ROWS(tests + n, request_rows, name, test_request);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
