/*
 * source.c - the connection state machine.
 *
 * SPDX-License-Identifier: MIT
 */
#include "source_rules.h"

#include <string.h>

enum {
    PHASE_START = 0,   /* the next action is CONNECT */
    PHASE_REQUEST = 1, /* not yet connected */
    PHASE_SENT = 2,    /* connected, no response yet */
    PHASE_OPEN = 3,    /* the body is the stream */
    PHASE_WAIT = 4,    /* until until_ms_ */
    PHASE_ENDED = 5,   /* for good, to be told */
    PHASE_TOLD = 6
};

void sse_source_config_init(sse_source_config *config)
{
    memset(config, 0, sizeof(*config));
    config->size = sizeof(*config);
    config->retry_ms = 3000;
    config->max_retry_ms = 30000;
    config->healthy_ms = 5000;
    config->max_reconnects = SSE_NEVER;
    config->reconnect = 1;
    config->idempotent = 1;
}

sse_status sse_source_init(sse_source *source, const sse_source_config *config,
                           const sse_parser *parser)
{
    if (source == NULL || (config != NULL && config->size == 0)) {
        return SSE_ERR_INVALID;
    }
    memset(source, 0, sizeof(*source));
    sse_source_config_init(&source->config_);
    if (config != NULL) {
        /* A program built with an older, shorter header leaves the rest at
         * its defaults. */
        const size_t known = sizeof(source->config_);
        memcpy(&source->config_, config,
               config->size < known ? config->size : known);
    }
    source->parser_ = parser;
    source->random_ = source->config_.seed;
    source->opened_ms_ = SSE_NEVER;
    return SSE_OK;
}

static void tick(sse_source *source, uint64_t now_ms)
{
    if (now_ms > source->now_ms_) {
        source->now_ms_ = now_ms;
    }
}

static uint64_t later(uint64_t start_ms, uint64_t by_ms)
{
    return by_ms < SSE_NEVER - start_ms ? start_ms + by_ms : SSE_NEVER;
}

static void settle(sse_source *source, const sse_decision *decision)
{
    source->reason_ = (uint8_t)decision->reason;
    source->cause_ = (uint8_t)decision->cause;
    source->failed_ = 0;
    source->paused_ = 0;
    /* Another verdict is unreachable: the judge gives none. */
    switch (decision->verdict) {
    case SSE_VERDICT_OPEN:
        source->phase_ = PHASE_OPEN;
        source->since_ms_ = source->now_ms_;
        source->opened_ms_ = source->now_ms_;
        break;
    case SSE_VERDICT_RETRY:
        source->phase_ = PHASE_WAIT;
        source->delay_ms_ = decision->delay_ms;
        /* Never at once, so that no driver turns in a circle. */
        source->until_ms_ = later(
            source->now_ms_, decision->delay_ms > 0 ? decision->delay_ms : 1);
        break;
    case SSE_VERDICT_FAIL:
        source->failed_ = 1;
        source->phase_ = PHASE_ENDED;
        break;
    case SSE_VERDICT_CLOSE:
        source->phase_ = PHASE_ENDED;
        break;
    }
}

static void end_attempt(sse_source *source, sse_reason reason)
{
    const sse_priv_case what = {reason, NULL, 0, SSE_NEVER};
    sse_decision decision;
    sse_priv_source_judge(source, &what, &decision);
    settle(source, &decision);
}

static int is_under_way(const sse_source *source)
{
    return source->phase_ >= PHASE_REQUEST && source->phase_ <= PHASE_OPEN;
}

static void begin_attempt(sse_source *source)
{
    if (source->attempt_ == 0) {
        source->born_ms_ = source->now_ms_;
    } else {
        source->reconnects_++;
    }
    source->attempt_++;
    source->phase_ = PHASE_REQUEST;
    source->since_ms_ = source->now_ms_;
    source->opened_ms_ = SSE_NEVER;
    source->events_before_ = source->events_;
    source->http_status_ = 0;
    source->reason_ = SSE_REASON_NONE;
    source->cause_ = SSE_REASON_NONE;
}

static uint64_t limit_of(const sse_source *source)
{
    if (source->attempt_ == 0 || source->config_.total_timeout_ms == 0) {
        return SSE_NEVER;
    }
    return later(source->born_ms_, source->config_.total_timeout_ms);
}

/* When the attempt's phase ends by itself, and for what reason. */
static uint64_t phase_limit(const sse_source *source, sse_reason *reason)
{
    uint32_t limit_ms = 0;
    *reason = SSE_REASON_NONE;
    if (source->phase_ == PHASE_REQUEST) {
        limit_ms = source->config_.connect_timeout_ms;
        *reason = SSE_REASON_CONNECT_TIMEOUT;
    } else if (source->phase_ == PHASE_SENT) {
        limit_ms = source->config_.first_byte_timeout_ms;
        *reason = SSE_REASON_FIRST_BYTE_TIMEOUT;
    } else if (!source->paused_) { /* PHASE_OPEN */
        limit_ms = source->config_.idle_timeout_ms;
        *reason = SSE_REASON_IDLE_TIMEOUT;
    }
    return limit_ms == 0 ? SSE_NEVER : later(source->since_ms_, limit_ms);
}

