/*
 * outline.h - what the lines of a document are, Markdown or plain text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_OUTLINE_H
#define CHAT_OFFLINE_OUTLINE_H

#include "offline/span.h"

#define OUTLINE_CELLS 12

/** What a line is. */
enum row_kind {
    ROW_BLANK,
    ROW_HEADING, /* of any style, also a label such as "Required texts:" */
    ROW_ITEM,    /* of a list, with its continuation lines */
    ROW_CELLS,   /* of a table; rules under headers are left out */
    ROW_TEXT
};

/** What the part of the document is about that a line stands in. */
enum area {
    AREA_NONE,
    AREA_ASSESS, /* how the course is assessed */
    AREA_SCALE,  /* which points make which grade */
    AREA_BOOKS,
    AREA_UNITS
};

struct row {
    enum row_kind kind;
    enum area area;
    int level;         /* ROW_HEADING: 1 is the highest; labels are lowest */
    int first;         /* ROW_CELLS: the first of its table */
    int headed;        /* ROW_CELLS: a rule stands under the table's first */
    size_t indent;     /* spaces before it */
    struct span text;  /* what it says, without marks; empty for ROW_BLANK, and
                          maybe for ROW_CELLS */
    struct span cells[OUTLINE_CELLS];
    size_t cell_count;
    char *owned;       /* memory of text and cells */
};

struct outline {
    struct row *rows;
    size_t count;
};

/** Reads a text.  @param top  Not 0 if it begins with the document's first
 *  line. */
void outline_read(struct outline *outline, struct span text, int top);

/** Gives the memory back. */
void outline_free(struct outline *outline);

/** What a heading is about by its own words. */
enum area outline_area(struct span heading);

#endif /* CHAT_OFFLINE_OUTLINE_H */
