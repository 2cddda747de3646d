/*
 * test_source_policy.c - the hook with the last word.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_source_fixture.h"

typedef struct policy {
    sse_decision seen; /* the latest case */
    int calls;
    sse_verdict verdict; /* 0: leave it */
    uint64_t delay_ms;   /* SSE_NEVER: leave it */
} policy;

static policy hook;

static void decide(sse_decision *decision, void *user)
{
    policy *p = (policy *)user;
    p->seen = *decision;
    p->calls++;
    if (p->verdict != (sse_verdict)0) {
        decision->verdict = p->verdict;
    }
    if (p->delay_ms != SSE_NEVER) {
        decision->delay_ms = p->delay_ms;
    }
}

static fixture *started(sse_verdict verdict)
{
    fixture *f = fresh();
    memset(&hook, 0, sizeof(hook));
    hook.verdict = verdict;
    hook.delay_ms = SSE_NEVER;
    f->config.policy = decide;
    f->config.user = &hook;
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    return f;
}

static void test_sees_the_response(void **state)
{
    (void)state;
    fixture *f = started((sse_verdict)0);
    sse_source_open(&f->source, 5, 429, "application/json", 16, 7000);
    assert_int_equal(hook.calls, 1);
    assert_int_equal(hook.seen.response, 1);
    assert_int_equal(hook.seen.http_status, 429);
    assert_int_equal(hook.seen.media_type_len, 16);
    assert_int_equal(hook.seen.retry_after_ms, 7000);
    assert_int_equal(hook.seen.attempt, 1);
    assert_int_equal(hook.seen.failures, 1);
    assert_int_equal(hook.seen.verdict, SSE_VERDICT_RETRY);
    assert_in_range(hook.seen.delay_ms, 7000, 8750);
    assert_int_equal(next(f, 5), SSE_ACTION_WAIT);
}

static void test_renews_a_token_after_401(void **state)
{
    (void)state;
    fixture *f = started(SSE_VERDICT_RETRY);
    hook.delay_ms = 0;
    respond(f, 5, 401, NULL);
    assert_int_equal(hook.seen.verdict, SSE_VERDICT_FAIL);
    assert_int_equal(next(f, 5), SSE_ACTION_WAIT);
    assert_int_equal(next(f, 6), SSE_ACTION_CONNECT);
    assert_int_equal(f->action.attempt, 2);
}

static void test_accepts_another_type(void **state)
{
    (void)state;
    fixture *f = started(SSE_VERDICT_OPEN);
    respond(f, 5, 200, "application/x-ndjson");
    assert_int_equal(next(f, 5), SSE_ACTION_READ);
    assert_int_equal(sse_source_get_state(&f->source), SSE_SOURCE_OPEN);
}

static void test_refuses_a_good_response(void **state)
{
    (void)state;
    fixture *f = started(SSE_VERDICT_FAIL);
    respond(f, 5, 200, STREAM);
    assert_int_equal(next(f, 5), SSE_ACTION_FAIL);
    assert_int_equal(f->action.reason, SSE_REASON_POLICY);
    assert_int_equal(f->action.cause, SSE_REASON_NONE);
    assert_int_equal(sse_action_status(&f->action), SSE_ERR_CANCELLED);
}

static void test_closes_instead_of_failing(void **state)
{
    (void)state;
    fixture *f = started(SSE_VERDICT_CLOSE);
    respond(f, 5, 404, NULL);
    assert_int_equal(next(f, 5), SSE_ACTION_CLOSE);
    assert_int_equal(f->action.reason, SSE_REASON_STATUS);
    assert_int_equal(sse_action_status(&f->action), SSE_OK);
}

static void test_cannot_open_an_end(void **state)
{
    (void)state;
    fixture *f = started(SSE_VERDICT_OPEN);
    sse_source_end(&f->source, 5, SSE_REASON_CONNECT);
    assert_int_equal(hook.seen.response, 0);
    assert_int_equal(next(f, 5), SSE_ACTION_WAIT);
}

static void test_nonsense_is_ignored(void **state)
{
    (void)state;
    fixture *f = started((sse_verdict)77);
    respond(f, 5, 404, NULL);
    assert_int_equal(next(f, 5), SSE_ACTION_FAIL);
    assert_int_equal(f->action.reason, SSE_REASON_STATUS);
}

static void forget(sse_decision *decision, void *user)
{
    (void)user;
    decision->verdict = (sse_verdict)0;
}

