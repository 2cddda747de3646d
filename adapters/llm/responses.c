/*
 * responses.c - OpenAI Responses: typed events, and the whole at the end.
 *
 * SPDX-License-Identifier: MIT
 */
#include "responses.h"
#include "walk.h"

#include <string.h>

/* The members of a payload that are looked at, in the order of names. */
enum {
    TYPE,
    SEQUENCE,
    RESPONSE,
    INDEX,
    ITEM,
    DELTA,
    TEXT,
    REFUSAL,
    ARGUMENTS,
    INPUT,
    NAME,
    ERROR,
    OBJECT,
    MEMBER_COUNT
};

static const char *const names[MEMBER_COUNT] = {
    "type",  "sequence_number", "response",  "output_index", "item",
    "delta", "text",            "refusal",   "arguments",    "input",
    "name",  "error",           "object"};

/* What is known of one event. */
typedef struct taking {
    const sse_json_member *all;
    int64_t index; /* of the output item, or -1 */
} taking;

static sse_status on_response(sse_llm *llm, const taking *event)
{
    return sse_priv_responses_object(llm, &event->all[RESPONSE].value,
                                     &event->all[TYPE].value);
}

static sse_status on_item(sse_llm *llm, const taking *event)
{
    return sse_priv_responses_item(llm, event->index,
                                   &event->all[ITEM].value, 0);
}

/* The item is whole.  Texts within it came before, by themselves. */
static sse_status on_item_done(sse_llm *llm, const taking *event)
{
    sse_priv_llm_halves_flush(llm, 0);
    return on_item(llm, event);
}

static sse_status piece(sse_llm *llm, const taking *event,
                        sse_llm_delta_kind kind)
{
    const sse_priv_llm_place place = {kind, 0, 0};
    llm->flags_ |= kind == SSE_LLM_REASONING ? 0 : LLM_PIECES;
    sse_priv_llm_string(llm, place, &event->all[DELTA].value);
    return SSE_OK;
}

static sse_status on_text(sse_llm *llm, const taking *event)
{
    return piece(llm, event, SSE_LLM_TEXT);
}

static sse_status on_refusal(sse_llm *llm, const taking *event)
{
    return piece(llm, event, SSE_LLM_REFUSAL);
}

static sse_status on_reasoning(sse_llm *llm, const taking *event)
{
    return piece(llm, event, SSE_LLM_REASONING);
}

/* A text is whole.  Some servers send no pieces of it before. */
static sse_status whole(sse_llm *llm, sse_llm_delta_kind kind,
                        const sse_json_value *text)
{
    const sse_priv_llm_place place = {kind, 0, 0};
    if ((llm->flags_ & LLM_PIECES) == 0) {
        sse_priv_llm_string(llm, place, text);
    }
    sse_priv_llm_halves_flush(llm, 0);
    return SSE_OK;
}

static sse_status on_text_done(sse_llm *llm, const taking *event)
{
    return whole(llm, SSE_LLM_TEXT, &event->all[TEXT].value);
}

static sse_status on_refusal_done(sse_llm *llm, const taking *event)
{
    return whole(llm, SSE_LLM_REFUSAL, &event->all[REFUSAL].value);
}

/* Arguments, or the input of a custom tool: a piece, or all of them. */
static sse_status arguments(sse_llm *llm, const taking *event, int member,
                            uint32_t flags)
{
    sse_priv_llm_call call;
    memset(&call, 0, sizeof call);
    call.index = event->index;
    call.flags = LLM_PIECE_ORDINAL | flags;
    call.name = event->all[NAME].value;
    call.arguments = event->all[member].value;
    return sse_priv_llm_call_piece(llm, &call);
}

static sse_status on_arguments(sse_llm *llm, const taking *event)
{
    return arguments(llm, event, DELTA, 0);
}

static sse_status on_arguments_done(sse_llm *llm, const taking *event)
{
    return arguments(llm, event, ARGUMENTS, LLM_PIECE_REST);
}

static sse_status on_input_done(sse_llm *llm, const taking *event)
{
    return arguments(llm, event, INPUT, LLM_PIECE_REST);
}

