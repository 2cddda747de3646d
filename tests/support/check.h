/*
 * check.h - the smallest test harness: TAP on stdout, stdio and nothing else.
 *
 * A program calls check_that() once for each thing it tests and returns
 * check_end() from main().  Builds wherever there is printf(), bare toolchains
 * and emulators included.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include <stddef.h>

#if defined(__GNUC__)
#define CHECK_PRINTF(text, first)                                              \
    __attribute__((format(printf, text, first)))
#else
#define CHECK_PRINTF(text, first)
#endif

/** Prints one test point, `ok` or `not ok`, with a printf-like name.  Returns
 *  @p truth, so that details can be added after a failure. */
int check_that(int truth, const char *name, ...) CHECK_PRINTF(2, 3);

/** Prints a test point that cannot be run here, and why.  Both are printed as
 *  they are. */
void check_skip(const char *name, const char *why);

/** Prints one line of diagnostics. */
void check_note(const char *format, ...) CHECK_PRINTF(1, 2);

/** Prints a title and below it a text of any number of lines, each as a line
 *  of diagnostics. */
void check_lines(const char *title, const char *text, size_t len);

/** Prints the plan.  Returns what main() is to return: 0 if nothing failed
 *  and there was something to test. */
int check_end(void);

#endif /* TESTS_CHECK_H */
