/*
 * span.c - pieces of a text, looked at without being copied.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/span.h"

#include <string.h>

struct span span_of(const char *at, size_t len)
{
    const struct span span = {at, len};
    return span;
}

struct span span_text(const char *text)
{
    return span_of(text, strlen(text));
}

int span_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

int span_is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           span_is_digit(byte) || (unsigned char)byte >= 0x80;
}

int span_is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct span span_trim(struct span span)
{
    while (span.len > 0 && span_is_space(span.at[span.len - 1])) {
        span.len--;
    }
    while (span.len > 0 && span_is_space(*span.at)) {
        span.at++;
        span.len--;
    }
    return span;
}

struct span span_from(struct span span, size_t from)
{
    const size_t skip = from < span.len ? from : span.len;
    return span_of(span.at + skip, span.len - skip);
}

struct span span_first(struct span span, size_t len)
{
    return span_of(span.at, len < span.len ? len : span.len);
}

int span_line(struct span *rest, struct span *line)
{
    if (rest->len == 0) {
        return 0;
    }
    size_t len = 0;
    while (len < rest->len && rest->at[len] != '\n' && rest->at[len] != '\r') {
        len++;
    }
    *line = span_first(*rest, len);
    size_t next = len;
    if (next < rest->len) {
        const int pair = rest->at[next] == '\r' && next + 1 < rest->len &&
                         rest->at[next + 1] == '\n';
        next += pair ? 2 : 1;
    }
    *rest = span_from(*rest, next);
    return 1;
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static int same(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (lower(a[i]) != lower(b[i])) {
            return 0;
        }
    }
    return 1;
}

int span_is(struct span span, const char *text)
{
    return span.len == strlen(text) && same(span.at, text, span.len);
}

int span_starts(struct span span, const char *text)
{
    const size_t len = strlen(text);
    return span.len >= len && same(span.at, text, len);
}

/* Not 0 if the three bytes are one character of the Unicode block of general
 * punctuation: dashes, quotation marks, ellipses. */
static int is_punctuation(const char *at)
{
    return memcmp(at, "\xE2\x80", 2) == 0;
}

static int letter_before(struct span span, size_t at)
{
    return at > 0 && span_is_letter(span.at[at - 1]) &&
           !(at >= 3 && is_punctuation(span.at + at - 3));
}

static int letter_behind(struct span span, size_t at)
{
    return at < span.len && span_is_letter(span.at[at]) &&
           !(at + 3 <= span.len && is_punctuation(span.at + at));
}

/* Where `len` bytes stand first, as words or at any place. */
static size_t find(struct span span, const char *text, size_t len, int words)
{
    for (size_t i = 0; i + len <= span.len; i++) {
        if (!same(span.at + i, text, len)) {
            continue;
        }
        if (!words ||
            (!letter_before(span, i) && !letter_behind(span, i + len))) {
            return i;
        }
    }
    return span.len;
}

size_t span_find(struct span span, const char *text)
{
    return find(span, text, strlen(text), 0);
}

size_t span_find_word(struct span span, const char *word)
{
    return find(span, word, strlen(word), 1);
}

int span_has_word(struct span span, const char *words)
{
    while (*words != '\0') {
        const size_t len = strcspn(words, "|");
        if (span.len > 0 && find(span, words, len, 1) < span.len) {
            return 1;
        }
        words += len + (words[len] == '|');
    }
    return 0;
}

int span_is_word(struct span span, const char *words)
{
    while (*words != '\0') {
        const size_t len = strcspn(words, "|");
        if (len == span.len && same(span.at, words, len)) {
            return 1;
        }
        words += len + (words[len] == '|');
    }
    return 0;
}

size_t span_letter(struct span span, size_t at)
{
    const struct span rest = span_from(span, at);
    if (rest.len == 0 || !span_is_letter(rest.at[0])) {
        return 0;
    }
    const unsigned char lead = (unsigned char)rest.at[0];
    const size_t len = lead < 0x80   ? 1
                       : lead < 0xE0 ? 2
                       : lead < 0xF0 ? 3
                                     : 4;
    /* The rest of a character, U+0080 to U+00BF, general punctuation, and that
     * of CJK. */
    if ((lead >= 0x80 && lead <= 0xC2) ||
        (rest.len >= 3 && (is_punctuation(rest.at) ||
                           memcmp(rest.at, "\xE3\x80", 2) == 0))) {
        return 0;
    }
    return len <= rest.len ? len : rest.len;
}

size_t span_dash(struct span span, size_t at)
{
    size_t end = at;
    for (;;) {
        const struct span rest = span_from(span, end);
        if (rest.len >= 1 && rest.at[0] == '-') {
            end += 1;
        } else if (rest.len >= 3 && (memcmp(rest.at, "\xE2\x80\x93", 3) == 0 ||
                                     memcmp(rest.at, "\xE2\x80\x94", 3) == 0)) {
            end += 3;
        } else {
            return end - at;
        }
    }
}

size_t span_number(struct span span, long *number)
{
    size_t len = 0;
    long sum = 0;
    while (len < span.len && span_is_digit(span.at[len])) {
        if (len == 9) {
            return 0;
        }
        sum = sum * 10 + (span.at[len] - '0');
        len++;
    }
    if (len > 0) {
        *number = sum;
    }
    return len;
}
