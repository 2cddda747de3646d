/*
 * upstream.c - the calls: waiting their turn, trying, trying again.
 *
 * SPDX-License-Identifier: MIT
 */
#include "llm/upstream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "base/mem.h"
#include "llm/attempt.h"
#include "llm/outcome.h"
#include "llm/request.h"

#define ATTEMPTS 3
#define BACKOFF_MS 500        /* before the second attempt, then doubled */
#define RETRY_AFTER_MAX 15000 /* longer than that nobody waits here */

struct upstream_call {
    struct upstream *upstream;
    struct upstream_call *next; /* in its queue */
    enum upstream_class priority;
    struct upstream_hooks hooks;
    void *user;
    char *body;
    struct attempt *attempt; /* NULL while it waits */
    unsigned attempts;
    sse_timer timer;         /* of the wait before a retry */
    int backing_off;         /* not 0 while it runs */
    uint64_t begun_ms;
};

struct upstream {
    sse_loop *loop;
    curl_loop *curl;
    char url[2048];
    char *api_key;
    char *model;
    uint32_t idle_ms;
    int direct;
    struct attempt *attempts[UPSTREAM_CONNECTIONS];
    struct upstream_call *waiting[2]; /* by class, in the order they came */
    sse_timer turn;                   /* starts those whose turn has come */
    struct upstream_stats stats;
};

static void schedule(struct upstream *upstream);

static void enqueue(struct upstream_call *call)
{
    struct upstream_call **at = &call->upstream->waiting[call->priority];
    while (*at != NULL) {
        at = &(*at)->next;
    }
    call->next = NULL;
    *at = call;
    call->upstream->stats.waiting++;
    schedule(call->upstream);
}

static void unqueue(struct upstream_call *call)
{
    struct upstream_call **at = &call->upstream->waiting[call->priority];
    while (*at != NULL && *at != call) {
        at = &(*at)->next;
    }
    if (*at == call) {
        *at = call->next;
        call->upstream->stats.waiting--;
    }
}

static void call_free(struct upstream_call *call)
{
    sse_timer_stop(call->upstream->loop, &call->timer);
    free(call->body);
    free(call);
}

static void call_end(struct upstream_call *call,
                     const struct upstream_end *end)
{
    struct upstream_end told = *end;
    told.total_ms = (int64_t)(sse_loop_now_ms(call->upstream->loop) -
                              call->begun_ms);
    outcome_count(&call->upstream->stats, &told);
    call->hooks.end(call->user, &told);
    call_free(call);
}

static int on_text(void *user, const char *text, size_t len)
{
    struct upstream_call *call = (struct upstream_call *)user;
    return call->hooks.text(call->user, text, len);
}

static void on_backoff(sse_loop *loop, sse_timer *timer, void *user)
{
    struct upstream_call *call = (struct upstream_call *)user;
    (void)loop;
    (void)timer;
    call->backing_off = 0;
    call->upstream->stats.waiting--;
    enqueue(call);
}

/* Waits longer each time, and never two callers for the same time. */
static uint64_t backoff_ms(const struct upstream_call *call,
                           uint64_t retry_after_ms)
{
    unsigned char random[2];
    random_bytes(random, sizeof random);
    uint64_t base = (uint64_t)BACKOFF_MS << (call->attempts - 1);
    uint64_t jitter = ((uint64_t)random[0] * 256 + random[1]) * base / 65536;
    uint64_t wait = base / 2 + jitter;
    return retry_after_ms != SSE_NEVER && retry_after_ms > wait
               ? retry_after_ms
               : wait;
}

static void on_end(void *user, const struct attempt_end *end)
{
    struct upstream_call *call = (struct upstream_call *)user;
    call->attempt = NULL;
    if (!end->again || call->attempts >= ATTEMPTS ||
        (end->retry_after_ms != SSE_NEVER &&
         end->retry_after_ms > RETRY_AFTER_MAX)) {
        call_end(call, &end->end);
        return;
    }
    call->upstream->stats.retries++;
    call->upstream->stats.waiting++;
    call->backing_off = 1;
    (void)sse_timer_start(call->upstream->loop, &call->timer,
                          backoff_ms(call, end->retry_after_ms), on_backoff,
                          call);
}

static void on_gone(void *user, struct attempt *attempt)
{
    struct upstream *upstream = (struct upstream *)user;
    for (size_t i = 0; i < UPSTREAM_CONNECTIONS; i++) {
        if (upstream->attempts[i] == attempt) {
            upstream->attempts[i] = NULL;
            upstream->stats.active--;
        }
    }
    schedule(upstream);
}

