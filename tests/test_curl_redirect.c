/*
 * test_curl_redirect.c - redirects over libcurl: where requests go, and what
 * travels with them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_curl_probe.h"

#define DONE SCRIPT_DO(SCRIPT_END, 0)
#define LINE "\r\nContent-Length: 0\r\n\r\n"

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE), DONE};
static const script_step stream[] = {
    SCRIPT_TEXT(OPEN_HEAD "id: 1\ndata: x\n\n"), DONE};

/* Start of the request line of the index-th request. */
static void is_request(script_server *server, size_t index, const char *line)
{
    const char *request = script_server_request(server, index);
    assert_non_null(request);
    assert_memory_equal(request, line, strlen(line));
}

typedef struct move_row {
    const char *name;
    const char *head;      /* of the first response */
    const char *reconnect; /* where the second attempt goes */
} move_row;

static move_row move_rows[] = {
    {"301 is remembered", "HTTP/1.1 301 X\r\nLocation: /new" LINE,
     "GET /new "},
    {"308 is remembered", "HTTP/1.1 308 X\r\nLocation: /new" LINE,
     "GET /new "},
    {"302 is not", "HTTP/1.1 302 X\r\nLocation: /new" LINE, "GET /old "},
    {"303 is not", "HTTP/1.1 303 X\r\nLocation: new" LINE, "GET /old "},
    {"307 is not", "HTTP/1.1 307 X\r\nLocation: ?/../new" LINE, "GET /old "},
};

static void test_reconnection(void **state)
{
    const move_row *row = (const move_row *)*state;
    const script_step moved[] = {
        {SCRIPT_SEND, row->head, strlen(row->head), 0}, DONE};
    const script scripts[] = {moved, stream, no_more};
    script_server *server = script_server_start(scripts, COUNT(scripts));
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/old"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_string_equal(p.log, "message|1|x\n");
    assert_int_equal(script_server_requests(server), 3);
    is_request(server, 0, "GET /old ");
    is_request(server, 1, row->name[2] == '7' ? "GET /old?/../new "
                                              : "GET /new ");
    is_request(server, 2, row->reconnect);
    assert_string_equal(probe_header(script_server_request(server, 2),
                                     "Last-Event-ID"), "1");
    assert_int_equal(p.result.attempts, 2);
    assert_int_equal(p.responses, 2); /* redirects are not shown */
    script_server_stop(server);
}

/* One connection carries the redirect and what comes behind it. */
static void test_connection_is_used_again(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT("HTTP/1.1 302 X\r\nLocation: /b\r\n"
                    "Content-Length: 4\r\n\r\nmove"),
        SCRIPT_DO(SCRIPT_REQUEST, 0), SCRIPT_TEXT(NO_MORE), DONE};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/a"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(script_server_connections(server), 1);
    is_request(server, 1, "GET /b ");
    script_server_stop(server);
}

