/*
 * outline.c - what the lines of a document are, Markdown or plain text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/outline.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "offline/markup.h"

#define LEVELS 9
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

/* A line as it stands, and what is around it. */
struct reader {
    struct span *lines;
    size_t count;
    int top;
};

static int is_blank(const struct reader *reader, size_t at)
{
    return at >= reader->count || span_trim(reader->lines[at]).len == 0;
}

static size_t indent_of(struct span line)
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

static int is_break(struct span line)
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
static int is_numbered(const struct reader *reader, size_t at)
{
    const struct span line = span_trim(reader->lines[at]);
    int ordered = 0;
    const size_t mark = markup_item(line, &ordered);
    const char last = line.len > 0 ? line.at[line.len - 1] : '.';
    return ordered && mark > 0 && span_is_digit(line.at[0]) &&
           line.len <= 60 && strchr(".,;:", last) == NULL &&
           (at == 0 || is_blank(reader, at - 1)) && is_blank(reader, at + 1) &&
           indent_of(reader->lines[at]) == 0;
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
static int is_title(const struct reader *reader, size_t at)
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

/* The level of a heading; 0 if the line is none. */
static int level_of(const struct reader *reader, size_t at, struct span *text)
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

static int is_cells(const struct reader *reader, size_t at)
{
    const struct span line = span_trim(reader->lines[at]);
    if (line.at[0] == '|') {
        return 1;
    }
    if (memchr(line.at, '|', line.len) == NULL) {
        return 0;
    }
    return (at > 0 && (markup_is_table_rule(reader->lines[at - 1]) ||
                       memchr(reader->lines[at - 1].at, '|',
                              reader->lines[at - 1].len) != NULL)) ||
           (at + 1 < reader->count &&
            markup_is_table_rule(reader->lines[at + 1]));
}

static void own_text(struct row *row, struct span text)
{
    row->owned = markup_plain(text);
    row->text = span_text(row->owned);
}

/* Adds a line to the item above it. */
static void join(struct row *row, struct span line)
{
    struct buf both;
    memset(&both, 0, sizeof both);
    (void)buf_add(&both, row->text.at, row->text.len);
    (void)buf_add_text(&both, " ");
    char *const more = markup_plain(line);
    (void)buf_add_text(&both, more);
    free(more);
    free(row->owned);
    row->owned = both.at;
    row->text = span_of(both.at, both.len);
}

/* Cuts the row of a table; the cells stand in one piece of memory. */
static void own_cells(struct row *row, struct span line)
{
    struct span raw[OUTLINE_CELLS];
    struct buf all;
    memset(&all, 0, sizeof all);
    row->cell_count = markup_cells(line, raw, OUTLINE_CELLS);
    for (size_t i = 0; i < row->cell_count; i++) {
        char *const plain = markup_plain(raw[i]);
        row->cells[i].len = strlen(plain);
        (void)buf_add(&all, plain, row->cells[i].len + 1);
        free(plain);
    }
    const char *at = all.at;
    for (size_t i = 0; i < row->cell_count; i++) {
        row->cells[i].at = at;
        at += row->cells[i].len + 1;
    }
    row->owned = all.at;
    row->text = row->cells[0];
}

/* Reads one line that is not blank into a fresh row.
 * @return not 0 unless the line is no row of its own. */
static int read_row(const struct reader *reader, size_t at,
                    const struct row *last, struct row *row)
{
    const struct span line = span_trim(reader->lines[at]);
    struct span text = line;
    row->indent = indent_of(reader->lines[at]);
    if (is_break(line) || markup_is_table_rule(line)) {
        return 0;
    }
    if (is_cells(reader, at)) {
        row->kind = ROW_CELLS;
        row->first = last == NULL || last->kind != ROW_CELLS;
        row->headed = row->first ? at + 1 < reader->count &&
                                       markup_is_table_rule(
                                           reader->lines[at + 1])
                                 : last->headed;
        own_cells(row, line);
        return 1;
    }
    row->level = level_of(reader, at, &text);
    int ordered = 0;
    const size_t mark = markup_item(line, &ordered);
    row->kind = row->level > 0 ? ROW_HEADING : mark > 0 ? ROW_ITEM : ROW_TEXT;
    own_text(row, row->kind == ROW_ITEM ? span_from(line, mark) : text);
    if (row->text.len == 0) {
        row->kind = ROW_BLANK; /* marks alone say nothing */
    }
    return 1;
}

static void read_rows(struct outline *outline, const struct reader *reader)
{
    outline->rows =
        (struct row *)mem_zero(reader->count + 1, sizeof *outline->rows);
    int in_fence = 0;
    for (size_t i = 0; i < reader->count; i++) {
        struct row *const row = &outline->rows[outline->count];
        struct row *const last = outline->count > 0 ? row - 1 : NULL;
        const struct span line = span_trim(reader->lines[i]);
        if (span_starts(line, "```") || span_starts(line, "~~~")) {
            in_fence = !in_fence;
        } else if (line.len == 0 || in_fence) {
            row->kind = ROW_BLANK;
            row->text = span_text("");
            outline->count++;
        } else if (last != NULL && last->kind == ROW_ITEM &&
                   indent_of(reader->lines[i]) > last->indent) {
            int ordered = 0;
            if (markup_item(line, &ordered) == 0) {
                join(last, line);
            } else {
                outline->count += read_row(reader, i, last, row) ? 1 : 0;
            }
        } else {
            outline->count += read_row(reader, i, last, row) ? 1 : 0;
        }
    }
}

/* Says of each row what the headings above it are about.  The document's
 * title tells nothing: it names the course. */
static void mark_areas(struct outline *outline, int top)
{
    enum area areas[LEVELS];
    int level = 0;
    int titled = !top;
    memset(areas, 0, sizeof areas);
    for (size_t i = 0; i < outline->count; i++) {
        struct row *const row = &outline->rows[i];
        if (row->kind == ROW_HEADING) {
            level = row->level;
            const enum area own = titled || level > 1
                                      ? outline_area(row->text)
                                      : AREA_NONE;
            areas[level] = own != AREA_NONE ? own : areas[level - 1];
            for (int deeper = level + 1; deeper < LEVELS; deeper++) {
                areas[deeper] = areas[level];
            }
        }
        titled = titled || row->kind != ROW_BLANK;
        row->area = areas[level];
    }
}

void outline_read(struct outline *outline, struct span text, int top)
{
    struct reader reader = {NULL, 0, top};
    struct span rest = text;
    struct span line;
    size_t room = 0;
    memset(outline, 0, sizeof *outline);
    while (span_line(&rest, &line)) {
        if (reader.count == room) {
            room = room > 0 ? room * 2 : 64;
            reader.lines = (struct span *)mem_resize(reader.lines, room,
                                                     sizeof *reader.lines);
        }
        reader.lines[reader.count++] = line;
    }
    read_rows(outline, &reader);
    mark_areas(outline, top);
    free(reader.lines);
}

void outline_free(struct outline *outline)
{
    for (size_t i = 0; i < outline->count; i++) {
        free(outline->rows[i].owned);
    }
    free(outline->rows);
    memset(outline, 0, sizeof *outline);
}
