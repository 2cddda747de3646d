/*
 * source_delay.c - how long to wait before the next attempt.
 *
 * SPDX-License-Identifier: MIT
 */
#include "source_rules.h"

/* A reconnection time below this makes a busy loop out of a mistake. */
#define FLOOR_MS 100u

/* splitmix64 (Steele, Lea, Flood 2014): one addition per step and a mixing
 * function, so that neighbouring seeds give unrelated delays. */
static uint64_t draw(sse_source *source)
{
    source->random_ += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = source->random_;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

/* Anywhere from 0 to `span`, both included; `span` stays far below 2^64, so
 * the bias of the remainder is of no account. */
static uint64_t draw_up_to(sse_source *source, uint64_t span)
{
    return draw(source) % (span + 1);
}

static uint64_t reconnection_time(const sse_source *source)
{
    const sse_source_config *config = &source->config_;
    uint64_t base = config->retry_ms;
    if (source->parser_ != NULL) {
        (void)sse_parser_retry(source->parser_, &base);
    }
    const uint64_t least =
        config->retry_ms < FLOOR_MS ? config->retry_ms : FLOOR_MS;
    if (base < least) {
        base = least;
    }
    return base < config->max_retry_ms ? base : config->max_retry_ms;
}

/* The reconnection time doubled for each failure behind the first. */
static uint64_t doubled(uint64_t base, uint64_t failures, uint64_t cap)
{
    uint64_t top = base > 0 ? base : 1;
    for (uint64_t n = 1; n < failures && top < cap; n++) {
        top *= 2;
    }
    return top < cap ? top : cap;
}

uint64_t sse_priv_source_delay(sse_source *source, uint64_t retry_after_ms)
{
    const uint64_t cap = source->config_.max_retry_ms;
    const uint64_t base = reconnection_time(source);
    uint64_t span = base / 4;
    if (source->failures_ > 1) {
        const uint64_t top = doubled(base, source->failures_, cap);
        if (top > base && top - base > span) {
            span = top - base;
        }
    }
    const uint64_t delay = base + draw_up_to(source, span);

    /* All clients of a server hear the same Retry-After, so it gets jitter of
     * its own; a quarter of hours would be too much of it. */
    if (retry_after_ms > SSE_RETRY_AFTER_MAX_MS) {
        return delay;
    }
    const uint64_t quarter = retry_after_ms / 4;
    const uint64_t told =
        retry_after_ms + draw_up_to(source, quarter < cap ? quarter : cap);
    return told > delay ? told : delay;
}
