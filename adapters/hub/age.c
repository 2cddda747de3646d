/*
 * age.c - retention by age.
 *
 * SPDX-License-Identifier: MIT
 *
 * Events carry numbers, not times.  A few marks remember how far the numbers
 * came in some spans of time, each a 64th of the longest age that is asked for;
 * so much later at most does an event go.
 */
#include "hub.h"

static sse_priv_mark *mark_at(sse_hub *hub, size_t i)
{
    return &hub->marks[(hub->mark_first + i) % SSE_PRIV_MARKS];
}

void sse_priv_age_note(sse_hub *hub)
{
    const uint64_t now_ms = sse_loop_now_ms(hub->loop);
    if (hub->mark_every_ms == 0) {
        return; /* nobody asks for an age */
    }
    if (hub->mark_count == 0 ||
        now_ms - mark_at(hub, hub->mark_count - 1)->ms >=
            hub->mark_every_ms) {
        if (hub->mark_count == SSE_PRIV_MARKS) {
            hub->mark_first = (hub->mark_first + 1) % SSE_PRIV_MARKS;
            hub->mark_count--;
        }
        mark_at(hub, hub->mark_count++)->ms = now_ms;
    }
    mark_at(hub, hub->mark_count - 1)->number = hub->ids.last;
}

/* The number up to which all events are older than that. */
static uint64_t number_before(sse_hub *hub, uint64_t ms)
{
    size_t low = 0;
    size_t high = hub->mark_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (mark_at(hub, middle)->ms + hub->mark_every_ms <= ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? 0 : mark_at(hub, low - 1)->number;
}

void sse_priv_age_expire(sse_priv_topic *topic)
{
    sse_hub *const hub = topic->hub;
    const uint64_t now_ms = sse_loop_now_ms(hub->loop);
    if (topic->config.retain_ms == 0 || now_ms < topic->config.retain_ms) {
        return;
    }
    const uint64_t number =
        number_before(hub, now_ms - topic->config.retain_ms);
    uint64_t at = 0;
    uint64_t oldest = 0;
    size_t len = 0;
    while (sse_replay_locate(&topic->ring, sse_replay_first_seq(&topic->ring),
                             &at, &len, &oldest) == SSE_OK &&
           oldest <= number) {
        sse_priv_topic_drop(topic);
    }
}
