/*
 * field.c - failures in lines that are no event: a field `error`, and error
 * bodies forwarded as they stand.
 *
 * SPDX-License-Identifier: MIT
 */
#include "state.h"

#include <string.h>

static int is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Reads the value of a member that stands on a line of its own, with a comma
 * or a brace behind. */
static sse_json_value first_value(const char *text, size_t len)
{
    sse_json json;
    sse_json_value value;
    sse_json_init(&json, text, len);
    (void)sse_json_next(&json, &value); /* zeroed when it fails */
    return value;
}

static int is_key(const char *name, size_t len, const char *key)
{
    return len == strlen(key) && memcmp(name, key, len) == 0;
}

/* One line of a bare JSON body that is spread over lines: only an error is
 * looked for, and what else the lines tell about it. */
static void raw_member(sse_llm *llm, const char *name, size_t name_len,
                       const char *value, size_t value_len)
{
    const sse_json_value held = first_value(value, value_len);
    if (is_key(name, name_len, "\"error\"") ||
        is_key(name, name_len, "\"detail\"")) {
        if (sse_priv_llm_error_is(&held)) {
            llm->flags_ |= LLM_ERROR;
        }
        if (held.kind == SSE_JSON_STRING) {
            sse_priv_llm_slot_keep(llm, LLM_SLOT_MESSAGE, &held);
        }
    } else if ((llm->flags_ & LLM_ERROR) == 0) {
        return;
    } else if (is_key(name, name_len, "\"message\"")) {
        sse_priv_llm_slot_keep(llm, LLM_SLOT_MESSAGE, &held);
    } else if (is_key(name, name_len, "\"code\"")) {
        sse_priv_llm_slot_keep(llm, LLM_SLOT_CODE, &held);
    } else if (is_key(name, name_len, "\"type\"") ||
               is_key(name, name_len, "\"status\"")) {
        sse_priv_llm_slot_keep(llm, LLM_SLOT_TYPE, &held);
    }
}

/* Takes a bare JSON body that stands whole on one line.
 * @return not 0 unless it does not. */
static int whole_body(sse_llm *llm, const char *text, size_t len)
{
    sse_json_member members[] = {{.name = "error"},
                                 {.name = "errors"},
                                 {.name = "detail"},
                                 {.name = "message"}};
    if (sse_json_members(text, len, members, 4) != SSE_OK) {
        return 0;
    }
    for (size_t i = 0; i < 4; i++) {
        if (sse_priv_llm_error_is(&members[i].value)) {
            const sse_json_value whole = {SSE_JSON_OBJECT, 0, text, len, 0};
            sse_priv_llm_error_value(llm, &whole);
            break;
        }
    }
    return 1;
}

/* A line that begins with a brace, or a bracket where the body is an array: the
 * parser split it at its first colon. */
static void raw_line(sse_llm *llm, const char *name, size_t name_len,
                     const char *value, size_t value_len)
{
    size_t cap = 0;
    char *const work = sse_priv_llm_work(llm, &cap);
    llm->flags_ |= LLM_RAW;
    if (name_len < cap - 1 && value_len < cap - 1 - name_len) {
        memcpy(work, name, name_len);
        work[name_len] = ':';
        if (value_len > 0) {
            memcpy(work + name_len + 1, value, value_len);
        }
        if (whole_body(llm, work, name_len + 1 + value_len)) {
            return;
        }
    }
    size_t skip = 1; /* the brace, and one within an array */
    while (skip < name_len && (is_space(name[skip]) || name[skip] == '{')) {
        skip++;
    }
    raw_member(llm, name + skip, name_len - skip, value, value_len);
}

static void take(sse_llm *llm, const char *name, size_t name_len,
                 const char *value, size_t value_len)
{
    while (name_len > 0 && is_space(*name)) {
        name++;
        name_len--;
    }
    while (name_len > 0 && is_space(name[name_len - 1])) {
        name_len--;
    }
    const int ended = (llm->flags_ & LLM_ENDED) != 0;
    if (is_key(name, name_len, "error") && !ended) {
        sse_priv_llm_error_text(llm, value, value_len);
    } else if (name_len > 0 && (name[0] == '{' || name[0] == '[') && !ended) {
        raw_line(llm, name, name_len, value, value_len);
    } else if ((llm->flags_ & LLM_RAW) != 0 &&
               (llm->flags_ & (LLM_DONE | LLM_STOPPED)) == 0) {
        raw_member(llm, name, name_len, value, value_len);
    }
}

sse_status sse_llm_field(sse_llm *llm, const char *name, size_t name_len,
                         const char *value, size_t value_len)
{
    if (llm == NULL || (name == NULL && name_len > 0) ||
        (value == NULL && value_len > 0)) {
        return SSE_ERR_INVALID;
    }
    if ((llm->flags_ & LLM_RUNNING) != 0) {
        return SSE_ERR_REENTRY;
    }
    if (llm->verdict_ == 0) {
        take(llm, name, name_len, value, value_len);
    }
    return SSE_OK;
}

int sse_llm_on_field(const char *name, size_t name_len, const char *value,
                     size_t value_len, uint64_t offset, void *llm)
{
    (void)offset;
    (void)sse_llm_field((sse_llm *)llm, name, name_len, value, value_len);
    return SSE_GO;
}
