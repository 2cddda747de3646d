/*
 * test_llm_api.c - the calls of the stream reader: hooks, ends, times.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_llm_reader.h"

static void test_init_refuses_nonsense(void **state)
{
    (void)state;
    sse_llm llm;
    char scratch[SSE_LLM_SCRATCH_MIN];
    assert_int_equal(sse_llm_init(NULL, SSE_LLM_OPENAI_CHAT, scratch,
                                  sizeof scratch, on_delta, NULL),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_llm_init(&llm, SSE_LLM_OPENAI_CHAT, NULL,
                                  sizeof scratch, on_delta, NULL),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_llm_init(&llm, SSE_LLM_OPENAI_CHAT, scratch,
                                  sizeof scratch, NULL, NULL),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_llm_init(&llm, (sse_llm_dialect)0, scratch,
                                  sizeof scratch, on_delta, NULL),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_llm_init(&llm, SSE_LLM_OPENAI_CHAT, scratch,
                                  sizeof scratch - 1, on_delta, NULL),
                     SSE_ERR_NO_SPACE);
}

static void test_missing_pointers(void **state)
{
    reader *const r = (reader *)*state;
    const sse_event good = sse_event_of_data("{}", 2);
    const sse_event bad = sse_event_of_data(NULL, 2);
    sse_event untyped = good;
    untyped.type_len = 3;
    assert_int_equal(sse_llm_event(NULL, &good), SSE_ERR_INVALID);
    assert_int_equal(sse_llm_event(&r->llm, NULL), SSE_ERR_INVALID);
    assert_int_equal(sse_llm_event(&r->llm, &bad), SSE_ERR_INVALID);
    assert_int_equal(sse_llm_event(&r->llm, &untyped), SSE_ERR_INVALID);
    assert_int_equal(sse_llm_field(NULL, "a", 1, "b", 1), SSE_ERR_INVALID);
    assert_int_equal(sse_llm_field(&r->llm, NULL, 1, "b", 1), SSE_ERR_INVALID);
    assert_int_equal(sse_llm_field(&r->llm, "a", 1, NULL, 1), SSE_ERR_INVALID);
    assert_int_equal(sse_llm_finish(NULL, 1), SSE_LLM_PENDING);
    assert_int_equal(sse_llm_ended(NULL), 0);
    sse_llm_reset(NULL);
    sse_llm_begin(NULL, 1);
    sse_llm_clock(NULL, 1);
    sse_llm_cancel(NULL);
    sse_llm_set_lenient(NULL, 1);
    sse_llm_report_get(&r->llm, NULL);
    sse_llm_report report;
    sse_llm_report_get(NULL, &report);
    assert_string_equal(report.error.message, "");
}

static void test_pause_uses_the_event_up(void **state)
{
    reader *const r = (reader *)*state;
    r->answer = SSE_PAUSE;
    assert_int_equal(feed(r, TWO), SSE_PAUSED);
    assert_int_equal(r->calls, 3);
    r->answer = SSE_GO;
    assert_int_equal(feed(r, "{\"choices\":[]}"), SSE_OK);
    assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_COMPLETE);
}

static void test_stop_ends_the_answer(void **state)
{
    reader *const r = (reader *)*state;
    r->answer = SSE_STOP;
    assert_int_equal(feed(r, TWO), SSE_STOPPED);
    assert_int_equal(r->calls, 1);
    assert_int_equal(sse_llm_ended(&r->llm), 1);
    assert_int_equal(feed(r, HELLO), SSE_STOPPED);
    assert_int_equal(r->calls, 1);
    assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_CANCELLED);
    assert_int_equal(report_of(r).counts.after_end, 1);
}

static void test_unknown_answers_of_the_hook_stop(void **state)
{
    reader *const r = (reader *)*state;
    r->answer = 77;
    assert_int_equal(feed(r, HELLO), SSE_STOPPED);
}

static void test_stop_at_the_finish_is_complete(void **state)
{
    reader *const r = (reader *)*state;
    r->answer = SSE_STOP;
    assert_int_equal(feed(r, STOP), SSE_STOPPED);
    assert_int_equal(sse_llm_finish(&r->llm, 0), SSE_LLM_COMPLETE);
}

static void test_cancel(void **state)
{
    reader *const r = (reader *)*state;
    assert_int_equal(feed(r, HELLO), SSE_OK);
    assert_int_equal(sse_llm_ended(&r->llm), 0);
    sse_llm_cancel(&r->llm);
    assert_int_equal(sse_llm_ended(&r->llm), 1);
    assert_int_equal(sse_llm_finish(&r->llm, 0), SSE_LLM_CANCELLED);
    assert_string_equal(sse_llm_verdict_name(report_of(r).verdict),
                        "cancelled");
}

static void test_cancel_inside_the_hook(void **state)
{
    reader *const r = (reader *)*state;
    r->cancels = 1;
    assert_int_equal(feed(r, TWO), SSE_STOPPED);
    assert_int_equal(r->calls, 1);
    assert_int_equal(sse_llm_finish(&r->llm, 0), SSE_LLM_CANCELLED);
}

static void test_cancel_comes_too_late(void **state)
{
    reader *const r = (reader *)*state;
    assert_int_equal(feed(r, HELLO), SSE_OK);
    assert_int_equal(feed(r, "[DONE]"), SSE_OK);
    assert_int_equal(sse_llm_ended(&r->llm), 1);
    sse_llm_cancel(&r->llm);
    assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_COMPLETE);
    sse_llm_cancel(&r->llm);
    assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_COMPLETE);
}

static void test_calls_inside_the_hook_are_refused(void **state)
{
    reader *const r = (reader *)*state;
    r->reenters = 1;
    assert_int_equal(feed(r, HELLO), SSE_OK);
    assert_int_equal(r->calls, 1);
    assert_int_equal(report_of(r).counts.deltas, 1);
}

static void test_verdict_stays(void **state)
{
    reader *const r = (reader *)*state;
    assert_int_equal(report_of(r).verdict, SSE_LLM_PENDING);
    assert_int_equal(feed(r, HELLO), SSE_OK);
    assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_TRUNCATED);
    assert_int_equal(feed(r, STOP), SSE_OK);
    assert_int_equal(sse_llm_field(&r->llm, "error", 5, "x", 1), SSE_OK);
    assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_TRUNCATED);
    assert_int_equal(report_of(r).counts.after_end, 1);
    assert_string_equal(report_of(r).error.message, "");
}

static void test_an_unclean_end_changes_nothing(void **state)
{
    reader *const r = (reader *)*state;
    assert_int_equal(feed(r, TWO), SSE_OK);
    assert_int_equal(sse_llm_finish(&r->llm, 0), SSE_LLM_COMPLETE);
}

static void test_reset_forgets_the_answer(void **state)
{
    reader *const r = (reader *)*state;
    sse_llm_set_lenient(&r->llm, 1);
    assert_int_equal(feed(r, "{\"id\":\"i\",\"usage\":{\"total_tokens\":1}}"),
                     SSE_OK);
    assert_int_equal(feed(r, "{\"error\":\"x\"}"), SSE_OK);
    assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_FAILED);
    sse_llm_reset(&r->llm);
    const sse_llm_report report = report_of(r);
    assert_int_equal(report.verdict, SSE_LLM_PENDING);
    assert_string_equal(report.id, "");
    assert_string_equal(report.error.message, "");
    assert_true(report.usage.total_tokens == -1);
    assert_int_equal(report.counts.events, 0);
    assert_int_equal(feed(r, "broken"), SSE_OK); /* still lenient */
    assert_int_equal(feed(r, TWO), SSE_OK);
    assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_COMPLETE);
    sse_llm_set_lenient(&r->llm, 0);
    sse_llm_reset(&r->llm);
    assert_int_equal(feed(r, "broken"), SSE_ERR_PROTOCOL);
    assert_int_equal(sse_llm_ended(&r->llm), 1);
}

