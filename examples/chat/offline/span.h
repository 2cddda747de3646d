/*
 * span.h - pieces of a text, looked at without being copied.
 *
 * SPDX-License-Identifier: MIT
 *
 * Letters are compared as ASCII without regard to case; bytes from 0x80 on are
 * letters of some script and compared as they are.
 */
#ifndef CHAT_OFFLINE_SPAN_H
#define CHAT_OFFLINE_SPAN_H

#include <stddef.h>

/** A piece of a text; borrowed, not NUL-terminated. */
struct span {
    const char *at;
    size_t len;
};

/** A piece of given length, and a whole string. */
struct span span_of(const char *at, size_t len);
struct span span_text(const char *text);

/** Without white space at both ends. */
struct span span_trim(struct span span);

/** What is left from @p from on; nothing if that is behind the end. */
struct span span_from(struct span span, size_t from);

/** The first @p len bytes, or all if there are fewer. */
struct span span_first(struct span span, size_t len);

/** Takes the first line off, without its line end; "\r\n" is one.
 *  @return not 0 unless nothing was left. */
int span_line(struct span *rest, struct span *line);

/** Not 0 if both are the same. */
int span_is(struct span span, const char *text);

/** Not 0 if it begins so. */
int span_starts(struct span span, const char *text);

/** Where a text stands first, at any place.  @return span.len if nowhere. */
size_t span_find(struct span span, const char *text);

/** Where a word, or several with one space between, stands first, with no
 *  letter or digit beside it.  @return span.len if nowhere. */
size_t span_find_word(struct span span, const char *word);

/** Not 0 if it holds one of these words.
 *  @param words  Separated by '|', each of one word or several. */
int span_has_word(struct span span, const char *words);

/** Not 0 if it is one of these words. */
int span_is_word(struct span span, const char *words);

/** Not 0 if the byte is a letter or digit, or part of a character beyond
 *  ASCII. */
int span_is_letter(char byte);
int span_is_digit(char byte);
int span_is_space(char byte);

/** Bytes of the letter or digit at @p at, of any script; 0 for anything else:
 *  space, marks, typographic quotation marks and dashes. */
size_t span_letter(struct span span, size_t at);

/** Bytes of the dash at @p at: "-", an en dash or an em dash, one or more of
 *  them; 0 if there is none. */
size_t span_dash(struct span span, size_t at);

/** Reads digits.  @return how many bytes; 0 if none, or more than 9. */
size_t span_number(struct span span, long *number);

#endif /* CHAT_OFFLINE_SPAN_H */
