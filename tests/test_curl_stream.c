/*
 * test_curl_stream.c - streams over libcurl: framings, cuts, resumption.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_curl_probe.h"

#include <unistd.h>

#define EVENTS "id: 1\ndata: one\n\nevent: e\ndata: two\ndata: 2\n\n: c\n\n"
#define EVENTS_LOG "message|1|one\ne|1|two\n2\n"

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE),
                                      SCRIPT_DO(SCRIPT_END, 0)};

/* ---- framings ---- */

typedef struct framing {
    const char *name;
    script_step steps[3];
} framing;

static framing framings[] = {
    {"chunked",
     {SCRIPT_TEXT(OK_HEAD "Transfer-Encoding: chunked\r\n\r\n"
                          "10\r\nid: 1\ndata: one\n\r\n"
                          "1\r\n\n\r\n"
                          "1d\r\nevent: e\ndata: two\ndata: 2\n\n\r\n"
                          "5\r\n: c\n\n\r\n0\r\n\r\n"),
      SCRIPT_DO(SCRIPT_END, 0)}},
    {"chunked, byte by byte, with extensions and trailers",
     {SCRIPT_BYTEWISE(OK_HEAD "Transfer-Encoding: chunked\r\n\r\n"
                              "11;a=b\r\nid: 1\ndata: one\n\n\r\n"
                              "1d\r\nevent: e\ndata: two\ndata: 2\n\n\r\n"
                              "0\r\nX-Trailer: HTTP/1.1 500\r\n\r\n"),
      SCRIPT_DO(SCRIPT_END, 0)}},
    {"length",
     {SCRIPT_TEXT(OK_HEAD "Content-Length: 51\r\n\r\n" EVENTS),
      SCRIPT_DO(SCRIPT_END, 0)}},
    {"to the end of the connection", {SCRIPT_TEXT(OPEN_HEAD EVENTS),
      SCRIPT_DO(SCRIPT_END, 0)}},
    {"HTTP/1.0",
     {SCRIPT_TEXT("HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                  EVENTS), SCRIPT_DO(SCRIPT_END, 0)}},
    {"HTTP/1.0, byte by byte",
     {SCRIPT_BYTEWISE("HTTP/1.0 200 OK\r\n"
                      "Content-Type: text/event-stream\r\n\r\n" EVENTS),
      SCRIPT_DO(SCRIPT_END, 0)}},
    {"behind interim responses",
     {SCRIPT_TEXT("HTTP/1.1 100 Continue\r\n\r\n"
                  "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                  OPEN_HEAD EVENTS), SCRIPT_DO(SCRIPT_END, 0)}},
};

static void test_framing(void **state)
{
    const framing *row = (const framing *)*state;
    const script scripts[] = {row->steps, no_more};
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_string_equal(p.log, EVENTS_LOG);
    assert_string_equal(p.states,
                        "connecting open waiting connecting closed ");
    assert_int_equal(p.result.reason, SSE_REASON_NO_CONTENT);
    assert_int_equal(p.result.http_status, 204);
    assert_int_equal(p.result.attempts, 2);
    assert_int_equal(p.result.events, 2);
    assert_null(probe_header(script_server_request(server, 0),
                             "Last-Event-ID"));
    assert_string_equal(probe_header(script_server_request(server, 1),
                                     "Last-Event-ID"), "1");
    script_server_stop(server);
}

/* ---- a cut at every place ---- */

static const char cut_stream[] =
    "retry: 1\nid: a\ndata: x\n\nid: b\r\ndata: y\r\n\r\n"
    ":ping\n\nid\ndata: z\n\nid: \xc3\xa9\x01 c \ndata:\n\nid: d\n\n";

/* What a reader of the first `len` bytes has seen, and the id it is left
 * with. */
static void read_prefix(size_t len, probe *p, char *id, size_t cap)
{
    char scratch[1024];
    sse_parser parser;
    size_t used, id_len;
    memset(p, 0, sizeof(*p));
    assert_int_equal(sse_parser_init(&parser, scratch, sizeof(scratch),
                                     probe_event, p), SSE_OK);
    assert_int_equal(sse_parser_feed(&parser, cut_stream, len, &used),
                     SSE_OK);
    const char *last = sse_parser_last_event_id(&parser, &id_len);
    (void)snprintf(id, cap, "%.*s", (int)id_len, last);
}

static void cut_at(size_t len, int chunked)
{
    char first[512];
    char id[64];
    probe want, p;
    int size;
    read_prefix(len, &want, id, sizeof(id));
    if (chunked) {
        size = snprintf(first, sizeof(first), "%s%s%zx\r\n%.*s", OK_HEAD,
                        "Transfer-Encoding: chunked\r\n\r\n",
                        sizeof(cut_stream) - 1, (int)len, cut_stream);
    } else {
        size = snprintf(first, sizeof(first), "%sContent-Length: %zu\r\n\r\n"
                        "%.*s", OK_HEAD, sizeof(cut_stream), (int)len,
                        cut_stream);
    }
    const script_step cut[] = {{SCRIPT_SEND, first, (size_t)size, 0},
                               SCRIPT_DO(SCRIPT_END, 0)};
    const script scripts[] = {cut, no_more};
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_string_equal(p.log, want.log);
    assert_int_equal(script_server_requests(server), 2);
    const char *sent =
        probe_header(script_server_request(server, 1), "Last-Event-ID");
    assert_string_equal(sent != NULL ? sent : "", id);
    script_server_stop(server);
}

static void test_cut_at_every_byte(void **state)
{
    (void)state;
    for (size_t len = 0; len < sizeof(cut_stream); len++) {
        cut_at(len, (int)(len % 2));
    }
}

static void test_id_is_kept_through_drops_without_a_new_one(void **state)
{
    static const script_step first[] = {
        SCRIPT_TEXT(OPEN_HEAD "id: [{\"p\":1}] \xe2\x82\xac\ndata: x\n\n"),
        SCRIPT_DO(SCRIPT_END, 0)};
    static const script_step silent[] = {SCRIPT_DO(SCRIPT_END, 0)};
    static const script_step broken[] = {
        SCRIPT_TEXT(OK_HEAD "Content-Length: 99\r\n\r\nid: lost\ndata: x\n"),
        SCRIPT_DO(SCRIPT_END, 0)};
    static const script_step reset[] = {SCRIPT_TEXT(OPEN_HEAD ": hi\n"),
                                        SCRIPT_DO(SCRIPT_SLEEP, 20),
                                        SCRIPT_DO(SCRIPT_RESET, 0)};
    static const script_step other[] = {SCRIPT_TEXT(OPEN_HEAD "id\n\n"),
                                        SCRIPT_DO(SCRIPT_END, 0)};
    const script scripts[] = {first, silent, broken, reset, other, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, COUNT(scripts));
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(script_server_requests(server), 6);
    for (size_t i = 1; i < 5; i++) {
        assert_string_equal(probe_header(script_server_request(server, i),
                                         "Last-Event-ID"),
                            "[{\"p\":1}] \xe2\x82\xac");
    }
    /* An empty id takes it away. */
    assert_null(probe_header(script_server_request(server, 5),
                             "Last-Event-ID"));
    script_server_stop(server);
}

static void test_seeded_id_goes_out_byte_for_byte(void **state)
{
    const script scripts[] = {no_more};
    char id[256];
    size_t len = 0;
    (void)state;
    for (int c = 1; c < 256; c++) {
        if (c != '\r' && c != '\n') {
            id[len++] = (char)c;
        }
    }
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.last_event_id = id;
    config.last_event_id_len = len;
    assert_int_equal(probe_run(&config), SSE_OK);
    const char *request = script_server_request(server, 0);
    const char *line = strstr(request, "Last-Event-ID: ");
    assert_non_null(line);
    assert_memory_equal(line + 15, id, len);
    assert_memory_equal(line + 15 + len, "\r\n", 2);
    script_server_stop(server);
}

static void test_refused_connections_are_tried_again(void **state)
{
    char url[64];
    (void)state;
    const int fd = script_refusing_url(url, sizeof(url));
    assert_true(fd >= 0);
    sse_curl_config config;
    probe p;
    probe_config(&config, url, &p);
    config.max_reconnects = 3;
    assert_int_equal(probe_run(&config), SSE_ERR_TRANSPORT);
    assert_int_equal(p.result.reason, SSE_REASON_MAX_RECONNECTS);
    assert_int_equal(p.result.cause, SSE_REASON_CONNECT);
    assert_true(PROBE_IS_REFUSED(&p));
    assert_int_equal(p.result.attempts, 4);
    assert_string_equal(p.states,
                        "connecting waiting connecting waiting connecting "
                        "waiting connecting closed ");
    (void)close(fd);
}

static void test_stop_from_the_event_hook(void **state)
{
    static const script_step steps[] = {SCRIPT_TEXT(OPEN_HEAD EVENTS),
                                        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    p.stop_after = 1;
    assert_int_equal(probe_run(&config), SSE_STOPPED);
    assert_int_equal(p.events, 1);
    assert_string_equal(p.states, "connecting open closed ");
    script_server_stop(server);
}

static sse_status flush_at_end(sse_parser *parser, void *user)
{
    (void)user;
    return sse_parser_set_at_end(parser, SSE_AT_END_FLUSH_LINE);
}

static void test_end_in_the_middle_of_an_event(void **state)
{
    static const script_step steps[] = {SCRIPT_TEXT(OPEN_HEAD "data: cut"),
                                        SCRIPT_DO(SCRIPT_END, 0)};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.reconnect = 0;
    assert_int_equal(probe_run(&config), SSE_INCOMPLETE);
    assert_int_equal(p.events, 0);
    assert_int_equal(p.result.reason, SSE_REASON_END);

    probe_config(&config, script_server_url(server, "/"), &p);
    config.reconnect = 0;
    config.setup_parser = flush_at_end;
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_string_equal(p.log, "message||cut\n");
    script_server_stop(server);
}

#define TEXT_16 "1234567890123456"
#define TEXT_64 TEXT_16 TEXT_16 TEXT_16 TEXT_16

/* The last line finds the 64 bytes of the scratch taken: one more is wanted. */
static void test_end_that_wants_space(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT(OPEN_HEAD "data: " TEXT_64 "\ndata"),
        SCRIPT_DO(SCRIPT_END, 0)};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    for (size_t most = 64; most <= 65; most++) {
        sse_curl_config config;
        probe p;
        probe_config(&config, script_server_url(server, "/"), &p);
        config.reconnect = 0;
        config.setup_parser = flush_at_end;
        config.max_id_size = 64;
        config.max_type_size = 8;
        config.scratch_cap = 64;
        config.max_event_size = most;
        assert_int_equal(probe_run(&config), SSE_OK);
        assert_string_equal(
            p.log, most == 64 ? "" : "message||" TEXT_64 "\n\n");
    }
    script_server_stop(server);
}

static void test_fds_stay_flat(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT(OK_HEAD "Transfer-Encoding: chunked\r\n\r\n"
                            "9\r\ndata: x\n\n\r\n"),
        SCRIPT_DO(SCRIPT_RESET, 0)};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    size_t before = 0;
    for (int n = 0; n < 3; n++) {
        probe_config(&config, script_server_url(server, "/"), &p);
        config.max_reconnects = 100;
        (void)probe_run(&config);
        assert_int_equal(p.result.attempts, 101);
        for (int wait = 0; wait < 60000 && n > 0 && probe_fds() > before;
             wait++) {
            script_sleep_ms(1);
        }
        if (n > 0) {
            assert_true(probe_fds() <= before);
        }
        script_sleep_ms(20);
        before = probe_fds();
    }
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_cut_at_every_byte),
        cmocka_unit_test(test_id_is_kept_through_drops_without_a_new_one),
        cmocka_unit_test(test_seeded_id_goes_out_byte_for_byte),
        cmocka_unit_test(test_refused_connections_are_tried_again),
        cmocka_unit_test(test_stop_from_the_event_hook),
        cmocka_unit_test(test_end_in_the_middle_of_an_event),
        cmocka_unit_test(test_end_that_wants_space),
        cmocka_unit_test(test_fds_stay_flat),
    };
    struct CMUnitTest tests[COUNT(framings) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, framings, name, test_framing);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
