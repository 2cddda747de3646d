/*
 * attempt.c - one HTTP request to the upstream, and the reading of its answer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "llm/attempt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "llm/outcome.h"

#define SCRATCH 4096
#define EVENT_MAX ((size_t)4 << 20) /* bytes of one event */
#define ERROR_BODY_MAX 2048         /* bytes kept for the log */
#define CONNECT_MS 10000
#define DRAIN_MS 500 /* for the end of a body behind [DONE] */

struct attempt {
    struct attempt_config config;
    CURL *easy;
    sse_curl *stream;
    sse_llm llm;
    sse_timer timer;   /* tells the end, then waits for the drain */
    int owned;         /* not 0 until the owner was told or gave up */
    int over;          /* not 0 once `timer` is to tell the end */
    int paused;
    int closing;       /* not 0 while attempt_close() runs */
    int text_came;
    int hole;          /* not 0 once an event was too large to be read */
    int http_status;   /* of the response's head; 0 before it */
    uint64_t retry_after_ms;
    char scratch[SCRATCH];
};

static int on_delta(const sse_llm_delta *delta, void *user)
{
    struct attempt *attempt = (struct attempt *)user;
    if (!attempt->owned) {
        return SSE_STOP;
    }
    /* One answer was asked for; a further choice would mix into its text. */
    if ((delta->kind != SSE_LLM_TEXT && delta->kind != SSE_LLM_REFUSAL) ||
        delta->choice != 0) {
        return SSE_GO;
    }
    attempt->text_came = 1;
    int pause = attempt->config.text(attempt->config.user, delta->text,
                                     delta->text_len);
    if (!attempt->owned) {
        return SSE_STOP;
    }
    return pause ? SSE_PAUSE : SSE_GO;
}

static void log_failure(const struct attempt *attempt,
                        const struct attempt_end *end,
                        const sse_curl_result *result,
                        const sse_llm_report *report)
{
    char body[400];
    char words[400];
    const char *key = attempt->config.api_key;
    log_quote(body, sizeof body, result != NULL ? result->body : "",
              result != NULL ? result->body_len : 0, key);
    log_quote(words, sizeof words, report->error.message,
              strlen(report->error.message), key);
    log_line("upstream: %s, HTTP status %d%s%s%s%s%s%s", end->end.code,
             attempt->http_status, result != NULL ? ": " : "",
             result != NULL ? result->text : "", words[0] ? ": " : "", words,
             body[0] ? ": " : "", body);
}

/* Tells the owner how the answer ended; `result` is NULL while the transfer
 * still runs. */
static void tell_end(struct attempt *attempt, const sse_curl_result *result)
{
    struct attempt_end end;
    sse_llm_report report;
    attempt->owned = 0;
    sse_llm_clock(&attempt->llm, sse_loop_now_ms(attempt->config.loop));
    int clean = result == NULL || result->status == SSE_OK;
    (void)sse_llm_finish(&attempt->llm, clean);
    sse_llm_report_get(&attempt->llm, &report);
    outcome_judge(&end, &report, result, attempt->text_came, attempt->hole);
    end.retry_after_ms = attempt->retry_after_ms;
    if (end.end.code != NULL) {
        log_failure(attempt, &end, result, &report);
    }
    attempt->config.end(attempt->config.user, &end);
}

static void on_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    struct attempt *attempt = (struct attempt *)user;
    if (attempt->owned) {
        /* The body should end now; give it a moment, so that the connection
         * can be used again. */
        (void)sse_timer_start(loop, timer, DRAIN_MS, on_timer, attempt);
        tell_end(attempt, NULL);
    } else {
        sse_curl_cancel(attempt->stream);
    }
}

static void check_over(struct attempt *attempt)
{
    if (sse_llm_ended(&attempt->llm) && !attempt->over && attempt->owned) {
        attempt->over = 1;
        (void)sse_timer_start(attempt->config.loop, &attempt->timer, 0,
                              on_timer, attempt);
    }
}

static int on_event(const sse_event *event, void *user)
{
    struct attempt *attempt = (struct attempt *)user;
    sse_llm_clock(&attempt->llm, sse_loop_now_ms(attempt->config.loop));
    sse_status status = sse_llm_event(&attempt->llm, event);
    check_over(attempt);
    if (status == SSE_PAUSED) {
        attempt->paused = 1;
        return SSE_PAUSE;
    }
    return status == SSE_OK ? SSE_GO : SSE_STOP;
}

static int on_field(const char *name, size_t name_len, const char *value,
                    size_t value_len, uint64_t offset, void *user)
{
    struct attempt *attempt = (struct attempt *)user;
    (void)offset;
    (void)sse_llm_field(&attempt->llm, name, name_len, value, value_len);
    check_over(attempt);
    return SSE_GO;
}

