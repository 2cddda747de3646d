/*
 * test_sock_client.c - the plain-socket client: what it accepts and what it
 * sends.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#define OVER_SOCK 1

#include "test_curl_rig.h"

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE), DONE};

/* ---- what is accepted ---- */

typedef struct open_row {
    const char *name, *url, *method, *header, *agent, *address, *id;
    sse_status status;
} open_row;

#define URL "http://127.0.0.1:9/"

static open_row open_rows[] = {
    {"open: a URL", URL, NULL, NULL, NULL, NULL, NULL, SSE_OK},
    {"open: https, to fail later", "https://h/", NULL, NULL, NULL, NULL, NULL,
     SSE_OK},
    {"open: no URL", NULL, NULL, NULL, NULL, NULL, NULL, SSE_ERR_INVALID},
    {"open: another scheme", "ftp://h/", NULL, NULL, NULL, NULL, NULL,
     SSE_ERR_INVALID},
    {"open: no host", "http:///x", NULL, NULL, NULL, NULL, NULL,
     SSE_ERR_INVALID},
    {"open: a space in the URL", "http://h/a b", NULL, NULL, NULL, NULL, NULL,
     SSE_ERR_CHARACTER},
    {"open: a line end in the URL", "http://h/a\r\nX: y", NULL, NULL, NULL,
     NULL, NULL, SSE_ERR_CHARACTER},
    {"open: a method", URL, "REPORT", NULL, NULL, NULL, NULL, SSE_OK},
    {"open: an empty method", URL, "", NULL, NULL, NULL, NULL,
     SSE_ERR_CHARACTER},
    {"open: a method of two words", URL, "GET /", NULL, NULL, NULL, NULL,
     SSE_ERR_CHARACTER},
    {"open: a header", URL, NULL, "X-A: b\t\xc3\xa9", NULL, NULL, NULL,
     SSE_OK},
    {"open: a header without a colon", URL, NULL, "X-A", NULL, NULL, NULL,
     SSE_ERR_INVALID},
    {"open: a header without a name", URL, NULL, ": b", NULL, NULL, NULL,
     SSE_ERR_CHARACTER},
    {"open: a space before the colon", URL, NULL, "X-A : b", NULL, NULL, NULL,
     SSE_ERR_CHARACTER},
    {"open: a line end in a header", URL, NULL, "X-A: b\nY: c", NULL, NULL,
     NULL, SSE_ERR_CHARACTER},
    {"open: a control character in a header", URL, NULL, "X-A: b\x7f", NULL,
     NULL, NULL, SSE_ERR_CHARACTER},
    {"open: a line end in the user agent", URL, NULL, NULL, "a\r\nb", NULL,
     NULL, SSE_ERR_CHARACTER},
    {"open: an IPv4 address", URL, NULL, NULL, NULL, "192.0.2.1", NULL,
     SSE_OK},
    {"open: an IPv6 address", URL, NULL, NULL, NULL, "2001:db8::1", NULL,
     SSE_OK},
    {"open: a name as address", URL, NULL, NULL, NULL, "localhost", NULL,
     SSE_ERR_INVALID},
    {"open: a line end in the id", URL, NULL, NULL, NULL, NULL, "a\nb",
     SSE_ERR_CHARACTER},
};

static int ignore_event(const sse_event *event, void *user)
{
    (void)event;
    (void)user;
    return SSE_GO;
}

static void test_open(void **state)
{
    const open_row *row = (const open_row *)*state;
    sse_client_config config;
    sse_client *client;
    sse_client_config_init(&config);
    config.url = row->url;
    config.method = row->method;
    config.headers = &row->header;
    config.header_count = row->header != NULL;
    config.user_agent = row->agent;
    config.addresses = &row->address;
    config.address_count = row->address != NULL;
    config.last_event_id = row->id;
    config.last_event_id_len = row->id != NULL ? strlen(row->id) : 0;
    config.on_event = ignore_event;
    assert_int_equal(sse_client_open(&config, &client), row->status);
    assert_int_equal(client != NULL, row->status == SSE_OK);
    sse_client_close(client); /* without having been attached */
}

