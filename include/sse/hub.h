/*
 * hub.h - topics: an event is published once, and everybody who subscribed
 * gets it.
 *
 * SPDX-License-Identifier: MIT
 *
 * A topic keeps its newest events, serialized, in a ring; a subscriber is a
 * position in that ring and little else.  At the end of each turn of the loop
 * subscribers get all that is new to them in one write, 64 of them in a turn;
 * the next turn follows at once and goes on with those who have waited
 * longest.  So a round through many holds nobody up, and what is published
 * while it lasts goes along with it.  Whoever comes back with the id of the
 * last event it saw gets what it missed and then goes on live, with nothing
 * twice and nothing left out; where something has been lost, an event of type
 * `gap` says so.
 *
 * Ids.  An event that is published without an id gets one of the hub's own,
 * `PREFIX-N`, where N counts all events of the hub, whatever their topic, and
 * PREFIX is another one after each start.  So an id names a place in all
 * topics at once, and a stream of several topics can be resumed in all of them
 * by the id of its last event.
 *
 * A hub belongs to the thread of its loop: no function here may be called from
 * another one; sse_loop_post() leads there.
 */
#ifndef SSE_HUB_H
#define SSE_HUB_H

#include <sse/sock.h>

/** Bytes of the longest id that sse_hub_publish() takes. */
#define SSE_HUB_MAX_ID 1024
/** Bytes of the longest name of a topic. */
#define SSE_HUB_MAX_NAME 255
/** Topics that one subscription can name. */
#define SSE_HUB_MAX_TOPICS 16

/** Topics and their subscribers. */
typedef struct sse_hub sse_hub;

/** What becomes of a subscriber that the ring has overtaken. */
typedef enum sse_hub_lag {
    SSE_HUB_CLOSE = 0, /**< its connection is closed; it comes back after
                            retry_ms and resumes, or is told of a gap */
    SSE_HUB_SKIP = 1   /**< it goes on with the oldest event retained, behind
                            an event of type `gap` */
} sse_hub_lag;

/** Settings of a topic.  To be filled by sse_topic_config_init(). */
typedef struct sse_topic_config {
    size_t size;          /**< set by sse_topic_config_init(); leave it */
    size_t retain_events; /**< events kept at most; 1024 */
    size_t retain_bytes;  /**< bytes of them, serialized, at most; memory is
                               taken as needed; also the largest event;
                               4 MiB */
    uint64_t retain_ms;   /**< age of the oldest at most; 0 for any; 0 */
    sse_hub_lag lag;      /**< SSE_HUB_CLOSE */
    uint32_t retry_ms;    /**< reconnection time that each stream tells at its
                               beginning; 0 tells none; 2 s */
    uint32_t keep_alive_ms; /**< silence before a comment is sent, told by the
                                 header field SSE-Keep-Alive; 0 sends none;
                                 15 s */
    sse_block_form keep_alive_form; /**< its form; SSE_BLOCK_ONE_LINE */
    uint64_t reserved[4]; /**< 0 */
} sse_topic_config;

/** Settings of a hub.  To be filled by sse_hub_config_init(). */
typedef struct sse_hub_config {
    size_t size;             /**< set by sse_hub_config_init(); leave it */
    sse_topic_config topic;  /**< of every topic that has none of its own */
    size_t max_topics;       /**< topics at a time; 10,000 */
    size_t burst;            /**< bytes of events for a connection in a turn,
                                  and in a chunk, at most; up to 1 MiB;
                                  32 KiB */
    uint32_t write_timeout_ms; /**< without any progress while there is
                                    something to send, or after a stream was
                                    to end; then closed; 30 s */
    uint32_t lifetime_ms;    /**< of a stream, which then ends cleanly as soon
                                  as its peer has got all, and is closed if
                                  that takes write_timeout_ms; the last eighth
                                  of it is chance, so that those who came
                                  together do not leave together; 0 for any;
                                  0 */
    const char *id_prefix;   /**< 1 to 32 letters, digits and the like
                                  (0x21 to 0x7e), other than those of any hub
                                  before; copied; NULL makes one of time and
                                  chance; NULL */
    size_t retain_total;     /**< bytes of memory for what all topics retain,
                                  several topics on one stream counted once
                                  more; beyond it each retains less; 1 GiB */
    uint32_t plain_sends;    /**< not 0: a send() for each write, also where
                                  Linux would take many at once by io_uring;
                                  0 */
    uint32_t reserved;       /**< 0 */
} sse_hub_config;