static void test_hooks_of_a_parser(void **state)
{
    reader *const r = (reader *)*state;
    sse_event event = sse_event_of_data(HELLO, sizeof HELLO - 1);
    assert_int_equal(sse_llm_on_event(&event, &r->llm), SSE_GO);
    r->answer = SSE_PAUSE;
    assert_int_equal(sse_llm_on_event(&event, &r->llm), SSE_PAUSE);
    event = sse_event_of_data("{", 1);
    assert_int_equal(sse_llm_on_event(&event, &r->llm), SSE_STOP);
    assert_int_equal(sse_llm_on_field("a", 1, "b", 1, 0, &r->llm), SSE_GO);
}

static void test_times(void **state)
{
    reader *const r = (reader *)*state;
    sse_llm_timing timing = report_of(r).timing;
    assert_true(timing.first_byte_ms == -1 && timing.total_ms == -1);
    sse_llm_begin(&r->llm, 1000);
    assert_true(report_of(r).timing.first_byte_ms == -1);
    sse_llm_clock(&r->llm, 1100);
    assert_true(report_of(r).timing.first_token_ms == -1);
    sse_llm_clock(&r->llm, 1250);
    assert_int_equal(feed(r, HELLO), SSE_OK);
    assert_true(report_of(r).timing.longest_gap_ms == -1);
    sse_llm_clock(&r->llm, 1260);
    assert_int_equal(feed(r, HELLO), SSE_OK);
    sse_llm_clock(&r->llm, 1560);
    sse_llm_clock(&r->llm, 900); /* goes back: not believed */
    assert_int_equal(feed(r, HELLO), SSE_OK);
    sse_llm_clock(&r->llm, 1600);
    assert_int_equal(feed(r, STOP), SSE_OK);
    sse_llm_clock(&r->llm, 1700);
    timing = report_of(r).timing;
    assert_true(timing.first_byte_ms == 100);
    assert_true(timing.first_token_ms == 250);
    assert_true(timing.last_token_ms == 560);
    assert_true(timing.longest_gap_ms == 300);
    assert_true(timing.total_ms == 700);
    assert_int_equal(report_of(r).counts.deltas, 3);
}

static void test_verdict_names(void **state)
{
    (void)state;
    static const char *const names[] = {"pending",   "complete",  "length",
                                        "tool",      "refused",   "truncated",
                                        "failed",    "cancelled", "unknown"};
    for (int i = 0; i < 9; i++) {
        assert_string_equal(sse_llm_verdict_name((sse_llm_verdict)i),
                            names[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_init_refuses_nonsense),
        TEST(test_missing_pointers),
        TEST(test_pause_uses_the_event_up),
        TEST(test_stop_ends_the_answer),
        TEST(test_unknown_answers_of_the_hook_stop),
        TEST(test_stop_at_the_finish_is_complete),
        TEST(test_cancel),
        TEST(test_cancel_inside_the_hook),
        TEST(test_cancel_comes_too_late),
        TEST(test_calls_inside_the_hook_are_refused),
        TEST(test_verdict_stays),
        TEST(test_an_unclean_end_changes_nothing),
        TEST(test_reset_forgets_the_answer),
        TEST(test_hooks_of_a_parser),
        TEST(test_times),
        cmocka_unit_test(test_verdict_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
