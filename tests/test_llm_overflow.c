/*
 * test_llm_overflow.c - events far larger than the parser's scratch.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/llm.h>
#include <sse/parser.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/rows.h"

/* Stands in a row's stream for this many letters, or list elements. */
#define LONG "@"
#define LIST "#"
#define LARGE 300000

#define D(json) "data: " json "\n\n"
#define R(type, members)                                                       \
    "event: response." type "\ndata: {'type':'response." type "'" members      \
    "}\n\n"
#define PIECE R("output_text.delta", ",'delta':'a'")
#define USAGE                                                                  \
    "'usage':{'input_tokens':9,'output_tokens':3,'total_tokens':12,"           \
    "'output_tokens_details':{'reasoning_tokens':2}}"

/* A hundred letters, and members of four hundred. */
#define LETTERS_20 "abcdefghijklmnopqrst"
#define LETTERS LETTERS_20 LETTERS_20 LETTERS_20 LETTERS_20 LETTERS_20
#define MEMBERS                                                                \
    "'a':'" LETTERS "','b':'" LETTERS "','c':'" LETTERS "','d':'" LETTERS "',"

typedef struct row {
    const char *name;
    sse_llm_dialect dialect;
    const char *stream;
    const char *log;
} row;

static row rows[] = {
    {"responses: the end repeats a long answer", SSE_LLM_OPENAI_RESPONSES,
     PIECE R("output_text.done", ",'text':'" LONG "'")
     R("output_item.done", ",'item':{'type':'message','content':[{"
       "'type':'output_text','text':'" LONG "'}]}")
     R("completed", ",'sequence_number':7,'response':{'id':'r','model':'m',"
       "'instructions':'" LONG "','output':[{'content':[{'text':'" LONG
       "'}]},[[]],{}],'tools':[],'metadata':{ }, 'x':{'y':{'z':{'w':[1]}}},"
       "'error':null," USAGE "}"),
     "a verdict=complete reason=completed id=r model=m in=9 out=3 total=12 "
     "reasoning=2 sequence=7"},
    {"responses: a long list of items", SSE_LLM_OPENAI_RESPONSES,
     PIECE R("completed", ",'response':{'output':[" LIST "]," USAGE "}"),
     "a verdict=complete reason=completed in=9 out=3 total=12 reasoning=2"},
    {"responses: braces, brackets and quotes in what is left out",
     SSE_LLM_OPENAI_RESPONSES,
     PIECE R("completed", ",'response':{'output':['}]\\\\','\\'{[','" LONG
             "\\\\\\''],'note':'\\\\" LONG "\\'','model':'m'}"),
     "a verdict=complete reason=completed model=m"},
    {"responses: long names", SSE_LLM_OPENAI_RESPONSES,
     PIECE R("completed", ",'response':{'" LONG "':1,'" LONG "' : [1],'" LONG
             "' \t :{},'model':'m','x':'" LONG "'}"),
     "a verdict=complete reason=completed model=m"},
    {"responses: white space and lines", SSE_LLM_OPENAI_RESPONSES,
     PIECE "event: response.completed\ndata: {\ndata:   'type' :\ndata:  "
           "'response.completed' , 'response' : { 'output' : [ ] ,\ndata: "
           "'instructions':'" LONG "','id'\ndata: : 'r' } }\n\n",
     "a verdict=complete reason=completed id=r"},
    {"responses: incomplete", SSE_LLM_OPENAI_RESPONSES,
     PIECE R("incomplete", ",'response':{'incomplete_details':{"
             "'reason':'max_output_tokens'},'output':['" LONG "']}"),
     "a verdict=length reason=max_output_tokens"},
    {"responses: failed", SSE_LLM_OPENAI_RESPONSES,
     PIECE R("failed", ",'response':{'error':{'code':'c','message':'m'},"
             "'output':['" LONG "']}"),
     "a verdict=failed code=c message=m"},
    {"responses: arguments repeated when they are done",
     SSE_LLM_OPENAI_RESPONSES,
     R("output_item.added", ",'output_index':0,'item':{'type':'function_call',"
       "'call_id':'c','name':'f'}")
     R("function_call_arguments.delta", ",'output_index':0,'delta':'{}'")
     R("function_call_arguments.done", ",'output_index':0,'arguments':'" LONG
       "'") R("completed", ",'response':{}"),
     "[c f]{} verdict=tool reason=completed"},
    {"responses: a text that came by no other way is lost",
     SSE_LLM_OPENAI_RESPONSES, R("output_text.done", ",'text':'" LONG "'"),
     " verdict=failed code=limit"},
    {"responses: an answer that came by no other way is lost",
     SSE_LLM_OPENAI_RESPONSES,
     R("completed", ",'response':{'output':[{'content':'" LONG "'}]}"),
     " verdict=failed code=limit"},
    {"responses: arguments that came by no other way are lost",
     SSE_LLM_OPENAI_RESPONSES,
     PIECE R("output_item.done", ",'item':{'type':'function_call','call_id':"
             "'c','name':'f','arguments':'" LONG "'}"),
     "a[c f] verdict=failed code=limit"},
    {"responses: a piece of text is lost", SSE_LLM_OPENAI_RESPONSES,
     PIECE R("output_text.delta", ",'delta':'" LONG "'") PIECE,
     "a verdict=failed code=limit"},
    {"responses: what is unknown may be large", SSE_LLM_OPENAI_RESPONSES,
     R("image_generation_call.partial_image", ",'partial_image_b64':'" LONG
       "'") PIECE R("completed", ",'response':{}"),
     "a verdict=complete reason=completed unknown=1"},
    {"responses: too much to be kept", SSE_LLM_OPENAI_RESPONSES,
     PIECE R("completed", ",'response':{'x':{" MEMBERS MEMBERS MEMBERS
             "'b':'" LONG "'}}"),
     "a verdict=failed code=limit"},
    {"responses: a long name", SSE_LLM_OPENAI_RESPONSES,
     PIECE R("completed", ",'response':{},'" LONG "':1"),
     "a verdict=complete reason=completed"},
    {"responses: behind the end", SSE_LLM_OPENAI_RESPONSES,
     PIECE R("completed", ",'response':{}") R("x", ",'x':'" LONG "'"),
     "a verdict=complete reason=completed"},
    {"responses: cut within", SSE_LLM_OPENAI_RESPONSES,
     PIECE "event: response.completed\ndata: {'x':'" LONG "\n",
     "a verdict=truncated"},
    {"anthropic: what a tool of the provider found", SSE_LLM_ANTHROPIC,
     D("{'type':'content_block_start','index':0,'content_block':{"
       "'type':'web_search_tool_result','content':[{'text':'" LONG "'}]}}")
     D("{'type':'content_block_delta','index':1,'delta':{'type':'text_delta',"
       "'text':'a'}}") D("{'type':'message_stop'}"),
     "a verdict=complete"},
    {"anthropic: a signature", SSE_LLM_ANTHROPIC,
     D("{'type':'content_block_delta','index':0,'delta':{'type':'text_delta',"
       "'text':'a'}}")
     D("{'type':'content_block_delta','index':0,'delta':{"
       "'type':'signature_delta','signature':'" LONG "'}}")
     D("{'type':'message_stop'}"), "a verdict=complete"},
    {"anthropic: arguments whole", SSE_LLM_ANTHROPIC,
     D("{'type':'content_block_start','index':0,'content_block':{"
       "'type':'tool_use','id':'c','name':'f','input':{'x':'" LONG "'}}}"),
     "[c f] verdict=failed code=limit"},
    {"anthropic: a long name of a tool", SSE_LLM_ANTHROPIC,
     D("{'type':'content_block_start','index':0,'content_block':{"
       "'type':'tool_use','id':'c','name':'" LONG "'}}"),
     " verdict=failed code=limit"},
    {"chat: what filters say", SSE_LLM_OPENAI_CHAT,
     D("{'choices':[],'prompt_filter_results':['" LONG "']}")
     D("{'choices':[{'delta':{'content':'a'}}]}") D("[DONE]"),
     "a verdict=complete"},
    {"chat: a choice is lost", SSE_LLM_OPENAI_CHAT,
     D("{'choices':[{'delta':{'content':'" LONG "'}}]}") D("[DONE]"),
     " verdict=failed code=limit"},
    {"chat: an error with much around it", SSE_LLM_OPENAI_CHAT,
     D("{'error':{'message':'m','code':'c','metadata':{'raw':'" LONG "'}}}"),
     " verdict=failed code=c message=m"},
    {"chat: an error event", SSE_LLM_OPENAI_CHAT,
     "event: error\ndata: {'message':'m','x':'" LONG "'}\n\n",
     " verdict=failed message=m"},
    {"chat: a list of errors", SSE_LLM_OPENAI_CHAT,
     D("{'choices':[{'delta':{'content':'a'}}]}")
     D("{'errors':[{'message':'" LONG "'}]}") D("[DONE]"),
     "a verdict=failed"},
    {"chat: an error that is a long text", SSE_LLM_OPENAI_CHAT,
     D("{'error':'" LONG "'}") D("[DONE]"), " verdict=failed"},
    {"chat: a code with a long message", SSE_LLM_OPENAI_CHAT,
     D("{'code':'c','message':'" LONG "'}") D("[DONE]"),
     " verdict=failed code=c"},
    {"chat: no JSON", SSE_LLM_OPENAI_CHAT, D("<html>" LONG),
     " verdict=failed code=limit"},
    {"gemini: a candidate is lost", SSE_LLM_GEMINI,
     D("{'candidates':[{'content':{'parts':[{'text':'" LONG "'}]}}]}"),
     " verdict=failed code=limit"},
    {"gemini: an array of answers is lost", SSE_LLM_GEMINI,
     D("[{'candidates':[{'content':{'parts':[{'text':'a'}]}}],'x':'" LONG
       "'}]"),
     " verdict=failed code=limit"},
    {"gemini: without candidates", SSE_LLM_GEMINI,
     D("{'candidates':[],'x':'" LONG "','usageMetadata':{"
       "'promptTokenCount':1}}")
     D("{'candidates':[{'content':{'parts':[{'text':'a'}]},"
       "'finishReason':'STOP'}]}"),
     "a verdict=complete reason=STOP in=1"},
};