/* An event too large to be read would leave a hole in the answer. */
static int on_dropped(const sse_drop *drop, void *user)
{
    struct attempt *attempt = (struct attempt *)user;
    if (drop->reason != SSE_DROP_DATA && drop->reason != SSE_DROP_TYPE) {
        return SSE_GO;
    }
    attempt->hole = 1;
    log_line("upstream: an event of %llu bytes %s; the answer is given up",
             (unsigned long long)drop->bytes,
             drop->reason == SSE_DROP_TYPE ? "has too long a type"
                                           : "is too large to be read");
    return SSE_STOP;
}

static sse_status setup_parser(sse_parser *parser, void *user)
{
    (void)user;
    sse_parser_on_field(parser, on_field);
    sse_parser_on_dropped(parser, on_dropped);
    return SSE_OK;
}

static int on_response(const sse_curl_response *response, void *user)
{
    struct attempt *attempt = (struct attempt *)user;
    attempt->http_status = response->http_status;
    attempt->retry_after_ms = response->retry_after_ms;
    return SSE_GO;
}

/* Frees an attempt whose transfer is over. */
static void bury(struct attempt *attempt)
{
    sse_timer_stop(attempt->config.loop, &attempt->timer);
    sse_curl_close(attempt->stream);
    curl_easy_cleanup(attempt->easy);
    attempt->config.gone(attempt->config.gone_user, attempt);
    free(attempt);
}

static void on_end(const sse_curl_result *result, void *user)
{
    struct attempt *attempt = (struct attempt *)user;
    if (attempt->closing) {
        return; /* from inside sse_curl_close() */
    }
    if (attempt->owned) {
        tell_end(attempt, result);
    }
    bury(attempt);
}

static sse_status open_stream(struct attempt *attempt)
{
    const struct attempt_config *want = &attempt->config;
    char bearer[1024];
    const char *headers[3] = {"Content-Type: application/json", "Expect:",
                              bearer};
    sse_curl_config config;
    sse_curl_config_init(&config);
    config.url = want->url;
    config.headers = headers;
    config.header_count = 2;
    if (want->api_key != NULL) {
        int len = snprintf(bearer, sizeof bearer, "Authorization: Bearer %s",
                           want->api_key);
        if (len < 0 || (size_t)len >= sizeof bearer) {
            return SSE_ERR_LIMIT;
        }
        config.header_count = 3;
    }
    config.body = want->body;
    config.body_len = strlen(want->body);
    config.reconnect = 0;
    config.connect_timeout_ms = CONNECT_MS;
    config.first_byte_timeout_ms = want->idle_ms;
    config.idle_timeout_ms = want->idle_ms;
    config.max_event_size = EVENT_MAX;
    config.max_error_body = ERROR_BODY_MAX;
    config.on_event = on_event;
    config.on_response = on_response;
    config.on_end = on_end;
    config.setup_parser = setup_parser;
    config.user = attempt;
    if (want->direct) {
        (void)curl_easy_setopt(attempt->easy, CURLOPT_PROXY, "");
    }
    return sse_curl_open(attempt->easy, &config, &attempt->stream);
}

struct attempt *attempt_start(const struct attempt_config *config)
{
    struct attempt *attempt = (struct attempt *)mem_zero(1, sizeof *attempt);
    attempt->config = *config;
    attempt->owned = 1;
    attempt->retry_after_ms = SSE_NEVER;
    attempt->easy = curl_easy_init();
    (void)sse_llm_init(&attempt->llm, SSE_LLM_OPENAI_CHAT, attempt->scratch,
                       sizeof attempt->scratch, on_delta, attempt);
    sse_llm_begin(&attempt->llm, sse_loop_now_ms(config->loop));
    sse_status status =
        attempt->easy != NULL ? open_stream(attempt) : SSE_ERR_NO_MEMORY;
    if (status == SSE_OK) {
        status = curl_loop_add(config->curl, attempt->stream);
    }
    if (status != SSE_OK) {
        log_line("upstream: the request cannot be sent: %s",
                 sse_strerror(status));
        sse_curl_close(attempt->stream);
        curl_easy_cleanup(attempt->easy);
        free(attempt);
        return NULL;
    }
    return attempt;
}

void attempt_resume(struct attempt *attempt)
{
    if (attempt->paused) {
        attempt->paused = 0;
        sse_curl_resume(attempt->stream);
    }
}

void attempt_cancel(struct attempt *attempt)
{
    attempt->owned = 0;
    sse_timer_stop(attempt->config.loop, &attempt->timer);
    sse_curl_cancel(attempt->stream);
}

void attempt_close(struct attempt *attempt)
{
    attempt->owned = 0;
    attempt->closing = 1;
    bury(attempt);
}
