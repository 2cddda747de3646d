/*
 * openai_write.c - chunks of an OpenAI chat, for servers that speak it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/llm.h>
#include <sse/writer.h>

#include <string.h>

/* Bytes on their way into the caller's buffer. */
typedef struct output {
    char *dst;
    size_t cap;
    size_t used;
    sse_status status;
} output;

static void put(output *out, const char *text, size_t len)
{
    if (out->status != SSE_OK) {
        return;
    }
    if (len > out->cap - out->used) {
        out->status = SSE_ERR_NO_SPACE;
        return;
    }
    memcpy(out->dst + out->used, text, len);
    out->used += len;
}

static void put_text(output *out, const char *text)
{
    put(out, text, strlen(text));
}

/* Writes a string with its quotation marks. */
static void put_string(output *out, const char *text, size_t len)
{
    put(out, "\"", 1);
    if (out->status == SSE_OK && len > 0) {
        size_t written = 0;
        out->status = sse_json_escape(text, len, out->dst + out->used,
                                      out->cap - out->used, &written);
        out->used += written;
    }
    put(out, "\"", 1);
}

static void put_name(output *out, const char *text)
{
    put_string(out, text, strlen(text));
}

static void put_number(output *out, int64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (number < 0) {
        put(out, "-", 1);
    }
    put(out, digits + at, sizeof digits - at);
}

static void put_tool(output *out, const sse_llm_tool_piece *tool)
{
    put_text(out, "\"tool_calls\":[{\"index\":");
    put_number(out, (int64_t)tool->index);
    if (tool->id != NULL) {
        put_text(out, ",\"id\":");
        put_name(out, tool->id);
        put_text(out, ",\"type\":\"function\"");
    }
    put_text(out, ",\"function\":{");
    if (tool->name != NULL) {
        put_text(out, "\"name\":");
        put_name(out, tool->name);
        put_text(out, tool->arguments != NULL ? "," : "");
    }
    if (tool->arguments != NULL) {
        put_text(out, "\"arguments\":");
        put_string(out, tool->arguments, tool->arguments_len);
    }
    put_text(out, "}}]");
}

static void put_delta(output *out, const sse_llm_chunk *chunk)
{
    const char *comma = "";
    if (chunk->role != NULL) {
        put_text(out, "\"role\":");
        put_name(out, chunk->role);
        comma = ",";
    }
    if (chunk->text != NULL) {
        put_text(out, comma);
        put_text(out, "\"content\":");
        put_string(out, chunk->text, chunk->text_len);
        comma = ",";
    }
    if (chunk->reasoning != NULL) {
        put_text(out, comma);
        put_text(out, "\"reasoning_content\":");
        put_string(out, chunk->reasoning, chunk->reasoning_len);
        comma = ",";
    }
    if (chunk->tool != NULL) {
        put_text(out, comma);
        put_tool(out, chunk->tool);
    }
}

static void put_choice(output *out, const sse_llm_chunk *chunk)
{
    put_text(out, "{\"index\":");
    put_number(out, (int64_t)chunk->choice);
    put_text(out, ",\"delta\":{");
    put_delta(out, chunk);
    put_text(out, "},\"finish_reason\":");
    if (chunk->finish_reason != NULL) {
        put_name(out, chunk->finish_reason);
    } else {
        put_text(out, "null");
    }
    put(out, "}", 1);
}

static int64_t told(int64_t tokens)
{
    return tokens < 0 ? 0 : tokens;
}

static void put_detail(output *out, const char *outer, const char *inner,
                       int64_t tokens)
{
    if (tokens >= 0) {
        put_text(out, ",\"");
        put_text(out, outer);
        put_text(out, "\":{\"");
        put_text(out, inner);
        put_text(out, "\":");
        put_number(out, tokens);
        put(out, "}", 1);
    }
}

static void put_usage(output *out, const sse_llm_usage *usage)
{
    const int64_t prompt = told(usage->prompt_tokens);
    const int64_t completion = told(usage->completion_tokens);
    const int64_t sum = completion > INT64_MAX - prompt ? INT64_MAX
                                                        : prompt + completion;
    put_text(out, "{\"prompt_tokens\":");
    put_number(out, prompt);
    put_text(out, ",\"completion_tokens\":");
    put_number(out, completion);
    put_text(out, ",\"total_tokens\":");
    put_number(out, usage->total_tokens < 0 ? sum : usage->total_tokens);
    put_detail(out, "prompt_tokens_details", "cached_tokens",
               usage->cached_tokens);
    put_detail(out, "completion_tokens_details", "reasoning_tokens",
               usage->reasoning_tokens);
    put(out, "}", 1);
}

/* Begins an event whose data is one line. */
static output begin(char *dst, size_t cap)
{
    output out = {dst, cap, 0, SSE_OK};
    put_text(&out, "data: ");
    return out;
}

static sse_status end(output *out, size_t *written)
{
    put_text(out, "\n\n");
    *written = out->status == SSE_OK ? out->used : 0;
    return out->status;
}

sse_status sse_llm_openai_chunk_write(const sse_llm_chunk *chunk, char *dst,
                                      size_t cap, size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (chunk == NULL || dst == NULL || chunk->id == NULL ||
        chunk->model == NULL) {
        return SSE_ERR_INVALID;
    }
    output out = begin(dst, cap);
    put_text(&out, "{\"id\":");
    put_name(&out, chunk->id);
    put_text(&out, ",\"object\":\"chat.completion.chunk\",\"created\":");
    put_number(&out, chunk->created);
    put_text(&out, ",\"model\":");
    put_name(&out, chunk->model);
    put_text(&out, ",\"choices\":[");
    if (chunk->usage == NULL) {
        put_choice(&out, chunk);
    }
    put(&out, "]", 1);
    if (chunk->usage != NULL) {
        put_text(&out, ",\"usage\":");
        put_usage(&out, chunk->usage);
    } else if (chunk->usage_asked) {
        put_text(&out, ",\"usage\":null");
    }
    put(&out, "}", 1);
    return end(&out, written);
}

/* Writes a string, or null for none. */
static void put_string_or_null(output *out, const char *text)
{
    if (text != NULL) {
        put_name(out, text);
    } else {
        put_text(out, "null");
    }
}

sse_status sse_llm_openai_error_write(const sse_llm_error *error, char *dst,
                                      size_t cap, size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (error == NULL || dst == NULL) {
        return SSE_ERR_INVALID;
    }
    output out = begin(dst, cap);
    put_text(&out, "{\"error\":{\"message\":");
    put_string_or_null(&out, error->message);
    put_text(&out, ",\"type\":");
    put_string_or_null(&out, error->type);
    put_text(&out, ",\"param\":null,\"code\":");
    put_string_or_null(&out, error->code);
    put_text(&out, "}}");
    return end(&out, written);
}

sse_status sse_llm_openai_done_write(char *dst, size_t cap, size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (dst == NULL) {
        return SSE_ERR_INVALID;
    }
    output out = begin(dst, cap);
    put_text(&out, "[DONE]");
    return end(&out, written);
}
