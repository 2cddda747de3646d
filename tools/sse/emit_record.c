/*
 * emit_record.c - one line of JSON: what it describes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emit.h"

#include "base64.h"

#include <sse/json.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Kinds of members. */
enum { TEXT = 0, BASE64 = 1, NUMBER = 2, ANY = 3 };

static const struct {
    const char *name;
    enum emit_member member;
    int kind;
} names[] = {
    {"type", EMIT_M_TYPE, TEXT},
    {"data", EMIT_M_DATA, TEXT},
    {"id", EMIT_M_ID, TEXT},
    {"type_b64", EMIT_M_TYPE, BASE64},
    {"data_b64", EMIT_M_DATA, BASE64},
    {"id_b64", EMIT_M_ID, BASE64},
    {"retry", EMIT_M_RETRY, NUMBER},
    {"comment", EMIT_M_COMMENT, TEXT},
    {"comment_b64", EMIT_M_COMMENT, BASE64},
    {"field", EMIT_M_FIELD, TEXT},
    {"field_b64", EMIT_M_FIELD, BASE64},
    {"value", EMIT_M_VALUE, TEXT},
    {"value_b64", EMIT_M_VALUE, BASE64},
    {"state", EMIT_M_STATE, ANY},
    {"final_id", EMIT_M_FINAL_ID, TEXT},
    {"final_id_b64", EMIT_M_FINAL_ID, BASE64},
};

#define NAMES (sizeof names / sizeof names[0])

/* Which members belong together: `needs` all of, `may` any of. */
static const struct {
    enum emit_kind kind;
    unsigned needs;
    unsigned may;
    const char *what;
} kinds[] = {
    /* The order settles what a wrong mixture is taken for. */
    {EMIT_FINAL_ID, 1u << EMIT_M_FINAL_ID, 0, "a final id"},
    {EMIT_COMMENT, 1u << EMIT_M_COMMENT, 0, "a comment"},
    {EMIT_FIELD, 1u << EMIT_M_FIELD | 1u << EMIT_M_VALUE, 0, "a field"},
    {EMIT_EVENT, 1u << EMIT_M_DATA,
     1u << EMIT_M_TYPE | 1u << EMIT_M_ID | 1u << EMIT_M_RETRY, "an event"},
    {EMIT_RETRY, 1u << EMIT_M_RETRY, 0, "a reconnection time"},
};

static int fail(struct emit_error *error, size_t offset, const char *text)
{
    error->column = offset + 1;
    (void)snprintf(error->text, sizeof error->text, "%s", text);
    return -1;
}

/* Names in messages: as they stand in the line, shortened. */
static int shown(const sse_json_value *name)
{
    return (int)(name->len < 80 ? name->len : 80);
}

static int not_json(struct emit_error *error, const sse_json *json, size_t len,
                    sse_status status)
{
    const size_t at = sse_json_offset(json);
    if (status == SSE_ERR_LIMIT) {
        return fail(error, at, "nested too deeply");
    }
    return fail(error, at,
                at >= len ? "the JSON text is cut off here"
                          : "this is no valid JSON");
}

static const char *member_name(unsigned bit)
{
    for (size_t i = 0; i < NAMES; i++) {
        if ((bit & 1u << names[i].member) != 0) {
            return names[i].name;
        }
    }
    return "";
}

/* The lowest bit of a set that is not empty. */
static unsigned lowest(unsigned bits)
{
    return bits & (~bits + 1u);
}

/* Decides what the members given make. */
static int decide(struct emit_record *record, struct emit_error *error)
{
    unsigned given = 0;
    for (unsigned i = 0; i < EMIT_M_COUNT; i++) {
        given |= record->member[i].present ? 1u << i : 0;
    }
    error->column = 0;
    if ((given & 1u << EMIT_M_STATE) != 0) {
        record->kind = EMIT_STATE;
        return 0;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const unsigned first = lowest(kinds[i].needs);
        if ((given & first) == 0) {
            continue;
        }
        const unsigned missing = kinds[i].needs & ~given;
        const unsigned extra = given & ~(kinds[i].needs | kinds[i].may);
        if (missing != 0) {
            (void)snprintf(error->text, sizeof error->text,
                           "%s needs a member \"%s\" as well", kinds[i].what,
                           member_name(missing));
            return -1;
        }
        if (extra != 0) {
            (void)snprintf(error->text, sizeof error->text,
                           "%s cannot have a member \"%s\" beside \"%s\"",
                           kinds[i].what, member_name(lowest(extra)),
                           member_name(first));
            return -1;
        }
        record->kind = kinds[i].kind;
        return 0;
    }
    (void)snprintf(error->text, sizeof error->text,
                   "an object as `sse cat --json` prints it has \"data\", "
                   "\"retry\", \"comment\", \"field\", \"state\" or "
                   "\"final_id\"");
    return -1;
}

