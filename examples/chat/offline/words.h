/*
 * words.h - what a question is about, and how well a text matches it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_WORDS_H
#define CHAT_OFFLINE_WORDS_H

#include "offline/span.h"

#define WORDS_MAX 24

/** The words of a question that tell what it is about, each once. */
struct words {
    struct span list[WORDS_MAX];
    double weights[WORDS_MAX]; /* how much each tells; 1 unless set */
    size_t count;
};

/** Picks the words of a question; those that stand in every text are left
 *  out.  They point into @p question. */
void words_pick(struct words *words, struct span question);

/** Weighs the words: one that stands in few of the texts tells more. */
void words_weigh(struct words *words, const struct span *texts, size_t count);

/** How well a text matches: 0 for not at all.  Each word counts once, and less
 *  where only its beginning matches. */
double words_match(const struct words *words, struct span text);

#endif /* CHAT_OFFLINE_WORDS_H */
