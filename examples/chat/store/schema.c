/*
 * schema.c - the tables, and how an older database gets to them.
 *
 * SPDX-License-Identifier: MIT
 *
 * Rows refer to each other by `seq`, which also gives their order; clients see
 * `id` alone.  Times are milliseconds since 1970.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/db.h"

#define APPLICATION_ID 0x73736563 /* "ssec" */

/* Step n brings a database from user_version n to n + 1.  A step that was
 * released is never edited; changes are new steps. */
static const char *const steps[] = {
    "CREATE TABLE users(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " name TEXT NOT NULL, token_hash BLOB NOT NULL UNIQUE,"
    " created_at INTEGER NOT NULL);"

    "CREATE TABLE sessions(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " user_seq INTEGER NOT NULL REFERENCES users, title TEXT,"
    " created_at INTEGER NOT NULL);"
    "CREATE INDEX sessions_of_user ON sessions(user_seq);"

    "CREATE TABLE messages(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " session_seq INTEGER NOT NULL REFERENCES sessions,"
    " reply_to INTEGER REFERENCES messages,"
    " role TEXT NOT NULL CHECK(role IN ('user', 'assistant')),"
    " content TEXT NOT NULL,"
    " status TEXT NOT NULL CHECK(status IN ('streaming', 'complete',"
    "  'truncated', 'cancelled', 'failed')),"
    " finish_reason TEXT, error_code TEXT, idempotency_key TEXT,"
    " stream_id TEXT UNIQUE, prompt_tokens INTEGER,"
    " completion_tokens INTEGER, total_tokens INTEGER,"
    " first_token_ms INTEGER, response_time_ms INTEGER,"
    " created_at INTEGER NOT NULL, ended_at INTEGER);"
    "CREATE INDEX messages_of_session ON messages(session_seq, seq);"
    "CREATE INDEX answers_of_message ON messages(reply_to, seq)"
    " WHERE reply_to IS NOT NULL;"
    "CREATE UNIQUE INDEX one_message_a_key"
    " ON messages(session_seq, idempotency_key)"
    " WHERE idempotency_key IS NOT NULL;"
    "CREATE UNIQUE INDEX one_answer_at_a_time ON messages(session_seq)"
    " WHERE status = 'streaming';"

    "CREATE TABLE documents(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " user_seq INTEGER NOT NULL REFERENCES users, name TEXT NOT NULL,"
    " media_type TEXT NOT NULL, content TEXT NOT NULL,"
    " ready INTEGER NOT NULL, created_at INTEGER NOT NULL);"
    "CREATE INDEX documents_of_user ON documents(user_seq);"
    "CREATE TABLE passages(seq INTEGER PRIMARY KEY,"
    " document_seq INTEGER NOT NULL REFERENCES documents,"
    " first_line INTEGER NOT NULL, last_line INTEGER NOT NULL,"
    " text TEXT NOT NULL);"
    "CREATE INDEX passages_of_document ON passages(document_seq);"
    "CREATE VIRTUAL TABLE passage_index USING fts5(text, content='passages',"
    " content_rowid='seq', tokenize='porter unicode61 remove_diacritics 2');"

    "CREATE TABLE extractions(seq INTEGER PRIMARY KEY,"
    " id TEXT NOT NULL UNIQUE,"
    " document_seq INTEGER NOT NULL REFERENCES documents,"
    " status TEXT NOT NULL CHECK(status IN ('running', 'complete',"
    "  'failed')),"
    " result TEXT, error_code TEXT, created_at INTEGER NOT NULL,"
    " ended_at INTEGER);"
    "CREATE INDEX extractions_of_document ON extractions(document_seq, seq);"
    "CREATE UNIQUE INDEX one_extraction_at_a_time"
    " ON extractions(document_seq) WHERE status = 'running';"
    "CREATE TABLE extraction_chunks(extraction_seq INTEGER NOT NULL"
    "  REFERENCES extractions, chunk INTEGER NOT NULL, facts TEXT,"
    " error_code TEXT, PRIMARY KEY(extraction_seq, chunk)) WITHOUT ROWID;",

    /* All that a list of documents tells is in the index: what stands behind
     * `content` in a row of the table is found only by reading past it. */
    "ALTER TABLE documents ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;"
    "UPDATE documents SET bytes = length(CAST(content AS BLOB));"
    "DROP INDEX documents_of_user;"
    "CREATE INDEX documents_of_user ON documents(user_seq, ready, id, name,"
    " media_type, bytes, created_at);",

    ("ALTER TABLE messages ADD COLUMN first_byte_ms INTEGER;"
     "ALTER TABLE messages ADD COLUMN longest_gap_ms INTEGER;"),
};

