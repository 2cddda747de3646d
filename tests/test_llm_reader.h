/*
 * test_llm_reader.h - a stream reader whose hook does what a test says.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TEST_LLM_READER_H
#define SSE_TEST_LLM_READER_H

#include <sse/llm.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HELLO "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"}}]}"
#define TWO                                                                    \
    "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\","                 \
    "\"reasoning\":\"b\"},\"finish_reason\":\"stop\"}]}"
#define STOP "{\"choices\":[{\"index\":0,\"finish_reason\":\"stop\"}]}"

typedef struct reader {
    sse_llm llm;
    char *scratch;
    int answer;   /* what the hook returns */
    int cancels;  /* the hook cancels */
    int reenters; /* the hook calls what it may not */
    size_t calls;
    size_t bytes;
    size_t longest;
} reader;

static inline int on_delta(const sse_llm_delta *delta, void *user)
{
    reader *const r = (reader *)user;
    r->calls++;
    r->bytes += delta->text_len;
    r->longest = delta->text_len > r->longest ? delta->text_len : r->longest;
    if (r->cancels) {
        sse_llm_cancel(&r->llm);
    }
    if (r->reenters) {
        const sse_event event = sse_event_of_data("{}", 2);
        assert_int_equal(sse_llm_event(&r->llm, &event), SSE_ERR_REENTRY);
        assert_int_equal(sse_llm_field(&r->llm, "a", 1, "b", 1),
                         SSE_ERR_REENTRY);
        assert_int_equal(sse_llm_finish(&r->llm, 1), SSE_LLM_PENDING);
        sse_llm_reset(&r->llm);
    }
    return r->answer;
}

static inline int set_up(void **state)
{
    reader *const r = (reader *)calloc(1, sizeof *r);
    assert_non_null(r);
    r->scratch = (char *)malloc(SSE_LLM_SCRATCH_MIN);
    assert_non_null(r->scratch);
    assert_int_equal(sse_llm_init(&r->llm, SSE_LLM_OPENAI_CHAT, r->scratch,
                                  SSE_LLM_SCRATCH_MIN, on_delta, r),
                     SSE_OK);
    *state = r;
    return 0;
}

static inline int tear_down(void **state)
{
    reader *const r = (reader *)*state;
    free(r->scratch);
    free(r);
    return 0;
}

static inline sse_status feed(reader *r, const char *data)
{
    const sse_event event = sse_event_of_data(data, strlen(data));
    return sse_llm_event(&r->llm, &event);
}

static inline sse_llm_report report_of(const reader *r)
{
    sse_llm_report report;
    sse_llm_report_get(&r->llm, &report);
    return report;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif /* SSE_TEST_LLM_READER_H */
