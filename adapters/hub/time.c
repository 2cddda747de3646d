/*
 * time.c - what time does: comments on silence, streams that end, peers that
 * stall.
 *
 * SPDX-License-Identifier: MIT
 *
 * No subscriber has a timer.  A topic has one for silence, since what its
 * subscribers get they get together; the hub has one for all that runs out,
 * and looks through the table when it is due.
 */
#include "hub.h"

/* Moments are kept in units of this; 32 bits of it wrap after two years, and a
 * moment lies less than half of that ahead. */
#define UNIT_MS 16u
#define LONGEST_SWEEP_MS 10000u

static uint32_t moment(const sse_hub *hub, uint64_t after_ms)
{
    const uint32_t at =
        (uint32_t)((sse_loop_now_ms(hub->loop) + after_ms) / UNIT_MS);
    return at != 0 ? at : 1;
}

static int has_passed(const sse_hub *hub, uint32_t at)
{
    return (int32_t)(moment(hub, 0) - at) >= 0;
}

/* xorshift64*; it spreads load and decides nothing else. */
static uint64_t next_random(sse_hub *hub)
{
    uint64_t x = hub->random;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    hub->random = x;
    return x * 2685821657736338717u;
}

void sse_priv_sub_until(sse_hub *hub, sse_priv_sub *sub, uint64_t least_ms,
                        uint64_t most_ms)
{
    const uint64_t span_ms = most_ms - least_ms + 1;
    sub->until = moment(hub, least_ms + (next_random(hub) >> 8) % span_ms);
}

void sse_priv_sub_end(sse_hub *hub, uint32_t fd)
{
    sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
    sub->flags |= SSE_PRIV_SUB_ENDING;
    if (sub->until == 0 || !has_passed(hub, sub->until)) {
        sub->until = moment(hub, 0);
    }
    hub->ending = 1;
    sse_priv_hub_sweep(hub);
    if (sub->place == SSE_PRIV_ACTIVE) {
        sse_priv_sub_move(hub, fd, SSE_PRIV_PENDING);
    }
}

/* ---- Silence ----------------------------------------------------------- */

static void on_quiet(sse_loop *loop, sse_timer *timer, void *user)
{
    sse_priv_topic *const topic = (sse_priv_topic *)user;
    const uint64_t now_ms = sse_loop_now_ms(loop);
    const uint32_t every_ms = topic->config.keep_alive_ms;
    (void)timer;
    if (every_ms == 0 || topic->users == 0) {
        return;
    }
    const uint64_t due_ms = topic->wrote_ms + every_ms;
    (void)sse_timer_start(loop, &topic->quiet,
                          due_ms > now_ms ? due_ms - now_ms : every_ms,
                          on_quiet, topic);
    if (due_ms <= now_ms) {
        sse_priv_topic_comment(topic);
    }
}

void sse_priv_topic_quiet(sse_priv_topic *topic)
{
    sse_loop *const loop = topic->hub->loop;
    if (topic->quiet.next_ == NULL && topic->config.keep_alive_ms > 0) {
        topic->wrote_ms = sse_loop_now_ms(loop);
        (void)sse_timer_start(loop, &topic->quiet,
                              topic->config.keep_alive_ms, on_quiet, topic);
    }
}

/* ---- What runs out ----------------------------------------------------- */

static void close_stalled(sse_hub *hub)
{
    const uint64_t now_ms = sse_loop_now_ms(hub->loop);
    for (uint32_t i = 0; i < hub->topic_cap; i++) {
        sse_priv_topic *const topic = hub->topics[i];
        uint32_t fd = topic != NULL ? topic->blocked.first : SSE_PRIV_NONE;
        while (fd != SSE_PRIV_NONE) {
            const sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
            const uint32_t next = sub->next;
            if (now_ms - sub->extra->since_ms >=
                hub->config.write_timeout_ms) {
                hub->stats.timeouts++;
                sse_priv_sub_close(hub, fd);
            }
            fd = next;
        }
    }
}

/* A stream that is due ends as soon as its peer has got all.  One that reads,
 * but too slowly to come to that, is not waited for longer than one that does
 * not read. */
static void end_those_due(sse_hub *hub)
{
    const uint32_t grace = hub->config.write_timeout_ms / UNIT_MS + 1;
    hub->ending = 0;
    for (size_t page = 0; page < hub->page_count; page++) {
        for (uint32_t i = 0; i < SSE_PRIV_PAGE && hub->pages[page] != NULL;
             i++) {
            const sse_priv_sub *const sub = &hub->pages[page]->subs[i];
            const uint32_t fd = (uint32_t)(page * SSE_PRIV_PAGE) + i;
            if ((sub->flags & SSE_PRIV_SUB_OPEN) == 0 || sub->until == 0 ||
                !has_passed(hub, sub->until)) {
                continue;
            }
            /* It was told to end a sweep before, so it has had its turn. */
            if ((sub->flags & SSE_PRIV_SUB_ENDING) != 0 &&
                has_passed(hub, sub->until + grace)) {
                hub->stats.timeouts++;
                sse_priv_sub_close(hub, fd);
            } else {
                sse_priv_sub_end(hub, fd);
            }
        }
    }
}

static void on_sweep(sse_loop *loop, sse_timer *timer, void *user)
{
    sse_hub *const hub = (sse_hub *)user;
    (void)loop;
    (void)timer;
    if (hub->stats.stalled > 0) {
        close_stalled(hub);
    }
    if (hub->draining || hub->ending || hub->config.lifetime_ms > 0) {
        end_those_due(hub);
    }
    sse_priv_hub_sweep(hub);
}

static uint64_t at_most(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

void sse_priv_hub_sweep(sse_hub *hub)
{
    uint64_t after_ms = UINT64_MAX;
    if (hub->stats.stalled > 0 || hub->ending) {
        after_ms = hub->config.write_timeout_ms / 8u;
    }
    if (hub->stats.subscribers > 0 && hub->config.lifetime_ms > 0) {
        after_ms = at_most(after_ms, hub->config.lifetime_ms / 64u);
    }
    if (hub->stats.subscribers > 0 && hub->draining) {
        after_ms = UNIT_MS;
    }
    if (after_ms == UINT64_MAX) {
        return;
    }
    after_ms = at_most(after_ms, LONGEST_SWEEP_MS);
    after_ms = after_ms > UNIT_MS ? after_ms : UNIT_MS;
    /* One that is due sooner anyway is left alone. */
    if (hub->sweep.next_ == NULL ||
        hub->sweep.when_ms_ > sse_loop_now_ms(hub->loop) + after_ms) {
        (void)sse_timer_start(hub->loop, &hub->sweep, after_ms, on_sweep,
                              hub);
    }
}
