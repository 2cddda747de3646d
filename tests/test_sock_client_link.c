/*
 * test_sock_client_link.c - connections of the plain-socket client: addresses,
 * families, connections kept.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#define OVER_SOCK 1

#include "test_curl_rig.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <unistd.h>

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE), DONE};
static const script_step one_event[] = {SCRIPT_TEXT(OPEN_HEAD "data: x\n\n"),
                                        DONE};

/* ---- addresses ---- */

static void test_ipv6(void **state)
{
    const script scripts[] = {one_event, no_more};
    (void)state;
    script_server *server = script_server_start_v6(scripts, 2);
    if (server == NULL) {
        print_message("no IPv6 on this machine\n");
        skip();
    }
    sse_client_config config;
    probe p;
    char host[32];
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(p.events, 1);
    (void)snprintf(host, sizeof(host), "[::1]:%u",
                   (unsigned)script_server_port(server));
    assert_string_equal(probe_header(script_server_request(server, 0),
                                     "Host"), host);
    /* A zone says something to this side alone. */
    char url[64];
    (void)snprintf(url, sizeof(url), "http://[::1%%251]:%u/",
                   (unsigned)script_server_port(server));
    probe_config(&config, url, &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_string_equal(probe_header(script_server_request(server, 2),
                                     "Host"), host);
    script_server_stop(server);
}

/* A URL whose host nobody needs to look up. */
static void name_url(char *url, size_t cap, uint16_t port)
{
    (void)snprintf(url, cap, "http://stream.test:%u/", (unsigned)port);
}

static void test_addresses_replace_the_look_up(void **state)
{
    static const char *const addresses[] = {"::1", "127.0.0.2", "127.0.0.1"};
    const script scripts[] = {one_event, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    sse_client_config config;
    probe p;
    char url[64];
    name_url(url, sizeof(url), script_server_port(server));
    probe_config(&config, url, &p);
    config.addresses = addresses;
    config.address_count = COUNT(addresses);
    const uint64_t start = script_now_ms();
    assert_int_equal(probe_run(&config), SSE_OK);
    /* Refusals are not waited for. */
    assert_true(script_now_ms() - start < PATIENCE_MS);
    assert_int_equal(p.events, 1);
    assert_string_equal(p.states,
                        "connecting open waiting connecting closed ");
    const char *host =
        probe_header(script_server_request(server, 0), "Host");
    assert_memory_equal(host, "stream.test:", 12);
    script_server_stop(server);
}

static void test_all_addresses_refuse(void **state)
{
    static const char *const addresses[] = {"127.0.0.2", "127.0.0.3"};
    const script scripts[] = {no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_client_config config;
    probe p;
    char url[64];
    name_url(url, sizeof(url), script_server_port(server));
    probe_config(&config, url, &p);
    config.addresses = addresses;
    config.address_count = COUNT(addresses);
    config.reconnect = 0;
    assert_int_equal(probe_run(&config), SSE_ERR_TRANSPORT);
    assert_int_equal(p.result.reason, SSE_REASON_CONNECT);
    assert_int_equal(p.result.system_error, ECONNREFUSED);
    assert_memory_equal(p.text, "cannot connect to stream.test:", 30);
    assert_int_equal(script_server_connections(server), 0);
    script_server_stop(server);
}

/* An address behind which nobody answers, at a port that is taken elsewhere. */
static int deaf_listener(const char *text, uint16_t port, int fds[8])
{
    struct sockaddr_in address;
    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    assert_int_equal(inet_pton(AF_INET, text, &address.sin_addr), 1);
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address,
                          sizeof(address)), 0);
    assert_int_equal(listen(listener, 0), 0);
    for (size_t i = 0; i < 8; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM, 0);
        (void)fcntl(fds[i], F_SETFL, O_NONBLOCK);
        (void)connect(fds[i], (struct sockaddr *)&address, sizeof(address));
    }
    return listener;
}

static void test_silent_address_is_overtaken(void **state)
{
    static const char *const addresses[] = {"127.0.0.4", "127.0.0.1"};
    const script scripts[] = {no_more};
    int fds[8];
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    const int deaf =
        deaf_listener("127.0.0.4", script_server_port(server), fds);
    sse_client_config config;
    probe p;
    char url[64];
    name_url(url, sizeof(url), script_server_port(server));
    probe_config(&config, url, &p);
    config.addresses = addresses;
    config.address_count = COUNT(addresses);
    const uint64_t start = script_now_ms();
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_in_range(script_now_ms() - start, 245, PATIENCE_MS);
    assert_int_equal(p.result.attempts, 1);
    assert_int_equal(script_server_requests(server), 1);
    for (size_t i = 0; i < COUNT(fds); i++) {
        (void)close(fds[i]);
    }
    (void)close(deaf);
    script_server_stop(server);
}

static void test_host_without_an_address(void **state)
{
    char url[400] = "http://";
    sse_client_config config;
    probe p;
    (void)state;
    memset(url + 7, 'x', 300); /* no name is that long: nobody is asked */
    (void)snprintf(url + 307, sizeof(url) - 307, "/");
    probe_config(&config, url, &p);
    config.max_reconnects = 1;
    assert_int_equal(probe_run(&config), SSE_ERR_TRANSPORT);
    assert_int_equal(p.result.cause, SSE_REASON_CONNECT);
    assert_int_equal(p.result.attempts, 2);
    assert_non_null(strstr(p.text, "no address of xxx"));
}

