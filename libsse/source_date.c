/*
 * source_date.c - HTTP dates, and the delay that Retry-After means.
 *
 * SPDX-License-Identifier: MIT
 *
 * RFC 9110, section 5.6.7 ("Date/Time Formats"): the fixed-length form of
 * today, and the two of RFC 850 and of C's asctime() that recipients must
 * still understand.  The day of the week is skipped over, not checked: nobody
 * could tell which half of a contradiction was meant.
 */
#include <sse/source.h>

#include <string.h>

/* What is left of the text. */
typedef struct date_text {
    const char *at;
    size_t left;
} date_text;

typedef struct date_parts {
    int64_t year, month, day, hour, minute, second; /* month from 0 */
} date_parts;

static int take(date_text *text, char want)
{
    if (text->left == 0 || *text->at != want) {
        return 0;
    }
    text->at++;
    text->left--;
    return 1;
}

/* Exactly `digits` digits; `blank` allows a space for the first. */
static int take_number(date_text *text, size_t digits, int blank,
                       int64_t *number)
{
    if (text->left < digits) {
        return 0;
    }
    *number = 0;
    for (size_t i = 0; i < digits; i++) {
        const char c = text->at[i];
        if (c >= '0' && c <= '9') {
            *number = *number * 10 + (c - '0');
        } else if (!(blank && i == 0 && c == ' ')) {
            return 0;
        }
    }
    text->at += digits;
    text->left -= digits;
    return 1;
}

static int take_month(date_text *text, int64_t *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text->left < 3) {
        return 0;
    }
    for (int i = 0; i < 12; i++) {
        if (memcmp(text->at, names + 3 * i, 3) == 0) {
            *month = i;
            text->at += 3;
            text->left -= 3;
            return 1;
        }
    }
    return 0;
}

static int take_clock(date_text *text, date_parts *parts)
{
    return take_number(text, 2, 0, &parts->hour) && take(text, ':') &&
           take_number(text, 2, 0, &parts->minute) && take(text, ':') &&
           take_number(text, 2, 0, &parts->second);
}

static int take_gmt(date_text *text)
{
    return take(text, ' ') && take(text, 'G') && take(text, 'M') &&
           take(text, 'T');
}

static size_t take_day_name(date_text *text)
{
    size_t letters = 0;
    while (text->left > 0 && ((*text->at >= 'A' && *text->at <= 'Z') ||
                              (*text->at >= 'a' && *text->at <= 'z'))) {
        text->at++;
        text->left--;
        letters++;
    }
    return letters;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar; years count from
 * March, so that the leap day is the last of its year. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    /* A whole cycle of the calendar later, so that no year is negative. */
    const int64_t shifted = (month < 2 ? year - 1 : year) + 400;
    const int64_t since_march = month < 2 ? month + 10 : month - 2;
    const int64_t leaps = shifted / 4 - shifted / 100 + shifted / 400;
    return 365 * shifted + leaps + (153 * since_march + 2) / 5 + day -
           719469 - 146097;
}

static int is_sound(const date_parts *parts)
{
    static const uint8_t lengths[12] = {31, 29, 31, 30, 31, 30,
                                        31, 31, 30, 31, 30, 31};
    const int leap = (parts->year % 4 == 0 && parts->year % 100 != 0) ||
                     parts->year % 400 == 0;
    return parts->day >= 1 && parts->day <= lengths[parts->month] &&
           (parts->month != 1 || parts->day < 29 || leap) &&
           parts->hour < 24 && parts->minute < 60 && parts->second <= 60;
}

static int64_t seconds_of(const date_parts *parts)
{
    return ((days_of(parts->year, parts->month, parts->day) * 24 +
             parts->hour) * 60 + parts->minute) * 60 + parts->second;
}

/* RFC 9110: a two-digit year that seems to be more than 50 years ahead is the
 * most recent one in the past that ends so. */
static void settle_century(date_parts *parts, int64_t near_unix_s)
{
    const int64_t year_s = 31556952;
    const int64_t last_s = INT64_C(253402300799); /* of the year 9999 */
    near_unix_s = near_unix_s < 0        ? 0
                  : near_unix_s > last_s ? last_s
                                         : near_unix_s;
    const int64_t near_year = 1970 + near_unix_s / year_s;
    parts->year += near_year - near_year % 100 + 100;
    while (seconds_of(parts) - near_unix_s > 50 * year_s) {
        parts->year -= 100;
    }
}