static void test_endless_body_of_a_redirect_is_left(void **state)
{
    static char junk[4096];
    memset(junk, 'j', sizeof(junk));
    const script_step flood[] = {
        SCRIPT_TEXT("HTTP/1.1 302 X\r\nLocation: /b\r\n\r\n"),
        {SCRIPT_FILL, junk, sizeof(junk), 10000000}, DONE};
    const script_step silent[] = {
        SCRIPT_TEXT("HTTP/1.1 302 X\r\nLocation: /c\r\n\r\n"),
        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {flood, silent, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, COUNT(scripts));
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/a"), &p);
    const uint64_t start = script_now_ms();
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_true(script_now_ms() - start < PATIENCE_MS);
    is_request(server, 2, "GET /c ");
    script_server_stop(server);
}

/* ---- methods ---- */

typedef struct method_row {
    const char *name, *head, *line;
    int body;
} method_row;

static method_row method_rows[] = {
    {"POST, 301", "HTTP/1.1 301 X\r\nLocation: /n" LINE, "GET /n ", 0},
    {"POST, 302", "HTTP/1.1 302 X\r\nLocation: /n" LINE, "GET /n ", 0},
    {"POST, 303", "HTTP/1.1 303 X\r\nLocation: /n" LINE, "GET /n ", 0},
    {"POST, 307", "HTTP/1.1 307 X\r\nLocation: /n" LINE, "POST /n ", 1},
    {"POST, 308", "HTTP/1.1 308 X\r\nLocation: /n" LINE, "POST /n ", 1},
};

static void test_method(void **state)
{
    const method_row *row = (const method_row *)*state;
    static const char *const headers[] = {"Content-Type: application/json",
                                          "X-Own: 1"};
    const script_step moved[] = {
        {SCRIPT_SEND, row->head, strlen(row->head), 0}, DONE};
    const script scripts[] = {moved, no_more};
    script_server *server = script_server_start(scripts, COUNT(scripts));
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/o"), &p);
    config.body = "{\"secret\":1}";
    config.body_len = 12;
    config.headers = headers;
    config.header_count = 2;
    assert_int_equal(probe_run(&config), SSE_OK);
    is_request(server, 0, "POST /o ");
    is_request(server, 1, row->line);
    const char *second = script_server_request(server, 1);
    assert_int_equal(strstr(second, "{\"secret\":1}") != NULL, row->body);
    assert_int_equal(strstr(second, "Content-Type:") != NULL, row->body);
    assert_string_equal(probe_header(second, "X-Own"), "1");
    script_server_stop(server);
}

/* ---- other origins ---- */

static script_step to_other[2];
static char to_other_head[256];

static void point_to(script_server *other, int status)
{
    const int len = snprintf(
        to_other_head, sizeof(to_other_head),
        "HTTP/1.1 %d X\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n", status,
        script_server_url(other, "/there"));
    const script_step send = {SCRIPT_SEND, to_other_head, (size_t)len, 0};
    const script_step done = DONE;
    to_other[0] = send;
    to_other[1] = done;
}

static void lacks_all(const char *request)
{
    static const char *const secrets[] = {
        "secret", "Authorization", "Cookie", "Referer", "X-Own",
        "Content-Type", "dXNlcjpzZWNyZXQ="};
    for (size_t i = 0; i < COUNT(secrets); i++) {
        assert_null(strstr(request, secrets[i]));
    }
}

/* What else of the caller's there is on the way. */
static sse_status run_with_secrets(const sse_curl_config *config)
{
#if defined(OVER_SOCK)
    return sse_client_run(config);
#else
    CURL *easy = curl_easy_init();
    (void)curl_easy_setopt(easy, CURLOPT_USERPWD, "user:secret");
    (void)curl_easy_setopt(easy, CURLOPT_COOKIE, "c2=secret");
    (void)curl_easy_setopt(easy, CURLOPT_REFERER, "http://secret/");
    const sse_status status = sse_curl_run(easy, config);
    curl_easy_cleanup(easy);
    return status;
#endif
}

static void test_nothing_of_the_callers_travels(void **state)
{
    static const char *const headers[] = {
        "X-Own: secret", "Content-Type: text/secret",
        "Accept: text/event-stream, secret/*", "Last-Event-ID: secret",
        "Cookie: c=secret"};
    const script other_scripts[] = {stream, no_more};
    const script scripts[] = {to_other, no_more};
    (void)state;
    script_server *other = script_server_start(other_scripts, 2);
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    probe p;
    char url[128];
    (void)snprintf(url, sizeof(url), "http://user:secret@127.0.0.1:%u/",
                   (unsigned)script_server_port(server));
    point_to(other, 307);
    probe_config(&config, url, &p);
    config.headers = headers;
    config.header_count = COUNT(headers);
    config.body = "secret body";
    config.body_len = 11;
    config.idempotent = 1;
    assert_int_equal(run_with_secrets(&config), SSE_OK);

    assert_int_equal(script_server_requests(other), 1);
    is_request(other, 0, "POST /there ");
    const char *there = script_server_request(other, 0);
    lacks_all(there);
    assert_string_equal(probe_header(there, "Accept"), "text/event-stream");
    assert_string_equal(probe_header(there, "Content-Length"), "0");

    /* 307: the next attempt begins at the old place, with everything. */
    assert_int_equal(script_server_requests(server), 2);
    const char *again = script_server_request(server, 1);
    assert_non_null(strstr(again, "secret body"));
    assert_non_null(strstr(again, "dXNlcjpzZWNyZXQ="));
    assert_string_equal(probe_header(again, "Cookie"), "c=secret");
    assert_string_equal(probe_header(again, "X-Own"), "secret");
    assert_string_equal(probe_header(again, "Last-Event-ID"), "1");
    script_server_stop(server);
    script_server_stop(other);
}

static void test_nothing_travels_to_a_remembered_place(void **state)
{
    static const char *const headers[] = {"Authorization: Bearer secret"};
    const script other_scripts[] = {stream, stream, no_more};
    const script scripts[] = {to_other};
    (void)state;
    script_server *other = script_server_start(other_scripts, 3);
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    point_to(other, 308);
    probe_config(&config, script_server_url(server, "/"), &p);
    config.headers = headers;
    config.header_count = 1;
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(script_server_requests(server), 1);
    assert_int_equal(script_server_requests(other), 3);
    for (size_t i = 0; i < 3; i++) {
        is_request(other, i, "GET /there ");
        lacks_all(script_server_request(other, i));
    }
    assert_string_equal(probe_header(script_server_request(other, 2),
                                     "Last-Event-ID"), "1");
    script_server_stop(server);
    script_server_stop(other);
}

/* ---- failures ---- */

static void test_circle_fails(void **state)
{
    static const script_step circle[] = {
        SCRIPT_TEXT("HTTP/1.1 302 X\r\nLocation: /a" LINE), DONE};
    const script scripts[] = {circle};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/a"), &p);
    assert_int_equal(probe_run(&config), SSE_ERR_PROTOCOL);
    assert_int_equal(p.result.reason, SSE_REASON_REDIRECT);
    assert_string_equal(p.text, "HTTP status 302: redirect in a circle");
    assert_int_equal(script_server_requests(server), 1);
    script_server_stop(server);
}

static void test_sixth_redirect_fails(void **state)
{
    static const script_step deeper[] = {
        SCRIPT_TEXT("HTTP/1.1 302 X\r\nLocation: x/" LINE), DONE};
    const script scripts[] = {deeper};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_ERR_LIMIT);
    assert_int_equal(p.result.reason, SSE_REASON_REDIRECT);
    assert_string_equal(p.text, "HTTP status 302: too many redirects");
    assert_int_equal(script_server_requests(server), 6);
    is_request(server, 5, "GET /x/x/x/x/x/ ");
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_connection_is_used_again),
        cmocka_unit_test(test_endless_body_of_a_redirect_is_left),
        cmocka_unit_test(test_nothing_of_the_callers_travels),
        cmocka_unit_test(test_nothing_travels_to_a_remembered_place),
        cmocka_unit_test(test_circle_fails),
        cmocka_unit_test(test_sixth_redirect_fails),
    };
    struct CMUnitTest
        tests[COUNT(move_rows) + COUNT(method_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, move_rows, name, test_reconnection);
    n += FILL_ROWS(tests + n, method_rows, name, test_method);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
