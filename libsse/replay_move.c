/*
 * replay_move.c - the replay ring: events copied from ring to ring, rings moved
 * to other memory, and where in a ring something lies.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ring.h"

#include <string.h>

/* Copies a range of one ring to its place in another. */
static void copy_range(const sse_replay *from, uint64_t at, size_t len,
                       const sse_replay *to, uint64_t to_at)
{
    sse_piece source[2];
    const size_t count = sse_priv_ring_pieces(from, at, len, source);
    for (size_t i = 0; i < count; i++) {
        sse_piece target[2];
        const char *base = source[i].base;
        const size_t parts =
            sse_priv_ring_pieces(to, to_at, source[i].len, target);
        for (size_t k = 0; k < parts; k++) {
            memcpy(to->bytes_ + (target[k].base - to->bytes_), base,
                   target[k].len);
            base += target[k].len;
        }
        to_at += source[i].len;
    }
}

sse_status sse_replay_copy(sse_replay *to, const sse_replay *from,
                           uint64_t seq)
{
    if (to == NULL || from == NULL || to == from) {
        return SSE_ERR_INVALID;
    }
    const sse_status status = sse_priv_ring_retains(from, seq);
    if (status != SSE_OK) {
        return status;
    }
    const sse_replay_entry *const source = sse_priv_ring_entry(from, seq);
    if (source->len_ > to->bytes_cap_) {
        return SSE_ERR_TOO_LONG;
    }
    sse_priv_ring_make_room(to, source->len_);
    sse_replay_entry *const e = sse_priv_ring_entry(to, to->next_);
    *e = *source;
    e->at_ = to->head_;
    copy_range(from, source->at_, source->len_, to, to->head_);
    to->head_ += source->len_;
    to->next_++;
    return SSE_OK;
}

sse_status sse_replay_set_room(sse_replay *r, char *bytes, size_t bytes_cap,
                               sse_replay_entry *entries, size_t entries_cap)
{
    if (r == NULL || bytes == NULL || bytes_cap == 0 || entries == NULL ||
        entries_cap == 0) {
        return SSE_ERR_INVALID;
    }
    if (r->head_ - r->tail_ > bytes_cap ||
        r->next_ - r->first_ > entries_cap) {
        return SSE_ERR_NO_SPACE;
    }
    sse_replay moved = *r;
    moved.bytes_ = bytes;
    moved.bytes_cap_ = bytes_cap;
    moved.entries_ = entries;
    moved.entries_cap_ = entries_cap;
    for (uint64_t seq = r->first_; seq < r->next_; seq++) {
        *sse_priv_ring_entry(&moved, seq) = *sse_priv_ring_entry(r, seq);
    }
    copy_range(r, r->tail_, (size_t)(r->head_ - r->tail_), &moved, r->tail_);
    *r = moved;
    return SSE_OK;
}

void sse_replay_drop(sse_replay *r)
{
    if (r->first_ < r->next_) {
        sse_priv_ring_drop(r);
    }
}

sse_status sse_replay_locate(const sse_replay *r, uint64_t seq,
                             uint64_t *position, size_t *len, uint64_t *stamp)
{
    if (r == NULL || position == NULL || len == NULL || stamp == NULL) {
        return SSE_ERR_INVALID;
    }
    const sse_status status = sse_priv_ring_retains(r, seq);
    if (status == SSE_OK) {
        *position = sse_priv_ring_entry(r, seq)->at_;
        *len = sse_priv_ring_entry(r, seq)->len_;
        *stamp = sse_priv_ring_entry(r, seq)->stamp_;
    }
    return status;
}

sse_status sse_replay_seek(const sse_replay *r, uint64_t position,
                           uint64_t *seq)
{
    if (r == NULL || seq == NULL) {
        return SSE_ERR_INVALID;
    }
    if (position < r->tail_) {
        return SSE_ERR_GONE;
    }
    if (position > r->head_) {
        return SSE_ERR_UNKNOWN;
    }
    /* The first event that ends behind it. */
    uint64_t low = r->first_;
    uint64_t high = r->next_;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (sse_priv_ring_end(r, middle) > position) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    *seq = low;
    return SSE_OK;
}

uint64_t sse_replay_behind(const sse_replay *r, uint64_t stamp)
{
    uint64_t low = r->first_;
    uint64_t high = r->next_;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (sse_priv_ring_entry(r, middle)->stamp_ > stamp) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low == r->next_ ? r->head_ : sse_priv_ring_entry(r, low)->at_;
}
