/*
 * overflow.c - the data of an event, and what happens when it grows too large.
 *
 * SPDX-License-Identifier: MIT
 */
#include "block.h"

#include <string.h>

int sse_priv_block_drop(sse_parser *p, sse_drop_reason reason, uint64_t bytes)
{
    if (p->quirks_ != NULL) {
        p->quirks_->dropped++;
    }
    if (p->on_dropped_ == NULL) {
        return SSE_OK;
    }
    const sse_drop drop = {reason, p->offset_, bytes, p->scratch_,
                           p->id_len_};
    return sse_priv_answer(p->on_dropped_(&drop, p->user_));
}

int sse_priv_block_want(sse_parser *p, size_t bytes)
{
    const size_t around = sse_priv_fixed(p) +
                          sse_priv_larger(p->id_cap_, p->type_cap_);
    p->need_ = bytes > SIZE_MAX - around ? SIZE_MAX : bytes + around;
    return SSE_NEED_SPACE;
}

/* One call of the fragment hook.  The bytes are taken whatever it answers, so
 * answers add up: the strongest one ends the feed, and after SSE_STOP the
 * hook is left alone. */
static int fragment(sse_parser *p, int status, const sse_fragment *part)
{
    if (status == SSE_STOPPED) {
        return status;
    }
    const int next = sse_priv_answer(p->on_fragment_(part, p->user_));
    return next == SSE_OK ? status : (next == SSE_STOPPED ? next : SSE_PAUSED);
}

static int fragment_data(sse_parser *p, int status, const char *text,
                         size_t len, uint64_t total)
{
    if (len == 0) {
        return status;
    }
    const sse_fragment part = {SSE_FRAGMENT_DATA, SSE_DROP_DATA, text, len,
                               total, NULL};
    return fragment(p, status, &part);
}

static int fragment_begin(sse_parser *p)
{
    const sse_fragment part = {SSE_FRAGMENT_BEGIN, SSE_DROP_DATA, NULL, 0, 0,
                               NULL};
    const int status = fragment(p, SSE_OK, &part);
    const size_t held = p->held_;
    p->flags_ |= SSE_PRIV_FRAGMENTS;
    p->held_ = 0;
    return fragment_data(p, status, sse_priv_held(p), held, held);
}

int sse_priv_block_abort(sse_parser *p, sse_drop_reason reason)
{
    if ((p->flags_ & SSE_PRIV_FRAGMENTS) == 0) {
        return SSE_OK;
    }
    p->flags_ &= ~(uint32_t)SSE_PRIV_FRAGMENTS;
    const sse_fragment part = {SSE_FRAGMENT_ABORT, reason, NULL, 0, p->total_,
                               NULL};
    return fragment(p, SSE_OK, &part);
}

/* The next bytes do not fit.  What then, says the policy; SSE_OK, SSE_PAUSED
 * and SSE_STOPPED mean that the event goes on without the scratch. */
static int overflow(sse_parser *p, size_t wanted)
{
    switch ((sse_overflow)p->overflow_) {
    case SSE_OVERFLOW_STOP:
        p->flags_ |= SSE_PRIV_FAILED;
        return SSE_ERR_TOO_LONG;
    case SSE_OVERFLOW_GROW:
        return sse_priv_block_want(p, wanted);
    case SSE_OVERFLOW_FRAGMENTS:
        return fragment_begin(p);
    case SSE_OVERFLOW_SKIP:
        break;
    }
    p->flags_ |= SSE_PRIV_DROPPING;
    p->held_ = 0;
    return SSE_OK;
}

int sse_priv_block_data(sse_parser *p, const char *text, size_t len, int lf)
{
    const size_t add = len + (size_t)(lf != 0);
    int status = SSE_OK;
    if ((p->flags_ & (SSE_PRIV_DROPPING | SSE_PRIV_FRAGMENTS)) == 0) {
        char *const end = sse_priv_held(p) + p->held_;
        if (add <= sse_priv_data_cap(p) - p->held_) {
            if (lf) {
                *end = '\n';
            }
            if (len > 0) {
                memcpy(end + (add - len), text, len);
            }
            p->held_ += add;
            p->total_ = p->held_;
            return SSE_OK;
        }
        status = overflow(p, p->held_ + add);
        if (status == SSE_NEED_SPACE || status == SSE_ERR_TOO_LONG) {
            return status;
        }
    }
    p->total_ += add;
    if ((p->flags_ & SSE_PRIV_FRAGMENTS) != 0) {
        if (lf) {
            status = fragment_data(p, status, "\n", 1, p->total_ - len);
        }
        status = fragment_data(p, status, text, len, p->total_);
    }
    return status;
}
