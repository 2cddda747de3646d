/*
 * rules_course.c - which course it is, who teaches it, and when.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/json.h"
#include "offline/course_codes.h"
#include "offline/rules.h"

#define TOP_ROWS 16 /* rows at the top of a document that may name the course */

/* Names of pairs; the first column is the member they tell. */
static const struct {
    const char *member;
    const char *names;
} pairs[] = {
    {"code", "course code|course number|course no|course no.|course id|"
             "subject code|module code|code"},
    {"title", "course title|course name|module title|module name|subject|"
              "title|course"},
    {"instructor", "instructor|instructors|course instructor|lecturer|"
                   "lecturers|professor|teacher|teachers|taught by|"
                   "course coordinator|coordinator|module leader|"
                   "course leader|convener|course convener"},
    {"term", "term|semester|academic term|quarter|session|teaching period|"
             "term and year|semester and year|academic semester"},
};

static int is_open(const json_t *course, const char *member)
{
    return !json_is_string(json_object_get(course, member));
}

static void set(json_t *course, const char *member, struct span value)
{
    if (is_open(course, member) && span_trim(value).len > 0) {
        json_put(course, member, rules_text(value));
    }
}

/* Reads "CS 342: Networked Systems".  @return not 0 if there is a code. */
static int code_and_title(json_t *course, struct span text)
{
    const struct span line = course_title_trim(text);
    const size_t len = course_code_len(line);
    if (len == 0) {
        return 0;
    }
    struct span title = span_trim(span_from(line, len));
    const size_t dash = span_dash(title, 0);
    const int marked = dash > 0 || (title.len > 0 &&
                                    strchr(":,.|", title.at[0]) != NULL);
    title = span_trim(span_from(title, dash > 0 ? dash : marked ? 1 : 0));
    if (title.len > 0 && !marked &&
        !((title.at[0] >= 'A' && title.at[0] <= 'Z') ||
          (unsigned char)title.at[0] >= 0x80)) {
        return 0; /* "CS 201 is required" is a sentence */
    }
    set(course, "code", span_first(line, len));
    set(course, "title", title);
    return 1;
}

/* A name without an address: "Dr. King (king@x.edu)". */
static struct span without_contact(struct span value)
{
    size_t len = 0;
    while (len < value.len && strchr("(<[|;", value.at[len]) == NULL) {
        len++;
    }
    struct span name = span_trim(span_first(value, len));
    const size_t mail = span_find(name, "@");
    if (mail < name.len) {
        size_t cut = mail;
        while (cut > 0 && !span_is_space(name.at[cut - 1]) &&
               name.at[cut - 1] != ',') {
            cut--;
        }
        name = span_trim(span_first(name, cut));
    }
    return rules_trim_end(name, ",");
}

static void take_pair(json_t *course, struct span name, struct span value)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (!span_is_word(name, pairs[i].names) || value.len > 160) {
            continue;
        }
        if (i == 1) {
            if (!code_and_title(course, value)) {
                set(course, "title", course_title_trim(value));
            }
        } else if (i == 0) {
            if (!code_and_title(course, value)) {
                set(course, "code", value);
            }
        } else {
            set(course, pairs[i].member,
                i == 2 ? without_contact(value) : value);
        }
    }
}

/* Finds "Autumn 2026", "Fall Semester 2026", "2026 Spring". */
static size_t season(struct span text, struct span *found)
{
    static const char *const names[] = {"fall", "autumn", "spring", "summer",
                                        "winter", "michaelmas", "hilary",
                                        "trinity"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t at = span_find_word(text, names[i]);
        if (at == text.len) {
            continue;
        }
        size_t end = at + strlen(names[i]);
        struct span rest = span_from(text, end);
        static const char *const words[] = {" term", " semester", " quarter",
                                            " session"};
        for (size_t k = 0; k < 4; k++) {
            if (span_starts(rest, words[k])) {
                end += strlen(words[k]);
                rest = span_from(text, end);
            }
        }
        size_t gap = 0;
        while (gap < rest.len && strchr(" ,", rest.at[gap]) != NULL) {
            gap++;
        }
        long year = 0;
        if (gap > 0 && span_number(span_from(rest, gap), &year) == 4 &&
            year >= 1900 && year < 2200) {
            *found = span_of(text.at + at, end + gap + 4 - at);
            return at;
        }
        if (at >= 5 && span_number(span_of(text.at + at - 5, 4), &year) == 4 &&
            text.at[at - 1] == ' ' && year >= 1900 && year < 2200) {
            *found = span_of(text.at + at - 5, end - at + 5);
            return at;
        }
    }
    return text.len;
}

