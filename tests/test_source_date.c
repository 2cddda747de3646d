/*
 * test_source_date.c - HTTP dates and Retry-After.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_source_fixture.h"

/* 1994-11-06 08:49:37, the date of RFC 9110's examples. */
#define EXAMPLE INT64_C(784111777)
/* 2026-01-01 00:00:00 */
#define NEAR INT64_C(1767225600)

#define NO_DATE INT64_MIN

typedef struct date_row {
    const char *text;
    int64_t unix_s;
} date_row;

static date_row date_rows[] = {
    {"Sun, 06 Nov 1994 08:49:37 GMT", EXAMPLE},
    {"Sunday, 06-Nov-94 08:49:37 GMT", EXAMPLE},
    {"Sun Nov  6 08:49:37 1994", EXAMPLE},
    {" \tSun, 06 Nov 1994 08:49:37 GMT \t", EXAMPLE},
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
    {"Wed, 31 Dec 1969 23:59:59 GMT", -1},
    {"Tue, 29 Feb 2000 12:00:00 GMT", 951825600},
    {"Thu, 29 Feb 2024 00:00:00 GMT", 1709164800},
    {"Fri, 01 Mar 2024 00:00:00 GMT", 1709251200},
    {"Thu, 31 Dec 2026 23:59:60 GMT", 1798761600},
    {"Fri, 31 Dec 9999 23:59:59 GMT", INT64_C(253402300799)},
    {"Mon, 01 Jan 1900 00:00:00 GMT", -2208988800},
    {"Sat, 01 Jan 0000 00:00:00 GMT", -INT64_C(62167219200)},
    {"Tue, 29 Feb 0000 00:00:00 GMT", -INT64_C(62162121600)},
    {"Wed, 01 Mar 0000 00:00:00 GMT", -INT64_C(62162035200)},
    {"Tuesday, 19-Jan-38 03:14:08 GMT", INT64_C(2147483648)},
    {"Saturday, 01-Jan-75 00:00:00 GMT", INT64_C(3313526400)},
    {"Friday, 01-Jan-77 00:00:00 GMT", 220924800},
    {"Wed Dec 31 00:00:00 2025", 1767139200},
    {"Wrd, 06 Nov 1994 08:49:37 GMT", EXAMPLE},
    {"", NO_DATE},
    {"0", NO_DATE},
    {"Sun", NO_DATE},
    {"Sun, 06 Nov 1994 08:49:37", NO_DATE},
    {"Sun, 06 Nov 1994 08:49:37 CET", NO_DATE},
    {"Sun, 06 Nov 1994 08:49:37 GMT+1", NO_DATE},
    {"Sun, 6 Nov 1994 08:49:37 GMT", NO_DATE},
    {"Sun, 06 nov 1994 08:49:37 GMT", NO_DATE},
    {"Sun, 06 Nov 94 08:49:37 GMT", NO_DATE},
    {"Sun, 06 Nov 1994 24:00:00 GMT", NO_DATE},
    {"Sun, 06 Nov 1994 08:60:00 GMT", NO_DATE},
    {"Sun, 06 Nov 1994 08:49:61 GMT", NO_DATE},
    {"Sun, 00 Nov 1994 08:49:37 GMT", NO_DATE},
    {"Sun, 31 Nov 1994 08:49:37 GMT", NO_DATE},
    {"Wed, 29 Feb 2023 00:00:00 GMT", NO_DATE},
    {"Thu, 29 Feb 1900 00:00:00 GMT", NO_DATE},
    {"Sun, 06-Nov-1994 08:49:37 GMT", NO_DATE},
    {"Sunday, 06-Nov-1994 08:49:37 GMT", NO_DATE},
    {"Sun Nov 6 08:49:37 1994", NO_DATE},
    {"Sun Nov  6 08:49:37 1994 GMT", NO_DATE},
    {"Sun, 06 Nov 1994 8:49:37 GMT", NO_DATE},
    {"Sun,06 Nov 1994 08:49:37 GMT", NO_DATE},
    {"Sun, 06 Nov 1994 08:49:37\tGMT", NO_DATE},
    {"Sun, 06 Nov 1994-08:49:37 GMT", NO_DATE},
    {"Sunday 06-Nov-94 08:49:37 GMT", NO_DATE},
    {"Sun, 06 Nov 1994 08-49-37 GMT", NO_DATE},
    {"Sun, 06 Nov 1994 08:49:37-GMT", NO_DATE},
    {"Sun,  6 Nov 1994 08:49:37 GMT", NO_DATE},
    {"Sunnn, 06 Nov 1994 08:49:37 GMT", NO_DATE},
    {"Sundayyyyy, 06-Nov-94 08:49:37 GMT", NO_DATE},
    {"Sun{, 06 Nov 1994 08:49:37 GMT", NO_DATE},
    {"Sun-Nov  6 08:49:37 1994", NO_DATE},
    {"Sun Nox  6 08:49:37 1994", NO_DATE},
    {"Sun Nov- 6 08:49:37 1994", NO_DATE},
    {"Sun Nov  x 08:49:37 1994", NO_DATE},
    {"Sun Nov 6  08:49:37 1994", NO_DATE},
    {"Sun Nov x6 08:49:37 1994", NO_DATE},
    {"Sun Nov  6-08:49:37 1994", NO_DATE},
    {"Sun Nov  6 08:49 37 1994", NO_DATE},
    {"Sun Nov  6 08:49:37-1994", NO_DATE},
    {"Sun Nov  6 08:49:37 94", NO_DATE},
};