static void begin(struct upstream_call *call, size_t slot)
{
    struct upstream *upstream = call->upstream;
    struct attempt_config config = {upstream->loop, upstream->curl,
                                    upstream->url,  upstream->api_key,
                                    call->body,     upstream->idle_ms,
                                    upstream->direct, on_text, on_end,
                                    call,           on_gone, upstream};
    call->attempt = attempt_start(&config);
    call->attempts++;
    if (call->attempt == NULL) {
        struct upstream_end end;
        memset(&end, 0, sizeof end);
        end.verdict = SSE_LLM_FAILED;
        end.code = "internal";
        end.message = "The question could not be sent.";
        end.retryable = 1;
        end.first_byte_ms = -1;
        end.first_token_ms = -1;
        end.longest_gap_ms = -1;
        call_end(call, &end);
        return;
    }
    upstream->attempts[slot] = call->attempt;
    upstream->stats.active++;
    upstream->stats.requests++;
}

static void on_turn(sse_loop *loop, sse_timer *timer, void *user)
{
    struct upstream *upstream = (struct upstream *)user;
    (void)loop;
    (void)timer;
    for (size_t slot = 0; slot < UPSTREAM_CONNECTIONS; slot++) {
        struct upstream_call *call = upstream->waiting[UPSTREAM_PERSON];
        if (call == NULL) {
            call = upstream->waiting[UPSTREAM_BATCH];
        }
        if (call != NULL && upstream->attempts[slot] == NULL) {
            unqueue(call);
            begin(call, slot);
        }
    }
}

/* Requests start from a turn of their own: never from inside a hook of
 * another one, and never before upstream_start() has returned. */
static void schedule(struct upstream *upstream)
{
    (void)sse_timer_start(upstream->loop, &upstream->turn, 0, on_turn,
                          upstream);
}

struct upstream *upstream_open(sse_loop *loop,
                               const struct upstream_config *config,
                               char *error, size_t error_cap)
{
    struct upstream *upstream =
        (struct upstream *)mem_zero(1, sizeof *upstream);
    upstream->loop = loop;
    upstream->api_key = mem_string(config->api_key);
    upstream->model = mem_string(config->model);
    upstream->idle_ms = config->idle_ms;
    upstream->direct = config->direct;
    if (request_url(config->url, config->agent, upstream->url,
                    sizeof upstream->url) != 0) {
        (void)snprintf(error, error_cap,
                       "the upstream's URL is too long, or the agent's id is"
                       " not made of letters, digits, - and _");
    } else if (config->api_key != NULL && strlen(config->api_key) > 900) {
        (void)snprintf(error, error_cap, "SSE_CHAT_API_KEY is too long");
    } else if (curl_loop_open(loop, UPSTREAM_CONNECTIONS, &upstream->curl) !=
               SSE_OK) {
        (void)snprintf(error, error_cap, "libcurl cannot be set up");
    } else {
        return upstream;
    }
    upstream_close(upstream);
    return NULL;
}

void upstream_close(struct upstream *upstream)
{
    if (upstream == NULL) {
        return;
    }
    for (size_t i = 0; i < UPSTREAM_CONNECTIONS; i++) {
        if (upstream->attempts[i] != NULL) {
            attempt_close(upstream->attempts[i]);
        }
    }
    sse_timer_stop(upstream->loop, &upstream->turn);
    curl_loop_close(upstream->curl);
    free(upstream->api_key);
    free(upstream->model);
    free(upstream);
}

const char *upstream_url(const struct upstream *upstream)
{
    return upstream->url;
}

void upstream_get_stats(const struct upstream *upstream,
                        struct upstream_stats *stats)
{
    *stats = upstream->stats;
}

struct upstream_call *upstream_start(struct upstream *upstream,
                                     json_t *messages,
                                     enum upstream_class priority,
                                     const struct upstream_hooks *hooks,
                                     void *user)
{
    struct upstream_call *call =
        (struct upstream_call *)mem_zero(1, sizeof *call);
    call->upstream = upstream;
    call->priority = priority;
    call->hooks = *hooks;
    call->user = user;
    call->body = request_body(upstream->model, messages);
    call->begun_ms = sse_loop_now_ms(upstream->loop);
    upstream->stats.calls++;
    enqueue(call);
    return call;
}

void upstream_resume(struct upstream_call *call)
{
    if (call->attempt != NULL) {
        attempt_resume(call->attempt);
    }
}

void upstream_cancel(struct upstream_call *call)
{
    call->upstream->stats.verdicts[SSE_LLM_CANCELLED]++;
    if (call->attempt != NULL) {
        attempt_cancel(call->attempt);
    } else if (call->backing_off) {
        call->upstream->stats.waiting--;
    } else {
        unqueue(call);
    }
    call_free(call);
}
