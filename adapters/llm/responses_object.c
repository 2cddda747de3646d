/*
 * responses_object.c - a response of OpenAI Responses, and the items it holds.
 *
 * SPDX-License-Identifier: MIT
 */
#include "responses.h"
#include "walk.h"

#include <string.h>

/* Takes the text of each part of a message or of reasoning. */
static void take_parts(sse_llm *llm, sse_llm_delta_kind kind,
                       const sse_json_value *parts)
{
    sse_json json;
    sse_json_value part;
    sse_priv_llm_check_kind(llm, parts, SSE_JSON_ARRAY);
    const int any = sse_priv_walk_begin(parts, &json);
    while (any && sse_priv_walk_next(&json, &part)) {
        sse_json_member all[] = {{.name = "text"}, {.name = "refusal"}};
        const sse_priv_llm_place text = {kind, 0, 0};
        const sse_priv_llm_place refusal = {SSE_LLM_REFUSAL, 0, 0};
        sse_priv_llm_check_kind(llm, &part, SSE_JSON_OBJECT);
        sse_priv_walk_members(&part, all, 2);
        sse_priv_llm_string(llm, text, &all[0].value);
        sse_priv_llm_string(llm, refusal, &all[1].value);
    }
}

sse_status sse_priv_responses_item(sse_llm *llm, int64_t index,
                                   const sse_json_value *item, int texts)
{
    sse_json_member all[] = {
        {.name = "type"},    {.name = "call_id"},   {.name = "name"},
        {.name = "summary"}, {.name = "arguments"}, {.name = "input"},
        {.name = "content"},
    };
    sse_priv_llm_check_kind(llm, item, SSE_JSON_OBJECT);
    sse_priv_walk_members(item, all, 7);
    const sse_json_value *const type = &all[0].value;
    const int custom = sse_json_equals(type, "custom_tool_call");
    if (custom || sse_json_equals(type, "function_call")) {
        sse_priv_llm_call call;
        memset(&call, 0, sizeof call);
        call.index = index;
        call.flags = LLM_PIECE_ORDINAL | LLM_PIECE_REST;
        call.id = all[1].value;
        call.name = all[2].value;
        call.arguments = all[custom ? 5 : 4].value;
        return sse_priv_llm_call_piece(llm, &call);
    }
    if (texts && sse_json_equals(type, "message")) {
        take_parts(llm, SSE_LLM_TEXT, &all[6].value);
    } else if (texts && sse_json_equals(type, "reasoning")) {
        take_parts(llm, SSE_LLM_REASONING, &all[3].value);
        take_parts(llm, SSE_LLM_REASONING, &all[6].value);
    }
    return SSE_OK;
}

/* Takes the output of a response that came without any piece of it. */
static sse_status take_output(sse_llm *llm, const sse_json_value *output)
{
    sse_json json;
    sse_json_value item;
    sse_priv_llm_check_kind(llm, output, SSE_JSON_ARRAY);
    const int any = sse_priv_walk_begin(output, &json);
    for (int64_t i = 0; any && sse_priv_walk_next(&json, &item); i++) {
        const sse_status status = sse_priv_responses_item(llm, i, &item, 1);
        if (status != SSE_OK) {
            return status;
        }
    }
    return SSE_OK;
}

static void take_usage(sse_llm *llm, const sse_json_value *usage)
{
    sse_json_member all[] = {
        {.name = "input_tokens"},         {.name = "output_tokens"},
        {.name = "total_tokens"},         {.name = "input_tokens_details"},
        {.name = "output_tokens_details"},
    };
    sse_json_member cached = {.name = "cached_tokens"};
    sse_json_member reasoning = {.name = "reasoning_tokens"};
    sse_priv_llm_check_kind(llm, usage, SSE_JSON_OBJECT);
    sse_priv_walk_members(usage, all, 5);
    sse_priv_walk_members(&all[3].value, &cached, 1);
    sse_priv_walk_members(&all[4].value, &reasoning, 1);
    sse_priv_llm_tokens(&all[0].value, &llm->usage_.prompt_tokens);
    sse_priv_llm_tokens(&all[1].value, &llm->usage_.completion_tokens);
    sse_priv_llm_tokens(&all[2].value, &llm->usage_.total_tokens);
    sse_priv_llm_tokens(&cached.value, &llm->usage_.cached_tokens);
    sse_priv_llm_tokens(&reasoning.value, &llm->usage_.reasoning_tokens);
}

/* Why a response is not complete.  No reason for that is a good one. */
static void take_incomplete(sse_llm *llm, const sse_json_value *details)
{
    const sse_json_value unsaid = {SSE_JSON_STRING, 0, "incomplete", 10, 0};
    sse_json_member reason = {.name = "reason"};
    sse_priv_walk_members(details, &reason, 1);
    const int told =
        reason.value.kind == SSE_JSON_STRING && reason.value.len > 0;
    const sse_json_value *const text = told ? &reason.value : &unsaid;
    const sse_llm_verdict meant = sse_priv_llm_meaning(text);
    sse_priv_llm_reason_as(llm, 0, text,
                           meant == SSE_LLM_COMPLETE ? SSE_LLM_TRUNCATED
                                                     : meant);
}

/* Whether a response is over: by the event that brings it, or else by what it
 * says itself. */
static int is_status(const sse_json_value *type, const sse_json_value *status,
                     const char *event)
{
    return type->kind == SSE_JSON_STRING
               ? sse_json_equals(type, event)
               : sse_json_equals(status, event + strlen("response."));
}

sse_status sse_priv_responses_object(sse_llm *llm,
                                     const sse_json_value *response,
                                     const sse_json_value *type)
{
    sse_json_member all[] = {
        {.name = "id"},     {.name = "model"},  {.name = "status"},
        {.name = "output"}, {.name = "usage"},  {.name = "incomplete_details"},
        {.name = "error"},
    };
    sse_priv_llm_check_kind(llm, response, SSE_JSON_OBJECT);
    sse_priv_walk_members(response, all, 7);
    const sse_json_value *const status = &all[2].value;
    const int completed = is_status(type, status, "response.completed");
    const int incomplete = is_status(type, status, "response.incomplete");
    const int cancelled = is_status(type, status, "response.cancelled");
    const int failed = is_status(type, status, "response.failed");
    sse_priv_llm_choice_begun(llm, 0);
    sse_priv_llm_keep_first(llm, LLM_SLOT_ID, &all[0].value);
    sse_priv_llm_keep_first(llm, LLM_SLOT_MODEL, &all[1].value);
    take_usage(llm, &all[4].value);
    if (!completed && !incomplete && !cancelled && !failed) {
        return SSE_OK;
    }
    if ((llm->flags_ & LLM_CAME) == 0) {
        const sse_status taken = take_output(llm, &all[3].value);
        if (taken != SSE_OK || (llm->flags_ & (LLM_STOPPED | LLM_LOST)) != 0) {
            return taken;
        }
    }
    llm->flags_ |= LLM_DONE;
    if (failed) {
        sse_priv_llm_error_value(llm, &all[6].value);
    } else if (incomplete) {
        take_incomplete(llm, &all[5].value);
    } else {
        const sse_json_value reason = {
            SSE_JSON_STRING, 0, completed ? "completed" : "cancelled", 9, 0};
        sse_priv_llm_reason(llm, 0, &reason);
    }
    return SSE_OK;
}
