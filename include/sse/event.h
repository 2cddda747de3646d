/*
 * event.h - one event, as the parser hands it out and the writer takes it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_EVENT_H
#define SSE_EVENT_H

#include <stddef.h>
#include <stdint.h>

/** Bits of sse_event::fields: which fields the block carried, and which of
 *  them the writer is to write. */
#define SSE_FIELD_TYPE 0x1u  /**< an `event` line */
#define SSE_FIELD_DATA 0x2u  /**< at least one `data` line */
#define SSE_FIELD_ID 0x4u    /**< an `id` line that counts */
#define SSE_FIELD_RETRY 0x8u /**< a `retry` line that counts */

/**
 * One event.  It owns nothing: the pointers belong to whoever filled it in.
 * No text is NUL-terminated, and a pointer may be NULL where its length is 0.
 *
 * Out of the parser all of it is borrowed and lives as long as the call that
 * handed it over says.  `type` is "message" when the stream named none, `id`
 * is the *last event ID* (empty if there is none yet), whatever `fields` says.
 *
 * Into the writer only what `fields` names is read; an event with no bit set
 * is an error there.  Start from one of the constructors below, or from
 * a zeroed struct, so that members of later versions are 0.
 */
typedef struct sse_event {
    const char *type; /**< event type */
    size_t type_len;  /**< bytes */
    const char *data; /**< data, lines joined by LF, without a final LF */
    size_t data_len;  /**< bytes */
    const char *id;   /**< last event ID; into the writer: this event's id */
    size_t id_len;    /**< bytes */
    uint64_t retry_ms; /**< reconnection time in ms, if SSE_FIELD_RETRY */
    uint64_t offset;  /**< out of the parser: bytes of the stream up to and
                           with the first byte of the line end of the blank
                           line that completed the event */
    uint32_t fields;  /**< SSE_FIELD_* */
    uint32_t reserved; /**< 0 */
} sse_event;

/** An event of data alone: what `message` listeners and LLM clients read. */
static inline sse_event sse_event_of_data(const char *data, size_t data_len)
{
    sse_event event = {NULL, 0, NULL, 0, NULL, 0, 0, 0, 0, 0};
    event.data = data;
    event.data_len = data_len;
    event.fields = SSE_FIELD_DATA;
    return event;
}

/** An event with a type and data. */
static inline sse_event sse_event_of_type(const char *type, size_t type_len,
                                          const char *data, size_t data_len)
{
    sse_event event = sse_event_of_data(data, data_len);
    event.type = type;
    event.type_len = type_len;
    event.fields |= SSE_FIELD_TYPE;
    return event;
}

/** The same event with an id, so that a reader can resume behind it. */
static inline sse_event sse_event_with_id(sse_event event, const char *id,
                                          size_t id_len)
{
    event.id = id;
    event.id_len = id_len;
    event.fields |= SSE_FIELD_ID;
    return event;
}

/** The same event with a reconnection time in milliseconds. */
static inline sse_event sse_event_with_retry(sse_event event,
                                             uint64_t retry_ms)
{
    event.retry_ms = retry_ms;
    event.fields |= SSE_FIELD_RETRY;
    return event;
}

#endif /* SSE_EVENT_H */
