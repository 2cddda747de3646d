/*
 * responses.h - what the files of the OpenAI Responses dialect share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_LLM_RESPONSES_H
#define SSE_LLM_RESPONSES_H

#include "state.h"

/** Takes one item of the output.  A call is begun, and its arguments count if
 *  none came before; of a message and of reasoning the texts are taken only
 *  with @p texts not 0.  @return SSE_OK or SSE_ERR_LIMIT. */
sse_status sse_priv_responses_item(sse_llm *llm, int64_t index,
                                   const sse_json_value *item, int texts);

/** Takes a response: its head, and at its end usage and how it ended.
 *  @param type  Of the event, or NONE for a body that is no stream. */
sse_status sse_priv_responses_object(sse_llm *llm,
                                     const sse_json_value *response,
                                     const sse_json_value *type);

#endif /* SSE_LLM_RESPONSES_H */
