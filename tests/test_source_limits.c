/*
 * test_source_limits.c - the reconnection machine: time limits, inputs that
 * come too late, and the caller's own end.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_source_fixture.h"

static void with_limits(sse_source_config *config)
{
    config->connect_timeout_ms = 1000;
    config->first_byte_timeout_ms = 2000;
    config->idle_timeout_ms = 500;
}

static void test_connect_limit(void **state)
{
    (void)state;
    fixture *f = fresh();
    with_limits(&f->config);
    start(f);
    assert_int_equal(next(f, 100), SSE_ACTION_CONNECT);
    assert_int_equal(next(f, 100), SSE_ACTION_READ);
    assert_int_equal(f->action.until_ms, 1100);
    assert_int_equal(next(f, 1099), SSE_ACTION_READ);
    assert_int_equal(next(f, 1100), SSE_ACTION_WAIT);
    assert_int_equal(f->action.reason, SSE_REASON_CONNECT_TIMEOUT);
}

static void test_first_byte_limit(void **state)
{
    (void)state;
    fixture *f = fresh();
    with_limits(&f->config);
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    sse_source_connected(&f->source, 900);
    assert_int_equal(next(f, 1500), SSE_ACTION_READ);
    assert_int_equal(f->action.until_ms, 2900);
    sse_source_connected(&f->source, 2000); /* counts once */
    assert_int_equal(next(f, 2900), SSE_ACTION_WAIT);
    assert_int_equal(f->action.reason, SSE_REASON_FIRST_BYTE_TIMEOUT);
}

static void test_idle_limit_starts_anew_with_each_byte(void **state)
{
    (void)state;
    fixture *f = opened(with_limits);
    assert_int_equal(f->action.until_ms, 510);
    sse_source_bytes(&f->source, 400);
    assert_int_equal(next(f, 510), SSE_ACTION_READ);
    assert_int_equal(f->action.until_ms, 900);
    assert_int_equal(next(f, 900), SSE_ACTION_WAIT);
    assert_int_equal(f->action.reason, SSE_REASON_IDLE_TIMEOUT);
    assert_int_equal(sse_action_status(&f->action), SSE_OK);
}

static void test_idle_limit_stands_still_while_paused(void **state)
{
    (void)state;
    fixture *f = opened(with_limits);
    sse_source_pause(&f->source, 100);
    assert_int_equal(next(f, 1000000), SSE_ACTION_READ);
    assert_true(f->action.until_ms == SSE_NEVER);
    sse_source_resume(&f->source, 1000000);
    assert_int_equal(next(f, 1000000), SSE_ACTION_READ);
    assert_int_equal(f->action.until_ms, 1000500);
    assert_int_equal(next(f, 1000500), SSE_ACTION_WAIT);
}

static void test_idle_limit_can_change(void **state)
{
    (void)state;
    fixture *f = opened(NULL);
    assert_true(f->action.until_ms == SSE_NEVER);
    sse_source_set_idle(&f->source, 300);
    assert_int_equal(next(f, 20), SSE_ACTION_READ);
    assert_int_equal(f->action.until_ms, 310);
}

static void with_total(sse_source_config *config)
{
    config->total_timeout_ms = 5000;
    config->retry_ms = 100;
    config->max_retry_ms = 100;
}

static void test_total_limit_ends_a_stream(void **state)
{
    (void)state;
    fixture *f = opened(with_total);
    assert_int_equal(f->action.until_ms, 5000);
    sse_source_bytes(&f->source, 4999);
    assert_int_equal(next(f, 5000), SSE_ACTION_FAIL);
    assert_int_equal(f->action.reason, SSE_REASON_TOTAL_TIMEOUT);
    assert_int_equal(sse_action_status(&f->action), SSE_ERR_TIMEOUT);
}

