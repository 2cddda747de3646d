/*
 * client_drive.c - a stream from attempt to attempt, as its source says.
 *
 * SPDX-License-Identifier: MIT
 */
#include "client.h"

#include <stdio.h>

#include "../ending.h"

/* No connection is held open for a longer wait. */
#define KEPT_MS 10000u

void sse_priv_client_tell(sse_client *client, sse_source_state state,
                          const sse_action *action)
{
    client->told = state;
    if (client->config.on_state != NULL) {
        client->config.on_state(state, action, client->config.user);
    }
}

/* The attempt is over, for this reason. */
static void end_attempt(sse_client *client, sse_reason reason)
{
    sse_priv_client_describe(client, reason);
    sse_source_end(&client->source, sse_loop_now_ms(client->loop), reason);
}

static void begin_attempt(sse_client *client, const sse_action *action)
{
    client->attempts = action->attempt;
    client->fault = SSE_REASON_NONE;
    client->fault_status = SSE_OK;
    client->incomplete = 0;
    client->refused_len = 0;
    client->media_type[0] = '\0';
    sse_parser_reset(&client->parser);
    sse_priv_route_restart(&client->route);
    sse_priv_client_tell(client, SSE_SOURCE_CONNECTING, action);
    if (!client->cancelled) {
        sse_priv_client_send(client);
    }
}

static void follow(sse_client *client)
{
    size_t len;
    const char *const location = sse_priv_header(
        client->head.at, client->head.len, "Location", &len);
    const char *why = "";
    client->follow = 0;
    client->mode = SSE_PRIV_CLIENT_IDLE;
    const sse_status status = sse_priv_route_follow(
        &client->route, client->http_status, location, len, &why);
    if (status == SSE_OK) {
        sse_priv_client_send(client);
        return;
    }
    (void)snprintf(client->text, sizeof client->text, "HTTP status %d: %s",
                   client->http_status, why);
    client->fault_status = status;
    sse_source_end(&client->source, sse_loop_now_ms(client->loop),
                   SSE_REASON_REDIRECT);
}

static void end_stream(sse_client *client, sse_reason reason)
{
    if (sse_priv_client_finish_parser(client, reason == SSE_REASON_END) ==
        SSE_PAUSED) {
        client->mode = SSE_PRIV_CLIENT_FLUSH;
        client->flush_reason = reason;
        client->paused = 1;
        sse_source_pause(&client->source, sse_loop_now_ms(client->loop));
        return;
    }
    /* The last event may have stopped the stream. */
    end_attempt(client, client->fault != SSE_REASON_NONE ? client->fault
                                                         : reason);
}

void sse_priv_client_over(sse_client *client, sse_reason reason)
{
    const sse_priv_client_mode mode = client->mode;
    client->mode = SSE_PRIV_CLIENT_IDLE;
    client->paused = 0;
    switch (mode) {
    case SSE_PRIV_CLIENT_STREAM:
        end_stream(client, reason);
        break;
    case SSE_PRIV_CLIENT_HEAD:
        end_attempt(client, reason);
        break;
    case SSE_PRIV_CLIENT_REFUSED:
        /* Judged before; its body is a courtesy. */
        client->system_error = 0;
        if (client->fault != SSE_REASON_NONE) {
            end_attempt(client, client->fault);
        }
        break;
    case SSE_PRIV_CLIENT_REDIRECT:
        if (client->fault != SSE_REASON_NONE) {
            end_attempt(client, client->fault);
        } else {
            client->follow = 1;
        }
        break;
    case SSE_PRIV_CLIENT_IDLE:
    case SSE_PRIV_CLIENT_FLUSH:
        break;
    }
}

void sse_priv_client_break(sse_client *client, sse_reason fault,
                           sse_status status)
{
    client->fault = fault;
    client->fault_status = status;
    sse_priv_client_link_close(client);
    sse_priv_client_over(client, fault);
}

/* Drops the exchange, whatever it was about. */
static void drop(sse_client *client)
{
    sse_priv_client_link_close(client);
    sse_priv_buf_free(&client->ahead);
    sse_priv_buf_free(&client->out);
    client->mode = SSE_PRIV_CLIENT_IDLE;
    client->paused = 0;
    client->follow = 0;
    client->again = 0;
}

static void go_on(sse_client *client)
{
    client->paused = 0;
    sse_source_resume(&client->source, sse_loop_now_ms(client->loop));
    if (client->mode == SSE_PRIV_CLIENT_FLUSH) {
        client->mode = SSE_PRIV_CLIENT_IDLE;
        end_attempt(client, client->flush_reason);
    } else {
        sse_priv_client_read_on(client);
    }
}

/* Drops what the source gave up by itself, a time limit being over. */
static void abandon(sse_client *client, const sse_action *action)
{
    const sse_priv_client_mode mode = client->mode;
    if (mode == SSE_PRIV_CLIENT_STREAM || mode == SSE_PRIV_CLIENT_FLUSH) {
        (void)sse_parser_finish(&client->parser, 0);
    }
    if (mode != SSE_PRIV_CLIENT_IDLE) {
        drop(client);
    }
    if ((mode != SSE_PRIV_CLIENT_IDLE && mode != SSE_PRIV_CLIENT_REFUSED) ||
        action->cause == SSE_REASON_TOTAL_TIMEOUT) {
        client->trouble[0] = '\0';
        client->fault_status = SSE_OK;
        sse_priv_client_describe(client, action->cause);
    }
}

