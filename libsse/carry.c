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
#include "words.h"

#include <string.h>

/* Where a cut value waits that is no data. */
static char *tail(const sse_parser *p)
{
    return sse_priv_held(p) + p->held_;
}

/* How much of it is stored; 0 if nobody wants it. */
static size_t tail_cap(const sse_parser *p)
{
    switch (p->line_) {
    case SSE_PRIV_TYPE:
        return p->type_cap_;
    case SSE_PRIV_ID:
        return p->id_cap_;
    case SSE_PRIV_COMMENT:
        return p->on_comment_ != NULL ? sse_priv_line_room(p) : 0;
    default:
        return p->on_field_ != NULL ? sse_priv_line_room(p) : 0;
    }
}

static int take_tail(sse_parser *p, const char *piece, size_t len)
{
    const size_t cap = tail_cap(p);
    const size_t have = p->line_len_;
    if ((p->flags_ & SSE_PRIV_DROP_LINE) == 0 && have <= cap) {
        if (len <= cap - have) {
            memcpy(tail(p) + have, piece, len);
        } else if (p->line_ >= SSE_PRIV_COMMENT && cap > 0 &&
                   p->overflow_ == SSE_OVERFLOW_GROW) {
            return p->overflows_(p, SSE_PRIV_LINE_OVER, NULL,
                                 p->held_ + have + len, 0);
        }
    }
    /* An id with a NUL byte is ignored, however long it is. */
    for (size_t i = 0; p->line_ == SSE_PRIV_ID && i < len; i++) {
        if (piece[i] == '\0') {
            p->flags_ |= SSE_PRIV_BAD_LINE;
        }
    }
    /* Beyond SIZE_MAX: unreachable in any time where size_t has 64 bits. */
    p->line_len_ = len > SIZE_MAX - have ? SIZE_MAX : have + len;
    return SSE_OK;
}

static int take(sse_parser *p, const char *piece, size_t len, int starts)
{
    if (p->line_ == SSE_PRIV_RETRY) {
        p->line_len_ |= len;
        if (!sse_priv_digits(&p->number_, piece, len)) {
            p->flags_ |= SSE_PRIV_BAD_LINE;
        }
        return SSE_OK;
    }
    if (p->line_ != SSE_PRIV_DATA) {
        return take_tail(p, piece, len);
    }
    const int lf = starts && (p->fields_ & SSE_FIELD_DATA) != 0;
    const int status = sse_priv_block_data(p, piece, len, lf);
    if (!sse_priv_is_refused(status)) {
        p->line_len_ += len + (size_t)lf;
    }
    return status;
}

/* The first bytes of a line, SSE_PRIV_HEAD at least, tell what it is. */
static int open_line(sse_parser *p, const char *head, size_t len)
{
    size_t value = 0;
    p->line_ = (uint8_t)sse_priv_line_kind(head, len, &value);
    p->line_len_ = 0;
    p->number_ = 0;
    const int status = take(p, head + value, len - value, 1);
    if (sse_priv_is_refused(status)) {
        p->line_ = SSE_PRIV_NONE;
        return status;
    }
    sse_priv_count(p, SSE_PRIV_SAW_LINE, head, SSE_PRIV_HEAD);
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
        status = open_line(p, p->head_, SSE_PRIV_HEAD);
        if (sse_priv_is_refused(status)) {
            return status;
        }
    }
    if (*used == len || status == SSE_STOPPED) {
        *used = len;
        return status;
    }
    const int next = take(p, piece + *used, len - *used, 0);
    if (sse_priv_is_refused(next)) {
        return next;
    }
    *used = len;
    return next > status ? next : status;
}

#ifndef SSE_NO_SIMD

/* Takes the first piece of a data line, of eight bytes at least, if it can be
 * stored.  @return 0 if not, or if it is another line. */
static inline int begin_data(sse_parser *p, const char *line, size_t len)
{
    const size_t lf = (p->fields_ & SSE_FIELD_DATA) != 0;
    const size_t add = len - 6 + lf;
    if (!SSE_PRIV_IS_DATA(sse_priv_load8(line)) ||
        (p->flags_ & SSE_PRIV_AWAY) != 0 || add > p->data_cap_ - p->held_) {
        return 0;
    }
    char *const end = sse_priv_held(p) + p->held_;
    *end = '\n'; /* in front of all but the first */
    memcpy(end + lf, line + 6, len - 6);
    p->line_ = SSE_PRIV_DATA;
    p->line_len_ = add;
    p->held_ += add;
    p->total_ = p->held_;
    return 1;
}

int sse_priv_carry_begin(sse_parser *p, const char *piece, size_t len,
                         size_t *used)
{
    if (len >= 8 && begin_data(p, piece, len)) {
        *used = len;
        return SSE_OK;
    }
    if (len < SSE_PRIV_HEAD) {
        return sse_priv_carry_more(p, piece, len, used);
    }
    const int status = open_line(p, piece, len);
    *used = sse_priv_is_refused(status) ? 0 : len;
    /* What wants space has to be known, if it is to be given up. */
    return status == SSE_NEED_SPACE ? sse_priv_carry_more(p, piece, len, used)
                                    : status;
}

#endif

static int end_line(sse_parser *p)
{
    const int bad = (p->flags_ & SSE_PRIV_BAD_LINE) != 0;
    switch (p->line_) {
    case SSE_PRIV_NONE: {
        /* So short a line that all of it is in the head. */
        const int status = sse_priv_block_line(p, p->head_, p->head_len_);
        sse_priv_block_keep(p);
        return status;
    }
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
    default:
        return p->asides_ == NULL
                   ? SSE_OK
                   : p->asides_(p, p->line_, tail(p), p->line_len_);
    }
}

int sse_priv_carry_end(sse_parser *p)
{
    const int status = end_line(p);
    if (!sse_priv_is_refused(status)) {
        sse_priv_carry_close(p);
    }
    return status;
}

void sse_priv_carry_close(sse_parser *p)
{
    p->line_ = SSE_PRIV_NONE;
    p->line_len_ = 0;
    p->head_len_ = 0;
    p->flags_ &= ~(uint32_t)(SSE_PRIV_BAD_LINE | SSE_PRIV_DROP_LINE);
}
