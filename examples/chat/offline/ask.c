/*
 * ask.c - a chat completion request, read and checked.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/ask.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "offline/pieces.h"

#define MODEL_MAX 200
#define TOKENS_MAX 1000000

static int bad(struct ask *ask, const char *param, const char *message)
{
    ask->param = param;
    ask->message = message;
    return -1;
}

/* Appends the text of a message: a string, or parts of type "text". */
static int add_content(struct buf *buf, const json_t *content)
{
    if (json_is_string(content)) {
        (void)buf_add(buf, json_string_value(content),
                      json_string_length(content));
        return 0;
    }
    if (json_is_null(content) || content == NULL) {
        return 0; /* as with a tool call */
    }
    size_t i;
    json_t *part;
    json_array_foreach(content, i, part) {
        const json_t *const text = json_object_get(part, "text");
        if (!json_is_string(text)) {
            return -1;
        }
        (void)buf_add(buf, json_string_value(text), json_string_length(text));
    }
    return json_is_array(content) ? 0 : -1;
}

static int is_role(const char *role)
{
    static const char *const roles[] = {"system",    "developer", "user",
                                        "assistant", "tool",      "function"};
    for (size_t i = 0; role != NULL && i < 6; i++) {
        if (strcmp(role, roles[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

static int read_message(struct ask *ask, const json_t *message)
{
    const char *const role =
        json_string_value(json_object_get(message, "role"));
    struct buf text;
    memset(&text, 0, sizeof text);
    if (!is_role(role)) {
        return bad(ask, "messages", "Each message needs a role: system, "
                                    "developer, user, assistant or tool.");
    }
    if (add_content(&text, json_object_get(message, "content")) != 0) {
        buf_free(&text);
        return bad(ask, "messages",
                   "The content of a message must be text.");
    }
    ask->prompt_tokens += pieces_count(buf_text(&text), text.len, PIECE_WORD);
    if (strcmp(role, "system") == 0 || strcmp(role, "developer") == 0) {
        (void)buf_add_text(&ask->system, ask->system.len > 0 ? "\n\n" : "");
        (void)buf_add(&ask->system, buf_text(&text), text.len);
    } else if (strcmp(role, "user") == 0) {
        buf_clear(&ask->user);
        (void)buf_add(&ask->user, buf_text(&text), text.len);
    }
    buf_free(&text);
    return 0;
}

static int read_messages(struct ask *ask, const json_t *messages)
{
    size_t i;
    json_t *message;
    if (json_array_size(messages) == 0) {
        return bad(ask, "messages", "\"messages\" must be a list with at "
                                    "least one message.");
    }
    json_array_foreach(messages, i, message) {
        if (read_message(ask, message) != 0) {
            return -1;
        }
    }
    return 0;
}

/* Reads true or false; null and absent are false.  @return -1 otherwise. */
static int flag_of(const json_t *value, int *flag)
{
    *flag = json_is_true(value);
    return value == NULL || json_is_null(value) || json_is_boolean(value) ? 0
                                                                          : -1;
}

static int read_stream(struct ask *ask, const json_t *root)
{
    const json_t *const options = json_object_get(root, "stream_options");
    if (flag_of(json_object_get(root, "stream"), &ask->stream) != 0) {
        return bad(ask, "stream", "\"stream\" must be true or false.");
    }
    if (options == NULL || json_is_null(options)) {
        return 0;
    }
    if (!json_is_object(options) ||
        flag_of(json_object_get(options, "include_usage"), &ask->usage) != 0) {
        return bad(ask, "stream_options",
                   "\"stream_options\" must be an object, and its "
                   "\"include_usage\" true or false.");
    }
    if (!ask->stream) {
        return bad(ask, "stream_options", "\"stream_options\" is allowed with "
                                          "\"stream\": true alone.");
    }
    return 0;
}

static int read_limits(struct ask *ask, const json_t *root)
{
    static const char *const names[] = {"max_completion_tokens", "max_tokens"};
    const json_t *const n = json_object_get(root, "n");
    if (n != NULL && !json_is_null(n) &&
        (!json_is_integer(n) || json_integer_value(n) != 1)) {
        return bad(ask, "n", "\"n\" must be 1: there is one answer.");
    }
    ask->max_tokens = -1;
    for (size_t i = 0; i < 2 && ask->max_tokens < 0; i++) {
        const json_t *const value = json_object_get(root, names[i]);
        if (value == NULL || json_is_null(value)) {
            continue;
        }
        if (!json_is_integer(value) || json_integer_value(value) < 1) {
            return bad(ask, names[i], "The limit must be a positive integer.");
        }
        ask->max_tokens = json_integer_value(value) < TOKENS_MAX
                              ? (long)json_integer_value(value)
                              : TOKENS_MAX;
    }
    return 0;
}

static int read_root(struct ask *ask, const json_t *root)
{
    const json_t *const model = json_object_get(root, "model");
    if (!json_is_object(root)) {
        return bad(ask, NULL, "The body must be a JSON object.");
    }
    if (model != NULL && !json_is_null(model) &&
        (!json_is_string(model) || json_string_length(model) == 0 ||
         json_string_length(model) > MODEL_MAX)) {
        return bad(ask, "model", "\"model\" must be a name.");
    }
    ask->model = mem_string(json_is_string(model) ? json_string_value(model)
                                                  : "offline");
    if (read_messages(ask, json_object_get(root, "messages")) != 0 ||
        read_stream(ask, root) != 0) {
        return -1;
    }
    return read_limits(ask, root);
}

int ask_read(struct ask *ask, const char *body, size_t len)
{
    memset(ask, 0, sizeof *ask);
    json_t *const root = json_read(body, len);
    if (root == NULL) {
        return bad(ask, NULL, "The body is not valid JSON.");
    }
    const int failed = read_root(ask, root);
    json_decref(root);
    return failed;
}

void ask_free(struct ask *ask)
{
    free(ask->model);
    buf_free(&ask->system);
    buf_free(&ask->user);
    memset(ask, 0, sizeof *ask);
}
