/*
 * curl_llm_client.c - asks a language model and prints its answer as it comes;
 * the last line on stderr says how it ended.
 *
 *     curl_llm_client URL MODEL QUESTION
 *
 * URL is an endpoint of OpenAI's chat completions (OpenAI, llama.cpp, vLLM,
 * Ollama, ...), or of Anthropic's messages if it ends in /messages.  The key
 * is read from the environment: LLM_API_KEY.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/curl.h>
#include <sse/llm.h>
#include <sse/writer.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int on_delta(const sse_llm_delta *delta, void *user)
{
    (void)user;
    if (delta->kind == SSE_LLM_TOOL_CALL) {
        printf("\n%.*s: ", (int)delta->name_len, delta->name);
    } else if (delta->kind == SSE_LLM_TEXT || delta->kind == SSE_LLM_REFUSAL ||
               delta->kind == SSE_LLM_TOOL_ARGUMENTS) {
        (void)fwrite(delta->text, 1, delta->text_len, stdout);
    }
    return fflush(stdout) == 0 ? SSE_GO : SSE_STOP;
}

/* Some servers keep the connection open behind their last event. */
static int on_event(const sse_event *event, void *user)
{
    const int answer = sse_llm_on_event(event, user);
    return sse_llm_ended((sse_llm *)user) ? SSE_STOP : answer;
}

/* Failures may come in fields of their own, and no event may be missed. */
static sse_status set_up(sse_parser *parser, void *user)
{
    (void)user;
    sse_parser_on_field(parser, sse_llm_on_field);
    sse_parser_on_dropped(parser, sse_llm_on_dropped);
    return SSE_OK;
}

/* A response that is no stream: say what it was. */
static void on_end(const sse_curl_result *result, void *user)
{
    if (!sse_llm_ended((sse_llm *)user)) {
        fprintf(stderr, "%s\n%s", result->text, result->body);
    }
}

/* Writes the request, which both protocols take as it is. */
static int write_request(char *dst, size_t cap, char **argv)
{
    static char model[512], question[60000];
    size_t m = 0, q = 0;
    if (sse_json_escape(argv[2], strlen(argv[2]), model, sizeof model, &m) ||
        sse_json_escape(argv[3], strlen(argv[3]), question, sizeof question,
                        &q)) {
        return 0;
    }
    const int len = snprintf(
        dst, cap, "{\"stream\":true,\"max_tokens\":4096,\"model\":\"%.*s\","
        "\"messages\":[{\"role\":\"user\",\"content\":\"%.*s\"}]}",
        (int)m, model, (int)q, question);
    return len > 0 && (size_t)len < cap;
}

/* The header with the key, of any length; the caller frees it. */
static char *make_key(int messages)
{
    const char *const name = messages ? "x-api-key: "
                                      : "Authorization: Bearer ";
    const char *const value = getenv("LLM_API_KEY");
    const char *const key = value != NULL ? value : "none";
    const size_t size = strlen(name) + strlen(key) + 1;
    char *const line = (char *)malloc(size);
    if (line != NULL) {
        snprintf(line, size, "%s%s", name, key);
    }
    return line;
}

int main(int argc, char **argv)
{
    static char body[65536];
    char scratch[4096];
    sse_llm llm;
    sse_llm_report report;
    sse_curl_config config;
    if (argc != 4 || !write_request(body, sizeof body, argv)) {
        fputs(argc != 4 ? "usage: curl_llm_client URL MODEL QUESTION\n"
                        : "curl_llm_client: the question is too long\n",
              stderr);
        return 2;
    }
    const size_t len = strlen(argv[1]);
    const int messages = len > 9 && strcmp(argv[1] + len - 9, "/messages") == 0;
    char *const key = make_key(messages);
    const char *const headers[] = {"Content-Type: application/json", key,
                                   "anthropic-version: 2023-06-01"};
    sse_llm_init(&llm, messages ? SSE_LLM_ANTHROPIC : SSE_LLM_OPENAI_CHAT,
                 scratch, sizeof scratch, on_delta, NULL);
    sse_curl_config_init(&config);
    config.url = argv[1];
    config.headers = headers;
    config.header_count = messages ? 3 : 2;
    config.body = body;
    config.body_len = strlen(body);
    config.reconnect = 0; /* half an answer is not to be asked for again */
    config.idle_timeout_ms = 120000;
    config.on_event = on_event;
    config.on_end = on_end;
    config.setup_parser = set_up;
    config.user = &llm;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *const easy = curl_easy_init();
    const sse_status status = sse_curl_run(easy, &config);
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    free(key);
    const sse_llm_verdict verdict = sse_llm_finish(&llm, status == SSE_OK);
    sse_llm_report_get(&llm, &report);
    fprintf(stderr, "\n[%s] %s\n", sse_llm_verdict_name(verdict),
            status < 0 && verdict == SSE_LLM_FAILED && !*report.error.message
                ? sse_strerror(status) : report.error.message);
    return verdict != SSE_LLM_COMPLETE && verdict != SSE_LLM_TOOL;
}
