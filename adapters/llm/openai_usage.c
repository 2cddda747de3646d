/*
 * openai_usage.c - token counts of an OpenAI chat, and where vendors put them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "openai.h"
#include "walk.h"

static void count(const sse_json_value *value, int64_t *tokens)
{
    int64_t number = -1;
    if (sse_json_integer(value, &number) == SSE_OK && number >= 0) {
        *tokens = number;
    }
}

void sse_priv_openai_usage(sse_llm *llm, const sse_json_value *usage)
{
    if (usage->kind != SSE_JSON_OBJECT) {
        if (sse_priv_walk_is_wrong(usage, SSE_JSON_OBJECT)) {
            llm->counts_.malformed++;
        }
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
    count(&all[0].value, &llm->usage_.prompt_tokens);
    count(&all[1].value, &llm->usage_.completion_tokens);
    count(&all[2].value, &llm->usage_.total_tokens);
    count(&all[3].value, &llm->usage_.cached_tokens);
    count(&cached.value, &llm->usage_.cached_tokens);
    count(&reasoning.value, &llm->usage_.reasoning_tokens);
}
