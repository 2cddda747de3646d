/*
 * test_store_crash.c - what a killed sse-chat leaves in its database.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "test_store_fixture.h"

#include <signal.h>
#include <sys/wait.h>

/* The child answers, checkpoint by checkpoint, until it is killed; it tells
 * the parent about each one that was reported as saved. */
static void child_answers(struct fixture *f, int told)
{
    char text[2000];
    open_store(f);
    f->user = add_user(f, 9);
    f->session = add_session(f, f->user);
    struct answer_row answer = send_text(f, "Tell me", NULL);
    if (write(told, f, sizeof *f) != (ssize_t)sizeof *f) {
        _exit(1);
    }
    for (size_t len = 1; len < sizeof text; len++) {
        memset(text, 'a', len);
        text[len] = '\0';
        if (save(f, answer.seq, ANSWER_STREAMING, text) != STORE_OK ||
            write(told, "+", 1) != 1) {
            _exit(1);
        }
    }
    _exit(0);
}

static void test_a_killed_process_loses_nothing_saved(void **state)
{
    (void)state;
    for (int round = 0; round < 8; round++) {
        struct fixture f;
        int told[2];
        char marks[4096];
        memset(&f, 0, sizeof f);
        name_file(&f);
        assert_int_equal(pipe(told), 0);
        fflush(stdout);
        pid_t child = fork();
        if (child == 0) {
            child_answers(&f, told[1]);
        }
        (void)close(told[1]);
        struct fixture from;
        assert_int_equal(read(told[0], &from, sizeof from),
                         (ssize_t)sizeof from);
        size_t saved = 0;
        while (saved < (size_t)(round * 5 + 1)) {
            ssize_t got = read(told[0], marks, 1);
            assert_int_equal(got, 1);
            saved += (size_t)got;
        }
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
        for (ssize_t got = 1; got > 0; saved += (size_t)got) {
            got = read(told[0], marks, sizeof marks);
            got = got > 0 ? got : 0;
        }
        (void)close(told[0]);
        f.user = from.user;
        f.session = from.session;
        open_store(&f);
        struct store_messages *listed = list(&f, f.user, 9);
        assert_int_equal(listed->count, 2);
        assert_string_equal(listed->rows[0].content, "Tell me");
        assert_int_equal(listed->rows[1].status, ANSWER_TRUNCATED);
        assert_true(listed->rows[1].content_len >= saved);
        store_call_free(&listed->call);
        close_store(&f);
        remove_file(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_killed_process_loses_nothing_saved),
    };
    return cmocka_run_group_tests_name("store_crash", tests, NULL, NULL);
}