static void test_total_limit_ends_a_wait(void **state)
{
    (void)state;
    fixture *f = opened(with_total);
    sse_source_end(&f->source, 4990, SSE_REASON_CUT);
    assert_int_equal(next(f, 4990), SSE_ACTION_WAIT);
    assert_int_equal(f->action.until_ms, 5000);
    assert_int_equal(next(f, 5000), SSE_ACTION_FAIL);
}

static void test_clock_that_runs_backwards_stands_still(void **state)
{
    (void)state;
    fixture *f = opened(with_limits);
    sse_source_bytes(&f->source, 400);
    sse_source_bytes(&f->source, 3);
    assert_int_equal(next(f, 0), SSE_ACTION_READ);
    assert_int_equal(f->action.until_ms, 900);
}

/* ---- what comes too late, and the caller's end ---- */

static void test_unknown_reason_fails(void **state)
{
    (void)state;
    fixture *f = opened(NULL);
    sse_source_end(&f->source, 20, (sse_reason)77);
    assert_int_equal(next(f, 20), SSE_ACTION_FAIL);
    assert_int_equal(sse_action_status(&f->action), SSE_ERR_TRANSPORT);
}

static void test_late_inputs_are_ignored(void **state)
{
    (void)state;
    fixture *f = fresh();
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    respond(f, 1, 404, NULL);
    sse_source_end(&f->source, 2, SSE_REASON_CUT);
    respond(f, 3, 200, STREAM);
    sse_source_bytes(&f->source, 4);
    assert_int_equal(next(f, 5), SSE_ACTION_FAIL);
    assert_int_equal(f->action.reason, SSE_REASON_STATUS);
    sse_source_end(&f->source, 6, SSE_REASON_CALLER);
    assert_int_equal(next(f, 7), SSE_ACTION_NONE);
}

static void test_caller_ends_it_before_the_first_request(void **state)
{
    (void)state;
    fixture *f = fresh();
    start(f);
    sse_source_end(&f->source, 0, SSE_REASON_CALLER);
    assert_int_equal(next(f, 0), SSE_ACTION_CLOSE);
    assert_int_equal(sse_action_status(&f->action), SSE_STOPPED);
    assert_int_equal(next(f, 0), SSE_ACTION_NONE);
}

static void test_caller_ends_it_in_a_wait(void **state)
{
    (void)state;
    fixture *f = opened(NULL);
    sse_source_end(&f->source, 20, SSE_REASON_CUT);
    assert_int_equal(next(f, 20), SSE_ACTION_WAIT);
    sse_source_end(&f->source, 30, SSE_REASON_CALLER);
    assert_int_equal(next(f, 30), SSE_ACTION_CLOSE);
    assert_int_equal(f->action.reason, SSE_REASON_CALLER);
}

static void test_limit_beyond_the_clock_is_none(void **state)
{
    (void)state;
    fixture *f = fresh();
    f->config.total_timeout_ms = SSE_NEVER;
    start(f);
    assert_int_equal(next(f, 1000), SSE_ACTION_CONNECT);
    assert_int_equal(next(f, 1000), SSE_ACTION_READ);
    assert_true(f->action.until_ms == SSE_NEVER);
}

static void test_states_on_the_way(void **state)
{
    (void)state;
    fixture *f = fresh();
    start(f);
    assert_int_equal(sse_source_get_state(&f->source), SSE_SOURCE_CONNECTING);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    sse_source_connected(&f->source, 1);
    assert_int_equal(sse_source_get_state(&f->source), SSE_SOURCE_CONNECTING);
    sse_source_end(&f->source, 2, SSE_REASON_CUT);
    assert_int_equal(sse_source_get_state(&f->source), SSE_SOURCE_WAITING);
    assert_int_equal(next(f, 2), SSE_ACTION_WAIT);
    assert_int_equal(f->action.reason, SSE_REASON_CONNECT);
    sse_source_pause(&f->source, 3); /* there is nothing to pause */
    sse_source_resume(&f->source, 4);
    assert_int_equal(sse_source_get_state(&f->source), SSE_SOURCE_WAITING);
}

