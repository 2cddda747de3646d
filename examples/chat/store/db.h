/*
 * db.h - SQLite without its boilerplate; used by the store's thread alone.
 *
 * SPDX-License-Identifier: MIT
 *
 * Errors are sticky: after the first one every further call does nothing, and
 * the one place that ends the operation looks at `failed`.  So an operation
 * reads as the statements it consists of.
 */
#ifndef CHAT_DB_H
#define CHAT_DB_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ids.h"
#include "store/store.h"

#define DB_STATEMENTS 64 /* prepared statements kept */

struct db {
    sqlite3 *handle;
    int failed;          /* not 0 after an error in this operation */
    int lock_fd;         /* keeps other processes of ours away */
    int64_t now_ms;      /* time of the operation */
    struct id_maker ids;
    size_t statements;
    struct {
        const char *sql; /* a constant; compared by address */
        sqlite3_stmt *statement;
    } cache[DB_STATEMENTS];
};

/** Opens, locks and migrates.  @return 0, or -1 with @p error filled in. */
int db_open(struct db *db, const char *path, char *error, size_t error_cap);

/** Closes; also after a failed db_open(). */
void db_close(struct db *db);

/** Brings the schema up to date.  @return as db_open(). */
int db_migrate(struct db *db, char *error, size_t error_cap);

/**
 * Starts a statement.
 *
 * @param sql    A string constant: it is prepared once and kept.
 * @param types  One letter for each parameter: i int64_t, t string (NULL is
 *               null), n text of given length (const char *, size_t), b blob
 *               (const void *, size_t), d an id (const struct id *; NULL or
 *               an empty one is null).  The bytes must live until db_end().
 * @return Borrowed; NULL after an error.
 */
sqlite3_stmt *db_start(struct db *db, const char *sql, const char *types, ...);

/** Steps to the next row.  @return not 0 if there is one. */
int db_row(struct db *db, sqlite3_stmt *statement);

/** Ends a statement begun with db_start(). */
void db_end(sqlite3_stmt *statement);

/** Runs a statement that yields no row. */
void db_run(struct db *db, const char *sql, const char *types, ...);

/** Row number that the last insert made. */
int64_t db_inserted(struct db *db);

/** Rows that the last statement changed. */
int db_changed(struct db *db);

/** A column's text, copied into the call; NULL if it is null. */
char *db_text(sqlite3_stmt *statement, int column, struct store_call *call,
              size_t *len);

/** A column's id. */
void db_id(sqlite3_stmt *statement, int column, struct id *id);

/** A column's number, @p none if it is null. */
int64_t db_number(sqlite3_stmt *statement, int column, int64_t none);

#endif /* CHAT_DB_H */
