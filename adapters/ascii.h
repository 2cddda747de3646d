/*
 * ascii.h - letters without regard to case; ASCII alone, whatever the locale.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_ADAPTERS_ASCII_H
#define SSE_ADAPTERS_ASCII_H

#include <stddef.h>

/** A letter in lower case, any other byte as it is. */
static inline char sse_priv_folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/** Whether @p len bytes are this word, in any case.
 *  @param word  NUL-terminated. */
static inline int sse_priv_is_word(const char *text, size_t len,
                                   const char *word)
{
    size_t i = 0;
    while (i < len && word[i] != '\0' &&
           sse_priv_folded(text[i]) == sse_priv_folded(word[i])) {
        i++;
    }
    return i == len && word[i] == '\0';
}

#endif /* SSE_ADAPTERS_ASCII_H */
