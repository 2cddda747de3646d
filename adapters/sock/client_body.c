/*
 * client_body.c - the body of a response, to the parser or aside.
 *
 * SPDX-License-Identifier: MIT
 */
#include "client.h"

#include <stdlib.h>
#include <string.h>

#include "../drain.h"

int sse_priv_client_is_cancelled(const sse_client *client)
{
    return client->cancelled ||
           (__atomic_load_n(&client->raised, __ATOMIC_ACQUIRE) &
            SSE_PRIV_CLIENT_CANCEL) != 0;
}

static sse_status deliver(sse_client *client, const sse_event *event)
{
    if (sse_priv_client_is_cancelled(client)) {
        return SSE_STOPPED; /* by another hook of the parser */
    }
    client->events++;
    sse_source_event(&client->source);
    const int answer = client->config.on_event(event, client->config.user);
    if (sse_priv_client_is_cancelled(client)) {
        return SSE_STOPPED;
    }
    return answer == SSE_GO      ? SSE_OK
           : answer == SSE_PAUSE ? SSE_PAUSED
                                 : SSE_STOPPED;
}

/* Events until the bytes are used up, a hook answers, or it fails; what is
 * left is at *bytes. */
static sse_status read_events(sse_client *client, const char **bytes,
                              size_t *len)
{
    for (;;) {
        sse_event event;
        sse_status status =
            sse_parser_next(&client->parser, bytes, len, &event);
        if (status == SSE_OK) {
            status = deliver(client, &event);
        } else if (status == SSE_NEED_SPACE) {
            status = sse_priv_scratch_grow(&client->scratch, &client->parser);
        } else if (status == SSE_INCOMPLETE) {
            return SSE_OK;
        }
        if (status != SSE_OK) {
            return status;
        }
    }
}

static void stop(sse_client *client, sse_status status)
{
    if (status == SSE_STOPPED) {
        sse_priv_client_break(client, SSE_REASON_CALLER, SSE_OK);
    } else if (status == SSE_ERR_TOO_LONG) {
        sse_priv_client_break(client, SSE_REASON_TOO_LONG, SSE_OK);
    } else {
        sse_priv_client_break(client, SSE_REASON_FATAL, status);
    }
}

/* Returns how many bytes were used: not all of them when it is paused. */
static size_t feed(sse_client *client, const char *bytes, size_t len)
{
    const uint64_t now_ms = sse_loop_now_ms(client->loop);
    const char *at = bytes;
    size_t left = len;
    sse_source_bytes(&client->source, now_ms);
    const sse_status status = read_events(client, &at, &left);
    if (status == SSE_PAUSED) {
        client->paused = 1;
        sse_source_pause(&client->source, now_ms);
        return len - left;
    }
    if (status != SSE_OK) {
        stop(client, status);
    }
    return len;
}

/* Room for so many bytes and a NUL.  Returns 0 if memory is out. */
static int reserve_refused(sse_client *client, size_t len)
{
    if (len < client->refused_cap) {
        return 1;
    }
    size_t cap = client->refused_cap > 0 ? 2 * client->refused_cap : 512;
    cap = cap > len ? cap : len + 1;
    char *const refused = (char *)realloc(client->refused, cap);
    if (refused == NULL) {
        return 0;
    }
    client->refused = refused;
    client->refused_cap = cap;
    return 1;
}

/* The beginning of it, and not a byte more than asked for. */
static void keep_refused(sse_client *client, const char *bytes, size_t len)
{
    const size_t room = client->config.max_error_body - client->refused_len;
    const size_t take = len < room ? len : room;
    if (!reserve_refused(client, client->refused_len + take)) {
        sse_priv_client_break(client, SSE_REASON_NONE, SSE_OK);
        return;
    }
    memcpy(client->refused + client->refused_len, bytes, take);
    client->refused_len += take;
    client->refused[client->refused_len] = '\0';
    if (take < len) {
        sse_priv_client_break(client, SSE_REASON_NONE, SSE_OK);
    }
}

static void discard(sse_client *client, size_t len)
{
    client->discarded += len < SSE_PRIV_DRAIN_MOST ? len : SSE_PRIV_DRAIN_MOST;
    if (client->discarded >= SSE_PRIV_DRAIN_MOST) {
        sse_priv_client_break(client, SSE_REASON_NONE, SSE_OK);
    }
}

