/*
 * db.c - SQLite without its boilerplate.
 *
 * SPDX-License-Identifier: MIT
 */
#include "store/db.h"

#include <stdarg.h>
#include <string.h>

#include "base/log.h"

static void db_fail(struct db *db, const char *what)
{
    if (!db->failed) {
        db->failed = 1;
        log_line("database: %s: %s", what, sqlite3_errmsg(db->handle));
    }
}

static sqlite3_stmt *prepared(struct db *db, const char *sql)
{
    for (size_t i = 0; i < db->statements; i++) {
        if (db->cache[i].sql == sql) {
            return db->cache[i].statement;
        }
    }
    sqlite3_stmt *statement = NULL;
    if (db->statements == DB_STATEMENTS ||
        sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
                           &statement, NULL) != SQLITE_OK) {
        db_fail(db, sql);
        return NULL;
    }
    db->cache[db->statements].sql = sql;
    db->cache[db->statements].statement = statement;
    db->statements++;
    return statement;
}

static int bind_bytes(sqlite3_stmt *statement, int index, const char *bytes,
                      size_t len, int blob)
{
    if (bytes == NULL) {
        return sqlite3_bind_null(statement, index);
    }
    return blob ? sqlite3_bind_blob64(statement, index, bytes, len,
                                      SQLITE_STATIC)
                : sqlite3_bind_text64(statement, index, bytes, len,
                                      SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_all(sqlite3_stmt *statement, const char *types, va_list args)
{
    int status = SQLITE_OK;
    for (int i = 1; types[i - 1] != '\0' && status == SQLITE_OK; i++) {
        char type = types[i - 1];
        if (type == 'i') {
            status = sqlite3_bind_int64(statement, i, va_arg(args, int64_t));
        } else if (type == 't') {
            const char *text = va_arg(args, const char *);
            size_t len = text != NULL ? strlen(text) : 0;
            status = bind_bytes(statement, i, text, len, 0);
        } else if (type == 'd') {
            const struct id *id = va_arg(args, const struct id *);
            const char *text = id != NULL ? id->text : "";
            status = bind_bytes(statement, i, text[0] != '\0' ? text : NULL,
                                strlen(text), 0);
        } else {
            const char *bytes = (const char *)va_arg(args, const void *);
            size_t len = va_arg(args, size_t);
            status = bind_bytes(statement, i, bytes, len, type == 'b');
        }
    }
    return status;
}

static sqlite3_stmt *start(struct db *db, const char *sql, const char *types,
                           va_list args)
{
    if (db->failed) {
        return NULL;
    }
    sqlite3_stmt *statement = prepared(db, sql);
    if (statement != NULL && bind_all(statement, types, args) != SQLITE_OK) {
        db_fail(db, sql);
        db_end(statement);
        return NULL;
    }
    return statement;
}

sqlite3_stmt *db_start(struct db *db, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    sqlite3_stmt *statement = start(db, sql, types, args);
    va_end(args);
    return statement;
}

int db_row(struct db *db, sqlite3_stmt *statement)
{
    if (statement == NULL || db->failed) {
        return 0;
    }
    int status = sqlite3_step(statement);
    if (status != SQLITE_ROW && status != SQLITE_DONE) {
        db_fail(db, sqlite3_sql(statement));
    }
    return status == SQLITE_ROW;
}

void db_end(sqlite3_stmt *statement)
{
    if (statement != NULL) {
        (void)sqlite3_reset(statement);
        (void)sqlite3_clear_bindings(statement);
    }
}

void db_run(struct db *db, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    sqlite3_stmt *statement = start(db, sql, types, args);
    va_end(args);
    (void)db_row(db, statement);
    db_end(statement);
}

int64_t db_inserted(struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

int db_changed(struct db *db)
{
    return db->failed ? 0 : sqlite3_changes(db->handle);
}

char *db_text(sqlite3_stmt *statement, int column, struct store_call *call,
              size_t *len)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    size_t bytes = (size_t)sqlite3_column_bytes(statement, column);
    if (len != NULL) {
        *len = text != NULL ? bytes : 0;
    }
    return text != NULL ? store_call_copy(call, text, bytes) : NULL;
}

void db_id(sqlite3_stmt *statement, int column, struct id *id)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);
    size_t bytes = (size_t)sqlite3_column_bytes(statement, column);
    if (text == NULL || !id_read(text, bytes, id)) {
        id->text[0] = '\0';
    }
}

int64_t db_number(sqlite3_stmt *statement, int column, int64_t none)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? none
               : sqlite3_column_int64(statement, column);
}
