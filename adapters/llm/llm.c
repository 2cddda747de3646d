/*
 * llm.c - one answer of a language model: lifetime, events in, report out.
 *
 * SPDX-License-Identifier: MIT
 */
#include "state.h"

#include <string.h>

sse_status sse_llm_init(sse_llm *llm, sse_llm_dialect dialect, char *scratch,
                        size_t scratch_cap, sse_llm_delta_fn on_delta,
                        void *user)
{
    if (llm == NULL || scratch == NULL || on_delta == NULL ||
        dialect < SSE_LLM_OPENAI_CHAT || dialect > SSE_LLM_GEMINI) {
        return SSE_ERR_INVALID;
    }
    if (scratch_cap < SSE_LLM_SCRATCH_MIN) {
        return SSE_ERR_NO_SPACE;
    }
    memset(llm, 0, sizeof *llm);
    llm->dialect_ = (uint32_t)dialect;
    llm->scratch_ = scratch;
    llm->scratch_cap_ = scratch_cap;
    llm->on_delta_ = on_delta;
    llm->user_ = user;
    sse_llm_reset(llm);
    return SSE_OK;
}

void sse_llm_reset(sse_llm *llm)
{
    if (llm == NULL || (llm->flags_ & LLM_RUNNING) != 0) {
        return;
    }
    const sse_llm old = *llm;
    memset(llm, 0, sizeof *llm);
    llm->dialect_ = old.dialect_;
    llm->scratch_ = old.scratch_;
    llm->scratch_cap_ = old.scratch_cap_;
    llm->on_delta_ = old.on_delta_;
    llm->user_ = old.user_;
    llm->flags_ = old.flags_ & LLM_LENIENT;
    llm->usage_.prompt_tokens = -1;
    llm->usage_.completion_tokens = -1;
    llm->usage_.total_tokens = -1;
    llm->usage_.cached_tokens = -1;
    llm->usage_.reasoning_tokens = -1;
    llm->sequence_ = -1;
    llm->parts_[0] = llm->parts_[1] = llm->parts_[2] = -1;
    sse_priv_llm_slots_clear(llm);
}

void sse_llm_set_lenient(sse_llm *llm, int lenient)
{
    if (llm != NULL) {
        llm->flags_ &= ~LLM_LENIENT;
        llm->flags_ |= lenient ? LLM_LENIENT : 0;
    }
}

void sse_llm_begin(sse_llm *llm, uint64_t now_ms)
{
    if (llm != NULL) {
        llm->flags_ |= LLM_BEGUN;
        llm->begin_ms_ = now_ms;
        llm->now_ms_ = now_ms;
    }
}

void sse_llm_clock(sse_llm *llm, uint64_t now_ms)
{
    if (llm == NULL || now_ms < llm->now_ms_) {
        return; /* a clock that goes back is none */
    }
    llm->now_ms_ = now_ms;
    if ((llm->flags_ & LLM_BYTE) == 0) {
        llm->flags_ |= LLM_BYTE;
        llm->byte_ms_ = now_ms;
    }
}

/* Takes a payload that is not empty. */
static sse_status payload(sse_llm *llm, const sse_priv_llm_input *input)
{
    switch ((sse_llm_dialect)llm->dialect_) {
    case SSE_LLM_OPENAI_CHAT:
        return sse_priv_openai_chat_payload(llm, input);
    case SSE_LLM_ANTHROPIC:
        return sse_priv_anthropic_payload(llm, input);
    case SSE_LLM_OPENAI_RESPONSES:
        return sse_priv_responses_payload(llm, input);
    case SSE_LLM_GEMINI:
        return sse_priv_gemini_payload(llm, input);
    }
    return SSE_ERR_INVALID; /* elsewhere: sse_llm_init() knows them all */
}

/* Cuts white space off both ends, which some servers send around `[DONE]` and
 * the JSON text allows. */
static void trim(const char **text, size_t *len)
{
    while (*len > 0 && memchr(" \t\r\n", **text, 4) != NULL) {
        ++*text;
        --*len;
    }
    while (*len > 0 && memchr(" \t\r\n", (*text)[*len - 1], 4) != NULL) {
        --*len;
    }
}

static sse_status take(sse_llm *llm, const sse_event *event)
{
    sse_priv_llm_input input = {event->type, event->type_len, event->data,
                                event->data_len};
    trim(&input.data, &input.len);
    if (sse_priv_llm_type_is(&input, "error")) {
        sse_priv_llm_error_text(llm, input.data, input.len);
        return SSE_OK;
    }
    if (input.len == 0) {
        llm->counts_.unknown++;
        return SSE_OK;
    }
    return payload(llm, &input);
}

