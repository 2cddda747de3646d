/*
 * test_curl_limits.c - time limits and sizes over libcurl.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "test_curl_rig.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE), DONE};

/* ---- time ---- */

static void test_first_byte_limit(void **state)
{
    static const script_step silent[] = {SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {silent};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.first_byte_timeout_ms = 150;
    config.max_reconnects = 1;
    const uint64_t start = script_now_ms();
    assert_int_equal(probe_run(&config), SSE_ERR_TIMEOUT);
    assert_in_range(script_now_ms() - start, 300, PATIENCE_MS);
    assert_int_equal(p.result.cause, SSE_REASON_FIRST_BYTE_TIMEOUT);
    assert_int_equal(p.result.attempts, 2);
    assert_string_equal(p.text, "reconnected as often as allowed: "
                                "the response took too long");
    script_server_stop(server);
}

static void test_first_byte_limit_is_met_by_the_head(void **state)
{
    static const script_step late[] = {
        SCRIPT_DO(SCRIPT_SLEEP, 50), SCRIPT_TEXT(OPEN_HEAD),
        SCRIPT_DO(SCRIPT_SLEEP, 2200), SCRIPT_TEXT("data: x\n\n"), DONE};
    const script scripts[] = {late, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.first_byte_timeout_ms = 2000;
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(p.events, 1);
    assert_int_equal(p.result.attempts, 2);
    script_server_stop(server);
}

#define DOTS_50 ".................................................."
#define DOTS_500 DOTS_50 DOTS_50 DOTS_50 DOTS_50 DOTS_50                       \
                 DOTS_50 DOTS_50 DOTS_50 DOTS_50 DOTS_50

/* Each byte comes a millisecond or more behind the one before, and puts the
 * limit off; all of them take longer than the limit. */
static void test_idle_limit_reconnects_with_the_id(void **state)
{
    static const script_step stalls[] = {
        SCRIPT_TEXT(OPEN_HEAD "id: 4\ndata: x\n\n:"),
        SCRIPT_BYTEWISE(DOTS_500 "\n:" DOTS_500 "\n:" DOTS_500 DOTS_500),
        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {stalls, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.idle_timeout_ms = 1500;
    const uint64_t start = script_now_ms();
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_in_range(script_now_ms() - start, 3495, PATIENCE_MS);
    assert_int_equal(script_server_requests(server), 2);
    assert_string_equal(probe_header(script_server_request(server, 1),
                                     "Last-Event-ID"), "4");
    assert_int_equal(script_server_hangups(server), 1);
    script_server_stop(server);
}

static int shorten_idle(const sse_curl_response *response, void *user)
{
    size_t len;
    sse_curl *stream = *(sse_curl **)user;
    if (sse_curl_response_header(response, "Heartbeat", &len) != NULL) {
        sse_curl_set_idle(stream, 80);
    }
    return SSE_GO;
}

static void ignore_end(const sse_curl_result *result, void *user)
{
    (void)user;
    assert_int_equal(result->cause, SSE_REASON_IDLE_TIMEOUT);
}

static int ignore_event(const sse_event *event, void *user)
{
    (void)event;
    (void)user;
    return SSE_GO;
}

static void test_idle_limit_can_come_from_the_response(void **state)
{
    static const script_step stalls[] = {
        SCRIPT_TEXT(OK_HEAD "Heartbeat: 40\r\n\r\n"),
        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {stalls};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    rig r;
    sse_curl_config config;
    sse_curl_config_init(&config);
    config.url = script_server_url(server, "/");
    config.reconnect = 0;
    config.on_event = ignore_event;
    config.on_response = shorten_idle;
    config.on_end = ignore_end;
    config.user = &r.stream[0];
    rig_open(&r);
    rig_add(&r, &config);
    const uint64_t start = script_now_ms();
    rig_run(&r);
    assert_in_range(script_now_ms() - start, 80, PATIENCE_MS);
    rig_close(&r);
    script_server_stop(server);
}

static void test_total_limit(void **state)
{
    static const script_step steps[] = {SCRIPT_TEXT(OPEN_HEAD "data: x\n\n"),
                                        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.total_timeout_ms = 1500;
    assert_int_equal(probe_run(&config), SSE_ERR_TIMEOUT);
    assert_int_equal(p.events, 1);
    assert_int_equal(p.result.reason, SSE_REASON_TOTAL_TIMEOUT);
    assert_string_equal(p.states, "connecting open closed ");
    script_server_stop(server);
}

/* A listener whose queue is full answers no further connection. */
static void test_connect_limit(void **state)
{
    struct sockaddr_in address;
    socklen_t len = sizeof(address);
    int fds[8];
    (void)state;
    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(listener, 0), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len),
                     0);
    for (size_t i = 0; i < COUNT(fds); i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM, 0);
        (void)fcntl(fds[i], F_SETFL, O_NONBLOCK);
        (void)connect(fds[i], (struct sockaddr *)&address, len);
    }
    sse_curl_config config;
    probe p;
    char url[64];
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
                   (unsigned)ntohs(address.sin_port));
    probe_config(&config, url, &p);
    config.connect_timeout_ms = 200;
    config.first_byte_timeout_ms = 50;
    config.reconnect = 0;
    assert_int_equal(probe_run(&config), SSE_ERR_TIMEOUT);
    assert_int_equal(p.result.reason, SSE_REASON_CONNECT_TIMEOUT);
    for (size_t i = 0; i < COUNT(fds); i++) {
        (void)close(fds[i]);
    }
    (void)close(listener);
}

/* ---- sizes ---- */

#define MIB ((size_t)1024 * 1024)

static char megabyte[1024 * 1024];

typedef struct big {
    probe p; /* first: hooks take a pointer to it */
    uint64_t sum;
    size_t largest;
    char last_id[16];
} big;

static int big_event(const sse_event *event, void *user)
{
    big *b = (big *)user;
    (void)snprintf(b->last_id, sizeof(b->last_id), "%.*s", (int)event->id_len,
                   event->id);
    b->largest = event->data_len > b->largest ? event->data_len : b->largest;
    for (size_t i = 0; i < event->data_len; i++) {
        b->sum += (unsigned char)event->data[i];
    }
    b->p.events++;
    return SSE_GO;
}

static void big_config(sse_curl_config *config, const char *url, big *b)
{
    memset(b, 0, sizeof(*b));
    probe_config(config, url, &b->p);
    config->on_event = big_event;
    config->reconnect = 0;
}

static void test_large_event_grows_the_scratch(void **state)
{
    memset(megabyte, 'm', sizeof(megabyte));
    const script_step steps[] = {
        SCRIPT_TEXT(OPEN_HEAD "id: 1\ndata: "),
        {SCRIPT_FILL, megabyte, sizeof(megabyte), 8},
        SCRIPT_TEXT("\ndata: end\n\nid: 2\ndata: small\n\n"), DONE};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    big b;
    big_config(&config, script_server_url(server, "/"), &b);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(b.p.events, 2);
    assert_int_equal(b.largest, 8 * MIB + 4);
    assert_int_equal(b.p.dropped, 0);
    assert_true(b.sum == (uint64_t)'m' * 8 * MIB + '\n' + 'e' + 'n' + 'd' +
                             's' + 'm' + 'a' + 'l' + 'l');
    script_server_stop(server);
}

static void test_event_over_the_limit_is_skipped_and_told(void **state)
{
    memset(megabyte, 'm', sizeof(megabyte));
    const script_step steps[] = {
        SCRIPT_TEXT(OPEN_HEAD "id: 1\ndata: a\n\nid: 2\ndata: "),
        {SCRIPT_FILL, megabyte, sizeof(megabyte), 3},
        SCRIPT_TEXT("\n\ndata: b\n\n"), DONE};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    big b;
    big_config(&config, script_server_url(server, "/"), &b);
    config.max_event_size = 2 * MIB;
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(b.p.events, 2);
    assert_int_equal(b.p.dropped, 1);
    assert_int_equal(b.p.dropped_bytes, 3 * MIB);
    assert_int_equal(b.largest, 1);
    assert_string_equal(b.last_id, "2"); /* the dropped one's */
    script_server_stop(server);
}

/* The event that fits to the byte, and the one that does not. */
static void test_limit_is_exact(void **state)
{
    memset(megabyte, 'm', sizeof(megabyte));
    const script_step fits[] = {
        SCRIPT_TEXT(OPEN_HEAD "data: "),
        {SCRIPT_SEND, megabyte, 100000, 0}, SCRIPT_TEXT("\n\n"), DONE};
    const script_step over[] = {
        SCRIPT_TEXT(OPEN_HEAD "data: "),
        {SCRIPT_SEND, megabyte, 100001, 0}, SCRIPT_TEXT("\n\n"), DONE};
    const script scripts[] = {fits, over};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    big b;
    for (uint64_t n = 0; n < 2; n++) {
        big_config(&config, script_server_url(server, "/"), &b);
        config.max_event_size = 100000;
        assert_int_equal(probe_run(&config), SSE_OK);
        assert_int_equal(b.p.events, 1 - n);
        assert_int_equal(b.p.dropped, n);
    }
    script_server_stop(server);
}

static void test_endless_line_takes_bounded_memory(void **state)
{
    memset(megabyte, 'm', sizeof(megabyte));
    const script_step steps[] = {
        SCRIPT_TEXT(OPEN_HEAD "id: 9\n\ndata: "),
        {SCRIPT_FILL, megabyte, sizeof(megabyte), 24}, DONE};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    rig r;
    sse_curl_config config;
    big b;
    big_config(&config, script_server_url(server, "/"), &b);
    config.max_event_size = MIB;
    rig_open(&r);
    rig_add(&r, &config);
    while (rig_turn(&r, 10000) == SSE_OK) {
        assert_true(r.stream[0]->scratch.cap < MIB + 8192);
    }
    assert_int_equal(b.p.result.status, SSE_INCOMPLETE);
    assert_int_equal(b.p.events, 0);
    size_t id_len;
    const char *id = sse_parser_last_event_id(
        sse_curl_parser(r.stream[0]), &id_len);
    assert_int_equal(id_len, 1);
    assert_int_equal(*id, '9');
    rig_close(&r);
    script_server_stop(server);
}

static void test_long_id_comes_and_goes_whole(void **state)
{
    memset(megabyte, 'i', sizeof(megabyte));
    const script_step steps[] = {
        SCRIPT_TEXT(OPEN_HEAD "id:"), {SCRIPT_SEND, megabyte, 60000, 0},
        SCRIPT_TEXT("\ndata: x\n\n"), DONE};
    const script scripts[] = {steps, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    big b;
    big_config(&config, script_server_url(server, "/"), &b);
    config.max_id_size = MIB;
    config.max_type_size = MIB;
    config.reconnect = 1;
    assert_int_equal(probe_run(&config), SSE_OK);
    const char *line =
        strstr(script_server_request(server, 1), "Last-Event-ID: ");
    assert_non_null(line);
    assert_memory_equal(line + 15, megabyte, 60000);
    assert_memory_equal(line + 15 + 60000, "\r\n", 2);
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_byte_limit),
        cmocka_unit_test(test_first_byte_limit_is_met_by_the_head),
        cmocka_unit_test(test_idle_limit_reconnects_with_the_id),
        cmocka_unit_test(test_idle_limit_can_come_from_the_response),
        cmocka_unit_test(test_total_limit),
        cmocka_unit_test(test_connect_limit),
        cmocka_unit_test(test_large_event_grows_the_scratch),
        cmocka_unit_test(test_event_over_the_limit_is_skipped_and_told),
        cmocka_unit_test(test_limit_is_exact),
        cmocka_unit_test(test_endless_line_takes_bounded_memory),
        cmocka_unit_test(test_long_id_comes_and_goes_whole),
    };
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
