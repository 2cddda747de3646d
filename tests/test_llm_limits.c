/*
 * test_llm_limits.c - what a stream may hold at most, and what comes beyond.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_llm_reader.h"

static void test_plain_text_is_not_copied(void **state)
{
    reader *const r = (reader *)*state;
    const size_t len = 100000;
    char *const data = (char *)malloc(len + 128);
    assert_non_null(data);
    int at = snprintf(data, 128, "{\"choices\":[{\"delta\":{\"content\":\"");
    memset(data + at, 'x', len);
    at += (int)len;
    memcpy(data + at, "\"}}]}", 6);
    assert_int_equal(feed(r, data), SSE_OK);
    assert_int_equal(r->calls, 1);
    assert_int_equal(r->longest, len);
    data[at - 2] = '\\'; /* one escape: now it goes through the scratch */
    data[at - 1] = 'n';
    assert_int_equal(feed(r, data), SSE_OK);
    assert_int_equal(r->bytes, 2 * len - 1);
    assert_true(r->calls > 100);
    free(data);
}

static void test_tool_calls_are_bounded(void **state)
{
    reader *const r = (reader *)*state;
    char data[128];
    for (unsigned i = 0; i <= SSE_LLM_CALLS_MAX; i++) {
        (void)snprintf(data, sizeof data,
                       "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":"
                       "%u,\"id\":\"c%u\"}]}}]}",
                       i, i);
        assert_int_equal(feed(r, data),
                         i < SSE_LLM_CALLS_MAX ? SSE_OK : SSE_ERR_LIMIT);
    }
    assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_FAILED);
    assert_string_equal(report_of(r).error.code, "limit");
    assert_string_equal(report_of(r).error.type, "reader");
}

static void test_escaped_names_are_bounded(void **state)
{
    reader *const r = (reader *)*state;
    char data[SSE_LLM_SCRATCH_MIN + 128];
    int at = snprintf(data, sizeof data,
                      "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"id\":"
                      "\"\\n");
    memset(data + at, 'x', SSE_LLM_SCRATCH_MIN);
    memcpy(data + at + SSE_LLM_SCRATCH_MIN, "\"}]}}]}", 8);
    assert_int_equal(feed(r, data), SSE_ERR_LIMIT);
    sse_llm_reset(&r->llm);
    at = snprintf(data, sizeof data,
                  "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{"
                  "\"name\":\"\\n");
    memset(data + at, 'x', SSE_LLM_SCRATCH_MIN);
    memcpy(data + at + SSE_LLM_SCRATCH_MIN, "\"}}]}}]}", 9);
    assert_int_equal(feed(r, data), SSE_ERR_LIMIT);
}

static void test_depth_is_bounded(void **state)
{
    reader *const r = (reader *)*state;
    char data[2 * SSE_JSON_DEPTH_MAX];
    memset(data, '[', sizeof data - 1);
    data[sizeof data - 1] = '\0';
    assert_int_equal(feed(r, data), SSE_ERR_LIMIT);
    assert_string_equal(report_of(r).error.code, "limit");
}

static void test_halves_are_bounded(void **state)
{
    reader *const r = (reader *)*state;
    char data[128];
    for (unsigned i = 0; i < SSE_LLM_HALVES_MAX + 4; i++) {
        (void)snprintf(data, sizeof data,
                       "{\"choices\":[{\"index\":%u,\"delta\":{\"content\":"
                       "\"\\ud83d\"}}]}",
                       i);
        assert_int_equal(feed(r, data), SSE_OK);
    }
    assert_int_equal(r->bytes, 4 * 3); /* no room to wait: U+FFFD at once */
    assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_TRUNCATED);
    assert_int_equal(r->bytes, (SSE_LLM_HALVES_MAX + 4) * 3);
}

static void test_long_texts_are_cut_between_characters(void **state)
{
    reader *const r = (reader *)*state;
    char data[2048];
    int at = snprintf(data, sizeof data, "{\"model\":\"m");
    for (int i = 0; i < 200; i++) {
        at += snprintf(data + at, sizeof data - (size_t)at, "\xC3\xA4");
    }
    (void)snprintf(data + at, sizeof data - (size_t)at, "\",\"choices\":[]}");
    assert_int_equal(feed(r, data), SSE_OK);
    assert_int_equal(strlen(report_of(r).model), 127);
    sse_event event = sse_event_of_type("error", 5, data + 11, 400);
    assert_int_equal(sse_llm_event(&r->llm, &event), SSE_OK);
    const size_t len = strlen(report_of(r).error.message);
    assert_true(len > 200 && len % 2 == 0);
}

static void test_many_choices(void **state)
{
    reader *const r = (reader *)*state;
    char data[128];
    for (unsigned i = 0; i < 130; i++) {
        (void)snprintf(data, sizeof data,
                       "{\"choices\":[{\"index\":%u,\"delta\":{\"content\":"
                       "\"a\"}%s}]}",
                       i, i == 70 ? "" : ",\"finish_reason\":\"stop\"");
        assert_int_equal(feed(r, data), SSE_OK);
    }
    assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_plain_text_is_not_copied),
        TEST(test_tool_calls_are_bounded),
        TEST(test_escaped_names_are_bounded),
        TEST(test_depth_is_bounded),
        TEST(test_halves_are_bounded),
        TEST(test_long_texts_are_cut_between_characters),
        TEST(test_many_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
