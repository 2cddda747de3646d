/*
 * headings.c - which lines of a text are headings, and what they are about.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/headings.h"

#include <string.h>

#include "offline/markup.h"

#define LEVEL_PLAIN 2 /* headings of plain text */
#define LEVEL_BOLD 7  /* a line of bold text alone */
#define LEVEL_LABEL 8 /* "Required texts:" */
#define HEADING_MAX 80 /* bytes of a heading that has no mark of one */

enum area outline_area(struct span heading)
{
    if (span_has_word(heading, "grading scale|grade scale|letter grades|"
                               "letter grade|grade cutoffs|scale") ||
        span_is_word(heading, "grades|grade|final grade|final grades")) {
        return AREA_SCALE;
    }
    if (span_has_word(heading,
                      "assessment|assessments|grading|evaluation|weighting|"
                      "weights|grade breakdown|grade distribution|graded work|"
                      "graded components|grade components|course requirements|"
                      "coursework|marking|components of the grade|"
                      "course grade|exams and assignments")) {
        return AREA_ASSESS;
    }
    if (span_has_word(heading,
                      "book|books|textbook|textbooks|text|texts|literature|"
                      "reading list|required reading|required readings|"
                      "recommended reading|recommended readings|readings|"
                      "further reading|bibliography|references|"
                      "course materials|required materials")) {
        return AREA_BOOKS;
    }
    if (span_has_word(heading, "units|schedule|topics|outline|modules|"
                               "course content|course contents|curriculum|"
                               "weekly plan|lecture plan|weeks|lectures")) {
        return AREA_UNITS;
    }
    return AREA_NONE;
}

static int is_blank(const struct outline_lines *reader, size_t at)
{
    return at >= reader->count || span_trim(reader->lines[at]).len == 0;
}

size_t line_indent(struct span line)
{
    size_t indent = 0;
    for (size_t i = 0; i < line.len && span_is_space(line.at[i]); i++) {
        indent += line.at[i] == '\t' ? 4 : 1;
    }
    return indent;
}

/* Not 0 for a line of one kind of mark alone: "====", "----". */
static int is_underline(struct span line, char mark)
{
    const struct span bare = span_trim(line);
    for (size_t i = 0; i < bare.len; i++) {
        if (bare.at[i] != mark) {
            return 0;
        }
    }
    return bare.len >= 3;
}

int line_is_break(struct span line)
{
    return is_underline(line, '-') || is_underline(line, '=') ||
           is_underline(line, '*') || is_underline(line, '_');
}

/* Not 0 for a title in capitals: letters, more of them than digits, and none
 * of them small. */
static int is_capitals(struct span line)
{
    size_t letters = 0;
    size_t digits = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (line.at[i] >= 'a' && line.at[i] <= 'z') {
            return 0;
        }
        letters += line.at[i] >= 'A' && line.at[i] <= 'Z';
        digits += span_is_digit(line.at[i]) ? 1 : 0;
    }
    return letters >= 4 && letters > digits && line.len <= HEADING_MAX &&
           line.at[0] != '|';
}

/* Not 0 for "2. What is there" alone between blank lines. */
static int is_numbered(const struct outline_lines *reader, size_t at)
{
    const struct span line = span_trim(reader->lines[at]);
    int ordered = 0;
    const size_t mark = markup_item(line, &ordered);
    const char last = line.len > 0 ? line.at[line.len - 1] : '.';
    return ordered && mark > 0 && span_is_digit(line.at[0]) &&
           line.len <= 60 && strchr(".,;:", last) == NULL &&
           (at == 0 || is_blank(reader, at - 1)) && is_blank(reader, at + 1) &&
           line_indent(reader->lines[at]) == 0;
}

/* Not 0 for "**Assessment**" alone. */
static int is_bold(struct span line)
{
    const size_t len = line.len;
    const char *const at = line.at;
    return len > 4 && len <= HEADING_MAX &&
           (memcmp(at, "**", 2) == 0 || memcmp(at, "__", 2) == 0) &&
           memcmp(at + len - 2, at, 2) == 0 &&
           span_find(span_of(at + 2, len - 4), "**") == len - 4;
}

/* Not 0 for "Course schedule" behind a blank line: a few words that begin with
 * a capital and end no sentence. */
static int is_title(const struct outline_lines *reader, size_t at)
{
    const struct span line = span_trim(reader->lines[at]);
    int ordered = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (strchr(".,;:|%", line.at[i]) != NULL) {
            return 0;
        }
    }
    return line.len <= 40 && line.at[0] >= 'A' && line.at[0] <= 'Z' &&
           (at == 0 || is_blank(reader, at - 1)) &&
           markup_item(line, &ordered) == 0;
}

int heading_level(const struct outline_lines *reader, size_t at,
                  struct span *text)
{
    const struct span line = span_trim(reader->lines[at]);
    const int marked = markup_heading(line, text);
    if (marked > 0) {
        return marked;
    }
    *text = line;
    if (at + 1 < reader->count && line.at[0] != '|') {
        int ordered = 0;
        if (is_underline(reader->lines[at + 1], '=')) {
            return 1;
        }
        if (is_underline(reader->lines[at + 1], '-') &&
            markup_item(line, &ordered) == 0) {
            return 2;
        }
    }
    if (is_bold(line)) {
        return LEVEL_BOLD;
    }
    if (is_capitals(line) || is_numbered(reader, at)) {
        return LEVEL_PLAIN;
    }
    if (line.len > HEADING_MAX || outline_area(line) == AREA_NONE) {
        return 0;
    }
    if (line.at[line.len - 1] == ':') {
        return LEVEL_LABEL;
    }
    return is_title(reader, at) ? LEVEL_PLAIN : 0;
}
