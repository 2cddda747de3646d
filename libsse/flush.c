/*
 * flush.c - unfinished events delivered at the end of a stream.  Linked only
 * where such a policy is set.
 *
 * SPDX-License-Identifier: MIT
 */
#include "block.h"
#include "carry.h"
#include "finish.h"

/* Takes the cut line back, as if it had never begun.  What of it is dropped or
 * went out in fragments cannot be called back: then the answer is 0. */
static int take_back(sse_parser *p)
{
    if (p->line_ == SSE_PRIV_DATA) {
        if ((p->flags_ & SSE_PRIV_AWAY) != 0) {
            return 0;
        }
        p->held_ -= p->line_len_;
        p->total_ = p->held_;
    }
    sse_priv_carry_close(p);
    return 1;
}

/* The answer to a call of finish after the first. */
static int answer_again(sse_parser *p)
{
    if ((p->flags_ & SSE_PRIV_FLUSH) != 0) {
        return SSE_PAUSED;
    }
    if ((p->flags_ & SSE_PRIV_AGAIN) == 0) {
        return SSE_STOPPED;
    }
    p->flags_ &= ~(uint32_t)SSE_PRIV_AGAIN;
    return (p->flags_ & SSE_PRIV_LOST) != 0 ? SSE_INCOMPLETE : SSE_OK;
}

/* Delivers what the policy lets count. */
static int deliver(sse_parser *p)
{
    int status = SSE_OK;
    if (sse_priv_carry_open(p)) {
        if (p->at_end_ == SSE_AT_END_FLUSH_LINE) {
            status = sse_priv_carry_end(p);
        } else if (!take_back(p)) {
            return SSE_INCOMPLETE;
        }
    }
    if (status == SSE_NEED_SPACE || status == SSE_ERR_TOO_LONG ||
        status == SSE_STOPPED) {
        return status;
    }
    if (p->on_event_ == NULL && (p->fields_ & SSE_FIELD_DATA) != 0) {
        p->flags_ |= SSE_PRIV_FLUSH;
        return SSE_PAUSED;
    }
    const int end = sse_priv_block_end(p, NULL);
    return end != SSE_OK ? end : status;
}

static int flush(sse_parser *p, int again)
{
    if (again) {
        return answer_again(p);
    }
    const int in_mark = p->bom_ < SSE_PRIV_BOM_LEN;
    const int lost = in_mark || (p->at_end_ == SSE_AT_END_FLUSH_BLOCK &&
                                 sse_priv_has_cut_line(p));
    p->need_ = 0;
    const int status = deliver(p);
    if (status == SSE_PAUSED) {
        p->flags_ |= SSE_PRIV_AGAIN | (lost ? (uint32_t)SSE_PRIV_LOST : 0u);
    }
    return status == SSE_OK && lost ? SSE_INCOMPLETE : status;
}

sse_status sse_parser_set_at_end(sse_parser *p, sse_at_end policy)
{
    if (p == NULL || (unsigned)policy > SSE_AT_END_FLUSH_LINE) {
        return SSE_ERR_INVALID;
    }
    p->at_end_ = (uint8_t)policy;
    p->flushes_ = policy == SSE_AT_END_DISCARD ? NULL : flush;
    return SSE_OK;
}
