/*
 * test_sock_client_life.c - the plain-socket client on a loop: closed from
 * inside of hooks and outside of turns, beside other streams.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#define OVER_SOCK 1

#include "test_curl_rig.h"

static const script_step two_events[] = {
    SCRIPT_TEXT(OPEN_HEAD ": c\ndata: 1\n\ndata: 2\n\n"),
    SCRIPT_DO(SCRIPT_HANG, 0)};

#define URL "http://127.0.0.1:9/"

static int ignore_event(const sse_event *event, void *user)
{
    (void)event;
    (void)user;
    return SSE_GO;
}

enum {
    ON_REQUEST, ON_RESPONSE, ON_EVENT, ON_STATE, ON_END, ON_COMMENT, ON_POLICY
};

typedef struct closer {
    sse_client *client, *other;
    int at;                /* which hook closes */
    sse_source_state when; /* ON_STATE: in which */
    int cancels;           /* it cancels instead */
    int closed, ends, events_behind, states_behind;
    sse_status status;
} closer;

static void close_at(closer *c, int at)
{
    if (c->at == at && !c->closed) {
        c->closed = 1;
        if (c->cancels) {
            sse_client_cancel(c->client);
        } else {
            sse_client_close(c->client);
            sse_client_close(c->client); /* ignored */
        }
        sse_client_close(c->other);
    }
}

static void closer_request(const char *head, size_t head_len, void *user)
{
    assert_true(head_len > 16);
    assert_memory_equal(head, "GET / HTTP/1.1\r\n", 16);
    close_at((closer *)user, ON_REQUEST);
}

static int closer_response(const sse_client_response *response, void *user)
{
    (void)response;
    close_at((closer *)user, ON_RESPONSE);
    return SSE_GO;
}

static int closer_event(const sse_event *event, void *user)
{
    closer *c = (closer *)user;
    (void)event;
    c->events_behind += c->closed;
    close_at(c, ON_EVENT);
    return SSE_GO;
}

static int closer_comment(const char *text, size_t len, uint64_t offset,
                          void *user)
{
    (void)text;
    (void)len;
    (void)offset;
    close_at((closer *)user, ON_COMMENT);
    return SSE_GO;
}

static sse_status closer_setup(sse_parser *parser, void *user)
{
    (void)user;
    sse_parser_on_comment(parser, closer_comment);
    return SSE_OK;
}

static void closer_state(sse_source_state state, const sse_action *action,
                         void *user)
{
    closer *c = (closer *)user;
    (void)action;
    c->states_behind += c->closed && state != SSE_SOURCE_CLOSED;
    if (state == c->when) {
        close_at(c, ON_STATE);
    }
}

static void closer_policy(sse_decision *decision, void *user)
{
    (void)decision;
    close_at((closer *)user, ON_POLICY);
}

static void closer_end(const sse_client_result *result, void *user)
{
    closer *c = (closer *)user;
    c->ends++;
    c->status = result->status;
    close_at(c, ON_END);
}

typedef struct close_row {
    const char *name;
    int at;
    sse_source_state when;
    int gone; /* the server answers 503 */
} close_row;

static close_row close_rows[] = {
    {"close: in the request hook", ON_REQUEST, SSE_SOURCE_OPEN, 0},
    {"close: in the response hook", ON_RESPONSE, SSE_SOURCE_OPEN, 0},
    {"close: in the event hook", ON_EVENT, SSE_SOURCE_OPEN, 0},
    {"close: in a hook of the parser", ON_COMMENT, SSE_SOURCE_OPEN, 0},
    {"close: in the policy hook", ON_POLICY, SSE_SOURCE_OPEN, 1},
    {"close: connecting", ON_STATE, SSE_SOURCE_CONNECTING, 0},
    {"close: open", ON_STATE, SSE_SOURCE_OPEN, 0},
    {"close: waiting", ON_STATE, SSE_SOURCE_WAITING, 1},
    {"close: closed", ON_STATE, SSE_SOURCE_CLOSED, 0},
    {"close: in the last hook", ON_END, SSE_SOURCE_OPEN, 0},
};

static void stop_loop(sse_loop *loop, sse_timer *timer, void *user)
{
    (void)timer;
    (void)user;
    sse_loop_stop(loop);
}

