/*
 * test_cases.c - every vector of tests/cases, whole, through both forms of the
 * parser, and through the reference, against its expected log.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/cases.h"
#include "tests/support/check.h"
#include "tests/support/drive.h"
#include "tests/support/log.h"
#include "tests/support/reference.h"

#include <string.h>

enum { SCRATCH = 131072 };

static char scratch[SCRATCH];

static int is_expected(const test_case *one, const event_log *log,
                       const char *who)
{
    if (log->len == one->events_len &&
        memcmp(log->text, one->events, log->len) == 0) {
        return 1;
    }
    check_lines(who, log->text, log->len);
    return 0;
}

static void test_case_whole(const test_case *one, event_log *log)
{
    const reference_rules rules = reference_standard();
    drive how;
    memset(&how, 0, sizeof how);
    how.scratch = scratch;
    how.scratch_cap = sizeof scratch;

    event_log_clear(log);
    drive_stream(&how, one->stream, one->stream_len, log);
    int good = is_expected(one, log, "feed said");

    how.pull = 1;
    event_log_clear(log);
    drive_stream(&how, one->stream, one->stream_len, log);
    good = is_expected(one, log, "next said") && good;

    event_log_clear(log);
    reference_run(&rules, one->stream, one->stream_len, log);
    good = is_expected(one, log, "the reference said") && good;

    if (!check_that(good, "%s", one->name)) {
        check_lines("expected", one->events, one->events_len);
    }
}

int main(void)
{
    test_cases cases;
    if (test_cases_load(&cases) != 0) {
        return 1;
    }
    event_log log;
    memset(&log, 0, sizeof log);
    for (size_t at = 0; at < cases.count; at++) {
        test_case_whole(&cases.list[at], &log);
    }
    event_log_free(&log);
    test_cases_free(&cases);
    return check_end();
}
