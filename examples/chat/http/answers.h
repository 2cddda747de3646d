/*
 * answers.h - the events of an answer.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_ANSWERS_H
#define CHAT_ANSWERS_H

#include "http/channels.h"
#include "service/chat.h"

/** Adds `start`. */
void answer_start(struct channel *channel, const struct answer_row *row);

/** Adds `done` or `error`, and ends the channel. */
void answer_end(struct channel *channel, const struct id *user_message,
                const struct id *answer, const struct chat_end *end);

/** A channel that tells a stored answer once more, in larger pieces. */
struct channel *answer_again(struct web *web, int64_t user_seq,
                             const struct answer_row *row);

#endif /* CHAT_ANSWERS_H */
