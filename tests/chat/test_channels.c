/*
 * test_channels.c - how long sse-chat keeps the streams that have ended.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "http/answers.h"
#include "http/extracts.h"
#include "http/web.h"

static struct config config;
static struct web web;

/* As much is kept already as may be: by streams whose readers do not read, so
 * that they cannot be dropped. */
static int start(void **state)
{
    (void)state;
    memset(&config, 0, sizeof config);
    memset(&web, 0, sizeof web);
    config.error_event = "error";
    web.config = &config;
    web.channels.kept = CHANNELS_KEPT_MAX;
    return sse_loop_open(&web.loop) == SSE_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    channels_free(&web);
    sse_loop_close(web.loop);
    return web.channels.kept == CHANNELS_KEPT_MAX ? 0 : -1;
}

static struct id id_of(char digit)
{
    struct id id;
    memset(id.text, digit, ID_LEN);
    id.text[ID_LEN] = '\0';
    return id;
}

/* Whoever has it made goes on to read it. */
static void test_an_answer_told_again_is_there(void **state)
{
    struct answer_row row;
    (void)state;
    memset(&row, 0, sizeof row);
    row.status = ANSWER_COMPLETE;
    row.content = "text";
    row.content_len = 4;
    row.stream = id_of('1');
    const struct channel *const first = answer_again(&web, 7, &row);
    assert_ptr_equal(channel_find(&web, CHANNEL_ANSWER, &row.stream, 7),
                     first);
    /* Nobody read it: it goes when the next one ends. */
    const struct id before = row.stream;
    row.stream = id_of('2');
    const struct channel *const second = answer_again(&web, 7, &row);
    assert_ptr_equal(channel_find(&web, CHANNEL_ANSWER, &row.stream, 7),
                     second);
    assert_null(channel_find(&web, CHANNEL_ANSWER, &before, 7));
    assert_int_equal(web.channels.count, 1);
}

static void test_an_extraction_told_again_is_there(void **state)
{
    static const enum job_status statuses[] = {JOB_COMPLETE, JOB_FAILED};
    struct store_job found;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        memset(&found, 0, sizeof found);
        found.user_seq = 7;
        found.document = id_of('d');
        found.job.id = id_of((char)('1' + i));
        found.job.status = statuses[i];
        found.job.result = statuses[i] == JOB_COMPLETE ? "{}" : NULL;
        const struct channel *const channel = extract_again(&web, &found);
        assert_ptr_equal(channel_find(&web, CHANNEL_JOB, &found.job.id, 7),
                         channel);
        assert_int_equal(web.channels.count, 1);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_an_answer_told_again_is_there,
                                        start, stop),
        cmocka_unit_test_setup_teardown(
            test_an_extraction_told_again_is_there, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
