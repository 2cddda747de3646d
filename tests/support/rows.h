/*
 * rows.h - a table's rows as tests of cmocka, so that a failure names its row.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_ROWS_H
#define TESTS_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* As the macros below, of rows of any type. */
static inline size_t rows_fill(struct CMUnitTest *tests, void *rows,
                               size_t count, size_t size, size_t name_at,
                               CMUnitTestFunction fn)
{
    for (size_t i = 0; i < count; i++) {
        char *const row = (char *)rows + i * size;
        memset(&tests[i], 0, sizeof tests[i]);
        memcpy(&tests[i].name, row + name_at, sizeof tests[i].name);
        tests[i].test_func = fn;
        tests[i].initial_state = row;
    }
    return count;
}

static inline int rows_run(const char *group, void *rows, size_t count,
                           size_t size, size_t name_at, CMUnitTestFunction fn)
{
    struct CMUnitTest *const tests =
        (struct CMUnitTest *)calloc(count, sizeof *tests);
    if (tests == NULL) {
        return 1;
    }
    (void)rows_fill(tests, rows, count, size, name_at, fn);
    const int failed =
        _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    free(tests);
    return failed;
}

#define ROWS_PLACE(rows, member)                                               \
    ((size_t)((const char *)&(rows)->member - (const char *)(rows)))

/** Fills in one test for each row of an array: it is called what the member
 *  @p member of the row says, and its state is the row.  @return How many. */
#define FILL_ROWS(tests, rows, member, fn)                                     \
    rows_fill(tests, rows, sizeof(rows) / sizeof((rows)[0]),                   \
              sizeof((rows)[0]), ROWS_PLACE(rows, member), fn)

/** Runs one such test for each of so many rows.  @return As main() does. */
#define RUN_ROWS(group, rows, count, member, fn)                               \
    rows_run(group, rows, count, sizeof *(rows), ROWS_PLACE(rows, member), fn)

#endif /* TESTS_ROWS_H */
