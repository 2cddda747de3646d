/*
 * replay.h - what a returning reader missed.
 *
 * SPDX-License-Identifier: MIT
 *
 * A ring of serialized events in the caller's memory, the newest of them as
 * far as the memory goes.  An event is serialized once, when it is appended;
 * every reader is a cursor, a 64-bit position in the stream of all bytes ever
 * appended, and is served straight from the ring.  The ring knows which events
 * it still has and says so honestly: a reader that is behind it is told, and
 * never gets the rest of an event that was overwritten.
 *
 * One thread appends and reads, or the caller locks.
 */
#ifndef SSE_REPLAY_H
#define SSE_REPLAY_H

#include <sse/event.h>
#include <sse/export.h>
#include <sse/status.h>
#include <sse/writer.h>

/** What the ring remembers of one event.  Members are private. */
typedef struct sse_replay_entry {
    uint64_t at_;     /* position of its first byte */
    uint64_t stamp_;  /* the caller's, see sse_replay_append() */
    uint32_t len_;    /* bytes */
    uint32_t id_at_;  /* where its id begins, from `at_` */
    uint32_t id_len_; /* bytes */
    uint32_t has_id_;
} sse_replay_entry;

/** State of a ring.  Lives where the caller puts it; owns nothing. */
typedef struct sse_replay {
    char *bytes_;
    size_t bytes_cap_;
    sse_replay_entry *entries_;
    size_t entries_cap_;
    uint64_t tail_, head_;  /* positions retained: [tail, head) */
    uint64_t first_, next_; /* sequence numbers retained: [first, next) */
    uint64_t reserved_[4];
} sse_replay;

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Prepares an empty ring.
 *
 * @param bytes        Room for the serialized events, caller-owned, to be left
 *                     alone as long as the ring is in use.
 * @param bytes_cap    Bytes there; the largest event that can be appended.
 * @param entries      One for each event retained, likewise.
 * @param entries_cap  How many.
 * @param first        Sequence number of the first event; 1 is usual.  After
 *                     a restart a number beyond all that were given out keeps
 *                     them unique.
 * @return SSE_OK, or SSE_ERR_INVALID (NULL, or no room at all).
 * @since 0.1.0
 */
SSE_API sse_status sse_replay_init(sse_replay *replay, char *bytes,
                                   size_t bytes_cap,
                                   sse_replay_entry *entries,
                                   size_t entries_cap, uint64_t first);

/**
 * Serializes an event into the ring; the oldest ones make room.
 *
 * @param event  As for sse_event_write().  Readers resume behind events that
 *               have an id of their own; others can be missed only together
 *               with the next that has one.
 * @param stamp  Anything that never falls, such as milliseconds, for
 *               sse_replay_expire(); 0 if that is not used.
 * @param seq    Out, if not NULL: its sequence number.
 * @return SSE_OK
 *         SSE_ERR_TOO_LONG  larger than the whole ring; nothing changed.
 *         SSE_ERR_NO_FIELDS, SSE_ERR_CHARACTER, SSE_ERR_INVALID as for
 *         sse_event_write(); nothing changed.
 * @since 0.1.0
 */
SSE_API sse_status sse_replay_append(sse_replay *replay,
                                     const sse_event *event, uint64_t stamp,
                                     uint64_t *seq);

/**
 * Where a reader that has seen the event with this id goes on.
 *
 * The newest event with that id counts.  Linear in the events retained.
 *
 * @param id, len  What the reader sent as `Last-Event-ID`.
 * @param cursor   Out, required: the position behind that event; untouched
 *                 otherwise.
 * @return SSE_OK
 *         SSE_ERR_UNKNOWN  no event retained has this id: it was never given
 *                          out, or its event was overwritten.  Which of the
 *                          two, sse_replay_find_seq() can tell where ids are
 *                          sequence numbers.
 *         SSE_ERR_INVALID
 * @since 0.1.0
 */
SSE_API sse_status sse_replay_find(const sse_replay *replay, const char *id,
                                   size_t len, uint64_t *cursor);

/**
 * The same by sequence number.
 *
 * @return SSE_OK           *cursor is behind the event with this number; also
 *                          for the last one before the oldest retained.
 *         SSE_ERR_GONE     it was given out, and what follows it is no longer
 *                          retained in full.
 *         SSE_ERR_UNKNOWN  it was not given out yet.
 *         SSE_ERR_INVALID
 * @since 0.1.0
 */
SSE_API sse_status sse_replay_find_seq(const sse_replay *replay, uint64_t seq,
                                       uint64_t *cursor);

/**
 * The bytes from a cursor up to the newest: at most two pieces, since the ring
 * wraps once.
 *
 * The reader moves its cursor on by the bytes it took, which need not be whole
 * events.
 *
 * @param pieces  Out: two.  They point into the ring and die with the next
 *                sse_replay_append().
 * @param count   Out, required: how many of them are used; 0 if the reader
 *                is up to date.
 * @return SSE_OK
 *         SSE_ERR_GONE     the ring has overwritten the position: the reader
 *                          fell behind.
 *         SSE_ERR_UNKNOWN  the position is yet to come.
 *         SSE_ERR_INVALID
 * @since 0.1.0
 */