typedef struct logged {
    char text[512];
    size_t len;
} logged;

static void put(logged *log, const char *text, size_t len)
{
    assert_true(len < sizeof log->text - log->len);
    memcpy(log->text + log->len, text, len);
    log->len += len;
    log->text[log->len] = '\0';
}

static void put_pair(logged *log, const char *name, const char *value)
{
    if (value[0] != '\0') {
        put(log, " ", 1);
        put(log, name, strlen(name));
        put(log, "=", 1);
        put(log, value, strlen(value));
    }
}

static void put_number(logged *log, const char *name, int64_t number)
{
    char digits[32];
    (void)snprintf(digits, sizeof digits, "%lld", (long long)number);
    put_pair(log, name, number < 0 ? "" : digits);
}

static int on_delta(const sse_llm_delta *delta, void *user)
{
    logged *const log = (logged *)user;
    if (delta->kind == SSE_LLM_TOOL_CALL) {
        put(log, "[", 1);
        put(log, delta->id, delta->id_len);
        put(log, " ", 1);
        put(log, delta->name, delta->name_len);
        put(log, "]", 1);
    } else if (delta->kind != SSE_LLM_FINISH) {
        put(log, delta->text, delta->text_len);
    }
    return SSE_GO;
}

static void put_report(logged *log, const sse_llm_report *report)
{
    put_pair(log, "verdict", sse_llm_verdict_name(report->verdict));
    put_pair(log, "reason", report->finish_reason);
    put_pair(log, "id", report->id);
    put_pair(log, "model", report->model);
    put_number(log, "in", report->usage.prompt_tokens);
    put_number(log, "out", report->usage.completion_tokens);
    put_number(log, "total", report->usage.total_tokens);
    put_number(log, "reasoning", report->usage.reasoning_tokens);
    put_number(log, "sequence", report->sequence_number);
    put_pair(log, "code", report->error.code);
    if (strcmp(report->error.type, "reader") != 0) {
        put_pair(log, "message", report->error.message);
    }
    put_number(log, "unknown",
               report->counts.unknown > 0 ? (int64_t)report->counts.unknown
                                          : -1);
}

