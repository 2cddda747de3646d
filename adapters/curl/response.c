/*
 * response.c - the head of a response, judged before its body is read.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

#include <string.h>

#include "../drain.h"

/* 0 unless the line is a status line. */
static int status_of(const char *line, size_t len)
{
    if (len < 5 || memcmp(line, "HTTP/", 5) != 0) {
        return 0;
    }
    const char *blank = (const char *)memchr(line, ' ', len);
    int status = 0;
    for (int i = 1; blank != NULL && i <= 3 && blank + i < line + len; i++) {
        if (blank[i] < '0' || blank[i] > '9') {
            return 0;
        }
        status = status * 10 + (blank[i] - '0');
    }
    return status;
}

static void refuse(sse_curl *stream, sse_reason reason)
{
    const int waits =
        sse_source_get_state(&stream->source) == SSE_SOURCE_WAITING;
    stream->mode = SSE_PRIV_REFUSED;
    stream->refused.len = 0;
    stream->drain_until_ms =
        sse_priv_curl_now_ms() +
        (waits ? SSE_PRIV_DRAIN_SHORT_MS : SSE_PRIV_DRAIN_FINAL_MS);
    sse_priv_curl_describe(stream, reason);
}

static void tell_open(sse_curl *stream)
{
    stream->mode = SSE_PRIV_STREAM;
    stream->told = SSE_SOURCE_OPEN;
    if (stream->config.on_state != NULL) {
        sse_action action;
        memset(&action, 0, sizeof(action));
        action.kind = SSE_ACTION_READ;
        action.http_status = stream->http_status;
        action.attempt = stream->attempts;
        action.until_ms = SSE_NEVER;
        stream->config.on_state(SSE_SOURCE_OPEN, &action,
                                stream->config.user);
    }
}

/* Not 0 if the caller wants to go on. */
static int show(sse_curl *stream, int has_type, uint64_t retry_after_ms)
{
    if (stream->config.on_response == NULL) {
        return 1;
    }
    const sse_curl_response response = {
        stream->http_status,
        has_type ? stream->media_type : NULL,
        sse_priv_route_place(&stream->route)->url,
        stream->head.at,
        stream->head.len,
        retry_after_ms,
    };
    const int answer =
        stream->config.on_response(&response, stream->config.user);
    return (answer == SSE_GO || answer == SSE_PAUSE) &&
           !sse_priv_curl_is_cancelled(stream);
}

void sse_priv_curl_judge(sse_curl *stream)
{
    const uint64_t now_ms = sse_priv_curl_now_ms();
    size_t len;
    const char *const head = stream->head.at;
    const size_t head_len = stream->head.len;
    const char *type = sse_priv_header(head, head_len, "Content-Type", &len);
    sse_priv_header_keep(stream->media_type, sizeof stream->media_type, type,
                         len);
    sse_priv_group_due(stream, 0);
    if (sse_priv_is_redirect(stream->http_status)) {
        stream->mode = SSE_PRIV_REDIRECT;
        stream->drain_until_ms = now_ms + SSE_PRIV_DRAIN_SHORT_MS;
        return;
    }
    const uint64_t retry_after_ms =
        sse_priv_header_retry_after(head, head_len);
    if (!show(stream, type != NULL, retry_after_ms)) {
        stream->stopped = 1;
        stream->fault = SSE_REASON_CALLER;
        stream->mode = SSE_PRIV_REFUSED;
        return;
    }
    /* Nobody asked for a coding: libcurl undoes only those asked for. */
    if (stream->http_status == 200 && stream->accept_encoding == NULL &&
        sse_priv_header_is_coded(head, head_len)) {
        sse_source_end(&stream->source, now_ms, SSE_REASON_MEDIA_TYPE);
        refuse(stream, SSE_REASON_MEDIA_TYPE);
        return;
    }
    sse_source_open(&stream->source, now_ms, stream->http_status, type, len,
                    retry_after_ms);
    if (sse_source_get_state(&stream->source) == SSE_SOURCE_OPEN) {
        tell_open(stream);
    } else {
        refuse(stream, stream->http_status == 200 ? SSE_REASON_MEDIA_TYPE
                                                  : SSE_REASON_STATUS);
    }
}

size_t sse_priv_curl_on_head(char *line, size_t size, size_t count,
                             void *user)
{
    sse_curl *stream = (sse_curl *)user;
    const size_t len = size * count;
    if (stream->mode != SSE_PRIV_HEAD) {
        return len; /* trailers */
    }
    const int status = status_of(line, len);
    if (status != 0) {
        stream->head.len = 0;
        stream->head_complete = 0;
        stream->http_status = status;
    }
    const sse_status added = sse_priv_buffer_add(&stream->head, line, len);
    if (added != SSE_OK) {
        stream->fault = added == SSE_ERR_LIMIT ? SSE_REASON_TOO_LONG
                                               : SSE_REASON_FATAL;
        stream->fault_status =
            added == SSE_ERR_LIMIT ? SSE_ERR_LIMIT : added;
        return 0;
    }
    if (len > 2 || (line[0] != '\r' && line[0] != '\n')) {
        return len;
    }
    if (stream->http_status / 100 == 1 && stream->http_status != 101) {
        return len; /* interim: the response is still to come */
    }
    stream->head_complete = 1;
    if (stream->http_status == 401 || stream->http_status == 407) {
        return len; /* libcurl may answer it: final only with a body or end */
    }
    sse_priv_curl_judge(stream);
    return stream->fault == SSE_REASON_NONE ? len : 0;
}
