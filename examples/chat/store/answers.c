/*
 * answers.c - the row of an answer, from its checkpoints to its end.
 *
 * SPDX-License-Identifier: MIT
 */
#include "store/calls.h"
#include "store/db.h"
#include "store/messages.h"

void store_answer_read(sqlite3_stmt *rows, struct store_call *call,
                       struct answer_row *answer)
{
    answer->seq = sqlite3_column_int64(rows, 0);
    db_id(rows, 1, &answer->id);
    db_id(rows, 2, &answer->user_message);
    db_id(rows, 3, &answer->stream);
    answer->status =
        answer_status_read((const char *)sqlite3_column_text(rows, 4));
    answer->content = db_text(rows, 5, call, &answer->content_len);
    answer->finish_reason = db_text(rows, 6, call, NULL);
    answer->error_code = db_text(rows, 7, call, NULL);
    answer->usage.prompt = db_number(rows, 8, -1);
    answer->usage.completion = db_number(rows, 9, -1);
    answer->usage.total = db_number(rows, 10, -1);
    answer->ended_at = db_number(rows, 11, -1);
}

/* The whole text each time: a checkpoint that was lost costs nothing then. */
static void checkpoint(struct db *db, struct store_call *call)
{
    struct store_answer *want = (struct store_answer *)call;
    db_run(db,
           "UPDATE messages SET content = ?2"
           " WHERE seq = ?1 AND status = 'streaming'",
           "in", want->answer.seq, want->answer.content,
           want->answer.content_len);
    if (db_changed(db) == 0) {
        call->result = STORE_NOT_FOUND;
    }
}

void store_answer_checkpoint(struct store *store, struct store_answer *want)
{
    store_submit(store, &want->call, checkpoint);
}

static void finish(struct db *db, struct store_call *call)
{
    struct store_answer *want = (struct store_answer *)call;
    const struct answer_row *answer = &want->answer;
    db_run(db,
           "UPDATE messages SET content = ?2, status = ?3, finish_reason = ?4,"
           " error_code = ?5, ended_at = ?6,"
           " prompt_tokens = nullif(?7, -1),"
           " completion_tokens = nullif(?8, -1),"
           " total_tokens = nullif(?9, -1), first_token_ms = nullif(?10, -1),"
           " response_time_ms = nullif(?11, -1),"
           " first_byte_ms = nullif(?12, -1),"
           " longest_gap_ms = nullif(?13, -1)"
           " WHERE seq = ?1 AND status = 'streaming'",
           "intttiiiiiiii", answer->seq, answer->content, answer->content_len,
           answer_status_name(answer->status), answer->finish_reason,
           answer->error_code, db->now_ms, answer->usage.prompt,
           answer->usage.completion, answer->usage.total,
           want->timing.first_token_ms, want->timing.response_ms,
           want->timing.first_byte_ms, want->timing.longest_gap_ms);
    if (db_changed(db) == 0) {
        call->result = STORE_NOT_FOUND;
    }
}

void store_answer_finish(struct store *store, struct store_answer *want)
{
    store_submit(store, &want->call, finish);
}

static void find(struct db *db, struct store_call *call)
{
    struct store_answer *want = (struct store_answer *)call;
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT " STORE_ANSWER_COLUMNS " FROM messages m"
        " JOIN messages u ON u.seq = m.reply_to"
        " JOIN sessions s ON s.seq = m.session_seq"
        " WHERE m.stream_id = ?1 AND s.user_seq = ?2"
        " AND coalesce(m.ended_at, ?3) >= ?3",
        "dii", &want->answer.stream, want->user_seq, want->since_ms);
    if (db_row(db, rows)) {
        store_answer_read(rows, call, &want->answer);
    } else {
        call->result = STORE_NOT_FOUND;
    }
    db_end(rows);
}

void store_answer_find(struct store *store, struct store_answer *want)
{
    store_submit(store, &want->call, find);
}

void store_answers_recover(struct db *db)
{
    db_run(db,
           "UPDATE messages SET status = 'truncated', error_code = 'truncated',"
           " ended_at = ?1 WHERE status = 'streaming'",
           "i", db->now_ms);
}
