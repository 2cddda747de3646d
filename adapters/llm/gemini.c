/*
 * gemini.c - Gemini: pieces of a whole answer, ended by the end of the body.
 *
 * SPDX-License-Identifier: MIT
 *
 * No event says that it is the last, and a finish reason may come with each
 * one, so an answer is complete only if the body ended cleanly behind it.
 */
#include "state.h"
#include "walk.h"

#include <string.h>

/* The members of a payload that are looked at, in the order of names. */
enum { CANDIDATES, USAGE, FEEDBACK, ID, MODEL, ERROR, MEMBER_COUNT };

static const char *const names[MEMBER_COUNT] = {
    "candidates", "usageMetadata", "promptFeedback",
    "responseId", "modelVersion",  "error"};

/* Each event repeats what is known of the counts so far. */
static void take_usage(sse_llm *llm, const sse_json_value *usage)
{
    sse_json_member all[] = {
        {.name = "promptTokenCount"},     {.name = "toolUsePromptTokenCount"},
        {.name = "candidatesTokenCount"}, {.name = "thoughtsTokenCount"},
        {.name = "totalTokenCount"},      {.name = "cachedContentTokenCount"},
    };
    sse_priv_llm_check_kind(llm, usage, SSE_JSON_OBJECT);
    sse_priv_walk_members(usage, all, 6);
    int64_t *const parts = llm->parts_;
    sse_llm_usage *const sums = &llm->usage_;
    sse_priv_llm_tokens(&all[0].value, &parts[0]);
    sse_priv_llm_tokens(&all[1].value, &parts[1]);
    sse_priv_llm_tokens(&all[2].value, &parts[2]);
    sse_priv_llm_tokens(&all[3].value, &sums->reasoning_tokens);
    sse_priv_llm_tokens(&all[4].value, &sums->total_tokens);
    sse_priv_llm_tokens(&all[5].value, &sums->cached_tokens);
    if (parts[0] >= 0) {
        sums->prompt_tokens = sse_priv_llm_sum(parts[0], parts[1]);
    }
    if (parts[2] >= 0 || sums->reasoning_tokens >= 0) {
        sums->completion_tokens =
            sse_priv_llm_sum(parts[2], sums->reasoning_tokens);
    }
}

/* Takes a call, which comes whole and mostly without an id. */
static sse_status take_call(sse_llm *llm, uint32_t choice,
                            const sse_json_value *object)
{
    sse_json_member all[] = {
        {.name = "id"}, {.name = "name"}, {.name = "args"}};
    sse_priv_llm_check_kind(llm, object, SSE_JSON_OBJECT);
    if (object->kind != SSE_JSON_OBJECT) {
        return SSE_OK;
    }
    sse_priv_walk_members(object, all, 3);
    sse_priv_llm_call call;
    memset(&call, 0, sizeof call);
    call.choice = choice;
    call.flags = LLM_PIECE_NEW;
    call.index = -1;
    call.id = all[0].value;
    call.name = all[1].value;
    call.arguments = all[2].value;
    return sse_priv_llm_call_piece(llm, &call);
}

static sse_status take_part(sse_llm *llm, uint32_t choice,
                            const sse_json_value *part)
{
    sse_json_member all[] = {
        {.name = "text"}, {.name = "thought"}, {.name = "functionCall"}};
    sse_priv_llm_check_kind(llm, part, SSE_JSON_OBJECT);
    sse_priv_walk_members(part, all, 3);
    const int thought = all[1].value.kind == SSE_JSON_TRUE;
    const sse_priv_llm_place place = {
        thought ? SSE_LLM_REASONING : SSE_LLM_TEXT, choice, 0};
    sse_priv_llm_string(llm, place, &all[0].value);
    return take_call(llm, choice, &all[2].value);
}

static sse_status take_parts(sse_llm *llm, uint32_t choice,
                             const sse_json_value *content)
{
    sse_json_member parts = {.name = "parts"};
    sse_priv_llm_check_kind(llm, content, SSE_JSON_OBJECT);
    sse_priv_walk_members(content, &parts, 1);
    sse_priv_llm_check_kind(llm, &parts.value, SSE_JSON_ARRAY);
    sse_json json;
    sse_json_value part;
    const int any = sse_priv_walk_begin(&parts.value, &json);
    while (any && sse_priv_walk_next(&json, &part)) {
        const sse_status status = take_part(llm, choice, &part);
        if (status != SSE_OK) {
            return status;
        }
    }
    return SSE_OK;
}

