/*
 * handlers.h - what answers the requests of the routes.
 *
 * SPDX-License-Identifier: MIT
 *
 * A handler runs with everything checked that its route asks for.  Method,
 * host, origin, user and media type are none of its business.
 */
#ifndef CHAT_HANDLERS_H
#define CHAT_HANDLERS_H

#include "http/exchange.h"
#include "service/extract.h"

/* account_handlers.c */
void handle_user_add(struct exchange *exchange);
void handle_session_add(struct exchange *exchange);
void handle_session_list(struct exchange *exchange);
void handle_message_list(struct exchange *exchange);

/* chat_handlers.c */
void handle_message_send(struct exchange *exchange);
void handle_stream_attach(struct exchange *exchange);
void handle_stream_stop(struct exchange *exchange);

/* document_handlers.c */
void handle_document_add(struct exchange *exchange);
void handle_document_list(struct exchange *exchange);

/* extract_handlers.c */
void handle_extract_begin(struct exchange *exchange);
void handle_extract_stream(struct exchange *exchange);
void handle_extract_watch(struct exchange *exchange);
void handle_extract_result(struct exchange *exchange);
/** An extract_reply_fn for jobs that go on after a restart; @p web is the
 *  struct web. */
void handle_extract_resumed(void *web, const struct extract_reply *reply);

/* page_handlers.c */
void handle_page(struct exchange *exchange);
void handle_health(struct exchange *exchange);
/** Not 0 if the page has a file for this path. */
int page_has(const char *path);

/* metrics.c */
void handle_metrics(struct exchange *exchange);

#endif /* CHAT_HANDLERS_H */
