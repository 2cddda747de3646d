/*
 * openai.h - what the files of the OpenAI chat dialect share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_LLM_OPENAI_H
#define SSE_LLM_OPENAI_H

#include "state.h"

/** Takes a delta, or a whole message.  @return SSE_OK or SSE_ERR_LIMIT. */
sse_status sse_priv_openai_delta(sse_llm *llm, uint32_t choice,
                                 const sse_json_value *delta);

/** Takes an object of token counts; what is no object is not one. */
void sse_priv_openai_usage(sse_llm *llm, const sse_json_value *usage);

/** Takes an event of llama.cpp's own completion.  @return Not 0 unless it is
 *  none. */
int sse_priv_openai_llama(sse_llm *llm, const sse_json_value *whole);

#endif /* SSE_LLM_OPENAI_H */
