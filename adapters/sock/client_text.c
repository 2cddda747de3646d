/*
 * client_text.c - what a failure means, to callers and to people.
 *
 * SPDX-License-Identifier: MIT
 */
#include "client.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sse_priv_client_trouble(sse_client *client, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(client->trouble, sizeof client->trouble, format,
                    arguments);
    va_end(arguments);
}

static void describe_type(const sse_client *client, char *text, size_t cap)
{
    size_t len;
    const char *const coding = sse_priv_response_field(
        client->head.at, client->head.len, "Content-Encoding", &len);
    if (coding != NULL && sse_media_type_is_stream(
                              client->media_type, strlen(client->media_type))) {
        (void)snprintf(text, cap, "content coding %.*s not asked for",
                       (int)(len < 64 ? len : 64), coding);
    } else {
        (void)snprintf(text, cap, "media type %s, not text/event-stream",
                       client->media_type[0] != '\0' ? client->media_type
                                                     : "missing");
    }
}

void sse_priv_client_describe(sse_client *client, sse_reason reason)
{
    char *const text = client->text;
    const size_t cap = sizeof client->text;
    if (reason == SSE_REASON_STATUS) {
        (void)snprintf(text, cap, "HTTP status %d", client->http_status);
    } else if (reason == SSE_REASON_MEDIA_TYPE) {
        describe_type(client, text, cap);
    } else if (client->fault == SSE_REASON_NONE &&
               client->trouble[0] != '\0') {
        (void)snprintf(text, cap, "%s", client->trouble);
    } else if (client->fault_status != SSE_OK) {
        (void)snprintf(text, cap, "%s: %s", sse_reason_text(reason),
                       sse_strerror(client->fault_status));
    } else {
        (void)snprintf(text, cap, "%s", sse_reason_text(reason));
    }
}

sse_status sse_priv_client_final(const sse_client *client,
                                 const sse_action *action)
{
    if (action->kind == SSE_ACTION_CLOSE) {
        if (action->reason == SSE_REASON_CALLER && client->cancelled) {
            return SSE_ERR_CANCELLED;
        }
        if (action->reason == SSE_REASON_END && client->incomplete) {
            return SSE_INCOMPLETE;
        }
    } else if (client->fault_status != SSE_OK) {
        return client->fault_status;
    }
    return sse_action_status(action);
}

void sse_priv_client_last_words(const sse_client *client,
                                const sse_action *action, sse_status status,
                                char *text, size_t cap)
{
    const char *const general = status == SSE_INCOMPLETE
                                    ? "the stream ended in the middle of an "
                                      "event"
                                    : sse_reason_text(action->reason);
    if (action->kind == SSE_ACTION_FAIL && client->text[0] != '\0') {
        const int plain = action->reason == action->cause;
        (void)snprintf(text, cap, "%s%s%s", plain ? "" : general,
                       plain ? "" : ": ", client->text);
    } else {
        (void)snprintf(text, cap, "%s", general);
    }
}
