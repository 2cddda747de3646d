/*
 * outcome.c - what an answer of the upstream amounts to.
 *
 * SPDX-License-Identifier: MIT
 */
#include "llm/outcome.h"

#include <string.h>

static const char *finish_reason(sse_llm_verdict verdict)
{
    switch (verdict) {
    case SSE_LLM_COMPLETE:
        return "stop";
    case SSE_LLM_LENGTH:
        return "length";
    case SSE_LLM_TOOL:
        return "tool_calls";
    case SSE_LLM_REFUSED:
        return "content_filter";
    case SSE_LLM_PENDING:
    case SSE_LLM_TRUNCATED:
    case SSE_LLM_FAILED:
    case SSE_LLM_CANCELLED:
        break;
    }
    return NULL;
}

static void fault(struct attempt_end *end, const char *code,
                  const char *message, int retryable)
{
    end->end.code = code;
    end->end.message = message;
    end->end.retryable = retryable;
}

static void judge_status(struct attempt_end *end, int http_status)
{
    int busy = http_status == 429 || http_status >= 500;
    fault(end, "upstream_status",
          http_status == 429 ? "The model is busy. Try again in a moment."
          : busy             ? "The model's server failed. Try again later."
                             : "The model's server refused the request.",
          busy);
    end->again = busy;
}

/* A transfer that failed, by the reason its source gives. */
static void judge_transport(struct attempt_end *end,
                            const sse_curl_result *result, int text_came)
{
    switch (result->cause) {
    case SSE_REASON_STATUS:
        judge_status(end, result->http_status);
        return;
    case SSE_REASON_MEDIA_TYPE:
        fault(end, "upstream_media_type",
              "The model's server answered with something else than a stream.",
              0);
        return;
    case SSE_REASON_CONNECT:
    case SSE_REASON_CONNECT_TIMEOUT:
        fault(end, "upstream_unreachable",
              "The model's server cannot be reached. Try again later.", 1);
        return;
    case SSE_REASON_FIRST_BYTE_TIMEOUT:
    case SSE_REASON_IDLE_TIMEOUT:
    case SSE_REASON_TOTAL_TIMEOUT:
        fault(end, "upstream_timeout",
              text_came ? "The model fell silent in the middle of its answer."
                        : "The model did not answer in time.",
              1);
        return;
    case SSE_REASON_NONE:
    case SSE_REASON_END:
    case SSE_REASON_CUT:
    case SSE_REASON_NO_CONTENT:
    case SSE_REASON_REDIRECT:
    case SSE_REASON_RETRY_AFTER:
    case SSE_REASON_MAX_RECONNECTS:
    case SSE_REASON_REPLAY:
    case SSE_REASON_CALLER:
    case SSE_REASON_FATAL:
    case SSE_REASON_TOO_LONG:
    case SSE_REASON_POLICY:
        break;
    }
    if (text_came) {
        fault(end, "truncated",
              "The connection to the model broke in the middle of its answer.",
              1);
    } else {
        fault(end, "upstream_error", "The model's server gave no answer.", 1);
    }
}

void outcome_judge(struct attempt_end *end, const sse_llm_report *report,
                   const sse_curl_result *result, int text_came, int hole)
{
    memset(end, 0, sizeof *end);
    end->end.verdict = report->verdict;
    end->end.text_came = text_came;
    end->end.finish_reason = finish_reason(report->verdict);
    end->end.usage = report->usage;
    end->end.first_byte_ms = report->timing.first_byte_ms;
    end->end.first_token_ms = report->timing.first_token_ms;
    end->end.longest_gap_ms = report->timing.longest_gap_ms;
    end->end.total_ms = report->timing.total_ms;
    if (end->end.finish_reason != NULL) {
        return;
    }
    /* Reasoning alone is no answer: without text nothing was truncated. */
    if (report->verdict == SSE_LLM_TRUNCATED && !text_came) {
        end->end.verdict = SSE_LLM_FAILED;
    }
    int said = report->error.message[0] != '\0' ||
               report->error.code[0] != '\0' || report->error.type[0] != '\0';
    if (said || result == NULL || report->counts.malformed > 0) {
        fault(end, "upstream_error",
              said ? "The model reported an error."
                   : "The model's answer could not be read.",
              1);
    } else if (hole) {
        fault(end, text_came ? "truncated" : "upstream_error",
              "The model sent a piece too large to be read.", 1);
    } else {
        judge_transport(end, result, text_came);
    }
}

void outcome_count(struct upstream_stats *stats,
                   const struct upstream_end *end)
{
    stats->verdicts[end->verdict]++;
    stats->total_ms_sum += (uint64_t)end->total_ms;
    if (end->first_byte_ms >= 0) {
        stats->first_bytes++;
        stats->first_byte_ms_sum += (uint64_t)end->first_byte_ms;
    }
    if (end->first_token_ms >= 0) {
        stats->first_tokens++;
        stats->first_token_ms_sum += (uint64_t)end->first_token_ms;
    }
}
