/*
 * channels.c - streams that outlive their connections.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/channels.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "http/channel.h"
#include "http/web.h"

static struct channel **bucket_of(struct web *web, const struct id *id)
{
    /* The last digits of an id are random. */
    size_t index = 0;
    for (size_t i = id->text[0] != '\0' ? ID_LEN - 4 : ID_LEN; i < ID_LEN;
         i++) {
        index = index * 31 + (unsigned char)id->text[i];
    }
    return &web->channels.buckets[index % CHANNEL_BUCKETS];
}

struct channel *channel_new(struct web *web, enum channel_kind kind,
                            const struct id *id, int64_t user_seq)
{
    struct channel *channel = (struct channel *)mem_zero(1, sizeof *channel);
    struct channel **bucket = bucket_of(web, id);
    channel->web = web;
    channel->kind = kind;
    channel->id = *id;
    channel->user_seq = user_seq;
    events_init(&channel->events, web->config->error_event);
    channel->next = *bucket;
    *bucket = channel;
    web->channels.count++;
    return channel;
}

struct channel *channel_find(struct web *web, enum channel_kind kind,
                             const struct id *id, int64_t user_seq)
{
    struct channel *channel = *bucket_of(web, id);
    while (channel != NULL &&
           (!id_same(&channel->id, id) || channel->kind != kind ||
            channel->user_seq != user_seq)) {
        channel = channel->next;
    }
    return channel;
}

/* ---- After the end ---- */

static void keep(struct channel *channel)
{
    struct channels *all = &channel->web->channels;
    channel->older = all->newest;
    if (all->newest != NULL) {
        all->newest->newer = channel;
    } else {
        all->oldest = channel;
    }
    all->newest = channel;
    channel->kept = sizeof *channel + events_settle(&channel->events);
    all->kept += channel->kept;
}

static void unkeep(struct channel *channel)
{
    struct channels *all = &channel->web->channels;
    if (channel->older != NULL) {
        channel->older->newer = channel->newer;
    } else {
        all->oldest = channel->newer;
    }
    if (channel->newer != NULL) {
        channel->newer->older = channel->older;
    } else {
        all->newest = channel->older;
    }
    all->kept -= channel->kept;
}

void channel_free(struct channel *channel)
{
    struct web *web = channel->web;
    struct channel **at = bucket_of(web, &channel->id);
    while (*at != channel) {
        at = &(*at)->next;
    }
    *at = channel->next;
    if (channel->ended) {
        unkeep(channel);
    }
    sse_timer_stop(web->loop, &channel->timer);
    channel_unhold(channel);
    events_free(&channel->events);
    web->channels.count--;
    free(channel);
}

static void on_expiry(sse_loop *loop, sse_timer *timer, void *user)
{
    struct channel *channel = (struct channel *)user;
    (void)loop;
    (void)timer;
    channel->expired = 1;
    if (channel->readers == NULL) {
        channel_free(channel);
    }
}

/* The newest stays whatever it holds: it may have been made for a reader who
 * comes next, see answer_again(). */
static void drop_oldest(struct channels *all)
{
    struct channel *channel = all->oldest;
    while (channel != all->newest && all->kept > CHANNELS_KEPT_MAX) {
        struct channel *newer = channel->newer;
        if (channel->readers == NULL) {
            channel_free(channel);
        }
        channel = newer;
    }
}

void channel_end(struct channel *channel)
{
    struct web *web = channel->web;
    if (channel->ended) {
        return;
    }
    channel->ended = 1;
    channel->source = NULL;
    channel_unhold(channel);
    keep(channel);
    (void)sse_timer_start(web->loop, &channel->timer, CHANNEL_KEPT_MS,
                          on_expiry, channel);
    channel_pump(channel);
    drop_oldest(&web->channels);
}

void channels_leave_jobs(struct channels *channels)
{
    for (size_t i = 0; i < CHANNEL_BUCKETS; i++) {
        for (struct channel *channel = channels->buckets[i]; channel != NULL;
             channel = channel->next) {
            if (channel->kind == CHANNEL_JOB) {
                channel_end_readers(channel);
            }
        }
    }
}

void channels_free(struct web *web)
{
    for (size_t i = 0; i < CHANNEL_BUCKETS; i++) {
        while (web->channels.buckets[i] != NULL) {
            channel_free(web->channels.buckets[i]);
        }
    }
    buf_free(&web->channels.scratch);
}
