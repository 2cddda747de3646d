/*
 * test_sock_client_framing.c - framing that breaks, and streams that are
 * silent, paused or reset, over plain sockets.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#define OVER_SOCK 1

#include "test_curl_rig.h"

#include <time.h>

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE), DONE};

#define CHUNKED_HEAD OK_HEAD "Transfer-Encoding: chunked\r\n"
#define CHUNK_X "9\r\ndata: x\n\n\r\n0\r\n\r\n"

/* ---- framing that breaks ---- */

typedef struct broken_row {
    const char *name;
    const char *body; /* of a chunked response, behind one event */
} broken_row;

static broken_row broken_rows[] = {
    {"broken: no size", "x\r\n"},
    {"broken: a bare LF behind the size", "5\nabcde\r\n"},
    {"broken: data longer than its size", "2\r\n: \n\n\r\n"},
    {"broken: sixteen digits", "0000000000000005\r\n:abc\n\r\n"},
    {"broken: the end is missing", "0\r\n"},
    {"broken: a trailer that is none", "0\r\nno trailer\r\n\r\n"},
};

static void test_broken(void **state)
{
    const broken_row *row = (const broken_row *)*state;
    char answer[256];
    const int len = snprintf(answer, sizeof(answer), "%s%s%s", CHUNKED_HEAD
                             "\r\n", "10\r\nid: 4\ndata: x\n\n:\r\n",
                             row->body);
    const script_step steps[] = {{SCRIPT_SEND, answer, (size_t)len, 0}, DONE};
    const script scripts[] = {steps, no_more};
    script_server *server = script_server_start(scripts, 2);
    sse_client_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_string_equal(p.log, "message|4|x\n");
    assert_string_equal(probe_header(script_server_request(server, 1),
                                     "Last-Event-ID"), "4");
    script_server_stop(server);

    server = script_server_start(scripts, 1);
    probe_config(&config, script_server_url(server, "/"), &p);
    config.reconnect = 0;
    assert_int_equal(probe_run(&config), SSE_ERR_TRANSPORT);
    assert_int_equal(p.result.reason, SSE_REASON_CUT);
    script_server_stop(server);
}

/* Extensions are bounded for each chunk, not over an endless stream. */
static void test_extensions(void **state)
{
    static char block[40000];
    static char line[10000];
    size_t len = 0;
    (void)state;
    for (int n = 0; n < 1000; n++) {
        len += (size_t)snprintf(block + len, sizeof(block) - len,
                                "1;a=\"0123456789\"\r\n%s\r\n",
                                n % 2 == 0 ? ":" : "\n");
    }
    memset(line, 'a', sizeof(line));
    line[0] = '1';
    line[1] = ';';
    const script_step many[] = {SCRIPT_TEXT(CHUNKED_HEAD "\r\n"),
                                {SCRIPT_SEND, block, len, 0},
                                SCRIPT_TEXT(CHUNK_X), DONE};
    const script_step longest[] = {SCRIPT_TEXT(CHUNKED_HEAD "\r\n"),
                                   {SCRIPT_FILL, line, sizeof(line), 100000},
                                   DONE};
    const script scripts[] = {many, longest, no_more};
    script_server *server = script_server_start(scripts, 3);
    sse_client_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(p.events, 1);
    assert_int_equal(p.result.attempts, 3);
    script_server_stop(server);
}

/* ---- quiet ---- */

/* A peer that resets a paused stream costs nothing until the reader goes on,
 * and then the reader still gets what came before. */
static void test_reset_while_paused(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT(OPEN_HEAD "data: 0\n\ndata: 1\n\n"),
        SCRIPT_DO(SCRIPT_GATE, 1), SCRIPT_DO(SCRIPT_RESET, 0)};
    const script scripts[] = {steps, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    sse_client_config config;
    probe p;
    rig r;
    probe_config(&config, script_server_url(server, "/"), &p);
    p.pause_at = 1;
    rig_open(&r);
    rig_add(&r, &config);
    turn_until(&r, &p.events, 1);
    script_server_open_gate(server, 1);
    const clock_t before = clock();
    unsigned turns = 0;
    for (const uint64_t until = script_now_ms() + 600;
         script_now_ms() < until; turns++) {
        (void)rig_turn(&r, 50);
    }
    assert_true(turns < 100);
    assert_true((clock() - before) * 1000 / CLOCKS_PER_SEC < 400);
    assert_int_equal(p.events, 1);
    sse_client_resume(r.stream[0]);
    rig_run(&r);
    assert_int_equal(p.events, 2);
    assert_int_equal(p.result.attempts, 2);
    rig_close(&r);
    script_server_stop(server);
}

static void turn_until_told(rig *r, const probe *p, const char *states)
{
    const uint64_t until = script_now_ms() + PATIENCE_MS;
    while (strcmp(p->states, states) != 0 && script_now_ms() < until) {
        (void)rig_turn(r, 5);
    }
    assert_string_equal(p->states, states);
}

static void test_silence_turns_no_loop(void **state)
{
    static const script_step open[] = {SCRIPT_TEXT(OPEN_HEAD ": hi\n"),
                                       SCRIPT_DO(SCRIPT_HANG, 0)};
    static const script_step away[] = {
        SCRIPT_TEXT("HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n"),
        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {open, away};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    sse_client_config config;
    probe p[2];
    rig r;
    rig_open(&r);
    for (size_t i = 0; i < 2; i++) {
        probe_config(&config, script_server_url(server, "/"), &p[i]);
        config.retry_ms = 20000;
        config.max_retry_ms = 20000;
        config.idle_timeout_ms = 30000;
        rig_add(&r, &config);
        turn_until_told(&r, &p[i], i == 0 ? "connecting open "
                                          : "connecting waiting ");
        turn_for(&r, 50);
    }
    unsigned turns = 0;
    for (const uint64_t until = script_now_ms() + 400;
         script_now_ms() < until; turns++) {
        (void)rig_turn(&r, 400);
    }
    assert_true(turns < 20);
    rig_close(&r);
    assert_string_equal(p[0].states, "connecting open closed ");
    assert_string_equal(p[1].states, "connecting waiting closed ");
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_extensions),
        cmocka_unit_test(test_reset_while_paused),
        cmocka_unit_test(test_silence_turns_no_loop),
    };
    struct CMUnitTest tests[COUNT(broken_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, broken_rows, name, test_broken);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
