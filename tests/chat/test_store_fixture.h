/*
 * test_store_fixture.h - a store of its own for each test, and calls that wait.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TEST_STORE_FIXTURE_H
#define TEST_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/calls.h"
#include "store/store.h"

#define WAIT_MS 60000

struct fixture {
    char path[256];
    sse_loop *loop;
    struct store *store;
    int64_t user;
    struct id session;
};

static int done; /* not 0 once the last call made has come back */

/* ---- Calls that wait ---- */

static inline void on_done(struct store_call *call)
{
    call->keep = 1;
    *(int *)call->user = 1;
}

static inline void *make(size_t size)
{
    done = 0;
    return store_call_new(size, on_done, &done);
}

static inline void wait_done(struct fixture *f)
{
    uint64_t until = sse_loop_now_ms(f->loop) + WAIT_MS;
    while (!done) {
        assert_int_equal(sse_loop_turn(f->loop, 100), SSE_OK);
        assert_true(sse_loop_now_ms(f->loop) < until);
    }
}

static inline int64_t add_user(struct fixture *f, unsigned char mark)
{
    struct store_user *want = (struct store_user *)make(sizeof *want);
    want->name = "Ada";
    memset(want->hash, mark, sizeof want->hash);
    store_user_add(f->store, want);
    wait_done(f);
    assert_int_equal(want->call.result, STORE_OK);
    int64_t seq = want->seq;
    store_call_free(&want->call);
    return seq;
}

static inline struct id add_session(struct fixture *f, int64_t user)
{
    struct store_sessions *want = (struct store_sessions *)make(sizeof *want);
    want->user_seq = user;
    store_session_add(f->store, want);
    wait_done(f);
    assert_int_equal(want->call.result, STORE_OK);
    struct id id = want->id;
    store_call_free(&want->call);
    return id;
}

static inline struct store_send *begin_send(struct fixture *f, int64_t user,
                                            const char *content,
                                            const char *key)
{
    struct store_send *want = (struct store_send *)make(sizeof *want);
    want->user_seq = user;
    want->session = f->session;
    want->content = content;
    want->content_len = strlen(content);
    want->key = key;
    want->history = 10;
    store_send(f->store, want);
    wait_done(f);
    return want;
}

static inline struct answer_row send_text(struct fixture *f,
                                          const char *content,
                                          const char *key)
{
    struct store_send *sent = begin_send(f, f->user, content, key);
    assert_int_equal(sent->call.result, STORE_OK);
    struct answer_row answer = sent->answer;
    store_call_free(&sent->call);
    return answer;
}

static inline enum store_result save(struct fixture *f, int64_t answer,
                                     enum answer_status status,
                                     const char *text)
{
    struct store_answer *want = (struct store_answer *)make(sizeof *want);
    want->answer.seq = answer;
    want->answer.status = status;
    want->answer.content = text;
    want->answer.content_len = strlen(text);
    want->answer.finish_reason = status == ANSWER_COMPLETE ? "stop" : NULL;
    want->answer.usage.prompt = -1;
    want->answer.usage.completion = 7;
    want->answer.usage.total = -1;
    want->timing.first_byte_ms = 4;
    want->timing.first_token_ms = 5;
    want->timing.longest_gap_ms = -1;
    want->timing.response_ms = 9;
    if (status == ANSWER_STREAMING) {
        store_answer_checkpoint(f->store, want);
    } else {
        store_answer_finish(f->store, want);
    }
    wait_done(f);
    enum store_result result = want->call.result;
    store_call_free(&want->call);
    return result;
}

static inline struct store_messages *list(struct fixture *f, int64_t user,
                                          int64_t limit)
{
    struct store_messages *want = (struct store_messages *)make(sizeof *want);
    want->user_seq = user;
    want->session = f->session;
    want->limit = limit;
    store_message_list(f->store, want);
    wait_done(f);
    return want;
}

/* ---- Life ---- */

static inline void open_store(struct fixture *f)
{
    char error[256] = "";
    assert_int_equal(sse_loop_open(&f->loop), SSE_OK);
    f->store = store_open(f->loop, f->path, error, sizeof error);
    assert_string_equal(error, "");
    assert_non_null(f->store);
}

static inline void close_store(struct fixture *f)
{
    store_close(f->store);
    sse_loop_close(f->loop);
}

static inline void name_file(struct fixture *f)
{
    static int number;
    const char *folder = getenv("TMPDIR");
    (void)snprintf(f->path, sizeof f->path, "%s/store-%ld-%d.db",
                   folder != NULL ? folder : "/tmp", (long)getpid(), number++);
}

static inline void remove_file(const struct fixture *f)
{
    char name[300];
    (void)unlink(f->path);
    (void)snprintf(name, sizeof name, "%s-wal", f->path);
    (void)unlink(name);
    (void)snprintf(name, sizeof name, "%s-shm", f->path);
    (void)unlink(name);
}

#endif /* TEST_STORE_FIXTURE_H */