/* A number of milliseconds: digits alone, 64 bits. */
static int read_number(const sse_json_value *value, uint64_t *number)
{
    uint64_t n = 0;
    for (size_t i = 0; i < value->len; i++) {
        const unsigned digit = (unsigned)(unsigned char)value->text[i] - '0';
        if (digit > 9 || n > (UINT64_MAX - digit) / 10) {
            return -1;
        }
        n = n * 10 + digit;
    }
    *number = n;
    return value->kind == SSE_JSON_NUMBER ? 0 : -1;
}

/* Takes the value of a known member. */
static int take(struct emit_record *record, size_t index,
                const sse_json_value *value, size_t *used,
                struct emit_error *error)
{
    struct emit_text *const text = &record->member[names[index].member];
    text->present = 1;
    text->column = value->offset + 1;
    if (names[index].kind == ANY) {
        return 0;
    }
    if (names[index].kind == NUMBER) {
        if (read_number(value, &record->retry_ms) < 0) {
            return fail(error, value->offset,
                        "\"retry\" wants a whole number of milliseconds");
        }
        return 0;
    }
    if (value->kind != SSE_JSON_STRING) {
        (void)snprintf(error->text, sizeof error->text,
                       "\"%s\" wants a string", names[index].name);
        error->column = value->offset + 1;
        return -1;
    }
    char *const dst = record->buffer + *used;
    size_t len = 0;
    /* All texts of a line together are no longer than the line. */
    (void)sse_json_unescape(value, dst, record->cap - *used, &len);
    if (names[index].kind == BASE64) {
        size_t decoded = 0;
        if (base64_decode(dst, len, dst, &decoded) < 0) {
            return fail(error, value->offset, "this is no valid base64");
        }
        len = decoded;
    }
    text->bytes = dst;
    text->len = len;
    *used += len;
    return 0;
}

/* Index of a known name, NAMES if it is none. */
static size_t find(const sse_json_value *name)
{
    size_t i = 0;
    while (i < NAMES && !sse_json_equals(name, names[i].name)) {
        i++;
    }
    return i;
}

static int reserve(struct emit_record *record, size_t len)
{
    if (len > record->cap) {
        const size_t cap = len < 4096 ? 4096 : len;
        char *const larger = (char *)realloc(record->buffer, cap);
        if (larger == NULL) {
            return -1;
        }
        record->buffer = larger;
        record->cap = cap;
    }
    return 0;
}

/* All members.  An unknown one is remembered in `*error` and is wrong unless
 * the object turns out to be a state, the members of which do not matter. */
static int members(struct emit_record *record, sse_json *json, size_t len,
                   int *unknown, struct emit_error *error)
{
    size_t used = 0;
    for (;;) {
        sse_json_value name;
        sse_json_value value;
        sse_status status = sse_json_next(json, &name);
        if (status == SSE_OK && name.kind == SSE_JSON_OBJECT_END) {
            status = sse_json_next(json, &name); /* the end, or an error */
            return status == SSE_OK ? 0 : not_json(error, json, len, status);
        }
        if (status == SSE_OK) {
            status = sse_json_next_value(json, &value);
        }
        if (status != SSE_OK) {
            return not_json(error, json, len, status);
        }
        const size_t index = find(&name);
        const int is_state = record->member[EMIT_M_STATE].present;
        if (is_state || *unknown) {
            if (index < NAMES && names[index].kind == ANY) {
                record->member[EMIT_M_STATE].present = 1;
            }
            continue;
        }
        if (index == NAMES) {
            *unknown = 1;
            error->column = name.offset + 1;
            (void)snprintf(error->text, sizeof error->text,
                           "there is no member \"%.*s\"; `sse emit --help` "
                           "lists them", shown(&name), name.text);
            continue;
        }
        if (record->member[names[index].member].present) {
            (void)snprintf(error->text, sizeof error->text,
                           "\"%s\" is here for the second time",
                           names[index].name);
            error->column = name.offset + 1;
            return -1;
        }
        if (take(record, index, &value, &used, error) < 0) {
            return -1;
        }
    }
}

int emit_record_read(struct emit_record *record, const char *line, size_t len,
                     struct emit_error *error)
{
    sse_json json;
    sse_json_value token;
    int unknown = 0;
    memset(record->member, 0, sizeof record->member);
    record->retry_ms = 0;
    if (reserve(record, len) < 0) {
        return fail(error, 0, "out of memory");
    }
    sse_json_init(&json, line, len);
    const sse_status status = sse_json_next(&json, &token);
    if (status != SSE_OK) {
        return not_json(error, &json, len, status);
    }
    if (token.kind != SSE_JSON_OBJECT) {
        return fail(error, token.offset, "each line is one JSON object");
    }
    if (members(record, &json, len, &unknown, error) < 0) {
        return -1;
    }
    if (unknown && !record->member[EMIT_M_STATE].present) {
        return -1;
    }
    return decide(record, error);
}
