/*
 * handover.h - events that are complete, handed over on the short ways
 * without what the grammar has to ask before.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_HANDOVER_H
#define SSE_PRIV_HANDOVER_H

#include "block.h"
#include "push.h"

#include <string.h>

#ifndef SSE_NO_SIMD

/* An event as it is until a line says otherwise. */
static inline void sse_priv_set_usual(sse_event *event)
{
    event->type = sse_priv_default_type;
    event->type_len = SSE_PRIV_DEFAULT_TYPE_LEN;
    event->retry_ms = 0;
    event->fields = SSE_FIELD_DATA;
    event->reserved = 0;
}

/* Whether a blank line makes an event of what was kept: data, and a type, an id
 * or none. */
static inline int sse_priv_is_kept(const sse_parser *p)
{
    return (p->fields_ & (SSE_FIELD_DATA | SSE_FIELD_RETRY)) ==
               SSE_FIELD_DATA &&
           (p->flags_ & SSE_PRIV_NOT_PLAIN) == 0;
}

/* Takes it. */
static inline void sse_priv_take_kept(sse_parser *p, sse_event *event)
{
    sse_priv_set_usual(event);
    if (p->type_len_ > 0) {
        event->type = sse_priv_type_slot(p);
        event->type_len = p->type_len_;
    }
    if ((p->fields_ & SSE_FIELD_ID) != 0) {
        memcpy(p->scratch_, sse_priv_pending_id(p), p->pending_id_len_);
        p->id_len_ = p->pending_id_len_;
    }
    event->fields = p->fields_;
    event->id = p->scratch_;
    event->id_len = p->id_len_;
    event->data = sse_priv_held(p);
    event->data_len = p->held_;
    p->type_len_ = 0;
    p->fields_ = 0;
    p->held_ = 0;
    p->total_ = 0;
}

/* A blank line behind lines of an event; the offset is behind it. */
static inline int sse_priv_end_event(sse_parser *p)
{
    if (!sse_priv_is_kept(p)) {
        return sse_priv_block_end(p, NULL);
    }
    sse_event event;
    sse_priv_take_kept(p, &event);
    event.offset = p->offset_;
    return sse_priv_answer(p->on_event_(&event, p->user_));
}

/* Hands the event over that the last byte of a feed completes; ends it. */
static inline sse_status sse_priv_deliver(sse_parser *p, sse_event *event,
                                          size_t len, size_t *consumed)
{
    event->offset = p->offset_ += len;
    *consumed = len;
    p->flags_ |= SSE_PRIV_BUSY;
    const int status = sse_priv_answer(p->on_event_(event, p->user_));
    sse_priv_leave(p, status);
    return (sse_status)status;
}

#endif /* SSE_NO_SIMD */

#endif /* SSE_PRIV_HANDOVER_H */