static void test_open_refuses(void **state)
{
    static const char *const nothing[] = {NULL};
    sse_client_config config;
    sse_client *client;
    (void)state;
    sse_client_config_init(&config);
    config.url = URL;
    assert_int_equal(sse_client_open(&config, &client), SSE_ERR_INVALID);
    config.on_event = ignore_event;
    assert_int_equal(sse_client_open(&config, NULL), SSE_ERR_INVALID);
    assert_int_equal(sse_client_open(NULL, &client), SSE_ERR_INVALID);
    config.header_count = 1;
    assert_int_equal(sse_client_open(&config, &client), SSE_ERR_INVALID);
    config.headers = nothing;
    assert_int_equal(sse_client_open(&config, &client), SSE_ERR_INVALID);
    config.header_count = 0;
    config.body_len = 1;
    assert_int_equal(sse_client_open(&config, &client), SSE_ERR_INVALID);
    config.body_len = 0;
    config.address_count = 1;
    assert_int_equal(sse_client_open(&config, &client), SSE_ERR_INVALID);
    config.address_count = 0;
    config.last_event_id = "toolong";
    config.last_event_id_len = 7;
    config.max_id_size = 6;
    assert_int_equal(sse_client_open(&config, &client), SSE_ERR_NO_SPACE);
    config.size = 0;
    assert_int_equal(sse_client_open(&config, &client), SSE_ERR_INVALID);
    sse_client_close(NULL);
}

/* A program compiled against a header with fewer members. */
static void test_shorter_configuration(void **state)
{
    sse_client_config config;
    sse_client *client;
    (void)state;
    sse_client_config_init(&config);
    config.url = URL;
    config.on_event = ignore_event;
    config.policy = NULL;
    config.user = &config;
    config.size = offsetof(sse_client_config, policy);
    assert_int_equal(sse_client_open(&config, &client), SSE_OK);
    sse_client_close(client);
}

/* ---- what is sent ---- */

typedef struct sent_row {
    const char *name;
    const char *userinfo, *path; /* of the URL */
    const char *headers[3];
    const char *agent;
    const char *has[3], *lacks[3];
} sent_row;

static sent_row sent_rows[] = {
    {"sent: no user agent", "", "/", {NULL}, NULL, {NULL}, {"User-Agent"}},
    {"sent: a user agent", "", "/", {NULL}, "a/1", {"\r\nUser-Agent: a/1\r\n"},
     {NULL}},
    {"sent: the caller's user agent", "", "/", {"user-agent: b"}, "a/1",
     {"\r\nuser-agent: b\r\n"}, {"a/1"}},
    {"sent: the caller's host", "", "/", {"Host: other.test"}, NULL,
     {"\r\nHost: other.test\r\n"}, {"127.0.0.1"}},
    {"sent: a host in any case", "", "/", {"Host:", "Host;"}, NULL,
     {"\r\nHost: 127.0.0.1:"}, {"\r\nHost:\r\n"}},
    {"sent: framing is not the caller's", "", "/",
     {"Content-Length: 5", "Transfer-Encoding: chunked"}, NULL, {NULL},
     {"Content-Length", "Transfer-Encoding"}},
    {"sent: what a target cannot hold", "", "/a\"b<c>|\xc3\xa9?\xff", {NULL},
     NULL, {"GET /a%22b%3Cc%3E|%C3%A9?%FF HTTP/1.1\r\n"}, {NULL}},
    {"sent: no fragment", "", "/a?b#c", {NULL}, NULL,
     {"GET /a?b HTTP/1.1\r\n"}, {"#"}},
    {"sent: no path", "", "?b", {NULL}, NULL, {"GET /?b HTTP/1.1\r\n"},
     {NULL}},
    {"sent: credentials", "user:secret@", "/", {NULL}, NULL,
     {"\r\nAuthorization: Basic dXNlcjpzZWNyZXQ=\r\n"}, {"secret"}},
    {"sent: credentials without a password", "user@", "/", {NULL}, NULL,
     {"\r\nAuthorization: Basic dXNlcjo=\r\n"}, {NULL}},
    {"sent: percent-encoded credentials", "us%65r:p%40s%zz@", "/", {NULL},
     NULL, {"\r\nAuthorization: Basic dXNlcjpwQHMleno=\r\n"}, {NULL}},
    {"sent: the caller's credentials", "user:secret@", "/",
     {"authorization: Bearer t"}, NULL, {"\r\nauthorization: Bearer t\r\n"},
     {"Basic"}},
};

