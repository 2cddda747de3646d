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
    p->pending_id_len_ = 0;
    p->fields_ = 0;
    p->flags_ &= ~(uint32_t)(SSE_PRIV_DROPPING | SSE_PRIV_FRAGMENTS |
                             SSE_PRIV_LONG_TYPE);
}

void sse_priv_block_keep(sse_parser *p)
{
    if (p->data_ != NULL) {
        p->held_ = (size_t)p->total_;
        if (p->held_ > 0) {
            memcpy(sse_priv_held(p), p->data_, p->held_);
        }
        p->data_ = NULL;
    }
    if (p->type_ != NULL) {
        if (p->type_len_ > 0) {
            memcpy(sse_priv_type_slot(p), p->type_, p->type_len_);
        }
        p->type_ = NULL;
    }
}

void sse_priv_block_type(sse_parser *p, const char *value, size_t len)
{
    p->fields_ |= SSE_FIELD_TYPE;
    p->flags_ &= ~(uint32_t)SSE_PRIV_LONG_TYPE;
    p->type_ = value;
    p->type_len_ = len;
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
        if (p->quirks_ != NULL) {
            p->quirks_->nul_ids++;
        }
        return SSE_OK;
    }
    if (len > p->id_cap_) {
        return sse_priv_block_drop(p, SSE_DROP_ID, len);
    }
    if (len > 0) {
        memcpy(sse_priv_pending_id(p), value, len);
    }
    p->pending_id_len_ = len;
    p->fields_ |= SSE_FIELD_ID;
    return SSE_OK;
}

int sse_priv_block_retry(sse_parser *p, int good, uint64_t number)
{
    if (!good) {
        if (p->quirks_ != NULL) {
            p->quirks_->bad_retries++;
        }
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

int sse_priv_block_comment(sse_parser *p, const char *text, size_t len)
{
    if (p->on_comment_ == NULL) {
        return SSE_OK;
    }
    return sse_priv_answer(p->on_comment_(text, len, p->offset_, p->user_));
}

int sse_priv_block_field(sse_parser *p, const char *line, size_t len)
{
    if (p->on_field_ == NULL) {
        return SSE_OK;
    }
    size_t value = 0;
    const size_t name_len = sse_priv_line_name(line, len, &value);
    return sse_priv_answer(p->on_field_(line, name_len, line + value,
                                        len - value, p->offset_, p->user_));
}

/* A comment or unknown field lies whole in the chunk and could be handed over
 * whatever its length.  It is measured against the scratch all the same, since
 * it would not have fitted had it been cut. */
static int bounded_line(sse_parser *p, sse_drop_reason reason,
                        const char *text, size_t len)
{
    const int grows = p->overflow_ == SSE_OVERFLOW_GROW;
    if (!grows && len > sse_priv_line_room(p)) {
        return sse_priv_block_drop(p, reason, len);
    }
    return reason == SSE_DROP_COMMENT ? sse_priv_block_comment(p, text, len)
                                      : sse_priv_block_field(p, text, len);
}

static int data_line(sse_parser *p, const char *value, size_t len)
{
    const int first = (p->fields_ & SSE_FIELD_DATA) == 0;
    if (first && len <= sse_priv_data_cap(p) &&
        (p->flags_ & SSE_PRIV_DROPPING) == 0) {
        p->data_ = value;
        p->total_ = len;
        p->fields_ |= SSE_FIELD_DATA;
        return SSE_OK;
    }
    sse_priv_block_keep(p);
    const int status = sse_priv_block_data(p, value, len, !first);
    if (status != SSE_NEED_SPACE && status != SSE_ERR_TOO_LONG) {
        p->fields_ |= SSE_FIELD_DATA;
    }
    return status;
}

static int retry_line(sse_parser *p, const char *value, size_t len)
{
    uint64_t number = 0;
    const int good = len > 0 && sse_priv_digits(&number, value, len);
    return sse_priv_block_retry(p, good, number);
}

static int id_line(sse_parser *p, const char *value, size_t len)
{
    int nul = 0;
    for (size_t i = 0; i < len && !nul; i++) {
        nul = value[i] == '\0';
    }
    return sse_priv_block_id(p, value, len, nul);
}

/* Kept apart so that a stream nobody counts pays one comparison a line. */
static void count_line(sse_quirks *quirks, sse_priv_kind kind,
                       const char *line, size_t len, size_t value)
{
    if (kind == SSE_PRIV_COMMENT) {
        quirks->comments++;
    } else if (kind == SSE_PRIV_FIELD) {
        quirks->unknown_fields++;
    } else if (value == len && line[len - 1] != ':' && line[len - 1] != ' ') {
        quirks->no_colon++;
    } else if (line[value - 1] == ':' && value < len) {
        quirks->no_space++;
    }
}

static int process(sse_parser *p, sse_priv_kind kind, const char *line,
                   size_t len, size_t value)
{
    switch (kind) {
    case SSE_PRIV_DATA:
        return data_line(p, line + value, len - value);
    case SSE_PRIV_TYPE:
        sse_priv_block_type(p, line + value, len - value);
        return SSE_OK;
    case SSE_PRIV_ID:
        return id_line(p, line + value, len - value);
    case SSE_PRIV_RETRY:
        return retry_line(p, line + value, len - value);
    case SSE_PRIV_COMMENT:
        if (p->on_comment_ == NULL) {
            return SSE_OK;
        }
        return bounded_line(p, SSE_DROP_COMMENT, line + value, len - value);
    case SSE_PRIV_FIELD:
        if (p->on_field_ == NULL) {
            return SSE_OK;
        }
        return bounded_line(p, SSE_DROP_FIELD, line, len);
    case SSE_PRIV_NONE:
        break;
    }
    return SSE_OK;
}

int sse_priv_block_line(sse_parser *p, const char *line, size_t len)
{
    size_t value = 0;
    const sse_priv_kind kind = sse_priv_line_kind(line, len, &value);
    const int status = process(p, kind, line, len, value);
    if (p->quirks_ != NULL && status != SSE_NEED_SPACE) {
        count_line(p->quirks_, kind, line, len, value);
    }
    return status;
}
