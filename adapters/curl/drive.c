/*
 * drive.c - a stream from attempt to attempt, as its source says.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

#include <stdio.h>

#include "../ending.h"

static void tell(sse_curl *stream, sse_source_state state,
                 const sse_action *action)
{
    stream->told = state;
    if (stream->config.on_state != NULL) {
        stream->config.on_state(state, action, stream->config.user);
    }
}

/* The attempt is over, for this reason. */
static void end_attempt(sse_curl *stream, sse_reason reason)
{
    sse_priv_curl_describe(stream, reason);
    sse_source_end(&stream->source, sse_priv_curl_now_ms(), reason);
}

static void send_or_end(sse_curl *stream)
{
    const sse_status status = sse_priv_curl_send(stream);
    if (status != SSE_OK) {
        stream->fault_status = status;
        sse_source_end(&stream->source, sse_priv_curl_now_ms(),
                       SSE_REASON_FATAL);
    }
}

static void begin_attempt(sse_curl *stream, const sse_action *action)
{
    stream->attempts = action->attempt;
    stream->fault = SSE_REASON_NONE;
    stream->fault_status = SSE_OK;
    stream->code = CURLE_OK;
    stream->incomplete = 0;
    stream->refused.len = 0;
    stream->media_type[0] = '\0';
    sse_parser_reset(&stream->parser);
    sse_priv_route_restart(&stream->route);
    tell(stream, SSE_SOURCE_CONNECTING, action);
    send_or_end(stream);
}

static void follow(sse_curl *stream)
{
    size_t len;
    const char *location = sse_priv_header(stream->head.at, stream->head.len,
                                           "Location", &len);
    const char *why = "";
    sse_priv_curl_drop(stream);
    const sse_status status = sse_priv_route_follow(
        &stream->route, stream->http_status, location, len, &why);
    if (status == SSE_OK) {
        send_or_end(stream);
        return;
    }
    (void)snprintf(stream->text, sizeof(stream->text), "HTTP status %d: %s",
                   stream->http_status, why);
    stream->fault_status = status;
    sse_source_end(&stream->source, sse_priv_curl_now_ms(),
                   SSE_REASON_REDIRECT);
}

static void end_stream(sse_curl *stream, CURLcode code)
{
    const sse_reason reason = sse_priv_curl_reason(stream, code);
    if (sse_priv_curl_finish_parser(stream, reason == SSE_REASON_END) ==
        SSE_PAUSED) {
        stream->mode = SSE_PRIV_FLUSH;
        stream->paused = 1;
        sse_source_pause(&stream->source, sse_priv_curl_now_ms());
        return;
    }
    stream->mode = SSE_PRIV_IDLE;
    /* The last event may have stopped the stream. */
    end_attempt(stream, stream->fault != SSE_REASON_NONE ? stream->fault
                                                         : reason);
}

void sse_priv_curl_done(sse_curl *stream, CURLcode code)
{
    stream->code = stream->fault == SSE_REASON_NONE ? code : CURLE_OK;
    if (stream->mode == SSE_PRIV_HEAD && code == CURLE_OK &&
        stream->head_complete) {
        sse_priv_curl_judge(stream);
    }
    const sse_priv_mode mode = stream->mode;
    if (mode == SSE_PRIV_REFUSED || mode == SSE_PRIV_REDIRECT) {
        stream->code = CURLE_OK; /* judged before; its body is a courtesy */
    }
    const sse_reason reason = sse_priv_curl_reason(stream, code);
    sse_priv_curl_drop(stream);
    sse_priv_group_due(stream, 0);
    switch (mode) {
    case SSE_PRIV_STREAM:
        stream->mode = SSE_PRIV_STREAM;
        end_stream(stream, code);
        break;
    case SSE_PRIV_HEAD:
        end_attempt(stream, reason);
        break;
    case SSE_PRIV_REFUSED:
        if (stream->fault != SSE_REASON_NONE) {
            end_attempt(stream, stream->fault);
        }
        break;
    case SSE_PRIV_REDIRECT:
        if (stream->fault != SSE_REASON_NONE) {
            end_attempt(stream, stream->fault);
        } else {
            follow(stream);
        }
        break;
    case SSE_PRIV_IDLE:
    case SSE_PRIV_FLUSH:
        break;
    }
}

/* On the thread of the group, outside of libcurl's calls. */
static void go_on(sse_curl *stream)
{
    const uint64_t now_ms = sse_priv_curl_now_ms();
    stream->paused = 0;
    sse_source_resume(&stream->source, now_ms);
    if (stream->mode == SSE_PRIV_FLUSH) {
        stream->mode = SSE_PRIV_IDLE;
        end_attempt(stream, sse_priv_curl_reason(stream, stream->code));
    } else if (stream->active != NULL) {
        /* Delivers what it has kept from in here. */
        const CURLcode code = curl_easy_pause(stream->active, CURLPAUSE_CONT);
        if (code != CURLE_OK) {
            sse_priv_curl_done(stream, code);
        }
    }
}

