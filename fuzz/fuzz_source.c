/*
 * fuzz_source.c - whatever a transport tells it, the reconnection machine
 * keeps its promises.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first bytes are the configuration; each operation behind them is a byte
 * and what it needs.
 */
#include "fuzz.h"
#include "source_model.h"

#include <string.h>

/* Puts in a verdict of its own now and then, sense or nonsense. */
static void policy(sse_decision *decision, void *user)
{
    const struct fuzz_world *const w = (const struct fuzz_world *)user;
    FUZZ_REQUIRE(decision->reason != SSE_REASON_CALLER);
    FUZZ_REQUIRE(decision->events == w->events);
    FUZZ_REQUIRE(decision->attempt == w->requests);
    FUZZ_REQUIRE(decision->verdict >= SSE_VERDICT_OPEN &&
                 decision->verdict <= SSE_VERDICT_FAIL);
    FUZZ_REQUIRE(decision->verdict != SSE_VERDICT_OPEN ||
                 decision->response);
    if (w->policy % 3 == 0) {
        decision->verdict = (sse_verdict)(w->policy / 3 % 6);
        decision->delay_ms = w->policy;
    }
}

static void configure(struct fuzz_world *w, struct fuzz_input *input)
{
    const unsigned choice = fuzz_byte(input);
    sse_source_config *const c = &w->config;
    sse_source_config_init(c);
    c->seed = fuzz_byte(input);
    c->retry_ms = (uint32_t)fuzz_number(input);
    c->max_retry_ms = (uint32_t)fuzz_number(input);
    c->healthy_ms = (uint32_t)fuzz_below(input, 10000);
    c->connect_timeout_ms = (choice & 1u) != 0 ? 1000 : 0;
    c->first_byte_timeout_ms = (choice & 2u) != 0 ? 2000 : 0;
    c->idle_timeout_ms = (choice & 4u) != 0 ? 500 : 0;
    c->total_timeout_ms = (choice & 8u) != 0 ? 100000 : 0;
    c->max_reconnects = (choice & 16u) != 0 ? fuzz_byte(input) : SSE_NEVER;
    c->reconnect = (choice & 32u) == 0;
    c->idempotent = (choice & 64u) == 0;
    if ((choice & 128u) != 0) {
        c->policy = policy;
        c->user = w;
        w->policy = fuzz_byte(input);
    }
}

/* ---- what goes in ---- */

static void respond(struct fuzz_world *w, struct fuzz_input *input)
{
    static const int statuses[8] = {200, 200, 200, 204, 503, 429, 404, 302};
    static const char *const types[4] = {
        "text/event-stream", "TEXT/event-stream; x=y", "text/html", NULL};
    const unsigned choice = fuzz_byte(input);
    const char *const type = types[choice >> 3 & 3u];
    const uint64_t after_ms =
        (choice & 32u) != 0 ? fuzz_number(input) : SSE_NEVER;
    const int is_answer = fuzz_is_connecting(w);
    w->told_after_ms = is_answer ? after_ms : w->told_after_ms;
    sse_source_open(&w->source, w->now_ms, statuses[choice & 7u], type,
                    type != NULL ? strlen(type) : 0, after_ms);
    if (fuzz_is_open(w) && is_answer) {
        w->since_ms = w->now_ms;
        w->opened_ms = w->now_ms;
        w->told_after_ms = SSE_NEVER; /* it is not about the end of this one */
    }
}

/* The reasons a transport may give. */
static void end(struct fuzz_world *w, struct fuzz_input *input)
{
    static const sse_reason reasons[11] = {
        SSE_REASON_END,          SSE_REASON_CUT,
        SSE_REASON_CONNECT,      SSE_REASON_CONNECT_TIMEOUT,
        SSE_REASON_CALLER,       SSE_REASON_FIRST_BYTE_TIMEOUT,
        SSE_REASON_IDLE_TIMEOUT, SSE_REASON_REDIRECT,
        SSE_REASON_MEDIA_TYPE,   SSE_REASON_TOO_LONG,
        SSE_REASON_FATAL};
    const sse_reason reason = reasons[fuzz_byte(input) % 11];
    w->caller_ended |= reason == SSE_REASON_CALLER && !fuzz_is_closed(w);
    if (fuzz_is_open(w)) {
        w->healthy = w->now_ms - w->opened_ms >= w->config.healthy_ms ||
                     (w->delivered && reason == SSE_REASON_END);
    }
    sse_source_end(&w->source, w->now_ms, reason);
}

static void feed(struct fuzz_world *w, struct fuzz_input *input)
{
    const struct fuzz_input text = fuzz_take(input, fuzz_byte(input) % 24);
    size_t used = 0;
    if (sse_parser_feed(&w->parser, text.at, text.left, &used) != SSE_OK) {
        fuzz_broken(__FILE__, __LINE__, "feed");
    }
    sse_source_bytes(&w->source, w->now_ms);
    w->since_ms = fuzz_is_open(w) ? w->now_ms : w->since_ms;
}

static void connected(struct fuzz_world *w)
{
    if (fuzz_is_connecting(w) && !w->connected) {
        w->connected = 1;
        w->since_ms = w->now_ms;
    }
    sse_source_connected(&w->source, w->now_ms);
}

static void resume(struct fuzz_world *w)
{
    w->since_ms = w->paused && fuzz_is_open(w) ? w->now_ms : w->since_ms;
    w->paused = 0;
    sse_source_resume(&w->source, w->now_ms);
}

static void step(struct fuzz_world *w, struct fuzz_input *input)
{
    const unsigned operation = fuzz_byte(input);
    switch (operation % 12) {
    case 0:
        connected(w);
        break;
    case 1:
    case 2:
        respond(w, input);
        break;
    case 3:
        feed(w, input);
        break;
    case 4:
        if (fuzz_is_open(w)) {
            sse_source_event(&w->source);
            w->delivered = 1;
            w->events++;
        }
        break;
    case 5:
    case 6:
        end(w, input);
        break;
    case 7:
        w->paused = fuzz_is_open(w);
        sse_source_pause(&w->source, w->now_ms);
        break;
    case 8:
        resume(w);
        break;
    case 9:
        w->config.idle_timeout_ms = (uint32_t)fuzz_number(input);
        sse_source_set_idle(&w->source, w->config.idle_timeout_ms);
        break;
    default:
        /* Time passes; never so much that it runs out. */
        w->now_ms += fuzz_below(input, 60000);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fuzz_world w;
    char scratch[512];
    struct fuzz_input input = fuzz_input_of(data, size);
    memset(&w, 0, sizeof w);
    w.told_after_ms = SSE_NEVER;
    FUZZ_REQUIRE(sse_parser_init(&w.parser, scratch, sizeof scratch, NULL,
                                 NULL) == SSE_OK);
    configure(&w, &input);
    FUZZ_REQUIRE(sse_source_init(&w.source, &w.config, &w.parser) == SSE_OK);
    while (input.left > 0) {
        fuzz_world_ask(&w);
        step(&w, &input);
    }
    fuzz_world_ask(&w);
    return 0;
}
