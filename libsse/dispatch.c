/*
 * dispatch.c - what a blank line makes of the lines before it.
 *
 * HTML Standard, "Interpreting an event stream", the steps to dispatch the
 * event.
 *
 * SPDX-License-Identifier: MIT
 */
#include "block.h"

#include <string.h>

const char sse_priv_default_type[SSE_PRIV_DEFAULT_TYPE_LEN + 1] = "message";

void sse_priv_block_describe(const sse_parser *p, sse_event *event)
{
    event->type = p->type_ != NULL ? p->type_ : sse_priv_type_slot(p);
    event->type_len = p->type_len_;
    if (event->type_len == 0) {
        event->type = sse_priv_default_type;
        event->type_len = SSE_PRIV_DEFAULT_TYPE_LEN;
    }
    event->data = p->data_ != NULL ? p->data_ : sse_priv_held(p);
    event->data_len = (size_t)p->total_;
    event->id = p->scratch_;
    event->id_len = p->id_len_;
    event->retry_ms = (p->fields_ & SSE_FIELD_RETRY) != 0 ? p->retry_ms_ : 0;
    event->offset = p->offset_;
    event->fields = p->fields_;
    event->reserved = 0;
}

static int deliver(sse_parser *p, sse_event *out)
{
    sse_event event;
    sse_priv_block_describe(p, out != NULL ? out : &event);
    sse_priv_block_clear(p);
    if (out != NULL) {
        return SSE_PRIV_EVENT;
    }
    if (p->on_event_ == NULL) {
        return SSE_OK;
    }
    return sse_priv_answer(p->on_event_(&event, p->user_));
}

int sse_priv_block_end(sse_parser *p, sse_event *out)
{
    /* "Set the last event ID string of the event source to the value of the
     * last event ID buffer", whether or not an event follows. */
    if ((p->fields_ & SSE_FIELD_ID) != 0) {
        memcpy(p->scratch_, sse_priv_pending_id(p), p->pending_id_len_);
        p->id_len_ = p->pending_id_len_;
    }
    if ((p->fields_ & SSE_FIELD_DATA) == 0) {
        if (p->fields_ != 0) {
            sse_priv_count(p, SSE_PRIV_SAW_NO_DATA, NULL, 0);
        }
        sse_priv_block_clear(p);
        return SSE_OK;
    }
    if ((p->flags_ & SSE_PRIV_FRAGMENTS) != 0) {
        return p->overflows_(p, SSE_PRIV_BLANK, NULL, 0, 0);
    }
    const int dropping = (p->flags_ & SSE_PRIV_DROPPING) != 0;
    if (dropping || (p->flags_ & SSE_PRIV_LONG_TYPE) != 0) {
        const uint64_t bytes = p->total_;
        sse_priv_block_clear(p);
        return sse_priv_block_drop(
            p, dropping ? SSE_DROP_DATA : SSE_DROP_TYPE, bytes);
    }
    return deliver(p, out);
}
