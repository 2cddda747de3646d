/*
 * chunks.h - cuts a document into the chunks of an extraction.
 *
 * SPDX-License-Identifier: MIT
 *
 * A chunk never cuts a sentence, as far as the text has any, and begins with
 * the last sentences of the one before it, so that a fact at the seam is whole
 * in one of them.  The same text is always cut in the same way: a job that
 * goes on after a restart relies on it.
 */
#ifndef CHAT_CHUNKS_H
#define CHAT_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

#define CHUNK_MAX 6000    /* bytes of the longest */
#define CHUNK_MIN 3000    /* bytes of the shortest but the last */
#define CHUNK_OVERLAP 400 /* most bytes that two have in common */

struct chunk {
    size_t start, len;
    int64_t first_line, last_line; /* from 1 */
};

/** @param text  Well-formed UTF-8 with a NUL behind it.
 *  @return free() it; NULL if the text is blank. */
struct chunk *chunks_cut(const char *text, size_t len, size_t *count);

#endif /* CHAT_CHUNKS_H */
