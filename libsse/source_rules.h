/*
 * source_rules.h - what a response or an end leads to, and after which delay.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_SOURCE_RULES_H
#define SSE_PRIV_SOURCE_RULES_H

#include <sse/source.h>

/** One case, as the inputs tell it. */
typedef struct sse_priv_case {
    sse_reason reason;       /* of an end; SSE_REASON_NONE for a response */
    const char *media_type;
    size_t media_type_len;
    uint64_t retry_after_ms;
} sse_priv_case;

/**
 * Judges one case: counts failures, draws the delay, asks the policy hook.
 *
 * @param decision  Out: reason, cause, verdict and delay are settled.
 */
void sse_priv_source_judge(sse_source *source, const sse_priv_case *what,
                           sse_decision *decision);

/** Delay before the next attempt, in ms, jitter included. */
uint64_t sse_priv_source_delay(sse_source *source, uint64_t retry_after_ms);

#endif /* SSE_PRIV_SOURCE_RULES_H */
