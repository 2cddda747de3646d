/*
 * jobs.c - extraction jobs and the facts of their chunks.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "store/calls.h"
#include "store/db.h"

static const char *const names[] = {"", "running", "complete", "failed"};

static enum job_status status_read(const char *name)
{
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++) {
        if (name != NULL && strcmp(name, names[i]) == 0) {
            return (enum job_status)i;
        }
    }
    return JOB_FAILED;
}

/* Row number of the user's document, and its text.  -1 if it is not his. */
static int64_t document_read(struct db *db, struct store_job *want,
                             int with_content)
{
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT seq, name, CASE WHEN ?3 THEN content END FROM documents"
        " WHERE id = ?1 AND user_seq = ?2 AND ready",
        "dii", &want->document, want->user_seq, (int64_t)with_content);
    int64_t seq = -1;
    if (db_row(db, rows)) {
        seq = sqlite3_column_int64(rows, 0);
        want->name = db_text(rows, 1, &want->call, NULL);
        want->content = db_text(rows, 2, &want->call, &want->content_len);
    }
    db_end(rows);
    return seq;
}

static void job_begin(struct db *db, struct store_call *call)
{
    struct store_job *want = (struct store_job *)call;
    int64_t document = document_read(db, want, 1);
    if (document < 0) {
        call->result = STORE_NOT_FOUND;
        return;
    }
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT 1 FROM extractions WHERE document_seq = ?1"
        " AND status = 'running'",
        "i", document);
    int busy = db_row(db, rows);
    db_end(rows);
    if (busy) {
        call->result = STORE_BUSY;
        return;
    }
    id_make(&db->ids, db->now_ms, &want->job.id);
    want->job.status = JOB_RUNNING;
    db_run(db,
           "INSERT INTO extractions(id, document_seq, status, created_at)"
           " VALUES(?1, ?2, 'running', ?3)",
           "dii", &want->job.id, document, db->now_ms);
    want->job.seq = db_inserted(db);
}

void store_job_begin(struct store *store, struct store_job *want)
{
    store_submit(store, &want->call, job_begin);
}

static void chunks_read(struct db *db, struct store_job *want)
{
    sqlite3_stmt *rows = db_start(
        db, "SELECT count(*) FROM extraction_chunks WHERE extraction_seq = ?1",
        "i", want->job.seq);
    size_t room = db_row(db, rows) ? (size_t)sqlite3_column_int64(rows, 0) : 0;
    db_end(rows);
    want->chunks = (struct job_chunk_row *)store_call_alloc(
        &want->call, room * sizeof *want->chunks);
    rows = db_start(db,
                    "SELECT chunk, facts, error_code FROM extraction_chunks"
                    " WHERE extraction_seq = ?1 ORDER BY chunk",
                    "i", want->job.seq);
    while (want->chunk_count < room && db_row(db, rows)) {
        struct job_chunk_row *row = &want->chunks[want->chunk_count++];
        row->chunk = sqlite3_column_int64(rows, 0);
        row->facts = db_text(rows, 1, &want->call, NULL);
        row->error_code = db_text(rows, 2, &want->call, NULL);
    }
    db_end(rows);
}

static void job_find(struct db *db, struct store_call *call)
{
    struct store_job *want = (struct store_job *)call;
    int64_t document = document_read(db, want, 0);
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT seq, id, status, result, error_code FROM extractions"
        " WHERE document_seq = ?1 AND (status = 'complete' OR ?2 = 0)"
        " ORDER BY seq DESC LIMIT 1",
        "ii", document, (int64_t)want->completed);
    int found = document >= 0 && db_row(db, rows);
    if (found) {
        want->job.seq = sqlite3_column_int64(rows, 0);
        db_id(rows, 1, &want->job.id);
        want->job.status =
            status_read((const char *)sqlite3_column_text(rows, 2));
        want->job.result = db_text(rows, 3, call, NULL);
        want->job.error_code = db_text(rows, 4, call, NULL);
    }
    db_end(rows);
    if (!found) {
        call->result = STORE_NOT_FOUND;
        return;
    }
    chunks_read(db, want);
}

void store_job_find(struct store *store, struct store_job *want)
{
    store_submit(store, &want->call, job_find);
}

static void job_resume(struct db *db, struct store_call *call)
{
    struct store_job *want = (struct store_job *)call;
    sqlite3_stmt *rows = db_start(
        db,
        "SELECT e.seq, e.id, d.id, d.user_seq FROM extractions e"
        " JOIN documents d ON d.seq = e.document_seq"
        " WHERE e.status = 'running' AND e.seq > ?1 ORDER BY e.seq LIMIT 1",
        "i", want->job.seq);
    int found = db_row(db, rows);
    if (found) {
        want->job.seq = sqlite3_column_int64(rows, 0);
        want->job.status = JOB_RUNNING;
        db_id(rows, 1, &want->job.id);
        db_id(rows, 2, &want->document);
        want->user_seq = sqlite3_column_int64(rows, 3);
    }
    db_end(rows);
    if (!found || document_read(db, want, 1) < 0) {
        call->result = STORE_NOT_FOUND;
        return;
    }
    chunks_read(db, want);
}

void store_job_resume(struct store *store, struct store_job *want)
{
    store_submit(store, &want->call, job_resume);
}

static void job_chunk(struct db *db, struct store_call *call)
{
    struct store_job_save *want = (struct store_job_save *)call;
    db_run(db,
           "INSERT INTO extraction_chunks(extraction_seq, chunk, facts,"
           " error_code) VALUES(?1, ?2, ?3, ?4)"
           " ON CONFLICT DO UPDATE SET facts = ?3, error_code = ?4",
           "iitt", want->job_seq, want->chunk, want->facts, want->error_code);
}

void store_job_chunk(struct store *store, struct store_job_save *want)
{
    store_submit(store, &want->call, job_chunk);
}

static void job_finish(struct db *db, struct store_call *call)
{
    struct store_job_save *want = (struct store_job_save *)call;
    db_run(db,
           "UPDATE extractions SET status = ?2, result = ?3, error_code = ?4,"
           " ended_at = ?5 WHERE seq = ?1 AND status = 'running'",
           "ittti", want->job_seq, names[want->status], want->result,
           want->error_code, db->now_ms);
    if (db_changed(db) == 0) {
        call->result = STORE_NOT_FOUND;
    }
}

void store_job_finish(struct store *store, struct store_job_save *want)
{
    store_submit(store, &want->call, job_finish);
}
