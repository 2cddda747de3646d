/*
 * cases.h - the vectors of tests/cases: raw bytes and the log they make.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_CASES_H
#define TESTS_CASES_H

#include <stddef.h>

/** One vector. */
typedef struct test_case {
    char *name;        /**< file name without its ending, NUL-terminated */
    char *stream;      /**< NAME.sse */
    size_t stream_len; /**< bytes */
    char *events;      /**< NAME.events without its lines that begin with # */
    size_t events_len; /**< bytes */
} test_case;

/** All vectors, by name. */
typedef struct test_cases {
    test_case *list;
    size_t count;
    size_t longest; /**< bytes of the longest stream */
} test_cases;

/**
 * Reads all vectors of tests/cases below $TOP, or below "." without it.
 *
 * @return 0.  Otherwise a line on stderr says what is wrong: no directory, no
 *         vector, a file that cannot be read or that lacks its other half.
 */
int test_cases_load(test_cases *cases);

/** Gives the memory back. */
void test_cases_free(test_cases *cases);

#endif /* TESTS_CASES_H */