#define STEPS ((int)(sizeof steps / sizeof steps[0]))

static int pragma_value(struct db *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int value = -1;
    if (sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        value = sqlite3_column_int(statement, 0);
    }
    (void)sqlite3_finalize(statement);
    return value;
}

static int step_up(struct db *db, int version)
{
    char end[128];
    (void)snprintf(end, sizeof end,
                   "PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT",
                   APPLICATION_ID, version + 1);
    if (sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL) ||
        sqlite3_exec(db->handle, steps[version], NULL, NULL, NULL) ||
        sqlite3_exec(db->handle, end, NULL, NULL, NULL)) {
        return -1;
    }
    return 0;
}

int db_migrate(struct db *db, char *error, size_t error_cap)
{
    int version = pragma_value(db, "PRAGMA user_version");
    int tables = pragma_value(db, "SELECT count(*) FROM sqlite_master");
    int owner = pragma_value(db, "PRAGMA application_id");
    if (version < 0 || tables < 0 || owner < 0) {
        (void)snprintf(error, error_cap, "%s", sqlite3_errmsg(db->handle));
        return -1;
    }
    if (owner != APPLICATION_ID && (tables > 0 || version > 0)) {
        (void)snprintf(error, error_cap,
                       "it is the database of another program; choose another"
                       " file with --db");
        return -1;
    }
    if (version > STEPS) {
        (void)snprintf(error, error_cap,
                       "it was written by a newer sse-chat (version %d, this"
                       " one knows %d)", version, STEPS);
        return -1;
    }
    for (; version < STEPS; version++) {
        if (step_up(db, version) != 0) {
            (void)snprintf(error, error_cap, "migrating it failed: %s",
                           sqlite3_errmsg(db->handle));
            return -1;
        }
    }
    return 0;
}

/* A lock of its own kind: SQLite's locks are taken and given back with each
 * transaction, and a second server would end the first one's answers as left
 * over from a crash.  Readers, such as the sqlite3 shell, are not kept out.
 * The file must stay open: closing it would drop SQLite's locks, too. */
static int lock_file(struct db *db, const char *path, char *error,
                     size_t error_cap)
{
    db->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (db->lock_fd < 0) {
        (void)snprintf(error, error_cap, "%s",
                       errno == ENOENT ? "its folder does not exist"
                                       : strerror(errno));
        return -1;
    }
    if (flock(db->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        (void)snprintf(error, error_cap,
                       "another sse-chat is using it; stop that one or choose"
                       " another file with --db");
        return -1;
    }
    return 0;
}

int db_open(struct db *db, const char *path, char *error, size_t error_cap)
{
    memset(db, 0, sizeof *db);
    db->lock_fd = -1;
    if (lock_file(db, path, error, error_cap) != 0) {
        return -1;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(db->handle, 5000) != SQLITE_OK ||
        sqlite3_exec(db->handle,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     " PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF",
                     NULL, NULL, NULL) != SQLITE_OK) {
        int code = db->handle ? sqlite3_errcode(db->handle) : SQLITE_NOMEM;
        (void)snprintf(error, error_cap, "%s",
                       code == SQLITE_NOMEM ? "out of memory"
                       : code == SQLITE_READONLY || code == SQLITE_CANTOPEN
                           ? "its folder must be writable, too"
                           : sqlite3_errmsg(db->handle));
        return -1;
    }
    return db_migrate(db, error, error_cap);
}

void db_close(struct db *db)
{
    for (size_t i = 0; i < db->statements; i++) {
        (void)sqlite3_finalize(db->cache[i].statement);
    }
    db->statements = 0;
    (void)sqlite3_close(db->handle);
    db->handle = NULL;
    if (db->lock_fd >= 0) {
        (void)close(db->lock_fd);
        db->lock_fd = -1;
    }
}
