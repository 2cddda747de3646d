/*
 * extracts.h - the events of an extraction.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_EXTRACTS_H
#define CHAT_EXTRACTS_H

#include "http/channels.h"
#include "service/extract.h"

/** A channel for a job that begins, listening to it. */
struct channel *extract_channel(struct web *web,
                                const struct extract_reply *started);

/** A channel that tells a job that has ended once more.
 *  @param found  A struct store_job of extract_find(). */
struct channel *extract_again(struct web *web, const struct store_job *found);

/** The members "result" and "failed_chunks" of a completed job. */
json_t *extract_result_of(const struct store_job *found);

#endif /* CHAT_EXTRACTS_H */
