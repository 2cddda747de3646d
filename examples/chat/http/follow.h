/*
 * follow.h - a request becomes a reader of a channel.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_FOLLOW_H
#define CHAT_FOLLOW_H

#include "http/channels.h"
#include "http/exchange.h"

/** Takes a place among the user's streams.  @return 0; -1 if there is none,
 *  which was answered with an error. */
int follow_place(struct exchange *exchange);

/** Has a request read a channel from behind its Last-Event-ID, or answers that
 *  nothing is left (204) or that the user has too many streams. */
void follow(struct exchange *exchange, struct channel *channel);

#endif /* CHAT_FOLLOW_H */
