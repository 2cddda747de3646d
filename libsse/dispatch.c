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

static const char default_type[] = "message";

static sse_event describe(const sse_parser *p)
{
    sse_event event = sse_event_of_data(p->data_, (size_t)p->total_);
    if (p->data_ == NULL) {
        event.data = sse_priv_held(p);
    }
    event.type = p->type_ != NULL ? p->type_ : sse_priv_type_slot(p);
    event.type_len = p->type_len_;
    if (event.type_len == 0) {
        event.type = default_type;
        event.type_len = sizeof default_type - 1;
    }
    event.id = p->scratch_;
    event.id_len = p->id_len_;
    event.retry_ms = (p->fields_ & SSE_FIELD_RETRY) != 0 ? p->retry_ms_ : 0;
    event.offset = p->offset_;
    event.fields = p->fields_;
    return event;
}

/* Everything fitted: to the caller of next, or to the callback. */
static int deliver(sse_parser *p, sse_event *out)
{
    const sse_event event = describe(p);
    sse_priv_block_clear(p);
    if (out != NULL) {
        *out = event;
        return SSE_PRIV_EVENT;
    }
    if (p->on_event_ == NULL) {
        return SSE_OK;
    }
    return sse_priv_answer(p->on_event_(&event, p->user_));
}

static int deliver_last_fragment(sse_parser *p)
{
    if ((p->flags_ & SSE_PRIV_LONG_TYPE) != 0) {
        const int status = sse_priv_block_abort(p, SSE_DROP_TYPE);
        sse_priv_block_clear(p);
        return status;
    }
    sse_event event = describe(p);
    event.data = NULL;
    event.data_len = 0;
    const sse_fragment part = {SSE_FRAGMENT_END, SSE_DROP_DATA, NULL, 0,
                               p->total_, &event};
    sse_priv_block_clear(p);
    return sse_priv_answer(p->on_fragment_(&part, p->user_));
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
        if (p->quirks_ != NULL && p->fields_ != 0) {
            p->quirks_->empty_blocks++;
        }
        sse_priv_block_clear(p);
        return SSE_OK;
    }
    if ((p->flags_ & SSE_PRIV_FRAGMENTS) != 0) {
        return deliver_last_fragment(p);
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
