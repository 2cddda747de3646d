/*
 * anthropic.c - Anthropic Messages: one message, block after block.
 *
 * SPDX-License-Identifier: MIT
 */
#include "state.h"
#include "walk.h"

#include <string.h>

/* The members of a payload that are looked at, in the order of names. */
enum { TYPE, INDEX, MESSAGE, BLOCK, DELTA, USAGE, ERROR, MEMBER_COUNT };

static const char *const names[MEMBER_COUNT] = {
    "type", "index", "message", "content_block", "delta", "usage", "error"};

/* Tokens of the prompt are told in three parts: those read from a cache, those
 * written to it, and the others.  Each event repeats what it knows. */
static void take_usage(sse_llm *llm, const sse_json_value *usage)
{
    sse_json_member all[] = {
        {.name = "input_tokens"},
        {.name = "cache_creation_input_tokens"},
        {.name = "cache_read_input_tokens"},
        {.name = "output_tokens"},
    };
    int64_t *const parts = llm->parts_;
    sse_priv_llm_check_kind(llm, usage, SSE_JSON_OBJECT);
    sse_priv_walk_members(usage, all, 4);
    sse_priv_llm_tokens(&all[0].value, &parts[0]);
    sse_priv_llm_tokens(&all[1].value, &parts[1]);
    sse_priv_llm_tokens(&all[2].value, &llm->usage_.cached_tokens);
    sse_priv_llm_tokens(&all[3].value, &llm->usage_.completion_tokens);
    if (parts[0] >= 0) {
        int64_t sum = sse_priv_llm_sum(parts[0], parts[1]);
        sum = sse_priv_llm_sum(sum, llm->usage_.cached_tokens);
        llm->usage_.prompt_tokens = sum;
    }
}

static int is_empty_object(const sse_json_value *value)
{
    sse_json json;
    sse_json_value token;
    sse_json_init(&json, value->text, value->len);
    return value->kind == SSE_JSON_OBJECT &&
           sse_json_next(&json, &token) == SSE_OK &&
           sse_json_next(&json, &token) == SSE_OK &&
           token.kind == SSE_JSON_OBJECT_END;
}

/* Takes a block as it begins, or as it stands in a whole message.  Calls of
 * tools the provider runs itself are none that the caller has to answer. */
static sse_status take_block(sse_llm *llm, int64_t index,
                             const sse_json_value *block)
{
    sse_json_member all[] = {
        {.name = "type"}, {.name = "text"}, {.name = "thinking"},
        {.name = "id"},   {.name = "name"}, {.name = "input"},
    };
    sse_priv_llm_check_kind(llm, block, SSE_JSON_OBJECT);
    sse_priv_walk_members(block, all, 6);
    const sse_json_value *const type = &all[0].value;
    sse_priv_llm_place place = {SSE_LLM_TEXT, 0, 0};
    if (sse_json_equals(type, "text")) {
        sse_priv_llm_string(llm, place, &all[1].value);
    } else if (sse_json_equals(type, "thinking")) {
        place.kind = SSE_LLM_REASONING;
        sse_priv_llm_string(llm, place, &all[2].value);
    } else if (sse_json_equals(type, "tool_use")) {
        sse_priv_llm_call call;
        memset(&call, 0, sizeof call);
        call.index = index;
        call.flags = LLM_PIECE_ORDINAL | LLM_PIECE_ALL;
        call.id = all[3].value;
        call.name = all[4].value;
        if (!is_empty_object(&all[5].value)) {
            call.arguments = all[5].value; /* else it comes in pieces */
        }
        return sse_priv_llm_call_piece(llm, &call);
    }
    return SSE_OK;
}

static sse_status take_blocks(sse_llm *llm, const sse_json_value *blocks)
{
    sse_json json;
    sse_json_value block;
    sse_priv_llm_check_kind(llm, blocks, SSE_JSON_ARRAY);
    const int any = sse_priv_walk_begin(blocks, &json);
    for (int64_t i = 0; any && sse_priv_walk_next(&json, &block); i++) {
        const sse_status status = take_block(llm, i, &block);
        if (status != SSE_OK) {
            return status;
        }
    }
    return SSE_OK;
}

/* Takes a message: its beginning, or all of it where no stream was sent. */
static sse_status take_message(sse_llm *llm, const sse_json_value *message)
{
    sse_json_member all[] = {
        {.name = "id"},    {.name = "model"},       {.name = "content"},
        {.name = "usage"}, {.name = "stop_reason"},
    };
    sse_priv_llm_check_kind(llm, message, SSE_JSON_OBJECT);
    sse_priv_walk_members(message, all, 5);
    sse_priv_llm_choice_begun(llm, 0);
    sse_priv_llm_keep_first(llm, LLM_SLOT_ID, &all[0].value);
    sse_priv_llm_keep_first(llm, LLM_SLOT_MODEL, &all[1].value);
    take_usage(llm, &all[3].value);
    const sse_status status = take_blocks(llm, &all[2].value);
    if (status == SSE_OK && (llm->flags_ & LLM_STOPPED) == 0) {
        sse_priv_llm_reason(llm, 0, &all[4].value);
    }
    return status;
}

/* Takes a piece of a block.  Its own type says what it is; signatures and
 * citations are neither text nor unknown. */
