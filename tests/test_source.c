/*
 * test_source.c - the reconnection machine: what leads to what.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_source_fixture.h"

/* ---- responses ---- */

typedef struct response_row {
    const char *name;
    int status;
    const char *type;
    sse_action_kind kind;
    sse_reason reason;
} response_row;

#define WAITS SSE_ACTION_WAIT, SSE_REASON_STATUS
#define FAILS SSE_ACTION_FAIL, SSE_REASON_STATUS
#define WRONG SSE_ACTION_FAIL, SSE_REASON_MEDIA_TYPE
#define OPENS SSE_ACTION_READ, SSE_REASON_NONE

static response_row response_rows[] = {
    {"200 opens", 200, STREAM, OPENS},
    {"200 with a charset opens", 200, STREAM "; charset=utf-8", OPENS},
    {"200 with a blank before the parameter", 200, STREAM " ;x=y", OPENS},
    {"200 in any case opens", 200, "Text/EVENT-Stream", OPENS},
    {"200 with white space around", 200, " \t" STREAM "\t ", OPENS},
    {"200 with html fails", 200, "text/html", WRONG},
    {"200 with json fails", 200, "application/json", WRONG},
    {"200 without a type fails", 200, NULL, WRONG},
    {"200 with an empty type fails", 200, "", WRONG},
    {"200 with a longer type fails", 200, STREAM "s", WRONG},
    {"200 with a shorter type fails", 200, "text/event-strea", WRONG},
    {"200 with two types fails", 200, STREAM ", text/html", WRONG},
    {"204 closes", 204, NULL, SSE_ACTION_CLOSE, SSE_REASON_NO_CONTENT},
    {"204 with a stream's type closes", 204, STREAM, SSE_ACTION_CLOSE,
     SSE_REASON_NO_CONTENT},
    {"201 fails", 201, STREAM, FAILS},
    {"202 fails", 202, STREAM, FAILS},
    {"205 fails", 205, STREAM, FAILS},
    {"206 fails", 206, STREAM, FAILS},
    {"300 fails", 300, STREAM, FAILS},
    {"304 fails", 304, NULL, FAILS},
    {"400 fails", 400, NULL, FAILS},
    {"401 fails", 401, NULL, FAILS},
    {"403 fails", 403, NULL, FAILS},
    {"404 fails", 404, STREAM, FAILS},
    {"405 fails", 405, NULL, FAILS},
    {"407 fails", 407, NULL, FAILS},
    {"408 waits", 408, NULL, WAITS},
    {"409 fails", 409, NULL, FAILS},
    {"410 fails", 410, NULL, FAILS},
    {"413 fails", 413, NULL, FAILS},
    {"422 fails", 422, NULL, FAILS},
    {"425 waits", 425, NULL, WAITS},
    {"429 waits", 429, STREAM, WAITS},
    {"500 waits", 500, STREAM, WAITS},
    {"501 fails", 501, NULL, FAILS},
    {"502 waits", 502, "text/html", WAITS},
    {"503 waits", 503, NULL, WAITS},
    {"504 waits", 504, NULL, WAITS},
    {"505 fails", 505, NULL, FAILS},
    {"507 fails", 507, NULL, FAILS},
    {"599 fails", 599, NULL, FAILS},
};

static void test_response(void **state)
{
    const response_row *row = (const response_row *)*state;
    fixture *f = fresh();
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    respond(f, 7, row->status, row->type);
    assert_int_equal(next(f, 7), row->kind);
    assert_int_equal(f->action.reason, row->reason);
    assert_int_equal(f->action.cause, row->reason);
    assert_int_equal(f->action.http_status, row->status);
    if (row->kind == SSE_ACTION_CLOSE || row->kind == SSE_ACTION_FAIL) {
        assert_int_equal(sse_source_get_state(&f->source), SSE_SOURCE_CLOSED);
        assert_int_equal(next(f, 8), SSE_ACTION_NONE);
        assert_int_equal(next(f, 90000000), SSE_ACTION_NONE);
    }
}

/* ---- ends of an open stream ---- */

typedef struct end_row {
    const char *name;
    sse_reason told;
    int idempotent, reconnect, delivered;
    uint64_t max_reconnects;
    sse_action_kind kind;
    sse_reason reason, cause;
} end_row;

#define ALWAYS SSE_NEVER
#define R(name) SSE_REASON_##name