/* The stream as it is sent. */
static char *stream_of(const char *pattern, size_t *len)
{
    char *const stream = (char *)malloc(strlen(pattern) + 8 * (size_t)LARGE);
    assert_non_null(stream);
    *len = 0;
    for (const char *at = pattern; *at != '\0'; at++) {
        if (*at == LONG[0]) {
            memset(stream + *len, 'x', LARGE);
            *len += LARGE;
        } else if (*at == LIST[0]) {
            for (int i = 0; i < LARGE / 8; i++) {
                memcpy(stream + *len, "[{}],", 5);
                *len += 5;
            }
            stream[(*len)++] = '1';
        } else {
            stream[(*len)++] = *at == '\'' ? '"' : *at;
        }
    }
    return stream;
}

/* What is read of a row, with the policy that is given. */
static logged read_row(const row *one, const char *stream, size_t len,
                       size_t step, sse_overflow policy)
{
    char room[2048];
    char scratch[2 * SSE_LLM_SCRATCH_MIN];
    logged log = {"", 0};
    sse_llm llm;
    sse_parser parser;
    assert_int_equal(sse_llm_init(&llm, one->dialect, scratch, sizeof scratch,
                                  on_delta, &log),
                     SSE_OK);
    assert_int_equal(
        sse_parser_init(&parser, room, sizeof room, sse_llm_on_event, &llm),
        SSE_OK);
    sse_parser_on_dropped(&parser, sse_llm_on_dropped);
    assert_int_equal(
        sse_parser_set_overflow(&parser, policy, sse_llm_on_fragment), SSE_OK);
    sse_status status = SSE_OK;
    for (size_t at = 0; at < len && status == SSE_OK; at += step) {
        const size_t take = step < len - at ? step : len - at;
        size_t used = 0;
        status = sse_parser_feed(&parser, stream + at, take, &used);
    }
    (void)sse_parser_finish(&parser, 1);
    (void)sse_llm_finish(&llm, 1);
    sse_llm_report report;
    sse_llm_report_get(&llm, &report);
    put_report(&log, &report);
    return log;
}

