/*
 * exchange.h - one request on its way to an answer.
 *
 * SPDX-License-Identifier: MIT
 *
 * An exchange outlives its request where a service still works on it: each
 * piece of work holds it.  Answering a request that has gone does nothing.
 */
#ifndef CHAT_EXCHANGE_H
#define CHAT_EXCHANGE_H

#include <jansson.h>
#include <sse/sock.h>

#include "base/ids.h"

struct route;
struct web;

struct exchange {
    struct web *web;
    sse_request *request;      /* NULL once it is over */
    const struct route *route; /* once it is known */
    unsigned holds;
    int answered;
    int place;                 /* it has taken a place for a stream */
    int64_t user_seq;          /* 0: nobody */
    struct id id;              /* the one in the path */
    void *data;                /* the handler's, freed with the exchange */
};

/** For a request that has just come in. */
struct exchange *exchange_new(struct web *web, sse_request *request);

/** Keeps the exchange while a service works; each wants one release. */
void exchange_hold(struct exchange *exchange);
void exchange_release(struct exchange *exchange);

/** Answers with bytes.  @param more  One more header's name and value, or
 *  NULL. */
void exchange_send(struct exchange *exchange, int status, const char *type,
                   const char *body, size_t len, const char *more,
                   const char *more_value);

/** Answers with JSON, which is taken over. */
void exchange_json(struct exchange *exchange, int status, json_t *body);

/** Answers with {"error":{"code","message"}}. */
void exchange_error(struct exchange *exchange, int status, const char *code,
                    const char *message);

/** The common refusals. */
void exchange_not_found(struct exchange *exchange);
void exchange_bad(struct exchange *exchange, const char *message);
void exchange_unsaved(struct exchange *exchange);

/** The text of an error body, for errors of the server itself, too. */
const char *exchange_error_body(int status, const char **media_type,
                                void *user);

/** Reads a JSON object from the body; an empty body is an empty object.
 *  @return NULL if that was answered with an error. */
json_t *exchange_body(struct exchange *exchange);

/**
 * Reads a text member.
 *
 * @param max       Bytes of the longest; longer ones are answered with 413.
 * @param required  Not 0: it must be there and hold more than white space.
 * @return 0, with *text NULL if it is absent or null; -1 if it was answered
 *         with an error.
 */
int exchange_text(struct exchange *exchange, const json_t *body,
                  const char *name, size_t max, int required,
                  const char **text);

#endif /* CHAT_EXCHANGE_H */
