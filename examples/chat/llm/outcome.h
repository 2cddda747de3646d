/*
 * outcome.h - what an answer of the upstream amounts to.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OUTCOME_H
#define CHAT_OUTCOME_H

#include <sse/curl.h>
#include <sse/llm.h>

#include "llm/attempt.h"

/**
 * Judges by what the stream said first, and by the transport where it said
 * nothing.
 *
 * @param report  After sse_llm_finish().
 * @param result  NULL if the stream ended before the transfer did.
 * @param hole    Not 0 if an event was too large to be read.
 */
void outcome_judge(struct attempt_end *end, const sse_llm_report *report,
                   const sse_curl_result *result, int text_came, int hole);

/** Counts a call that has ended. */
void outcome_count(struct upstream_stats *stats,
                   const struct upstream_end *end);

#endif /* CHAT_OUTCOME_H */
