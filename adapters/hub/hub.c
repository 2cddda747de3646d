/*
 * hub.c - a hub's life, and its topics as its owner sees them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

#define MOST_BURST ((size_t)1 << 20)

void sse_topic_config_init(sse_topic_config *config)
{
    memset(config, 0, sizeof *config);
    config->size = sizeof *config;
    config->retain_events = 1024;
    config->retain_bytes = (size_t)4 * 1024 * 1024;
    config->lag = SSE_HUB_CLOSE;
    config->retry_ms = 2000;
    config->keep_alive_ms = 15000;
    config->keep_alive_form = SSE_BLOCK_ONE_LINE;
}

void sse_hub_config_init(sse_hub_config *config)
{
    memset(config, 0, sizeof *config);
    config->size = sizeof *config;
    sse_topic_config_init(&config->topic);
    config->max_topics = 10000;
    config->burst = 32 * 1024;
    config->write_timeout_ms = 30000;
    config->retain_total = (size_t)1 << 30;
}

static int topic_is_usable(const sse_topic_config *config)
{
    return config->retain_events > 0 && config->retain_bytes > 0 &&
           (config->lag == SSE_HUB_CLOSE || config->lag == SSE_HUB_SKIP);
}

/* A caller built against an older header has a shorter one. */
static void read_topic_config(sse_topic_config *to,
                              const sse_topic_config *from)
{
    memcpy(to, from, from->size < sizeof *to ? from->size : sizeof *to);
    to->size = sizeof *to;
}

static void note_age(sse_hub *hub, const sse_topic_config *config)
{
    const uint64_t every_ms = config->retain_ms / 64 + 1;
    if (config->retain_ms > 0 && every_ms > hub->mark_every_ms) {
        hub->mark_every_ms = every_ms;
    }
}

sse_status sse_hub_open(sse_loop *loop, const sse_hub_config *config,
                        sse_hub **hub)
{
    if (loop == NULL || hub == NULL || (config != NULL && config->size == 0)) {
        return SSE_ERR_INVALID;
    }
    *hub = NULL;
    sse_hub *const made = (sse_hub *)calloc(1, sizeof *made);
    if (made == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    sse_hub_config_init(&made->config);
    if (config != NULL) {
        memcpy(&made->config, config,
               config->size < sizeof made->config ? config->size
                                                  : sizeof made->config);
    }
    if (made->config.topic.size == 0 ||
        !topic_is_usable(&made->config.topic) ||
        made->config.max_topics == 0 || made->config.burst == 0 ||
        made->config.burst > MOST_BURST ||
        made->config.write_timeout_ms == 0 ||
        made->config.retain_total == 0 ||
        !sse_priv_ids_init(&made->ids, made->config.id_prefix)) {
        free(made);
        return SSE_ERR_INVALID;
    }
    if (made->config.max_topics > SSE_PRIV_NONE / 2) {
        made->config.max_topics = SSE_PRIV_NONE / 2;
    }
    made->config.id_prefix = NULL; /* not kept */
    made->loop = loop;
    made->send = sse_priv_socket_send;
    if (!made->config.plain_sends) {
        made->uring = sse_priv_uring_open();
    }
    made->dirty_end = &made->dirty;
    made->slice = SSE_PRIV_SLICE;
    made->pending.first = made->pending.last = SSE_PRIV_NONE;
    made->random = sse_priv_chance() | 1u;
    made->seed = (uint32_t)sse_priv_chance();
    note_age(made, &made->config.topic);
    *hub = made;
    return SSE_OK;
}

void sse_hub_close(sse_hub *hub)
{
    if (hub == NULL) {
        return;
    }
    for (size_t page = 0; page < hub->page_count; page++) {
        for (uint32_t i = 0; i < SSE_PRIV_PAGE && hub->pages[page] != NULL;
             i++) {
            if ((hub->pages[page]->subs[i].flags & SSE_PRIV_SUB_OPEN) != 0) {
                sse_priv_sub_close(hub,
                                   (uint32_t)(page * SSE_PRIV_PAGE) + i);
            }
        }
    }
    for (uint32_t i = 0; i < hub->topic_cap; i++) {
        if (hub->topics[i] != NULL) {
            sse_priv_topic_free(hub->topics[i]);
        }
    }
    sse_task_stop(hub->loop, &hub->task);
    sse_timer_stop(hub->loop, &hub->sweep);
    free(hub->topics);
    free(hub->chains);
    free(hub->pages);
    free(hub->frame);
    sse_priv_uring_close(hub->uring);
    free(hub);
}

sse_status sse_hub_topic(sse_hub *hub, sse_hub_name name,
                         const sse_topic_config *config)
{
    if (hub == NULL || !sse_priv_name_is_usable(&name) ||
        (config != NULL && config->size == 0)) {
        return SSE_ERR_INVALID;
    }
    sse_topic_config settings = hub->config.topic;
    if (config != NULL) {
        read_topic_config(&settings, config);
    }
    if (!topic_is_usable(&settings)) {
        return SSE_ERR_INVALID;
    }
    sse_priv_topic *topic = NULL;
    const sse_status status =
        sse_priv_topic_get(hub, name.text, name.len, &settings, &topic);
    if (status == SSE_OK) {
        topic->config = settings;
        topic->kept = 1;
        note_age(hub, &settings);
        sse_priv_topic_fit(topic);
        if (topic->users > 0) {
            sse_priv_topic_quiet(topic);
        }
    }
    return status;
}

static void end_list(sse_hub *hub, const sse_priv_topic *topic)
{
    for (size_t page = 0; page < hub->page_count; page++) {
        for (uint32_t i = 0; i < SSE_PRIV_PAGE && hub->pages[page] != NULL;
             i++) {
            const sse_priv_sub *const sub = &hub->pages[page]->subs[i];
            if ((sub->flags & SSE_PRIV_SUB_OPEN) != 0 &&
                sub->topic == topic->index) {
                sse_priv_sub_end(hub, (uint32_t)(page * SSE_PRIV_PAGE) + i);
            }
        }
    }
}

void sse_hub_remove(sse_hub *hub, sse_hub_name name)
{
    sse_priv_topic *const topic =
        hub != NULL && sse_priv_name_is_usable(&name)
            ? sse_priv_topic_find(hub, name.text, name.len)
            : NULL;
    if (topic == NULL) {
        return;
    }
    if (topic->newest > hub->forgotten) {
        hub->forgotten = topic->newest;
    }
    topic->holds++;
    sse_priv_topic_unname(topic);
    sse_priv_view_part(topic);
    if (topic->users > 0) {
        end_list(hub, topic);
    }
    topic->holds--;
    sse_priv_topic_left(topic);
}

void sse_hub_drain(sse_hub *hub, uint32_t within_ms)
{
    if (hub == NULL) {
        return;
    }
    hub->draining = 1;
    if (within_ms == 0) {
        hub->slice = UINT32_MAX; /* all of them in the next turn */
    }
    for (size_t page = 0; page < hub->page_count; page++) {
        for (uint32_t i = 0; i < SSE_PRIV_PAGE && hub->pages[page] != NULL;
             i++) {
            sse_priv_sub *const sub = &hub->pages[page]->subs[i];
            if ((sub->flags & SSE_PRIV_SUB_OPEN) == 0) {
                continue;
            }
            if (within_ms > 0) {
                sse_priv_sub_until(hub, sub, 0, within_ms);
            } else {
                sse_priv_sub_end(hub, (uint32_t)(page * SSE_PRIV_PAGE) + i);
            }
        }
    }
    sse_priv_hub_sweep(hub);
}