/* Lets the time that has passed take effect. */
static void advance(sse_source *source)
{
    if (source->phase_ >= PHASE_ENDED) {
        return;
    }
    if (source->now_ms_ >= limit_of(source)) {
        end_attempt(source, SSE_REASON_TOTAL_TIMEOUT);
        if (source->phase_ == PHASE_WAIT) {
            source->born_ms_ = source->now_ms_; /* the policy hook's wish */
        }
    } else if (is_under_way(source)) {
        sse_reason reason;
        if (source->now_ms_ >= phase_limit(source, &reason)) {
            end_attempt(source, reason);
        }
    }
    if (source->phase_ == PHASE_WAIT && source->now_ms_ >= source->until_ms_) {
        source->phase_ = PHASE_START;
    }
}

static void fill_in(const sse_source *source, sse_action *action)
{
    memset(action, 0, sizeof(*action));
    action->reason = (sse_reason)source->reason_;
    action->cause = (sse_reason)source->cause_;
    action->http_status = source->http_status_;
    action->until_ms = SSE_NEVER;
    action->attempt = source->attempt_;
    action->failures = source->failures_;
}

static void fill_in_time(const sse_source *source, sse_action *action)
{
    sse_reason reason;
    uint64_t until = source->until_ms_;
    if (source->phase_ != PHASE_WAIT) {
        until = phase_limit(source, &reason);
    }
    const uint64_t total = limit_of(source);
    action->until_ms = until < total ? until : total;
}

void sse_source_next(sse_source *source, uint64_t now_ms, sse_action *action)
{
    tick(source, now_ms);
    advance(source);
    switch (source->phase_) {
    case PHASE_START:
        begin_attempt(source);
        fill_in(source, action);
        action->kind = SSE_ACTION_CONNECT;
        if (source->parser_ != NULL) {
            action->last_event_id = sse_parser_last_event_id(
                source->parser_, &action->last_event_id_len);
        }
        break;
    case PHASE_REQUEST:
    case PHASE_SENT:
    case PHASE_OPEN:
        fill_in(source, action);
        fill_in_time(source, action);
        action->kind = SSE_ACTION_READ;
        break;
    case PHASE_WAIT:
        fill_in(source, action);
        fill_in_time(source, action);
        action->delay_ms = source->delay_ms_;
        action->kind = SSE_ACTION_WAIT;
        break;
    case PHASE_ENDED:
        source->phase_ = PHASE_TOLD;
        fill_in(source, action);
        action->kind = source->failed_ ? SSE_ACTION_FAIL : SSE_ACTION_CLOSE;
        break;
    default:
        fill_in(source, action);
        action->kind = SSE_ACTION_NONE;
        break;
    }
}

void sse_source_connected(sse_source *source, uint64_t now_ms)
{
    tick(source, now_ms);
    if (source->phase_ == PHASE_REQUEST) {
        source->phase_ = PHASE_SENT;
        source->since_ms_ = source->now_ms_;
    }
}

void sse_source_open(sse_source *source, uint64_t now_ms, int http_status,
                     const char *media_type, size_t media_type_len,
                     uint64_t retry_after_ms)
{
    tick(source, now_ms);
    if (source->phase_ != PHASE_REQUEST && source->phase_ != PHASE_SENT) {
        return;
    }
    source->http_status_ = http_status;
    const sse_priv_case what = {SSE_REASON_NONE, media_type, media_type_len,
                                retry_after_ms};
    sse_decision decision;
    sse_priv_source_judge(source, &what, &decision);
    settle(source, &decision);
}

void sse_source_bytes(sse_source *source, uint64_t now_ms)
{
    tick(source, now_ms);
    if (source->phase_ == PHASE_OPEN) {
        source->since_ms_ = source->now_ms_;
    }
}

void sse_source_event(sse_source *source)
{
    source->events_++;
}

void sse_source_end(sse_source *source, uint64_t now_ms, sse_reason reason)
{
    tick(source, now_ms);
    if (reason == SSE_REASON_CALLER && source->phase_ < PHASE_ENDED) {
        end_attempt(source, reason);
    }
    if (!is_under_way(source)) {
        return;
    }
    if (source->phase_ == PHASE_OPEN && reason == SSE_REASON_CONNECT) {
        reason = SSE_REASON_CUT;
    } else if (source->phase_ != PHASE_OPEN &&
               (reason == SSE_REASON_END || reason == SSE_REASON_CUT)) {
        reason = SSE_REASON_CONNECT;
    }
    end_attempt(source, reason);
}

void sse_source_pause(sse_source *source, uint64_t now_ms)
{
    tick(source, now_ms);
    source->paused_ = source->phase_ == PHASE_OPEN;
}

void sse_source_resume(sse_source *source, uint64_t now_ms)
{
    tick(source, now_ms);
    if (source->paused_) {
        source->paused_ = 0;
        source->since_ms_ = source->now_ms_;
    }
}

void sse_source_set_idle(sse_source *source, uint32_t idle_timeout_ms)
{
    source->config_.idle_timeout_ms = idle_timeout_ms;
}

sse_source_state sse_source_get_state(const sse_source *source)
{
    switch (source->phase_) {
    case PHASE_OPEN:
        return SSE_SOURCE_OPEN;
    case PHASE_WAIT:
        return SSE_SOURCE_WAITING;
    case PHASE_ENDED:
    case PHASE_TOLD:
        return SSE_SOURCE_CLOSED;
    default:
        return SSE_SOURCE_CONNECTING;
    }
}
