/*
 * test_store_documents.c - the list of documents, and databases from before
 * there was one.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "test_store_fixture.h"

#include <sqlite3.h>

static int set_up(void **state)
{
    struct fixture *f = (struct fixture *)calloc(1, sizeof *f);
    name_file(f);
    open_store(f);
    f->user = add_user(f, 1);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    close_store(f);
    remove_file(f);
    free(f);
    return 0;
}

/* Adds a document of that size; it is whole if `whole` is not 0. */
static struct id add_document(struct fixture *f, const char *name, size_t bytes,
                              int whole)
{
    char *text = (char *)malloc(bytes + 1);
    assert_non_null(text);
    memset(text, 'x', bytes);
    text[bytes] = '\0';
    struct store_document *add = (struct store_document *)make(sizeof *add);
    add->user_seq = f->user;
    add->name = name;
    add->media_type = "text/plain";
    add->content = text;
    add->content_len = bytes;
    store_document_add(f->store, add);
    wait_done(f);
    assert_int_equal(add->call.result, STORE_OK);
    struct store_passages *want = (struct store_passages *)make(sizeof *want);
    want->document_seq = add->seq;
    want->last = whole;
    store_passages_add(f->store, want);
    wait_done(f);
    assert_int_equal(want->call.result, STORE_OK);
    struct id id = add->id;
    store_call_free(&want->call);
    store_call_free(&add->call);
    free(text);
    return id;
}

static struct store_documents *documents(struct fixture *f, int64_t user)
{
    struct store_documents *want =
        (struct store_documents *)make(sizeof *want);
    want->user_seq = user;
    store_document_list(f->store, want);
    wait_done(f);
    assert_int_equal(want->call.result, STORE_OK);
    return want;
}

static void test_the_newest_is_first(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    (void)add_document(f, "a.txt", 5, 1);
    struct id newest = add_document(f, "b.txt", 100000, 1);
    struct store_documents *listed = documents(f, f->user);
    assert_int_equal(listed->count, 2);
    assert_true(id_same(&listed->rows[0].id, &newest));
    assert_string_equal(listed->rows[0].name, "b.txt");
    assert_string_equal(listed->rows[0].media_type, "text/plain");
    assert_int_equal(listed->rows[0].bytes, 100000);
    assert_null(listed->rows[0].extraction);
    assert_string_equal(listed->rows[1].name, "a.txt");
    assert_int_equal(listed->rows[1].bytes, 5);
    assert_true(listed->rows[1].created_at <= listed->rows[0].created_at);
    store_call_free(&listed->call);
}

static void test_others_and_halves_are_not_listed(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    (void)add_document(f, "whole.txt", 5, 1);
    (void)add_document(f, "half.txt", 5, 0);
    struct store_documents *listed = documents(f, f->user);
    assert_int_equal(listed->count, 1);
    assert_string_equal(listed->rows[0].name, "whole.txt");
    store_call_free(&listed->call);
    listed = documents(f, add_user(f, 2));
    assert_int_equal(listed->count, 0);
    store_call_free(&listed->call);
}

static void test_the_newest_job_counts(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    struct id id = add_document(f, "a.txt", 5, 1);
    static const enum job_status ends[] = {JOB_FAILED, JOB_COMPLETE};
    static const char *const names[] = {"failed", "complete"};
    for (size_t i = 0; i < 2; i++) {
        struct store_job *job = (struct store_job *)make(sizeof *job);
        job->user_seq = f->user;
        job->document = id;
        store_job_begin(f->store, job);
        wait_done(f);
        assert_int_equal(job->call.result, STORE_OK);
        struct store_documents *listed = documents(f, f->user);
        assert_string_equal(listed->rows[0].extraction, "running");
        store_call_free(&listed->call);
        struct store_job_save *save =
            (struct store_job_save *)make(sizeof *save);
        save->job_seq = job->job.seq;
        save->status = ends[i];
        store_job_finish(f->store, save);
        wait_done(f);
        assert_int_equal(save->call.result, STORE_OK);
        store_call_free(&save->call);
        store_call_free(&job->call);
        listed = documents(f, f->user);
        assert_string_equal(listed->rows[0].extraction, names[i]);
        store_call_free(&listed->call);
    }
}

static void test_an_older_database_is_brought_up_to_date(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    (void)add_document(f, "old.txt", 70000, 1);
    close_store(f);
    sqlite3 *handle = NULL;
    assert_int_equal(sqlite3_open(f->path, &handle), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(handle,
                     "DROP INDEX documents_of_user;"
                     "ALTER TABLE documents DROP COLUMN bytes;"
                     "CREATE INDEX documents_of_user ON documents(user_seq);"
                     "ALTER TABLE messages DROP COLUMN first_byte_ms;"
                     "ALTER TABLE messages DROP COLUMN longest_gap_ms;"
                     "PRAGMA user_version=1",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
    open_store(f);
    struct store_documents *listed = documents(f, f->user);
    assert_int_equal(listed->count, 1);
    assert_int_equal(listed->rows[0].bytes, 70000);
    store_call_free(&listed->call);
}

int main(void)
{
#define STORE_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_the_newest_is_first),
        STORE_TEST(test_others_and_halves_are_not_listed),
        STORE_TEST(test_the_newest_job_counts),
        STORE_TEST(test_an_older_database_is_brought_up_to_date),
    };
    return cmocka_run_group_tests_name("store_documents", tests, NULL, NULL);
}