static void test_sent(void **state)
{
    const sent_row *row = (const sent_row *)*state;
    const script scripts[] = {no_more};
    script_server *server = script_server_start(scripts, 1);
    sse_client_config config;
    probe p;
    char url[128];
    (void)snprintf(url, sizeof(url), "http://%s127.0.0.1:%u%s", row->userinfo,
                   (unsigned)script_server_port(server), row->path);
    probe_config(&config, url, &p);
    config.headers = row->headers;
    while (config.header_count < COUNT(row->headers) &&
           row->headers[config.header_count] != NULL) {
        config.header_count++;
    }
    config.user_agent = row->agent;
    assert_int_equal(probe_run(&config), SSE_OK);
    const char *request = script_server_request(server, 0);
    for (size_t i = 0; i < COUNT(row->has) && row->has[i] != NULL; i++) {
        if (strstr(request, row->has[i]) == NULL) {
            fail_msg("no %s in %s", row->has[i], request);
        }
    }
    for (size_t i = 0; i < COUNT(row->lacks) && row->lacks[i] != NULL; i++) {
        assert_null(strstr(request, row->lacks[i]));
    }
    assert_non_null(strstr(request, "\r\nHost:"));
    script_server_stop(server);
}

static void test_large_body_goes_out_whole(void **state)
{
    const size_t len = 3 * 1024 * 1024;
    char *body = (char *)malloc(len + 1);
    const script scripts[] = {no_more};
    (void)state;
    assert_non_null(body);
    for (size_t i = 0; i < len; i++) {
        body[i] = (char)('a' + i % 26);
    }
    body[len] = '\0';
    script_server *server = script_server_start(scripts, 1);
    sse_client_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.body = body;
    config.body_len = len;
    assert_int_equal(probe_run(&config), SSE_OK);
    const char *request = script_server_request(server, 0);
    assert_string_equal(strstr(request, "\r\n\r\n") + 4, body);
    script_server_stop(server);
    free(body);
}

static void take_body(sse_request *request, void *user)
{
    size_t len;
    const char *body = sse_request_body(request, &len);
    *(int *)user = len == 24u * 1024 * 1024 && body[0] == 'a' &&
                   memcmp(body, body + 26, len - 26) == 0;
    assert_int_equal(sse_request_respond(request, 204, NULL, 0, NULL, 0),
                     SSE_OK);
}

/* More than the system's buffers hold, to a server in the same loop. */
static void test_body_waits_for_its_reader(void **state)
{
    const size_t len = 24u * 1024 * 1024;
    char *body = (char *)malloc(len);
    sse_server_config server_config;
    sse_server *server;
    sse_client_config config;
    probe p;
    rig r;
    char url[64];
    int whole = 0;
    (void)state;
    assert_non_null(body);
    for (size_t i = 0; i < len; i++) {
        body[i] = (char)('a' + i % 26);
    }
    rig_open(&r);
    sse_server_config_init(&server_config);
    server_config.max_body = len;
    assert_int_equal(sse_server_open(r.loop, &server_config, take_body, &whole,
                                     &server), SSE_OK);
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
                   (unsigned)sse_server_port(server));
    probe_config(&config, url, &p);
    config.body = body;
    config.body_len = len;
    rig_add(&r, &config);
    free(body); /* a copy travels */
    rig_run(&r);
    assert_int_equal(p.result.status, SSE_OK);
    assert_true(whole);
    sse_server_close(server);
    rig_close(&r);
}

static void never_called(sse_request *request, void *user)
{
    (void)request;
    (void)user;
    fail();
}

/* A server that answers before it has read the body. */
static void test_answer_before_the_body_is_sent(void **state)
{
    const size_t len = 8 * 1024 * 1024;
    char *body = (char *)calloc(1, len);
    sse_server_config server_config;
    sse_server *server;
    sse_client_config config;
    probe p;
    rig r;
    char url[64];
    (void)state;
    assert_non_null(body);
    rig_open(&r);
    sse_server_config_init(&server_config);
    server_config.max_body = 1000;
    assert_int_equal(sse_server_open(r.loop, &server_config, never_called,
                                     NULL, &server), SSE_OK);
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
                   (unsigned)sse_server_port(server));
    probe_config(&config, url, &p);
    config.body = body;
    config.body_len = len;
    rig_add(&r, &config);
    rig_run(&r);
    assert_int_equal(p.result.status, SSE_ERR_HTTP_STATUS);
    assert_int_equal(p.result.http_status, 413);
    sse_server_close(server);
    rig_close(&r);
    free(body);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_open_refuses),
        cmocka_unit_test(test_shorter_configuration),
        cmocka_unit_test(test_large_body_goes_out_whole),
        cmocka_unit_test(test_body_waits_for_its_reader),
        cmocka_unit_test(test_answer_before_the_body_is_sent),
    };
    struct CMUnitTest
        tests[COUNT(open_rows) + COUNT(sent_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, open_rows, name, test_open);
    n += FILL_ROWS(tests + n, sent_rows, name, test_sent);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
