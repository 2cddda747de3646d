/*
 * messages.c - reading the messages of a session.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "store/calls.h"
#include "store/db.h"
#include "store/messages.h"

/* What one call hands back at most, or one row more; pages go on from there. */
#define ROWS_BYTES_MAX ((size_t)4 << 20)

static const char *const names[] = {"",          "streaming", "complete",
                                    "truncated", "cancelled", "failed"};

const char *answer_status_name(enum answer_status status)
{
    return names[status];
}

enum answer_status answer_status_read(const char *name)
{
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++) {
        if (name != NULL && strcmp(name, names[i]) == 0) {
            return (enum answer_status)i;
        }
    }
    return ANSWER_FAILED;
}

int64_t store_session_seq(struct db *db, int64_t user_seq,
                          const struct id *session)
{
    sqlite3_stmt *rows = db_start(
        db, "SELECT seq FROM sessions WHERE id = ?1 AND user_seq = ?2", "di",
        session, user_seq);
    int64_t seq = db_row(db, rows) ? sqlite3_column_int64(rows, 0) : -1;
    db_end(rows);
    return seq;
}

static void reverse(struct message_row *rows, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct message_row other = rows[i];
        rows[i] = rows[count - 1 - i];
        rows[count - 1 - i] = other;
    }
}

struct message_row *store_rows_read(struct db *db, sqlite3_stmt *rows,
                                    struct store_call *call, size_t limit,
                                    size_t *count)
{
    struct message_row *list =
        (struct message_row *)store_call_alloc(call, limit * sizeof *list);
    size_t used = 0;
    size_t bytes = 0;
    while (used < limit && bytes < ROWS_BYTES_MAX && db_row(db, rows)) {
        struct message_row *row = &list[used++];
        db_id(rows, 0, &row->id);
        row->assistant = sqlite3_column_int(rows, 1);
        row->content = db_text(rows, 2, call, &row->content_len);
        bytes += row->content_len;
        row->status = answer_status_read(
            (const char *)sqlite3_column_text(rows, 3));
        row->finish_reason = db_text(rows, 4, call, NULL);
        row->response_time_ms = db_number(rows, 5, -1);
        row->created_at = sqlite3_column_int64(rows, 6);
        db_id(rows, 7, &row->stream);
    }
    db_end(rows);
    reverse(list, used); /* they come newest first */
    *count = used;
    return list;
}

static void message_list(struct db *db, struct store_call *call)
{
    struct store_messages *want = (struct store_messages *)call;
    int64_t session = store_session_seq(db, want->user_seq, &want->session);
    int64_t before = INT64_MAX;
    if (session >= 0 && want->before.text[0] != '\0') {
        sqlite3_stmt *rows = db_start(
            db, "SELECT seq FROM messages WHERE id = ?1 AND session_seq = ?2",
            "di", &want->before, session);
        before = db_row(db, rows) ? sqlite3_column_int64(rows, 0) : -1;
        db_end(rows);
    }
    if (session < 0 || before < 0) {
        call->result = STORE_NOT_FOUND;
        return;
    }
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT id, role = 'assistant', content, status, finish_reason,"
        " response_time_ms, created_at, stream_id FROM messages"
        " WHERE session_seq = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
        "iii", session, before, want->limit);
    want->rows = store_rows_read(db, rows, call, (size_t)want->limit,
                                 &want->count);
}

void store_message_list(struct store *store, struct store_messages *want)
{
    store_submit(store, &want->call, message_list);
}
