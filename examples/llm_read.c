/*
 * llm_read.c - says what a stream of a language model holds: one JSON object
 * a line for each delta, and one for how it ended.
 *
 *     llm_read chat|messages|responses|gemini <STREAM
 *
 * Events may have any size: what is too large for the parser comes in
 * fragments, and what counts of them is kept.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/llm.h>
#include <sse/sse.h>

#include <stdio.h>
#include <string.h>

static void put_text(const char *name, const char *text, size_t len)
{
    printf(",\"%s\":\"", name);
    while (len > 0) {
        char escaped[6 * 512];
        size_t part = len < 512 ? len : 512;
        size_t written = 0;
        while (part < len && ((unsigned char)text[part] & 0xC0) == 0x80) {
            part--; /* whole characters */
        }
        (void)sse_json_escape(text, part, escaped, sizeof escaped, &written);
        (void)fwrite(escaped, 1, written, stdout);
        text += part;
        len -= part;
    }
    printf("\"");
}

static int on_delta(const sse_llm_delta *delta, void *user)
{
    static const char *const kinds[] = {"?",         "text",      "reasoning",
                                        "refusal",   "tool_call", "arguments",
                                        "finish"};
    (void)user;
    printf("{\"delta\":\"%s\",\"choice\":%u", kinds[delta->kind],
           (unsigned)delta->choice);
    if (delta->kind == SSE_LLM_TOOL_CALL) {
        printf(",\"call\":%u", (unsigned)delta->call);
        put_text("id", delta->id, delta->id_len);
        put_text("name", delta->name, delta->name_len);
    } else {
        if (delta->kind == SSE_LLM_TOOL_ARGUMENTS) {
            printf(",\"call\":%u", (unsigned)delta->call);
        }
        put_text("text", delta->text, delta->text_len);
    }
    printf("}\n");
    return SSE_GO;
}

static void put_report(const sse_llm_report *report)
{
    const char *const verdict = sse_llm_verdict_name(report->verdict);
    const sse_llm_usage *const usage = &report->usage;
    printf("{\"verdict\":\"%s\",\"marked\":%d", verdict,
           report->terminal_mark != 0);
    put_text("reason", report->finish_reason, strlen(report->finish_reason));
    put_text("id", report->id, strlen(report->id));
    put_text("model", report->model, strlen(report->model));
    put_text("code", report->error.code, strlen(report->error.code));
    put_text("type", report->error.type, strlen(report->error.type));
    put_text("message", report->error.message, strlen(report->error.message));
    printf(",\"prompt\":%lld,\"completion\":%lld,\"total\":%lld,"
           "\"cached\":%lld,\"reasoning\":%lld",
           (long long)usage->prompt_tokens, (long long)usage->completion_tokens,
           (long long)usage->total_tokens, (long long)usage->cached_tokens,
           (long long)usage->reasoning_tokens);
    printf(",\"unknown\":%llu,\"malformed\":%llu}\n",
           (unsigned long long)report->counts.unknown,
           (unsigned long long)report->counts.malformed);
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"", "chat", "messages", "responses",
                                        "gemini"};
    static char room[1 << 20], scratch[8192], chunk[16384];
    int dialect = SSE_LLM_GEMINI;
    while (dialect > 0 && (argc != 2 || strcmp(argv[1], names[dialect]) != 0)) {
        dialect--;
    }
    sse_llm llm;
    sse_parser parser;
    if (dialect == 0 ||
        sse_llm_init(&llm, (sse_llm_dialect)dialect, scratch, sizeof scratch,
                     on_delta, NULL) != SSE_OK ||
        sse_parser_init(&parser, room, sizeof room, sse_llm_on_event, &llm) !=
            SSE_OK ||
        sse_parser_set_overflow(&parser, SSE_OVERFLOW_FRAGMENTS,
                                sse_llm_on_fragment) != SSE_OK) {
        fprintf(stderr, "usage: llm_read chat|messages|responses|gemini\n");
        return 2;
    }
    sse_parser_on_field(&parser, sse_llm_on_field);
    sse_parser_on_dropped(&parser, sse_llm_on_dropped);
    sse_status status = SSE_OK;
    size_t len = 0;
    while (status == SSE_OK &&
           (len = fread(chunk, 1, sizeof chunk, stdin)) > 0) {
        size_t used = 0;
        status = sse_parser_feed(&parser, chunk, len, &used);
    }
    (void)sse_parser_finish(&parser, !ferror(stdin));
    (void)sse_llm_finish(&llm, !ferror(stdin));
    sse_llm_report report;
    sse_llm_report_get(&llm, &report);
    put_report(&report);
    return report.verdict == SSE_LLM_FAILED;
}
