/*
 * test_llm_rows.h - streams of language models and what must be read in them.
 *
 * A row's stream is written with ' in place of ", and is fed through the
 * parser whole, byte by byte, and cut in two at every place, with a small and
 * a large scratch.  All must give the same log: one line for each run of
 * deltas of one kind and place, and one for the end, which names only what is
 * not usual.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TEST_LLM_ROWS_H
#define SSE_TEST_LLM_ROWS_H

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

/* One event that carries data. */
#define D(json) "data: " json "\n\n"
/* One chunk with one choice, and one with one delta. */
#define CHOICE(members) D("{'choices':[{'index':0," members "}]}")
#define DELTA(members) CHOICE("'delta':{" members "},'finish_reason':null")
#define TEXT(text) DELTA("'content':'" text "'")
#define FINISH(reason) CHOICE("'delta':{},'finish_reason':'" reason "'")
#define DONE D("[DONE]")

typedef struct llm_row {
    const char *name;
    const char *stream;
    const char *log;
    int way; /* ROW_… bits */
} llm_row;

#define ROW_LENIENT 1 /* payloads that are no JSON are ignored */
#define ROW_CUT 2     /* the transport did not see the end of the body */

/* Which dialect the rows are of, unless they are of OpenAI's chat. */
#ifndef ROW_DIALECT
#define ROW_DIALECT SSE_LLM_OPENAI_CHAT
#endif

typedef struct llm_log {
    char text[4096];
    size_t len;
    int kind; /* of the run of deltas under way */
    uint32_t choice, call;
} llm_log;

static inline void log_put(llm_log *log, const char *text, size_t len)
{
    assert_true(len < sizeof log->text - log->len);
    memcpy(log->text + log->len, text, len);
    log->len += len;
    log->text[log->len] = '\0';
}

static inline void log_text(llm_log *log, const char *text)
{
    log_put(log, text, strlen(text));
}

static inline void log_end_run(llm_log *log)
{
    if (log->kind != 0) {
        log_text(log, "\n");
        log->kind = 0;
    }
}

static inline int log_delta(const sse_llm_delta *delta, void *user)
{
    static const char *const names[] = {"",     "text", "reasoning", "refusal",
                                        "tool", "args", "finish"};
    llm_log *const log = (llm_log *)user;
    char head[64];
    const int joins = delta->kind != SSE_LLM_TOOL_CALL &&
                      delta->kind != SSE_LLM_FINISH;
    assert_true(delta->kind == SSE_LLM_TOOL_CALL || delta->text_len > 0);
    if (!joins || log->kind != (int)delta->kind ||
        log->choice != delta->choice || log->call != delta->call) {
        log_end_run(log);
        const int tool = delta->kind == SSE_LLM_TOOL_CALL ||
                         delta->kind == SSE_LLM_TOOL_ARGUMENTS;
        (void)snprintf(head, sizeof head, tool ? "%s %u.%u " : "%s %u ",
                       names[delta->kind], (unsigned)delta->choice,
                       (unsigned)delta->call);
        log_text(log, head);
    }
    if (delta->kind == SSE_LLM_TOOL_CALL) {
        log_text(log, "[");
        log_put(log, delta->id, delta->id_len);
        log_text(log, "] [");
        log_put(log, delta->name, delta->name_len);
        log_text(log, "]");
    } else {
        log_put(log, delta->text, delta->text_len);
    }
    log->kind = (int)delta->kind;
    log->choice = delta->choice;
    log->call = delta->call;
    return SSE_GO;
}

static inline void log_word(llm_log *log, const char *name, const char *word)
{
    if (word[0] != '\0') {
        log_text(log, " ");
        log_text(log, name);
        log_text(log, "=");
        log_text(log, word);
    }
}

static inline void log_number(llm_log *log, const char *name, int64_t number,
                              int64_t usual)
{
    char text[64];
    if (number != usual) {
        (void)snprintf(text, sizeof text, " %s=%lld", name, (long long)number);
        log_text(log, text);
    }
}

