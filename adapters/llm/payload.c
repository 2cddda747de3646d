/*
 * payload.c - what all dialects do with the payload of an event.
 *
 * SPDX-License-Identifier: MIT
 */
#include "state.h"
#include "walk.h"

#include <string.h>

int sse_priv_llm_type_is(const sse_priv_llm_input *input, const char *type)
{
    const size_t len = strlen(type);
    return input->type_len == len && memcmp(input->type, type, len) == 0;
}

int sse_priv_llm_is_kind(const sse_priv_llm_input *input,
                         const sse_json_value *type, const char *kind)
{
    return type->kind == SSE_JSON_NONE ? sse_priv_llm_type_is(input, kind)
                                       : sse_json_equals(type, kind);
}

int sse_priv_llm_is_untyped(const sse_priv_llm_input *input)
{
    return input->type_len == 0 || sse_priv_llm_type_is(input, "message");
}

int sse_priv_llm_is_done(const sse_priv_llm_input *input)
{
    return input->len == 6 && memcmp(input->data, "[DONE]", 6) == 0;
}

sse_status sse_priv_llm_read(const sse_priv_llm_input *input,
                             const char *const *names, sse_json_member *members,
                             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        members[i].name = names[i];
    }
    return sse_json_members(input->data, input->len, members, count);
}

sse_status sse_priv_llm_no_object(sse_llm *llm, const sse_priv_llm_input *input,
                                  int expected)
{
    const sse_status status = sse_json_check(input->data, input->len, NULL);
    if (status == SSE_OK || !expected || sse_priv_llm_is_done(input)) {
        llm->counts_.unknown++;
        return SSE_OK;
    }
    llm->counts_.malformed++;
    return (llm->flags_ & LLM_LENIENT) != 0 ? SSE_OK : status;
}

int sse_priv_llm_is_left_out(const sse_json_value *value)
{
    return value->kind == SSE_JSON_NUMBER &&
           value->len == sizeof LLM_LEFT_OUT - 1 &&
           memcmp(value->text, LLM_LEFT_OUT, value->len) == 0;
}

void sse_priv_llm_malformed(sse_llm *llm)
{
    if ((llm->flags_ & LLM_PRUNED) != 0) {
        llm->flags_ |= LLM_LOST; /* it may have been well before */
    } else {
        llm->counts_.malformed++;
    }
}

void sse_priv_llm_check_kind(sse_llm *llm, const sse_json_value *value,
                             sse_json_kind wanted)
{
    if (sse_priv_walk_is_wrong(value, wanted)) {
        sse_priv_llm_malformed(llm);
    }
}

int sse_priv_llm_index(const sse_json_value *value, int64_t untold,
                       int64_t *index)
{
    *index = untold;
    if (value->kind != SSE_JSON_NUMBER) {
        return !sse_priv_walk_is_wrong(value, SSE_JSON_NUMBER) &&
               untold <= LLM_INDEX_MAX;
    }
    return sse_json_integer(value, index) == SSE_OK && *index >= 0 &&
           *index <= LLM_INDEX_MAX;
}

int64_t sse_priv_llm_sum(int64_t a, int64_t b)
{
    const int64_t first = a < 0 ? 0 : a;
    const int64_t second = b < 0 ? 0 : b;
    return second > INT64_MAX - first ? INT64_MAX : first + second;
}

void sse_priv_llm_tokens(const sse_json_value *value, int64_t *tokens)
{
    int64_t number = -1;
    if (sse_json_integer(value, &number) == SSE_OK && number >= 0) {
        *tokens = number;
    }
}

void sse_priv_llm_keep_first(sse_llm *llm, sse_priv_llm_slot slot,
                             const sse_json_value *value)
{
    if (sse_priv_llm_slot_text(llm, slot)[0] == '\0') {
        sse_priv_llm_slot_keep(llm, slot, value);
    }
}
