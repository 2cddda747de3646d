/*
 * overflow.c - events larger than the parser's scratch: what counts is kept.
 *
 * SPDX-License-Identifier: MIT
 *
 * The fragments of an event go through a sieve that keeps its objects, numbers
 * and short strings, and puts a number that nobody writes in place of what is
 * large: long strings, arrays with something in them, and objects nested deeper
 * than any dialect looks.  What is kept is then taken as if it were the event.
 * Whoever meets the number where it wanted text knows that something is lost.
 */
#include "state.h"

#include <string.h>

/* Levels of objects that are kept: the payload, the response in it, its usage
 * and the details of that. */
#define KEPT_DEPTH 4
/* Strings up to this many bytes are kept: more than any name that is looked for
 * has, even where each letter of it is escaped. */
#define KEPT_STRING 144
/* Room that stays for unescaping. */
#define ROOM_MIN 64

/* Bits of sse_llm_sieve_::flags_. */
#define IN_STRING 0x1u
#define ESCAPED 0x2u    /* the next byte of the string is escaped */
#define OPENED 0x4u     /* an array was just opened */
#define FULL 0x8u       /* what is to be kept is too much */
#define STRING_OUT 0x10u /* the last thing was a string, and was left out */

static char *room_of(const sse_llm *llm, size_t *cap)
{
    size_t left = 0;
    char *const at = sse_priv_llm_work(llm, &left);
    *cap = left + llm->sieve_.used_ - ROOM_MIN;
    return at - llm->sieve_.used_;
}

static void keep(sse_llm *llm, const char *text, size_t len)
{
    size_t cap = 0;
    char *const room = room_of(llm, &cap);
    struct sse_llm_sieve_ *const sieve = &llm->sieve_;
    if (len > cap - sieve->used_) {
        sieve->flags_ |= FULL;
        return;
    }
    memcpy(room + sieve->used_, text, len);
    sieve->used_ += len;
}

/* Puts the number in place of what was kept since the mark. */
static void leave_out(sse_llm *llm)
{
    llm->sieve_.used_ = llm->sieve_.mark_;
    keep(llm, LLM_LEFT_OUT, sizeof LLM_LEFT_OUT - 1);
}

/* One byte of a string, or the quotation mark behind it. */
static void in_string(sse_llm *llm, char c)
{
    struct sse_llm_sieve_ *const sieve = &llm->sieve_;
    const int ends = c == '"' && (sieve->flags_ & ESCAPED) == 0;
    const int escapes = c == '\\' && (sieve->flags_ & ESCAPED) == 0;
    sieve->flags_ &= ~(ESCAPED | (ends ? IN_STRING : 0));
    sieve->flags_ |= escapes ? ESCAPED : 0;
    if (sieve->skip_ != 0) {
        return;
    }
    const int fits = sieve->used_ - sieve->mark_ <= KEPT_STRING;
    if (fits) {
        keep(llm, &c, 1);
    } else if (ends) {
        leave_out(llm);
        sieve->flags_ |= STRING_OUT;
    }
}

/* A name has to be a string; this is none of those that are looked for. */
static void leave_name_out(sse_llm *llm)
{
    llm->sieve_.used_ = llm->sieve_.mark_;
    keep(llm, "\"\"", 2);
}

static void opening(sse_llm *llm, char c)
{
    struct sse_llm_sieve_ *const sieve = &llm->sieve_;
    sieve->depth_++;
    if (sieve->skip_ != 0) {
        return;
    }
    sieve->mark_ = sieve->used_;
    if (c == '[') {
        sieve->flags_ |= OPENED;
    } else if (sieve->depth_ > KEPT_DEPTH) {
        sieve->skip_ = sieve->depth_;
        leave_out(llm);
        return;
    }
    keep(llm, &c, 1);
}

static void closing(sse_llm *llm, char c)
{
    struct sse_llm_sieve_ *const sieve = &llm->sieve_;
    if (sieve->skip_ == 0) {
        keep(llm, &c, 1);
    } else if (sieve->skip_ == sieve->depth_) {
        sieve->skip_ = 0;
    }
    sieve->depth_ -= sieve->depth_ > 0;
}

