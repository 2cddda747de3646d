/*
 * topic.c - topics by their names.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_TOPICS 16u

int sse_priv_name_is_usable(const sse_hub_name *name)
{
    return name->text != NULL && name->len > 0 &&
           name->len <= SSE_HUB_MAX_NAME &&
           memchr(name->text, '\0', name->len) == NULL;
}

/* FNV-1a from a start that nobody outside knows. */
static uint32_t hash(const sse_hub *hub, const char *name, size_t len)
{
    uint32_t h = (uint32_t)hub->seed;
    for (size_t i = 0; i < len; i++) {
        h = (h ^ (unsigned char)name[i]) * 16777619u;
    }
    return h ^ (h >> 15);
}

static uint32_t *chain_of(const sse_hub *hub, const char *name, size_t len)
{
    return &hub->chains[hash(hub, name, len) & hub->chain_mask];
}

sse_priv_topic *sse_priv_topic_find(const sse_hub *hub, const char *name,
                                    size_t len)
{
    if (hub->topic_cap == 0) {
        return NULL;
    }
    uint32_t i = *chain_of(hub, name, len);
    while (i != SSE_PRIV_NONE &&
           (hub->topics[i]->name_len != len ||
            memcmp(hub->topics[i]->name, name, len) != 0)) {
        i = hub->topics[i]->chain;
    }
    return i == SSE_PRIV_NONE ? NULL : hub->topics[i];
}

static int grow(sse_hub *hub)
{
    const uint32_t cap =
        hub->topic_cap == 0 ? FIRST_TOPICS : hub->topic_cap * 2;
    uint32_t *const chains = (uint32_t *)malloc(cap * sizeof *chains);
    sse_priv_topic **const topics = (sse_priv_topic **)realloc(
        hub->topics, cap * sizeof(sse_priv_topic *));
    if (topics != NULL) {
        hub->topics = topics;
    }
    if (chains == NULL || topics == NULL) {
        free(chains);
        return 0;
    }
    free(hub->chains);
    hub->chains = chains;
    hub->chain_mask = cap - 1;
    for (uint32_t i = 0; i < cap; i++) {
        chains[i] = SSE_PRIV_NONE;
    }
    for (uint32_t i = hub->topic_cap; i < cap; i++) {
        topics[i] = NULL;
    }
    for (uint32_t i = 0; i < hub->topic_cap; i++) {
        if (topics[i] != NULL && !topics[i]->removed) {
            uint32_t *const chain =
                chain_of(hub, topics[i]->name, topics[i]->name_len);
            topics[i]->chain = *chain;
            *chain = i;
        }
    }
    hub->topic_cap = cap;
    return 1;
}

/* Those that hold nothing are given up when they are left; of those that hold
 * events, the one that has been quiet for longest makes room. */
static int is_spare(const sse_priv_topic *topic)
{
    return !topic->kept && !topic->removed && topic->users == 0 &&
           topic->holds == 0 && topic->view_count == 0 &&
           topic->members == NULL;
}

static int give_one_up(sse_hub *hub)
{
    sse_priv_topic *oldest = NULL;
    for (uint32_t i = 0; i < hub->topic_cap; i++) {
        sse_priv_topic *const topic = hub->topics[i];
        if (topic != NULL && is_spare(topic) &&
            (oldest == NULL || topic->newest < oldest->newest)) {
            oldest = topic;
        }
    }
    if (oldest == NULL) {
        return 0;
    }
    if (oldest->newest > hub->forgotten) {
        hub->forgotten = oldest->newest;
    }
    sse_priv_topic_free(oldest);
    return 1;
}

static sse_priv_topic *make(sse_hub *hub, const char *name, size_t len,
                            const sse_topic_config *config)
{
    sse_priv_topic *const topic = (sse_priv_topic *)calloc(1, sizeof *topic);
    char *const copy = (char *)malloc(len);
    uint32_t index = hub->topic_hint; /* none before it is free */
    while (index < hub->topic_cap && hub->topics[index] != NULL) {
        index++;
    }
    if (topic != NULL) {
        topic->hub = hub;
        topic->config = *config;
    }
    if (topic == NULL || copy == NULL || !sse_priv_topic_begin(topic) ||
        (index == hub->topic_cap && !grow(hub))) {
        if (topic != NULL) {
            hub->stats.ring_bytes -= sse_priv_topic_memory(topic);
            free(topic->bytes);
            free(topic->entries);
        }
        free(topic);
        free(copy);
        return NULL;
    }
    memcpy(copy, name, len);
    topic->name = copy;
    topic->name_len = len;
    topic->index = index;
    topic->active.first = topic->active.last = SSE_PRIV_NONE;
    topic->blocked.first = topic->blocked.last = SSE_PRIV_NONE;
    topic->blocked_low = UINT64_MAX;
    topic->pending_low = UINT64_MAX;
    topic->lost = hub->forgotten;
    topic->newest = hub->forgotten;
    topic->wrote_ms = sse_loop_now_ms(hub->loop);
    uint32_t *const chain = chain_of(hub, name, len);
    topic->chain = *chain;
    *chain = index;
    hub->topics[index] = topic;
    hub->topic_hint = index + 1;
    hub->topic_count++;
    return topic;
}

sse_status sse_priv_topic_get(sse_hub *hub, const char *name, size_t len,
                              const sse_topic_config *config,
                              sse_priv_topic **topic)
{
    *topic = sse_priv_topic_find(hub, name, len);
    if (*topic != NULL) {
        return SSE_OK;
    }
    if (hub->topic_count >= hub->config.max_topics && !give_one_up(hub)) {
        return SSE_ERR_LIMIT;
    }
    *topic = make(hub, name, len, config != NULL ? config
                                                 : &hub->config.topic);
    return *topic != NULL ? SSE_OK : SSE_ERR_NO_MEMORY;
}

void sse_priv_topic_unname(sse_priv_topic *topic)
{
    sse_hub *const hub = topic->hub;
    if (topic->removed) {
        return;
    }
    uint32_t *at = chain_of(hub, topic->name, topic->name_len);
    while (*at != topic->index) {
        at = &hub->topics[*at]->chain;
    }
    *at = topic->chain;
    topic->removed = 1;
}

void sse_priv_topic_free(sse_priv_topic *topic)
{
    sse_hub *const hub = topic->hub;
    sse_priv_topic_unname(topic);
    sse_timer_stop(hub->loop, &topic->quiet);
    if (topic->dirty) {
        sse_priv_topic **at = &hub->dirty;
        while (*at != topic) {
            at = &(*at)->dirty_next;
        }
        *at = topic->dirty_next;
        if (hub->dirty_end == &topic->dirty_next) {
            hub->dirty_end = at;
        }
    }
    hub->stats.ring_bytes -= sse_priv_topic_memory(topic);
    hub->topics[topic->index] = NULL;
    if (topic->index < hub->topic_hint) {
        hub->topic_hint = topic->index;
    }
    hub->topic_count--;
    free(topic->bytes);
    free(topic->entries);
    free(topic->name);
    free(topic->lost_id);
    free(topic->views);
    free(topic->members);
    free(topic);
}

void sse_priv_topic_left(sse_priv_topic *topic)
{
    if (topic->users > 0 || topic->holds > 0) {
        return;
    }
    if (topic->members != NULL) {
        sse_priv_view_free(topic);
    } else if (topic->removed ||
               (is_spare(topic) && !topic->used)) {
        sse_priv_topic_free(topic);
    }
}