static size_t use(sse_client *client, const char *bytes, size_t len)
{
    switch (client->mode) {
    case SSE_PRIV_CLIENT_STREAM:
        return feed(client, bytes, len);
    case SSE_PRIV_CLIENT_REFUSED:
        keep_refused(client, bytes, len);
        break;
    case SSE_PRIV_CLIENT_REDIRECT:
        discard(client, len);
        break;
    case SSE_PRIV_CLIENT_IDLE:
    case SSE_PRIV_CLIENT_HEAD:
    case SSE_PRIV_CLIENT_FLUSH:
        break;
    }
    return len;
}

/* What stands in front of a run of payload, and how long that is.  Returns 0
 * if the framing is broken. */
static int unframe(sse_client *client, const char *bytes, size_t len,
                   size_t *used)
{
    *used = 0;
    if (client->framing == SSE_PRIV_FRAMING_CLOSE) {
        client->run = len;
    } else if (client->framing == SSE_PRIV_FRAMING_LENGTH) {
        client->run = client->left < len ? (size_t)client->left : len;
        client->left -= client->run;
        client->last = client->left == 0;
    } else {
        sse_piece data;
        const sse_status status = sse_priv_chunked_feed(
            &client->chunked, bytes, len, used, &data);
        if (status != SSE_OK && status != SSE_INCOMPLETE) {
            return 0;
        }
        client->last = status == SSE_OK;
        client->run = data.len;
        *used -= data.len;
        if (data.len > 0) {
            client->chunked.extra = 0; /* bounded for each chunk */
        }
    }
    return 1;
}

/* A broken framing says as little of the events before it as a broken
 * connection. */
static void cut(sse_client *client)
{
    sse_priv_client_trouble(client, "malformed chunk");
    sse_priv_client_link_close(client);
    sse_priv_client_over(client, SSE_REASON_CUT);
}

static size_t take_body(sse_client *client, const char *bytes, size_t len)
{
    size_t at = 0;
    if (client->run == 0 && !client->last &&
        !unframe(client, bytes, len, &at)) {
        cut(client);
        return len;
    }
    if (client->run > 0 && at < len) {
        const size_t n = client->run < len - at ? client->run : len - at;
        const size_t used = use(client, bytes + at, n);
        at += used;
        client->run -= used;
    }
    if (client->last && client->run == 0 && !client->paused &&
        client->mode != SSE_PRIV_CLIENT_IDLE) {
        sse_priv_client_complete(client, len - at);
        return len;
    }
    return at;
}

size_t sse_priv_client_take(sse_client *client, const char *bytes, size_t len)
{
    size_t at = 0;
    while (at < len && !client->paused) {
        if (client->mode == SSE_PRIV_CLIENT_IDLE || client->follow) {
            return len;
        }
        if (sse_priv_client_is_cancelled(client)) {
            stop(client, SSE_STOPPED);
            return len;
        }
        if (client->mode == SSE_PRIV_CLIENT_HEAD) {
            at += sse_priv_client_take_head(client, bytes + at, len - at);
        } else {
            at += take_body(client, bytes + at, len - at);
        }
    }
    return at;
}

void sse_priv_client_complete(sse_client *client, size_t left)
{
    if (left == 0 && sse_priv_response_is_kept(&client->head,
                                               client->framing)) {
        sse_priv_client_link_keep(client);
    } else {
        sse_priv_client_link_close(client);
    }
    sse_priv_client_over(client, SSE_REASON_END);
}

/* The end may ask for room as any byte does. */
static sse_status finish(sse_client *client, int clean)
{
    sse_status status = sse_parser_finish(&client->parser, clean);
    while (status == SSE_NEED_SPACE) {
        const sse_status grown =
            sse_priv_scratch_grow(&client->scratch, &client->parser);
        if (grown != SSE_OK) {
            client->fault = SSE_REASON_FATAL;
            client->fault_status = grown;
            clean = 0;
        }
        status = sse_parser_finish(&client->parser, clean);
    }
    return status;
}

sse_status sse_priv_client_finish_parser(sse_client *client, int clean)
{
    sse_status answer = SSE_OK;
    sse_status status = finish(client, clean);
    if (status == SSE_PAUSED) { /* a flush policy left a last event */
        const char *none = "";
        size_t len = 0;
        sse_event event;
        if (sse_parser_next(&client->parser, &none, &len, &event) == SSE_OK) {
            answer = deliver(client, &event);
        }
        status = sse_parser_finish(&client->parser, clean);
    }
    client->incomplete = status == SSE_INCOMPLETE;
    if (answer == SSE_STOPPED) {
        client->fault = SSE_REASON_CALLER;
    } else if (status == SSE_ERR_TOO_LONG) {
        client->fault = SSE_REASON_TOO_LONG;
    }
    return answer == SSE_PAUSED ? SSE_PAUSED : SSE_OK;
}
