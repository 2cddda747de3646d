/*
 * ring.h - what the files of the replay ring share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_RING_H
#define SSE_PRIV_RING_H

#include <sse/replay.h>

/* The entry of an event that is retained. */
static inline sse_replay_entry *sse_priv_ring_entry(const sse_replay *r,
                                                    uint64_t seq)
{
    return &r->entries_[seq % r->entries_cap_];
}

/* Position behind an event. */
static inline uint64_t sse_priv_ring_end(const sse_replay *r, uint64_t seq)
{
    const sse_replay_entry *const e = sse_priv_ring_entry(r, seq);
    return e->at_ + e->len_;
}

/* Where in the ring's memory a position is. */
static inline size_t sse_priv_ring_place(const sse_replay *r, uint64_t at)
{
    return (size_t)(at % r->bytes_cap_);
}

/* The ring's bytes from a position on, as one or two pieces. */
static inline size_t sse_priv_ring_pieces(const sse_replay *r, uint64_t at,
                                          size_t len, sse_piece pieces[2])
{
    const size_t left = r->bytes_cap_ - sse_priv_ring_place(r, at);
    const size_t first = left < len ? left : len;
    pieces[0].base = r->bytes_ + sse_priv_ring_place(r, at);
    pieces[0].len = first;
    pieces[1].base = r->bytes_;
    pieces[1].len = len - first;
    return len == 0 ? 0 : (first < len ? 2 : 1);
}

/* Whether an event is retained: SSE_OK, SSE_ERR_UNKNOWN (not yet there) or
 * SSE_ERR_GONE. */
static inline sse_status sse_priv_ring_retains(const sse_replay *r,
                                               uint64_t seq)
{
    if (seq >= r->next_) {
        return SSE_ERR_UNKNOWN;
    }
    return seq < r->first_ ? SSE_ERR_GONE : SSE_OK;
}

/* The oldest event is forgotten; there is one. */
void sse_priv_ring_drop(sse_replay *r);

/* For one more event; the size is not more than the ring's. */
void sse_priv_ring_make_room(sse_replay *r, size_t size);

#endif /* SSE_PRIV_RING_H */
