/*
 * rules.c - what the rules of a syllabus have in common.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/rules.h"

#include <string.h>

#include "base/json.h"

json_t *rules_text(struct span text)
{
    const struct span bare = span_trim(text);
    return bare.len > 0 ? json_text_of(bare.at, bare.len) : json_null();
}

void rules_text_add(json_t *list, struct span text)
{
    json_t *const value = rules_text(text);
    if (json_is_string(value)) {
        (void)json_array_append_new(list, value);
    }
}

struct span rules_trim_start(struct span text, const char *marks)
{
    for (;;) {
        text = span_trim(text);
        const size_t dash = span_dash(text, 0);
        if (dash == 0 && (text.len == 0 || text.at[0] == '\0' ||
                          strchr(marks, text.at[0]) == NULL)) {
            return text;
        }
        text = span_from(text, dash > 0 ? dash : 1);
    }
}

struct span rules_trim_end(struct span text, const char *marks)
{
    for (;;) {
        text = span_trim(text);
        const char last = text.len > 0 ? text.at[text.len - 1] : '\0';
        if (last != '\0' && (last == '-' || strchr(marks, last) != NULL)) {
            text.len -= 1;
        } else if (text.len >= 3 && span_dash(text, text.len - 3) == 3) {
            text.len -= 3;
        } else {
            return text;
        }
    }
}

/* The next letter or digit from @p at on, in lower case; 0 at the end. */
static int next_letter(struct span text, size_t *at)
{
    while (*at < text.len) {
        const char c = text.at[(*at)++];
        if (c >= 'A' && c <= 'Z') {
            return c - 'A' + 'a';
        }
        if (span_is_letter(c)) {
            return (unsigned char)c;
        }
    }
    return 0;
}

int rules_same(struct span a, struct span b)
{
    size_t at_a = 0;
    size_t at_b = 0;
    for (;;) {
        const int letter = next_letter(a, &at_a);
        if (letter != next_letter(b, &at_b)) {
            return 0;
        }
        if (letter == 0) {
            return 1;
        }
    }
}

size_t rules_column(const struct row *header, const char *words, size_t none)
{
    for (size_t i = 0; i < header->cell_count; i++) {
        if (span_is_word(header->cells[i], words)) {
            return i;
        }
    }
    for (size_t i = 0; i < header->cell_count; i++) {
        if (span_has_word(header->cells[i], words)) {
            return i;
        }
    }
    return none;
}

/* Where "name: value" is cut: behind a colon, or a dash with spaces, near the
 * start. */
static size_t pair_mark(struct span text, size_t *mark)
{
    for (size_t at = 1; at < text.len && at <= 40; at++) {
        if (text.at[at] == ':') {
            *mark = 1;
            return at;
        }
        const size_t dash = span_dash(text, at);
        if (dash > 0 && text.at[at - 1] == ' ' && at + dash < text.len &&
            text.at[at + dash] == ' ') {
            *mark = dash;
            return at;
        }
    }
    return text.len;
}

int rules_pair(const struct row *row, struct span *name, struct span *value)
{
    if (row->kind == ROW_CELLS) {
        if (row->cell_count != 2) {
            return 0;
        }
        *name = row->cells[0];
        *value = row->cells[1];
        if (name->len > 0 && name->at[name->len - 1] == ':') {
            name->len--;
        }
        return name->len > 0 && value->len > 0;
    }
    size_t mark = 0;
    const size_t at = pair_mark(row->text, &mark);
    *name = span_trim(span_first(row->text, at));
    *value = span_trim(span_from(row->text, at + mark));
    return at < row->text.len && name->len > 0 && value->len > 0;
}
