/*
 * channel.c - one channel and its readers.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/channel.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "http/web.h"

static void end_reader(struct reader *reader)
{
    if (!reader->ended) {
        reader->ended = 1;
        (void)sse_stream_end(reader->stream);
    }
}

/* Sends as much as the stream takes. */
static void pump(struct reader *reader)
{
    const struct channel *channel = reader->channel;
    struct buf *scratch = &channel->web->channels.scratch;
    while (reader->at < channel->events.count && !reader->blocked) {
        buf_clear(scratch);
        events_write(&channel->events, reader->at, scratch);
        sse_status status =
            sse_stream_write(reader->stream, scratch->at, scratch->len);
        if (status == SSE_ERR_NO_SPACE) {
            reader->blocked = 1;
        } else if (status == SSE_OK) {
            reader->at++;
        } else {
            /* Gone, or beyond any limit: its close callback will tell. */
            sse_stream_abort(reader->stream);
            reader->blocked = 1;
        }
    }
    if (reader->at == channel->events.count && channel->ended) {
        end_reader(reader);
    }
}

void channel_pump(struct channel *channel)
{
    for (struct reader *reader = channel->readers; reader != NULL;
         reader = reader->next) {
        pump(reader);
    }
}

int channel_add(struct channel *channel, enum event_kind kind,
                const char *payload, size_t len)
{
    if (channel->ended ||
        events_add(&channel->events, kind, payload, len) != 0) {
        return -1;
    }
    channel_pump(channel);
    return 0;
}

void channel_add_json(struct channel *channel, enum event_kind kind,
                      json_t *payload)
{
    char *text = json_text(payload);
    (void)channel_add(channel, kind, text, strlen(text));
    free(text);
}

/* Without readers nothing is full: the events are bounded, and whoever comes
 * back wants them all. */
static int is_full(const struct channel *channel)
{
    int full = channel->readers != NULL;
    for (const struct reader *reader = channel->readers;
         reader != NULL && full; reader = reader->next) {
        full = reader->blocked &&
               events_bytes_from(&channel->events, reader->at) >
                   CHANNEL_AHEAD;
    }
    return full;
}

int channel_full(struct channel *channel)
{
    channel->full = is_full(channel);
    return channel->full;
}

static void tell_drained(struct channel *channel)
{
    if (channel->full && !is_full(channel)) {
        channel->full = 0;
        if (channel->source != NULL) {
            channel->source->drained(channel->user);
        }
    }
}

static void on_writable(sse_stream *stream, void *user)
{
    struct reader *reader = (struct reader *)user;
    (void)stream;
    reader->blocked = 0;
    pump(reader);
    tell_drained(reader->channel);
}

/* ---- Coming and going ---- */

void channel_feed_from(struct channel *channel,
                       const struct channel_source *source, void *user)
{
    channel->source = source;
    channel->user = user;
}

void *channel_source_user(const struct channel *channel)
{
    return channel->source != NULL ? channel->user : NULL;
}

void channel_unhold(struct channel *channel)
{
    if (channel->held) {
        channel->held = 0;
        limits_give(&channel->web->limits, channel->user_seq);
    }
}

static void on_grace(sse_loop *loop, sse_timer *timer, void *user)
{
    struct channel *channel = (struct channel *)user;
    (void)loop;
    (void)timer;
    if (channel->source != NULL) {
        channel->source->abandoned(channel->user);
    }
}

static void left_alone(struct channel *channel)
{
    if (channel->ended || channel->source == NULL) {
        return;
    }
    tell_drained(channel);
    if (channel->source->abandoned != NULL) {
        (void)sse_timer_start(channel->web->loop, &channel->timer,
                              CHANNEL_GRACE_MS, on_grace, channel);
    } else if (channel->source->counts && !channel->held) {
        channel->held = limits_hold(&channel->web->limits, channel->user_seq);
    }
}

static void on_close(sse_stream *stream, int clean, void *user)
{
    struct reader *reader = (struct reader *)user;
    struct channel *channel = reader->channel;
    (void)stream;
    (void)clean;
    if (reader->prev != NULL) {
        reader->prev->next = reader->next;
    } else {
        channel->readers = reader->next;
    }
    if (reader->next != NULL) {
        reader->next->prev = reader->prev;
    }
    free(reader);
    channel->web->channels.readers--;
    limits_give(&channel->web->limits, channel->user_seq);
    if (channel->readers != NULL) {
        tell_drained(channel);
    } else if (channel->expired) {
        channel_free(channel);
    } else {
        left_alone(channel);
    }
}

enum channel_attached channel_attach(struct channel *channel,
                                     sse_request *request, const char *last_id)
{
    static const sse_http_header extra[] = {
        {"X-Content-Type-Options", "nosniff"}};
    size_t at = events_after(&channel->events, last_id);
    if (channel->ended && at > 0 && at == channel->events.count) {
        return CHANNEL_READ;
    }
    sse_stream *stream;
    if (sse_stream_open(request, extra, 1, &stream) != SSE_OK) {
        return CHANNEL_GONE;
    }
    struct reader *reader = (struct reader *)mem_zero(1, sizeof *reader);
    reader->channel = channel;
    reader->stream = stream;
    reader->at = at;
    reader->next = channel->readers;
    if (reader->next != NULL) {
        reader->next->prev = reader;
    }
    channel->readers = reader;
    channel->web->channels.readers++;
    channel->web->statuses[200]++;
    sse_stream_on_writable(stream, on_writable, reader);
    sse_stream_on_close(stream, on_close, reader);
    channel_unhold(channel);
    if (!channel->ended) {
        sse_timer_stop(channel->web->loop, &channel->timer);
    }
    if (at == channel->events.count && !channel->ended) {
        /* Nothing to tell yet: the head goes out with a comment. */
        (void)sse_stream_write(stream, ":\n", 2);
    }
    pump(reader);
    return CHANNEL_READING;
}

void channel_missed(struct channel *channel)
{
    if (channel->readers == NULL) {
        left_alone(channel);
    }
}

void channel_end_readers(struct channel *channel)
{
    for (struct reader *reader = channel->readers; reader != NULL;
         reader = reader->next) {
        end_reader(reader);
    }
}
