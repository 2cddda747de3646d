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

#include <sse/sse.h>

#include <string.h>

/* A source, and what is known of it from outside. */
struct world {
    sse_source_config config;
    sse_parser parser;
    sse_source source;
    uint64_t now_ms;      /* the latest time told */
    uint64_t requests;    /* CONNECT so far */
    uint64_t events;
    uint64_t told_after_ms; /* Retry-After of the last response, or SSE_NEVER */
    uint64_t wait_until_ms; /* of the wait that runs; 0: none */
    unsigned policy;      /* what the hook answers; 0: nothing */
    int under_way;        /* a connection is */
    int caller_ended;
    int over;             /* CLOSE or FAIL was told */
};

/* Puts in a verdict of its own now and then, sense or nonsense. */
static void policy(sse_decision *decision, void *user)
{
    const struct world *const w = (const struct world *)user;
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

static void configure(struct world *w, struct fuzz_input *input)
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

/* ---- what may come out ---- */

static void check_connect(struct world *w, const sse_action *action)
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
    w->wait_until_ms = 0;
    w->told_after_ms = SSE_NEVER;
}

static void check_wait(struct world *w, const sse_action *action)
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
}

static void ask(struct world *w)
{
    sse_action action;
    sse_source_next(&w->source, w->now_ms, &action);
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
        FUZZ_REQUIRE(w->under_way && !w->caller_ended);
        FUZZ_REQUIRE(action.until_ms > w->now_ms);
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
    FUZZ_REQUIRE((sse_source_get_state(&w->source) == SSE_SOURCE_CLOSED) ==
                 w->over);
}

/* ---- what goes in ---- */

static void respond(struct world *w, struct fuzz_input *input)
{
    static const int statuses[8] = {200, 200, 200, 204, 503, 429, 404, 302};
    static const char *const types[4] = {
        "text/event-stream", "TEXT/event-stream; x=y", "text/html", NULL};
    const unsigned choice = fuzz_byte(input);
    const char *const type = types[choice >> 3 & 3u];
    const uint64_t after_ms =
        (choice & 32u) != 0 ? fuzz_number(input) : SSE_NEVER;
    if (sse_source_get_state(&w->source) == SSE_SOURCE_CONNECTING &&
        w->under_way) {
        w->told_after_ms = after_ms;
    }
    sse_source_open(&w->source, w->now_ms, statuses[choice & 7u], type,
                    type != NULL ? strlen(type) : 0, after_ms);
    if (sse_source_get_state(&w->source) == SSE_SOURCE_OPEN) {
        w->told_after_ms = SSE_NEVER; /* it is not about the end of this one */
    }
}

/* The reasons a transport may give. */
static void end(struct world *w, struct fuzz_input *input)
{
    static const sse_reason reasons[11] = {
        SSE_REASON_END,          SSE_REASON_CUT,
        SSE_REASON_CONNECT,      SSE_REASON_CONNECT_TIMEOUT,
        SSE_REASON_CALLER,       SSE_REASON_FIRST_BYTE_TIMEOUT,
        SSE_REASON_IDLE_TIMEOUT, SSE_REASON_REDIRECT,
        SSE_REASON_MEDIA_TYPE,   SSE_REASON_TOO_LONG,
        SSE_REASON_FATAL};
    const sse_reason reason = reasons[fuzz_byte(input) % 11];
    w->caller_ended |=
        reason == SSE_REASON_CALLER &&
        sse_source_get_state(&w->source) != SSE_SOURCE_CLOSED;
    sse_source_end(&w->source, w->now_ms, reason);
}

static void feed(struct world *w, struct fuzz_input *input)
{
    const struct fuzz_input text = fuzz_take(input, fuzz_byte(input) % 24);
    size_t used = 0;
    if (sse_parser_feed(&w->parser, text.at, text.left, &used) != SSE_OK) {
        fuzz_broken(__FILE__, __LINE__, "feed");
    }
    sse_source_bytes(&w->source, w->now_ms);
}

static void step(struct world *w, struct fuzz_input *input)
{
    const unsigned operation = fuzz_byte(input);
    switch (operation % 12) {
    case 0:
        sse_source_connected(&w->source, w->now_ms);
        break;
    case 1:
    case 2:
        respond(w, input);
        break;
    case 3:
        feed(w, input);
        break;
    case 4:
        if (sse_source_get_state(&w->source) == SSE_SOURCE_OPEN) {
            sse_source_event(&w->source);
            w->events++;
        }
        break;
    case 5:
    case 6:
        end(w, input);
        break;
    case 7:
        sse_source_pause(&w->source, w->now_ms);
        break;
    case 8:
        sse_source_resume(&w->source, w->now_ms);
        break;
    case 9:
        sse_source_set_idle(&w->source, (uint32_t)fuzz_number(input));
        break;
    default:
        /* Time passes; never so much that it runs out. */
        w->now_ms += fuzz_below(input, 60000);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world w;
    char scratch[512];
    struct fuzz_input input = fuzz_input_of(data, size);
    memset(&w, 0, sizeof w);
    w.told_after_ms = SSE_NEVER;
    FUZZ_REQUIRE(sse_parser_init(&w.parser, scratch, sizeof scratch, NULL,
                                 NULL) == SSE_OK);
    configure(&w, &input);
    FUZZ_REQUIRE(sse_source_init(&w.source, &w.config, &w.parser) == SSE_OK);
    while (input.left > 0) {
        ask(&w);
        step(&w, &input);
    }
    ask(&w);
    return 0;
}
