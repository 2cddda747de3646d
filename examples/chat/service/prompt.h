/*
 * prompt.h - what a language model is told.
 *
 * SPDX-License-Identifier: MIT
 *
 * The offline upstream reads the same texts: the line `Task: ...` and the tags
 * <passage> and <chunk> are a contract with it.
 */
#ifndef CHAT_PROMPT_H
#define CHAT_PROMPT_H

#include <jansson.h>

#include "service/chunks.h"
#include "store/calls.h"

#define PROMPT_PASSAGES 8          /* most passages of the user's documents */
#define PROMPT_PASSAGE_BYTES 8192  /* and their size together */
#define PROMPT_WORDS 24            /* most words of a question looked for */
#define PROMPT_WORD_MAX 48         /* bytes of the longest with its NUL */

/** The words of a question that tell what it is about: lower case, none
 *  twice, without those that stand in every text. */
size_t prompt_words(const char *text, size_t len,
                    char words[PROMPT_WORDS][PROMPT_WORD_MAX]);

/** The messages of a chat: instructions, passages, history. */
json_t *prompt_chat(const struct message_row *history, size_t count,
                    const struct found_passage *passages,
                    size_t passage_count);

/** The messages for one chunk of an extraction. */
json_t *prompt_extract(const char *text, const struct chunk *chunk,
                       size_t index);

#endif /* CHAT_PROMPT_H */
