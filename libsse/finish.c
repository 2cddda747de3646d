/*
 * finish.c - the end of a stream, and the beginning of the next.
 *
 * HTML Standard, "Interpreting an event stream": "Once the end of the file is
 * reached, any pending data must be discarded."
 *
 * SPDX-License-Identifier: MIT
 */
#include "block.h"
#include "carry.h"

/* A cut line that is no comment: nobody can say what it would have been. */
static int has_cut_line(const sse_parser *p)
{
    const int in_head = p->line_ == SSE_PRIV_NONE && p->head_len_ > 0 &&
                        p->head_[0] != ':';
    const int in_line = p->line_ != SSE_PRIV_NONE &&
                        p->line_ != SSE_PRIV_COMMENT;
    const int in_mark = p->bom_ > 0 && p->bom_ < SSE_PRIV_BOM_LEN;
    return in_head || in_line || in_mark;
}

/* Something is lost if the stream ends here: a line, or lines of an event.  A
 * retry holds already, an unknown field never does. */
static int is_unfinished(const sse_parser *p)
{
    const unsigned lost = SSE_FIELD_TYPE | SSE_FIELD_DATA | SSE_FIELD_ID;
    return has_cut_line(p) || (p->fields_ & lost) != 0;
}

/* Delivers what the policy lets count.  SSE_INCOMPLETE if a line was lost;
 * after a pause that answer waits. */
static int flush(sse_parser *p)
{
    int status = SSE_OK;
    int lost = p->bom_ > 0 && p->bom_ < SSE_PRIV_BOM_LEN;
    p->flags_ |= SSE_PRIV_AGAIN;
    if (sse_priv_carry_open(p)) {
        if (p->at_end_ == SSE_AT_END_FLUSH_LINE) {
            status = sse_priv_carry_end(p);
        } else {
            lost = lost || has_cut_line(p);
            if (!sse_priv_carry_drop(p)) {
                return SSE_INCOMPLETE;
            }
        }
    }
    if (status == SSE_NEED_SPACE || status == SSE_ERR_TOO_LONG) {
        return SSE_INCOMPLETE;
    }
    p->flags_ |= lost ? SSE_PRIV_LOST : 0;
    if (status == SSE_STOPPED) {
        return status;
    }
    if (p->on_event_ == NULL && (p->fields_ & SSE_FIELD_DATA) != 0) {
        p->flags_ |= SSE_PRIV_FLUSH;
        return SSE_PAUSED;
    }
    const int end = sse_priv_block_end(p, NULL);
    if (end != SSE_OK || status != SSE_OK) {
        return end != SSE_OK ? end : status;
    }
    return lost ? SSE_INCOMPLETE : SSE_OK;
}

/* The answer to a call after the first. */
static sse_status answer_again(sse_parser *p)
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

sse_status sse_parser_finish(sse_parser *p, int clean)
{
    if (p == NULL) {
        return SSE_ERR_INVALID;
    }
    if ((p->flags_ & SSE_PRIV_BUSY) != 0) {
        return SSE_ERR_REENTRY;
    }
    if ((p->flags_ & SSE_PRIV_FAILED) != 0) {
        return SSE_ERR_TOO_LONG;
    }
    if ((p->flags_ & SSE_PRIV_STOPPED) != 0) {
        return answer_again(p);
    }
    int status = SSE_OK;
    p->flags_ |= SSE_PRIV_BUSY;
    if (is_unfinished(p)) {
        status = SSE_INCOMPLETE;
        if (clean && p->at_end_ != SSE_AT_END_DISCARD) {
            status = flush(p);
        }
    }
    if ((p->flags_ & SSE_PRIV_FLUSH) == 0) {
        (void)sse_priv_carry_drop(p);
        if (sse_priv_block_abort(p, SSE_DROP_END) == SSE_STOPPED) {
            status = SSE_STOPPED;
        }
        sse_priv_block_clear(p);
    }
    p->flags_ &= ~(uint32_t)SSE_PRIV_BUSY;
    p->flags_ |= SSE_PRIV_STOPPED;
    if (status != SSE_PAUSED) {
        p->flags_ &= ~(uint32_t)SSE_PRIV_AGAIN;
    }
    return (sse_status)status;
}

void sse_parser_reset(sse_parser *p)
{
    if ((p->flags_ & SSE_PRIV_BUSY) != 0) {
        return;
    }
    p->flags_ |= SSE_PRIV_BUSY;
    (void)sse_priv_carry_drop(p);
    (void)sse_priv_block_abort(p, SSE_DROP_END);
    sse_priv_block_clear(p);
    p->flags_ &= SSE_PRIV_HAS_RETRY;
    p->offset_ = 0;
    p->need_ = 0;
    p->bom_ = 0;
}
