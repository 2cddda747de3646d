/*
 * client_text.c - what went wrong, for people.
 *
 * SPDX-License-Identifier: MIT
 */
#include "client.h"

#include <stdarg.h>
#include <stdio.h>

#include "../ending.h"

void sse_priv_client_trouble(sse_client *client, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(client->trouble, sizeof client->trouble, format,
                    arguments);
    va_end(arguments);
}

void sse_priv_client_describe(sse_client *client, sse_reason reason)
{
    char *const text = client->text;
    const size_t cap = sizeof client->text;
    if (reason == SSE_REASON_STATUS) {
        (void)snprintf(text, cap, "HTTP status %d", client->http_status);
    } else if (reason == SSE_REASON_MEDIA_TYPE) {
        sse_priv_ending_type_text(client->head.at, client->head.len,
                                  client->media_type, text, cap);
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
