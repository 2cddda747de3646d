/*
 * deltas.c - strings of the stream, handed out as they come.
 *
 * SPDX-License-Identifier: MIT
 */
#include "state.h"

#include <string.h>

/* Notes when a delta came, for the first, the last and the longest gap. */
static void note_time(sse_llm *llm)
{
    if ((llm->flags_ & LLM_CAME) == 0) {
        llm->first_ms_ = llm->now_ms_;
    } else if (llm->now_ms_ - llm->last_ms_ > llm->gap_ms_) {
        llm->gap_ms_ = llm->now_ms_ - llm->last_ms_;
    }
    llm->last_ms_ = llm->now_ms_;
}

sse_llm_delta sse_priv_llm_delta(sse_priv_llm_place place)
{
    sse_llm_delta delta;
    memset(&delta, 0, sizeof delta);
    delta.kind = place.kind;
    delta.choice = place.choice;
    delta.call = place.call;
    delta.text = "";
    delta.id = "";
    delta.name = "";
    return delta;
}

void sse_priv_llm_emit(sse_llm *llm, const sse_llm_delta *delta)
{
    if ((llm->flags_ & LLM_STOPPED) != 0) {
        return;
    }
    if (delta->kind != SSE_LLM_FINISH) {
        note_time(llm);
        llm->counts_.deltas++;
        llm->flags_ |= LLM_CAME;
        if (delta->kind == SSE_LLM_REFUSAL) {
            llm->flags_ |= LLM_REFUSAL;
        }
    }
    const int asked = llm->on_delta_(delta, llm->user_);
    if (asked == SSE_PAUSE) {
        llm->hook_ = SSE_PAUSE;
    } else if (asked != SSE_GO) {
        llm->flags_ |= LLM_STOPPED;
    }
}

void sse_priv_llm_text(sse_llm *llm, sse_priv_llm_place place,
                       const char *text, size_t len)
{
    if (len == 0) {
        return;
    }
    sse_llm_delta delta = sse_priv_llm_delta(place);
    delta.text = text;
    delta.text_len = len;
    sse_priv_llm_emit(llm, &delta);
}

/* Takes the half of a surrogate pair that waits at this place, or 0. */
static uint32_t take_half(sse_llm *llm, sse_priv_llm_place place)
{
    for (uint32_t i = 0; i < llm->half_count_; i++) {
        const struct sse_llm_half_ half = llm->halves_[i];
        if (half.kind_ == (uint32_t)place.kind &&
            half.choice_ == place.choice && half.call_ == place.call) {
            llm->half_count_--;
            llm->halves_[i] = llm->halves_[llm->half_count_];
            return half.high_;
        }
    }
    return 0;
}

/* Lets half a pair wait for the next string at its place.
 * @return not 0 unless too many wait already. */
static int keep_half(sse_llm *llm, sse_priv_llm_place place, uint32_t high)
{
    if (llm->half_count_ == SSE_LLM_HALVES_MAX) {
        return 0;
    }
    struct sse_llm_half_ *const half = &llm->halves_[llm->half_count_];
    half->kind_ = (uint32_t)place.kind;
    half->choice_ = place.choice;
    half->call_ = place.call;
    half->high_ = high;
    llm->half_count_++;
    return 1;
}

void sse_priv_llm_halves_flush(sse_llm *llm, uint32_t choice)
{
    uint32_t i = 0;
    while (i < llm->half_count_) {
        const struct sse_llm_half_ half = llm->halves_[i];
        if (choice != UINT32_MAX && half.choice_ != choice) {
            i++;
            continue;
        }
        llm->half_count_--;
        llm->halves_[i] = llm->halves_[llm->half_count_];
        const sse_priv_llm_place place = {(sse_llm_delta_kind)half.kind_,
                                          half.choice_, half.call_};
        sse_priv_llm_text(llm, place, "\xEF\xBF\xBD", 3);
    }
}

/* Unescapes a string through the work room. */
static void unescape(sse_llm *llm, sse_priv_llm_place place,
                     const sse_json_value *value, uint32_t high)
{
    size_t cap = 0;
    char *const work = sse_priv_llm_work(llm, &cap);
    sse_json_chars chars;
    memset(&chars, 0, sizeof chars);
    chars.high_ = high;
    sse_json_chars_start(&chars, value);
    sse_status more = SSE_NEED_SPACE;
    size_t got = 0;
    while (more == SSE_NEED_SPACE) {
        more = sse_json_chars_read(&chars, work, cap, &got);
        sse_priv_llm_text(llm, place, work, got);
    }
    if (chars.high_ != 0 && !keep_half(llm, place, chars.high_)) {
        (void)sse_json_chars_finish(&chars, work, cap, &got);
        sse_priv_llm_text(llm, place, work, got);
    }
}

void sse_priv_llm_string(sse_llm *llm, sse_priv_llm_place place,
                         const sse_json_value *value)
{
    if (value->kind == SSE_JSON_NULL || value->kind == SSE_JSON_NONE) {
        return;
    }
    if (value->kind != SSE_JSON_STRING) {
        sse_priv_llm_malformed(llm);
        return;
    }
    if (value->len == 0) {
        return; /* and does not part two halves */
    }
    const uint32_t high = take_half(llm, place);
    if (high != 0 || (value->flags & SSE_JSON_ESCAPED) != 0) {
        unescape(llm, place, value, high);
    } else {
        sse_priv_llm_text(llm, place, value->text, value->len);
    }
}