static void run_row(void **state)
{
    static const size_t steps[] = {1, 7, 100, 1400, 16384};
    const row *const one = (const row *)*state;
    size_t len = 0;
    char *const stream = stream_of(one->stream, &len);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const logged log =
            read_row(one, stream, len, steps[i], SSE_OVERFLOW_FRAGMENTS);
        assert_string_equal(log.text, one->log);
    }
    free(stream);
}

/* With the skip policy the answer fails: what was dropped may count. */
static void test_dropped_events_fail(void **state)
{
    (void)state;
    const row *const one = &rows[0];
    size_t len = 0;
    char *const stream = stream_of(one->stream, &len);
    const logged log = read_row(one, stream, len, 1000, SSE_OVERFLOW_SKIP);
    assert_string_equal(log.text, "a verdict=failed code=limit");
    free(stream);
}

static void test_other_drops_are_ignored(void **state)
{
    (void)state;
    char scratch[SSE_LLM_SCRATCH_MIN];
    logged log = {"", 0};
    sse_llm llm;
    sse_drop drop;
    memset(&drop, 0, sizeof drop);
    assert_int_equal(sse_llm_init(&llm, SSE_LLM_ANTHROPIC, scratch,
                                  sizeof scratch, on_delta, &log),
                     SSE_OK);
    drop.reason = SSE_DROP_ID;
    assert_int_equal(sse_llm_on_dropped(&drop, &llm), SSE_GO);
    drop.reason = SSE_DROP_COMMENT;
    assert_int_equal(sse_llm_on_dropped(&drop, &llm), SSE_GO);
    assert_false(sse_llm_ended(&llm));
    drop.reason = SSE_DROP_TYPE;
    assert_int_equal(sse_llm_on_dropped(&drop, &llm), SSE_STOP);
    assert_true(sse_llm_ended(&llm));
    assert_int_equal(sse_llm_on_dropped(&drop, &llm), SSE_GO);
    assert_int_equal(sse_llm_on_dropped(NULL, &llm), SSE_STOP);
    assert_int_equal(sse_llm_on_fragment(NULL, &llm), SSE_STOP);
    assert_int_equal(sse_llm_finish(&llm, 1), SSE_LLM_FAILED);
}

static void test_aborted_fragments_fail(void **state)
{
    (void)state;
    char scratch[SSE_LLM_SCRATCH_MIN];
    logged log = {"", 0};
    sse_llm llm;
    sse_fragment fragment;
    memset(&fragment, 0, sizeof fragment);
    assert_int_equal(sse_llm_init(&llm, SSE_LLM_ANTHROPIC, scratch,
                                  sizeof scratch, on_delta, &log),
                     SSE_OK);
    fragment.kind = SSE_FRAGMENT_BEGIN;
    assert_int_equal(sse_llm_on_fragment(&fragment, &llm), SSE_GO);
    fragment.kind = SSE_FRAGMENT_ABORT;
    fragment.reason = SSE_DROP_TYPE;
    assert_int_equal(sse_llm_on_fragment(&fragment, &llm), SSE_STOP);
    assert_int_equal(sse_llm_finish(&llm, 1), SSE_LLM_FAILED);
}

#define ROW_COUNT (sizeof rows / sizeof rows[0])

int main(void)
{
    struct CMUnitTest tests[ROW_COUNT + 3];
    (void)FILL_ROWS(tests, rows, name, run_row);
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_dropped_events_fail),
        cmocka_unit_test(test_other_drops_are_ignored),
        cmocka_unit_test(test_aborted_fragments_fail),
    };
    memcpy(tests + ROW_COUNT, others, sizeof others);
    return cmocka_run_group_tests_name("llm overflow", tests, NULL, NULL);
}
