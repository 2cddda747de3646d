/*
 * source_text.c - reasons as texts and as statuses.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/source.h>

const char *sse_reason_text(sse_reason reason)
{
    switch (reason) {
    case SSE_REASON_NONE:
        return "nothing happened";
    case SSE_REASON_END:
        return "the stream ended";
    case SSE_REASON_CUT:
        return "the connection broke";
    case SSE_REASON_CONNECT:
        return "no response came";
    case SSE_REASON_CONNECT_TIMEOUT:
        return "connecting took too long";
    case SSE_REASON_FIRST_BYTE_TIMEOUT:
        return "the response took too long";
    case SSE_REASON_IDLE_TIMEOUT:
        return "the stream was silent for too long";
    case SSE_REASON_TOTAL_TIMEOUT:
        return "the time for the whole is over";
    case SSE_REASON_STATUS:
        return "the HTTP status is not that of a stream";
    case SSE_REASON_NO_CONTENT:
        return "the server has no more to send";
    case SSE_REASON_MEDIA_TYPE:
        return "the response is not text/event-stream";
    case SSE_REASON_REDIRECT:
        return "the redirect leads nowhere";
    case SSE_REASON_RETRY_AFTER:
        return "the server asks to wait for more than a day";
    case SSE_REASON_MAX_RECONNECTS:
        return "reconnected as often as allowed";
    case SSE_REASON_REPLAY:
        return "the request may not be repeated";
    case SSE_REASON_CALLER:
        return "ended by the caller";
    case SSE_REASON_FATAL:
        return "the request cannot succeed";
    case SSE_REASON_TOO_LONG:
        return "the response is beyond its limits";
    case SSE_REASON_POLICY:
        return "refused by the policy";
    }
    return "unknown reason";
}

static sse_status status_of(sse_reason reason)
{
    switch (reason) {
    case SSE_REASON_NONE:
    case SSE_REASON_END:
    case SSE_REASON_NO_CONTENT:
        return SSE_OK;
    case SSE_REASON_CUT:
    case SSE_REASON_CONNECT:
    case SSE_REASON_FATAL:
        return SSE_ERR_TRANSPORT;
    case SSE_REASON_CONNECT_TIMEOUT:
    case SSE_REASON_FIRST_BYTE_TIMEOUT:
    case SSE_REASON_IDLE_TIMEOUT:
    case SSE_REASON_TOTAL_TIMEOUT:
        return SSE_ERR_TIMEOUT;
    case SSE_REASON_STATUS:
    case SSE_REASON_RETRY_AFTER:
        return SSE_ERR_HTTP_STATUS;
    case SSE_REASON_MEDIA_TYPE:
        return SSE_ERR_MEDIA_TYPE;
    case SSE_REASON_REDIRECT:
        return SSE_ERR_PROTOCOL;
    case SSE_REASON_TOO_LONG:
        return SSE_ERR_TOO_LONG;
    case SSE_REASON_CALLER:
    case SSE_REASON_POLICY:
        return SSE_ERR_CANCELLED;
    case SSE_REASON_MAX_RECONNECTS:
    case SSE_REASON_REPLAY:
        return SSE_ERR_LIMIT;
    }
    return SSE_ERR_TRANSPORT;
}

sse_status sse_action_status(const sse_action *action)
{
    if (action->kind == SSE_ACTION_CLOSE) {
        return action->reason == SSE_REASON_CALLER ? SSE_STOPPED : SSE_OK;
    }
    if (action->kind != SSE_ACTION_FAIL) {
        return SSE_OK;
    }
    /* What happened on the wire says more than the rule that made it final. */
    const sse_status cause = status_of(action->cause);
    return cause != SSE_OK ? cause : status_of(action->reason);
}
