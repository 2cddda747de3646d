/*
 * spelling.h - names that differ in case, spaces and marks alone.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_SPELLING_H
#define CHAT_SPELLING_H

#include <stddef.h>

#define SPELLING_MAX 256 /* bytes of a key, its NUL among them */

/** What all spellings of a name have in common: letters and digits, the ASCII
 *  ones in lower case, as many as there is room for.  @return @p key. */
const char *spelling_key(const char *name, char key[SPELLING_MAX]);

/**
 * Finds a name in a text, whatever marks, spaces and line ends stand between
 * its letters there; it must begin and end where a word does.
 *
 * @param key  Of the name; "" is found nowhere.
 * @param at   Out: where it begins.
 * @return How many bytes it takes there; 0 if it is not there.
 */
size_t spelling_find(const char *text, size_t len, const char *key,
                     size_t *at);

#endif /* CHAT_SPELLING_H */
