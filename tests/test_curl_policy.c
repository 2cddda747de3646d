/*
 * test_curl_policy.c - the table of policy_rows.h over libcurl.
 *
 * SPDX-License-Identifier: MIT
 */
#include "policy_rows.h"

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE), DONE};

/* Waits, beside what the probe writes down. */
typedef struct watcher {
    probe p; /* first: its hooks take a pointer to it */
    char failures[128];
} watcher;

static void watch_state(sse_source_state state, const sse_action *action,
                        void *user)
{
    watcher *w = (watcher *)user;
    const size_t len = strlen(w->failures);
    probe_state(state, action, &w->p);
    if (state == SSE_SOURCE_WAITING) {
        (void)snprintf(w->failures + len, sizeof(w->failures) - len, "%s%u",
                       len > 0 ? " " : "", (unsigned)action->failures);
    }
}

static void set(uint32_t *number, uint32_t to)
{
    *number = to != 0 ? to : *number;
}

static void configure(sse_curl_config *config, const policy_row *row)
{
    config->on_state = watch_state;
    config->body = row->body;
    config->body_len = row->body != NULL ? strlen(row->body) : 0;
    config->last_event_id = row->id;
    config->last_event_id_len = row->id != NULL ? strlen(row->id) : 0;
    config->idempotent = row->idempotent ? 1 : -1;
    config->reconnect = !row->once;
    if (row->failures != NULL) {
        config->retry_ms = 60; /* every wait is to be told */
        config->max_retry_ms = 60;
    }
    set(&config->retry_ms, row->retry_ms);
    set(&config->max_retry_ms, row->max_retry_ms);
    set(&config->healthy_ms, row->healthy_ms);
    if (row->max_reconnects != 0) {
        config->max_reconnects = row->max_reconnects;
    }
}

/* Last-Event-ID of each request. */
static void list_ids(script_server *server, char *ids, size_t cap)
{
    const size_t count = script_server_requests(server);
    size_t len = 0;
    ids[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *id =
            probe_header(script_server_request(server, i), "Last-Event-ID");
        len += (size_t)snprintf(ids + len, cap - len, "%s%s",
                                i > 0 ? " " : "", id != NULL ? id : "-");
    }
}

static void test_row(void **state)
{
    const policy_row *row = (const policy_row *)*state;
    script_step steps[COUNT(row->answers)][2];
    script scripts[COUNT(row->answers)];
    size_t count = 0;
    char ids[512];
    for (; count < COUNT(row->answers) && row->answers[count] != NULL;
         count++) {
        const script_step send = {SCRIPT_SEND, row->answers[count],
                                  strlen(row->answers[count]), 0};
        const script_step done = DONE;
        steps[count][0] = send;
        steps[count][1] = done;
        scripts[count] = steps[count];
    }
    script_server *server = script_server_start(scripts, count);
    sse_curl_config config;
    watcher w;
    memset(&w, 0, sizeof(w));
    probe_config(&config, script_server_url(server, "/"), &w.p);
    configure(&config, row);
    const sse_status status = probe_run(&config);
    list_ids(server, ids, sizeof(ids));
    assert_string_equal(ids, row->ids);
    assert_string_equal(w.p.log, row->events != NULL ? row->events : "");
    assert_int_equal(status, row->status);
    assert_int_equal(w.p.result.reason, row->reason);
    assert_int_equal(w.p.result.cause, row->cause);
    if (row->failures != NULL) {
        assert_string_equal(w.failures, row->failures);
    }
    if (row->most_ms != 0) {
        assert_in_range(w.p.delay_ms, row->least_ms, row->most_ms);
    }
    script_server_stop(server);
}

/* One response of that status, and what it leads to. */
static void run_status(int http_status, probe *p, size_t *requests)
{
    char answer[128];
    const int len = snprintf(
        answer, sizeof(answer),
        "HTTP/1.1 %d X\r\nContent-Type: text/event-stream\r\n"
        "Content-Length: 0\r\n\r\n", http_status);
    const script_step steps[] = {{SCRIPT_SEND, answer, (size_t)len, 0}, DONE};
    const script scripts[] = {steps, no_more};
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    probe_config(&config, script_server_url(server, "/"), p);
    (void)probe_run(&config);
    *requests = script_server_requests(server);
    script_server_stop(server);
}

static void test_final_statuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(final_statuses); i++) {
        probe p;
        size_t requests;
        run_status(final_statuses[i], &p, &requests);
        assert_int_equal(requests, 1);
        assert_int_equal(p.result.status, SSE_ERR_HTTP_STATUS);
        assert_int_equal(p.result.reason, SSE_REASON_STATUS);
        assert_int_equal(p.result.http_status, final_statuses[i]);
        assert_string_equal(p.states, "connecting closed ");
        assert_int_equal(p.events, 0);
    }
}

static void test_transient_statuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(transient_statuses); i++) {
        probe p;
        size_t requests;
        run_status(transient_statuses[i], &p, &requests);
        assert_int_equal(requests, 2);
        assert_int_equal(p.result.reason, SSE_REASON_NO_CONTENT);
        assert_string_equal(p.states,
                            "connecting waiting connecting closed ");
    }
}

/* Ten clients of one server that is gone, each with a seed of its own: no two
 * plan to come back at the same moment. */
static void test_clients_spread(void **state)
{
    static const script_step away[] = {
        SCRIPT_TEXT("HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n"), DONE};
    const script scripts[] = {away};
    uint64_t delays[10];
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    for (size_t i = 0; i < COUNT(delays); i++) {
        sse_curl_config config;
        probe p;
        rig r;
        probe_config(&config, script_server_url(server, "/"), &p);
        config.retry_ms = 20000;
        config.seed = 0; /* drawn */
        rig_open(&r);
        config.max_retry_ms = 30000;
        rig_add(&r, &config);
        const uint64_t until = script_now_ms() + PATIENCE_MS;
        while (p.delay_ms == 0 && script_now_ms() < until) {
            (void)rig_turn(&r, 50);
        }
        delays[i] = p.delay_ms;
        rig_close(&r);
        assert_in_range(delays[i], 20000, 25000);
    }
    size_t same = 0;
    for (size_t i = 0; i < COUNT(delays); i++) {
        for (size_t k = 0; k < i; k++) {
            same += delays[i] == delays[k];
        }
    }
    assert_true(same < 3); /* of 45 pairs, over 5001 moments */
    script_server_stop(server);
}

static void dawdle(sse_decision *decision, void *user)
{
    (void)decision;
    (void)user;
    script_sleep_ms(40);
}

/* The wait has begun when the policy is asked, and may be over before anybody
 * looks at it: it was one all the same. */
static void test_wait_is_told_even_if_it_is_over(void **state)
{
    static const script_step away[] = {
        SCRIPT_TEXT("HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n"), DONE};
    const script scripts[] = {away, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.policy = dawdle;
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_string_equal(p.states, "connecting waiting connecting closed ");
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_final_statuses),
        cmocka_unit_test(test_transient_statuses),
        cmocka_unit_test(test_clients_spread),
        cmocka_unit_test(test_wait_is_told_even_if_it_is_over),
    };
    static policy_row rows[COUNT(policy_rows)];
    struct CMUnitTest tests[COUNT(policy_rows) + COUNT(single)];
    memcpy(rows, policy_rows, sizeof(rows));
    (void)FILL_ROWS(tests, rows, name, test_row);
    memcpy(tests + COUNT(rows), single, sizeof(single));
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
