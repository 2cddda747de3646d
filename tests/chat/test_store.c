/*
 * test_store.c - what sse-chat keeps, and who may see it.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "test_store_fixture.h"

static int set_up(void **state)
{
    struct fixture *f = (struct fixture *)calloc(1, sizeof *f);
    name_file(f);
    open_store(f);
    f->user = add_user(f, 1);
    f->session = add_session(f, f->user);
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

/* ---- Tests ---- */

static enum store_result send_result(struct fixture *f, const char *content,
                                     const char *key)
{
    struct store_send *sent = begin_send(f, f->user, content, key);
    enum store_result result = sent->call.result;
    store_call_free(&sent->call);
    return result;
}

static void test_users_are_found_by_hash(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    struct store_user *want = (struct store_user *)make(sizeof *want);
    memset(want->hash, 1, sizeof want->hash);
    store_user_find(f->store, want);
    wait_done(f);
    assert_int_equal(want->call.result, STORE_OK);
    assert_int_equal(want->seq, f->user);
    store_call_free(&want->call);
    want = (struct store_user *)make(sizeof *want);
    memset(want->hash, 2, sizeof want->hash);
    store_user_find(f->store, want);
    wait_done(f);
    assert_int_equal(want->call.result, STORE_NOT_FOUND);
    store_call_free(&want->call);
}

static void test_rows_have_owners(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    int64_t other = add_user(f, 2);
    struct answer_row answer = send_text(f, "mine", NULL);
    struct store_messages *listed = list(f, other, 9);
    assert_int_equal(listed->call.result, STORE_NOT_FOUND);
    store_call_free(&listed->call);
    struct store_send *sent = begin_send(f, other, "x", NULL);
    assert_int_equal(sent->call.result, STORE_NOT_FOUND);
    store_call_free(&sent->call);
    struct store_answer *found = (struct store_answer *)make(sizeof *found);
    found->user_seq = other;
    found->answer.stream = answer.stream;
    store_answer_find(f->store, found);
    wait_done(f);
    assert_int_equal(found->call.result, STORE_NOT_FOUND);
    store_call_free(&found->call);
}

static void test_answer_from_start_to_end(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    struct answer_row answer = send_text(f, "Hello", NULL);
    assert_int_equal(save(f, answer.seq, ANSWER_STREAMING, "Hal"), STORE_OK);
    assert_int_equal(save(f, answer.seq, ANSWER_COMPLETE, "Half"), STORE_OK);
    assert_int_equal(save(f, answer.seq, ANSWER_STREAMING, "x"),
                     STORE_NOT_FOUND);
    assert_int_equal(save(f, answer.seq, ANSWER_FAILED, "x"),
                     STORE_NOT_FOUND);
    struct store_messages *listed = list(f, f->user, 9);
    assert_int_equal(listed->count, 2);
    assert_string_equal(listed->rows[0].content, "Hello");
    assert_int_equal(listed->rows[0].assistant, 0);
    assert_int_equal(listed->rows[0].response_time_ms, -1);
    assert_string_equal(listed->rows[1].content, "Half");
    assert_int_equal(listed->rows[1].status, ANSWER_COMPLETE);
    assert_string_equal(listed->rows[1].finish_reason, "stop");
    assert_int_equal(listed->rows[1].response_time_ms, 9);
    store_call_free(&listed->call);
}

static void test_one_answer_at_a_time(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    struct answer_row answer = send_text(f, "one", NULL);
    assert_int_equal(send_result(f, "two", NULL), STORE_BUSY);
    assert_int_equal(send_result(f, "two", "k"), STORE_BUSY);
    assert_int_equal(save(f, answer.seq, ANSWER_FAILED, ""), STORE_OK);
    assert_int_equal(send_result(f, "two", "k"), STORE_OK);
    struct store_messages *listed = list(f, f->user, 9);
    assert_int_equal(listed->count, 4);
    store_call_free(&listed->call);
}

