/*
 * quotes.h - the passages of a prompt, and which of them answer a question.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_QUOTES_H
#define CHAT_OFFLINE_QUOTES_H

#include "base/buf.h"
#include "offline/span.h"

#define QUOTES_MAX 16

/** One passage; borrowed from the prompt. */
struct quote {
    struct span document;
    struct span place; /* e.g. "lines 40-52" */
    struct span text;
};

/** Reads the block between <passages> and </passages>.
 *  @return how many passages, at most QUOTES_MAX; the first ones. */
size_t quotes_read(struct span prompt, struct quote quotes[QUOTES_MAX]);

/** Writes the answer to a question: the best passages, shortened to what
 *  matters, each with its document and place; or that there is none. */
void quotes_answer(struct span question, const struct quote *quotes,
                   size_t count, struct buf *answer);

#endif /* CHAT_OFFLINE_QUOTES_H */
