/*
 * errors.c - failures told within a stream, in every shape servers send.
 *
 * SPDX-License-Identifier: MIT
 */
#include "state.h"

#include <string.h>

/* An error within an error within an error is looked for no further. */
#define NESTING_MAX 3

static void fill(sse_llm *llm, sse_priv_llm_slot slot,
                 const sse_json_value *value)
{
    if (sse_priv_llm_slot_text(llm, slot)[0] == '\0') {
        sse_priv_llm_slot_keep(llm, slot, value);
    }
}

/* Points @p value at the first element of an array. */
static void first_element(sse_json_value *value)
{
    sse_json json;
    sse_json_value element;
    sse_json_init(&json, value->text, value->len);
    if (sse_json_next(&json, &element) == SSE_OK &&
        sse_json_next_value(&json, &element) == SSE_OK &&
        element.kind != SSE_JSON_ARRAY_END) {
        *value = element;
    } else {
        memset(value, 0, sizeof *value);
    }
}

/* Takes what one object says; @p value becomes the error within it. */
static void look_into(sse_llm *llm, sse_json_value *value)
{
    sse_json_member members[] = {
        {.name = "error"},  {.name = "errors"},  {.name = "detail"},
        {.name = "code"},   {.name = "status"},  {.name = "type"},
        {.name = "message"}, {.name = "msg"},
    };
    (void)sse_json_members(value->text, value->len, members, 8);
    sse_json_value inner = members[2].value;
    for (size_t i = 0; i < 2; i++) {
        if (sse_priv_llm_error_is(&members[i].value)) {
            inner = members[i].value;
            break;
        }
    }
    const sse_json_value *const type = &members[5].value;
    if (inner.kind == SSE_JSON_NONE || !sse_json_equals(type, "error")) {
        fill(llm, LLM_SLOT_TYPE, type); /* "error" around one says nothing */
    }
    fill(llm, LLM_SLOT_CODE, &members[3].value);
    const sse_json_value *const status = &members[4].value;
    if (sse_priv_llm_slot_text(llm, LLM_SLOT_CODE)[0] == '\0') {
        fill(llm, LLM_SLOT_CODE, status);
    } else if (status->kind == SSE_JSON_STRING) {
        fill(llm, LLM_SLOT_TYPE, status); /* Google: beside a number */
    }
    fill(llm, LLM_SLOT_MESSAGE, &members[6].value);
    fill(llm, LLM_SLOT_MESSAGE, &members[7].value);
    *value = inner;
}

int sse_priv_llm_error_is(const sse_json_value *value)
{
    switch (value->kind) {
    case SSE_JSON_OBJECT:
    case SSE_JSON_TRUE:
        return 1;
    case SSE_JSON_STRING:
        return value->len > 0;
    case SSE_JSON_NUMBER:
        return !(value->len == 1 && value->text[0] == '0');
    case SSE_JSON_ARRAY: {
        sse_json_value first = *value;
        first_element(&first);
        return first.kind != SSE_JSON_NONE;
    }
    case SSE_JSON_NONE:
    case SSE_JSON_NULL:
    case SSE_JSON_FALSE:
    case SSE_JSON_NAME:
    case SSE_JSON_ARRAY_END:
    case SSE_JSON_OBJECT_END:
    case SSE_JSON_END:
        break;
    }
    return 0;
}

void sse_priv_llm_error_value(sse_llm *llm, const sse_json_value *value)
{
    llm->flags_ |= LLM_ERROR;
    sse_json_value here = *value;
    for (int i = 0; i < NESTING_MAX; i++) {
        if (here.kind == SSE_JSON_ARRAY) {
            first_element(&here);
        }
        if (here.kind != SSE_JSON_OBJECT) {
            break;
        }
        look_into(llm, &here);
    }
    if (here.kind == SSE_JSON_STRING) {
        fill(llm, LLM_SLOT_MESSAGE, &here);
    } else if (here.kind == SSE_JSON_NUMBER) {
        fill(llm, LLM_SLOT_CODE, &here);
    }
}

void sse_priv_llm_error_text(sse_llm *llm, const char *text, size_t len)
{
    sse_json json;
    sse_json_value value;
    sse_json_init(&json, text, len);
    if (sse_json_check(text, len, NULL) == SSE_OK &&
        sse_json_next_value(&json, &value) == SSE_OK) {
        sse_priv_llm_error_value(llm, &value);
        return;
    }
    llm->flags_ |= LLM_ERROR;
    sse_priv_llm_slot_keep_text(llm, LLM_SLOT_MESSAGE, text, len);
}

sse_status sse_priv_llm_error_reader(sse_llm *llm, sse_status status)
{
    const int limit = status == SSE_ERR_LIMIT;
    const char *const code = limit ? "limit" : "invalid_json";
    const char *const message = limit ? "a payload goes beyond a limit"
                                      : "a payload is no JSON";
    sse_priv_llm_slot_keep_text(llm, LLM_SLOT_TYPE, "reader", 6);
    sse_priv_llm_slot_keep_text(llm, LLM_SLOT_CODE, code, strlen(code));
    sse_priv_llm_slot_keep_text(llm, LLM_SLOT_MESSAGE, message,
                                strlen(message));
    llm->flags_ |= LLM_ERROR;
    return status;
}

sse_status sse_priv_llm_lost(sse_llm *llm)
{
    llm->counts_.events++;
    if (sse_llm_ended(llm)) {
        llm->counts_.after_end++;
        return SSE_OK;
    }
    return sse_priv_llm_error_reader(llm, SSE_ERR_LIMIT);
}
