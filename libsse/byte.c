/*
 * byte.c - a feed of one byte.
 *
 * Next to nothing happens in it but that the byte is kept for later, so the
 * steps that do only that are here once more, without all that other lines and
 * other bytes need.  They keep to what carry.c would do.
 *
 * SPDX-License-Identifier: MIT
 */
#include "push.h"

#ifndef SSE_NO_SIMD

#include "block.h"
#include "carry.h"
#include "handover.h"
#include "words.h"

/* The byte that tells what line this is.  Any but a data line, and one that
 * waits for space, is the grammar's. */
static int open_data(sse_parser *p, char c)
{
    const size_t lf = (p->fields_ & SSE_FIELD_DATA) != 0;
    if (p->head_len_ == SSE_PRIV_HEAD ||
        !SSE_PRIV_IS_DATA(sse_priv_load8(p->head_)) ||
        1 + lf > p->data_cap_ - p->held_) {
        return 0;
    }
    char *const to = sse_priv_held(p) + p->held_;
    to[0] = '\n';
    to[lf] = c;
    p->held_ += lf + 1;
    p->total_ = p->held_;
    p->line_len_ = lf + 1;
    p->line_ = SSE_PRIV_DATA;
    p->head_len_ = 0;
    return 1;
}

/* A byte where it is not known yet what line this is. */
static inline int take_head(sse_parser *p, char c)
{
    if (sse_priv_is_end(c)) {
        const int unheard = p->head_len_ > 0
                                ? p->head_[0] == ':' && p->asides_ == NULL
                                : p->fields_ == 0;
        if (unheard && c == '\n') {
            p->head_len_ = 0;
            return 1;
        }
        return 0;
    }
    if (p->head_len_ >= SSE_PRIV_HEAD - 1) {
        return open_data(p, c);
    }
    p->head_[p->head_len_++] = c;
    return 1;
}

/* A byte of a type or an id. */
static inline int keep_value(sse_parser *p, char c, size_t cap)
{
    if (p->line_len_ >= cap || sse_priv_is_end(c) || c == '\0') {
        return 0;
    }
    sse_priv_held(p)[p->held_ + p->line_len_++] = c;
    return 1;
}

/* @return 0 if there is more to be done. */
static inline int take_byte(sse_parser *p, char c)
{
    switch (p->line_) {
    case SSE_PRIV_NONE:
        return take_head(p, c);
    case SSE_PRIV_DATA:
        if (c == '\n') {
            sse_priv_carry_end_data(p);
            return 1;
        }
        return sse_priv_keep_byte(p, c);
    case SSE_PRIV_TYPE:
        return keep_value(p, c, p->type_cap_);
    case SSE_PRIV_ID:
        return keep_value(p, c, p->id_cap_);
    default:
        return 0;
    }
}

/* A blank line behind lines of an event. */
SSE_PRIV_APART sse_status end_event(sse_parser *p, size_t *consumed)
{
    *consumed = 1;
    p->offset_++;
    p->flags_ |= SSE_PRIV_BUSY;
    const int status = sse_priv_end_event(p);
    sse_priv_leave(p, status);
    return (sse_status)status;
}

sse_status sse_priv_feed_byte(sse_parser *p, const char *chunk,
                              size_t *consumed)
{
    if (SSE_PRIV_USUAL((p->flags_ & SSE_PRIV_NOT_PLAIN) == 0 &&
                       sse_priv_is_plain(p))) {
        if (SSE_PRIV_USUAL(take_byte(p, *chunk))) {
            *consumed = 1;
            p->offset_++;
            return SSE_OK;
        }
        if (*chunk == '\n' && !sse_priv_carry_open(p)) {
            return end_event(p, consumed);
        }
    }
    return sse_priv_feed_on(p, chunk, 1, 0, consumed);
}

#else
typedef int sse_priv_no_byte;
#endif
