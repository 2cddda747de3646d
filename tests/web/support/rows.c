/*
 * rows.c - prints what a query finds in an SQLite database.
 *
 * SPDX-License-Identifier: MIT
 *
 *   rows DATABASE QUERY
 *
 * Reads only.  One line for each row: its first column.
 */
#include <sqlite3.h>
#include <stdio.h>

static int print_rows(sqlite3 *db, const char *query)
{
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(db, query, -1, &statement, NULL);
    while (result == SQLITE_OK || result == SQLITE_ROW) {
        result = sqlite3_step(statement);
        if (result == SQLITE_ROW) {
            const unsigned char *text = sqlite3_column_text(statement, 0);
            puts(text != NULL ? (const char *)text : "null");
        }
    }
    (void)sqlite3_finalize(statement);
    return result == SQLITE_DONE ? 0 : -1;
}

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    int failed;
    if (argc != 3) {
        fputs("usage: rows DATABASE QUERY\n", stderr);
        return 2;
    }
    failed = sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READONLY, NULL) !=
             SQLITE_OK;
    if (!failed) {
        (void)sqlite3_busy_timeout(db, 5000);
        failed = print_rows(db, argv[2]) != 0;
    }
    if (failed) {
        fprintf(stderr, "rows: %s\n", sqlite3_errmsg(db));
    }
    (void)sqlite3_close(db);
    return failed;
}
