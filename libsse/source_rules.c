/*
 * source_rules.c - what a response or an end leads to.
 *
 * SPDX-License-Identifier: MIT
 */
#include "source_rules.h"

#include <string.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

int sse_media_type_is_stream(const char *media_type, size_t len)
{
    static const char want[] = "text/event-stream";
    const size_t want_len = sizeof(want) - 1;
    if (media_type == NULL) {
        return 0;
    }
    size_t at = 0;
    while (at < len && is_blank(media_type[at])) {
        at++;
    }
    if (len - at < want_len) {
        return 0;
    }
    for (size_t i = 0; i < want_len; i++) {
        if (lower(media_type[at + i]) != want[i]) {
            return 0;
        }
    }
    at += want_len;
    while (at < len && is_blank(media_type[at])) {
        at++;
    }
    /* Parameters are ignored, a charset too: a stream is always UTF-8 (HTML
     * Standard, "Parsing an event stream", #parsing-an-event-stream). */
    return at == len || media_type[at] == ';';
}

int sse_http_status_is_transient(int http_status)
{
    switch (http_status) {
    case 408:
    case 425:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
        return 1;
    default:
        return 0;
    }
}

/* HTML Standard, "Processing model" (#sse-processing-model): 200 with the
 * right type is the stream, 204 stops, the rest fails.  Unlike there, what a
 * server calls transient is tried again, as its own clients do. */
static void judge_response(sse_decision *decision)
{
    const int status = decision->http_status;
    if (status == 200) {
        if (sse_media_type_is_stream(decision->media_type,
                                     decision->media_type_len)) {
            decision->verdict = SSE_VERDICT_OPEN;
        } else {
            decision->reason = SSE_REASON_MEDIA_TYPE;
            decision->verdict = SSE_VERDICT_FAIL;
        }
    } else if (status == 204) {
        decision->reason = SSE_REASON_NO_CONTENT;
        decision->verdict = SSE_VERDICT_CLOSE;
    } else {
        decision->reason = SSE_REASON_STATUS;
        decision->verdict = sse_http_status_is_transient(status)
                                ? SSE_VERDICT_RETRY
                                : SSE_VERDICT_FAIL;
    }
}

static void judge_end(const sse_source *source, sse_decision *decision)
{
    decision->verdict = SSE_VERDICT_FAIL; /* for a reason unknown here too */
    switch (decision->reason) {
    case SSE_REASON_END:
        decision->verdict = source->config_.idempotent ? SSE_VERDICT_RETRY
                                                       : SSE_VERDICT_CLOSE;
        break;
    case SSE_REASON_CUT:
    case SSE_REASON_CONNECT:
    case SSE_REASON_CONNECT_TIMEOUT:
    case SSE_REASON_FIRST_BYTE_TIMEOUT:
    case SSE_REASON_IDLE_TIMEOUT:
        decision->verdict = SSE_VERDICT_RETRY;
        break;
    case SSE_REASON_CALLER:
        decision->verdict = SSE_VERDICT_CLOSE;
        break;
    case SSE_REASON_NONE:
    case SSE_REASON_TOTAL_TIMEOUT:
    case SSE_REASON_STATUS:
    case SSE_REASON_NO_CONTENT:
    case SSE_REASON_MEDIA_TYPE:
    case SSE_REASON_REDIRECT:
    case SSE_REASON_RETRY_AFTER:
    case SSE_REASON_MAX_RECONNECTS:
    case SSE_REASON_REPLAY:
    case SSE_REASON_FATAL:
    case SSE_REASON_TOO_LONG:
    case SSE_REASON_POLICY:
        break;
    }
}

/* What stands in the way of a retry, if anything does. */
static void bound_retry(const sse_source *source, sse_decision *decision)
{
    const sse_source_config *config = &source->config_;
    decision->verdict = SSE_VERDICT_FAIL;
    if (!config->idempotent && source->events_ > 0) {
        decision->reason = SSE_REASON_REPLAY;
    } else if (!config->reconnect) {
        if (decision->reason == SSE_REASON_END) {
            decision->verdict = SSE_VERDICT_CLOSE;
        }
    } else if (source->reconnects_ >= config->max_reconnects) {
        decision->reason = SSE_REASON_MAX_RECONNECTS;
    } else if (decision->retry_after_ms > SSE_RETRY_AFTER_MAX_MS &&
               decision->retry_after_ms != SSE_NEVER) {
        decision->reason = SSE_REASON_RETRY_AFTER;
    } else {
        decision->verdict = SSE_VERDICT_RETRY;
    }
}

static void count_failure(sse_source *source, sse_reason reason)
{
    const int delivered = source->events_ > source->events_before_;
    const int was_open = source->opened_ms_ != SSE_NEVER;
    if (was_open &&
        (source->now_ms_ - source->opened_ms_ >= source->config_.healthy_ms ||
         (delivered && reason == SSE_REASON_END))) {
        source->failures_ = 0;
    } else if (!delivered || source->failures_ == 0) {
        source->failures_++;
    }
}

static void ask_policy(const sse_source *source, sse_decision *decision)
{
    const sse_verdict own = decision->verdict;
    source->config_.policy(decision, source->config_.user);
    const sse_verdict now = decision->verdict;
    if (now == SSE_VERDICT_FAIL && own != SSE_VERDICT_FAIL) {
        decision->reason = SSE_REASON_POLICY;
    }
    if ((now == SSE_VERDICT_OPEN && !decision->response) ||
        now < SSE_VERDICT_OPEN || now > SSE_VERDICT_FAIL) {
        decision->verdict = own; /* makes no sense here */
    }
}

void sse_priv_source_judge(sse_source *source, const sse_priv_case *what,
                           sse_decision *decision)
{
    memset(decision, 0, sizeof(*decision));
    decision->reason = what->reason;
    decision->response = what->reason == SSE_REASON_NONE;
    decision->http_status = source->http_status_;
    decision->media_type = what->media_type;
    decision->media_type_len = what->media_type_len;
    decision->retry_after_ms = what->retry_after_ms;
    decision->attempt = source->attempt_;
    decision->events = source->events_;

    if (decision->response) {
        judge_response(decision);
    } else {
        judge_end(source, decision);
    }
    decision->cause = decision->reason;
    if (decision->verdict == SSE_VERDICT_RETRY) {
        bound_retry(source, decision);
    }
    if (decision->verdict != SSE_VERDICT_OPEN) {
        count_failure(source, what->reason);
    }
    decision->failures = source->failures_;
    if (source->config_.policy != NULL ||
        decision->verdict == SSE_VERDICT_RETRY) {
        decision->delay_ms =
            sse_priv_source_delay(source, what->retry_after_ms);
    }
    if (source->config_.policy != NULL && what->reason != SSE_REASON_CALLER) {
        ask_policy(source, decision);
    }
}
