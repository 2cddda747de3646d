/*
 * documents.c - documents, their passages, and finding those again.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/calls.h"
#include "store/db.h"

#define DOCUMENTS_MAX 500 /* in one list */

/* A document becomes ready when all of its passages are there: they come in
 * several calls, so that a large one does not keep the others waiting. */
static void document_add(struct db *db, struct store_call *call)
{
    struct store_document *want = (struct store_document *)call;
    id_make(&db->ids, db->now_ms, &want->id);
    db_run(db,
           "INSERT INTO documents(id, user_seq, name, media_type, content,"
           " ready, created_at, bytes) VALUES(?1, ?2, ?3, ?4, ?5, 0, ?6, ?7)",
           "dittnii", &want->id, want->user_seq, want->name, want->media_type,
           want->content, want->content_len, db->now_ms,
           (int64_t)want->content_len);
    want->seq = db_inserted(db);
}

void store_document_add(struct store *store, struct store_document *want)
{
    store_submit(store, &want->call, document_add);
}

static void passages_add(struct db *db, struct store_call *call)
{
    const struct store_passages *want = (const struct store_passages *)call;
    for (size_t i = 0; i < want->count && !db->failed; i++) {
        const struct passage *passage = &want->list[i];
        db_run(db,
               "INSERT INTO passages(document_seq, first_line, last_line,"
               " text) VALUES(?1, ?2, ?3, ?4)",
               "iiin", want->document_seq, passage->first_line,
               passage->last_line, passage->text, passage->len);
        db_run(db, "INSERT INTO passage_index(rowid, text) VALUES(?1, ?2)",
               "in", db_inserted(db), passage->text, passage->len);
    }
    if (want->last) {
        db_run(db, "UPDATE documents SET ready = 1 WHERE seq = ?1", "i",
               want->document_seq);
    }
}

void store_passages_add(struct store *store, struct store_passages *want)
{
    store_submit(store, &want->call, passages_add);
}

void store_documents_recover(struct db *db)
{
    db_run(db,
           "INSERT INTO passage_index(passage_index, rowid, text)"
           " SELECT 'delete', p.seq, p.text FROM passages p"
           " JOIN documents d ON d.seq = p.document_seq WHERE d.ready = 0",
           "");
    db_run(db,
           "DELETE FROM passages WHERE document_seq IN"
           " (SELECT seq FROM documents WHERE ready = 0)",
           "");
    db_run(db, "DELETE FROM documents WHERE ready = 0", "");
}

static void document_list(struct db *db, struct store_call *call)
{
    struct store_documents *want = (struct store_documents *)call;
    want->rows = (struct document_row *)store_call_alloc(
        call, DOCUMENTS_MAX * sizeof *want->rows);
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT d.id, d.name, d.media_type, d.bytes, d.created_at,"
        " (SELECT e.status FROM extractions e WHERE e.document_seq = d.seq"
        "  ORDER BY e.seq DESC LIMIT 1)"
        " FROM documents d WHERE d.user_seq = ?1 AND d.ready = 1"
        " ORDER BY d.seq DESC LIMIT ?2",
        "ii", want->user_seq, (int64_t)DOCUMENTS_MAX);
    while (db_row(db, rows)) {
        struct document_row *row = &want->rows[want->count++];
        db_id(rows, 0, &row->id);
        row->name = db_text(rows, 1, call, NULL);
        row->media_type = db_text(rows, 2, call, NULL);
        row->bytes = sqlite3_column_int64(rows, 3);
        row->created_at = sqlite3_column_int64(rows, 4);
        row->extraction = db_text(rows, 5, call, NULL);
    }
    db_end(rows);
}

void store_document_list(struct store *store, struct store_documents *want)
{
    store_submit(store, &want->call, document_list);
}

/* Words in quotation marks are plain words to FTS5, whatever they hold. */
static void match_write(struct buf *match, const struct store_search *want)
{
    for (size_t i = 0; i < want->word_count; i++) {
        (void)buf_add_text(match, i > 0 ? " OR \"" : "\"");
        for (const char *at = want->words[i]; *at != '\0'; at++) {
            (void)buf_add(match, "\"\"", *at == '"' ? 2 : 0);
            (void)buf_add(match, at, *at == '"' ? 0 : 1);
        }
        (void)buf_add_text(match, "\"");
    }
}

static void passage_search(struct db *db, struct store_call *call)
{
    struct store_search *want = (struct store_search *)call;
    if (want->word_count == 0) {
        return;
    }
    struct buf match;
    memset(&match, 0, sizeof match);
    match_write(&match, want);
    want->rows = (struct found_passage *)store_call_alloc(
        call, (size_t)want->limit * sizeof *want->rows);
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT d.name, p.first_line, p.last_line, p.text"
        " FROM passage_index x JOIN passages p ON p.seq = x.rowid"
        " JOIN documents d ON d.seq = p.document_seq"
        " WHERE passage_index MATCH ?1 AND d.user_seq = ?2 AND d.ready"
        " ORDER BY bm25(passage_index), p.seq LIMIT ?3",
        "tii", buf_text(&match), want->user_seq, want->limit);
    while (want->count < (size_t)want->limit && db_row(db, rows)) {
        struct found_passage *row = &want->rows[want->count++];
        row->document = db_text(rows, 0, call, NULL);
        row->first_line = sqlite3_column_int64(rows, 1);
        row->last_line = sqlite3_column_int64(rows, 2);
        row->text = db_text(rows, 3, call, NULL);
    }
    db_end(rows);
    buf_free(&match);
}

void store_passage_search(struct store *store, struct store_search *want)
{
    store_submit(store, &want->call, passage_search);
}