/** A name, which need not be NUL-terminated. */
typedef struct sse_hub_name {
    const char *text; /**< 1 to SSE_HUB_MAX_NAME bytes, any but NUL */
    size_t len;       /**< bytes */
} sse_hub_name;

/** What a hub holds and has done. */
typedef struct sse_hub_stats {
    uint64_t topics;      /**< topics now */
    uint64_t subscribers; /**< streams now */
    uint64_t stalled;     /**< of these, waiting for their peer to read */
    uint64_t retained_events; /**< in all topics, now */
    uint64_t retained_bytes;  /**< of these, now */
    uint64_t ring_bytes;  /**< memory held for them, now */
    uint64_t published;   /**< events in all */
    uint64_t subscribed;  /**< streams in all */
    uint64_t resumed;     /**< of these, with an id that was known, in all */
    uint64_t gaps;        /**< `gap` events in all */
    uint64_t writes;      /**< successful writes to connections in all */
    uint64_t bytes;       /**< that these wrote, in all */
    uint64_t overtaken;   /**< streams closed by SSE_HUB_CLOSE in all */
    uint64_t timeouts;    /**< streams closed by write_timeout_ms in all */
    uint64_t reserved[4]; /**< 0 */
} sse_hub_stats;

/** What a topic holds. */
typedef struct sse_topic_stats {
    uint64_t subscribers; /**< now, those of several topics not counted */
    uint64_t events;      /**< retained now */
    uint64_t bytes;       /**< of these */
    uint64_t reserved[5]; /**< 0 */
} sse_topic_stats;

