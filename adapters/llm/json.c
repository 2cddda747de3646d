/*
 * json.c - the cursor: one token of a JSON text after the other.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/json.h>

#include "json_lex.h"

#include <string.h>

/* What the grammar wants next. */
enum {
    WANT_VALUE = 0,        /* at the start, behind a colon or an array comma */
    WANT_VALUE_OR_END = 1, /* behind [ */
    WANT_NAME = 2,         /* behind an object comma */
    WANT_NAME_OR_END = 3,  /* behind { */
    WANT_COLON = 4,        /* behind a name */
    WANT_COMMA_OR_END = 5, /* behind a value within a container */
    WANT_NOTHING = 6       /* behind the outermost value */
};

void sse_json_init(sse_json *json, const char *text, size_t len)
{
    if (json == NULL) {
        return;
    }
    memset(json, 0, sizeof *json);
    json->text_ = text;
    json->len_ = text == NULL ? 0 : len;
}

static sse_status fail(sse_json *json, sse_status status)
{
    json->failed_ = status;
    return status;
}

static int in_object(const sse_json *json)
{
    const uint32_t level = json->depth_ - 1;
    return (json->nest_[level / 64] >> (level % 64) & 1u) != 0;
}

static void after_value(sse_json *json)
{
    json->state_ = json->depth_ == 0 ? WANT_NOTHING : WANT_COMMA_OR_END;
}

static sse_status open_container(sse_json *json, sse_json_value *token)
{
    if (json->depth_ == SSE_JSON_DEPTH_MAX) {
        return fail(json, SSE_ERR_LIMIT);
    }
    const int object = json->text_[json->at_] == '{';
    const uint64_t bit = (uint64_t)1 << (json->depth_ % 64);
    uint64_t *const word = &json->nest_[json->depth_ / 64];
    *word = object ? *word | bit : *word & ~bit;
    json->depth_++;
    json->state_ = object ? WANT_NAME_OR_END : WANT_VALUE_OR_END;
    token->kind = object ? SSE_JSON_OBJECT : SSE_JSON_ARRAY;
    token->len = 1;
    json->at_++;
    return SSE_OK;
}

static sse_status close_container(sse_json *json, sse_json_value *token)
{
    token->kind = in_object(json) ? SSE_JSON_OBJECT_END : SSE_JSON_ARRAY_END;
    token->len = 1;
    json->at_++;
    json->depth_--;
    after_value(json);
    return SSE_OK;
}

/* Reads `null`, `true` or `false`. */
static sse_status literal(sse_json *json, sse_json_value *token,
                          const char *word, sse_json_kind kind)
{
    size_t i = 0;
    while (word[i] != '\0') {
        if (json->at_ == json->len_ || json->text_[json->at_] != word[i]) {
            return fail(json, SSE_ERR_PROTOCOL);
        }
        json->at_++;
        i++;
    }
    token->kind = kind;
    token->len = i;
    after_value(json);
    return SSE_OK;
}

/* Reads a string from its opening quotation mark. */
static sse_status string(sse_json *json, sse_json_value *token,
                         sse_json_kind kind)
{
    json->at_++;
    token->offset = json->at_;
    token->text = json->text_ + json->at_;
    if (!sse_priv_json_string(json->text_, json->len_, &json->at_,
                              &token->flags)) {
        return fail(json, SSE_ERR_PROTOCOL);
    }
    token->kind = kind;
    token->len = json->at_ - token->offset;
    json->at_++;
    if (kind == SSE_JSON_NAME) {
        json->state_ = WANT_COLON;
    } else {
        after_value(json);
    }
    return SSE_OK;
}

