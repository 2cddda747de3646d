/*
 * test_extract.c - how many extractions may begin.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_store_fixture.h"

#include "service/extract.h"

struct replies {
    size_t count[EXTRACT_UNSAVED + 1];
    size_t all;
};

static void on_reply(void *user, const struct extract_reply *reply)
{
    struct replies *const replies = (struct replies *)user;
    replies->count[reply->result]++;
    replies->all++;
}

/* As many at once as clients like: none of them has begun before the last one
 * is there. */
static void test_jobs_asked_for_at_once_are_counted(void **state)
{
    struct fixture f;
    struct replies replies;
    struct id nowhere;
    (void)state;
    memset(&f, 0, sizeof f);
    name_file(&f);
    open_store(&f);
    f.user = add_user(&f, 1);
    struct extract *extract = extract_open(f.loop, f.store, NULL);
    memset(&replies, 0, sizeof replies);
    memset(nowhere.text, '0', ID_LEN);
    nowhere.text[ID_LEN] = '\0';
    const int64_t other = add_user(&f, 2);
    for (size_t round = 0; round < 2; round++) {
        for (size_t i = 0; i < EXTRACT_JOBS_A_USER + 1; i++) {
            extract_begin(extract, f.user, &nowhere, on_reply, &replies);
        }
        assert_int_equal(replies.all, 1);
        assert_int_equal(replies.count[EXTRACT_TOO_MANY], 1);
        for (size_t i = 0; i < EXTRACT_JOBS - EXTRACT_JOBS_A_USER; i++) {
            extract_begin(extract, other, &nowhere, on_reply, &replies);
        }
        extract_begin(extract, other + 1, &nowhere, on_reply, &replies);
        assert_int_equal(replies.all, 2);
        assert_int_equal(replies.count[EXTRACT_FULL], 1);
        /* Their places are given back. */
        const uint64_t until = sse_loop_now_ms(f.loop) + WAIT_MS;
        while (replies.all < EXTRACT_JOBS + 2) {
            assert_int_equal(sse_loop_turn(f.loop, 100), SSE_OK);
            assert_true(sse_loop_now_ms(f.loop) < until);
        }
        assert_int_equal(replies.count[EXTRACT_NOT_FOUND], EXTRACT_JOBS);
        memset(&replies, 0, sizeof replies);
    }
    extract_close(extract);
    close_store(&f);
    remove_file(&f);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jobs_asked_for_at_once_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
