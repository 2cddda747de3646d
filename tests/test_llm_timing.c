/*
 * test_llm_timing.c - times of a stream in every dialect: first byte, first
 * token, the longest gap, total; and what a hook that stops does to each.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/llm.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A stream of each dialect: what comes before any text, three pieces of text
 * with something that is none between, and the end. */
typedef struct speech {
    const char *name;
    sse_llm_dialect dialect;
    const char *events[6];
} speech;

#define CHAT(delta) "{\"choices\":[{\"index\":0,\"delta\":{" delta "}}]}"
#define BLOCK(delta)                                                           \
    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{" delta "}}"
#define PIECE(text)                                                            \
    "{\"type\":\"response.output_text.delta\",\"delta\":" text "}"
#define PART(members) "{\"candidates\":[{" members "}]}"
#define PARTS(part) "\"content\":{\"parts\":[{" part "}]}"

static speech speeches[] = {
    {"chat", SSE_LLM_OPENAI_CHAT,
     {CHAT("\"role\":\"assistant\",\"content\":\"\""),
      CHAT("\"reasoning\":\"hm\""), CHAT("\"content\":\"a\""),
      "{\"choices\":[],\"usage\":null}", CHAT("\"content\":\"b\""), "[DONE]"}},
    {"messages", SSE_LLM_ANTHROPIC,
     {"{\"type\":\"message_start\",\"message\":{\"content\":[]}}",
      BLOCK("\"type\":\"thinking_delta\",\"thinking\":\"hm\""),
      BLOCK("\"type\":\"text_delta\",\"text\":\"a\""), "{\"type\":\"ping\"}",
      BLOCK("\"type\":\"text_delta\",\"text\":\"b\""),
      "{\"type\":\"message_stop\"}"}},
    {"responses", SSE_LLM_OPENAI_RESPONSES,
     {"{\"type\":\"response.created\",\"response\":{}}",
      "{\"type\":\"response.reasoning_text.delta\",\"delta\":\"hm\"}",
      PIECE("\"a\""), "{\"type\":\"response.in_progress\",\"response\":{}}",
      PIECE("\"b\""), "{\"type\":\"response.completed\",\"response\":{}}"}},
    {"gemini", SSE_LLM_GEMINI,
     {"{\"usageMetadata\":{}}",
      PART(PARTS("\"text\":\"hm\",\"thought\":true")),
      PART(PARTS("\"text\":\"a\"")), "{\"candidates\":[]}",
      PART(PARTS("\"text\":\"b\"")), PART("\"finishReason\":\"STOP\"")}},
};

typedef struct heard {
    char text[16];
    int calls;
    int stop_at; /* which call the hook stops at */
} heard;

static int on_delta(const sse_llm_delta *delta, void *user)
{
    heard *const h = (heard *)user;
    h->calls++;
    if (delta->kind == SSE_LLM_TEXT) {
        assert_int_equal(delta->text_len, 1);
        h->text[strlen(h->text)] = delta->text[0];
    }
    return h->calls == h->stop_at ? SSE_STOP : SSE_GO;
}

static sse_status feed(sse_llm *llm, const char *data)
{
    const sse_event event = sse_event_of_data(data, strlen(data));
    return sse_llm_event(llm, &event);
}

static void run_times(void **state)
{
    static const uint64_t at[] = {1100, 1250, 1260, 1500, 1760, 1800};
    const speech *const one = (const speech *)*state;
    char scratch[SSE_LLM_SCRATCH_MIN];
    heard h = {"", 0, 0};
    sse_llm llm;
    sse_llm_report report;
    assert_int_equal(sse_llm_init(&llm, one->dialect, scratch, sizeof scratch,
                                  on_delta, &h),
                     SSE_OK);
    sse_llm_begin(&llm, 1000);
    for (int i = 0; i < 6; i++) {
        sse_llm_clock(&llm, at[i]);
        assert_int_equal(feed(&llm, one->events[i]), SSE_OK);
        sse_llm_report_get(&llm, &report);
        assert_true(report.timing.first_token_ms == (i == 0 ? -1 : 250));
    }
    sse_llm_clock(&llm, 1900);
    assert_int_equal(sse_llm_finish(&llm, 1), SSE_LLM_COMPLETE);
    sse_llm_report_get(&llm, &report);
    assert_string_equal(h.text, "ab");
    assert_true(report.timing.first_byte_ms == 100);
    assert_true(report.timing.first_token_ms == 250);
    assert_true(report.timing.last_token_ms == 760);
    assert_true(report.timing.longest_gap_ms == 500);
    assert_true(report.timing.total_ms == 900);
    assert_true(report.counts.deltas == 3);
}

/* Stops at each delta in turn: nothing comes behind it. */
static void run_stops(void **state)
{
    const speech *const one = (const speech *)*state;
    char scratch[SSE_LLM_SCRATCH_MIN];
    for (int stop_at = 1; stop_at <= 3; stop_at++) {
        heard h = {"", 0, stop_at};
        sse_llm llm;
        assert_int_equal(sse_llm_init(&llm, one->dialect, scratch,
                                      sizeof scratch, on_delta, &h),
                         SSE_OK);
        for (int i = 0; i < 6; i++) {
            const sse_status status = feed(&llm, one->events[i]);
            assert_int_equal(status,
                             h.calls < stop_at ? SSE_OK : SSE_STOPPED);
        }
        assert_int_equal(h.calls, stop_at);
        assert_true(sse_llm_ended(&llm));
        assert_int_equal(sse_llm_finish(&llm, 1), SSE_LLM_CANCELLED);
    }
}

#define COUNT (sizeof speeches / sizeof speeches[0])

int main(void)
{
    struct CMUnitTest tests[2 * COUNT];
    memset(tests, 0, sizeof tests);
    for (size_t i = 0; i < 2 * COUNT; i++) {
        tests[i].name = speeches[i / 2].name;
        tests[i].test_func = i % 2 == 0 ? run_times : run_stops;
        tests[i].initial_state = &speeches[i / 2];
    }
    return cmocka_run_group_tests_name("llm timing", tests, NULL, NULL);
}
