/*
 * verdict.c - finish reasons, and the one word for how an answer ended.
 *
 * SPDX-License-Identifier: MIT
 */
#include "state.h"

#include <string.h>

/* What finish reasons mean, in all dialects, in lower case.  A reason nobody
 * knows is one by which the model ended by itself.  TRUNCATED stands for
 * reasons that say the server gave up before the model did. */
static const struct {
    const char *reason;
    sse_llm_verdict verdict;
} reasons[] = {
    {"length", SSE_LLM_LENGTH},
    {"limit", SSE_LLM_LENGTH},
    {"max_tokens", SSE_LLM_LENGTH},
    {"max_output_tokens", SSE_LLM_LENGTH},
    {"model_length", SSE_LLM_LENGTH},
    {"model_context_window_exceeded", SSE_LLM_LENGTH},
    {"pause_turn", SSE_LLM_LENGTH}, /* to be gone on with, as it stands */
    {"tool_calls", SSE_LLM_TOOL},
    {"tool_use", SSE_LLM_TOOL},
    {"function_call", SSE_LLM_TOOL},
    {"content_filter", SSE_LLM_REFUSED},
    {"refusal", SSE_LLM_REFUSED},
    {"safety", SSE_LLM_REFUSED},
    {"sensitive", SSE_LLM_REFUSED},
    {"recitation", SSE_LLM_REFUSED},
    {"language", SSE_LLM_REFUSED},
    {"blocklist", SSE_LLM_REFUSED},
    {"prohibited_content", SSE_LLM_REFUSED},
    {"spii", SSE_LLM_REFUSED},
    {"image_safety", SSE_LLM_REFUSED},
    {"image_prohibited_content", SSE_LLM_REFUSED},
    {"image_recitation", SSE_LLM_REFUSED},
    {"other", SSE_LLM_TRUNCATED},
    {"image_other", SSE_LLM_TRUNCATED},
    {"no_image", SSE_LLM_TRUNCATED},
    {"incomplete", SSE_LLM_TRUNCATED},
    {"abort", SSE_LLM_TRUNCATED},
    {"aborted", SSE_LLM_TRUNCATED},
    {"cancelled", SSE_LLM_TRUNCATED},
    {"insufficient_system_resource", SSE_LLM_TRUNCATED},
    {"error", SSE_LLM_FAILED},
    {"network_error", SSE_LLM_FAILED},
    {"malformed_function_call", SSE_LLM_FAILED},
    {"malformed_response", SSE_LLM_FAILED},
    {"unexpected_tool_call", SSE_LLM_FAILED},
    {"too_many_tool_calls", SSE_LLM_FAILED},
};

#define REASON_COUNT (sizeof reasons / sizeof reasons[0])

static int same(const char *lower, const char *text, size_t len)
{
    size_t i = 0;
    while (i < len && lower[i] != '\0') {
        const char c = text[i];
        const char small = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        if (small != lower[i]) {
            return 0;
        }
        i++;
    }
    return i == len && lower[i] == '\0';
}

sse_llm_verdict sse_priv_llm_meaning(const sse_json_value *reason)
{
    for (size_t i = 0; i < REASON_COUNT; i++) {
        if (same(reasons[i].reason, reason->text, reason->len)) {
            return reasons[i].verdict;
        }
    }
    return SSE_LLM_COMPLETE;
}

/* The bit of a choice, or 0 for one beyond the first 128: those are handed out
 * but not waited for. */
static uint64_t choice_bit(uint32_t choice)
{
    return choice < 128 ? (uint64_t)1 << (choice % 64) : 0;
}

void sse_priv_llm_choice_begun(sse_llm *llm, uint32_t choice)
{
    llm->begun_[choice / 64 % 2] |= choice_bit(choice);
}