static sse_status take_candidate(sse_llm *llm, int64_t position,
                                 const sse_json_value *candidate)
{
    sse_json_member all[] = {
        {.name = "index"},
        {.name = "content"},
        {.name = "finishReason"},
        {.name = "finishMessage"},
    };
    int64_t index = 0;
    sse_priv_walk_members(candidate, all, 4);
    if (candidate->kind != SSE_JSON_OBJECT ||
        !sse_priv_llm_index(&all[0].value, position, &index)) {
        sse_priv_llm_malformed(llm);
        return SSE_OK;
    }
    const uint32_t choice = (uint32_t)index;
    const sse_json_value *const reason = &all[2].value;
    sse_priv_llm_choice_begun(llm, choice);
    const sse_status status = take_parts(llm, choice, &all[1].value);
    if (status != SSE_OK || (llm->flags_ & LLM_STOPPED) != 0 ||
        sse_json_equals(reason, "FINISH_REASON_UNSPECIFIED")) {
        return status;
    }
    if (reason->kind == SSE_JSON_STRING &&
        sse_priv_llm_meaning(reason) == SSE_LLM_FAILED) {
        sse_priv_llm_keep_first(llm, LLM_SLOT_MESSAGE, &all[3].value);
        sse_priv_llm_keep_first(llm, LLM_SLOT_CODE, reason);
    }
    sse_priv_llm_reason(llm, choice, reason);
    return SSE_OK;
}

/* Takes why a prompt is not answered at all. */
static void take_feedback(sse_llm *llm, const sse_json_value *feedback)
{
    sse_json_member reason = {.name = "blockReason"};
    sse_priv_llm_check_kind(llm, feedback, SSE_JSON_OBJECT);
    sse_priv_walk_members(feedback, &reason, 1);
    if (reason.value.kind == SSE_JSON_STRING && reason.value.len > 0) {
        sse_priv_llm_choice_begun(llm, 0);
        sse_priv_llm_reason_as(llm, 0, &reason.value, SSE_LLM_REFUSED);
    }
}

static sse_status take_object(sse_llm *llm, const sse_json_value *object)
{
    const sse_priv_llm_input input = {"", 0, object->text, object->len};
    sse_json_member all[MEMBER_COUNT];
    (void)sse_priv_llm_read(&input, names, all, MEMBER_COUNT);
    if (sse_priv_llm_error_is(&all[ERROR].value)) {
        sse_priv_llm_error_value(llm, object);
        return SSE_OK;
    }
    if (all[CANDIDATES].value.kind == SSE_JSON_NONE &&
        all[USAGE].value.kind == SSE_JSON_NONE &&
        all[FEEDBACK].value.kind == SSE_JSON_NONE) {
        llm->counts_.unknown++;
        return SSE_OK;
    }
    sse_priv_llm_keep_first(llm, LLM_SLOT_ID, &all[ID].value);
    sse_priv_llm_keep_first(llm, LLM_SLOT_MODEL, &all[MODEL].value);
    take_usage(llm, &all[USAGE].value);
    take_feedback(llm, &all[FEEDBACK].value);
    sse_priv_llm_check_kind(llm, &all[CANDIDATES].value, SSE_JSON_ARRAY);
    sse_json json;
    sse_json_value candidate;
    const int any = sse_priv_walk_begin(&all[CANDIDATES].value, &json);
    for (int64_t i = 0; any && sse_priv_walk_next(&json, &candidate); i++) {
        const sse_status status = take_candidate(llm, i, &candidate);
        if (status != SSE_OK) {
            return status;
        }
    }
    return SSE_OK;
}

sse_status sse_priv_gemini_payload(sse_llm *llm,
                                   const sse_priv_llm_input *input)
{
    sse_json json;
    sse_json_value value;
    sse_json_init(&json, input->data, input->len);
    if (sse_json_check(input->data, input->len, NULL) != SSE_OK ||
        sse_json_next_value(&json, &value) != SSE_OK) {
        return sse_priv_llm_no_object(llm, input,
                                      sse_priv_llm_is_untyped(input));
    }
    if (value.kind == SSE_JSON_OBJECT) {
        return take_object(llm, &value);
    }
    if ((llm->flags_ & LLM_PRUNED) != 0 && sse_priv_llm_is_left_out(&value)) {
        sse_priv_llm_malformed(llm); /* an array, which may have answers */
        return SSE_OK;
    }
    /* Without SSE asked for, the body is an array of what are events here. */
    sse_status status = SSE_OK;
    const int any = sse_priv_walk_begin(&value, &json);
    llm->counts_.unknown += !any;
    while (any && status == SSE_OK && (llm->flags_ & LLM_ENDED) == 0 &&
           sse_priv_walk_next(&json, &value)) {
        if (value.kind == SSE_JSON_OBJECT) {
            status = take_object(llm, &value);
        } else {
            sse_priv_llm_malformed(llm);
        }
    }
    return status;
}