static end_row end_rows[] = {
    {"a regular end connects again", R(END), 1, 1, 0, ALWAYS,
     SSE_ACTION_WAIT, R(END), R(END)},
    {"a cut connects again", R(CUT), 1, 1, 1, ALWAYS, SSE_ACTION_WAIT,
     R(CUT), R(CUT)},
    {"a connection error behind the response is a cut", R(CONNECT), 1, 1, 0,
     ALWAYS, SSE_ACTION_WAIT, R(CUT), R(CUT)},
    {"a redirect failure ends", R(REDIRECT), 1, 1, 0, ALWAYS,
     SSE_ACTION_FAIL, R(REDIRECT), R(REDIRECT)},
    {"a fatal failure ends", R(FATAL), 1, 1, 0, ALWAYS, SSE_ACTION_FAIL,
     R(FATAL), R(FATAL)},
    {"a failed decoding ends", R(MEDIA_TYPE), 1, 1, 0, ALWAYS,
     SSE_ACTION_FAIL, R(MEDIA_TYPE), R(MEDIA_TYPE)},
    {"too long ends", R(TOO_LONG), 1, 1, 0, ALWAYS, SSE_ACTION_FAIL,
     R(TOO_LONG), R(TOO_LONG)},
    {"the caller ends", R(CALLER), 1, 1, 0, ALWAYS, SSE_ACTION_CLOSE,
     R(CALLER), R(CALLER)},
    {"no reconnect: a regular end closes", R(END), 1, 0, 0, ALWAYS,
     SSE_ACTION_CLOSE, R(END), R(END)},
    {"no reconnect: a cut fails", R(CUT), 1, 0, 0, ALWAYS, SSE_ACTION_FAIL,
     R(CUT), R(CUT)},
    {"max_reconnects 0: a regular end fails", R(END), 1, 1, 0, 0,
     SSE_ACTION_FAIL, R(MAX_RECONNECTS), R(END)},
    {"max_reconnects 0: a cut fails", R(CUT), 1, 1, 0, 0, SSE_ACTION_FAIL,
     R(MAX_RECONNECTS), R(CUT)},
    {"not idempotent: a regular end closes", R(END), 0, 1, 1, ALWAYS,
     SSE_ACTION_CLOSE, R(END), R(END)},
    {"not idempotent: it closes without an event too", R(END), 0, 1, 0,
     ALWAYS, SSE_ACTION_CLOSE, R(END), R(END)},
    {"not idempotent: a cut before an event is repeated", R(CUT), 0, 1, 0,
     ALWAYS, SSE_ACTION_WAIT, R(CUT), R(CUT)},
    {"not idempotent: a cut behind an event is not", R(CUT), 0, 1, 1, ALWAYS,
     SSE_ACTION_FAIL, R(REPLAY), R(CUT)},
};

static void test_end(void **state)
{
    const end_row *row = (const end_row *)*state;
    fixture *f = fresh();
    f->config.idempotent = row->idempotent;
    f->config.reconnect = row->reconnect;
    f->config.max_reconnects = row->max_reconnects;
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    respond(f, 1, 200, STREAM);
    if (row->delivered) {
        sse_source_event(&f->source);
    }
    sse_source_end(&f->source, 2, row->told);
    assert_int_equal(next(f, 2), row->kind);
    assert_int_equal(f->action.reason, row->reason);
    assert_int_equal(f->action.cause, row->cause);
}

static void test_end_before_the_response_is_no_connection(void **state)
{
    (void)state;
    fixture *f = fresh();
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    sse_source_end(&f->source, 1, SSE_REASON_END);
    assert_int_equal(next(f, 1), SSE_ACTION_WAIT);
    assert_int_equal(f->action.reason, SSE_REASON_CONNECT);
    assert_int_equal(f->action.http_status, 0);
}

static void test_replay_counts_events_of_all_attempts(void **state)
{
    (void)state;
    fixture *f = fresh();
    f->config.idempotent = 0;
    f->config.policy = NULL;
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    respond(f, 1, 503, NULL);
    assert_int_equal(next(f, 1), SSE_ACTION_WAIT);
    assert_int_equal(next(f, f->action.until_ms), SSE_ACTION_CONNECT);
    respond(f, 10000, 200, STREAM);
    sse_source_event(&f->source);
    sse_source_end(&f->source, 10001, SSE_REASON_CUT);
    assert_int_equal(next(f, 10001), SSE_ACTION_FAIL);
    assert_int_equal(f->action.reason, SSE_REASON_REPLAY);
    assert_int_equal(sse_action_status(&f->action), SSE_ERR_TRANSPORT);
}

