/*
 * overflow.c - what happens to an event that outgrows the scratch, but for
 * skipping it, which needs no code.  Linked only where a policy is set.
 *
 * SPDX-License-Identifier: MIT
 */
#include "block.h"

/* One call of the fragment hook. */
static int tell(sse_parser *p, const sse_fragment *part)
{
    return sse_priv_answer(p->on_fragment_(part, p->user_));
}

/* The bytes are taken whatever the hook answers, so answers add up: the
 * strongest one ends the feed, and after SSE_STOP the hook is left alone.  Only
 * what it was told counts. */
static int tell_data(sse_parser *p, int status, const char *text, size_t len)
{
    if (len == 0 || status == SSE_STOPPED) {
        return status;
    }
    p->total_ += len;
    const sse_fragment part = {SSE_FRAGMENT_DATA, SSE_DROP_DATA, text, len,
                               p->total_, NULL};
    const int next = tell(p, &part);
    return next == SSE_OK ? status : next;
}

static int tell_abort(sse_parser *p, sse_drop_reason reason)
{
    const sse_fragment part = {SSE_FRAGMENT_ABORT, reason, NULL, 0, p->total_,
                               NULL};
    sse_priv_block_clear(p);
    return tell(p, &part);
}

static int tell_end(sse_parser *p)
{
    if ((p->flags_ & SSE_PRIV_LONG_TYPE) != 0) {
        return tell_abort(p, SSE_DROP_TYPE);
    }
    sse_event event;
    sse_priv_block_describe(p, &event);
    event.data = NULL;
    event.data_len = 0;
    const sse_fragment part = {SSE_FRAGMENT_END, SSE_DROP_DATA, NULL, 0,
                               p->total_, &event};
    sse_priv_block_clear(p);
    return tell(p, &part);
}

static int begin(sse_parser *p)
{
    const sse_fragment part = {SSE_FRAGMENT_BEGIN, SSE_DROP_DATA, NULL, 0, 0,
                               NULL};
    const int status = tell(p, &part);
    const size_t held = p->held_;
    p->flags_ |= SSE_PRIV_FRAGMENTS;
    p->held_ = 0;
    p->total_ = 0;
    return tell_data(p, status, sse_priv_held(p), held);
}

/* Answers SSE_NEED_SPACE: so many bytes behind the fixed part are wanted. */
static int want(sse_parser *p, size_t bytes)
{
    const size_t around = sse_priv_fixed(p) +
                          sse_priv_larger(p->id_cap_, p->type_cap_);
    /* Beyond SIZE_MAX: unreachable where size_t has 64 bits. */
    p->need_ = bytes > SIZE_MAX - around ? SIZE_MAX : bytes + around;
    return SSE_NEED_SPACE;
}

static int take_data(sse_parser *p, const char *text, size_t len, int lf)
{
    const size_t add = len + (size_t)(lf != 0);
    int status = SSE_OK;
    if (p->overflow_ == SSE_OVERFLOW_STOP) {
        p->flags_ |= SSE_PRIV_FAILED;
        return SSE_ERR_TOO_LONG;
    }
    if (p->overflow_ == SSE_OVERFLOW_GROW) {
        return want(p, p->held_ + add);
    }
    if ((p->flags_ & SSE_PRIV_FRAGMENTS) == 0) {
        status = begin(p);
    }
    if (lf) {
        status = tell_data(p, status, "\n", 1);
    }
    return tell_data(p, status, text, len);
}

static int take(sse_parser *p, int what, const char *text, size_t len, int lf)
{
    switch (what) {
    case SSE_PRIV_DATA_OVER:
        return take_data(p, text, len, lf);
    case SSE_PRIV_LINE_OVER:
        return want(p, len);
    case SSE_PRIV_BLANK:
        return tell_end(p);
    default:
        return tell_abort(p, SSE_DROP_END);
    }
}

sse_status sse_parser_set_overflow(sse_parser *p, sse_overflow policy,
                                   sse_fragment_fn on_fragment)
{
    if (p == NULL || (unsigned)policy > SSE_OVERFLOW_FRAGMENTS ||
        (policy == SSE_OVERFLOW_FRAGMENTS && on_fragment == NULL)) {
        return SSE_ERR_INVALID;
    }
    if ((p->flags_ & SSE_PRIV_BUSY) != 0) {
        return SSE_ERR_REENTRY;
    }
    if (sse_priv_is_under_way(p)) {
        return SSE_ERR_INVALID;
    }
    p->overflow_ = (uint8_t)policy;
    p->on_fragment_ = on_fragment;
    p->overflows_ = policy == SSE_OVERFLOW_SKIP ? NULL : take;
    return SSE_OK;
}
