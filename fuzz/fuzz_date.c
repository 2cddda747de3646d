/*
 * fuzz_date.c - HTTP dates mean the second that counting days gives, in each
 * of their forms, and Retry-After means the time until then.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first byte chooses between a text of any bytes and a date made of the
 * next ones; the second of the latter which form it has.
 */
#include "fuzz.h"

#include <sse/sse.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S 86400
#define YEAR_S INT64_C(31556952)

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

struct date {
    int year, month, day, hour, minute, second; /* month and day from 0 */
};

static int is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30,
                                 31, 31, 30, 31, 30, 31};
    return days[month] + (month == 1 && is_leap(year));
}

/* Seconds since 1970, year by year and month by month. */
static int64_t count_seconds(const struct date *d)
{
    int64_t days = d->day;
    for (int year = d->year; year < 1970; year++) {
        days -= 365 + is_leap(year);
    }
    for (int year = 1970; year < d->year; year++) {
        days += 365 + is_leap(year);
    }
    for (int month = 0; month < d->month; month++) {
        days += days_in(d->year, month);
    }
    return days * DAY_S + d->hour * 3600 + d->minute * 60 + d->second;
}

static int is_sound(const struct date *d)
{
    return d->day < days_in(d->year, d->month) && d->hour < 24 &&
           d->minute < 60 && d->second <= 60;
}

static struct date choose(struct fuzz_input *input)
{
    struct date d;
    d.year = (int)fuzz_below(input, 10000);
    d.month = (int)fuzz_below(input, 12);
    d.day = (int)fuzz_below(input, 32);
    d.hour = (int)fuzz_below(input, 25);
    d.minute = (int)fuzz_below(input, 61);
    d.second = (int)fuzz_below(input, 62);
    return d;
}

/* The date in a form: today's, RFC 850's, asctime()'s. */
static void write_date(const struct date *d, unsigned form, char text[64])
{
    const char *const month = months + 3 * d->month;
    const char *const clock = "%02d:%02d:%02d";
    char time[16];
    (void)snprintf(time, sizeof time, clock, d->hour, d->minute, d->second);
    if (form == 0) {
        (void)snprintf(text, 64, "Sun, %02d %.3s %04d %s GMT", d->day + 1,
                       month, d->year, time);
    } else if (form == 1) {
        (void)snprintf(text, 64, "Sunday, %02d-%.3s-%02d %s GMT", d->day + 1,
                       month, d->year % 100, time);
    } else {
        (void)snprintf(text, 64, "Sun %.3s %2d %s %04d", month, d->day + 1,
                       time, d->year);
    }
}

static void check_made(struct fuzz_input *input)
{
    char text[64];
    const struct date d = choose(input);
    const unsigned form = fuzz_byte(input) % 3;
    const int64_t near_s = (int64_t)(fuzz_number(input) >> 26);
    int64_t got_s = 1;
    write_date(&d, form, text);
    const sse_status status =
        sse_http_date(text, strlen(text), near_s, &got_s);
    if (form == 1) {
        /* At most 50 years ahead; one century later it would be more. */
        FUZZ_REQUIRE(status != SSE_OK ||
                     (got_s - near_s <= 50 * YEAR_S &&
                      got_s - near_s > -51 * YEAR_S) ||
                     near_s > INT64_C(253402300799));
        return;
    }
    FUZZ_REQUIRE(status == (is_sound(&d) ? SSE_OK : SSE_ERR_INVALID));
    if (status == SSE_OK) {
        uint64_t delay_ms = 1;
        FUZZ_REQUIRE(got_s == count_seconds(&d));
        FUZZ_REQUIRE(sse_retry_after(text, strlen(text), near_s, &delay_ms) ==
                     SSE_OK);
        FUZZ_REQUIRE(delay_ms == (got_s > near_s
                                      ? (uint64_t)(got_s - near_s) * 1000
                                      : 0));
    }
}

static void check_any(const char *bytes, size_t len)
{
    char *const text = fuzz_copy(bytes, len);
    int64_t got_s = INT64_MIN;
    uint64_t delay_ms = 1;
    const sse_status status = sse_http_date(text, len, 0, &got_s);
    FUZZ_REQUIRE((status == SSE_OK) == (got_s != INT64_MIN));
    const sse_status after = sse_retry_after(text, len, 0, &delay_ms);
    FUZZ_REQUIRE(after == SSE_OK || status != SSE_OK);
    FUZZ_REQUIRE(after != SSE_OK || delay_ms < SSE_NEVER);
    FUZZ_REQUIRE(status != SSE_OK ||
                 delay_ms == (got_s > 0 ? (uint64_t)got_s * 1000 : 0));
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    if (fuzz_byte(&input) % 2 == 0) {
        check_made(&input);
    } else {
        check_any(input.at, input.left);
    }
    return 0;
}
