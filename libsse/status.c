/*
 * status.c - statuses in words.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/status.h>

const char *sse_strerror(sse_status status)
{
    switch (status) {
    case SSE_OK:
        return "success";
    case SSE_PAUSED:
        return "paused by a hook";
    case SSE_STOPPED:
        return "stopped, or the stream was finished";
    case SSE_NEED_SPACE:
        return "more room is needed to go on";
    case SSE_INCOMPLETE:
        return "not all of an event has come";
    case SSE_ERR_INVALID:
        return "invalid argument";
    case SSE_ERR_NO_SPACE:
        return "the buffer is too small";
    case SSE_ERR_TOO_LONG:
        return "an event is longer than the scratch";
    case SSE_ERR_REENTRY:
        return "called from inside a hook of the same object";
    case SSE_ERR_CHARACTER:
        return "a line end or another character that may not be there";
    case SSE_ERR_NO_FIELDS:
        return "an event to write names no field";
    case SSE_ERR_GONE:
        return "no longer retained";
    case SSE_ERR_UNKNOWN:
        return "never there";
    case SSE_ERR_NO_MEMORY:
        return "out of memory";
    case SSE_ERR_SYSTEM:
        return "a system call failed";
    case SSE_ERR_PROTOCOL:
        return "the peer broke the protocol";
    case SSE_ERR_LIMIT:
        return "a configured limit was reached";
    case SSE_ERR_CLOSED:
        return "the peer is gone, or the object was closed";
    case SSE_ERR_TIMEOUT:
        return "a time limit passed";
    case SSE_ERR_HTTP_STATUS:
        return "the response status is not that of a stream";
    case SSE_ERR_MEDIA_TYPE:
        return "the response is not text/event-stream";
    case SSE_ERR_TRANSPORT:
        return "the transport failed";
    case SSE_ERR_CANCELLED:
        return "cancelled";
    }
    return "unknown status";
}
