/*
 * course_codes.c - codes and titles of courses.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/course_codes.h"

#include <string.h>

#include "offline/rules.h"

size_t course_code_len(struct span text)
{
    size_t len = 0;
    while (len < text.len && text.at[len] >= 'A' && text.at[len] <= 'Z') {
        len++;
    }
    const size_t letters = len;
    if (letters > 0 && len < text.len &&
        (text.at[len] == ' ' || text.at[len] == '-')) {
        len++;
    }
    long number = 0;
    const size_t digits = span_number(span_from(text, len), &number);
    len += digits;
    if (letters == 0) {
        long part = 0;
        const struct span rest = span_from(text, digits);
        const size_t tail =
            rest.len > 1 && rest.at[0] == '.'
                ? span_number(span_from(rest, 1), &part)
                : 0;
        if (digits == 0 || digits > 2 || tail < 2 || tail > 4) {
            return 0;
        }
        len = digits + 1 + tail;
    } else if (letters < 2 || letters > 5 || digits < 2 || digits > 4) {
        return 0;
    }
    if (len < text.len && text.at[len] >= 'A' && text.at[len] <= 'Z') {
        len++;
    }
    return len < text.len && (span_is_letter(text.at[len]) &&
                              (unsigned char)text.at[len] < 0x80)
               ? 0
               : len;
}

struct span course_title_trim(struct span title)
{
    static const char *const tails[] = {"course syllabus", "syllabus",
                                        "course outline", "course information"};
    struct span text = span_trim(title);
    for (size_t i = 0; i < 4; i++) {
        const size_t len = strlen(tails[i]);
        if (text.len >= len &&
            span_is(span_from(text, text.len - len), tails[i])) {
            text = span_first(text, text.len - len);
        }
        if (span_starts(text, tails[i])) {
            text = span_from(text, len);
        }
        text = rules_trim_start(rules_trim_end(text, ":,("), ":,");
    }
    return text;
}
