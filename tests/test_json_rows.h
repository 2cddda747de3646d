/*
 * test_json_rows.h - texts that are JSON or not, one test for each row.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TEST_JSON_ROWS_H
#define SSE_TEST_JSON_ROWS_H

#include <sse/json.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/rows.h"

#define ACCEPTED ((size_t)-1)

/* A text, and where it breaks the grammar, if it does. */
typedef struct json_row {
    const char *name;
    const char *text;
    size_t len;
    size_t at;
} json_row;

#define ACCEPT(name, text) {"accept: " name, text, sizeof(text) - 1, ACCEPTED}
#define REJECT(at, name, text) {"reject: " name, text, sizeof(text) - 1, at}

/* A copy that ends where its memory ends, so that reading on is seen. */
static inline char *exact_copy(const char *text, size_t len)
{
    char *const copy = (char *)malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    if (len > 0) {
        memcpy(copy, text, len);
    }
    return copy;
}

/* Reads whole values; must come to the same end as reading tokens. */
static inline sse_status by_values(const char *text, size_t len, size_t *at)
{
    sse_json json;
    sse_json_value value;
    sse_json_init(&json, text, len);
    sse_status status = SSE_OK;
    do {
        status = sse_json_next_value(&json, &value);
    } while (status == SSE_OK && value.kind != SSE_JSON_END);
    *at = sse_json_offset(&json);
    return status;
}

static inline void run_json_row(void **state)
{
    const json_row *const row = (const json_row *)*state;
    for (size_t len = 0; len <= row->len; len++) {
        char *const text = exact_copy(row->text, len);
        size_t at = 0;
        size_t again = 0;
        const sse_status status = sse_json_check(text, len, &at);
        assert_int_equal(by_values(text, len, &again), status);
        assert_int_equal(again, at);
        assert_true(at <= len);
        if (len == row->len) {
            const int good = row->at == ACCEPTED;
            assert_int_equal(status, good ? SSE_OK : SSE_ERR_PROTOCOL);
            assert_int_equal(at, good ? len : row->at);
        } else if (status != SSE_OK && at < len) {
            assert_false(row->at == ACCEPTED); /* no prefix of it is broken */
        }
        free(text);
    }
}

/* Runs one test for each row. */
static inline int run_json_rows(const char *group, json_row *rows, size_t count)
{
    return RUN_ROWS(group, rows, count, name, run_json_row);
}

#endif /* SSE_TEST_JSON_ROWS_H */