#ifdef __cplusplus
extern "C" {
#endif

/** Fills in the defaults, which are named at each member.  @since 0.1.0 */
SSE_API void sse_topic_config_init(sse_topic_config *config);

/** Fills in the defaults, which are named at each member.  @since 0.1.0 */
SSE_API void sse_hub_config_init(sse_hub_config *config);

/**
 * Makes a hub without topics.
 *
 * @param loop    It runs in the turns of this loop.
 * @param config  NULL for the defaults; not kept.
 * @param hub     Out, required; NULL unless SSE_OK.
 * @return SSE_OK, SSE_ERR_NO_MEMORY, SSE_ERR_INVALID (a required pointer is
 *         NULL, or a size is 0 that must not be).
 * @since 0.1.0
 */
SSE_API sse_status sse_hub_open(sse_loop *loop, const sse_hub_config *config,
                                sse_hub **hub);

/**
 * Closes all streams as they are, and frees the hub.  Before the close of the
 * servers it took subscribers from, or after it; before that of the loop.
 *
 * @param hub  NULL is ignored.
 * @since 0.1.0
 */
SSE_API void sse_hub_close(sse_hub *hub);

/**
 * Makes a topic with settings of its own, or gives them to one that is there.
 * Without this call a topic appears with its first event or subscriber.  A
 * topic made by this call stays until sse_hub_remove(), others may be given up
 * when nobody has subscribed to them and max_topics are there.
 *
 * @param config  NULL for those of the hub; not kept.
 * @return SSE_OK, SSE_ERR_NO_MEMORY, SSE_ERR_LIMIT (max_topics),
 *         SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_hub_topic(sse_hub *hub, sse_hub_name topic,
                                 const sse_topic_config *config);

/**
 * Publishes an event.  It is serialized now and sent at the end of the turn,
 * or of the next one if none is running, and of those that follow it until all
 * subscribers have it.
 *
 * @param event   As for sse_event_write().  Without SSE_FIELD_ID it gets an id
 *                of the hub's own.  Given ones should be unique; of several
 *                events with one id the newest counts.  Readers bring them
 *                back in a header field, which holds no control characters
 *                and loses white space at its ends.
 * @param id      Out, if not NULL: its id, NUL-terminated.
 * @param id_cap  Bytes at @p id; SSE_HUB_MAX_ID + 1 always suffice.
 * @return SSE_OK
 *         SSE_ERR_TOO_LONG   the event is larger than retain_bytes, or its id
 *                            than SSE_HUB_MAX_ID.
 *         SSE_ERR_NO_SPACE   @p id_cap is too small; nothing was published.
 *         SSE_ERR_LIMIT      it would be a topic more than max_topics.
 *         SSE_ERR_NO_MEMORY  also where retain_total leaves no room at all.
 *         SSE_ERR_NO_FIELDS, SSE_ERR_CHARACTER, SSE_ERR_INVALID as for
 *         sse_event_write(); also for an empty name.
 * @since 0.1.0
 */
SSE_API sse_status sse_hub_publish(sse_hub *hub, sse_hub_name topic,
                                   const sse_event *event, char *id,
                                   size_t id_cap);

/**
 * Answers a request with the stream of one or several topics.
 *
 * The connection is the hub's from now on; the request is over, and its close
 * callback runs at the end of the turn.  The stream begins with a comment and
 * the reconnection time.  The response names the id behind which it really
 * starts in the field Last-Event-ID.  With several topics the events come in
 * the order in which they were published.
 *
 * @param request      Of a server on the same loop, not yet answered.  HEAD
 *                     gets the head alone.
 * @param topics       The topics; the settings are those of the first.
 * @param topic_count  1 to SSE_HUB_MAX_TOPICS.
 * @param last_id      What the peer sent as `Last-Event-ID`; NULL or empty for
 *                     none: then it gets what is published from now on.  After
 *                     a known one it gets all that follows it, after an unknown
 *                     one a `gap` event and all that is retained.
 * @param last_id_len  Bytes.
 * @param extra        More header fields, copied; see sse_stream_open().
 * @param extra_count  How many; 30 at most.
 * @return SSE_OK
 *         SSE_ERR_LIMIT      it would be a topic more than max_topics, or
 *                            sixteen servers have streams of this hub.
 *         SSE_ERR_CLOSED     it was answered before, or the hub is draining.
 *         SSE_ERR_CHARACTER  in a header field.
 *         SSE_ERR_NO_MEMORY, SSE_ERR_SYSTEM, SSE_ERR_INVALID
 *         Unless SSE_OK, the request can still be answered; without memory
 *         or with an error of the system its connection may be closed instead.
 * @since 0.1.0
 */
SSE_API sse_status sse_hub_subscribe(sse_hub *hub, sse_request *request,
                                     const sse_hub_name *topics,
                                     size_t topic_count, const char *last_id,
                                     size_t last_id_len,
                                     const sse_http_header *extra,
                                     size_t extra_count);

/**
 * Ends the streams of a topic cleanly, each once it has got all that was
 * published, and forgets the topic.  Streams of several topics go on.  A topic
 * that is not there is ignored.  One whose peer has not got all after
 * write_timeout_ms is closed.
 *
 * @since 0.1.0
 */
SSE_API void sse_hub_remove(sse_hub *hub, sse_hub_name topic);

/**
 * Ends all streams cleanly, spread by chance over a time, so that those who
 * come back do not come together, each once its peer has got all; one that
 * needs write_timeout_ms for that is closed.  Takes no more subscribers.
 *
 * @param within_ms  0 ends all in the next turn.
 * @since 0.1.0
 */
SSE_API void sse_hub_drain(sse_hub *hub, uint32_t within_ms);

/** Copies the counters.  @since 0.1.0 */
SSE_API void sse_hub_get_stats(const sse_hub *hub, sse_hub_stats *stats);

/** What a topic holds.  @return SSE_OK, SSE_ERR_UNKNOWN (there is none of this
 *  name), SSE_ERR_INVALID.  @since 0.1.0 */
SSE_API sse_status sse_hub_get_topic_stats(const sse_hub *hub,
                                           sse_hub_name topic,
                                           sse_topic_stats *stats);

#ifdef __cplusplus
}
#endif

#endif /* SSE_HUB_H */
