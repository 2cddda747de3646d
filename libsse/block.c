/*
 * block.c - the lines of one event, taken in turn.
 *
 * HTML Standard, "Interpreting an event stream", the steps to process a field.
 *
 * SPDX-License-Identifier: MIT
 */
#include "block.h"

#include "digits.h"
#include "line.h"

#include <string.h>

void sse_priv_block_clear(sse_parser *p)
{
    p->data_ = NULL;
    p->type_ = NULL;
    p->total_ = 0;
    p->held_ = 0;
    p->type_len_ = 0;
    p->fields_ = 0;
    p->flags_ &= ~(uint32_t)(SSE_PRIV_AWAY | SSE_PRIV_LONG_TYPE);
}

void sse_priv_block_keep(sse_parser *p)
{
    if (p->data_ != NULL) {
        p->held_ = (size_t)p->total_;
        memcpy(sse_priv_held(p), p->data_, p->held_);
        p->data_ = NULL;
    }
    if (p->type_ != NULL) {
        memcpy(sse_priv_type_slot(p), p->type_, p->type_len_);
        p->type_ = NULL;
    }
}

int sse_priv_block_drop(sse_parser *p, sse_drop_reason reason, uint64_t bytes)
{
    sse_priv_count(p, SSE_PRIV_SAW_DROP, NULL, 0);
    if (p->on_dropped_ == NULL) {
        return SSE_OK;
    }
    const sse_drop drop = {reason, p->offset_, bytes, p->scratch_,
                           p->id_len_};
    return sse_priv_answer(p->on_dropped_(&drop, p->user_));
}

int sse_priv_block_data(sse_parser *p, const char *text, size_t len, int lf)
{
    const size_t add = len + (size_t)(lf != 0);
    if ((p->flags_ & SSE_PRIV_AWAY) == 0 && add <= p->data_cap_ - p->held_) {
        char *end = sse_priv_held(p) + p->held_;
        if (lf) {
            *end++ = '\n';
        }
        memcpy(end, text, len);
        p->held_ += add;
        p->total_ = p->held_;
        return SSE_OK;
    }
    if (p->overflows_ != NULL && (p->flags_ & SSE_PRIV_DROPPING) == 0) {
        return p->overflows_(p, SSE_PRIV_DATA_OVER, text, len, lf);
    }
    p->flags_ |= SSE_PRIV_DROPPING;
    p->held_ = 0;
    p->total_ += add;
    return SSE_OK;
}

void sse_priv_block_type(sse_parser *p, const char *value, size_t len)
{
    p->fields_ |= SSE_FIELD_TYPE;
    p->flags_ &= ~(uint32_t)SSE_PRIV_LONG_TYPE;
    p->type_ = value;
    p->type_len_ = (uint32_t)len;
    if (len > p->type_cap_) {
        p->flags_ |= SSE_PRIV_LONG_TYPE;
        p->type_ = NULL;
        p->type_len_ = 0;
    }
}

int sse_priv_block_id(sse_parser *p, const char *value, size_t len, int nul)
{
    /* "If the field value does not contain U+0000 NULL, then set the last
     * event ID buffer; otherwise ignore the field." */
    if (nul) {
        sse_priv_count(p, SSE_PRIV_SAW_NUL_ID, NULL, 0);
        return SSE_OK;
    }
    if (len > p->id_cap_) {
        return sse_priv_block_drop(p, SSE_DROP_ID, len);
    }
    memcpy(sse_priv_pending_id(p), value, len);
    p->pending_id_len_ = (uint32_t)len;
    p->fields_ |= SSE_FIELD_ID;
    return SSE_OK;
}

int sse_priv_block_retry(sse_parser *p, int good, uint64_t number)
{
    if (!good) {
        sse_priv_count(p, SSE_PRIV_SAW_BAD_RETRY, NULL, 0);
        return SSE_OK;
    }
    p->retry_ms_ = number;
    p->flags_ |= SSE_PRIV_HAS_RETRY;
    p->fields_ |= SSE_FIELD_RETRY;
    if (p->on_retry_ == NULL) {
        return SSE_OK;
    }
    return sse_priv_answer(p->on_retry_(number, p->offset_, p->user_));
}

static int data_line(sse_parser *p, const char *value, size_t len)
{
    const int first = (p->fields_ & SSE_FIELD_DATA) == 0;
    int status = SSE_OK;
    if (first && len <= p->data_cap_ &&
        (p->flags_ & SSE_PRIV_DROPPING) == 0) {
        p->data_ = value;
        p->total_ = len;
    } else {
        sse_priv_block_keep(p);
        status = sse_priv_block_data(p, value, len, !first);
    }
    if (!sse_priv_is_refused(status)) {
        p->fields_ |= SSE_FIELD_DATA;
    }
    return status;
}

static int id_line(sse_parser *p, const char *value, size_t len)
{
    size_t at = 0;
    while (at < len && value[at] != '\0') {
        at++;
    }
    return sse_priv_block_id(p, value, len, at < len);
}

static int process(sse_parser *p, sse_priv_kind kind, const char *value,
                   size_t len)
{
    uint64_t number = 0;
    int good;
    /* No line is SSE_PRIV_NONE: that, and no kind at all, is unreachable. */
    switch (kind) {
    case SSE_PRIV_DATA:
        return data_line(p, value, len);
    case SSE_PRIV_TYPE:
        sse_priv_block_type(p, value, len);
        return SSE_OK;
    case SSE_PRIV_ID:
        return id_line(p, value, len);
    case SSE_PRIV_RETRY:
        good = len > 0 && sse_priv_digits(&number, value, len);
        return sse_priv_block_retry(p, good, number);
    case SSE_PRIV_COMMENT:
    case SSE_PRIV_FIELD:
        if (p->asides_ != NULL) {
            return p->asides_(p, (int)kind, value, len);
        }
        break;
    case SSE_PRIV_NONE:
        break;
    }
    return SSE_OK;
}

int sse_priv_block_line(sse_parser *p, const char *line, size_t len)
{
    size_t value = 0;
    const sse_priv_kind kind = sse_priv_line_kind(line, len, &value);
    const int status = process(p, kind, line + value, len - value);
    if (!sse_priv_is_refused(status)) {
        sse_priv_count(p, SSE_PRIV_SAW_LINE, line, len);
    }
    return status;
}
