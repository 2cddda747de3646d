/*
 * dates.c - dates as people write them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/dates.h"

#include <string.h>

int date_is_month(struct span word)
{
    return span_is_word(word, "january|february|march|april|may|june|july|"
                              "august|september|october|november|december|"
                              "jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|"
                              "dec");
}

/* Each of these reads one part at @p at and answers its bytes, or 0. */

static size_t spaces(struct span text, size_t at)
{
    size_t len = 0;
    while (at + len < text.len && text.at[at + len] == ' ') {
        len++;
    }
    return len;
}

/* A day, "14" or "14th". */
static size_t day(struct span text, size_t at)
{
    long number = 0;
    const struct span rest = span_from(text, at);
    size_t len = span_number(rest, &number);
    if (len == 0 || len > 2 || number < 1 || number > 31) {
        return 0;
    }
    const struct span ending = span_first(span_from(rest, len), 2);
    if (span_is_word(ending, "st|nd|rd|th")) {
        len += 2;
    }
    return len < rest.len && span_is_letter(rest.at[len]) &&
                   (unsigned char)rest.at[len] < 0x80
               ? 0
               : len;
}

/* A day, or a run of them: "7-11". */
static size_t days(struct span text, size_t at)
{
    const size_t first = day(text, at);
    if (first == 0) {
        return 0;
    }
    size_t len = first + spaces(text, at + first);
    const size_t dash = span_dash(text, at + len);
    if (dash == 0) {
        return first;
    }
    len += dash;
    len += spaces(text, at + len);
    const size_t second = day(text, at + len);
    return second > 0 ? len + second : first;
}

/* A month, "October" or "Oct.". */
static size_t month(struct span text, size_t at)
{
    size_t len = 0;
    while (at + len < text.len && span_is_letter(text.at[at + len]) &&
           !span_is_digit(text.at[at + len]) &&
           (unsigned char)text.at[at + len] < 0x80) {
        len++;
    }
    if (!date_is_month(span_of(text.at + at, len))) {
        return 0;
    }
    return at + len < text.len && text.at[at + len] == '.' ? len + 1 : len;
}

/* A year behind a day or a month, with the comma or space before it. */
static size_t year_behind(struct span text, size_t at)
{
    size_t len = 0;
    if (at < text.len && text.at[at] == ',') {
        len++;
    }
    len += spaces(text, at + len);
    long number = 0;
    const struct span rest = span_from(text, at + len);
    if (len == 0 || span_number(rest, &number) != 4 || number < 1900 ||
        number > 2199) {
        return 0;
    }
    return len + 4;
}

/* "14 October 2026", "14th of October". */
static size_t day_first(struct span text, size_t at)
{
    size_t len = days(text, at);
    if (len == 0) {
        return 0;
    }
    const size_t gap = spaces(text, at + len);
    size_t of = 0;
    if (span_starts(span_from(text, at + len + gap), "of ")) {
        of = 3;
    }
    const size_t name = gap > 0 ? month(text, at + len + gap + of) : 0;
    if (name == 0) {
        return 0;
    }
    len += gap + of + name;
    return len + year_behind(text, at + len);
}

/* "October 14, 2026". */
static size_t month_first(struct span text, size_t at)
{
    size_t len = month(text, at);
    if (len == 0) {
        return 0;
    }
    const size_t gap = spaces(text, at + len);
    const size_t number = gap > 0 ? days(text, at + len + gap) : 0;
    if (number == 0) {
        return 0;
    }
    len += gap + number;
    return len + year_behind(text, at + len);
}

/* "2026-10-14", "14.10.2026", "10/14/2026". */
static size_t in_numbers(struct span text, size_t at)
{
    long parts[3] = {0, 0, 0};
    size_t sizes[3] = {0, 0, 0};
    size_t len = 0;
    char mark = 0;
    for (size_t i = 0; i < 3; i++) {
        sizes[i] = span_number(span_from(text, at + len), &parts[i]);
        len += sizes[i];
        if (sizes[i] == 0 || i == 2) {
            break;
        }
        const char next = at + len < text.len ? text.at[at + len] : 0;
        if (next == 0 || strchr("-./", next) == NULL ||
            (i == 1 && next != mark)) {
            return 0;
        }
        mark = next;
        len++;
    }
    const int iso = sizes[0] == 4 && sizes[1] == 2 && sizes[2] == 2 &&
                    mark == '-' && parts[1] >= 1 && parts[1] <= 12 &&
                    parts[2] >= 1 && parts[2] <= 31;
    const int common = sizes[0] <= 2 && sizes[1] >= 1 && sizes[1] <= 2 &&
                       sizes[2] == 4 && parts[0] >= 1 && parts[0] <= 31 &&
                       parts[1] >= 1 && parts[1] <= 31 &&
                       (parts[0] <= 12 || parts[1] <= 12);
    return iso || common ? len : 0;
}

size_t date_find(struct span text, struct span *date)
{
    for (size_t at = 0; at < text.len; at++) {
        if (at > 0 && span_is_letter(text.at[at - 1]) &&
            (unsigned char)text.at[at - 1] < 0x80) {
            continue;
        }
        size_t len = in_numbers(text, at);
        len = len > 0 ? len : day_first(text, at);
        len = len > 0 ? len : month_first(text, at);
        if (len > 0) {
            *date = span_of(text.at + at, len);
            return at;
        }
    }
    *date = span_of(text.at, 0);
    return text.len;
}
