/*
 * parser.c - the life of a parser: init, settings, what can be asked of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "carry.h"
#include "state.h"

#include <string.h>

/* The smallest share of the scratch that must be left for data. */
#define DATA_MIN 32

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Whether these limits leave room for data; without sums, which overflow. */
static int can_split(size_t cap, size_t id_cap, size_t type_cap)
{
    const size_t larger = sse_priv_larger(id_cap, type_cap);
    const size_t room = cap - DATA_MIN;
    return larger <= UINT32_MAX && larger <= room &&
           type_cap <= room - larger &&
           id_cap <= (room - larger - type_cap) / 2;
}

/* Data has what the rest of the scratch leaves. */
static void set_data_cap(sse_parser *p)
{
    p->data_cap_ = p->scratch_cap_ - sse_priv_fixed(p) -
                   sse_priv_larger(p->id_cap_, p->type_cap_);
}

sse_status sse_parser_init(sse_parser *p, char *scratch, size_t scratch_cap,
                           sse_event_fn on_event, void *user)
{
    if (p == NULL || scratch == NULL) {
        return SSE_ERR_INVALID;
    }
    if (scratch_cap < SSE_SCRATCH_MIN) {
        return SSE_ERR_NO_SPACE;
    }
    memset(p, 0, sizeof *p);
    p->scratch_ = scratch;
    p->scratch_cap_ = scratch_cap;
    p->id_cap_ = (uint32_t)smaller(1024, scratch_cap / 8);
    p->type_cap_ = (uint32_t)smaller(256,
                                    sse_priv_larger(32, scratch_cap / 16));
    p->on_event_ = on_event;
    p->user_ = user;
    set_data_cap(p);
    return SSE_OK;
}

void sse_parser_on_retry(sse_parser *p, sse_retry_fn fn)
{
    p->on_retry_ = fn;
}

void sse_parser_on_dropped(sse_parser *p, sse_dropped_fn fn)
{
    p->on_dropped_ = fn;
}

sse_status sse_parser_set_limits(sse_parser *p, size_t id_cap,
                                 size_t type_cap)
{
    if (p == NULL || type_cap < 7) {
        return SSE_ERR_INVALID;
    }
    if ((p->flags_ & SSE_PRIV_BUSY) != 0) {
        return SSE_ERR_REENTRY;
    }
    if (p->offset_ != 0) {
        return SSE_ERR_INVALID;
    }
    if (p->id_len_ > id_cap || !can_split(p->scratch_cap_, id_cap, type_cap)) {
        return SSE_ERR_NO_SPACE;
    }
    p->id_cap_ = (uint32_t)id_cap;
    p->type_cap_ = (uint32_t)type_cap;
    set_data_cap(p);
    return SSE_OK;
}

size_t sse_parser_data_cap(const sse_parser *p)
{
    return p->data_cap_;
}

/* Whether [a, a + a_len) and [b, b + b_len) share a byte. */
static int overlaps(const char *a, size_t a_len, const char *b, size_t b_len)
{
    const uintptr_t x = (uintptr_t)a;
    const uintptr_t y = (uintptr_t)b;
    return x < y ? y - x < a_len : x - y < b_len;
}

/* Of a cut comment or unknown field that did not fit not all is stored, which
 * is not to be forgotten where there is more room for the rest. */
static void give_up_long_line(sse_parser *p)
{
    if (p->line_ >= SSE_PRIV_COMMENT &&
        p->line_len_ > sse_priv_line_room(p)) {
        p->flags_ |= SSE_PRIV_DROP_LINE;
    }
}

sse_status sse_parser_set_scratch(sse_parser *p, char *scratch,
                                  size_t scratch_cap)
{
    if (p == NULL || scratch == NULL) {
        return SSE_ERR_INVALID;
    }
    if ((p->flags_ & SSE_PRIV_BUSY) != 0) {
        return SSE_ERR_REENTRY;
    }
    if (scratch_cap < p->scratch_cap_) {
        return SSE_ERR_NO_SPACE;
    }
    if (scratch != p->scratch_ &&
        overlaps(scratch, scratch_cap, p->scratch_, p->scratch_cap_)) {
        return SSE_ERR_INVALID;
    }
    /* Data, and behind it a cut line of which no more is stored than fits. */
    const size_t room = p->scratch_cap_ - sse_priv_fixed(p) - p->held_;
    const size_t tail = p->line_ == SSE_PRIV_DATA ? 0 : p->line_len_;
    const size_t used = sse_priv_fixed(p) + p->held_ + smaller(room, tail);
    give_up_long_line(p);
    if (scratch != p->scratch_) {
        memcpy(scratch, p->scratch_, used);
    }
    p->scratch_ = scratch;
    p->scratch_cap_ = scratch_cap;
    set_data_cap(p);
    return SSE_OK;
}

size_t sse_parser_space_needed(const sse_parser *p)
{
    return p->need_;
}

void sse_parser_skip_event(sse_parser *p)
{
    const uint32_t no = SSE_PRIV_BUSY | SSE_PRIV_FRAGMENTS;
    if ((p->flags_ & no) != 0 || (p->need_ == 0 && !sse_priv_is_under_way(p))) {
        return;
    }
    if (p->need_ != 0 && p->line_ >= SSE_PRIV_COMMENT) {
        /* The scratch was wanted for a comment or an unknown field, which is
         * no part of the event. */
        p->flags_ |= SSE_PRIV_DROP_LINE;
    } else {
        give_up_long_line(p);
        if (p->line_ != SSE_PRIV_DATA) {
            /* A cut line waits behind the data: it moves up. */
            memmove(sse_priv_held(p), sse_priv_held(p) + p->held_,
                    smaller(p->line_len_, sse_priv_line_room(p)));
        }
        p->flags_ |= SSE_PRIV_DROPPING;
        p->held_ = 0;
    }
    p->need_ = 0;
}

sse_status sse_parser_set_last_event_id(sse_parser *p, const char *id,
                                        size_t len)
{
    if (p == NULL || (id == NULL && len > 0)) {
        return SSE_ERR_INVALID;
    }
    if ((p->flags_ & SSE_PRIV_BUSY) != 0) {
        return SSE_ERR_REENTRY;
    }
    if (len > p->id_cap_) {
        return SSE_ERR_NO_SPACE;
    }
    for (size_t i = 0; i < len; i++) {
        if (id[i] == '\0' || id[i] == '\r' || id[i] == '\n') {
            return SSE_ERR_CHARACTER;
        }
    }
    if (len > 0) {
        memmove(p->scratch_, id, len);
    }
    p->id_len_ = (uint32_t)len;
    return SSE_OK;
}

const char *sse_parser_last_event_id(const sse_parser *p, size_t *len)
{
    *len = p->id_len_;
    return p->scratch_;
}

int sse_parser_retry(const sse_parser *p, uint64_t *retry_ms)
{
    if ((p->flags_ & SSE_PRIV_HAS_RETRY) == 0) {
        return 0;
    }
    *retry_ms = p->retry_ms_;
    return 1;
}

uint64_t sse_parser_offset(const sse_parser *p)
{
    return p->offset_;
}
