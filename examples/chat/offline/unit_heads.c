/*
 * unit_heads.c - lines such as "Unit 3: Streaming to the browser".
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/unit_heads.h"

#include <string.h>

#include "offline/rules.h"

#define TITLE_MAX 160 /* bytes; a longer one is a sentence */

/* Words that begin a unit.  Those of the second row count time: where a
 * document has both, it is ordered by those of the first. */
static const char *const unit_words[2][6] = {
    {"unit", "module", "chapter", "part", "topic", "block"},
    {"week", "weeks", "lecture", "session", "class", "lesson"},
};

static const char *const number_words[] = {
    "zero", "one", "two",   "three", "four", "five",   "six",
    "seven", "eight", "nine", "ten",   "eleven", "twelve"};

/* Reads a roman number in capitals up to 39.  @return its bytes. */
static size_t roman(struct span text, long *number)
{
    size_t len = 0;
    long sum = 0;
    long last = 0;
    while (len < text.len && strchr("IVX", text.at[len]) != NULL) {
        const char c = text.at[len];
        const long value = c == 'I' ? 1 : c == 'V' ? 5 : 10;
        sum += value > last ? value - 2 * last : value;
        last = value;
        len++;
    }
    if (len == 0 || len > 6 ||
        (len < text.len && span_is_letter(text.at[len]) &&
         (unsigned char)text.at[len] < 0x80)) {
        return 0;
    }
    *number = sum;
    return len;
}

size_t unit_number_read(struct span text, long *number)
{
    size_t len = span_number(text, number);
    if (len > 0) {
        struct span rest = span_from(text, len);
        const size_t gap = rest.len > 1 && rest.at[0] == ' ' ? 1 : 0;
        const size_t dash = span_dash(rest, gap);
        long last = 0;
        const size_t more =
            dash > 0 ? span_number(span_from(rest, gap + dash), &last) : 0;
        return len > 3 ? 0 : more > 0 ? len + gap + dash + more : len;
    }
    for (size_t i = 0; i < sizeof number_words / sizeof number_words[0]; i++) {
        const size_t size = strlen(number_words[i]);
        if (span_starts(text, number_words[i]) &&
            (text.len == size || !span_is_letter(text.at[size]))) {
            *number = (long)i;
            return size;
        }
    }
    return roman(text, number);
}

/* Takes a date or a remark in parentheses off the start. */
static struct span without_remark(struct span text)
{
    const struct span bare = span_trim(text);
    if (bare.len > 0 && bare.at[0] == '(') {
        const size_t close = span_find(bare, ")");
        return span_trim(span_from(bare, close + 1));
    }
    return bare;
}

/* Bytes of the mark between number and title; 0 if there is none. */
static size_t title_mark(struct span rest)
{
    const size_t dash = span_dash(rest, 0);
    if (dash > 0) {
        return dash;
    }
    return rest.len > 0 && strchr(":.)|", rest.at[0]) != NULL ? 1 : 0;
}

int unit_head_read(struct span text, int heading, struct unit_head *head)
{
    size_t len = 0;
    for (int family = 0; family < 2 && len == 0; family++) {
        for (size_t i = 0; i < 6; i++) {
            const size_t size = strlen(unit_words[family][i]);
            if (span_starts(text, unit_words[family][i]) &&
                text.len > size + 1 && text.at[size] == ' ') {
                head->family = family;
                len = size + 1;
            }
        }
    }
    if (len == 0 || text.at[0] < 'A' || text.at[0] > 'Z') {
        return 0;
    }
    const size_t digits = unit_number_read(span_from(text, len), &head->number);
    if (digits == 0) {
        return 0;
    }
    const struct span rest = without_remark(span_from(text, len + digits));
    const size_t mark = title_mark(rest);
    if (mark == 0 && (!heading || (rest.len > 0 && rest.at[0] == ','))) {
        return 0;
    }
    head->title = without_remark(span_from(rest, mark));
    return head->title.len <= TITLE_MAX && (heading || head->title.len > 0);
}

int rules_is_unit(struct span text, int heading)
{
    struct unit_head head;
    return unit_head_read(text, heading, &head);
}