static void test_keys(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    struct answer_row first = send_text(f, "one", "k");
    struct store_send *again = begin_send(f, f->user, "one", "k");
    assert_int_equal(again->call.result, STORE_OK);
    assert_true(again->replayed);
    assert_true(id_same(&again->answer.stream, &first.stream));
    store_call_free(&again->call);
    assert_int_equal(send_result(f, "other", "k"), STORE_CONFLICT);
    /* What did not come to its end is answered anew. */
    assert_int_equal(save(f, first.seq, ANSWER_TRUNCATED, "o"), STORE_OK);
    struct answer_row second = send_text(f, "one", "k");
    assert_false(id_same(&second.stream, &first.stream));
    assert_true(id_same(&second.user_message, &first.user_message));
    assert_int_equal(save(f, second.seq, ANSWER_COMPLETE, "one!"), STORE_OK);
    again = begin_send(f, f->user, "one", "k");
    assert_true(again->replayed);
    assert_string_equal(again->answer.content, "one!");
    assert_int_equal(again->answer.usage.prompt, -1);
    assert_int_equal(again->answer.usage.completion, 7);
    store_call_free(&again->call);
    assert_int_equal(send_result(f, "other", "k"), STORE_CONFLICT);
}

static void test_history(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    static const char *const want[] = {"q2", "a2", "q3", "a3",  "q4",
                                       "a4", "q5", "q6", "half", "q7"};
    char text[16];
    for (int i = 0; i < 7; i++) {
        (void)snprintf(text, sizeof text, "q%d", i);
        struct answer_row answer = send_text(f, text, NULL);
        (void)snprintf(text, sizeof text, "a%d", i);
        /* A failed answer and an empty one are no history. */
        enum answer_status status = i == 5   ? ANSWER_FAILED
                                    : i == 6 ? ANSWER_TRUNCATED
                                             : ANSWER_COMPLETE;
        assert_int_equal(
            save(f, answer.seq, status, i == 6 ? "half" : text), STORE_OK);
    }
    struct store_send *sent = begin_send(f, f->user, "q7", NULL);
    assert_int_equal(sent->count, 10);
    for (size_t i = 0; i < 10; i++) {
        assert_string_equal(sent->rows[i].content, want[i]);
    }
    store_call_free(&sent->call);
}

static void add_passages(struct fixture *f, int64_t document,
                         const struct passage *list, size_t count, int last)
{
    struct store_passages *want = (struct store_passages *)make(sizeof *want);
    want->document_seq = document;
    want->list = list;
    want->count = count;
    want->last = last;
    store_passages_add(f->store, want);
    wait_done(f);
    assert_int_equal(want->call.result, STORE_OK);
    store_call_free(&want->call);
}

static size_t found_by(struct fixture *f, const char *word)
{
    const char *const words[] = {word};
    struct store_search *want = (struct store_search *)make(sizeof *want);
    want->user_seq = f->user;
    want->words = words;
    want->word_count = 1;
    want->limit = 5;
    store_passage_search(f->store, want);
    wait_done(f);
    size_t count = want->count;
    store_call_free(&want->call);
    return count;
}

static void test_half_a_document_is_none(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    static const struct passage passages[] = {{"oolong", 6, 1, 1},
                                              {"sencha", 6, 2, 2}};
    struct store_document *add = (struct store_document *)make(sizeof *add);
    add->user_seq = f->user;
    add->name = "d.md";
    add->media_type = "text/plain";
    add->content = "oolong\nsencha";
    add->content_len = 13;
    store_document_add(f->store, add);
    wait_done(f);
    add_passages(f, add->seq, passages, 1, 0);
    assert_int_equal(found_by(f, "oolong"), 0);
    struct store_job *job = (struct store_job *)make(sizeof *job);
    job->user_seq = f->user;
    job->document = add->id;
    store_job_begin(f->store, job);
    wait_done(f);
    assert_int_equal(job->call.result, STORE_NOT_FOUND);
    store_call_free(&job->call);
    /* A crash here leaves nothing of it, and its words find nothing new. */
    close_store(f);
    open_store(f);
    assert_int_equal(found_by(f, "oolong"), 0);
    add->call.user = &done;
    done = 0;
    store_document_add(f->store, add);
    wait_done(f);
    add_passages(f, add->seq, passages, 2, 1);
    assert_int_equal(found_by(f, "oolong"), 1);
    store_call_free(&add->call);
}

