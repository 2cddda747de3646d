/*
 * openai_delta.c - what one delta of an OpenAI chat carries.
 *
 * SPDX-License-Identifier: MIT
 */
#include "openai.h"
#include "walk.h"

#include <string.h>

static int is_object(const sse_json_value *value)
{
    return value->kind == SSE_JSON_OBJECT;
}

/* Takes `[{"type":"text","text":…}, …]` as a string of the given place. */
static void take_texts(sse_llm *llm, sse_priv_llm_place place,
                       const sse_json_value *parts)
{
    sse_json json;
    sse_json_value part;
    const int any = sse_priv_walk_begin(parts, &json);
    while (any && sse_priv_walk_next(&json, &part)) {
        sse_json_member text = {.name = "text"};
        sse_priv_llm_check_kind(llm, &part, SSE_JSON_OBJECT);
        sse_priv_walk_members(&part, &text, 1);
        sse_priv_llm_string(llm, place, &text.value);
    }
}

/* Takes content that comes as typed parts: text, thinking, refusal. */
static void take_parts(sse_llm *llm, uint32_t choice,
                       const sse_json_value *parts)
{
    const sse_priv_llm_place text = {SSE_LLM_TEXT, choice, 0};
    const sse_priv_llm_place thinking = {SSE_LLM_REASONING, choice, 0};
    const sse_priv_llm_place refusal = {SSE_LLM_REFUSAL, choice, 0};
    sse_json json;
    sse_json_value part;
    const int any = sse_priv_walk_begin(parts, &json);
    while (any && sse_priv_walk_next(&json, &part)) {
        sse_json_member members[] = {
            {.name = "text"}, {.name = "thinking"}, {.name = "refusal"}};
        sse_priv_llm_check_kind(llm, &part, SSE_JSON_OBJECT);
        sse_priv_walk_members(&part, members, 3);
        sse_priv_llm_string(llm, text, &members[0].value);
        if (members[1].value.kind == SSE_JSON_ARRAY) {
            take_texts(llm, thinking, &members[1].value);
        } else {
            sse_priv_llm_string(llm, thinking, &members[1].value);
        }
        sse_priv_llm_string(llm, refusal, &members[2].value);
    }
}

/* Takes a piece of a tool call, told by its index. */
static sse_status take_call(sse_llm *llm, uint32_t choice,
                            const sse_json_value *object)
{
    sse_json_member members[] = {
        {.name = "index"}, {.name = "id"}, {.name = "function"}};
    sse_json_member function[] = {{.name = "name"}, {.name = "arguments"}};
    sse_priv_walk_members(object, members, 3);
    sse_priv_walk_members(&members[2].value, function, 2);
    sse_priv_llm_call call;
    memset(&call, 0, sizeof call);
    call.choice = choice;
    if (!is_object(object) ||
        !sse_priv_llm_index(&members[0].value, -1, &call.index)) {
        sse_priv_llm_malformed(llm);
        return SSE_OK;
    }
    call.id = members[1].value;
    call.name = function[0].value;
    call.arguments = function[1].value;
    return sse_priv_llm_call_piece(llm, &call);
}

static sse_status take_calls(sse_llm *llm, uint32_t choice,
                             const sse_json_value *calls)
{
    sse_priv_llm_check_kind(llm, calls, SSE_JSON_ARRAY);
    sse_json json;
    sse_json_value object;
    const int any = sse_priv_walk_begin(calls, &json);
    while (any && sse_priv_walk_next(&json, &object)) {
        const sse_status status = take_call(llm, choice, &object);
        if (status != SSE_OK) {
            return status;
        }
    }
    return SSE_OK;
}

/* Takes the one call of the time before there were several: the first and
 * only one of its choice, without an id. */
static sse_status take_function_call(sse_llm *llm, uint32_t choice,
                                     const sse_json_value *object)
{
    if (!is_object(object)) {
        sse_priv_llm_check_kind(llm, object, SSE_JSON_OBJECT);
        return SSE_OK;
    }
    sse_json_member function[] = {{.name = "name"}, {.name = "arguments"}};
    sse_priv_walk_members(object, function, 2);
    sse_priv_llm_call call;
    memset(&call, 0, sizeof call);
    call.choice = choice;
    call.name = function[0].value;
    call.arguments = function[1].value;
    return sse_priv_llm_call_piece(llm, &call);
}

sse_status sse_priv_openai_delta(sse_llm *llm, uint32_t choice,
                                 const sse_json_value *delta)
{
    sse_json_member members[] = {
        {.name = "content"},    {.name = "reasoning_content"},
        {.name = "reasoning"},  {.name = "refusal"},
        {.name = "tool_calls"}, {.name = "function_call"},
    };
    sse_priv_walk_members(delta, members, 6);
    sse_priv_llm_place place = {SSE_LLM_REASONING, choice, 0};
    /* Some servers send the same reasoning under both names. */
    const sse_json_value *const named = &members[1].value;
    const int first = named->kind == SSE_JSON_STRING && named->len > 0;
    sse_priv_llm_string(llm, place, first ? named : &members[2].value);
    place.kind = SSE_LLM_TEXT;
    if (members[0].value.kind == SSE_JSON_ARRAY) {
        take_parts(llm, choice, &members[0].value);
    } else {
        sse_priv_llm_string(llm, place, &members[0].value);
    }
    place.kind = SSE_LLM_REFUSAL;
    sse_priv_llm_string(llm, place, &members[3].value);
    const sse_status status = take_calls(llm, choice, &members[4].value);
    if (status != SSE_OK) {
        return status;
    }
    return take_function_call(llm, choice, &members[5].value);
}
