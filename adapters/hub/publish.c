/*
 * publish.c - events in; and what there is of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hub.h"

#include <string.h>

/* Ids that look like the hub's own would name other places. */
static sse_status check_id(const sse_hub *hub, const sse_event *event)
{
    if (event->id_len > SSE_HUB_MAX_ID) {
        return SSE_ERR_TOO_LONG;
    }
    if (event->id_len >= hub->ids.prefix_len && event->id != NULL &&
        memcmp(event->id, hub->ids.prefix, hub->ids.prefix_len) == 0) {
        return SSE_ERR_INVALID;
    }
    return SSE_OK;
}

static sse_status append(sse_hub *hub, sse_priv_topic *topic,
                         const sse_event *event)
{
    size_t size = 0;
    sse_status status = sse_event_size(event, &size);
    if (status == SSE_OK) {
        sse_priv_age_expire(topic);
        status = sse_priv_topic_make_room(topic, size);
    }
    if (status == SSE_OK) {
        status = sse_replay_append(&topic->ring, event, hub->ids.last + 1,
                                   NULL);
    }
    if (status == SSE_OK) {
        hub->ids.last++;
        hub->stats.published++;
        topic->newest = hub->ids.last;
        topic->used = 1;
        sse_priv_age_note(hub);
        sse_priv_topic_touch(topic);
        sse_priv_view_feed(topic);
    }
    return status;
}

sse_status sse_hub_publish(sse_hub *hub, sse_hub_name name,
                           const sse_event *event, char *id, size_t id_cap)
{
    char own[SSE_PRIV_OWN_ID];
    if (hub == NULL || event == NULL || !sse_priv_name_is_usable(&name)) {
        return SSE_ERR_INVALID;
    }
    sse_event numbered = *event;
    if ((event->fields & SSE_FIELD_ID) == 0) {
        numbered.id = own;
        numbered.id_len = sse_priv_ids_write(&hub->ids, hub->ids.last + 1, own);
        numbered.fields |= SSE_FIELD_ID;
    } else {
        const sse_status status = check_id(hub, event);
        if (status != SSE_OK) {
            return status;
        }
    }
    size_t size = 0;
    const sse_status checked = event->fields == 0
                                   ? SSE_ERR_NO_FIELDS
                                   : sse_event_size(&numbered, &size);
    if (checked != SSE_OK) {
        return checked;
    }
    if (id != NULL && numbered.id_len >= id_cap) {
        return SSE_ERR_NO_SPACE;
    }
    sse_priv_topic *topic = NULL;
    sse_status status =
        sse_priv_topic_get(hub, name.text, name.len, NULL, &topic);
    if (status != SSE_OK) {
        return status;
    }
    topic->holds++;
    status = append(hub, topic, &numbered);
    topic->holds--;
    if (status == SSE_OK && id != NULL) {
        memcpy(id, numbered.id, numbered.id_len);
        id[numbered.id_len] = '\0';
    }
    sse_priv_topic_left(topic);
    return status;
}

static uint64_t events_of(const sse_priv_topic *topic)
{
    return sse_replay_next_seq(&topic->ring) -
           sse_replay_first_seq(&topic->ring);
}

static uint64_t bytes_of(const sse_priv_topic *topic)
{
    return sse_replay_newest(&topic->ring) - sse_replay_oldest(&topic->ring);
}

void sse_hub_get_stats(const sse_hub *hub, sse_hub_stats *stats)
{
    *stats = hub->stats;
    stats->topics = hub->topic_count;
    for (uint32_t i = 0; i < hub->topic_cap; i++) {
        if (hub->topics[i] != NULL) {
            stats->retained_events += events_of(hub->topics[i]);
            stats->retained_bytes += bytes_of(hub->topics[i]);
        }
    }
}

sse_status sse_hub_get_topic_stats(const sse_hub *hub, sse_hub_name name,
                                   sse_topic_stats *stats)
{
    if (hub == NULL || stats == NULL || !sse_priv_name_is_usable(&name)) {
        return SSE_ERR_INVALID;
    }
    memset(stats, 0, sizeof *stats);
    const sse_priv_topic *const topic =
        sse_priv_topic_find(hub, name.text, name.len);
    if (topic == NULL) {
        return SSE_ERR_UNKNOWN;
    }
    stats->subscribers = topic->users;
    stats->events = events_of(topic);
    stats->bytes = bytes_of(topic);
    return SSE_OK;
}
