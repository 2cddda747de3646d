/*
 * body.c - the bytes of a response, to the parser or aside.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

#include "../drain.h"

int sse_priv_curl_is_cancelled(sse_curl *stream)
{
    if ((__atomic_load_n(&stream->raised, __ATOMIC_ACQUIRE) &
         SSE_PRIV_CANCEL) != 0) {
        stream->cancelled = 1;
    }
    return stream->cancelled;
}

static sse_status deliver(sse_curl *stream, const sse_event *event)
{
    stream->events++;
    sse_source_event(&stream->source);
    const int answer = stream->config.on_event(event, stream->config.user);
    if (sse_priv_curl_is_cancelled(stream)) {
        return SSE_STOPPED;
    }
    return answer == SSE_GO      ? SSE_OK
           : answer == SSE_PAUSE ? SSE_PAUSED
                                 : SSE_STOPPED;
}

/* Events until the bytes are used up, a hook answers, or it fails; what is
 * left is at *bytes. */
static sse_status read_events(sse_curl *stream, const char **bytes,
                              size_t *len)
{
    for (;;) {
        sse_event event;
        sse_status status =
            sse_parser_next(&stream->parser, bytes, len, &event);
        if (status == SSE_OK) {
            status = deliver(stream, &event);
        } else if (status == SSE_NEED_SPACE) {
            status = sse_priv_scratch_grow(&stream->scratch, &stream->parser);
        } else if (status == SSE_INCOMPLETE) {
            return SSE_OK;
        }
        if (status != SSE_OK) {
            return status;
        }
    }
}

static void stop(sse_curl *stream, sse_status status)
{
    if (status == SSE_STOPPED) {
        stream->stopped = 1;
        stream->fault = SSE_REASON_CALLER;
    } else if (status == SSE_ERR_TOO_LONG) {
        stream->fault = SSE_REASON_TOO_LONG;
    } else {
        stream->fault = SSE_REASON_FATAL;
        stream->fault_status = status;
    }
}

/* libcurl keeps a chunk whose callback pauses and delivers all of its bytes
 * again, in pieces of its own choice; `skip` counts those used already. */
static size_t feed(sse_curl *stream, const char *bytes, size_t len)
{
    if (stream->skip >= len) {
        stream->skip -= len;
        return len;
    }
    const char *at = bytes + stream->skip;
    size_t left = len - stream->skip;
    stream->skip = 0;
    const uint64_t now_ms = sse_priv_curl_now_ms();
    sse_source_bytes(&stream->source, now_ms);
    const sse_status status = read_events(stream, &at, &left);
    if (status == SSE_OK) {
        return len;
    }
    if (status == SSE_PAUSED) {
        stream->skip = len - left;
        stream->paused = 1;
        sse_source_pause(&stream->source, now_ms);
        return CURL_WRITEFUNC_PAUSE;
    }
    stop(stream, status);
    return 0;
}

static size_t keep_refused(sse_curl *stream, const char *bytes, size_t len)
{
    const sse_status status =
        sse_priv_buffer_add(&stream->refused, bytes, len);
    return status == SSE_OK ? len : 0;
}

static size_t discard(sse_curl *stream, size_t len)
{
    stream->discarded += len < SSE_PRIV_DRAIN_MOST ? len : SSE_PRIV_DRAIN_MOST;
    return stream->discarded < SSE_PRIV_DRAIN_MOST ? len : 0;
}

size_t sse_priv_curl_on_body(char *bytes, size_t size, size_t count,
                             void *user)
{
    sse_curl *stream = (sse_curl *)user;
    const size_t len = size * count;
    if (stream->mode == SSE_PRIV_HEAD) {
        sse_priv_curl_judge(stream);
    }
    if (stream->fault != SSE_REASON_NONE) {
        return 0;
    }
    if (sse_priv_curl_is_cancelled(stream)) {
        stop(stream, SSE_STOPPED);
        return 0;
    }
    switch (stream->mode) {
    case SSE_PRIV_STREAM:
        return feed(stream, bytes, len);
    case SSE_PRIV_REFUSED:
        return keep_refused(stream, bytes, len);
    case SSE_PRIV_REDIRECT:
        return discard(stream, len);
    case SSE_PRIV_IDLE:
    case SSE_PRIV_HEAD:
    case SSE_PRIV_FLUSH:
        break;
    }
    return 0;
}

sse_status sse_priv_curl_finish_parser(sse_curl *stream, int clean)
{
    sse_status answer = SSE_OK;
    sse_status status = sse_parser_finish(&stream->parser, clean);
    while (status == SSE_NEED_SPACE) { /* a flushed line, too */
        const sse_status grown =
            sse_priv_scratch_grow(&stream->scratch, &stream->parser);
        if (grown != SSE_OK) {
            stop(stream, grown);
            clean = 0;
        }
        status = sse_parser_finish(&stream->parser, clean);
    }
    if (status == SSE_PAUSED) { /* a flush policy left a last event */
        const char *none = "";
        size_t len = 0;
        sse_event event;
        if (sse_parser_next(&stream->parser, &none, &len, &event) == SSE_OK) {
            answer = deliver(stream, &event);
        }
        status = sse_parser_finish(&stream->parser, clean);
    }
    stream->incomplete = status == SSE_INCOMPLETE;
    if (answer == SSE_STOPPED || status == SSE_ERR_TOO_LONG) {
        stop(stream, answer == SSE_STOPPED ? answer : status);
    }
    return answer == SSE_PAUSED ? SSE_PAUSED : SSE_OK;
}