/* `06 Nov 1994 08:49:37 GMT`, or `06-Nov-94 08:49:37 GMT` */
static int take_day_first(date_text *text, char between, size_t year_digits,
                          date_parts *parts)
{
    return take(text, ',') && take(text, ' ') &&
           take_number(text, 2, 0, &parts->day) && take(text, between) &&
           take_month(text, &parts->month) && take(text, between) &&
           take_number(text, year_digits, 0, &parts->year) &&
           take(text, ' ') && take_clock(text, parts) && take_gmt(text);
}

/* `Nov  6 08:49:37 1994` */
static int take_month_first(date_text *text, date_parts *parts)
{
    return take(text, ' ') && take_month(text, &parts->month) &&
           take(text, ' ') && take_number(text, 2, 1, &parts->day) &&
           take(text, ' ') && take_clock(text, parts) && take(text, ' ') &&
           take_number(text, 4, 0, &parts->year);
}

static date_text trimmed(const char *text, size_t len)
{
    date_text rest = {text, len};
    while (rest.left > 0 && (*rest.at == ' ' || *rest.at == '\t')) {
        rest.at++;
        rest.left--;
    }
    while (rest.left > 0 && (rest.at[rest.left - 1] == ' ' ||
                             rest.at[rest.left - 1] == '\t')) {
        rest.left--;
    }
    return rest;
}

sse_status sse_http_date(const char *text, size_t len, int64_t near_unix_s,
                         int64_t *unix_s)
{
    if (text == NULL || unix_s == NULL) {
        return SSE_ERR_INVALID;
    }
    date_text rest = trimmed(text, len);
    date_parts parts = {0, 0, 0, 0, 0, 0};
    const size_t letters = take_day_name(&rest);
    int found = 0;
    int short_year = 0;
    if (letters == 3 && rest.left > 0 && *rest.at == ',') {
        found = take_day_first(&rest, ' ', 4, &parts);
    } else if (letters == 3) {
        found = take_month_first(&rest, &parts);
    } else if (letters >= 6 && letters <= 9) {
        short_year = 1;
        found = take_day_first(&rest, '-', 2, &parts);
    }
    if (!found || rest.left != 0) {
        return SSE_ERR_INVALID;
    }
    if (short_year) {
        settle_century(&parts, near_unix_s);
    }
    if (!is_sound(&parts)) {
        return SSE_ERR_INVALID;
    }
    *unix_s = seconds_of(&parts);
    return SSE_OK;
}

/* Digits alone, saturating below SSE_NEVER. */
static int take_seconds(date_text rest, uint64_t *delay_ms)
{
    const uint64_t most = SSE_NEVER - 1;
    uint64_t seconds = 0;
    if (rest.left == 0) {
        return 0;
    }
    for (size_t i = 0; i < rest.left; i++) {
        if (rest.at[i] < '0' || rest.at[i] > '9') {
            return 0;
        }
        const uint64_t digit = (uint64_t)(rest.at[i] - '0');
        seconds = seconds > (most - digit) / 10 ? most : seconds * 10 + digit;
    }
    *delay_ms = seconds > most / 1000 ? most : seconds * 1000;
    return 1;
}

sse_status sse_retry_after(const char *value, size_t len, int64_t now_unix_s,
                           uint64_t *delay_ms)
{
    if (value == NULL || delay_ms == NULL) {
        return SSE_ERR_INVALID;
    }
    if (take_seconds(trimmed(value, len), delay_ms)) {
        return SSE_OK;
    }
    int64_t then_unix_s;
    const sse_status status =
        sse_http_date(value, len, now_unix_s, &then_unix_s);
    if (status != SSE_OK) {
        return status;
    }
    *delay_ms = then_unix_s > now_unix_s
                    ? (uint64_t)then_unix_s * 1000 -
                          (uint64_t)now_unix_s * 1000
                    : 0;
    return SSE_OK;
}
