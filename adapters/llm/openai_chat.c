/*
 * openai_chat.c - OpenAI Chat Completions, and what imitates it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "openai.h"
#include "walk.h"

/* The members of a chunk that are looked at, in the order of chunk_names. */
enum {
    CHOICES,
    USAGE,
    ID,
    MODEL,
    ERROR,
    ERRORS,
    OBJECT,
    TYPE,
    MESSAGE,
    DETAIL,
    CODE,
    GROQ,
    MEMBER_COUNT
};

static const char *const chunk_names[MEMBER_COUNT] = {
    "choices", "usage", "id",      "model",  "error", "errors",
    "object",  "type",  "message", "detail", "code",  "x_groq"};

static sse_status take_choice(sse_llm *llm, uint32_t position,
                              const sse_json_value *choice)
{
    sse_json_member members[] = {
        {.name = "index"}, {.name = "delta"},         {.name = "message"},
        {.name = "text"},  {.name = "finish_reason"}, {.name = "usage"},
        {.name = "error"},
    };
    sse_priv_walk_members(choice, members, 7);
    int64_t told = 0;
    if (choice->kind != SSE_JSON_OBJECT ||
        !sse_priv_llm_index(&members[0].value, (int64_t)position, &told)) {
        sse_priv_llm_malformed(llm);
        return SSE_OK;
    }
    const uint32_t index = (uint32_t)told;
    const sse_json_value *const delta = &members[1].value;
    sse_priv_llm_check_kind(llm, delta, SSE_JSON_OBJECT);
    sse_priv_llm_choice_begun(llm, index);
    const sse_priv_llm_place place = {SSE_LLM_TEXT, index, 0};
    sse_priv_llm_string(llm, place, &members[3].value);
    const sse_status status = sse_priv_openai_delta(
        llm, index,
        delta->kind == SSE_JSON_OBJECT ? delta : &members[2].value);
    if (status != SSE_OK || (llm->flags_ & LLM_STOPPED) != 0) {
        return status;
    }
    sse_priv_openai_usage(llm, &members[5].value);
    if (sse_priv_llm_error_is(&members[6].value)) {
        sse_priv_llm_error_value(llm, &members[6].value);
    }
    sse_priv_llm_reason(llm, index, &members[4].value);
    return SSE_OK;
}

static sse_status take_choices(sse_llm *llm, const sse_json_value *choices)
{
    sse_priv_llm_check_kind(llm, choices, SSE_JSON_ARRAY);
    sse_json json;
    sse_json_value choice;
    uint32_t position = 0;
    const int any = sse_priv_walk_begin(choices, &json);
    while (any && sse_priv_walk_next(&json, &choice)) {
        const sse_status status = take_choice(llm, position, &choice);
        if (status != SSE_OK) {
            return status;
        }
        position++;
    }
    return SSE_OK;
}

/* Not 0 if a code says that something went wrong: some servers send one that
 * says it did not. */
static int code_is_bad(const sse_json_value *code)
{
    int64_t number = 0;
    if (code->kind == SSE_JSON_STRING) {
        return code->len > 0 && !sse_json_equals(code, "0") &&
               !sse_json_equals(code, "200");
    }
    return sse_json_integer(code, &number) == SSE_OK && number != 0 &&
           number != 200;
}

/* Not 0 if the object is an error, by any of the shapes there are. */
static int is_error(const sse_json_member *all)
{
    if (sse_priv_llm_error_is(&all[ERROR].value) ||
        sse_json_equals(&all[OBJECT].value, "error") ||
        sse_json_equals(&all[TYPE].value, "error")) {
        return 1;
    }
    if (all[CHOICES].value.kind != SSE_JSON_NONE ||
        all[USAGE].value.kind != SSE_JSON_NONE) {
        return 0;
    }
    return sse_priv_llm_error_is(&all[ERRORS].value) ||
           sse_priv_llm_error_is(&all[DETAIL].value) ||
           ((all[MESSAGE].value.kind == SSE_JSON_STRING ||
             sse_priv_llm_is_left_out(&all[MESSAGE].value)) &&
            code_is_bad(&all[CODE].value));
}

static sse_status take_chunk(sse_llm *llm, const sse_json_value *whole,
                             const sse_json_member *all)
{
    sse_priv_llm_keep_first(llm, LLM_SLOT_ID, &all[ID].value);
    sse_priv_llm_keep_first(llm, LLM_SLOT_MODEL, &all[MODEL].value);
    sse_priv_openai_usage(llm, &all[USAGE].value);
    if (is_error(all)) {
        sse_priv_llm_error_value(llm, whole);
        return SSE_OK;
    }
    sse_json_member groq = {.name = "usage"};
    sse_priv_walk_members(&all[GROQ].value, &groq, 1);
    sse_priv_openai_usage(llm, &groq.value);
    if (all[CHOICES].value.kind == SSE_JSON_NONE &&
        all[USAGE].value.kind != SSE_JSON_OBJECT &&
        !sse_priv_openai_llama(llm, whole)) {
        llm->counts_.unknown++;
    }
    return take_choices(llm, &all[CHOICES].value);
}

sse_status sse_priv_openai_chat_payload(sse_llm *llm,
                                        const sse_priv_llm_input *input)
{
    if (sse_priv_llm_is_done(input)) {
        llm->flags_ |= LLM_DONE;
        return SSE_OK;
    }
    sse_json_member all[MEMBER_COUNT];
    if (sse_priv_llm_read(input, chunk_names, all, MEMBER_COUNT) != SSE_OK) {
        return sse_priv_llm_no_object(llm, input,
                                      sse_priv_llm_is_untyped(input));
    }
    const sse_json_value whole = {SSE_JSON_OBJECT, 0, input->data, input->len,
                                  0};
    return take_chunk(llm, &whole, all);
}