/* Known, and without anything that was not told by others. */
static sse_status on_frame(sse_llm *llm, const taking *event)
{
    (void)llm;
    (void)event;
    return SSE_OK;
}

#define R "response."

/* The events there are; what else comes is counted and ignored.  The most
 * frequent first. */
static const struct {
    const char *type;
    sse_status (*take)(sse_llm *, const taking *);
} kinds[] = {
    {R "output_text.delta", on_text},
    {R "function_call_arguments.delta", on_arguments},
    {R "reasoning_summary_text.delta", on_reasoning},
    {R "reasoning_text.delta", on_reasoning},
    {R "custom_tool_call_input.delta", on_arguments},
    {R "refusal.delta", on_refusal},
    {R "output_text.done", on_text_done},
    {R "refusal.done", on_refusal_done},
    {R "function_call_arguments.done", on_arguments_done},
    {R "custom_tool_call_input.done", on_input_done},
    {R "output_item.added", on_item},
    {R "output_item.done", on_item_done},
    {R "created", on_response},
    {R "queued", on_response},
    {R "in_progress", on_response},
    {R "completed", on_response},
    {R "incomplete", on_response},
    {R "failed", on_response},
    {R "cancelled", on_response},
    {R "content_part.added", on_frame},
    {R "content_part.done", on_frame},
    {R "reasoning_summary_part.added", on_frame},
    {R "reasoning_summary_part.done", on_frame},
    {R "reasoning_summary_text.done", on_frame},
    {R "reasoning_text.done", on_frame},
    {R "output_text.annotation.added", on_frame},
    {"keepalive", on_frame},
    {"ping", on_frame},
};

#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

static size_t kind_of(const sse_priv_llm_input *input,
                      const sse_json_value *type)
{
    size_t kind = 0;
    while (kind < KIND_COUNT &&
           !sse_priv_llm_is_kind(input, type, kinds[kind].type)) {
        kind++;
    }
    return kind;
}

/* Takes a payload that is an object but none of the events. */
static sse_status take_other(sse_llm *llm, const sse_json_member *all,
                             const sse_json_value *object)
{
    const sse_json_value none = {SSE_JSON_NONE, 0, "", 0, 0};
    if (sse_json_equals(&all[OBJECT].value, "response")) {
        return sse_priv_responses_object(llm, object, &none);
    }
    llm->counts_.unknown++;
    return SSE_OK;
}

sse_status sse_priv_responses_payload(sse_llm *llm,
                                      const sse_priv_llm_input *input)
{
    const sse_json_value none = {SSE_JSON_NONE, 0, "", 0, 0};
    const sse_json_value object = {SSE_JSON_OBJECT, 0, input->data, input->len,
                                   0};
    sse_json_member all[MEMBER_COUNT];
    if (sse_priv_llm_read(input, names, all, MEMBER_COUNT) != SSE_OK) {
        return sse_priv_llm_no_object(llm, input,
                                      sse_priv_llm_is_untyped(input) ||
                                          kind_of(input, &none) < KIND_COUNT);
    }
    const size_t kind = kind_of(input, &all[TYPE].value);
    (void)sse_json_integer(&all[SEQUENCE].value, &llm->sequence_);
    if (sse_json_equals(&all[TYPE].value, "error") ||
        (sse_priv_llm_error_is(&all[ERROR].value) &&
         !sse_json_equals(&all[OBJECT].value, "response"))) {
        sse_priv_llm_error_value(llm, &object);
        return SSE_OK;
    }
    if (kind == KIND_COUNT) {
        return take_other(llm, all, &object);
    }
    taking event = {all, -1};
    if (!sse_priv_llm_index(&all[INDEX].value, -1, &event.index)) {
        sse_priv_llm_malformed(llm);
        return SSE_OK;
    }
    /* An event named without a type in its payload is known by its name. */
    all[TYPE].value.kind = SSE_JSON_STRING;
    all[TYPE].value.flags = 0;
    all[TYPE].value.text = kinds[kind].type;
    all[TYPE].value.len = strlen(kinds[kind].type);
    return kinds[kind].take(llm, &event);
}
