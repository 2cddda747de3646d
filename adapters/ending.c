/*
 * ending.c - how a client's stream ends: the status, and words for people.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ending.h"

#include <stdio.h>
#include <string.h>

#include "header.h"

sse_status sse_priv_ending_status(const sse_action *action, int cancelled,
                                  int incomplete, sse_status fault)
{
    if (action->kind == SSE_ACTION_CLOSE) {
        if (action->reason == SSE_REASON_CALLER && cancelled) {
            return SSE_ERR_CANCELLED;
        }
        if (action->reason == SSE_REASON_END && incomplete) {
            return SSE_INCOMPLETE;
        }
    } else if (fault != SSE_OK) {
        return fault;
    }
    return sse_action_status(action);
}

void sse_priv_ending_text(const sse_action *action, sse_status status,
                          const char *why, char *text, size_t cap)
{
    const char *const general =
        status == SSE_INCOMPLETE ? "the stream ended in the middle of an event"
                                 : sse_reason_text(action->reason);
    if (action->kind == SSE_ACTION_FAIL && why[0] != '\0') {
        const int plain = action->reason == action->cause;
        (void)snprintf(text, cap, "%s%s%s", plain ? "" : general,
                       plain ? "" : ": ", why);
    } else {
        (void)snprintf(text, cap, "%s", general);
    }
}

void sse_priv_ending_type_text(const char *head, size_t head_len,
                               const char *media_type, char *text,
                               size_t cap)
{
    size_t len;
    const char *const coding =
        sse_priv_header(head, head_len, "Content-Encoding", &len);
    if (coding != NULL &&
        sse_media_type_is_stream(media_type, strlen(media_type))) {
        (void)snprintf(text, cap, "content coding %.*s not asked for",
                       (int)(len < 64 ? len : 64), coding);
    } else {
        (void)snprintf(text, cap, "media type %s, not text/event-stream",
                       media_type[0] != '\0' ? media_type : "missing");
    }
}