void sse_priv_llm_reason_as(sse_llm *llm, uint32_t choice,
                            const sse_json_value *reason,
                            sse_llm_verdict verdict)
{
    if ((uint32_t)verdict > llm->reason_) {
        llm->reason_ = (uint32_t)verdict;
        sse_priv_llm_slot_keep(llm, LLM_SLOT_REASON, reason);
    }
    if (verdict == SSE_LLM_FAILED) {
        sse_priv_llm_error_value(llm, reason);
    }
    uint64_t *const ended = &llm->ended_[choice / 64 % 2];
    const uint64_t bit = choice_bit(choice);
    if (bit != 0 && (*ended & bit) != 0) {
        return; /* some providers repeat it */
    }
    *ended |= bit;
    sse_priv_llm_halves_flush(llm, choice);
    const sse_priv_llm_place place = {SSE_LLM_FINISH, choice, 0};
    sse_priv_llm_string(llm, place, reason);
}

void sse_priv_llm_reason(sse_llm *llm, uint32_t choice,
                         const sse_json_value *reason)
{
    sse_priv_llm_check_kind(llm, reason, SSE_JSON_STRING);
    /* Some gateways send it empty until the end. */
    if (reason->kind == SSE_JSON_STRING && reason->len > 0) {
        sse_priv_llm_reason_as(llm, choice, reason,
                               sse_priv_llm_meaning(reason));
    }
}

/* Not 0 if the stream itself said that this was all. */
static int is_whole(const sse_llm *llm)
{
    if ((llm->flags_ & LLM_DONE) != 0) {
        return 1;
    }
    if (llm->dialect_ == (uint32_t)SSE_LLM_GEMINI &&
        (llm->flags_ & LLM_CUT) != 0) {
        return 0; /* the end of the body is its last event */
    }
    const int begun = (llm->begun_[0] | llm->begun_[1]) != 0;
    return begun && llm->begun_[0] == (llm->begun_[0] & llm->ended_[0]) &&
           llm->begun_[1] == (llm->begun_[1] & llm->ended_[1]);
}

static sse_llm_verdict judge(const sse_llm *llm)
{
    const uint32_t flags = llm->flags_;
    const int came = (flags & LLM_CAME) != 0;
    if ((flags & LLM_ERROR) != 0) {
        return SSE_LLM_FAILED;
    }
    if (!is_whole(llm)) {
        return (flags & LLM_STOPPED) != 0 ? SSE_LLM_CANCELLED
               : came                     ? SSE_LLM_TRUNCATED
                                          : SSE_LLM_FAILED;
    }
    const sse_llm_verdict reason = (sse_llm_verdict)llm->reason_;
    if (reason == SSE_LLM_TRUNCATED) {
        return came ? SSE_LLM_TRUNCATED : SSE_LLM_FAILED;
    }
    if (reason > SSE_LLM_COMPLETE) {
        return reason;
    }
    if ((flags & LLM_REFUSAL) != 0) {
        return SSE_LLM_REFUSED;
    }
    /* Several servers end tool calls with "stop". */
    return llm->call_count_ > 0 ? SSE_LLM_TOOL : SSE_LLM_COMPLETE;
}

sse_llm_verdict sse_llm_finish(sse_llm *llm, int clean)
{
    if (llm == NULL || (llm->flags_ & LLM_RUNNING) != 0) {
        return SSE_LLM_PENDING;
    }
    if (llm->verdict_ == (uint32_t)SSE_LLM_PENDING) {
        llm->flags_ |= LLM_RUNNING | (clean ? 0 : LLM_CUT);
        sse_priv_llm_halves_flush(llm, UINT32_MAX);
        llm->flags_ &= ~LLM_RUNNING;
        llm->verdict_ = (uint32_t)judge(llm);
    }
    return (sse_llm_verdict)llm->verdict_;
}

const char *sse_llm_verdict_name(sse_llm_verdict verdict)
{
    switch (verdict) {
    case SSE_LLM_PENDING:
        return "pending";
    case SSE_LLM_COMPLETE:
        return "complete";
    case SSE_LLM_LENGTH:
        return "length";
    case SSE_LLM_TOOL:
        return "tool";
    case SSE_LLM_REFUSED:
        return "refused";
    case SSE_LLM_TRUNCATED:
        return "truncated";
    case SSE_LLM_FAILED:
        return "failed";
    case SSE_LLM_CANCELLED:
        return "cancelled";
    }
    return "unknown";
}
