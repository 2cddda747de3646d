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
#include "finish.h"

int sse_priv_has_cut_line(const sse_parser *p)
{
    if (p->line_ != SSE_PRIV_NONE) {
        return p->line_ != SSE_PRIV_COMMENT;
    }
    return (p->head_len_ > 0 && p->head_[0] != ':') ||
           (p->bom_ > 0 && p->bom_ < SSE_PRIV_BOM_LEN);
}

/* Something is lost if the stream ends here: a line, or lines of an event.  A
 * retry holds already, an unknown field never does. */
static int is_unfinished(const sse_parser *p)
{
    const unsigned lost = SSE_FIELD_TYPE | SSE_FIELD_DATA | SSE_FIELD_ID;
    return sse_priv_has_cut_line(p) || (p->fields_ & lost) != 0;
}

/* Forgets the line and the event under way, but not silently if a part of it
 * went out already. */
static int discard(sse_parser *p)
{
    int status = SSE_OK;
    if ((p->flags_ & SSE_PRIV_FRAGMENTS) != 0) {
        status = p->overflows_(p, SSE_PRIV_CUT_OFF, NULL, 0, 0);
    }
    sse_priv_carry_close(p);
    sse_priv_block_clear(p);
    return status;
}

sse_status sse_parser_finish(sse_parser *p, int clean)
{
    if (p == NULL) {
        return SSE_ERR_INVALID;
    }
    const sse_status state = sse_priv_ready(p);
    if (state != SSE_OK) {
        return state != SSE_STOPPED || p->flushes_ == NULL
                   ? state
                   : (sse_status)p->flushes_(p, 1);
    }
    int status = SSE_OK;
    p->flags_ |= SSE_PRIV_BUSY;
    if (is_unfinished(p)) {
        status = SSE_INCOMPLETE;
        if (clean && p->flushes_ != NULL) {
            status = p->flushes_(p, 0);
        }
    }
    if (status != SSE_NEED_SPACE) { /* which is not the end yet */
        if ((p->flags_ & SSE_PRIV_FLUSH) == 0 && discard(p) == SSE_STOPPED) {
            status = SSE_STOPPED;
        }
        p->flags_ |= SSE_PRIV_STOPPED;
    }
    p->flags_ &= ~(uint32_t)SSE_PRIV_BUSY;
    return (sse_status)status;
}

void sse_parser_reset(sse_parser *p)
{
    if ((p->flags_ & SSE_PRIV_BUSY) != 0) {
        return;
    }
    p->flags_ |= SSE_PRIV_BUSY;
    (void)discard(p);
    p->flags_ &= SSE_PRIV_HAS_RETRY;
    p->offset_ = 0;
    p->need_ = 0;
    p->bom_ = 0;
    p->plain_ = 0;
}
