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
#include "offline/headings.h"
#include "offline/markup.h"

#define LEVELS 9

static int is_cells(const struct outline_lines *reader, size_t at)
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
static int read_row(const struct outline_lines *reader, size_t at,
                    const struct row *last, struct row *row)
{
    const struct span line = span_trim(reader->lines[at]);
    struct span text = line;
    row->indent = line_indent(reader->lines[at]);
    if (line_is_break(line) || markup_is_table_rule(line)) {
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
    row->level = heading_level(reader, at, &text);
    int ordered = 0;
    const size_t mark = markup_item(line, &ordered);
    row->kind = row->level > 0 ? ROW_HEADING : mark > 0 ? ROW_ITEM : ROW_TEXT;
    own_text(row, row->kind == ROW_ITEM ? span_from(line, mark) : text);
    if (row->text.len == 0) {
        row->kind = ROW_BLANK; /* marks alone say nothing */
    }
    return 1;
}

static void read_rows(struct outline *outline,
                      const struct outline_lines *reader)
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
                   line_indent(reader->lines[i]) > last->indent) {
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
    struct outline_lines reader = {NULL, 0, top};
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
