/*
 * users.c - users and their sessions.
 *
 * SPDX-License-Identifier: MIT
 */
#include "store/calls.h"
#include "store/db.h"

#define SESSIONS_MAX 500 /* in one list */

static void user_add(struct db *db, struct store_call *call)
{
    struct store_user *want = (struct store_user *)call;
    id_make(&db->ids, db->now_ms, &want->id);
    db_run(db,
           "INSERT INTO users(id, name, token_hash, created_at)"
           " VALUES(?1, ?2, ?3, ?4)",
           "dtbi", &want->id, want->name, want->hash, sizeof want->hash,
           db->now_ms);
    want->seq = db_inserted(db);
}

void store_user_add(struct store *store, struct store_user *want)
{
    store_submit(store, &want->call, user_add);
}

static void user_find(struct db *db, struct store_call *call)
{
    struct store_user *want = (struct store_user *)call;
    sqlite3_stmt *rows =
        db_start(db, "SELECT seq, id FROM users WHERE token_hash = ?1", "b",
                 want->hash, sizeof want->hash);
    if (db_row(db, rows)) {
        want->seq = sqlite3_column_int64(rows, 0);
        db_id(rows, 1, &want->id);
    } else {
        call->result = STORE_NOT_FOUND;
    }
    db_end(rows);
}

void store_user_find(struct store *store, struct store_user *want)
{
    store_submit(store, &want->call, user_find);
}

static void session_add(struct db *db, struct store_call *call)
{
    struct store_sessions *want = (struct store_sessions *)call;
    id_make(&db->ids, db->now_ms, &want->id);
    db_run(db,
           "INSERT INTO sessions(id, user_seq, title, created_at)"
           " VALUES(?1, ?2, ?3, ?4)",
           "diti", &want->id, want->user_seq, want->title, db->now_ms);
}

void store_session_add(struct store *store, struct store_sessions *want)
{
    store_submit(store, &want->call, session_add);
}

/* The statistics are read from the rows themselves: a counter beside them
 * could only ever be wrong. */
static void session_list(struct db *db, struct store_call *call)
{
    struct store_sessions *want = (struct store_sessions *)call;
    want->rows = (struct session_row *)store_call_alloc(
        call, SESSIONS_MAX * sizeof *want->rows);
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT s.id, s.title, count(m.seq), max(m.created_at)"
        " FROM sessions s LEFT JOIN messages m ON m.session_seq = s.seq"
        " WHERE s.user_seq = ?1 GROUP BY s.seq"
        " ORDER BY max(coalesce(m.seq, 0)) DESC, s.seq DESC LIMIT ?2",
        "ii", want->user_seq, (int64_t)SESSIONS_MAX);
    while (db_row(db, rows)) {
        struct session_row *row = &want->rows[want->count++];
        db_id(rows, 0, &row->id);
        row->title = db_text(rows, 1, call, NULL);
        row->message_count = sqlite3_column_int64(rows, 2);
        row->last_message_at = db_number(rows, 3, -1);
    }
    db_end(rows);
}

void store_session_list(struct store *store, struct store_sessions *want)
{
    store_submit(store, &want->call, session_list);
}