static int is_space(char c)
{
    return memchr(" \t\r\n", c, 4) != NULL;
}

/* White space counts only where it parts what would join without it. */
static int is_wanted(const sse_llm *llm, char c)
{
    size_t cap = 0;
    const char *const room = room_of(llm, &cap);
    const size_t used = llm->sieve_.used_;
    return !is_space(c) ||
           (used > 0 && memchr(" {}[],:", room[used - 1], 7) == NULL);
}

static void sift(sse_llm *llm, char c)
{
    struct sse_llm_sieve_ *const sieve = &llm->sieve_;
    if ((sieve->flags_ & IN_STRING) != 0) {
        in_string(llm, c);
        return;
    }
    if (!is_wanted(llm, c)) {
        return;
    }
    if (!is_space(c)) {
        if (c == ':' && (sieve->flags_ & STRING_OUT) != 0) {
            leave_name_out(llm);
        }
        sieve->flags_ &= ~STRING_OUT;
    }
    if ((sieve->flags_ & OPENED) != 0) {
        sieve->flags_ &= ~OPENED;
        if (c != ']') {
            sieve->skip_ = sieve->depth_;
            leave_out(llm);
        }
    }
    if (c == '"') {
        sieve->flags_ |= IN_STRING;
        sieve->mark_ = sieve->used_;
    }
    if (c == '{' || c == '[') {
        opening(llm, c);
    } else if (c == '}' || c == ']') {
        closing(llm, c);
    } else if (sieve->skip_ == 0) {
        keep(llm, &c, 1);
    }
}

/* The event is whole: takes what was kept of it. */
static sse_status take_kept(sse_llm *llm, const sse_event *event)
{
    size_t cap = 0;
    sse_event kept = *event;
    kept.data = room_of(llm, &cap);
    kept.data_len = llm->sieve_.used_;
    llm->flags_ |= LLM_PRUNED;
    const sse_status status = (llm->sieve_.flags_ & FULL) != 0
                                  ? sse_priv_llm_lost(llm)
                                  : sse_llm_event(llm, &kept);
    llm->flags_ &= ~(LLM_PRUNED | LLM_LOST);
    llm->sieve_.used_ = 0;
    return status;
}

static sse_status take_fragment(sse_llm *llm, const sse_fragment *fragment)
{
    switch (fragment->kind) {
    case SSE_FRAGMENT_BEGIN:
        memset(&llm->sieve_, 0, sizeof llm->sieve_);
        break;
    case SSE_FRAGMENT_DATA:
        for (size_t i = 0; i < fragment->data_len; i++) {
            sift(llm, fragment->data[i]);
        }
        break;
    case SSE_FRAGMENT_END:
        return take_kept(llm, fragment->event);
    case SSE_FRAGMENT_ABORT:
        llm->sieve_.used_ = 0;
        return fragment->reason == SSE_DROP_END ? SSE_OK
                                                : sse_priv_llm_lost(llm);
    }
    return SSE_OK;
}

static int answer(sse_status status)
{
    if (status == SSE_OK) {
        return SSE_GO;
    }
    return status == SSE_PAUSED ? SSE_PAUSE : SSE_STOP;
}

int sse_llm_on_event(const sse_event *event, void *llm)
{
    return answer(sse_llm_event((sse_llm *)llm, event));
}

int sse_llm_on_fragment(const sse_fragment *fragment, void *llm)
{
    sse_llm *const answered = (sse_llm *)llm;
    if (answered == NULL || fragment == NULL ||
        (answered->flags_ & LLM_RUNNING) != 0) {
        return SSE_STOP;
    }
    return answer(take_fragment(answered, fragment));
}

int sse_llm_on_dropped(const sse_drop *drop, void *llm)
{
    sse_llm *const answered = (sse_llm *)llm;
    if (answered == NULL || drop == NULL ||
        (answered->flags_ & LLM_RUNNING) != 0) {
        return SSE_STOP;
    }
    const int event =
        drop->reason == SSE_DROP_DATA || drop->reason == SSE_DROP_TYPE;
    return event ? answer(sse_priv_llm_lost(answered)) : SSE_GO;
}
