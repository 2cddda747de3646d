/*
 * test_query.c - parameters of a query, decoded.
 *
 * SPDX-License-Identifier: MIT
 */
#include "adapters/sock/head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/rows.h"

typedef struct query_row {
    const char *query, *name;
    const char *value; /* NULL: there is none */
    size_t len;
} query_row;

static query_row rows[] = {
    {"a=1&b=2", "a", "1", 1},
    {"a=1&b=2", "b", "2", 1},
    {"a=1&b=2", "c", NULL, 0},
    {"a=1&a=2", "a", "1", 1},
    {"ab=1&a=2", "a", "2", 1},
    {"a=1", "ab", NULL, 0},
    {"a", "a", "", 0},
    {"a=", "a", "", 0},
    {"a&b=1", "b", "1", 1},
    {"&&a=1&", "a", "1", 1},
    {"a==1", "a", "=1", 2},
    {"a=%26%3d+%2B", "a", "&= +", 4},
    {"%61%3D=x", "a=", "x", 1},
    {"a=%00b", "a", "\0b", 2},
    {"a=%0D%0a", "a", "\r\n", 2},
    {"a=\xC3", "a", "\xC3", 1},
    {"", "a", NULL, 0},
    {"=1", "", "1", 1},
    {"a=1?b=2", "a", "1?b=2", 5},
    {"%00a=1", "", NULL, 0},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static void run_row(void **state)
{
    const query_row *const row = (const query_row *)*state;
    char value[16];
    size_t len = 99;
    const sse_status status = sse_priv_query_find(row->query, row->name,
                                                  value, sizeof value, &len);
    if (row->value == NULL) {
        assert_int_equal(status, SSE_INCOMPLETE);
        assert_int_equal(len, 0);
        return;
    }
    assert_int_equal(status, SSE_OK);
    assert_int_equal(len, row->len);
    assert_memory_equal(value, row->value, row->len);
    assert_int_equal(value[len], '\0');
    /* A byte too little room, and exactly enough. */
    assert_int_equal(
        sse_priv_query_find(row->query, row->name, value, row->len, &len),
        SSE_ERR_NO_SPACE);
    assert_int_equal(
        sse_priv_query_find(row->query, row->name, value, row->len + 1, &len),
        SSE_OK);
}

int main(void)
{
    struct CMUnitTest tests[ROWS];
    (void)FILL_ROWS(tests, rows, query, run_row);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