/* While a transfer has not answered, libcurl is asked from time to time
 * whether it is connected: it does not tell by itself. */
static uint64_t watch_connect(sse_curl *stream, uint64_t now_ms)
{
    const uint32_t limit_ms = stream->config.first_byte_timeout_ms;
    curl_off_t since_us = 0;
    if (limit_ms == 0 || stream->mode != SSE_PRIV_HEAD) {
        return SSE_NEVER;
    }
    if (curl_easy_getinfo(stream->active, CURLINFO_PRETRANSFER_TIME_T,
                          &since_us) == CURLE_OK && since_us > 0) {
        sse_source_connected(&stream->source, now_ms);
        return SSE_NEVER;
    }
    return now_ms + (limit_ms < 200 ? 25 : limit_ms / 8);
}

/* Drops what the source gave up by itself, a time limit being over. */
static void abandon(sse_curl *stream, const sse_action *action)
{
    const int is_running =
        stream->active != NULL && stream->mode != SSE_PRIV_REFUSED;
    if (stream->mode == SSE_PRIV_STREAM || stream->mode == SSE_PRIV_FLUSH) {
        (void)sse_parser_finish(&stream->parser, 0);
    }
    sse_priv_curl_drop(stream);
    if (is_running || action->cause == SSE_REASON_TOTAL_TIMEOUT) {
        stream->code = CURLE_OK;
        stream->fault_status = SSE_OK;
        sse_priv_curl_describe(stream, action->cause);
    }
}

/* Returns 0 while the body of a response that is no stream is read on. */
static int drained(sse_curl *stream, uint64_t now_ms)
{
    if (stream->active == NULL || stream->fault != SSE_REASON_NONE ||
        (stream->mode != SSE_PRIV_REFUSED &&
         stream->mode != SSE_PRIV_REDIRECT)) {
        return 1;
    }
    if (now_ms < stream->drain_until_ms) {
        sse_priv_group_due(stream, stream->drain_until_ms);
        return 0;
    }
    if (stream->mode == SSE_PRIV_REDIRECT) {
        follow(stream);
    } else {
        sse_priv_curl_drop(stream);
    }
    return 1;
}

static void act(sse_curl *stream, uint64_t now_ms)
{
    while (drained(stream, now_ms)) {
        const uint64_t look_ms = watch_connect(stream, now_ms);
        /* A wait is told, even if it is over before it is looked at: seen from
         * the time at which it began, the latest that the source knows of. */
        const int untold = stream->told != SSE_SOURCE_WAITING &&
                           sse_source_get_state(&stream->source) ==
                               SSE_SOURCE_WAITING;
        sse_action action;
        sse_source_next(&stream->source, untold ? 0 : now_ms, &action);
        switch (action.kind) {
        case SSE_ACTION_CONNECT:
            begin_attempt(stream, &action);
            break;
        case SSE_ACTION_READ:
            sse_priv_group_due(stream, action.until_ms < look_ms
                                           ? action.until_ms
                                           : look_ms);
            return;
        case SSE_ACTION_WAIT:
            abandon(stream, &action);
            sse_priv_group_due(stream, action.until_ms);
            if (stream->told != SSE_SOURCE_WAITING) {
                tell(stream, SSE_SOURCE_WAITING, &action);
            }
            return;
        case SSE_ACTION_CLOSE:
        case SSE_ACTION_FAIL:
            abandon(stream, &action);
            sse_priv_curl_end(stream, &action);
            return;
        case SSE_ACTION_NONE:
            sse_priv_group_due(stream, SSE_NEVER);
            return;
        }
    }
}

void sse_priv_curl_step(sse_curl *stream, uint64_t now_ms)
{
    if (stream->cancelled) {
        if (stream->mode == SSE_PRIV_STREAM ||
            stream->mode == SSE_PRIV_FLUSH) {
            (void)sse_parser_finish(&stream->parser, 0);
        }
        sse_priv_curl_drop(stream);
        sse_source_end(&stream->source, now_ms, SSE_REASON_CALLER);
    } else if (stream->resumed) {
        stream->resumed = 0;
        if (stream->paused) {
            go_on(stream);
        }
    }
    act(stream, now_ms);
}

void sse_priv_curl_end(sse_curl *stream, const sse_action *action)
{
    char text[sizeof(stream->text) + 64];
    const sse_status status = sse_priv_ending_status(
        action, stream->cancelled, stream->incomplete, stream->fault_status);
    sse_priv_ending_text(action, status, stream->text, text, sizeof(text));
    stream->ended = 1;
    stream->final = status;
    sse_priv_group_leave(stream);
    tell(stream, SSE_SOURCE_CLOSED, action);
    if (stream->config.on_end == NULL) {
        return;
    }
    const sse_curl_result result = {
        status,
        action->reason,
        action->cause,
        action->http_status != 0 ? action->http_status : stream->http_status,
        stream->code,
        text,
        stream->refused.at != NULL ? stream->refused.at : "",
        stream->refused.len,
        stream->events,
        stream->attempts,
    };
    stream->config.on_end(&result, stream->config.user);
}
