/*
 * extract_handlers.c - extractions begin, are watched, and are looked up.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/json.h"
#include "http/extracts.h"
#include "http/follow.h"
#include "http/handlers.h"
#include "http/web.h"

/* @return The job's channel; NULL if it did not begin, which was answered. */
static struct channel *begun(struct exchange *exchange,
                             const struct extract_reply *reply)
{
    switch (reply->result) {
    case EXTRACT_STARTED:
        return extract_channel(exchange->web, reply);
    case EXTRACT_NOT_FOUND:
        exchange_not_found(exchange);
        break;
    case EXTRACT_BUSY:
        exchange_error(exchange, 409, "busy",
                       "This document is being read already.");
        break;
    case EXTRACT_TOO_MANY:
        exchange_error(exchange, 429, "too_many_jobs",
                       "You have too many documents being read; wait for"
                       " one.");
        break;
    case EXTRACT_FULL:
        exchange_error(exchange, 503, "too_many_jobs",
                       "The server is reading too many documents. Try again"
                       " later.");
        break;
    case EXTRACT_UNSAVED:
        exchange_unsaved(exchange);
        break;
    }
    return NULL;
}

static void on_begun(void *user, const struct extract_reply *reply)
{
    struct exchange *exchange = (struct exchange *)user;
    if (begun(exchange, reply) != NULL) {
        json_t *body = json_object();
        json_put(body, "job_id", json_string(reply->id.text));
        exchange_json(exchange, 202, body);
    }
    exchange_release(exchange);
}

void handle_extract_begin(struct exchange *exchange)
{
    exchange_hold(exchange);
    extract_begin(exchange->web->extract, exchange->user_seq, &exchange->id,
                  on_begun, exchange);
}

static void on_streamed(void *user, const struct extract_reply *reply)
{
    struct exchange *exchange = (struct exchange *)user;
    struct channel *channel = begun(exchange, reply);
    if (channel != NULL) {
        follow(exchange, channel);
    }
    exchange_release(exchange);
}

void handle_extract_stream(struct exchange *exchange)
{
    if (follow_place(exchange) == 0) {
        exchange_hold(exchange);
        extract_begin(exchange->web->extract, exchange->user_seq,
                      &exchange->id, on_streamed, exchange);
    }
}

void handle_extract_resumed(void *web, const struct extract_reply *reply)
{
    (void)extract_channel((struct web *)web, reply);
}

static void on_watched(struct store_call *call)
{
    const struct store_job *found = (struct store_job *)call;
    struct exchange *exchange = (struct exchange *)call->user;
    struct channel *channel = NULL;
    if (call->result == STORE_OK) {
        channel = channel_find(exchange->web, CHANNEL_JOB, &found->job.id,
                               exchange->user_seq);
        if (channel == NULL && found->job.status != JOB_RUNNING) {
            channel = extract_again(exchange->web, found);
        }
    }
    if (channel != NULL) {
        follow(exchange, channel);
    } else if (call->result == STORE_NOT_FOUND) {
        exchange_not_found(exchange);
    } else {
        /* The database failed; or the job is about to go on after a start. */
        exchange_unsaved(exchange);
    }
    exchange_release(exchange);
}

void handle_extract_watch(struct exchange *exchange)
{
    exchange_hold(exchange);
    extract_find(exchange->web->extract, exchange->user_seq, &exchange->id, 0,
                 on_watched, exchange);
}

static void on_result(struct store_call *call)
{
    const struct store_job *found = (struct store_job *)call;
    struct exchange *exchange = (struct exchange *)call->user;
    if (call->result == STORE_OK) {
        exchange_json(exchange, 200, extract_result_of(found));
    } else if (call->result == STORE_NOT_FOUND) {
        exchange_not_found(exchange);
    } else {
        exchange_unsaved(exchange);
    }
    exchange_release(exchange);
}

void handle_extract_result(struct exchange *exchange)
{
    exchange_hold(exchange);
    extract_find(exchange->web->extract, exchange->user_seq, &exchange->id, 1,
                 on_result, exchange);
}
