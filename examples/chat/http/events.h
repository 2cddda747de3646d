/*
 * events.h - the events of one stream, kept to be told again.
 *
 * SPDX-License-Identifier: MIT
 *
 * Kept are the payloads alone: text as text, everything else as JSON.  Ids and
 * framing are written anew for each reader, so a long answer of short pieces
 * costs its text and four bytes a piece.
 */
#ifndef CHAT_EVENTS_H
#define CHAT_EVENTS_H

#include <sse/writer.h>
#include <stdint.h>

#include "base/buf.h"

#define EVENT_TEXT_MAX 4096                /* bytes of text in one event */
#define EVENTS_MAX ((size_t)8 << 20)       /* bytes of all payloads */
#define EVENTS_END ((size_t)2 << 20)       /* of them for what is no chunk */
#define EVENT_ID_MAX 40                    /* an id with its NUL */

enum event_kind {
    EVENT_START,
    EVENT_PROGRESS,
    EVENT_CHUNK, /* JSON */
    EVENT_TEXT,  /* a chunk, too: text for {"content"} */
    EVENT_DONE,
    EVENT_ERROR
};

struct events {
    char nonce[17];      /* in front of each id: unknown elsewhere */
    struct buf payloads;
    uint32_t *ends;      /* of each: where it ends, and its kind above that */
    size_t count, room;
    uint32_t retry_ms;   /* told with the first event */
    const char *error_type;
};

/** @param error_type  Type of EVENT_ERROR; borrowed. */
void events_init(struct events *events, const char *error_type);

void events_free(struct events *events);

/** Gives back the room that nothing will fill any more.  @return bytes of
 *  memory that are left. */
size_t events_settle(struct events *events);

/** Adds one; text longer than EVENT_TEXT_MAX becomes several.  Chunks leave
 *  room for the events that end a stream.
 *  @return 0; -1 if there is no more room: nothing was added. */
int events_add(struct events *events, enum event_kind kind,
               const char *payload, size_t len);

/** Number of the event after the one with this id: 0, all of them, for an id
 *  that is NULL, empty or not of this stream. */
size_t events_after(const struct events *events, const char *id);

/** Bytes of the payloads from event @p index on. */
size_t events_bytes_from(const struct events *events, size_t index);

/** Writes one event as bytes of the stream behind what @p out holds. */
void events_write(const struct events *events, size_t index, struct buf *out);

#endif /* CHAT_EVENTS_H */