/* ---- https ---- */

static void test_https_is_refused(void **state)
{
    sse_client_config config;
    probe p;
    (void)state;
    probe_config(&config, "https://127.0.0.1:9/", &p);
    assert_int_equal(probe_run(&config), SSE_ERR_TRANSPORT);
    assert_int_equal(p.result.reason, SSE_REASON_FATAL);
    assert_string_equal(p.text, "https: this transport has no TLS");
    assert_string_equal(p.states, "connecting closed ");
}

static void test_redirect_to_https_is_refused(void **state)
{
    static const script_step moved[] = {
        SCRIPT_TEXT("HTTP/1.1 302 X\r\nLocation: https://127.0.0.1:9/\r\n"
                    "Content-Length: 0\r\n\r\n"), DONE};
    const script scripts[] = {moved};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_client_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_ERR_TRANSPORT);
    assert_string_equal(p.text, "https: this transport has no TLS");
    assert_int_equal(script_server_requests(server), 1);
    script_server_stop(server);
}

/* ---- connections kept ---- */

#define CHUNKED_HEAD OK_HEAD "Transfer-Encoding: chunked\r\n"
#define CHUNK_X "9\r\ndata: x\n\n\r\n0\r\n\r\n"

/* Heads of requests, one behind the other. */
static char told[8192];

static void note_request(const char *head, size_t head_len, void *user)
{
    const size_t len = strlen(told);
    (void)user;
    (void)snprintf(told + len, sizeof(told) - len, "%.*s", (int)head_len,
                   head);
}

/* What on_request was told is what came, request by request. */
static void assert_told(script_server *server, size_t count)
{
    const char *at = told;
    for (size_t i = 0; i < count; i++) {
        const char *const came = script_server_request(server, i);
        const size_t len = strlen(came);
        assert_true(strlen(at) >= len);
        assert_memory_equal(at, came, len);
        at += len;
    }
    assert_string_equal(at, "");
    told[0] = '\0';
}

static void test_connection_is_kept_for_the_next_attempt(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT(CHUNKED_HEAD "\r\n" CHUNK_X),
        SCRIPT_DO(SCRIPT_REQUEST, 0),
        SCRIPT_TEXT("HTTP/1.1 503 X\r\nContent-Length: 4\r\n\r\nbusy"),
        SCRIPT_DO(SCRIPT_REQUEST, 0),
        SCRIPT_TEXT("HTTP/1.1 307 X\r\nLocation: /b\r\n"
                    "Content-Length: 4\r\n\r\nmove"),
        SCRIPT_DO(SCRIPT_REQUEST, 0), SCRIPT_TEXT(NO_MORE), DONE};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_client_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.on_request = note_request;
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(p.events, 1);
    assert_int_equal(p.result.attempts, 3);
    assert_int_equal(script_server_requests(server), 4);
    assert_told(server, 4);
    assert_int_equal(script_server_connections(server), 1);
    script_server_stop(server);
}

typedef struct unkept_row {
    const char *name;
    const char *answer;
} unkept_row;

static unkept_row unkept_rows[] = {
    {"not kept: told so", CHUNKED_HEAD "Connection: close\r\n\r\n" CHUNK_X},
    {"not kept: bytes behind the body", CHUNKED_HEAD "\r\n" CHUNK_X "HTTP"},
    {"not kept: HTTP/1.0",
     "HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n"
     "Content-Length: 9\r\n\r\ndata: x\n\n"},
};

static void test_unkept(void **state)
{
    const unkept_row *row = (const unkept_row *)*state;
    const script_step steps[] = {
        {SCRIPT_SEND, row->answer, strlen(row->answer), 0},
        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {steps, no_more};
    script_server *server = script_server_start(scripts, 2);
    sse_client_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(p.events, 1);
    assert_int_equal(script_server_connections(server), 2);
    script_server_stop(server);
}

/* The server closes it before, or just when, the next request comes: that is
 * no failed attempt. */
static void test_stale_connection_is_replaced(void **state)
{
    static const script_step closes[] = {
        SCRIPT_TEXT(CHUNKED_HEAD "\r\n" CHUNK_X),
        SCRIPT_DO(SCRIPT_REQUEST, 0), DONE};
    static const script_step idle[] = {
        SCRIPT_TEXT(CHUNKED_HEAD "\r\n" CHUNK_X), DONE};
    const script scripts[] = {closes, idle, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 3);
    sse_client_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(p.events, 2);
    assert_int_equal(p.result.attempts, 3);
    assert_string_equal(p.states, "connecting open waiting connecting open "
                                  "waiting connecting closed ");
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_ipv6),
        cmocka_unit_test(test_addresses_replace_the_look_up),
        cmocka_unit_test(test_all_addresses_refuse),
        cmocka_unit_test(test_silent_address_is_overtaken),
        cmocka_unit_test(test_host_without_an_address),
        cmocka_unit_test(test_https_is_refused),
        cmocka_unit_test(test_redirect_to_https_is_refused),
        cmocka_unit_test(test_connection_is_kept_for_the_next_attempt),
        cmocka_unit_test(test_stale_connection_is_replaced),
    };
    struct CMUnitTest tests[COUNT(unkept_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, unkept_rows, name, test_unkept);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
