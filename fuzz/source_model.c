/*
 * source_model.c - see source_model.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "source_model.h"

#include "fuzz.h"

static void check_connect(struct fuzz_world *w, const sse_action *action)
{
    size_t len = 0;
    const char *const id = sse_parser_last_event_id(&w->parser, &len);
    w->requests++;
    FUZZ_REQUIRE(!w->under_way && !w->caller_ended);
    FUZZ_REQUIRE(w->now_ms >= w->wait_until_ms);
    FUZZ_REQUIRE(action->attempt == w->requests);
    FUZZ_REQUIRE(fuzz_same(action->last_event_id, action->last_event_id_len,
                           id, len));
    if (w->config.policy == NULL) {
        FUZZ_REQUIRE(w->requests == 1 || w->config.reconnect);
        FUZZ_REQUIRE(w->requests - 1 <= w->config.max_reconnects);
        FUZZ_REQUIRE(w->config.idempotent || w->events == 0);
    }
    w->under_way = 1;
    w->since_ms = w->now_ms;
    w->connected = 0;
    w->delivered = 0;
    w->paused = 0;
    w->healthy = 0;
    w->wait_until_ms = 0;
    w->told_after_ms = SSE_NEVER;
}

/* The limit of the phase that runs, from where it began. */
static void check_read(const struct fuzz_world *w, const sse_action *action)
{
    uint32_t limit_ms = w->config.connect_timeout_ms;
    if (fuzz_is_open(w)) {
        limit_ms = w->paused ? 0 : w->config.idle_timeout_ms;
    } else if (w->connected) {
        limit_ms = w->config.first_byte_timeout_ms;
    }
    FUZZ_REQUIRE(w->under_way && !w->caller_ended);
    FUZZ_REQUIRE(action->until_ms > w->now_ms);
    FUZZ_REQUIRE(w->config.total_timeout_ms != 0 ||
                 action->until_ms ==
                     (limit_ms == 0 ? SSE_NEVER : w->since_ms + limit_ms));
}

static void check_wait(struct fuzz_world *w, const sse_action *action)
{
    FUZZ_REQUIRE(action->until_ms > w->now_ms);
    FUZZ_REQUIRE(!w->caller_ended && w->requests > 0);
    w->under_way = 0;
    if (w->wait_until_ms != 0 || w->config.total_timeout_ms != 0) {
        return; /* the same wait, or one that the total limit cuts short */
    }
    w->wait_until_ms = action->until_ms;
    if (w->config.policy != NULL) {
        return;
    }
    /* Never less than what the server asked for, by either way. */
    uint64_t asked = w->config.retry_ms;
    (void)sse_parser_retry(&w->parser, &asked);
    FUZZ_REQUIRE(action->delay_ms >= asked ||
                 action->delay_ms >= w->config.max_retry_ms);
    FUZZ_REQUIRE(w->told_after_ms > SSE_RETRY_AFTER_MAX_MS ||
                 action->delay_ms >= w->told_after_ms);
    /* A healthy stream forgives all failures before it. */
    FUZZ_REQUIRE((action->failures == 0) == w->healthy);
    const uint64_t least = asked > 100 ? asked : 100;
    FUZZ_REQUIRE(!w->healthy || action->delay_ms <= least + least / 4);
}

void fuzz_world_ask(struct fuzz_world *w)
{
    sse_action action;
    const int was_open = fuzz_is_open(w);
    sse_source_next(&w->source, w->now_ms, &action);
    if (was_open && !fuzz_is_open(w)) {
        w->healthy = w->now_ms - w->opened_ms >= w->config.healthy_ms;
    }
    FUZZ_REQUIRE(action.kind == SSE_ACTION_NONE || !w->over);
    FUZZ_REQUIRE(action.attempt == w->requests ||
                 action.kind == SSE_ACTION_CONNECT);
    FUZZ_REQUIRE(sse_reason_text(action.reason) != NULL);
    switch (action.kind) {
    case SSE_ACTION_CONNECT:
        check_connect(w, &action);
        break;
    case SSE_ACTION_WAIT:
        check_wait(w, &action);
        break;
    case SSE_ACTION_READ:
        check_read(w, &action);
        break;
    case SSE_ACTION_CLOSE:
    case SSE_ACTION_FAIL:
        FUZZ_REQUIRE(!w->over);
        FUZZ_REQUIRE(!w->caller_ended || action.kind == SSE_ACTION_CLOSE);
        FUZZ_REQUIRE((sse_action_status(&action) < 0) ==
                     (action.kind == SSE_ACTION_FAIL));
        w->over = 1;
        w->under_way = 0;
        break;
    case SSE_ACTION_NONE:
        FUZZ_REQUIRE(w->over);
        break;
    }
    FUZZ_REQUIRE(fuzz_is_closed(w) == w->over);
}
