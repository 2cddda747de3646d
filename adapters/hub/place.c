/*
 * place.c - where in a topic a subscriber starts, and what it is told of that.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

size_t sse_priv_topic_lost_id(const sse_priv_topic *topic, char *dst)
{
    if (topic->lost_len > 0) {
        memcpy(dst, topic->lost_id, topic->lost_len);
        return topic->lost_len;
    }
    return sse_priv_ids_write(&topic->hub->ids, topic->lost, dst);
}

/* The id of the last event before a position that begins an event. */
size_t sse_priv_topic_id_before(const sse_priv_topic *topic, uint64_t at,
                                char *dst)
{
    uint64_t seq = 0;
    size_t len = 0;
    if (at == sse_replay_oldest(&topic->ring) ||
        sse_replay_seek(&topic->ring, at, &seq) != SSE_OK ||
        sse_replay_id(&topic->ring, seq - 1, dst, SSE_HUB_MAX_ID, &len) !=
            SSE_OK) {
        return sse_priv_topic_lost_id(topic, dst);
    }
    return len;
}

/* The number of the last event before a position behind one. */
static uint64_t number_before(const sse_priv_topic *topic, uint64_t at)
{
    uint64_t seq = 0;
    uint64_t number = 0;
    size_t len = 0;
    (void)sse_replay_seek(&topic->ring, at, &seq);
    (void)sse_replay_locate(&topic->ring, seq - 1, &at, &len, &number);
    return number;
}

/* Is it the id of the last event that is not retained?  Then nothing behind
 * it is lost. */
static int is_lost_id(const sse_priv_topic *topic, const char *id, size_t len)
{
    return topic->lost_len == len && len > 0 &&
           memcmp(topic->lost_id, id, len) == 0;
}

static int is_known(const sse_priv_topic *topic, const char *id, size_t len,
                    uint64_t *at)
{
    uint64_t number = 0;
    if (sse_priv_ids_read(&topic->hub->ids, id, len, &number)) {
        *at = sse_replay_behind(&topic->ring, number);
        return number >= topic->lost;
    }
    if (is_lost_id(topic, id, len)) {
        *at = sse_replay_behind(&topic->ring, topic->lost);
        return 1;
    }
    /* A view may have an event of one member, and miss later ones of others
     * that were lost before it began. */
    return sse_replay_find(&topic->ring, id, len, at) == SSE_OK &&
           number_before(topic, *at) >= topic->lost;
}

void sse_priv_topic_start(const sse_priv_topic *topic, const char *last_id,
                          size_t len, sse_priv_start *start)
{
    start->known = 0;
    start->gap = 0;
    start->at = sse_replay_newest(&topic->ring);
    if (len > 0 && is_known(topic, last_id, len, &start->at)) {
        start->known = 1;
        memcpy(start->id, last_id, len);
        start->id_len = len;
    } else {
        if (len > 0) {
            start->gap = 1;
            start->at = sse_replay_oldest(&topic->ring);
        }
        start->id_len =
            sse_priv_topic_id_before(topic, start->at, start->id);
    }
    start->id[start->id_len] = '\0';
}

static size_t put(char *dst, size_t at, const char *text)
{
    const size_t len = strlen(text);
    memcpy(dst + at, text, len);
    return at + len;
}

static size_t put_string(char *dst, size_t at, size_t cap, const char *text,
                         size_t len)
{
    size_t written = 0;
    dst[at++] = '"';
    (void)sse_json_escape(text, len, dst + at, cap - at, &written);
    at += written;
    dst[at++] = '"';
    return at;
}

char *sse_priv_gap(const char *from, size_t from_len, const char *to,
                   size_t to_len, size_t *len)
{
    const size_t json_cap = 6 * (from_len + to_len) + 32;
    const size_t cap = json_cap + to_len + 64;
    char *const block = (char *)malloc(cap + json_cap);
    if (block == NULL) {
        return NULL;
    }
    char *const json = block + cap;
    size_t n = put(json, 0, "{\"from\":");
    n = put_string(json, n, json_cap, from, from_len);
    n = put(json, n, ",\"to\":");
    n = put_string(json, n, json_cap, to, to_len);
    json[n++] = '}';
    /* With the id a reader that drops right here is not told once more. */
    const sse_event event = sse_event_with_id(
        sse_event_of_type("gap", 3, json, n), to, to_len);
    if (sse_event_write(&event, block, cap, len) != SSE_OK) {
        free(block);
        return NULL;
    }
    return block;
}
