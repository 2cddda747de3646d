/*
 * short_data.c - data of lines that a chunk may cut, put into the scratch.
 *
 * What there is of such a line is searched for its end and copied in one step.
 * A chunk that goes on with a data line comes here first: where it only has to
 * be kept, nothing else is asked.
 *
 * SPDX-License-Identifier: MIT
 */
#include "short.h"

#ifndef SSE_NO_SIMD

#include "block.h"
#include "carry.h"

/* Copies bytes up to the first line end. */
static inline size_t copy(char *to, const char *text, size_t len)
{
    size_t n = 0;
    if (SSE_PRIV_USUAL(len >= 8)) {
        return sse_priv_take(to, text, len);
    }
    for (; n < len && !sse_priv_is_end(text[n]); n++) {
        to[n] = text[n];
    }
    return n;
}

int sse_priv_take_data(sse_priv_short *r, const char *value)
{
    sse_parser *const p = r->parser;
    const size_t left = (size_t)(r->stop - value);
    const size_t lf = (p->fields_ & SSE_FIELD_DATA) != 0;
    if (p->data_ != NULL || p->type_ != NULL) {
        sse_priv_block_keep(p);
    }
    if ((p->flags_ & SSE_PRIV_AWAY) != 0 || left >= p->data_cap_ - p->held_) {
        return 0;
    }
    char *const to = sse_priv_held(p) + p->held_;
    const size_t n = copy(to + lf, value, left);
    *to = lf ? '\n' : *to;
    p->head_len_ = 0;
    if (n < left) {
        sse_priv_pass(r, value + n, SSE_OK);
        p->fields_ |= SSE_FIELD_DATA;
        if (!lf) {
            p->data_ = value;
            p->total_ = n;
            return 1;
        }
    } else {
        r->at = r->stop;
        p->line_ = SSE_PRIV_DATA;
        p->line_len_ = n + lf;
    }
    p->held_ += n + lf;
    p->total_ = p->held_;
    return 1;
}

/* Takes what continues a data line and only has to be kept, up to a line end.
 * Bytes taken; none if there is more to be done. */
static inline size_t keep_data(sse_parser *p, const char *text, size_t len)
{
    const size_t held = p->held_;
    if (!SSE_PRIV_USUAL(len <= p->data_cap_ - held)) {
        return 0;
    }
    const size_t n = copy(sse_priv_held(p) + held, text, len);
    p->held_ = held + n;
    p->total_ = held + n;
    p->line_len_ += n;
    p->offset_ += n;
    return n;
}

/* The same of data that is not stored, as that of an event in fragments, where
 * the line goes on behind the chunk. */
static sse_status pass_data(sse_parser *p, const char *chunk, size_t len,
                            size_t *consumed)
{
    if (sse_priv_scan(chunk, len) < len) {
        return sse_priv_feed_on(p, chunk, len, 0, consumed);
    }
    p->flags_ |= SSE_PRIV_BUSY;
    int status = SSE_OK;
    if ((p->flags_ & SSE_PRIV_AWAY) == SSE_PRIV_FRAGMENTS) {
        status = p->overflows_(p, SSE_PRIV_DATA_OVER, chunk, len, 0);
        p->line_len_ += len;
        *consumed = len;
    } else {
        status = sse_priv_carry_more(p, chunk, len, consumed);
    }
    p->offset_ += *consumed;
    sse_priv_leave(p, status);
    return (sse_status)status;
}

/* The line ends there; behind it there is enough for an index. */
SSE_PRIV_APART sse_status end_data(sse_parser *p, const char *chunk,
                                   size_t len, size_t at, size_t *consumed)
{
    const char *const end = chunk + at;
    sse_priv_short r = {
        p, end, chunk + len, p->offset_ - (uintptr_t)end, 0, SSE_OK};
    p->flags_ |= SSE_PRIV_BUSY;
    sse_priv_end_data(&r);
    p->offset_ = r.base + (uintptr_t)r.at;
    return sse_priv_feed_rest(p, chunk, len, (size_t)(r.at - chunk), r.status,
                              consumed);
}

sse_status sse_priv_feed_data(sse_parser *p, const char *chunk, size_t len,
                              size_t *consumed)
{
    if (!SSE_PRIV_USUAL((p->flags_ & SSE_PRIV_AWAY) == 0)) {
        return pass_data(p, chunk, len, consumed);
    }
    const size_t n = keep_data(p, chunk, len);
    if (SSE_PRIV_USUAL(n == len)) {
        *consumed = n;
        return SSE_OK;
    }
    if (len - n > SSE_PRIV_MEDIUM && sse_priv_is_plain(p) &&
        sse_priv_is_end(chunk[n])) {
        return end_data(p, chunk, len, n, consumed);
    }
    return sse_priv_feed_on(p, chunk, len, n, consumed);
}

#else
typedef int sse_priv_no_short_data;
#endif
