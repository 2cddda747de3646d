/*
 * channels.h - streams that outlive their connections.
 *
 * SPDX-License-Identifier: MIT
 *
 * A channel keeps the events of one answer or one extraction.  Whoever makes
 * the events adds them; any number of readers follow, each at its own pace
 * from the event it asked for.  After its end a channel is kept for a while,
 * so that a reader who lost his connection still gets the rest.
 */
#ifndef CHAT_CHANNELS_H
#define CHAT_CHANNELS_H

#include <jansson.h>
#include <sse/sock.h>

#include "base/ids.h"
#include "http/events.h"

#define CHANNEL_KEPT_MS 600000     /* after the end */
#define CHANNEL_GRACE_MS 2000      /* without a reader, before it is given up */
#define CHANNEL_AHEAD ((size_t)64 << 10) /* payload that may wait for the
                                            fastest reader */
#define CHANNELS_KEPT_MAX ((size_t)16 << 20) /* bytes of ended channels */
#define CHANNEL_BUCKETS 1024

struct channel;
struct web;

/** Ended channels are dropped early, the oldest first, when together they
 *  exceed CHANNELS_KEPT_MAX. */
struct channels {
    struct channel *buckets[CHANNEL_BUCKETS]; /* by id */
    struct channel *oldest, *newest;          /* those that ended */
    size_t kept;                              /* their bytes */
    size_t count;
    size_t readers;
    struct buf scratch;
};

enum channel_kind { CHANNEL_ANSWER, CHANNEL_JOB };

/** Who makes the events. */
struct channel_source {
    /** No reader has been there for CHANNEL_GRACE_MS; NULL if that is
     *  nothing to the source, which then runs on. */
    void (*abandoned)(void *user);
    /** Not 0: running without a reader it still counts as a stream. */
    int counts;
    /** Readers take more again, after channel_full() had said no; NULL if that
     *  is never asked. */
    void (*drained)(void *user);
};

/**
 * Makes a channel.
 *
 * @param id         Of the stream or the job.
 * @param user_seq   Whose it is.
 */
struct channel *channel_new(struct web *web, enum channel_kind kind,
                            const struct id *id, int64_t user_seq);

/** Says who makes its events.  @param user  Given to it. */
void channel_feed_from(struct channel *channel,
                       const struct channel_source *source, void *user);

/** What channel_feed_from() was given, while the channel has not ended. */
void *channel_source_user(const struct channel *channel);

/** Finds a user's channel by its id; NULL if there is none. */
struct channel *channel_find(struct web *web, enum channel_kind kind,
                             const struct id *id, int64_t user_seq);

/** Adds an event, see events_add(). */
int channel_add(struct channel *channel, enum event_kind kind,
                const char *payload, size_t len);

/** Adds an event of JSON, which is taken over. */
void channel_add_json(struct channel *channel, enum event_kind kind,
                      json_t *payload);

/** Not 0 if even the fastest reader is far behind. */
int channel_full(struct channel *channel);

/** Nothing will be added any more; the source is not called again. */
void channel_end(struct channel *channel);

/** What an attempt to read led to. */
enum channel_attached {
    CHANNEL_READING, /* the request is a stream now */
    CHANNEL_READ,    /* nothing is left for this reader: 204 */
    CHANNEL_GONE     /* the request is over */
};

/**
 * Gives a request the events after @p last_id.  The reader takes over one
 * place of its user's, see limits.h, unless CHANNEL_READ is returned.
 */
enum channel_attached channel_attach(struct channel *channel,
                                     sse_request *request,
                                     const char *last_id);

/** A request for it went away before it could be attached: as if a reader had
 *  left. */
void channel_missed(struct channel *channel);

/** Ends the streams of those who watch jobs, which go on after the next start.
 *  Answers end by themselves. */
void channels_leave_jobs(struct channels *channels);

/** Frees everything; readers must be gone. */
void channels_free(struct web *web);

#endif /* CHAT_CHANNELS_H */