static void test_search(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    static const struct passage passages[] = {
        {"The midterm exam is in week seven.", 34, 1, 1},
        {"Homework is due on Mondays.", 27, 3, 3},
        {"Quotation \" marks AND (operators) NEAR x*", 40, 5, 6}};
    static const struct {
        const char *words[2];
        size_t found;
        int64_t line;
    } rows[] = {
        {{"exam", NULL}, 1, 1},    {{"EXAMS", NULL}, 1, 1},
        {{"nothing", NULL}, 0, 0}, {{"homework", "nothing"}, 1, 3},
        {{"\"", NULL}, 0, 0},      {{"marks\" OR \"", NULL}, 0, 0},
        {{"marks\" AND", NULL}, 1, 5},
        {{"NEAR(", "AND"}, 1, 5},
    };
    struct store_document *add = (struct store_document *)make(sizeof *add);
    add->user_seq = f->user;
    add->name = "d.md";
    add->media_type = "text/plain";
    add->content = "text";
    add->content_len = 4;
    store_document_add(f->store, add);
    wait_done(f);
    assert_int_equal(add->call.result, STORE_OK);
    add_passages(f, add->seq, passages, 2, 0);
    add_passages(f, add->seq, passages + 2, 1, 1);
    store_call_free(&add->call);
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        size_t row = i / 2;
        struct store_search *want = (struct store_search *)make(sizeof *want);
        want->user_seq = f->user + (int64_t)(i % 2); /* then somebody else */
        want->words = rows[row].words;
        want->word_count = rows[row].words[1] != NULL ? 2 : 1;
        want->limit = 5;
        store_passage_search(f->store, want);
        wait_done(f);
        assert_int_equal(want->call.result, STORE_OK);
        assert_int_equal(want->count, i % 2 == 0 ? rows[row].found : 0);
        if (want->count > 0) {
            assert_int_equal(want->rows[0].first_line, rows[row].line);
            assert_string_equal(want->rows[0].document, "d.md");
        }
        store_call_free(&want->call);
    }
}

/* Calls that wait together share a commit; one that fails takes nothing of the
 * others with it. */
static void test_calls_are_whole_or_not_at_all(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    struct store_user *calls[20];
    int hits[20];
    for (size_t i = 0; i < 20; i++) {
        hits[i] = 0;
        calls[i] = (struct store_user *)store_call_new(sizeof *calls[i],
                                                       on_done, &hits[i]);
        calls[i]->name = "Eve";
        /* Every second one has the hash of a user who is there. */
        memset(calls[i]->hash, i % 2 == 0 ? (int)(50 + i) : 1,
               sizeof calls[i]->hash);
        store_user_add(f->store, calls[i]);
    }
    while (store_pending(f->store) > 0) {
        assert_int_equal(sse_loop_turn(f->loop, 100), SSE_OK);
    }
    for (size_t i = 0; i < 20; i++) {
        assert_int_equal(hits[i], 1);
        assert_int_equal(calls[i]->call.result,
                         i % 2 == 0 ? STORE_OK : STORE_FAILED);
        store_call_free(&calls[i]->call);
    }
}

static void test_a_second_server_is_kept_out(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    char error[256] = "";
    assert_null(store_open(f->loop, f->path, error, sizeof error));
    assert_non_null(strstr(error, "another sse-chat"));
}

static void test_closing_runs_what_was_submitted(void **state)
{
    struct fixture *f = (struct fixture *)*state;
    struct store_send *want = (struct store_send *)make(sizeof *want);
    want->user_seq = f->user;
    want->session = f->session;
    want->content = "last words";
    want->content_len = 10;
    want->history = 1;
    store_send(f->store, want);
    close_store(f);
    assert_true(done);
    assert_int_equal(want->call.result, STORE_OK);
    store_call_free(&want->call);
    open_store(f);
    struct store_messages *listed = list(f, f->user, 9);
    assert_int_equal(listed->count, 2);
    assert_int_equal(listed->rows[1].status, ANSWER_TRUNCATED);
    store_call_free(&listed->call);
}

int main(void)
{
#define STORE_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_users_are_found_by_hash),
        STORE_TEST(test_rows_have_owners),
        STORE_TEST(test_answer_from_start_to_end),
        STORE_TEST(test_one_answer_at_a_time),
        STORE_TEST(test_keys),
        STORE_TEST(test_history),
        STORE_TEST(test_half_a_document_is_none),
        STORE_TEST(test_search),
        STORE_TEST(test_calls_are_whole_or_not_at_all),
        STORE_TEST(test_a_second_server_is_kept_out),
        STORE_TEST(test_closing_runs_what_was_submitted),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