static sse_status value(sse_json *json, sse_json_value *token)
{
    switch (json->text_[json->at_]) {
    case '{':
    case '[':
        return open_container(json, token);
    case '"':
        return string(json, token, SSE_JSON_STRING);
    case 'n':
        return literal(json, token, "null", SSE_JSON_NULL);
    case 't':
        return literal(json, token, "true", SSE_JSON_TRUE);
    case 'f':
        return literal(json, token, "false", SSE_JSON_FALSE);
    default:
        break;
    }
    if (!sse_priv_json_number(json->text_, json->len_, &json->at_)) {
        return fail(json, SSE_ERR_PROTOCOL);
    }
    token->kind = SSE_JSON_NUMBER;
    token->len = json->at_ - token->offset;
    after_value(json);
    return SSE_OK;
}

static void skip_space(sse_json *json)
{
    while (json->at_ < json->len_) {
        const char c = json->text_[json->at_];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            return;
        }
        json->at_++;
    }
}

/* Reads over the colon or comma the grammar wants before the next token.
 * @return not 0 unless it is missing. */
static int punctuation(sse_json *json)
{
    if (json->at_ == json->len_) {
        return 1;
    }
    const char c = json->text_[json->at_];
    if (json->state_ == WANT_COLON) {
        if (c != ':') {
            return 0;
        }
        json->state_ = WANT_VALUE;
    } else if (json->state_ == WANT_COMMA_OR_END && c == ',') {
        json->state_ = in_object(json) ? WANT_NAME : WANT_VALUE;
    } else {
        return 1;
    }
    json->at_++;
    skip_space(json);
    return 1;
}

/* Reads the token at the cursor, which is not the end of the text. */
static sse_status token_here(sse_json *json, sse_json_value *token)
{
    const char c = json->text_[json->at_];
    const uint32_t state = json->state_;
    if (state == WANT_VALUE) {
        return value(json, token);
    }
    if (state == WANT_NAME || state == WANT_NAME_OR_END) {
        if (c == '"') {
            return string(json, token, SSE_JSON_NAME);
        }
    } else if (state == WANT_VALUE_OR_END && c != ']') {
        return value(json, token);
    }
    if (state == WANT_NAME || state == WANT_NOTHING ||
        c != (in_object(json) ? '}' : ']')) {
        return fail(json, SSE_ERR_PROTOCOL);
    }
    return close_container(json, token);
}

sse_status sse_json_next(sse_json *json, sse_json_value *token)
{
    if (token == NULL) {
        return SSE_ERR_INVALID;
    }
    memset(token, 0, sizeof *token);
    if (json == NULL) {
        return SSE_ERR_INVALID;
    }
    if (json->failed_ != 0) {
        return (sse_status)json->failed_;
    }
    skip_space(json);
    if (!punctuation(json)) {
        return fail(json, SSE_ERR_PROTOCOL);
    }
    token->offset = json->at_;
    if (json->at_ == json->len_) {
        if (json->state_ != WANT_NOTHING) {
            return fail(json, SSE_ERR_PROTOCOL);
        }
        token->kind = SSE_JSON_END;
        return SSE_OK;
    }
    token->text = json->text_ + json->at_;
    const sse_status status = token_here(json, token);
    if (status != SSE_OK) {
        memset(token, 0, sizeof *token);
    }
    return status;
}

sse_status sse_json_next_value(sse_json *json, sse_json_value *value_out)
{
    const sse_status status = sse_json_next(json, value_out);
    if (status != SSE_OK || (value_out->kind != SSE_JSON_ARRAY &&
                             value_out->kind != SSE_JSON_OBJECT)) {
        return status;
    }
    const uint32_t outside = json->depth_ - 1;
    while (json->depth_ > outside) {
        sse_json_value token;
        const sse_status inner = sse_json_next(json, &token);
        if (inner != SSE_OK) {
            memset(value_out, 0, sizeof *value_out);
            return inner;
        }
    }
    value_out->len = json->at_ - value_out->offset;
    return SSE_OK;
}

size_t sse_json_offset(const sse_json *json)
{
    return json == NULL ? 0 : json->at_;
}
