/*
 * messages.h - what the store's own files share about messages.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_STORE_MESSAGES_H
#define CHAT_STORE_MESSAGES_H

#include "store/calls.h"
#include "store/db.h"

/** Row number of a user's session; -1 if it is not his. */
int64_t store_session_seq(struct db *db, int64_t user_seq,
                          const struct id *session);

/** Reads rows of (id, is answer, content, status, finish_reason,
 *  response_time_ms, created_at, stream_id), newest first, and ends the
 *  statement.
 *  @return The rows, oldest first. */
struct message_row *store_rows_read(struct db *db, sqlite3_stmt *rows,
                                    struct store_call *call, size_t limit,
                                    size_t *count);

/** The columns store_answer_read() wants, of messages m joined with the
 *  message u it replies to. */
#define STORE_ANSWER_COLUMNS                                                   \
    "m.seq, m.id, u.id, m.stream_id, m.status, m.content, m.finish_reason,"   \
    " m.error_code, m.prompt_tokens, m.completion_tokens, m.total_tokens,"    \
    " m.ended_at"

/** Reads one row of them. */
void store_answer_read(sqlite3_stmt *rows, struct store_call *call,
                       struct answer_row *answer);

#endif /* CHAT_STORE_MESSAGES_H */