static void run_closer(script_server *server, const close_row *row,
                       int cancels, int with_other)
{
    sse_client_config config;
    sse_loop *loop;
    sse_timer timer;
    closer c;
    memset(&c, 0, sizeof(c));
    memset(&timer, 0, sizeof(timer));
    c.at = row->at;
    c.when = row->when;
    c.cancels = cancels;
    assert_int_equal(sse_loop_open(&loop), SSE_OK);
    sse_client_config_init(&config);
    config.url = script_server_url(server, "/");
    config.on_event = ignore_event;
    if (with_other) { /* closed from inside a hook of another one */
        assert_int_equal(sse_client_open(&config, &c.other), SSE_OK);
        assert_int_equal(sse_client_attach(c.other, loop), SSE_OK);
    }
    config.on_event = closer_event;
    config.on_request = closer_request;
    config.on_response = closer_response;
    config.on_state = closer_state;
    config.on_end = closer_end;
    config.policy = closer_policy;
    config.setup_parser = closer_setup;
    config.user = &c;
    if (row->at == ON_END || row->when == SSE_SOURCE_CLOSED) {
        config.total_timeout_ms = 50;
    }
    assert_int_equal(sse_client_open(&config, &c.client), SSE_OK);
    assert_int_equal(sse_client_attach(c.client, loop), SSE_OK);
    const uint64_t until = script_now_ms() + PATIENCE_MS;
    while (c.ends == 0 && script_now_ms() < until) {
        (void)sse_loop_turn(loop, 100);
    }
    assert_int_equal(sse_timer_start(loop, &timer, 20, stop_loop, NULL),
                     SSE_OK);
    assert_int_equal(sse_loop_run(loop), SSE_OK);
    assert_int_equal(c.ends, 1);
    assert_int_equal(c.events_behind, 0);
    assert_int_equal(c.states_behind, 0);
    if (row->at != ON_END && row->when != SSE_SOURCE_CLOSED) {
        assert_int_equal(c.status, SSE_ERR_CANCELLED);
    }
    if (cancels) {
        sse_client_close(c.client);
        assert_int_equal(c.ends, 1);
    }
    sse_loop_close(loop);
}

static void test_close(void **state)
{
    static const script_step away[] = {
        SCRIPT_TEXT("HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n"), DONE};
    const close_row *row = (const close_row *)*state;
    const script scripts[] = {row->gone ? away : two_events};
    script_server *server = script_server_start(scripts, 1);
    for (int n = 0; n < 4; n++) {
        run_closer(server, row, n % 2, n / 2);
    }
    script_server_stop(server);
}

/* Outside of any turn: on_end comes from inside the call. */
static void test_close_outside_of_a_turn(void **state)
{
    const script scripts[] = {two_events};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_client_config config;
    probe p;
    rig r;
    probe_config(&config, script_server_url(server, "/"), &p);
    rig_open(&r);
    rig_add(&r, &config);
    turn_until(&r, &p.events, 2);
    assert_int_equal(sse_source_get_state(sse_client_source(r.stream[0])),
                     SSE_SOURCE_OPEN);
    assert_string_equal(sse_client_error_text(r.stream[0]), "");
    sse_client_close(r.stream[0]);
    assert_int_equal(p.ends, 1);
    assert_int_equal(p.result.status, SSE_ERR_CANCELLED);
    assert_string_equal(p.states, "connecting open closed ");
    /* Attached, and never turned. */
    rig_make(&r, &config);
    r.stream[0] = r.stream[1];
    r.count = 1;
    memset(&p, 0, sizeof(p));
    assert_int_equal(rig_attach(&r, 0), SSE_OK);
    sse_client_cancel(r.stream[0]);
    rig_close(&r);
    assert_int_equal(p.ends, 1);
    assert_string_equal(p.states, "closed ");
    script_server_stop(server);
}

static void test_attach_refuses(void **state)
{
    sse_client_config config;
    probe p;
    rig r;
    (void)state;
    probe_config(&config, URL, &p);
    rig_open(&r);
    rig_make(&r, &config);
    assert_int_equal(sse_client_attach(NULL, r.loop), SSE_ERR_INVALID);
    assert_int_equal(sse_client_attach(r.stream[0], NULL), SSE_ERR_INVALID);
    assert_int_equal(rig_attach(&r, 0), SSE_OK);
    assert_int_equal(rig_attach(&r, 0), SSE_ERR_INVALID);
    rig_close(&r);
    assert_int_equal(p.ends, 1);
    assert_int_equal(p.result.attempts, 0);
}

/* Pausing hooks that resume at once hold up no other stream. */
static int pause_and_resume(const sse_event *event, void *user)
{
    (void)event;
    sse_client_resume(*(sse_client **)user);
    return SSE_PAUSE;
}

static void test_resume_in_the_hook_shares_the_loop(void **state)
{
    static char block[90000];
    for (size_t i = 0; i < sizeof(block); i += 9) {
        memcpy(block + i, "data: x\n\n", 9);
    }
    const script_step flood[] = {SCRIPT_TEXT(OPEN_HEAD),
                                 {SCRIPT_FILL, block, sizeof(block), 100000},
                                 DONE};
    const script scripts[] = {flood, two_events};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    sse_client_config config;
    probe p;
    rig r;
    rig_open(&r);
    sse_client_config_init(&config);
    config.url = script_server_url(server, "/");
    config.on_event = pause_and_resume;
    config.user = &r.stream[0];
    rig_add(&r, &config);
    turn_for(&r, 50);
    probe_config(&config, script_server_url(server, "/"), &p);
    rig_add(&r, &config);
    turn_until(&r, &p.events, 2);
    rig_close(&r);
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_close_outside_of_a_turn),
        cmocka_unit_test(test_attach_refuses),
        cmocka_unit_test(test_resume_in_the_hook_shares_the_loop),
    };
    struct CMUnitTest tests[COUNT(close_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, close_rows, name, test_close);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
