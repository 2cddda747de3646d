/*
 * carry.c - cut lines.
 *
 * The first bytes of a cut line wait in the parser until they tell which field
 * it is.  From then on each piece goes where the value belongs: data straight
 * to the data, digits into a number, everything else behind the data in the
 * scratch, where it waits for its line end.  Nothing is looked at twice.
 *
 * SPDX-License-Identifier: MIT
 */
#include "carry.h"

#include "block.h"
#include "digits.h"

#include <string.h>

/* Where a cut value waits that is no data. */
static char *tail(const sse_parser *p)
{
    return sse_priv_held(p) + p->held_;
}

/* How much of it may be stored. */
static size_t tail_cap(const sse_parser *p)
{
    switch ((sse_priv_kind)p->line_) {
    case SSE_PRIV_TYPE:
        return p->type_cap_;
    case SSE_PRIV_ID:
        return p->id_cap_;
    case SSE_PRIV_COMMENT:
        return p->on_comment_ != NULL ? sse_priv_line_room(p) : 0;
    case SSE_PRIV_FIELD:
        return p->on_field_ != NULL ? sse_priv_line_room(p) : 0;
    case SSE_PRIV_NONE:
    case SSE_PRIV_DATA:
    case SSE_PRIV_RETRY:
        break;
    }
    return 0;
}

/* Whether a hook waits for this line, so that growing for it makes sense. */
static int is_wanted(const sse_parser *p)
{
    return (p->line_ == SSE_PRIV_COMMENT && p->on_comment_ != NULL) ||
           (p->line_ == SSE_PRIV_FIELD && p->on_field_ != NULL);
}

static int take_tail(sse_parser *p, const char *piece, size_t len)
{
    const size_t cap = tail_cap(p);
    if (p->line_ == SSE_PRIV_ID) {
        for (size_t i = 0; i < len; i++) {
            if (piece[i] == '\0') {
                p->flags_ |= SSE_PRIV_BAD_LINE;
            }
        }
    }
    if ((p->flags_ & SSE_PRIV_DROP_LINE) == 0 && p->line_len_ <= cap) {
        if (len <= cap - p->line_len_) {
            if (len > 0) {
                memcpy(tail(p) + p->line_len_, piece, len);
            }
        } else if (p->overflow_ == SSE_OVERFLOW_GROW && is_wanted(p)) {
            return sse_priv_block_want(p, p->held_ + p->line_len_ + len);
        }
    }
    p->line_len_ = len > SIZE_MAX - p->line_len_ ? SIZE_MAX
                                                 : p->line_len_ + len;
    return SSE_OK;
}

static int take(sse_parser *p, const char *piece, size_t len, int starts)
{
    if (p->line_ == SSE_PRIV_RETRY) {
        p->line_len_ |= len;
        if (!sse_priv_digits(&p->number_, piece, len)) {
            p->flags_ |= SSE_PRIV_BAD_LINE;
            p->number_ = 0;
        }
        return SSE_OK;
    }
    if (p->line_ != SSE_PRIV_DATA) {
        return take_tail(p, piece, len);
    }
    const int lf = starts && (p->fields_ & SSE_FIELD_DATA) != 0;
    const int status = sse_priv_block_data(p, piece, len, lf);
    if (status != SSE_NEED_SPACE && status != SSE_ERR_TOO_LONG) {
        p->line_len_ += len + (size_t)lf;
    }
    return status;
}

static void count_head(sse_quirks *quirks, sse_priv_kind kind,
                       const char *head, size_t value)
{
    if (kind == SSE_PRIV_COMMENT) {
        quirks->comments++;
    } else if (kind == SSE_PRIV_FIELD) {
        quirks->unknown_fields++;
    } else if (head[value - 1] == ':') {
        quirks->no_space++;
    }
}

/* The head is full: it tells what the line is. */
static int open_line(sse_parser *p)
{
    size_t value = 0;
    p->line_ = (uint8_t)sse_priv_line_kind(p->head_, SSE_PRIV_HEAD, &value);
    p->line_len_ = 0;
    p->number_ = 0;
    const int status = take(p, p->head_ + value, SSE_PRIV_HEAD - value, 1);
    if (status == SSE_NEED_SPACE || status == SSE_ERR_TOO_LONG) {
        p->line_ = SSE_PRIV_NONE;
        return status;
    }
    if (p->quirks_ != NULL) {
        count_head(p->quirks_, (sse_priv_kind)p->line_, p->head_, value);
    }
    p->head_len_ = 0;
    return status;
}

