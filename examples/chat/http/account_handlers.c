/*
 * account_handlers.c - users, their sessions, and what was said in them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "http/handlers.h"
#include "http/identity.h"
#include "http/web.h"

#define NAME_MAX_BYTES 200
#define TITLE_MAX_BYTES 400
#define MESSAGES_DEFAULT 50
#define MESSAGES_MAX 200

/* ---- Users ---- */

static void on_user_added(struct store_call *call)
{
    const struct store_user *user = (struct store_user *)call;
    struct exchange *exchange = (struct exchange *)call->user;
    const char *token = (const char *)exchange->data;
    if (call->result == STORE_OK) {
        char cookie[256];
        identity_cookie(token, cookie, sizeof cookie);
        json_t *body = json_object();
        json_put(body, "user_id", json_string(user->id.text));
        json_put(body, "token", json_string(token));
        char *text = json_text(body);
        exchange_send(exchange, 201, "application/json", text, strlen(text),
                      "Set-Cookie", cookie);
        free(text);
    } else {
        exchange_unsaved(exchange);
    }
    exchange_release(exchange);
}

void handle_user_add(struct exchange *exchange)
{
    json_t *body = exchange_body(exchange);
    const char *name;
    if (body != NULL && exchange_text(exchange, body, "name", NAME_MAX_BYTES,
                                      1, &name) == 0) {
        char *token = (char *)mem_zero(TOKEN_LEN + 1, 1);
        exchange->data = token;
        exchange_hold(exchange);
        accounts_add(exchange->web->accounts, name, token, on_user_added,
                     exchange);
    }
    json_decref(body);
}

/* ---- Sessions ---- */

static void on_session_added(struct store_call *call)
{
    const struct store_sessions *made = (struct store_sessions *)call;
    struct exchange *exchange = (struct exchange *)call->user;
    if (call->result == STORE_OK) {
        json_t *body = json_object();
        json_put(body, "session_id", json_string(made->id.text));
        exchange_json(exchange, 201, body);
    } else {
        exchange_unsaved(exchange);
    }
    exchange_release(exchange);
}

void handle_session_add(struct exchange *exchange)
{
    json_t *body = exchange_body(exchange);
    const char *title;
    if (body != NULL && exchange_text(exchange, body, "title",
                                      TITLE_MAX_BYTES, 0, &title) == 0) {
        exchange_hold(exchange);
        accounts_session_add(exchange->web->accounts, exchange->user_seq,
                             title, on_session_added, exchange);
    }
    json_decref(body);
}

static void on_sessions_listed(struct store_call *call)
{
    const struct store_sessions *found = (struct store_sessions *)call;
    struct exchange *exchange = (struct exchange *)call->user;
    if (call->result == STORE_OK) {
        json_t *list = json_array();
        for (size_t i = 0; i < found->count; i++) {
            const struct session_row *row = &found->rows[i];
            json_t *one = json_object();
            json_put(one, "session_id", json_string(row->id.text));
            json_put(one, "title", json_text_or_null(row->title));
            json_put(one, "message_count",
                     json_number_or_null(row->message_count));
            json_put(one, "last_message_at",
                     json_time_or_null(row->last_message_at));
            (void)json_array_append_new(list, one);
        }
        json_t *body = json_object();
        json_put(body, "sessions", list);
        exchange_json(exchange, 200, body);
    } else {
        exchange_unsaved(exchange);
    }
    exchange_release(exchange);
}

void handle_session_list(struct exchange *exchange)
{
    exchange_hold(exchange);
    accounts_session_list(exchange->web->accounts, exchange->user_seq,
                          on_sessions_listed, exchange);
}

/* ---- Messages ---- */

static json_t *message_of(const struct message_row *row)
{
    json_t *one = json_object();
    json_put(one, "message_id", json_string(row->id.text));
    json_put(one, "role", json_string(row->assistant ? "assistant" : "user"));
    json_put(one, "content", json_text_of(row->content, row->content_len));
    json_put(one, "status", json_string(answer_status_name(row->status)));
    json_put(one, "finish_reason", json_text_or_null(row->finish_reason));
    json_put(one, "response_time_ms",
             json_number_or_null(row->response_time_ms));
    json_put(one, "created_at", json_time_or_null(row->created_at));
    json_put(one, "stream_id",
             json_text_or_null(row->assistant ? row->stream.text : NULL));
    return one;
}

static void on_messages_listed(struct store_call *call)
{
    const struct store_messages *found = (struct store_messages *)call;
    struct exchange *exchange = (struct exchange *)call->user;
    if (call->result == STORE_OK) {
        json_t *list = json_array();
        for (size_t i = 0; i < found->count; i++) {
            (void)json_array_append_new(list, message_of(&found->rows[i]));
        }
        json_t *body = json_object();
        json_put(body, "messages", list);
        exchange_json(exchange, 200, body);
    } else if (call->result == STORE_NOT_FOUND) {
        exchange_not_found(exchange);
    } else {
        exchange_unsaved(exchange);
    }
    exchange_release(exchange);
}

/* @return -1 for a parameter that is no number from 1 on. */
static int64_t limit_of(const struct exchange *exchange)
{
    char text[16];
    size_t len;
    sse_status status = sse_request_parameter(exchange->request, "limit", text,
                                              sizeof text, &len);
    if (status == SSE_INCOMPLETE) {
        return MESSAGES_DEFAULT;
    }
    if (status != SSE_OK || len == 0 || len > 9 ||
        strspn(text, "0123456789") != len) {
        return -1;
    }
    long limit = strtol(text, NULL, 10);
    return limit < 1 ? -1 : limit > MESSAGES_MAX ? MESSAGES_MAX : limit;
}

void handle_message_list(struct exchange *exchange)
{
    char text[ID_LEN + 2];
    size_t len = 0;
    struct id before = {""};
    int64_t limit = limit_of(exchange);
    if (limit < 0) {
        exchange_bad(exchange, "\"limit\" must be a number from 1 to 200.");
        return;
    }
    sse_status status = sse_request_parameter(exchange->request, "before",
                                              text, sizeof text, &len);
    if (status != SSE_INCOMPLETE &&
        (status != SSE_OK || !id_read(text, len, &before))) {
        exchange_bad(exchange, "\"before\" must be the id of a message.");
        return;
    }
    exchange_hold(exchange);
    accounts_message_list(exchange->web->accounts, exchange->user_seq,
                          &exchange->id, &before, limit, on_messages_listed,
                          exchange);
}
