/*
 * merge.h - the facts of all chunks become one result.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_MERGE_H
#define CHAT_MERGE_H

#include <jansson.h>
#include <stddef.h>

#include "service/chunks.h"

/**
 * Merges without doubles: units are the same by number or title, assessments
 * by name, books by their text, capitals and punctuation aside.  What one
 * chunk left open another one fills in.  "sources" says for each fact in which
 * lines of the document it stands.  The result is bounded; what is beyond that
 * is left out.
 *
 * @param facts     Of each chunk in order, in the shape of facts.h; NULL for
 *                  one that failed.
 * @param text      The document, and its name.
 * @return The result.
 */
json_t *merge_facts(json_t *const *facts, const struct chunk *chunks,
                    size_t count, const char *text, const char *document);

#endif /* CHAT_MERGE_H */
