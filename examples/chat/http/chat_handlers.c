/*
 * chat_handlers.c - messages and the streams of their answers.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "http/answers.h"
#include "http/follow.h"
#include "http/handlers.h"
#include "http/web.h"

#define CONTENT_MAX ((size_t)64 << 10)
#define KEY_MAX 200

/* An answer under way, between its run and its channel. */
struct answer {
    struct channel *channel;
    struct chat_run *run;
    struct id user_message, id;
};

/* ---- A running answer ---- */

static int on_text(void *user, const char *text, size_t len)
{
    struct answer *answer = (struct answer *)user;
    (void)channel_add(answer->channel, EVENT_TEXT, text, len);
    return channel_full(answer->channel);
}

static void on_end(void *user, const struct chat_end *end)
{
    struct answer *answer = (struct answer *)user;
    answer_end(answer->channel, &answer->user_message, &answer->id, end);
    free(answer);
}

static void on_abandoned(void *user)
{
    chat_run_cancel(((struct answer *)user)->run);
}

static void on_drained(void *user)
{
    chat_run_resume(((struct answer *)user)->run);
}

/* What is done about a message while the store works. */
struct sending {
    int runs_on; /* without readers */
};

static struct channel *answer_begin(struct exchange *exchange,
                                    const struct chat_reply *reply)
{
    static const struct chat_sink sink = {on_text, on_end};
    static const struct channel_source given_up = {on_abandoned, 0,
                                                   on_drained};
    static const struct channel_source runs_on = {NULL, 1, on_drained};
    const struct sending *sending = (const struct sending *)exchange->data;
    struct answer *answer = (struct answer *)mem_zero(1, sizeof *answer);
    answer->run = reply->run;
    answer->user_message = reply->answer->user_message;
    answer->id = reply->answer->id;
    answer->channel =
        channel_new(exchange->web, CHANNEL_ANSWER, &reply->answer->stream,
                    exchange->user_seq);
    answer_start(answer->channel, reply->answer);
    channel_feed_from(answer->channel, sending->runs_on ? &runs_on : &given_up,
                      answer);
    chat_run_listen(reply->run, &sink, answer);
    return answer->channel;
}

static struct channel *answer_channel(struct exchange *exchange,
                                      const struct answer_row *row)
{
    struct channel *channel = channel_find(exchange->web, CHANNEL_ANSWER,
                                           &row->stream, exchange->user_seq);
    return channel != NULL || row->status == ANSWER_STREAMING
               ? channel
               : answer_again(exchange->web, exchange->user_seq, row);
}

/* ---- Handlers ---- */

static void on_sent(void *user, const struct chat_reply *reply)
{
    struct exchange *exchange = (struct exchange *)user;
    struct channel *channel = NULL;
    switch (reply->result) {
    case CHAT_STARTED:
        channel = answer_begin(exchange, reply);
        break;
    case CHAT_REPEATED:
        channel = answer_channel(exchange, reply->answer);
        break;
    case CHAT_NOT_FOUND:
        exchange_not_found(exchange);
        break;
    case CHAT_BUSY:
        exchange_error(exchange, 409, "busy",
                       "This session has an answer under way.");
        break;
    case CHAT_CONFLICT:
        exchange_error(exchange, 409, "key_reused",
                       "This idempotency key was used for another message.");
        break;
    case CHAT_UNSAVED:
        exchange_unsaved(exchange);
        break;
    }
    if (channel != NULL) {
        follow(exchange, channel);
    } else if (reply->result == CHAT_REPEATED) {
        exchange_unsaved(exchange);
    }
    exchange_release(exchange);
}

/* @return 0; -1 if that was answered with an error. */
static int read_message(struct exchange *exchange, const json_t *body,
                        struct chat_message *message, int *runs_on)
{
    const char *then;
    if (exchange_text(exchange, body, "content", CONTENT_MAX, 1,
                      &message->content) != 0 ||
        exchange_text(exchange, body, "idempotency_key", KEY_MAX, 0,
                      &message->key) != 0 ||
        exchange_text(exchange, body, "on_disconnect", KEY_MAX, 0, &then) !=
            0) {
        return -1;
    }
    if (message->key != NULL && message->key[0] == '\0') {
        exchange_bad(exchange, "\"idempotency_key\" must not be empty.");
        return -1;
    }
    *runs_on = then != NULL && strcmp(then, "continue") == 0;
    if (then != NULL && !*runs_on && strcmp(then, "cancel") != 0) {
        exchange_bad(exchange,
                     "\"on_disconnect\" must be \"cancel\" or \"continue\".");
        return -1;
    }
    message->content_len =
        json_string_length(json_object_get(body, "content"));
    return 0;
}

void handle_message_send(struct exchange *exchange)
{
    json_t *body = exchange_body(exchange);
    struct chat_message message;
    int runs_on;
    memset(&message, 0, sizeof message);
    if (body != NULL &&
        read_message(exchange, body, &message, &runs_on) == 0 &&
        follow_place(exchange) == 0) {
        struct sending *sending =
            (struct sending *)mem_zero(1, sizeof *sending);
        sending->runs_on = runs_on;
        exchange->data = sending;
        message.user_seq = exchange->user_seq;
        message.session = exchange->id;
        exchange_hold(exchange);
        chat_send(exchange->web->chat, &message, on_sent, exchange);
    }
    json_decref(body);
}

static void on_answer_found(struct store_call *call)
{
    const struct store_answer *found = (struct store_answer *)call;
    struct exchange *exchange = (struct exchange *)call->user;
    struct channel *channel = NULL;
    if (call->result == STORE_OK) {
        channel = answer_channel(exchange, &found->answer);
    }
    if (channel != NULL) {
        follow(exchange, channel);
    } else if (call->result == STORE_FAILED) {
        exchange_unsaved(exchange);
    } else {
        exchange_not_found(exchange);
    }
    exchange_release(exchange);
}

void handle_stream_attach(struct exchange *exchange)
{
    struct channel *channel = channel_find(exchange->web, CHANNEL_ANSWER,
                                           &exchange->id, exchange->user_seq);
    if (channel != NULL) {
        follow(exchange, channel);
        return;
    }
    /* It may have ended before a restart, or been dropped for room. */
    exchange_hold(exchange);
    accounts_answer_find(exchange->web->accounts, exchange->user_seq,
                         &exchange->id, clock_now_ms() - CHANNEL_KEPT_MS,
                         on_answer_found, exchange);
}

void handle_stream_stop(struct exchange *exchange)
{
    struct channel *channel = channel_find(exchange->web, CHANNEL_ANSWER,
                                           &exchange->id, exchange->user_seq);
    if (channel == NULL) {
        exchange_not_found(exchange);
        return;
    }
    struct answer *answer = (struct answer *)channel_source_user(channel);
    if (answer != NULL) {
        chat_run_cancel(answer->run);
    }
    json_t *body = json_object();
    json_put(body, "stream_id", json_string(exchange->id.text));
    exchange_json(exchange, 202, body);
}