static void test_no_verdict_is_ignored(void **state)
{
    (void)state;
    fixture *f = fresh();
    f->config.policy = forget;
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    respond(f, 5, 404, NULL);
    assert_int_equal(next(f, 5), SSE_ACTION_FAIL);
    assert_int_equal(f->action.reason, SSE_REASON_STATUS);
}

static void test_hears_of_time_limits(void **state)
{
    (void)state;
    fixture *f = fresh();
    f->config.idle_timeout_ms = 100;
    f->config.policy = decide;
    f->config.user = &hook;
    memset(&hook, 0, sizeof(hook));
    hook.delay_ms = SSE_NEVER;
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    respond(f, 0, 200, STREAM);
    sse_source_event(&f->source);
    assert_int_equal(next(f, 100), SSE_ACTION_WAIT);
    assert_int_equal(hook.calls, 2);
    assert_int_equal(hook.seen.reason, SSE_REASON_IDLE_TIMEOUT);
    assert_int_equal(hook.seen.events, 1);
}

static void test_overrules_the_limits_of_retries(void **state)
{
    (void)state;
    fixture *f = fresh();
    f->config.idempotent = 0;
    f->config.max_reconnects = 0;
    f->config.policy = decide;
    f->config.user = &hook;
    memset(&hook, 0, sizeof(hook));
    hook.delay_ms = SSE_NEVER;
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    respond(f, 0, 200, STREAM);
    hook.verdict = SSE_VERDICT_RETRY;
    sse_source_event(&f->source);
    sse_source_end(&f->source, 1, SSE_REASON_CUT);
    assert_int_equal(hook.seen.reason, SSE_REASON_REPLAY);
    assert_int_equal(hook.seen.cause, SSE_REASON_CUT);
    assert_int_equal(next(f, 1), SSE_ACTION_WAIT);
    assert_in_range(f->action.delay_ms, 3000, 3750);
}

static void test_grants_more_time(void **state)
{
    (void)state;
    fixture *f = started(SSE_VERDICT_RETRY);
    f->source.config_.total_timeout_ms = 1000;
    hook.delay_ms = 10;
    assert_int_equal(next(f, 1000), SSE_ACTION_WAIT);
    assert_int_equal(hook.seen.reason, SSE_REASON_TOTAL_TIMEOUT);
    assert_int_equal(next(f, 1010), SSE_ACTION_CONNECT);
    assert_int_equal(next(f, 1010), SSE_ACTION_READ);
    assert_int_equal(f->action.until_ms, 2000);
}

/* The hook knows better than a server that asks for two days. */
static void test_overrules_retry_after(void **state)
{
    (void)state;
    fixture *f = started(SSE_VERDICT_RETRY);
    sse_source_open(&f->source, 5, 503, NULL, 0, 172800000);
    assert_int_equal(hook.seen.reason, SSE_REASON_RETRY_AFTER);
    assert_int_equal(next(f, 5), SSE_ACTION_WAIT);
    assert_in_range(f->action.delay_ms, 3000, 3750);
}

static void test_agrees_with_a_failure(void **state)
{
    (void)state;
    fixture *f = started(SSE_VERDICT_FAIL);
    respond(f, 5, 404, NULL);
    assert_int_equal(next(f, 5), SSE_ACTION_FAIL);
    assert_int_equal(f->action.reason, SSE_REASON_STATUS);
}

static void test_is_not_asked_about_the_callers_end(void **state)
{
    (void)state;
    fixture *f = started(SSE_VERDICT_RETRY);
    sse_source_end(&f->source, 5, SSE_REASON_CALLER);
    assert_int_equal(hook.calls, 0);
    assert_int_equal(next(f, 5), SSE_ACTION_CLOSE);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sees_the_response),
        cmocka_unit_test(test_renews_a_token_after_401),
        cmocka_unit_test(test_accepts_another_type),
        cmocka_unit_test(test_refuses_a_good_response),
        cmocka_unit_test(test_closes_instead_of_failing),
        cmocka_unit_test(test_cannot_open_an_end),
        cmocka_unit_test(test_nonsense_is_ignored),
        cmocka_unit_test(test_no_verdict_is_ignored),
        cmocka_unit_test(test_hears_of_time_limits),
        cmocka_unit_test(test_overrules_the_limits_of_retries),
        cmocka_unit_test(test_grants_more_time),
        cmocka_unit_test(test_overrules_retry_after),
        cmocka_unit_test(test_agrees_with_a_failure),
        cmocka_unit_test(test_is_not_asked_about_the_callers_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
