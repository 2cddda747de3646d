/*
 * one.c - a chunk that is one event and nothing else, as a stream of tokens
 * has them.
 *
 * Whether it is that is seen from its end: there the blank line is, and
 * nowhere before it may be another line end.
 *
 * SPDX-License-Identifier: MIT
 */
#include "push.h"

#ifndef SSE_NO_SIMD

#include "whole.h"

/* Whether so much data has room, in the chunk as it would have elsewhere. */
static inline int has_room(const sse_parser *p, size_t len)
{
    return len <= SSE_PRIV_FITS || len <= p->data_cap_;
}

sse_status sse_priv_feed_tiny(sse_parser *p, const char *chunk, size_t len,
                              size_t *consumed)
{
    const char *const tail = chunk + len - 2;
    if (!SSE_PRIV_IS_DATA(sse_priv_load8(chunk)) ||
        sse_priv_load2(tail) != SSE_PRIV_LF_LF ||
        sse_priv_has_control(sse_priv_load8(tail - 8))) {
        return sse_priv_feed_on(p, chunk, len, 0, consumed);
    }
    sse_event event;
    sse_priv_set_usual(&event);
    event.id = p->scratch_;
    event.id_len = p->id_len_;
    event.data = chunk + 6;
    event.data_len = len - 8;
    return sse_priv_deliver(p, &event, len, consumed);
}

static inline uint64_t head_of(const char *line)
{
    return line != NULL ? sse_priv_load8(line) : 0;
}

sse_status sse_priv_feed_one(sse_parser *p, const char *chunk, size_t len,
                             size_t *consumed)
{
    const char *const tail = chunk + len - 2;
    const char *line = chunk;
    uint64_t head = sse_priv_load8(line);
    sse_event event;
    sse_priv_set_usual(&event);
    event.id = p->scratch_;
    event.id_len = p->id_len_;
    if (SSE_PRIV_IS_ID(head)) {
        line = sse_priv_read_field(p, line, chunk + len, &event);
        head = head_of(line);
    }
    if (SSE_PRIV_IS_EVENT(head)) {
        line = sse_priv_read_type(p, line, chunk + len, &event);
        head = head_of(line);
    }
    while (line != NULL && !SSE_PRIV_USUAL(SSE_PRIV_IS_DATA(head))) {
        line = sse_priv_read_field(p, line, chunk + len, &event);
        head = head_of(line);
    }
    if (line == NULL) {
        return sse_priv_feed_on(p, chunk, len, 0, consumed);
    }
    event.data = line + 6;
    event.data_len = (size_t)(tail - event.data);
    if (!SSE_PRIV_USUAL(sse_priv_load2(tail) == SSE_PRIV_LF_LF) ||
        !SSE_PRIV_USUAL(!sse_priv_has_end(event.data, event.data_len)) ||
        !has_room(p, event.data_len)) {
        return sse_priv_feed_on(p, chunk, len, 0, consumed);
    }
    if ((event.fields & SSE_FIELD_ID) != 0) {
        sse_priv_commit_id(p, &event);
    }
    return sse_priv_deliver(p, &event, len, consumed);
}

#else
typedef int sse_priv_no_one;
#endif
