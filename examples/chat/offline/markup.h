/*
 * markup.h - the words of a Markdown line without its marks.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_MARKUP_H
#define CHAT_OFFLINE_MARKUP_H

#include "offline/span.h"

/** The text of a line: without emphasis, code marks, images, links (their text
 *  stays) and backslashes; white space in one piece.  Plain text stays as it
 *  is.  free() it. */
char *markup_plain(struct span line);

/** Not 0 for a rule under a table's header: "|---|:--:|" or "--- | ---". */
int markup_is_table_rule(struct span line);

/** Cuts a table's row at its bars.
 *  @return how many cells, at most @p max. */
size_t markup_cells(struct span line, struct span *cells, size_t max);

/** The level of a heading that begins with '#'; 0 for none.
 *  @param text  Out: what it says. */
int markup_heading(struct span line, struct span *text);

/** Bytes of the mark of a list item at the start: "- ", "* ", "1. ", "b) ", a
 *  bullet; 0 for none.  @param ordered  Out: not 0 for digits or a letter. */
size_t markup_item(struct span line, int *ordered);

#endif /* CHAT_OFFLINE_MARKUP_H */