/* Not 0 if the first line of a document may be what it is called.
 * @param next  The row behind it, or NULL. */
static int is_title(const struct row *row, const struct row *next)
{
    const struct span text = row->text;
    const char last = text.at[text.len - 1];
    if (text.len > 100 || outline_area(text) != AREA_NONE ||
        rules_is_unit(text, 1)) {
        return 0;
    }
    if (row->kind == ROW_HEADING) {
        return 1;
    }
    /* The first line of a paragraph is longer, or cut at any place. */
    const int alone = next == NULL || next->kind != ROW_TEXT;
    return row->kind == ROW_TEXT && strchr(".,:;!?%", last) == NULL &&
           memchr(text.at, '%', text.len) == NULL &&
           memchr(text.at, ':', text.len) == NULL &&
           (alone ||
            (text.len <= 60 && memchr(text.at, ',', text.len) == NULL));
}

/* Reads "History 230 - The Modern World". @return not 0 if it is that. */
static int subject_and_title(json_t *course, struct span text)
{
    const struct span line = course_title_trim(text);
    size_t len = 0;
    long number = 0;
    while (len < line.len && span_is_letter(line.at[len]) &&
           !span_is_digit(line.at[len])) {
        len++;
    }
    if (len < 4 || line.at[0] < 'A' || line.at[0] > 'Z' || len >= line.len ||
        line.at[len] != ' ' || rules_is_unit(line, 1)) {
        return 0;
    }
    const size_t digits = span_number(span_from(line, len + 1), &number);
    const struct span rest = span_trim(span_from(line, len + 1 + digits));
    const size_t dash = span_dash(rest, 0);
    const size_t mark = dash > 0                               ? dash
                        : rest.len > 0 && rest.at[0] == ':' ? 1
                                                               : 0;
    const struct span title = span_trim(span_from(rest, mark));
    if (digits != 3 || mark == 0 || title.len == 0 ||
        span_has_word(span_first(line, len), "room|hall|building|page|top")) {
        return 0;
    }
    set(course, "code", span_first(line, len + 1 + digits));
    set(course, "title", title);
    return 1;
}

/* Not 0 for a school, which often stands above its course. */
static int is_school(struct span text)
{
    return span_has_word(text, "university|college|department|faculty|school|"
                               "institute|academy|polytechnic");
}

/* The first line that may be what the document is called. */
static void take_title(const struct outline *outline, json_t *course)
{
    for (size_t i = 0; i < outline->count; i++) {
        const struct row *const row = &outline->rows[i];
        const struct row *const next =
            i + 1 < outline->count ? row + 1 : NULL;
        if (row->kind == ROW_BLANK || row->kind == ROW_CELLS) {
            continue;
        }
        if (is_school(row->text) && row->text.len <= 100) {
            continue;
        }
        if (is_title(row, next)) {
            set(course, "title", course_title_trim(row->text));
        }
        return;
    }
}

/* What the first lines of a document say without naming it. */
static void take_top(const struct outline *outline, int syllabus,
                     json_t *course)
{
    size_t rows = 0;
    for (size_t i = 0; i < outline->count && rows < TOP_ROWS; i++) {
        const struct row *const row = &outline->rows[i];
        if (row->kind == ROW_BLANK || row->kind == ROW_CELLS) {
            continue;
        }
        if (rules_is_unit(row->text, row->kind == ROW_HEADING)) {
            break; /* "2.10 The continent" may stand below it */
        }
        struct span found;
        if (!code_and_title(course, row->text) && syllabus && rows < 4) {
            (void)subject_and_title(course, row->text);
        }
        if (row->text.len <= 80 && season(row->text, &found) < row->text.len) {
            set(course, "term", found);
        }
        if (span_starts(row->text, "taught by ")) {
            set(course, "instructor",
                without_contact(span_from(row->text, 10)));
        }
        rows++;
    }
    if (syllabus) {
        take_title(outline, course);
    }
}

void rules_course(const struct outline *outline, int top, int syllabus,
                  json_t *course)
{
    for (size_t i = 0; i < outline->count; i++) {
        const struct row *const row = &outline->rows[i];
        struct span name;
        struct span value;
        if (row->kind != ROW_BLANK && row->area != AREA_UNITS &&
            rules_pair(row, &name, &value)) {
            take_pair(course, name, value);
        }
    }
    if (top) {
        take_top(outline, syllabus || !is_open(course, "code"), course);
    }
}