static void test_date(void **state)
{
    const date_row *row = (const date_row *)*state;
    int64_t unix_s = 12345;
    const sse_status status =
        sse_http_date(row->text, strlen(row->text), NEAR, &unix_s);
    if (row->unix_s == NO_DATE) {
        assert_int_equal(status, SSE_ERR_INVALID);
        assert_int_equal(unix_s, 12345);
    } else {
        assert_int_equal(status, SSE_OK);
        assert_true(unix_s == row->unix_s);
    }
}

/* Cut anywhere it is no date, and nothing behind the cut is read. */
static void test_cut_dates_are_none(void **state)
{
    static const char text[] = "Sun, 06 Nov 1994 08:49:37 GMT";
    (void)state;
    for (size_t len = 0; len + 1 < sizeof(text); len++) {
        int64_t unix_s;
        assert_int_equal(sse_http_date(text, len, NEAR, &unix_s),
                         SSE_ERR_INVALID);
    }
}

/* Each day of 800 years, counted by another way. */
static void test_every_day(void **state)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    static const int lengths[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    (void)state;
    int64_t expected = -2208988800; /* 1900-01-01 */
    for (int year = 1900; year < 2700; year++) {
        const int leap =
            (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 0; month < 12; month++) {
            const int days = lengths[month] + (month == 1 && leap);
            for (int day = 1; day <= days; day++) {
                char text[] = "Sun, 00 Jan 0000 00:00:00 GMT";
                int64_t unix_s;
                text[5] = (char)('0' + day / 10);
                text[6] = (char)('0' + day % 10);
                memcpy(text + 8, months + (size_t)month * 3, 3);
                text[12] = (char)('0' + year / 1000);
                text[13] = (char)('0' + year / 100 % 10);
                text[14] = (char)('0' + year / 10 % 10);
                text[15] = (char)('0' + year % 10);
                assert_int_equal(sse_http_date(text, sizeof(text) - 1, NEAR,
                                               &unix_s), SSE_OK);
                assert_true(unix_s == expected);
                expected += 86400;
            }
        }
    }
}

static void test_far_away_now_is_harmless(void **state)
{
    static const char text[] = "Sunday, 06-Nov-94 08:49:37 GMT";
    (void)state;
    int64_t unix_s;
    assert_int_equal(sse_http_date(text, sizeof(text) - 1, INT64_MAX,
                                   &unix_s), SSE_OK);
    assert_int_equal(sse_http_date(text, sizeof(text) - 1, INT64_MIN,
                                   &unix_s), SSE_OK);
}

typedef struct after_row {
    const char *text;
    int64_t now_unix_s;
    uint64_t delay_ms; /* SSE_NEVER: none */
} after_row;

static after_row after_rows[] = {
    {"0", NEAR, 0},
    {"1", NEAR, 1000},
    {"  120\t", NEAR, 120000},
    {"007", NEAR, 7000},
    {"86400", NEAR, 86400000},
    {"18446744073709551", NEAR, UINT64_C(18446744073709551000)},
    {"18446744073709552", NEAR, SSE_NEVER - 1},
    {"99999999999999999999999999999", NEAR, SSE_NEVER - 1},
    {"Sun, 06 Nov 1994 08:49:37 GMT", EXAMPLE - 90, 90000},
    {"Sunday, 06-Nov-94 08:49:37 GMT", EXAMPLE - 1, 1000},
    {"Sun Nov  6 08:49:37 1994", EXAMPLE - 3600, 3600000},
    {"Sun, 06 Nov 1994 08:49:37 GMT", EXAMPLE, 0},
    {"Sun, 06 Nov 1994 08:49:37 GMT", EXAMPLE + 5, 0},
    {"", NEAR, SSE_NEVER},
    {" ", NEAR, SSE_NEVER},
    {"-1", NEAR, SSE_NEVER},
    {"+1", NEAR, SSE_NEVER},
    {"1.5", NEAR, SSE_NEVER},
    {"1 2", NEAR, SSE_NEVER},
    {"1s", NEAR, SSE_NEVER},
    {"soon", NEAR, SSE_NEVER},
};

static void test_retry_after(void **state)
{
    const after_row *row = (const after_row *)*state;
    uint64_t delay_ms = 4711;
    const sse_status status = sse_retry_after(
        row->text, strlen(row->text), row->now_unix_s, &delay_ms);
    if (row->delay_ms == SSE_NEVER) {
        assert_int_equal(status, SSE_ERR_INVALID);
        assert_int_equal(delay_ms, 4711);
    } else {
        assert_int_equal(status, SSE_OK);
        assert_true(delay_ms == row->delay_ms);
    }
}

static void test_null_is_invalid(void **state)
{
    (void)state;
    int64_t unix_s;
    uint64_t delay_ms;
    assert_int_equal(sse_http_date(NULL, 0, 0, &unix_s), SSE_ERR_INVALID);
    assert_int_equal(sse_http_date("", 0, 0, NULL), SSE_ERR_INVALID);
    assert_int_equal(sse_retry_after(NULL, 0, 0, &delay_ms),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_retry_after("1", 1, 0, NULL), SSE_ERR_INVALID);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_cut_dates_are_none),
        cmocka_unit_test(test_every_day),
        cmocka_unit_test(test_far_away_now_is_harmless),
        cmocka_unit_test(test_null_is_invalid),
    };
    struct CMUnitTest
        tests[COUNT(date_rows) + COUNT(after_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, date_rows, text, test_date);
    n += FILL_ROWS(tests + n, after_rows, text, test_retry_after);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