static sse_status take_delta(sse_llm *llm, int64_t index,
                             const sse_json_value *delta)
{
    sse_json_member all[] = {
        {.name = "type"},
        {.name = "text"},
        {.name = "thinking"},
        {.name = "partial_json"},
    };
    sse_priv_llm_check_kind(llm, delta, SSE_JSON_OBJECT);
    sse_priv_walk_members(delta, all, 4);
    const sse_json_value *const type = &all[0].value;
    sse_priv_llm_place place = {SSE_LLM_TEXT, 0, 0};
    if (sse_json_equals(type, "text_delta")) {
        sse_priv_llm_string(llm, place, &all[1].value);
    } else if (sse_json_equals(type, "thinking_delta")) {
        place.kind = SSE_LLM_REASONING;
        sse_priv_llm_string(llm, place, &all[2].value);
    } else if (sse_json_equals(type, "input_json_delta")) {
        if (!sse_priv_llm_call_is_begun(llm, 0, index)) {
            return SSE_OK; /* of a tool the provider runs itself */
        }
        sse_priv_llm_call call;
        memset(&call, 0, sizeof call);
        call.index = index;
        call.arguments = all[3].value;
        return sse_priv_llm_call_piece(llm, &call);
    } else if (!sse_json_equals(type, "signature_delta") &&
               !sse_json_equals(type, "citations_delta")) {
        llm->counts_.unknown++;
    }
    return SSE_OK;
}

static sse_status on_start(sse_llm *llm, int64_t index,
                           const sse_json_member *all)
{
    (void)index;
    return take_message(llm, &all[MESSAGE].value);
}

static sse_status on_block(sse_llm *llm, int64_t index,
                           const sse_json_member *all)
{
    sse_priv_llm_choice_begun(llm, 0);
    return take_block(llm, index, &all[BLOCK].value);
}

static sse_status on_delta(sse_llm *llm, int64_t index,
                           const sse_json_member *all)
{
    sse_priv_llm_choice_begun(llm, 0);
    return take_delta(llm, index, &all[DELTA].value);
}

static sse_status on_block_stop(sse_llm *llm, int64_t index,
                                const sse_json_member *all)
{
    (void)index;
    (void)all;
    sse_priv_llm_halves_flush(llm, 0);
    return SSE_OK;
}

/* What changed in the message: why it ended, and the usage so far. */
static sse_status on_change(sse_llm *llm, int64_t index,
                            const sse_json_member *all)
{
    (void)index;
    sse_json_member reason = {.name = "stop_reason"};
    sse_priv_llm_check_kind(llm, &all[DELTA].value, SSE_JSON_OBJECT);
    sse_priv_walk_members(&all[DELTA].value, &reason, 1);
    take_usage(llm, &all[USAGE].value);
    sse_priv_llm_reason(llm, 0, &reason.value);
    return SSE_OK;
}

static sse_status on_stop(sse_llm *llm, int64_t index,
                          const sse_json_member *all)
{
    (void)index;
    (void)all;
    llm->flags_ |= LLM_DONE;
    return SSE_OK;
}

static sse_status on_ping(sse_llm *llm, int64_t index,
                          const sse_json_member *all)
{
    (void)llm;
    (void)index;
    (void)all;
    return SSE_OK;
}

/* The events there are; what else comes is counted and ignored. */
static const struct {
    const char *type;
    sse_status (*take)(sse_llm *, int64_t, const sse_json_member *);
} kinds[] = {
    {"content_block_delta", on_delta}, {"content_block_start", on_block},
    {"content_block_stop", on_block_stop}, {"message_start", on_start},
    {"message_delta", on_change}, {"message_stop", on_stop}, {"ping", on_ping},
};

#define KIND_COUNT (sizeof kinds / sizeof kinds[0])

/* Which kind an event is, by its payload or else by its type. */
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

sse_status sse_priv_anthropic_payload(sse_llm *llm,
                                      const sse_priv_llm_input *input)
{
    const sse_json_value none = {SSE_JSON_NONE, 0, "", 0, 0};
    const sse_json_value whole = {SSE_JSON_OBJECT, 0, input->data, input->len,
                                  0};
    sse_json_member all[MEMBER_COUNT];
    if (sse_priv_llm_read(input, names, all, MEMBER_COUNT) != SSE_OK) {
        return sse_priv_llm_no_object(llm, input,
                                      sse_priv_llm_is_untyped(input) ||
                                          kind_of(input, &none) < KIND_COUNT);
    }
    const sse_json_value *const type = &all[TYPE].value;
    if (sse_json_equals(type, "error") ||
        sse_priv_llm_error_is(&all[ERROR].value)) {
        sse_priv_llm_error_value(llm, &whole);
        return SSE_OK;
    }
    if (sse_json_equals(type, "message")) {
        return take_message(llm, &whole);
    }
    const size_t kind = kind_of(input, type);
    int64_t index = 0;
    if (kind == KIND_COUNT) {
        llm->counts_.unknown++;
        return SSE_OK;
    }
    if (!sse_priv_llm_index(&all[INDEX].value, 0, &index)) {
        sse_priv_llm_malformed(llm);
        return SSE_OK;
    }
    return kinds[kind].take(llm, index, all);
}
