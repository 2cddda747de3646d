/*
 * check.c - TAP on stdout.
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>

static unsigned long points;
static unsigned long failures;

int check_that(int truth, const char *name, ...)
{
    points++;
    if (!truth) {
        failures++;
    }
    printf("%s %lu - ", truth ? "ok" : "not ok", points);
    va_list arguments;
    va_start(arguments, name);
    vprintf(name, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout); /* what was printed must outlive a crash of the next one */
    return truth;
}

void check_skip(const char *name, const char *why)
{
    points++;
    printf("ok %lu - %s # SKIP %s\n", points, name, why);
}

void check_note(const char *format, ...)
{
    fputs("# ", stdout);
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

void check_lines(const char *title, const char *text, size_t len)
{
    printf("# %s\n", title);
    size_t at = 0;
    while (at < len) {
        fputs("#   ", stdout);
        while (at < len && text[at] != '\n') {
            putchar(text[at]);
            at++;
        }
        putchar('\n');
        at++;
    }
}

int check_end(void)
{
    printf("1..%lu\n", points);
    if (failures > 0) {
        printf("# %lu of %lu failed\n", failures, points);
    }
    fflush(stdout);
    return failures == 0 && points > 0 ? 0 : 1;
}
