/*
 * weights.c - percentages and points that say how much something counts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/weights.h"

#include <string.h>

/* Reads "25" or "12.5".  @return its bytes; 0 if there is no number, or a
 * larger one than the unit allows. */
static size_t number(struct span text, enum weight_unit unit, double *value)
{
    long whole = 0;
    size_t len = span_number(text, &whole);
    if (len == 0 || len > 3) {
        return 0;
    }
    *value = (double)whole;
    const struct span rest = span_from(text, len);
    long tenths = 0;
    if (rest.len > 1 && (rest.at[0] == '.' || rest.at[0] == ',') &&
        span_number(span_from(rest, 1), &tenths) == 1) {
        *value += (double)tenths / 10;
        len += 2;
    }
    return unit == WEIGHT_POINTS || *value <= 100 ? len : 0;
}

/* Bytes of the sign behind a number, with the space before it; 0 if there is
 * none. */
static size_t sign(struct span rest, enum weight_unit unit)
{
    static const char *const signs[2][4] = {
        {"%", "per cent", "percent", "pct"},
        {"points", "point", "pts", "marks"}};
    size_t space = 0;
    while (space < rest.len && rest.at[space] == ' ') {
        space++;
    }
    const struct span word = span_from(rest, space);
    for (size_t i = 0; i < 4; i++) {
        const size_t len = strlen(signs[unit][i]);
        if (span_starts(word, signs[unit][i]) &&
            (signs[unit][i][0] == '%' || len == word.len ||
             !span_is_letter(word.at[len]))) {
            return space + len;
        }
    }
    return 0;
}

/* Not 0 if what stands behind makes it a range or a limit. */
static int opens_range(struct span rest, enum weight_unit unit)
{
    struct span behind = span_trim(rest);
    if (behind.len > 0 && behind.at[0] == '+') {
        return 1;
    }
    const size_t dash = span_dash(behind, 0);
    if (dash > 0 || span_starts(behind, "to ")) {
        double value = 0;
        behind = span_trim(span_from(behind, dash > 0 ? dash : 3));
        const size_t len = number(behind, unit, &value);
        return len > 0 && sign(span_from(behind, len), unit) > 0;
    }
    static const char *const limits[] = {
        "and more",  "or more",   "and above", "or above",  "or higher",
        "and higher", "or better", "and up",    "or less",   "or below",
        "and below", "or lower",  "point",     "points"};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (span_starts(behind, limits[i])) {
            return 1;
        }
    }
    return 0;
}

/* Not 0 if what stands before makes it one. */
static int closes_range(struct span before)
{
    const struct span text = span_trim(before);
    if (text.len == 0) {
        return 0;
    }
    const char last = text.at[text.len - 1];
    if (strchr("<>=+", last) != NULL) {
        return 1;
    }
    /* A digit or a sign, then a dash. */
    size_t dash = 0;
    if (last == '-') {
        dash = 1;
    } else if (text.len >= 3 && span_dash(text, text.len - 3) == 3) {
        dash = 3;
    }
    if (dash > 0) {
        const struct span first = span_trim(span_first(text, text.len - dash));
        return first.len > 0 && (span_is_digit(first.at[first.len - 1]) ||
                                 first.at[first.len - 1] == '%');
    }
    static const char *const limits[] = {"at least", "at most",  "less than",
                                         "more than", "minimum", "minimum of",
                                         "below",    "above",    "over",
                                         "under",    "up to",    "than"};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        const size_t len = strlen(limits[i]);
        if (text.len >= len &&
            span_is(span_from(text, text.len - len), limits[i])) {
            return 1;
        }
    }
    return 0;
}

int weight_find(struct span text, enum weight_unit unit, size_t from,
                struct weight *weight)
{
    for (size_t at = from; at < text.len; at++) {
        if (!span_is_digit(text.at[at]) ||
            (at > 0 && (span_is_digit(text.at[at - 1]) ||
                        text.at[at - 1] == '.'))) {
            continue;
        }
        double value = 0;
        const size_t len = number(span_from(text, at), unit, &value);
        const size_t mark =
            len > 0 ? sign(span_from(text, at + len), unit) : 0;
        if (mark == 0 || opens_range(span_from(text, at + len + mark), unit) ||
            closes_range(span_first(text, at))) {
            continue;
        }
        weight->at = at;
        weight->end = at + len + mark;
        weight->value = value;
        return 1;
    }
    return 0;
}

int weight_read(struct span cell, enum weight_unit unit, double *value)
{
    const struct span text = span_trim(cell);
    const size_t len = number(text, unit, value);
    if (len == 0) {
        return 0;
    }
    const struct span rest = span_trim(span_from(text, len));
    return rest.len == 0 || sign(rest, unit) == rest.len;
}
