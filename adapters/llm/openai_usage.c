/*
 * openai_usage.c - token counts of an OpenAI chat, and where vendors put them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "openai.h"
#include "walk.h"

void sse_priv_openai_usage(sse_llm *llm, const sse_json_value *usage)
{
    if (usage->kind != SSE_JSON_OBJECT) {
        sse_priv_llm_check_kind(llm, usage, SSE_JSON_OBJECT);
        return;
    }
    sse_json_member all[] = {
        {.name = "prompt_tokens"},
        {.name = "completion_tokens"},
        {.name = "total_tokens"},
        {.name = "prompt_cache_hit_tokens"}, /* DeepSeek */
        {.name = "prompt_tokens_details"},
        {.name = "completion_tokens_details"},
    };
    sse_json_member cached = {.name = "cached_tokens"};
    sse_json_member reasoning = {.name = "reasoning_tokens"};
    sse_priv_walk_members(usage, all, 6);
    sse_priv_walk_members(&all[4].value, &cached, 1);
    sse_priv_walk_members(&all[5].value, &reasoning, 1);
    sse_priv_llm_tokens(&all[0].value, &llm->usage_.prompt_tokens);
    sse_priv_llm_tokens(&all[1].value, &llm->usage_.completion_tokens);
    sse_priv_llm_tokens(&all[2].value, &llm->usage_.total_tokens);
    sse_priv_llm_tokens(&all[3].value, &llm->usage_.cached_tokens);
    sse_priv_llm_tokens(&cached.value, &llm->usage_.cached_tokens);
    sse_priv_llm_tokens(&reasoning.value, &llm->usage_.reasoning_tokens);
}
