/*
 * sock_llm_server.c - a model that says back what it was told, over OpenAI's
 * protocol: something to try clients on.
 *
 *     sock_llm_server [PORT]
 *
 * POST /v1/chat/completions streams the last message's content, word by word.
 * Some words are acted on: `think` is reasoned about, `call` ends the answer
 * with a tool call, `long` with the reason `length`, `fail` with an error.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/llm.h>
#include <sse/sock.h>

#include <stdio.h>
#include <string.h>

/* One answer, written within one call: no state is kept. */
struct answer {
    sse_stream *stream;
    sse_llm_chunk chunk;
    sse_llm_usage usage;
    int broken; /* the stream takes no more */
};

static void send_block(struct answer *answer, sse_status status,
                       const char *block, size_t len)
{
    if (status != SSE_OK ||
        sse_stream_write(answer->stream, block, len) != SSE_OK) {
        answer->broken = 1;
    }
}

static void send_chunk(struct answer *answer)
{
    static char block[16384];
    size_t len = 0;
    const sse_status status = sse_llm_openai_chunk_write(
        &answer->chunk, block, sizeof block, &len);
    send_block(answer, status, block, len);
    answer->chunk.role = NULL;
    answer->chunk.text = NULL;
    answer->chunk.reasoning = NULL;
    answer->chunk.tool = NULL;
}

static void send_call(struct answer *answer)
{
    static const char *const pieces[] = {"{\"city\":", " \"Bern\"}"};
    sse_llm_tool_piece piece = {0, 0, "call_1", "weather", "", 0};
    answer->chunk.tool = &piece;
    send_chunk(answer);
    piece.id = piece.name = NULL;
    for (int i = 0; i < 2; i++) {
        piece.arguments = pieces[i];
        piece.arguments_len = strlen(pieces[i]);
        answer->chunk.tool = &piece;
        send_chunk(answer);
    }
}

static int is_word(const char *word, size_t len, const char *wanted)
{
    return len == strlen(wanted) && memcmp(word, wanted, len) == 0;
}

/* Sends a text word by word.  @return the reason why it ends there. */
static const char *send_words(struct answer *answer, const char *text,
                              size_t len)
{
    const char *reason = "stop";
    answer->chunk.role = "assistant";
    while (len > 0 && !answer->broken) {
        size_t word = 0;
        while (word < len && text[word] != ' ') {
            word++;
        }
        const size_t with_space = word < len ? word + 1 : word;
        if (is_word(text, word, "think")) {
            answer->chunk.reasoning = "Well. ";
            answer->chunk.reasoning_len = 6;
            send_chunk(answer);
        }
        answer->chunk.text = text;
        answer->chunk.text_len = with_space;
        send_chunk(answer);
        answer->usage.completion_tokens++;
        reason = is_word(text, word, "call")   ? "tool_calls"
                 : is_word(text, word, "long") ? "length"
                 : is_word(text, word, "fail") ? NULL
                                               : reason;
        text += with_space;
        len -= with_space;
    }
    return reason;
}

static void send_end(struct answer *answer, const char *reason)
{
    static const sse_llm_error error = {"overloaded", "server_error",
                                        "the model fell over"};
    char block[512];
    size_t len = 0;
    if (reason == NULL) {
        const sse_status status =
            sse_llm_openai_error_write(&error, block, sizeof block, &len);
        send_block(answer, status, block, len);
        return;
    }
    if (strcmp(reason, "tool_calls") == 0) {
        send_call(answer);
    }
    answer->chunk.finish_reason = reason;
    send_chunk(answer);
    if (answer->chunk.usage_asked) {
        answer->chunk.usage = &answer->usage;
        send_chunk(answer);
    }
    const sse_status status =
        sse_llm_openai_done_write(block, sizeof block, &len);
    send_block(answer, status, block, len);
}

/* The content of the last message, and whether usage is asked for. */
static sse_json_value question_of(const char *body, size_t len, int *usage)
{
    static const sse_json_value none = {SSE_JSON_NONE, 0, NULL, 0, 0};
    sse_json_member all[] = {{"messages", none}, {"stream_options", none}};
    sse_json_member content = {"content", none};
    sse_json_member asked = {"include_usage", none};
    sse_json json;
    sse_json_value message;
    if (sse_json_members(body, len, all, 2) == SSE_OK &&
        all[0].value.kind == SSE_JSON_ARRAY) {
        sse_json_init(&json, all[0].value.text, all[0].value.len);
        (void)sse_json_next(&json, &message);
        while (sse_json_next_value(&json, &message) == SSE_OK &&
               message.kind == SSE_JSON_OBJECT) {
            (void)sse_json_members(message.text, message.len, &content, 1);
        }
        (void)sse_json_members(all[1].value.text, all[1].value.len, &asked, 1);
        *usage = asked.value.kind == SSE_JSON_TRUE;
    }
    return content.value;
}

static void on_request(sse_request *request, void *user)
{
    static char text[65536];
    static const sse_http_header json[] = {
        {"Content-Type", "application/json"}};
    static const char bad[] = "{\"error\":{\"message\":\"no question\","
                              "\"type\":\"invalid_request_error\"}}";
    struct answer answer;
    size_t len = 0;
    memset(&answer, 0, sizeof answer);
    const char *const body = sse_request_body(request, &len);
    const sse_json_value question =
        question_of(body, len, &answer.chunk.usage_asked);
    (void)user;
    if (strcmp(sse_request_path(request), "/v1/chat/completions") != 0 ||
        question.kind != SSE_JSON_STRING ||
        sse_json_unescape(&question, text, sizeof text, &len) != SSE_OK) {
        (void)sse_request_respond(request, 400, json, 1, bad, sizeof bad - 1);
        return;
    }
    if (sse_stream_open(request, NULL, 0, &answer.stream) != SSE_OK) {
        return;
    }
    answer.chunk.id = "chatcmpl-1";
    answer.chunk.model = "echo";
    answer.chunk.created = 1;
    answer.usage.prompt_tokens = (int64_t)len;
    answer.usage.total_tokens = -1;
    answer.usage.cached_tokens = answer.usage.reasoning_tokens = -1;
    send_end(&answer, send_words(&answer, text, len));
    (void)sse_stream_end(answer.stream);
}

int main(int argc, char **argv)
{
    unsigned port = 8080;
    char more;
    if (argc > 1 &&
        (sscanf(argv[1], "%5u%c", &port, &more) != 1 || port > 65535)) {
        (void)fprintf(stderr, "sock_llm_server: \"%s\" is no port\n", argv[1]);
        return 2;
    }
    sse_loop *loop = NULL;
    sse_server *server = NULL;
    sse_server_config config;
    sse_server_config_init(&config);
    config.port = (uint16_t)port;
    sse_status status = sse_loop_open(&loop);
    if (status == SSE_OK) {
        status = sse_server_open(loop, &config, on_request, NULL, &server);
    }
    if (status == SSE_OK) {
        printf("http://127.0.0.1:%u/v1\n", sse_server_port(server));
        (void)fflush(stdout);
        status = sse_loop_run(loop);
    }
    if (status == SSE_ERR_SYSTEM) {
        perror("sock_llm_server"); /* the port is taken, for one */
    } else if (status != SSE_OK) {
        (void)fprintf(stderr, "sock_llm_server: %s\n", sse_strerror(status));
    }
    sse_server_close(server);
    sse_loop_close(loop);
    return status != SSE_OK;
}
