/*
 * round.c - the rounds through those who keep up.
 *
 * SPDX-License-Identifier: MIT
 *
 * Nearly all subscribers of a topic stand at the same place, so what they get
 * is made once, its chunk around it, and sent to them in groups by the cheapest
 * call there is.  The list of them is a queue: who was visited goes to its end,
 * so that its head has waited longest, and a round can stop anywhere.
 */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

/* Those who stand at one position, and what they get. */
typedef struct group {
    sse_priv_write write; /* its bytes are in hub->frame */
    uint64_t at;
    size_t count;
    sse_priv_parcel parcels[SSE_PRIV_GROUP];
} group;

static int make(sse_priv_topic *topic, uint64_t at, group *made)
{
    sse_hub *const hub = topic->hub;
    const sse_priv_cursor cursor = {at, 0, 0, 0, SSE_PRIV_BETWEEN, 0};
    sse_priv_write *const write = &made->write;
    if (sse_priv_gather(&cursor, &topic->ring, hub->config.burst, NULL, 0,
                        write) != SSE_OK) {
        return 0;
    }
    if (write->total > hub->frame_cap) {
        char *const frame = (char *)realloc(hub->frame, write->total);
        if (frame == NULL) {
            return 0;
        }
        hub->frame = frame;
        hub->frame_cap = write->total;
    }
    size_t n = 0;
    for (size_t i = 0; i < write->count; i++) {
        memcpy(hub->frame + n, write->pieces[i].base, write->pieces[i].len);
        n += write->pieces[i].len;
    }
    made->at = at;
    return 1;
}

static void add(sse_hub *hub, group *to, uint32_t fd, const sse_priv_sub *sub)
{
    sse_priv_parcel *const parcel = &to->parcels[to->count++];
    parcel->fd = fd;
    parcel->bytes = hub->frame + (sub->cursor.raw ? to->write.head : 0);
    parcel->len = sub->cursor.raw ? to->write.payload : to->write.total;
    parcel->sent = -1;
}

/* What became of one parcel.  Returns not 0 if all of it went, but more has to
 * follow. */
static int settle(sse_hub *hub, const sse_priv_parcel *parcel,
                  const sse_priv_write *write, uint64_t newest)
{
    const uint32_t fd = parcel->fd;
    sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
    if (parcel->sent < 0) {
        sse_priv_sub_doom(hub, fd);
        return 0;
    }
    if (parcel->sent > 0) {
        hub->stats.writes++;
        hub->stats.bytes += (uint64_t)parcel->sent;
    }
    if ((size_t)parcel->sent == parcel->len) {
        sub->cursor.at += write->payload;
        return sub->cursor.at < newest;
    }
    sse_priv_write part = *write;
    if (sub->cursor.raw) {
        part.head = 0;
        part.tail = 0;
    }
    (void)sse_priv_advance(&sub->cursor, &part, (size_t)parcel->sent);
    sse_priv_sub_block(hub, fd);
    return 0;
}

static void send_group(sse_priv_topic *topic, group *all)
{
    sse_hub *const hub = topic->hub;
    const uint64_t newest = sse_replay_newest(&topic->ring);
    size_t sent = 0;
    if (hub->uring != NULL && hub->send == sse_priv_socket_send &&
        all->count > 1) {
        sent = sse_priv_uring_send(&hub->uring, all->parcels, all->count);
    }
    for (; sent < all->count; sent++) {
        sse_priv_parcel *const parcel = &all->parcels[sent];
        const sse_piece piece = {parcel->bytes, parcel->len};
        parcel->sent = hub->send(hub, parcel->fd, &piece, 1);
    }
    for (size_t i = 0; i < all->count; i++) {
        if (settle(hub, &all->parcels[i], &all->write, newest)) {
            topic->behind = topic->active.count;
        }
    }
    all->count = 0;
}

/* The first of the active ones, which becomes the last. */
static void visit_first(sse_priv_topic *topic, group *now)
{
    sse_hub *const hub = topic->hub;
    const uint32_t fd = topic->active.first;
    const sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
    const uint64_t newest = sse_replay_newest(&topic->ring);
    sse_priv_sub_to_end(hub, &topic->active, fd);
    topic->behind--;
    if (sub->cursor.at == newest) {
        return;
    }
    if (now->at != sub->cursor.at) {
        send_group(topic, now);
        if (!make(topic, sub->cursor.at, now)) {
            now->at = newest;
            sse_priv_sub_doom(hub, fd);
            return;
        }
    }
    add(hub, now, fd, sub);
    if (now->count == SSE_PRIV_GROUP) {
        send_group(topic, now);
    }
}

uint32_t sse_priv_topic_send(sse_priv_topic *topic, uint32_t most)
{
    group now;
    now.at = sse_replay_newest(&topic->ring); /* who is there gets nothing */
    now.count = 0;
    /* Each of them once: a group holds nobody twice. */
    most = most < topic->behind ? most : topic->behind;
    most = most < topic->active.count ? most : topic->active.count;
    uint32_t visited = 0;
    for (; visited < most && topic->active.first != SSE_PRIV_NONE; visited++) {
        visit_first(topic, &now);
    }
    send_group(topic, &now);
    if (topic->active.first == SSE_PRIV_NONE) {
        topic->behind = 0;
    }
    if (topic->behind > 0) {
        sse_priv_topic_queue(topic);
    } else {
        topic->served = sse_replay_newest(&topic->ring);
    }
    return visited;
}
