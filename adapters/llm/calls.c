/*
 * calls.c - tool calls, told apart by index and assembled from pieces.
 *
 * SPDX-License-Identifier: MIT
 */
#include "state.h"

#include <string.h>

#define CALL_HAS_ID 0x1u
#define CALL_HAS_NAME 0x2u
#define CALL_HAS_ARGUMENTS 0x4u
#define CALL_IS_WHOLE 0x8u

/* FNV-1a of an id as it stands on the wire: enough to see that two ids under
 * one index differ. */
static uint32_t hash_of(const sse_json_value *id)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < id->len; i++) {
        hash = (hash ^ (unsigned char)id->text[i]) * 16777619u;
    }
    return hash;
}

static int holds_text(const sse_json_value *value)
{
    return value->kind == SSE_JSON_STRING && value->len > 0;
}

/* The newest call of a choice; with an index the newest under that. */
static struct sse_llm_call_ *newest(sse_llm *llm, uint32_t choice,
                                    int64_t wire)
{
    for (uint32_t i = llm->call_count_; i > 0; i--) {
        struct sse_llm_call_ *const call = &llm->calls_[i - 1];
        if (call->choice_ == choice && (wire < 0 || call->wire_ == wire)) {
            return call;
        }
    }
    return NULL;
}

static int index_is_taken(const sse_llm *llm, uint32_t choice, uint32_t index)
{
    for (uint32_t i = 0; i < llm->call_count_; i++) {
        if (llm->calls_[i].choice_ == choice &&
            llm->calls_[i].index_ == index) {
            return 1;
        }
    }
    return 0;
}

/* Begins a call under the index the wire gives it, or the next one free. */
static struct sse_llm_call_ *begin_call(sse_llm *llm,
                                        const sse_priv_llm_call *piece)
{
    const uint32_t choice = piece->choice;
    const int64_t wire = piece->index;
    if (llm->call_count_ == SSE_LLM_CALLS_MAX) {
        return NULL;
    }
    const int ordinal = wire < 0 || (piece->flags & LLM_PIECE_ORDINAL) != 0;
    uint32_t index = ordinal ? 0 : (uint32_t)wire;
    while (index_is_taken(llm, choice, index)) {
        index = (index + 1) % (LLM_INDEX_MAX + 1);
    }
    struct sse_llm_call_ *const call = &llm->calls_[llm->call_count_];
    memset(call, 0, sizeof *call);
    call->choice_ = (uint16_t)choice;
    call->wire_ = (uint16_t)(wire < 0 ? index : (uint32_t)wire);
    call->index_ = (uint16_t)index;
    llm->call_count_++;
    return call;
}

/* Which call a piece belongs to.  An index settles it, but for providers that
 * send several whole calls under one index: another id is another call.
 * Without an index an id begins a call, and none goes on with the newest. */
static struct sse_llm_call_ *call_of(sse_llm *llm,
                                     const sse_priv_llm_call *piece)
{
    struct sse_llm_call_ *const known =
        newest(llm, piece->choice, piece->index);
    if (known == NULL || (piece->flags & LLM_PIECE_NEW) != 0) {
        return begin_call(llm, piece);
    }
    const int other = holds_text(&piece->id) &&
                      (known->flags_ & CALL_HAS_ID) != 0 &&
                      known->id_ != hash_of(&piece->id);
    return other ? begin_call(llm, piece) : known;
}

/* A string as text: in place, or unescaped into its half of the work room. */
static sse_status text_of(const sse_json_value *value, char *room, size_t cap,
                          const char **text, size_t *len)
{
    if ((value->flags & SSE_JSON_ESCAPED) == 0) {
        *text = value->text;
        *len = value->len;
        return SSE_OK;
    }
    *text = room;
    return sse_json_unescape(value, room, cap, len);
}

/* Tells id and name, each once. */
static sse_status announce(sse_llm *llm, struct sse_llm_call_ *call,
                           const sse_priv_llm_call *piece)
{
    const int id = holds_text(&piece->id) && (call->flags_ & CALL_HAS_ID) == 0;
    const int name =
        holds_text(&piece->name) && (call->flags_ & CALL_HAS_NAME) == 0;
    if (!id && !name) {
        return SSE_OK;
    }
    size_t cap = 0;
    char *const work = sse_priv_llm_work(llm, &cap);
    const sse_priv_llm_place place = {SSE_LLM_TOOL_CALL, call->choice_,
                                      call->index_};
    sse_llm_delta delta = sse_priv_llm_delta(place);
    if (id) {
        if (text_of(&piece->id, work, cap / 2, &delta.id, &delta.id_len) !=
            SSE_OK) {
            return SSE_ERR_LIMIT;
        }
        call->flags_ |= CALL_HAS_ID;
        call->id_ = hash_of(&piece->id);
    }
    if (name) {
        if (text_of(&piece->name, work + cap / 2, cap - cap / 2, &delta.name,
                    &delta.name_len) != SSE_OK) {
            return SSE_ERR_LIMIT;
        }
        call->flags_ |= CALL_HAS_NAME;
    }
    sse_priv_llm_emit(llm, &delta);
    return SSE_OK;
}

/* Hands out arguments: a string is a piece of them, an object all. */
static void hand_out(sse_llm *llm, struct sse_llm_call_ *call,
                     const sse_priv_llm_call *piece)
{
    const sse_priv_llm_place place = {SSE_LLM_TOOL_ARGUMENTS, call->choice_,
                                      call->index_};
    const sse_json_value *const arguments = &piece->arguments;
    const uint32_t any = CALL_HAS_ARGUMENTS | CALL_IS_WHOLE;
    if ((call->flags_ & CALL_IS_WHOLE) != 0 ||
        ((piece->flags & LLM_PIECE_REST) != 0 && (call->flags_ & any) != 0)) {
        return;
    }
    if (arguments->kind == SSE_JSON_OBJECT &&
        (llm->flags_ & LLM_PRUNED) != 0) {
        llm->flags_ |= LLM_LOST; /* it may lack a part */
    } else if (arguments->kind == SSE_JSON_OBJECT) {
        sse_priv_llm_text(llm, place, arguments->text, arguments->len);
    } else {
        sse_priv_llm_string(llm, place, arguments);
    }
    if (arguments->kind == SSE_JSON_OBJECT || holds_text(arguments)) {
        call->flags_ |= CALL_HAS_ARGUMENTS;
        call->flags_ |=
            (piece->flags & LLM_PIECE_ALL) != 0 ? CALL_IS_WHOLE : 0;
    }
}

sse_status sse_priv_llm_call_piece(sse_llm *llm, const sse_priv_llm_call *piece)
{
    if (sse_priv_llm_is_left_out(&piece->id) ||
        sse_priv_llm_is_left_out(&piece->name)) {
        return SSE_ERR_LIMIT;
    }
    struct sse_llm_call_ *const call = call_of(llm, piece);
    if (call == NULL || announce(llm, call, piece) != SSE_OK) {
        return SSE_ERR_LIMIT;
    }
    hand_out(llm, call, piece);
    return SSE_OK;
}

int sse_priv_llm_call_is_begun(sse_llm *llm, uint32_t choice, int64_t index)
{
    return newest(llm, choice, index) != NULL;
}
