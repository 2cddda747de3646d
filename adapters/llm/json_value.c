/*
 * json_value.c - what callers ask of JSON texts and values.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/json.h>

#include <string.h>

sse_status sse_json_check(const char *text, size_t len, size_t *offset)
{
    if (text == NULL && len > 0) {
        return SSE_ERR_INVALID;
    }
    sse_json json;
    sse_json_value token;
    sse_json_init(&json, text, len);
    sse_status status = SSE_OK;
    do {
        status = sse_json_next(&json, &token);
    } while (status == SSE_OK && token.kind != SSE_JSON_END);
    if (offset != NULL) {
        *offset = sse_json_offset(&json);
    }
    return status;
}

static void keep_wanted(const sse_json_value *name, const sse_json_value *value,
                        sse_json_member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sse_json_equals(name, members[i].name)) {
            members[i].value = *value;
        }
    }
}

sse_status sse_json_members(const char *text, size_t len,
                            sse_json_member *members, size_t count)
{
    if ((text == NULL && len > 0) || (members == NULL && count > 0)) {
        return SSE_ERR_INVALID;
    }
    for (size_t i = 0; i < count; i++) {
        memset(&members[i].value, 0, sizeof members[i].value);
    }
    sse_json json;
    sse_json_value name;
    sse_json_init(&json, text, len);
    sse_status status = sse_json_next(&json, &name);
    if (status != SSE_OK || name.kind != SSE_JSON_OBJECT) {
        return status != SSE_OK ? status : SSE_ERR_PROTOCOL;
    }
    for (;;) {
        status = sse_json_next(&json, &name);
        if (status != SSE_OK || name.kind == SSE_JSON_END) {
            return status;
        }
        if (name.kind == SSE_JSON_NAME) {
            sse_json_value value;
            status = sse_json_next_value(&json, &value);
            if (status != SSE_OK) {
                return status;
            }
            keep_wanted(&name, &value, members, count);
        }
    }
}

/* Compares while unescaping, a few characters at a time. */
static int escaped_equals(const sse_json_value *value, const char *text,
                          size_t len)
{
    sse_json_chars chars;
    memset(&chars, 0, sizeof chars);
    sse_json_chars_start(&chars, value);
    char part[32];
    size_t at = 0;
    sse_status status = SSE_NEED_SPACE;
    while (status == SSE_NEED_SPACE) {
        size_t got = 0;
        status = sse_json_chars_read(&chars, part, sizeof part, &got);
        if (got > len - at || memcmp(part, text + at, got) != 0) {
            return 0;
        }
        at += got;
    }
    size_t got = 0;
    (void)sse_json_chars_finish(&chars, part, sizeof part, &got);
    return got == len - at && memcmp(part, text + at, got) == 0;
}

int sse_json_equals(const sse_json_value *value, const char *text)
{
    if (value == NULL || text == NULL ||
        (value->kind != SSE_JSON_STRING && value->kind != SSE_JSON_NAME)) {
        return 0;
    }
    if ((value->flags & SSE_JSON_ESCAPED) != 0) {
        return escaped_equals(value, text, strlen(text));
    }
    /* Most names differ in their first byte: no need to measure them. */
    for (size_t i = 0; i < value->len; i++) {
        if (text[i] == '\0' || text[i] != value->text[i]) {
            return 0;
        }
    }
    return text[value->len] == '\0';
}

sse_status sse_json_integer(const sse_json_value *value, int64_t *number)
{
    if (value == NULL || number == NULL || value->kind != SSE_JSON_NUMBER ||
        value->len == 0) {
        return SSE_ERR_INVALID;
    }
    const int minus = value->text[0] == '-';
    const uint64_t most = minus ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t sum = 0;
    for (size_t i = minus ? 1 : 0; i < value->len; i++) {
        const char c = value->text[i];
        if (c < '0' || c > '9') {
            return SSE_ERR_INVALID;
        }
        const uint64_t digit = (uint64_t)(c - '0');
        if (sum > (most - digit) / 10) {
            return SSE_ERR_INVALID;
        }
        sum = sum * 10 + digit;
    }
    if (sum > (uint64_t)INT64_MAX) {
        *number = INT64_MIN; /* has no positive twin to be negated */
    } else {
        *number = minus ? -(int64_t)sum : (int64_t)sum;
    }
    return SSE_OK;
}
