/*
 * replay.c - a ring of serialized events in caller memory.
 *
 * Positions and sequence numbers only ever grow; a position modulo the ring's
 * size is a place in it.  64 bits last for 500 years at a gigabyte a second.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ring.h"
#include "sink.h"
#include "writer.h"

#include <string.h>

sse_status sse_replay_init(sse_replay *r, char *bytes, size_t bytes_cap,
                           sse_replay_entry *entries, size_t entries_cap,
                           uint64_t first)
{
    if (r == NULL || bytes == NULL || bytes_cap == 0 || entries == NULL ||
        entries_cap == 0) {
        return SSE_ERR_INVALID;
    }
    memset(r, 0, sizeof *r);
    r->bytes_ = bytes;
    r->bytes_cap_ = bytes_cap;
    r->entries_ = entries;
    r->entries_cap_ = entries_cap;
    r->first_ = first;
    r->next_ = first;
    return SSE_OK;
}

void sse_priv_ring_drop(sse_replay *r)
{
    const sse_replay_entry *const oldest = sse_priv_ring_entry(r, r->first_);
    r->tail_ = oldest->at_ + oldest->len_;
    r->first_++;
}

void sse_priv_ring_make_room(sse_replay *r, size_t size)
{
    while (r->next_ - r->first_ == r->entries_cap_ ||
           r->head_ - r->tail_ > r->bytes_cap_ - size) {
        sse_priv_ring_drop(r);
    }
}

/* Where in a serialized event the id stands: behind an `event` line, if there
 * is one, and `id: `. */
static size_t id_at(const sse_event *event)
{
    const size_t type = (event->fields & SSE_FIELD_TYPE) != 0
                            ? sizeof "event: " - 1 + event->type_len + 1
                            : 0;
    return type + sizeof "id: " - 1;
}

sse_status sse_replay_append(sse_replay *r, const sse_event *event,
                             uint64_t stamp, uint64_t *seq)
{
    size_t size = 0;
    if (r == NULL) {
        return SSE_ERR_INVALID;
    }
    const sse_status status = sse_event_size(event, &size);
    if (status != SSE_OK) {
        return status;
    }
    if (size > r->bytes_cap_ || size > UINT32_MAX) {
        return SSE_ERR_TOO_LONG;
    }
    sse_priv_ring_make_room(r, size);
    const int has_id = (event->fields & SSE_FIELD_ID) != 0;
    sse_replay_entry *const e = sse_priv_ring_entry(r, r->next_);
    e->at_ = r->head_;
    e->stamp_ = stamp;
    e->len_ = (uint32_t)size;
    e->has_id_ = (uint32_t)has_id;
    e->id_at_ = has_id ? (uint32_t)id_at(event) : 0;
    e->id_len_ = has_id ? (uint32_t)event->id_len : 0;
    sse_priv_sink sink = {r->bytes_, 0, r->bytes_cap_,
                          sse_priv_ring_place(r, r->head_)};
    sse_priv_event_put(&sink, event);
    r->head_ += size;
    if (seq != NULL) {
        *seq = r->next_;
    }
    r->next_++;
    return SSE_OK;
}

/* memcmp() == 0, of which compilers make calls of another name. */
static int is_equal(const char *a, const char *b, size_t len)
{
    size_t i = 0;
    while (i < len && a[i] == b[i]) {
        i++;
    }
    return i == len;
}

static int has_id(const sse_replay *r, const sse_replay_entry *e,
                  const char *id, size_t len)
{
    if (!e->has_id_ || e->id_len_ != len) {
        return 0;
    }
    sse_piece pieces[2];
    (void)sse_priv_ring_pieces(r, e->at_ + e->id_at_, len, pieces);
    return len == 0 ||
           (is_equal(pieces[0].base, id, pieces[0].len) &&
            is_equal(pieces[1].base, id + pieces[0].len, pieces[1].len));
}

sse_status sse_replay_find(const sse_replay *r, const char *id, size_t len,
                           uint64_t *cursor)
{
    if (r == NULL || (id == NULL && len > 0) || cursor == NULL) {
        return SSE_ERR_INVALID;
    }
    for (uint64_t seq = r->next_; seq > r->first_; seq--) {
        const sse_replay_entry *const e = sse_priv_ring_entry(r, seq - 1);
        if (has_id(r, e, id, len)) {
            *cursor = e->at_ + e->len_;
            return SSE_OK;
        }
    }
    return SSE_ERR_UNKNOWN;
}

sse_status sse_replay_find_seq(const sse_replay *r, uint64_t seq,
                               uint64_t *cursor)
{
    if (r == NULL || cursor == NULL) {
        return SSE_ERR_INVALID;
    }
    if (seq >= r->next_) {
        return SSE_ERR_UNKNOWN;
    }
    if (seq + 1 < r->first_) {
        return SSE_ERR_GONE;
    }
    *cursor = seq + 1 == r->first_ ? r->tail_ : sse_priv_ring_end(r, seq);
    return SSE_OK;
}

sse_status sse_replay_span(const sse_replay *r, uint64_t cursor,
                           sse_piece pieces[2], size_t *count)
{
    if (r == NULL || pieces == NULL || count == NULL) {
        return SSE_ERR_INVALID;
    }
    *count = 0;
    if (cursor < r->tail_) {
        return SSE_ERR_GONE;
    }
    if (cursor > r->head_) {
        return SSE_ERR_UNKNOWN;
    }
    *count = sse_priv_ring_pieces(r, cursor, (size_t)(r->head_ - cursor),
                                  pieces);
    return SSE_OK;
}

void sse_replay_expire(sse_replay *r, uint64_t stamp)
{
    while (r->first_ < r->next_ &&
           sse_priv_ring_entry(r, r->first_)->stamp_ < stamp) {
        sse_priv_ring_drop(r);
    }
}

uint64_t sse_replay_oldest(const sse_replay *r)
{
    return r->tail_;
}

uint64_t sse_replay_newest(const sse_replay *r)
{
    return r->head_;
}

uint64_t sse_replay_first_seq(const sse_replay *r)
{
    return r->first_;
}

uint64_t sse_replay_next_seq(const sse_replay *r)
{
    return r->next_;
}

sse_status sse_replay_id(const sse_replay *r, uint64_t seq, char *dst,
                         size_t cap, size_t *len)
{
    if (r == NULL || (dst == NULL && cap > 0) || len == NULL) {
        return SSE_ERR_INVALID;
    }
    *len = 0;
    const sse_status status = sse_priv_ring_retains(r, seq);
    if (status != SSE_OK) {
        return status;
    }
    const sse_replay_entry *const e = sse_priv_ring_entry(r, seq);
    *len = e->id_len_;
    if (*len > cap) {
        return SSE_ERR_NO_SPACE;
    }
    sse_piece pieces[2];
    if (sse_priv_ring_pieces(r, e->at_ + e->id_at_, *len, pieces) > 0) {
        memcpy(dst, pieces[0].base, pieces[0].len);
        memcpy(dst + pieces[0].len, pieces[1].base, pieces[1].len);
    }
    return SSE_OK;
}
