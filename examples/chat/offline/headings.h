/*
 * headings.h - which lines of a text are headings; for outline.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_HEADINGS_H
#define CHAT_OFFLINE_HEADINGS_H

#include "offline/outline.h"

/** Lines as they stand: what one is depends on those around it. */
struct outline_lines {
    struct span *lines;
    size_t count;
    int top;
};

/** The level of a heading, 1 the highest; 0 if the line, which is not blank,
 *  is none.  @param text  Out: what it says. */
int heading_level(const struct outline_lines *reader, size_t at,
                  struct span *text);

/** Not 0 for a line of one kind of mark alone, such as "====". */
int line_is_break(struct span line);

/** Spaces before a line; a tab counts as four. */
size_t line_indent(struct span line);

#endif /* CHAT_OFFLINE_HEADINGS_H */