SSE_API sse_status sse_replay_span(const sse_replay *replay, uint64_t cursor,
                                   sse_piece pieces[2], size_t *count);

/**
 * Copies an event as it stands, with its stamp, from one ring to another; the
 * oldest ones there make room.  What merges several rings is made of this.
 *
 * @param to    Another ring than @p from.
 * @param seq   Sequence number of the event in @p from.
 * @return SSE_OK
 *         SSE_ERR_TOO_LONG  larger than the whole ring; nothing changed.
 *         SSE_ERR_GONE, SSE_ERR_UNKNOWN  @p from does not retain it.
 *         SSE_ERR_INVALID   NULL, or one and the same ring.
 * @since 0.1.0
 */
SSE_API sse_status sse_replay_copy(sse_replay *to, const sse_replay *from,
                                   uint64_t seq);

/**
 * Moves to other memory, such as a larger one.  What is retained stays with
 * its positions, numbers and stamps, so cursors stay what they are.
 *
 * @param bytes, bytes_cap, entries, entries_cap
 *                     As for sse_replay_init(), apart from what is in use; the
 *                     old memory is the caller's again.
 * @return SSE_OK
 *         SSE_ERR_NO_SPACE  what is retained does not fit; nothing changed.
 *         SSE_ERR_INVALID
 * @since 0.1.0
 */
SSE_API sse_status sse_replay_set_room(sse_replay *replay, char *bytes,
                                       size_t bytes_cap,
                                       sse_replay_entry *entries,
                                       size_t entries_cap);

/** Drops the oldest event, if there is one.  @since 0.1.0 */
SSE_API void sse_replay_drop(sse_replay *replay);

/**
 * Where an event retained lies, and its stamp.
 *
 * @param seq       Its sequence number.
 * @param position  Out, required: of its first byte.
 * @param len       Out, required: its bytes.
 * @param stamp     Out, required: as given to sse_replay_append().
 * @return SSE_OK, SSE_ERR_GONE, SSE_ERR_UNKNOWN, SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_replay_locate(const sse_replay *replay, uint64_t seq,
                                     uint64_t *position, size_t *len,
                                     uint64_t *stamp);

/**
 * Which event the byte at a position belongs to.  Logarithmic in the events
 * retained.
 *
 * @param position  A cursor.
 * @param seq       Out, required; for sse_replay_newest() the number that the
 *                  next event will get.
 * @return SSE_OK, SSE_ERR_GONE, SSE_ERR_UNKNOWN, SSE_ERR_INVALID as
 *         sse_replay_span().
 * @since 0.1.0
 */
SSE_API sse_status sse_replay_seek(const sse_replay *replay,
                                   uint64_t position, uint64_t *seq);

/**
 * Where a reader goes on that has seen all events up to a stamp, for stamps
 * that rise from event to event.  Logarithmic in the events retained.  Whether
 * events with larger stamps were dropped the caller has to know.
 *
 * @return The position of the first event retained with a larger stamp.
 * @since 0.1.0
 */
SSE_API uint64_t sse_replay_behind(const sse_replay *replay, uint64_t stamp);

/** Drops the events whose stamp is less than @p stamp.  @since 0.1.0 */
SSE_API void sse_replay_expire(sse_replay *replay, uint64_t stamp);

/** Position of the oldest event retained: where a reader starts that wants all
 *  there is.  @since 0.1.0 */
SSE_API uint64_t sse_replay_oldest(const sse_replay *replay);

/** Position behind the newest event: where a reader starts that wants only
 *  what is new.  @since 0.1.0 */
SSE_API uint64_t sse_replay_newest(const sse_replay *replay);

/** Sequence number of the oldest event retained, or of the next one if there
 *  is none.  @since 0.1.0 */
SSE_API uint64_t sse_replay_first_seq(const sse_replay *replay);

/** Sequence number that the next event will get.  @since 0.1.0 */
SSE_API uint64_t sse_replay_next_seq(const sse_replay *replay);

/**
 * The id of an event retained.
 *
 * @param seq     Its sequence number.
 * @param dst     Where the id is copied to, since the ring may cut it.
 * @param cap     Bytes there.
 * @param len     Out, required: bytes of the id, 0 for an event without one.
 * @return SSE_OK, SSE_ERR_NO_SPACE (with *len), SSE_ERR_GONE,
 *         SSE_ERR_UNKNOWN, SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_replay_id(const sse_replay *replay, uint64_t seq,
                                 char *dst, size_t cap, size_t *len);

#ifdef __cplusplus
}
#endif

#endif /* SSE_REPLAY_H */