static void test_max_reconnects_counts_all(void **state)
{
    (void)state;
    fixture *f = fresh();
    f->config.max_reconnects = 3;
    start(f);
    uint64_t now = 0;
    for (uint64_t n = 1; n <= 4; n++) {
        assert_int_equal(next(f, now), SSE_ACTION_CONNECT);
        assert_int_equal(f->action.attempt, n);
        respond(f, now, 200, STREAM);
        sse_source_event(&f->source);
        now += 60000;
        sse_source_end(&f->source, now, SSE_REASON_END);
        if (n < 4) {
            assert_int_equal(next(f, now), SSE_ACTION_WAIT);
            now = f->action.until_ms;
        }
    }
    assert_int_equal(next(f, now), SSE_ACTION_FAIL);
    assert_int_equal(f->action.reason, SSE_REASON_MAX_RECONNECTS);
    assert_int_equal(sse_action_status(&f->action), SSE_ERR_LIMIT);
    assert_int_equal(next(f, now), SSE_ACTION_NONE);
}

/* ---- the id ---- */

static void is_id(const fixture *f, const char *id)
{
    assert_int_equal(f->action.last_event_id_len, strlen(id));
    assert_memory_equal(f->action.last_event_id, id, strlen(id));
}

static void test_id_is_kept_through_a_second_drop(void **state)
{
    (void)state;
    fixture *f = fresh();
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    is_id(f, "");
    respond(f, 1, 200, STREAM);
    feed(f, "id: 7\n\nid: \xc3\xa4 8\ndata: x\n\nid: 9\ndata: cut");
    sse_source_end(&f->source, 2, SSE_REASON_CUT);
    assert_int_equal(next(f, 2), SSE_ACTION_WAIT);
    sse_parser_reset(&f->parser);
    assert_int_equal(next(f, f->action.until_ms), SSE_ACTION_CONNECT);
    is_id(f, "\xc3\xa4 8");
    sse_source_end(&f->source, 100000, SSE_REASON_CONNECT);
    assert_int_equal(next(f, 100000), SSE_ACTION_WAIT);
    assert_int_equal(next(f, f->action.until_ms), SSE_ACTION_CONNECT);
    is_id(f, "\xc3\xa4 8");
}

static void test_seeded_id_goes_with_the_first_request(void **state)
{
    (void)state;
    fixture *f = fresh();
    assert_int_equal(sse_parser_set_last_event_id(&f->parser, "seed", 4),
                     SSE_OK);
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    is_id(f, "seed");
}

static void test_no_parser_no_id(void **state)
{
    (void)state;
    fixture *f = fresh();
    assert_int_equal(sse_source_init(&f->source, NULL, NULL), SSE_OK);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    assert_int_equal(f->action.last_event_id_len, 0);
    sse_source_end(&f->source, 1, SSE_REASON_CONNECT);
    assert_int_equal(next(f, 1), SSE_ACTION_WAIT);
    assert_in_range(f->action.delay_ms, 3000, 3750);
}

static void test_init_refuses(void **state)
{
    (void)state;
    sse_source source;
    sse_source_config config;
    sse_source_config_init(&config);
    assert_int_equal(sse_source_init(NULL, &config, NULL), SSE_ERR_INVALID);
    config.size = 0;
    assert_int_equal(sse_source_init(&source, &config, NULL),
                     SSE_ERR_INVALID);
}

static void test_every_reason_has_its_text(void **state)
{
    (void)state;
    for (int i = SSE_REASON_NONE; i <= SSE_REASON_POLICY; i++) {
        const char *text = sse_reason_text((sse_reason)i);
        assert_non_null(text);
        assert_string_not_equal(text, "unknown reason");
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(text, sse_reason_text((sse_reason)j));
        }
    }
    assert_string_equal(sse_reason_text((sse_reason)999), "unknown reason");
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_end_before_the_response_is_no_connection),
        cmocka_unit_test(test_replay_counts_events_of_all_attempts),
        cmocka_unit_test(test_max_reconnects_counts_all),
        cmocka_unit_test(test_id_is_kept_through_a_second_drop),
        cmocka_unit_test(test_seeded_id_goes_with_the_first_request),
        cmocka_unit_test(test_no_parser_no_id),
        cmocka_unit_test(test_init_refuses),
        cmocka_unit_test(test_every_reason_has_its_text),
    };
    struct CMUnitTest
        tests[COUNT(response_rows) + COUNT(end_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, response_rows, name, test_response);
    n += FILL_ROWS(tests + n, end_rows, name, test_end);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
