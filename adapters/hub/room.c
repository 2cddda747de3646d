/*
 * room.c - the memory of a topic: what it grows to, and what makes room.
 *
 * SPDX-License-Identifier: MIT
 *
 * A ring begins small and doubles up to what the topic may retain, so a quiet
 * topic is a small one.
 */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_BYTES 1024u
#define FIRST_ENTRIES 8u

size_t sse_priv_topic_memory(const sse_priv_topic *topic)
{
    return topic->bytes_cap + topic->entries_cap * sizeof *topic->entries;
}

/* The id of the oldest event, before it goes. */
static void note_oldest(sse_priv_topic *topic, uint64_t number)
{
    char id[SSE_HUB_MAX_ID];
    size_t len = 0;
    const sse_status status =
        sse_replay_id(&topic->ring, sse_replay_first_seq(&topic->ring), id,
                      sizeof id, &len);
    sse_priv_topic_note_lost(topic, number, id, status == SSE_OK ? len : 0);
}

void sse_priv_topic_note_lost(sse_priv_topic *topic, uint64_t number,
                              const char *id, size_t len)
{
    uint64_t own = 0;
    if (number < topic->lost) {
        return; /* a view may begin with older ones than its members lost */
    }
    topic->lost = number;
    topic->lost_len = 0;
    /* Ids of the hub's own are written when they are asked for. */
    if (len == 0 ||
        (sse_priv_ids_read(&topic->hub->ids, id, len, &own) &&
         own == number)) {
        return;
    }
    char *const copy = (char *)realloc(topic->lost_id, len);
    if (copy != NULL) {
        memcpy(copy, id, len);
        topic->lost_id = copy;
        topic->lost_len = len;
    }
}

void sse_priv_topic_drop(sse_priv_topic *topic)
{
    uint64_t at = 0;
    uint64_t number = 0;
    size_t len = 0;
    if (sse_replay_locate(&topic->ring, sse_replay_first_seq(&topic->ring),
                          &at, &len, &number) != SSE_OK) {
        return;
    }
    /* A burst within one turn must not outrun those who keep up. */
    uint64_t low = sse_priv_lag_low(topic, at + len);
    while (low < at + len) {
        const uint64_t before = low;
        sse_priv_hub_work(topic->hub, UINT32_MAX);
        low = sse_priv_lag_low(topic, at + len);
        if (low <= before) {
            break;
        }
    }
    if (low < at + len || topic->blocked_low < at + len) {
        sse_priv_lag_overtake(topic, at + len);
    }
    note_oldest(topic, number);
    sse_replay_drop(&topic->ring);
}

static int is_full(const sse_priv_topic *topic, size_t size)
{
    const sse_replay *const ring = &topic->ring;
    const uint64_t events =
        sse_replay_next_seq(ring) - sse_replay_first_seq(ring);
    const uint64_t bytes = sse_replay_newest(ring) - sse_replay_oldest(ring);
    return events >= topic->config.retain_events ||
           bytes > topic->config.retain_bytes - size;
}

void sse_priv_topic_fit(sse_priv_topic *topic)
{
    const sse_replay *const ring = &topic->ring;
    while (sse_replay_next_seq(ring) - sse_replay_first_seq(ring) >
               topic->config.retain_events ||
           sse_replay_newest(ring) - sse_replay_oldest(ring) >
               topic->config.retain_bytes) {
        sse_priv_topic_drop(topic);
    }
}

static size_t grown(size_t now, size_t first, size_t needed, size_t most)
{
    size_t cap = now == 0 ? first : now;
    while (cap < needed) {
        cap = cap > most / 2 ? most : cap * 2;
    }
    return cap < most ? cap : most;
}

/* All rings together have a bound: a stream of several topics is cheap to ask
 * for, and what it retains is not. */
static int is_within(const sse_priv_topic *topic, size_t bytes_cap,
                     size_t entries_cap)
{
    const sse_hub *const hub = topic->hub;
    const uint64_t others =
        hub->stats.ring_bytes - sse_priv_topic_memory(topic);
    const uint64_t own =
        bytes_cap + (uint64_t)entries_cap * sizeof *topic->entries;
    return others <= hub->config.retain_total &&
           own <= hub->config.retain_total - others;
}

static int grow(sse_priv_topic *topic, size_t bytes_cap, size_t entries_cap)
{
    if (!is_within(topic, bytes_cap, entries_cap)) {
        return 0;
    }
    char *const bytes = (char *)malloc(bytes_cap);
    sse_replay_entry *const entries =
        (sse_replay_entry *)malloc(entries_cap * sizeof *entries);
    if (bytes == NULL || entries == NULL) {
        free(bytes);
        free(entries);
        return 0;
    }
    const sse_status status =
        topic->bytes_cap == 0
            ? sse_replay_init(&topic->ring, bytes, bytes_cap, entries,
                              entries_cap, 1)
            : sse_replay_set_room(&topic->ring, bytes, bytes_cap, entries,
                                  entries_cap);
    if (status != SSE_OK) {
        free(bytes);
        free(entries);
        return 0;
    }
    topic->hub->stats.ring_bytes -= sse_priv_topic_memory(topic);
    free(topic->bytes);
    free(topic->entries);
    topic->bytes = bytes;
    topic->entries = entries;
    topic->bytes_cap = bytes_cap;
    topic->entries_cap = entries_cap;
    topic->hub->stats.ring_bytes += sse_priv_topic_memory(topic);
    return 1;
}

int sse_priv_topic_begin(sse_priv_topic *topic)
{
    return grow(topic,
                grown(0, FIRST_BYTES, 1, topic->config.retain_bytes),
                grown(0, FIRST_ENTRIES, 1, topic->config.retain_events));
}

sse_status sse_priv_topic_make_room(sse_priv_topic *topic, size_t size)
{
    const sse_replay *const ring = &topic->ring;
    if (size > topic->config.retain_bytes) {
        return SSE_ERR_TOO_LONG;
    }
    while (sse_replay_next_seq(ring) > sse_replay_first_seq(ring) &&
           is_full(topic, size)) {
        sse_priv_topic_drop(topic);
    }
    for (;;) {
        const size_t events = (size_t)(sse_replay_next_seq(ring) -
                                       sse_replay_first_seq(ring));
        const size_t bytes =
            (size_t)(sse_replay_newest(ring) - sse_replay_oldest(ring));
        if (events < topic->entries_cap && size <= topic->bytes_cap &&
            bytes <= topic->bytes_cap - size) {
            return SSE_OK;
        }
        if (grow(topic,
                 grown(topic->bytes_cap, FIRST_BYTES, bytes + size,
                       topic->config.retain_bytes),
                 grown(topic->entries_cap, FIRST_ENTRIES, events + 1,
                       topic->config.retain_events))) {
            continue;
        }
        if (events == 0) {
            return SSE_ERR_NO_MEMORY;
        }
        sse_priv_topic_drop(topic); /* without memory it retains less */
    }
}