sse_status sse_llm_event(sse_llm *llm, const sse_event *event)
{
    if (llm == NULL || event == NULL ||
        (event->data == NULL && event->data_len > 0) ||
        (event->type == NULL && event->type_len > 0)) {
        return SSE_ERR_INVALID;
    }
    if ((llm->flags_ & LLM_RUNNING) != 0) {
        return SSE_ERR_REENTRY;
    }
    llm->counts_.events++;
    if ((llm->flags_ & LLM_ENDED) != 0 || llm->verdict_ != 0) {
        llm->counts_.after_end++;
        return (llm->flags_ & LLM_STOPPED) != 0 ? SSE_STOPPED : SSE_OK;
    }
    llm->flags_ |= LLM_RUNNING;
    llm->hook_ = SSE_GO;
    sse_status status = take(llm, event);
    llm->flags_ &= ~LLM_RUNNING;
    if ((llm->flags_ & LLM_PRUNED) != 0 &&
        ((llm->flags_ & LLM_LOST) != 0 || status == SSE_ERR_PROTOCOL)) {
        status = SSE_ERR_LIMIT; /* what is broken may be what was left out */
    }
    if (status < 0) {
        return sse_priv_llm_error_reader(llm, status);
    }
    if ((llm->flags_ & LLM_STOPPED) != 0) {
        return SSE_STOPPED;
    }
    return llm->hook_ == SSE_PAUSE ? SSE_PAUSED : SSE_OK;
}

int sse_llm_ended(const sse_llm *llm)
{
    return llm != NULL &&
           ((llm->flags_ & LLM_ENDED) != 0 || llm->verdict_ != 0);
}

void sse_llm_cancel(sse_llm *llm)
{
    if (llm != NULL && (llm->flags_ & LLM_ENDED) == 0 && llm->verdict_ == 0) {
        llm->flags_ |= LLM_STOPPED;
    }
}

static int64_t since(uint64_t from, uint64_t to)
{
    return to < from || to - from > (uint64_t)INT64_MAX ? 0
                                                        : (int64_t)(to - from);
}

static void report_timing(const sse_llm *llm, sse_llm_timing *timing)
{
    const int begun = (llm->flags_ & LLM_BEGUN) != 0;
    const int byte = (llm->flags_ & LLM_BYTE) != 0;
    const int came = (llm->flags_ & LLM_CAME) != 0;
    const uint64_t begin = llm->begin_ms_;
    timing->first_byte_ms = begun && byte ? since(begin, llm->byte_ms_) : -1;
    timing->first_token_ms =
        begun && byte && came ? since(begin, llm->first_ms_) : -1;
    timing->last_token_ms =
        begun && byte && came ? since(begin, llm->last_ms_) : -1;
    timing->longest_gap_ms =
        byte && llm->counts_.deltas > 1 ? since(0, llm->gap_ms_) : -1;
    timing->total_ms = begun && byte ? since(begin, llm->now_ms_) : -1;
}

void sse_llm_report_get(const sse_llm *llm, sse_llm_report *report)
{
    if (report == NULL) {
        return;
    }
    memset(report, 0, sizeof *report);
    if (llm == NULL) {
        report->sequence_number = -1;
        report->finish_reason = report->id = report->model = "";
        report->error.code = report->error.type = report->error.message = "";
        return;
    }
    report->verdict = (sse_llm_verdict)llm->verdict_;
    report->terminal_mark = (llm->flags_ & LLM_DONE) != 0;
    report->finish_reason = sse_priv_llm_slot_text(llm, LLM_SLOT_REASON);
    report->id = sse_priv_llm_slot_text(llm, LLM_SLOT_ID);
    report->model = sse_priv_llm_slot_text(llm, LLM_SLOT_MODEL);
    report->error.code = sse_priv_llm_slot_text(llm, LLM_SLOT_CODE);
    report->error.type = sse_priv_llm_slot_text(llm, LLM_SLOT_TYPE);
    report->error.message = sse_priv_llm_slot_text(llm, LLM_SLOT_MESSAGE);
    report->usage = llm->usage_;
    report->counts = llm->counts_;
    report->sequence_number = llm->sequence_;
    report_timing(llm, &report->timing);
}