static inline void log_report(llm_log *log, const sse_llm_report *report)
{
    const sse_llm_usage *const usage = &report->usage;
    log_end_run(log);
    log_text(log, sse_llm_verdict_name(report->verdict));
    log_text(log, report->terminal_mark ? " marked" : "");
    log_word(log, "reason", report->finish_reason);
    log_word(log, "id", report->id);
    log_word(log, "model", report->model);
    log_number(log, "prompt", usage->prompt_tokens, -1);
    log_number(log, "completion", usage->completion_tokens, -1);
    log_number(log, "total", usage->total_tokens, -1);
    log_number(log, "cached", usage->cached_tokens, -1);
    log_number(log, "reasoning", usage->reasoning_tokens, -1);
    log_number(log, "sequence", report->sequence_number, -1);
    log_word(log, "code", report->error.code);
    log_word(log, "type", report->error.type);
    log_word(log, "message", report->error.message);
    log_number(log, "unknown", (int64_t)report->counts.unknown, 0);
    log_number(log, "malformed", (int64_t)report->counts.malformed, 0);
    log_number(log, "after", (int64_t)report->counts.after_end, 0);
}

/* One way of feeding: all before @p cut, then pieces of @p step bytes. */
static inline void feed_row(const llm_row *row, const char *stream, size_t len,
                            size_t cut, size_t step, size_t scratch_cap)
{
    static char room[1 << 16];
    llm_log log;
    memset(&log, 0, sizeof log);
    sse_llm llm;
    sse_parser parser;
    char *const scratch = (char *)malloc(scratch_cap);
    assert_non_null(scratch);
    assert_int_equal(sse_llm_init(&llm, ROW_DIALECT, scratch, scratch_cap,
                                  log_delta, &log),
                     SSE_OK);
    sse_llm_set_lenient(&llm, row->way & ROW_LENIENT);
    assert_int_equal(sse_parser_init(&parser, room, sizeof room,
                                     sse_llm_on_event, &llm),
                     SSE_OK);
    sse_parser_on_field(&parser, sse_llm_on_field);
    size_t at = 0;
    int stopped = 0;
    while (at < len && !stopped) {
        const size_t want = at < cut ? cut - at : step;
        const size_t take = want < len - at ? want : len - at;
        size_t used = 0;
        stopped = sse_parser_feed(&parser, stream + at, take, &used) != SSE_OK;
        at += take;
    }
    const int clean = (row->way & ROW_CUT) == 0;
    (void)sse_parser_finish(&parser, clean);
    const sse_llm_verdict verdict = sse_llm_finish(&llm, clean);
    sse_llm_report report;
    sse_llm_report_get(&llm, &report);
    assert_int_equal(report.verdict, verdict);
    log_report(&log, &report);
    assert_string_equal(log.text, row->log);
    free(scratch);
}

static inline void run_llm_row(void **state)
{
    const llm_row *const row = (const llm_row *)*state;
    const size_t len = strlen(row->stream);
    char *const stream = (char *)malloc(len + 1);
    assert_non_null(stream);
    memcpy(stream, row->stream, len + 1);
    for (size_t i = 0; i < len; i++) {
        stream[i] = stream[i] == '\'' ? '"' : stream[i];
    }
    feed_row(row, stream, len, len, 1, 4096);
    feed_row(row, stream, len, len, 1, SSE_LLM_SCRATCH_MIN);
    feed_row(row, stream, len, 0, 1, 4096);
    for (size_t cut = 1; cut < len; cut++) {
        feed_row(row, stream, len, cut, len, SSE_LLM_SCRATCH_MIN);
    }
    free(stream);
}

/* Runs one test for each row. */
static inline int run_llm_rows(const char *group, llm_row *rows, size_t count)
{
    return RUN_ROWS(group, rows, count, name, run_llm_row);
}

#endif /* SSE_TEST_LLM_ROWS_H */
