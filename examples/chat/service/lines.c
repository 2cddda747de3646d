/*
 * lines.c - where a text may be cut: lines, headings, paragraphs, sentences.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/lines.h"

#include <string.h>

#include "base/utf8.h"

static int is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

int line_next(const char *text, size_t len, struct line *line)
{
    size_t at = line->next;
    if (at >= len) {
        return 0;
    }
    line->start = at;
    line->number++;
    while (at < len && text[at] != '\n' && text[at] != '\r') {
        at++;
    }
    line->len = at - line->start;
    if (at < len) {
        at += text[at] == '\r' && at + 1 < len && text[at + 1] == '\n' ? 2 : 1;
    }
    line->next = at;
    return 1;
}

int line_blank(const char *text, const struct line *line)
{
    for (size_t i = 0; i < line->len; i++) {
        if (!is_space(text[line->start + i])) {
            return 0;
        }
    }
    return 1;
}

int line_heading(const char *text, const struct line *line)
{
    size_t marks = 0;
    while (marks < line->len && text[line->start + marks] == '#') {
        marks++;
    }
    return marks >= 1 && marks <= 6 && marks < line->len &&
           text[line->start + marks] == ' ';
}

int64_t line_count(const char *text, size_t len)
{
    int64_t count = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n')) {
            count++;
        }
    }
    return count;
}

/* A full stop, a question or an exclamation mark ends a sentence if white
 * space follows, and so does every line end. */
static int ends_sentence(const char *text, size_t at)
{
    if (text[at] == '\n') {
        return 1;
    }
    return strchr(".?!", text[at]) != NULL && text[at] != '\0' &&
           is_space(text[at + 1]);
}

size_t sentence_cut(const char *text, size_t least, size_t most)
{
    for (size_t at = most; at > least; at--) {
        if (ends_sentence(text, at - 1)) {
            return at;
        }
    }
    for (size_t at = most; at > least; at--) {
        if (is_space(text[at - 1])) {
            return at;
        }
    }
    size_t cut = utf8_floor(text + least, most - least) + least;
    return cut > least ? cut : most;
}

size_t sentence_start(const char *text, size_t from, size_t end)
{
    for (size_t at = from; at < end; at++) {
        if (ends_sentence(text, at)) {
            at++;
            while (at < end && is_space(text[at])) {
                at++;
            }
            return at;
        }
    }
    return end;
}
