/*
 * openai_chat.c - OpenAI Chat Completions, and what imitates it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "openai.h"
#include "walk.h"

#include <string.h>

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

/* Index of a choice; its position if none is told.
 * @return not 0 unless what is told is no index. */
static int index_of(const sse_json_value *value, uint32_t position,
                    uint32_t *index)
{
    int64_t number = (int64_t)position;
    if (sse_priv_walk_is_wrong(value, SSE_JSON_NUMBER) ||
        (value->kind == SSE_JSON_NUMBER &&
         sse_json_integer(value, &number) != SSE_OK) ||
        number < 0 || number > LLM_INDEX_MAX) {
        return 0;
    }
    *index = (uint32_t)number;
    return 1;
}

static sse_status take_choice(sse_llm *llm, uint32_t position,
                              const sse_json_value *choice)
{
    sse_json_member members[] = {
        {.name = "index"}, {.name = "delta"},         {.name = "message"},
        {.name = "text"},  {.name = "finish_reason"}, {.name = "usage"},
        {.name = "error"},
    };
    sse_priv_walk_members(choice, members, 7);
    uint32_t index = 0;
    if (choice->kind != SSE_JSON_OBJECT ||
        !index_of(&members[0].value, position, &index)) {
        llm->counts_.malformed++;
        return SSE_OK;
    }
    const sse_json_value *const delta = &members[1].value;
    if (sse_priv_walk_is_wrong(delta, SSE_JSON_OBJECT)) {
        llm->counts_.malformed++;
    }
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
    if (sse_priv_walk_is_wrong(choices, SSE_JSON_ARRAY)) {
        llm->counts_.malformed++;
    }
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
           (all[MESSAGE].value.kind == SSE_JSON_STRING &&
            code_is_bad(&all[CODE].value));
}

/* Keeps what each chunk repeats, from the first that has it: Azure's first
 * one, for example, has an empty model. */
static void keep_first(sse_llm *llm, sse_priv_llm_slot slot,
                       const sse_json_value *value)
{
    if (sse_priv_llm_slot_text(llm, slot)[0] == '\0') {
        sse_priv_llm_slot_keep(llm, slot, value);
    }
}

static sse_status take_chunk(sse_llm *llm, const sse_json_value *whole,
                             const sse_json_member *all)
{
    keep_first(llm, LLM_SLOT_ID, &all[ID].value);
    keep_first(llm, LLM_SLOT_MODEL, &all[MODEL].value);
    sse_priv_openai_usage(llm, &all[USAGE].value);
    if (is_error(all)) {
        sse_priv_llm_error_value(llm, whole);
        return SSE_OK;
    }
    sse_json_member groq = {.name = "usage"};
    sse_priv_walk_members(&all[GROQ].value, &groq, 1);
    sse_priv_openai_usage(llm, &groq.value);
    if (all[CHOICES].value.kind == SSE_JSON_NONE &&
        all[USAGE].value.kind != SSE_JSON_OBJECT) {
        llm->counts_.unknown++;
    }
    return take_choices(llm, &all[CHOICES].value);
}

/* Takes a payload that is no JSON object. */
static sse_status take_other(sse_llm *llm, const char *data, size_t len,
                             int expected)
{
    const sse_status status = sse_json_check(data, len, NULL);
    if (status == SSE_OK || !expected) {
        llm->counts_.unknown++;
        return SSE_OK;
    }
    llm->counts_.malformed++;
    return (llm->flags_ & LLM_LENIENT) != 0 ? SSE_OK : status;
}

sse_status sse_priv_openai_chat_payload(sse_llm *llm, const char *data,
                                        size_t len, int expected)
{
    sse_json_member all[MEMBER_COUNT];
    memset(all, 0, sizeof all);
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        all[i].name = chunk_names[i];
    }
    if (sse_json_members(data, len, all, MEMBER_COUNT) != SSE_OK) {
        return take_other(llm, data, len, expected);
    }
    const sse_json_value whole = {SSE_JSON_OBJECT, 0, data, len, 0};
    return take_chunk(llm, &whole, all);
}

int sse_priv_openai_chat_is_last(const char *data, size_t len)
{
    return len == 6 && memcmp(data, "[DONE]", 6) == 0;
}
