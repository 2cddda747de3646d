/*
 * markup.c - the words of a Markdown line without its marks.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/markup.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

/* The end of a link or an image behind its text: "](address)" or "][name]".
 * @return its bytes; 0 if there is none. */
static size_t link_tail(struct span rest)
{
    if (rest.len < 3 || rest.at[0] != ']' ||
        (rest.at[1] != '(' && rest.at[1] != '[')) {
        return 0;
    }
    const char close = rest.at[1] == '(' ? ')' : ']';
    for (size_t i = 2; i < rest.len; i++) {
        if (rest.at[i] == close) {
            return i + 1;
        }
    }
    return 0;
}

/* Not 0 if the '[' at the start opens the text of a link. */
static int opens_link(struct span rest)
{
    for (size_t i = 1; i < rest.len && rest.at[i] != '['; i++) {
        if (rest.at[i] == ']') {
            return link_tail(span_from(rest, i)) > 0;
        }
    }
    return 0;
}

/* Not 0 if the mark at @p at is emphasis: stars and back quotes always are,
 * underscores only at the edge of a word. */
static int is_emphasis(struct span line, size_t at)
{
    const char c = line.at[at];
    if (c == '*' || c == '`') {
        /* A star between spaces is a sign. */
        const int left = at == 0 || span_is_space(line.at[at - 1]);
        const int right = at + 1 == line.len || span_is_space(line.at[at + 1]);
        return !(left && right) || c == '`';
    }
    if (c != '_') {
        return 0;
    }
    const int before = at > 0 && span_is_letter(line.at[at - 1]);
    const int behind =
        at + 1 < line.len && span_is_letter(line.at[at + 1]);
    return !(before && behind);
}

/* Bytes of a line break in HTML at the start, which tables use. */
static size_t html_break(struct span rest)
{
    static const char *const tags[] = {"<br>", "<br/>", "<br />"};
    for (size_t i = 0; i < 3; i++) {
        if (span_starts(rest, tags[i])) {
            return strlen(tags[i]);
        }
    }
    return 0;
}

/* Takes what stands at @p at.  @return its bytes. */
static size_t take(struct span line, size_t at, struct buf *out, int *in_link)
{
    const struct span rest = span_from(line, at);
    const size_t line_break = html_break(rest);
    if (line_break > 0) {
        (void)buf_add(out, ";", 1);
        return line_break;
    }
    if (rest.at[0] == '\\' && rest.len > 1 &&
        strchr("\\`*_{}[]()#+-.!|~&%<>", rest.at[1]) != NULL) {
        (void)buf_add(out, rest.at + 1, 1);
        return 2;
    }
    if (span_starts(rest, "![") && opens_link(span_from(rest, 1))) {
        return 1;
    }
    if (rest.at[0] == '[' && opens_link(rest)) {
        *in_link = 1;
        return 1;
    }
    if (*in_link && link_tail(rest) > 0) {
        *in_link = 0;
        return link_tail(rest);
    }
    if (is_emphasis(line, at)) {
        return 1;
    }
    const int space = span_is_space(rest.at[0]);
    if (!space || (out->len > 0 && out->at[out->len - 1] != ' ')) {
        (void)buf_add(out, space ? " " : rest.at, 1);
    }
    return 1;
}

char *markup_plain(struct span line)
{
    struct buf out;
    memset(&out, 0, sizeof out);
    int in_link = 0;
    const struct span trimmed = span_trim(line);
    size_t at = 0;
    while (at < trimmed.len) {
        at += take(trimmed, at, &out, &in_link);
    }
    const struct span plain = span_trim(span_text(buf_text(&out)));
    char *const text = mem_copy(plain.at, plain.len);
    buf_free(&out);
    return text;
}

int markup_is_table_rule(struct span line)
{
    int bars = 0;
    int dashes = 0;
    for (size_t i = 0; i < line.len; i++) {
        if (strchr("|-: \t", line.at[i]) == NULL) {
            return 0;
        }
        bars += line.at[i] == '|';
        dashes += line.at[i] == '-';
    }
    return bars > 0 && dashes > 0;
}

size_t markup_cells(struct span line, struct span *cells, size_t max)
{
    struct span rest = span_trim(line);
    size_t count = 0;
    if (rest.len > 0 && rest.at[0] == '|') {
        rest = span_from(rest, 1);
    }
    if (rest.len > 0 && rest.at[rest.len - 1] == '|') {
        rest.len--;
    }
    while (count < max) {
        size_t len = 0;
        while (len < rest.len &&
               (rest.at[len] != '|' || (len > 0 && rest.at[len - 1] == '\\'))) {
            len++;
        }
        cells[count++] = span_trim(span_first(rest, len));
        if (len == rest.len) {
            break;
        }
        rest = span_from(rest, len + 1);
    }
    return count;
}

int markup_heading(struct span line, struct span *text)
{
    int level = 0;
    while ((size_t)level < line.len && line.at[level] == '#') {
        level++;
    }
    if (level == 0 || level > 6 || (size_t)level == line.len ||
        !span_is_space(line.at[level])) {
        return 0;
    }
    *text = span_trim(span_from(line, (size_t)level));
    while (text->len > 0 && text->at[text->len - 1] == '#') {
        text->len--;
    }
    *text = span_trim(*text);
    return text->len > 0 ? level : 0;
}

size_t markup_item(struct span line, int *ordered)
{
    static const char *const bullets[] = {"- ", "* ", "+ ", "\xE2\x80\xA2",
                                          "\xE2\x80\x93 ", "\xC2\xB7", "o "};
    *ordered = 0;
    for (size_t i = 0; i < sizeof bullets / sizeof bullets[0]; i++) {
        if (span_starts(line, bullets[i]) &&
            (line.at[0] != 'O' && line.len > strlen(bullets[i]))) {
            return strlen(bullets[i]);
        }
    }
    long number;
    size_t len = span_number(line, &number);
    if (len == 0 && line.len > 0 && line.at[0] >= 'a' && line.at[0] <= 'z') {
        len = 1;
    }
    if (len == 0 || len > 3 || len + 2 > line.len ||
        (line.at[len] != '.' && line.at[len] != ')') ||
        !span_is_space(line.at[len + 1])) {
        return 0;
    }
    *ordered = 1;
    return len + 2;
}
