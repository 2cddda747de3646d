/*
 * lag.c - subscribers that the ring overtakes.
 *
 * SPDX-License-Identifier: MIT
 *
 * Those who keep up never are: only who waits for its peer to read can be
 * behind.  It is looked at just before the bytes that it needs go, so that an
 * event of which it has a part can still be given to it whole.
 */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

/* What is kept of a ring for one subscriber at most, and of what it was not
 * sent before. */
#define REST_MAX 32768u
/* No position: it is to be told of a gap first. */
#define LOST UINT64_MAX

/* Where the event that the position is in ends; the position itself where an
 * event begins. */
static uint64_t event_end(const sse_replay *ring, uint64_t at)
{
    uint64_t seq = 0;
    uint64_t begin = 0;
    uint64_t number = 0;
    size_t len = 0;
    if (sse_replay_seek(ring, at, &seq) != SSE_OK ||
        sse_replay_locate(ring, seq, &begin, &len, &number) != SSE_OK ||
        begin == at) {
        return at;
    }
    return begin + len;
}

static int queue_range(sse_priv_sub *sub, const sse_replay *ring, uint64_t at,
                       size_t len, int framed)
{
    sse_piece pieces[2];
    size_t count = 0;
    char *const copy = (char *)malloc(len > 0 ? len : 1);
    size_t n = 0;
    if (copy == NULL || sse_replay_span(ring, at, pieces, &count) != SSE_OK) {
        free(copy);
        return 0;
    }
    for (size_t i = 0; i < count && n < len; i++) {
        const size_t most = len - n < pieces[i].len ? len - n : pieces[i].len;
        memcpy(copy + n, pieces[i].base, most);
        n += most;
    }
    const int queued = sse_priv_sub_queue(sub, copy, n, framed);
    free(copy);
    return queued;
}

/* The chunk under way, and the event that it cuts, to their ends. */
static int queue_rest(sse_priv_sub *sub, const sse_replay *ring, uint64_t stop,
                      uint64_t end)
{
    sse_priv_cursor *const cursor = &sub->cursor;
    int ok = 1;
    if (cursor->phase == SSE_PRIV_IN_HEAD) {
        char head[SSE_PRIV_CHUNK_HEAD];
        const size_t len = sse_priv_chunk_head(head, cursor->left);
        ok = sse_priv_sub_queue(sub, head + cursor->head_at,
                                len - cursor->head_at, 1);
    }
    ok = ok && (stop == cursor->at ||
                queue_range(sub, ring, cursor->at,
                            (size_t)(stop - cursor->at), 1));
    if (cursor->phase == SSE_PRIV_IN_TAIL) {
        ok = sse_priv_sub_queue(sub, &"\r\n"[2 - cursor->tail], cursor->tail,
                                1);
    } else if (cursor->phase != SSE_PRIV_BETWEEN) {
        ok = ok && sse_priv_sub_queue(sub, "\r\n", 2, 1);
    }
    return ok && (end == stop ||
                  queue_range(sub, ring, stop, (size_t)(end - stop), 0));
}

/* It stands before an event that goes now: from here on it has missed some. */
static int lose(const sse_priv_topic *topic, sse_priv_sub *sub,
                sse_priv_extra *extra)
{
    char id[SSE_HUB_MAX_ID];
    const size_t len = sse_priv_topic_id_before(topic, sub->cursor.at, id);
    extra->lost = (char *)malloc(len > 0 ? len : 1);
    if (extra->lost == NULL) {
        return 0;
    }
    memcpy(extra->lost, id, len);
    extra->lost_len = len;
    sub->cursor.at = LOST;
    return 1;
}

/* What goes now is kept for it as far as it has begun with it.  Returns 0 if
 * it cannot go on. */
static int skip(const sse_priv_topic *topic, sse_priv_sub *sub)
{
    const sse_replay *const ring = &topic->ring;
    sse_priv_cursor *const cursor = &sub->cursor;
    uint64_t stop = cursor->at;
    if (cursor->phase == SSE_PRIV_IN_HEAD ||
        cursor->phase == SSE_PRIV_IN_PAYLOAD) {
        stop += cursor->left;
    }
    const uint64_t end = event_end(ring, stop);
    sse_priv_extra *const extra = sse_priv_sub_extra(sub);
    if (extra == NULL || end - cursor->at > REST_MAX ||
        extra->len - extra->at > REST_MAX ||
        !queue_rest(sub, ring, stop, end)) {
        return 0;
    }
    cursor->phase = SSE_PRIV_BETWEEN;
    cursor->left = 0;
    if (end == cursor->at) {
        return lose(topic, sub, extra);
    }
    cursor->at = end;
    return 1;
}

