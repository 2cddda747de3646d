/*
 * channel.h - one channel and its readers; for channels.c and channel.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_CHANNEL_H
#define CHAT_CHANNEL_H

#include "http/channels.h"

struct reader {
    struct channel *channel;
    struct reader *next, *prev;
    sse_stream *stream;
    size_t at;   /* the event to send next */
    int blocked; /* the stream's buffer is full */
    int ended;
};

struct channel {
    struct web *web;
    struct channel *next;          /* in its bucket */
    struct channel *older, *newer; /* among those that ended */
    enum channel_kind kind;
    struct id id;
    int64_t user_seq;
    struct events events;
    struct reader *readers;
    const struct channel_source *source; /* NULL after the end */
    void *user;
    int ended;
    size_t kept;   /* bytes it holds after its end */
    int expired;
    int full;      /* the source was told to wait */
    int held;      /* it counts as a stream without a reader */
    sse_timer timer; /* of the grace, then until it is dropped */
};

/** Sends the readers what they have not got. */
void channel_pump(struct channel *channel);

/** Gives back the place of a stream that ran without a reader. */
void channel_unhold(struct channel *channel);

/** Ends the streams of its readers. */
void channel_end_readers(struct channel *channel);

/** Frees it; readers must be gone. */
void channel_free(struct channel *channel);

#endif /* CHAT_CHANNEL_H */