/* Returns 0 while the body of a response that is no stream is read on. */
static int drained(sse_client *client, uint64_t now_ms)
{
    if (client->mode != SSE_PRIV_CLIENT_REFUSED &&
        client->mode != SSE_PRIV_CLIENT_REDIRECT) {
        return 1;
    }
    if (now_ms < client->drain_until_ms) {
        return 0;
    }
    client->follow = client->mode == SSE_PRIV_CLIENT_REDIRECT;
    sse_priv_client_link_close(client);
    client->mode = SSE_PRIV_CLIENT_IDLE;
    return 1;
}

static void set_due(sse_client *client, uint64_t due_ms)
{
    const uint64_t now_ms = sse_loop_now_ms(client->loop);
    /* A timer that is due sooner than needed is left alone: when it is due it
     * comes by here again.  So reading need not touch it. */
    if (due_ms == SSE_NEVER) {
        sse_timer_stop(client->loop, &client->timer);
    } else if (client->timer.next_ == NULL ||
               client->timer.when_ms_ > due_ms) {
        (void)sse_timer_start(client->loop, &client->timer,
                              due_ms > now_ms ? due_ms - now_ms : 0,
                              sse_priv_client_on_timer, client);
    }
}

static void end(sse_client *client, const sse_action *action)
{
    char text[sizeof client->text + 64];
    const sse_status status = sse_priv_ending_status(
        action, client->cancelled, client->incomplete, client->fault_status);
    sse_priv_ending_text(action, status, client->text, text, sizeof text);
    client->ended = 1;
    client->final = status;
    sse_priv_client_link_close(client);
    sse_timer_stop(client->loop, &client->timer);
    sse_priv_client_tell(client, SSE_SOURCE_CLOSED, action);
    if (client->config.on_end == NULL) {
        return;
    }
    const sse_client_result result = {
        status,
        action->reason,
        action->cause,
        action->http_status != 0 ? action->http_status : client->http_status,
        client->system_error,
        text,
        client->refused_len > 0 ? client->refused : "",
        client->refused_len,
        client->events,
        client->attempts,
    };
    client->config.on_end(&result, client->config.user);
}

/* One thing that the source wants.  Returns 0 if it is to be waited for. */
static int obey(sse_client *client, uint64_t now_ms, uint64_t *due_ms)
{
    sse_action action;
    sse_source_next(&client->source, now_ms, &action);
    switch (action.kind) {
    case SSE_ACTION_CONNECT:
        begin_attempt(client, &action);
        return 1;
    case SSE_ACTION_READ:
        *due_ms = sse_priv_client_link_due(client);
        *due_ms = action.until_ms < *due_ms ? action.until_ms : *due_ms;
        return 0;
    case SSE_ACTION_WAIT:
        abandon(client, &action);
        *due_ms = action.until_ms;
        if (action.delay_ms > KEPT_MS) {
            sse_priv_client_link_close(client);
        }
        if (client->told != SSE_SOURCE_WAITING) {
            sse_priv_client_tell(client, SSE_SOURCE_WAITING, &action);
        }
        return client->cancelled;
    case SSE_ACTION_CLOSE:
    case SSE_ACTION_FAIL:
        abandon(client, &action);
        end(client, &action);
        return 0;
    case SSE_ACTION_NONE:
        break;
    }
    *due_ms = SSE_NEVER;
    return 0;
}

static void act(sse_client *client)
{
    const uint64_t now_ms = sse_loop_now_ms(client->loop);
    uint64_t due_ms = SSE_NEVER;
    int more = 1;
    while (more) {
        if (client->cancelled) {
            if (client->mode == SSE_PRIV_CLIENT_STREAM ||
                client->mode == SSE_PRIV_CLIENT_FLUSH) {
                (void)sse_parser_finish(&client->parser, 0);
            }
            drop(client);
            sse_source_end(&client->source, now_ms, SSE_REASON_CALLER);
        }
        sse_priv_client_link_step(client, now_ms);
        if (!drained(client, now_ms)) {
            due_ms = client->drain_until_ms;
            more = 0;
        } else if (client->follow) {
            follow(client);
        } else if (client->again) {
            client->again = 0;
            sse_priv_client_send(client);
        } else {
            more = obey(client, now_ms, &due_ms);
        }
    }
    if (!client->ended) {
        set_due(client, client->cancelled ? 0 : due_ms);
    }
}

void sse_priv_client_step(sse_client *client)
{
    client->busy = 1;
    client->cancelled |=
        !client->ended && sse_priv_client_is_cancelled(client);
    if (!client->ended) {
        act(client);
    }
    client->busy = 0;
    if (client->ended && client->closing) {
        sse_priv_client_let_go(client);
    }
}

void sse_priv_client_on_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    (void)loop;
    (void)timer;
    sse_priv_client_step((sse_client *)user);
}

void sse_priv_client_on_signal(void *user)
{
    sse_client *const client = (sse_client *)user;
    const uint32_t bits =
        __atomic_exchange_n(&client->raised, 0, __ATOMIC_SEQ_CST);
    client->busy = 1;
    client->cancelled |= (bits & SSE_PRIV_CLIENT_CANCEL) != 0;
    if ((bits & SSE_PRIV_CLIENT_RESUME) != 0 && client->paused &&
        !client->cancelled && !client->ended) {
        go_on(client);
    }
    sse_priv_client_step(client);
}