static void test_final_statuses(void **state)
{
    static const struct {
        sse_action_kind kind;
        sse_reason reason, cause;
        sse_status status;
    } rows[] = {
        {SSE_ACTION_READ, SSE_REASON_NONE, SSE_REASON_NONE, SSE_OK},
        {SSE_ACTION_WAIT, SSE_REASON_CUT, SSE_REASON_CUT, SSE_OK},
        {SSE_ACTION_CLOSE, SSE_REASON_END, SSE_REASON_END, SSE_OK},
        {SSE_ACTION_CLOSE, SSE_REASON_NO_CONTENT, SSE_REASON_NO_CONTENT,
         SSE_OK},
        {SSE_ACTION_CLOSE, SSE_REASON_CALLER, SSE_REASON_CALLER, SSE_STOPPED},
        {SSE_ACTION_FAIL, SSE_REASON_CUT, SSE_REASON_CUT, SSE_ERR_TRANSPORT},
        {SSE_ACTION_FAIL, SSE_REASON_FATAL, SSE_REASON_FATAL,
         SSE_ERR_TRANSPORT},
        {SSE_ACTION_FAIL, SSE_REASON_CONNECT_TIMEOUT,
         SSE_REASON_CONNECT_TIMEOUT, SSE_ERR_TIMEOUT},
        {SSE_ACTION_FAIL, SSE_REASON_STATUS, SSE_REASON_STATUS,
         SSE_ERR_HTTP_STATUS},
        {SSE_ACTION_FAIL, SSE_REASON_MEDIA_TYPE, SSE_REASON_MEDIA_TYPE,
         SSE_ERR_MEDIA_TYPE},
        {SSE_ACTION_FAIL, SSE_REASON_REDIRECT, SSE_REASON_REDIRECT,
         SSE_ERR_PROTOCOL},
        {SSE_ACTION_FAIL, SSE_REASON_TOO_LONG, SSE_REASON_TOO_LONG,
         SSE_ERR_TOO_LONG},
        {SSE_ACTION_FAIL, SSE_REASON_MAX_RECONNECTS, SSE_REASON_END,
         SSE_ERR_LIMIT},
        {SSE_ACTION_FAIL, SSE_REASON_MAX_RECONNECTS, SSE_REASON_STATUS,
         SSE_ERR_HTTP_STATUS},
        {SSE_ACTION_FAIL, SSE_REASON_REPLAY, SSE_REASON_END, SSE_ERR_LIMIT},
        {SSE_ACTION_FAIL, SSE_REASON_POLICY, SSE_REASON_END,
         SSE_ERR_CANCELLED},
        {SSE_ACTION_FAIL, (sse_reason)999, (sse_reason)999,
         SSE_ERR_TRANSPORT},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        sse_action action;
        memset(&action, 0, sizeof(action));
        action.kind = rows[i].kind;
        action.reason = rows[i].reason;
        action.cause = rows[i].cause;
        assert_int_equal(sse_action_status(&action), rows[i].status);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_connect_limit),
        cmocka_unit_test(test_first_byte_limit),
        cmocka_unit_test(test_idle_limit_starts_anew_with_each_byte),
        cmocka_unit_test(test_idle_limit_stands_still_while_paused),
        cmocka_unit_test(test_idle_limit_can_change),
        cmocka_unit_test(test_total_limit_ends_a_stream),
        cmocka_unit_test(test_total_limit_ends_a_wait),
        cmocka_unit_test(test_clock_that_runs_backwards_stands_still),
        cmocka_unit_test(test_unknown_reason_fails),
        cmocka_unit_test(test_late_inputs_are_ignored),
        cmocka_unit_test(test_caller_ends_it_before_the_first_request),
        cmocka_unit_test(test_caller_ends_it_in_a_wait),
        cmocka_unit_test(test_limit_beyond_the_clock_is_none),
        cmocka_unit_test(test_states_on_the_way),
        cmocka_unit_test(test_final_statuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