/* The least position of those in the list who are of the topic. */
static uint64_t lowest(const sse_priv_topic *topic, const sse_priv_subs *list)
{
    uint64_t low = LOST;
    uint32_t fd = list->first;
    while (fd != SSE_PRIV_NONE) {
        const sse_priv_sub *const sub = sse_priv_sub_at(topic->hub, fd);
        if (sub->topic == topic->index && sub->cursor.at < low) {
            low = sub->cursor.at;
        }
        fd = sub->next;
    }
    return low;
}

uint64_t sse_priv_lag_low(sse_priv_topic *topic, uint64_t end)
{
    /* Neither is kept up to date as they move on. */
    if (topic->pending_low < end) {
        topic->pending_low = lowest(topic, &topic->hub->pending);
    }
    if (topic->served < end && topic->active.count > 0) {
        topic->served = lowest(topic, &topic->active);
    }
    return topic->active.count > 0 && topic->served < topic->pending_low
               ? topic->served
               : topic->pending_low;
}

static uint64_t overtake_list(sse_priv_topic *topic, uint32_t fd, uint64_t end)
{
    sse_hub *const hub = topic->hub;
    uint64_t low = LOST;
    while (fd != SSE_PRIV_NONE) {
        sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
        const uint32_t next = sub->next;
        /* One whose mark of the end is queued needs no more of the ring. */
        if (sub->topic == topic->index &&
            (sub->flags & (SSE_PRIV_SUB_MARKED | SSE_PRIV_SUB_DOOMED)) == 0) {
            if (sub->cursor.at < end &&
                (topic->config.lag != SSE_HUB_SKIP || !skip(topic, sub))) {
                hub->stats.overtaken++;
                sse_priv_sub_doom(hub, fd);
            } else if (sub->cursor.at < low) {
                low = sub->cursor.at;
            }
        }
        fd = next;
    }
    return low;
}

void sse_priv_lag_overtake(sse_priv_topic *topic, uint64_t end)
{
    topic->blocked_low = overtake_list(topic, topic->blocked.first, end);
    if (topic->pending_low < end) {
        topic->pending_low =
            overtake_list(topic, topic->hub->pending.first, end);
    }
}

static void doom_list(sse_hub *hub, const sse_priv_subs *list)
{
    while (list->first != SSE_PRIV_NONE) {
        sse_priv_sub_doom(hub, list->first);
    }
}

/* Those of the topic who are to be looked at by themselves anyway. */
static void doom_pending(const sse_priv_topic *topic)
{
    uint32_t fd = topic->hub->pending.first;
    while (fd != SSE_PRIV_NONE) {
        sse_priv_sub *const sub = sse_priv_sub_at(topic->hub, fd);
        if (sub->topic == topic->index &&
            (sub->flags & SSE_PRIV_SUB_MARKED) == 0) {
            sub->flags |= SSE_PRIV_SUB_DOOMED;
        }
        fd = sub->next;
    }
}

void sse_priv_lag_break(sse_priv_topic *topic)
{
    doom_list(topic->hub, &topic->active);
    doom_list(topic->hub, &topic->blocked);
    doom_pending(topic);
    while (sse_replay_next_seq(&topic->ring) >
           sse_replay_first_seq(&topic->ring)) {
        sse_replay_drop(&topic->ring);
    }
}

int sse_priv_lag_tell(sse_priv_topic *topic, sse_priv_sub *sub)
{
    sse_priv_extra *const extra = sub->extra;
    char to[SSE_HUB_MAX_ID];
    size_t len = 0;
    const size_t to_len = sse_priv_topic_lost_id(topic, to);
    char *const block =
        sse_priv_gap(extra->lost, extra->lost_len, to, to_len, &len);
    const int queued =
        block != NULL && sse_priv_sub_queue(sub, block, len, 0);
    free(block);
    free(extra->lost);
    extra->lost = NULL;
    sub->cursor.at = sse_replay_oldest(&topic->ring);
    topic->hub->stats.gaps++;
    return queued;
}
