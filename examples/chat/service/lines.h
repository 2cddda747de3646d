/*
 * lines.h - where a text may be cut: lines, headings, paragraphs, sentences.
 *
 * SPDX-License-Identifier: MIT
 *
 * Texts are well-formed UTF-8; a line ends with LF, CR or CRLF.
 */
#ifndef CHAT_LINES_H
#define CHAT_LINES_H

#include <stddef.h>
#include <stdint.h>

/** A line without its end. */
struct line {
    size_t start;   /* offset of its first byte */
    size_t len;     /* bytes */
    size_t next;    /* offset behind its end */
    int64_t number; /* from 1 */
};

/** Steps to the next line; a zeroed struct is before the first one.
 *  @return 0 at the end of the text. */
int line_next(const char *text, size_t len, struct line *line);

/** Not 0 for a line of white space alone. */
int line_blank(const char *text, const struct line *line);

/** Not 0 for a heading of Markdown: one to six #, then a space. */
int line_heading(const char *text, const struct line *line);

/** Line ends in a piece of text, a CR at its very end not counted if an LF
 *  follows there. */
int64_t line_count(const char *text, size_t len);

/**
 * The best place to cut a text at or before @p most: behind a sentence, else
 * behind a word, else between two characters.
 *
 * @param least  Nothing is cut before it; less than @p most.
 */
size_t sentence_cut(const char *text, size_t least, size_t most);

/** Where the sentence or line that holds @p from ends and the next begins; @p
 *  end if there is none before it. */
size_t sentence_start(const char *text, size_t from, size_t end);

#endif /* CHAT_LINES_H */
