/*
 * openai_llama.c - what llama.cpp sends at its own completion endpoint: pieces
 * of one text, the last of which says that it is the last.
 *
 * SPDX-License-Identifier: MIT
 */
#include "openai.h"
#include "walk.h"

int sse_priv_openai_llama(sse_llm *llm, const sse_json_value *whole)
{
    sse_json_member all[] = {
        {.name = "content"},          {.name = "stop"},
        {.name = "stop_type"},        {.name = "stopped_limit"},
        {.name = "tokens_evaluated"}, {.name = "tokens_predicted"},
    };
    sse_priv_walk_members(whole, all, 6);
    const sse_json_kind stop = all[1].value.kind;
    if (all[0].value.kind != SSE_JSON_STRING ||
        (stop != SSE_JSON_TRUE && stop != SSE_JSON_FALSE)) {
        return 0;
    }
    const sse_priv_llm_place place = {SSE_LLM_TEXT, 0, 0};
    sse_priv_llm_choice_begun(llm, 0);
    sse_priv_llm_string(llm, place, &all[0].value);
    if (stop == SSE_JSON_FALSE || (llm->flags_ & LLM_STOPPED) != 0) {
        return 1;
    }
    sse_priv_llm_tokens(&all[4].value, &llm->usage_.prompt_tokens);
    sse_priv_llm_tokens(&all[5].value, &llm->usage_.completion_tokens);
    const int limit = all[3].value.kind == SSE_JSON_TRUE; /* older builds */
    const sse_json_value older = {SSE_JSON_STRING, 0, limit ? "limit" : "stop",
                                  limit ? 5 : 4, 0};
    const int told = all[2].value.kind == SSE_JSON_STRING;
    sse_priv_llm_reason(llm, 0, told ? &all[2].value : &older);
    llm->flags_ |= LLM_DONE;
    return 1;
}
