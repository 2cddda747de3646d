/*
 * send.c - a message is saved together with the row of its answer.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "store/calls.h"
#include "store/db.h"
#include "store/messages.h"

/* What an earlier send with the same key has left. */
struct earlier {
    int64_t seq; /* of the user's message; -1 if there is none */
    struct id id;
    int same;    /* it has the same content */
};

static struct earlier earlier_find(struct db *db, const struct store_send *want,
                                   int64_t session)
{
    struct earlier found;
    memset(&found, 0, sizeof found);
    found.seq = -1;
    if (want->key == NULL) {
        return found;
    }
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT seq, id, content = ?3 FROM messages"
        " WHERE session_seq = ?1 AND idempotency_key = ?2",
        "itn", session, want->key, want->content, want->content_len);
    if (db_row(db, rows)) {
        found.seq = sqlite3_column_int64(rows, 0);
        db_id(rows, 1, &found.id);
        found.same = sqlite3_column_int(rows, 2);
    }
    db_end(rows);
    return found;
}

/* The newest answer to a message.  @return not 0 if it stands: it runs, or it
 * came to its end. */
static int answer_stands(struct db *db, struct store_send *want,
                         int64_t message)
{
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT " STORE_ANSWER_COLUMNS " FROM messages m"
        " JOIN messages u ON u.seq = m.reply_to"
        " WHERE m.reply_to = ?1 ORDER BY m.seq DESC LIMIT 1",
        "i", message);
    int stands = 0;
    if (db_row(db, rows)) {
        store_answer_read(rows, &want->call, &want->answer);
        stands = want->answer.status == ANSWER_STREAMING ||
                 want->answer.status == ANSWER_COMPLETE;
    }
    db_end(rows);
    return stands;
}

static int session_busy(struct db *db, int64_t session)
{
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT 1 FROM messages WHERE session_seq = ?1"
        " AND status = 'streaming'",
        "i", session);
    int busy = db_row(db, rows);
    db_end(rows);
    return busy;
}

static int64_t message_add(struct db *db, struct store_send *want,
                           int64_t session, struct id *id)
{
    id_make(&db->ids, db->now_ms, id);
    db_run(db,
           "INSERT INTO messages(id, session_seq, role, content, status,"
           " idempotency_key, created_at, ended_at)"
           " VALUES(?1, ?2, 'user', ?3, 'complete', ?4, ?5, ?5)",
           "dinti", id, session, want->content, want->content_len, want->key,
           db->now_ms);
    int64_t seq = db_inserted(db);
    /* A session without a title gets the head of its first message. */
    db_run(db,
           "UPDATE sessions SET title = replace(replace(substr(trim(?2, "
           "char(9, 10, 13, 32)), 1, 60), char(13), ''), char(10), ' ')"
           " WHERE seq = ?1 AND title IS NULL",
           "in", session, want->content, want->content_len);
    return seq;
}

static void answer_add(struct db *db, struct store_send *want, int64_t session,
                       int64_t message)
{
    struct answer_row *answer = &want->answer;
    struct id user_message = answer->user_message;
    memset(answer, 0, sizeof *answer);
    answer->user_message = user_message;
    answer->status = ANSWER_STREAMING;
    answer->ended_at = -1;
    id_make(&db->ids, db->now_ms, &answer->id);
    id_make(&db->ids, db->now_ms, &answer->stream);
    db_run(db,
           "INSERT INTO messages(id, session_seq, reply_to, role, content,"
           " status, stream_id, created_at)"
           " VALUES(?1, ?2, ?3, 'assistant', '', 'streaming', ?4, ?5)",
           "diidi", &answer->id, session, message, &answer->stream,
           db->now_ms);
    answer->seq = db_inserted(db);
}

/* The newest messages up to the one to be answered, which is always among
 * them.  An answer counts if it has text and did not fail, and only the newest
 * one to a message: a retry replaces what was cut. */
static void history_read(struct db *db, struct store_send *want,
                         int64_t session, int64_t message)
{
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT m.id, m.role = 'assistant', m.content, m.status,"
        " m.finish_reason, m.response_time_ms, m.created_at, m.stream_id"
        " FROM messages m WHERE m.session_seq = ?1 AND m.seq <= ?2"
        " AND (m.role = 'user' OR (m.content <> ''"
        "  AND m.status NOT IN ('failed', 'streaming')"
        "  AND NOT EXISTS (SELECT 1 FROM messages n"
        "   WHERE n.reply_to = m.reply_to AND n.seq > m.seq)))"
        " ORDER BY m.seq DESC LIMIT ?3",
        "iii", session, message, (int64_t)want->history);
    want->rows = store_rows_read(db, rows, &want->call, want->history,
                                 &want->count);
}

static void send_message(struct db *db, struct store_call *call)
{
    struct store_send *want = (struct store_send *)call;
    int64_t session = store_session_seq(db, want->user_seq, &want->session);
    if (session < 0) {
        call->result = STORE_NOT_FOUND;
        return;
    }
    struct earlier earlier = earlier_find(db, want, session);
    if (earlier.seq >= 0 && !earlier.same) {
        call->result = STORE_CONFLICT;
        return;
    }
    if (earlier.seq >= 0 && answer_stands(db, want, earlier.seq)) {
        want->replayed = 1;
        return;
    }
    if (session_busy(db, session)) {
        call->result = STORE_BUSY;
        return;
    }
    int64_t message = earlier.seq;
    if (message < 0) {
        message = message_add(db, want, session, &want->answer.user_message);
    } else {
        want->answer.user_message = earlier.id;
    }
    answer_add(db, want, session, message);
    history_read(db, want, session, message);
}

void store_send(struct store *store, struct store_send *want)
{
    store_submit(store, &want->call, send_message);
}