int sse_priv_carry_more(sse_parser *p, const char *piece, size_t len,
                        size_t *used)
{
    int status = SSE_OK;
    *used = 0;
    if (p->line_ == SSE_PRIV_NONE) {
        while (p->head_len_ < SSE_PRIV_HEAD && *used < len) {
            p->head_[p->head_len_++] = piece[(*used)++];
        }
        if (p->head_len_ < SSE_PRIV_HEAD) {
            return SSE_OK;
        }
        status = open_line(p);
        if (status == SSE_NEED_SPACE || status == SSE_ERR_TOO_LONG) {
            return status;
        }
    }
    const size_t rest = len - *used;
    if (rest == 0) {
        return status;
    }
    const int next = take(p, piece + *used, rest, 0);
    if (next == SSE_NEED_SPACE || next == SSE_ERR_TOO_LONG) {
        return next;
    }
    *used = len;
    return next > status ? next : status;
}

static int end_tail(sse_parser *p, sse_drop_reason reason)
{
    const size_t len = p->line_len_;
    const int wanted = is_wanted(p);
    const int fits = len <= tail_cap(p) &&
                     (p->flags_ & SSE_PRIV_DROP_LINE) == 0;
    if (!wanted) {
        return SSE_OK;
    }
    if (!fits) {
        return sse_priv_block_drop(p, reason, len);
    }
    return reason == SSE_DROP_COMMENT ? sse_priv_block_comment(p, tail(p), len)
                                      : sse_priv_block_field(p, tail(p), len);
}

static int end_line(sse_parser *p)
{
    const int bad = (p->flags_ & SSE_PRIV_BAD_LINE) != 0;
    switch ((sse_priv_kind)p->line_) {
    case SSE_PRIV_DATA:
        p->fields_ |= SSE_FIELD_DATA;
        return SSE_OK;
    case SSE_PRIV_TYPE:
        sse_priv_block_type(p, tail(p), p->line_len_);
        sse_priv_block_keep(p);
        return SSE_OK;
    case SSE_PRIV_ID:
        return sse_priv_block_id(p, tail(p), p->line_len_, bad);
    case SSE_PRIV_RETRY:
        return sse_priv_block_retry(p, !bad && p->line_len_ > 0, p->number_);
    case SSE_PRIV_COMMENT:
        return end_tail(p, SSE_DROP_COMMENT);
    case SSE_PRIV_FIELD:
        return end_tail(p, SSE_DROP_FIELD);
    case SSE_PRIV_NONE:
        break;
    }
    return SSE_OK;
}

static void close_line(sse_parser *p)
{
    p->line_ = SSE_PRIV_NONE;
    p->line_len_ = 0;
    p->head_len_ = 0;
    p->flags_ &= ~(uint32_t)(SSE_PRIV_BAD_LINE | SSE_PRIV_DROP_LINE);
}

int sse_priv_carry_end(sse_parser *p)
{
    int status;
    if (p->line_ == SSE_PRIV_NONE) {
        /* So short a line that all of it is in the head. */
        status = sse_priv_block_line(p, p->head_, p->head_len_);
        if (status == SSE_NEED_SPACE || status == SSE_ERR_TOO_LONG) {
            return status;
        }
        sse_priv_block_keep(p);
    } else {
        status = end_line(p);
    }
    close_line(p);
    return status;
}

int sse_priv_carry_is_aside(const sse_parser *p)
{
    size_t value = 0;
    sse_priv_kind kind = (sse_priv_kind)p->line_;
    if (kind == SSE_PRIV_NONE && p->head_len_ == SSE_PRIV_HEAD) {
        kind = sse_priv_line_kind(p->head_, SSE_PRIV_HEAD, &value);
    }
    return kind == SSE_PRIV_COMMENT || kind == SSE_PRIV_FIELD;
}

int sse_priv_carry_drop(sse_parser *p)
{
    int undone = 1;
    if (p->line_ == SSE_PRIV_DATA) {
        if ((p->flags_ & (SSE_PRIV_FRAGMENTS | SSE_PRIV_DROPPING)) != 0) {
            undone = 0;
        } else {
            p->held_ -= p->line_len_;
            p->total_ = p->held_;
        }
    }
    close_line(p);
    return undone;
}
