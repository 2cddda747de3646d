/*
 * client_head.c - the head of a response, judged before its body is read.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "client.h"

#include <string.h>

#include "../drain.h"

/* Extensions of one chunk, or trailer fields. */
#define MAX_EXTRA 8192u

static void refuse(sse_client *client, sse_reason reason)
{
    const int waits =
        sse_source_get_state(&client->source) == SSE_SOURCE_WAITING;
    client->mode = SSE_PRIV_CLIENT_REFUSED;
    client->refused_len = 0;
    client->drain_until_ms =
        sse_loop_now_ms(client->loop) +
        (waits ? SSE_PRIV_DRAIN_SHORT_MS : SSE_PRIV_DRAIN_FINAL_MS);
    sse_priv_client_describe(client, reason);
}

static void tell_open(sse_client *client)
{
    sse_action action;
    memset(&action, 0, sizeof action);
    action.kind = SSE_ACTION_READ;
    action.http_status = client->http_status;
    action.attempt = client->attempts;
    action.until_ms = SSE_NEVER;
    client->mode = SSE_PRIV_CLIENT_STREAM;
    sse_priv_client_tell(client, SSE_SOURCE_OPEN, &action);
}

/* Not 0 if the caller wants to go on. */
static int show(sse_client *client, int has_type, uint64_t retry_after_ms)
{
    if (client->config.on_response == NULL) {
        return 1;
    }
    const sse_client_response response = {
        client->http_status,
        has_type ? client->media_type : NULL,
        sse_priv_route_place(&client->route)->url,
        client->head.at,
        client->head.len,
        retry_after_ms,
    };
    const int answer =
        client->config.on_response(&response, client->config.user);
    return (answer == SSE_GO || answer == SSE_PAUSE) &&
           !sse_priv_client_is_cancelled(client);
}

/* The mode is no longer SSE_PRIV_CLIENT_HEAD afterwards. */
static void judge(sse_client *client)
{
    const uint64_t now_ms = sse_loop_now_ms(client->loop);
    size_t len;
    const char *const head = client->head.at;
    const size_t head_len = client->head.len;
    const char *const type =
        sse_priv_header(head, head_len, "Content-Type", &len);
    sse_priv_header_keep(client->media_type, sizeof client->media_type, type,
                         len);
    if (sse_priv_is_redirect(client->http_status)) {
        client->mode = SSE_PRIV_CLIENT_REDIRECT;
        client->drain_until_ms = now_ms + SSE_PRIV_DRAIN_SHORT_MS;
        return;
    }
    const uint64_t retry_after_ms =
        sse_priv_header_retry_after(head, head_len);
    if (!show(client, type != NULL, retry_after_ms)) {
        client->mode = SSE_PRIV_CLIENT_REFUSED;
        sse_priv_client_break(client, SSE_REASON_CALLER, SSE_OK);
        return;
    }
    /* Nobody asked for a coding, and nobody here undoes one. */
    if (client->http_status == 200 &&
        sse_priv_header_is_coded(head, head_len)) {
        sse_source_end(&client->source, now_ms, SSE_REASON_MEDIA_TYPE);
        refuse(client, SSE_REASON_MEDIA_TYPE);
        return;
    }
    sse_source_open(&client->source, now_ms, client->http_status, type, len,
                    retry_after_ms);
    if (sse_source_get_state(&client->source) == SSE_SOURCE_OPEN) {
        tell_open(client);
    } else {
        refuse(client, client->http_status == 200 ? SSE_REASON_MEDIA_TYPE
                                                  : SSE_REASON_STATUS);
    }
}

static void begin_body(sse_client *client)
{
    const int is_head = strcmp(client->method, "HEAD") == 0 &&
                        !sse_priv_route_place(&client->route)->get;
    client->http_status = client->head.status;
    client->framing = sse_priv_response_framing(&client->head, is_head);
    client->left = client->framing == SSE_PRIV_FRAMING_LENGTH
                       ? client->head.content_length
                       : 0;
    client->last = client->framing == SSE_PRIV_FRAMING_NONE ||
                   (client->framing == SSE_PRIV_FRAMING_LENGTH &&
                    client->left == 0);
    sse_priv_chunked_init(&client->chunked, MAX_EXTRA);
}

static void fail(sse_client *client, sse_status status)
{
    if (status == SSE_ERR_LIMIT) {
        sse_priv_client_break(client, SSE_REASON_TOO_LONG, status);
    } else if (status == SSE_ERR_NO_MEMORY) {
        sse_priv_client_break(client, SSE_REASON_FATAL, status);
    } else {
        sse_priv_client_trouble(client, "malformed response: %s",
                                client->head.why);
        sse_priv_client_link_close(client);
        sse_priv_client_over(client, SSE_REASON_FATAL);
    }
}

size_t sse_priv_client_take_head(sse_client *client, const char *bytes,
                                 size_t len)
{
    size_t used;
    const sse_status status =
        sse_priv_response_feed(&client->head, bytes, len, &used);
    if (status == SSE_INCOMPLETE) {
        return used;
    }
    if (status != SSE_OK) {
        fail(client, status);
        return len;
    }
    if (client->head.status / 100 == 1 && client->head.status != 101) {
        sse_priv_response_reset(&client->head); /* interim: more is to come */
        return used;
    }
    begin_body(client);
    judge(client);
    if (client->mode != SSE_PRIV_CLIENT_IDLE && client->last) {
        sse_priv_client_complete(client, len - used);
        return len;
    }
    return used;
}
