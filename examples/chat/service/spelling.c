/*
 * spelling.c - names that differ in case, spaces and marks alone.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/spelling.h"

/* What a byte counts as among letters and digits; NUL for all the others. */
static char counted(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return (char)(c - 'A' + 'a');
    }
    int counts = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                 (unsigned char)c >= 0x80;
    return counts ? c : '\0';
}

const char *spelling_key(const char *name, char key[SPELLING_MAX])
{
    size_t used = 0;
    for (; *name != '\0' && used + 1 < SPELLING_MAX; name++) {
        char c = counted(*name);
        if (c != '\0') {
            key[used++] = c;
        }
    }
    key[used] = '\0';
    return key;
}

/* Bytes that spell the key from the start of a text on; 0 if they do not. */
static size_t spelt(const char *text, size_t len, const char *key)
{
    size_t at = 0;
    while (*key != '\0' && at < len) {
        char c = counted(text[at++]);
        if (c == *key) {
            key++;
        } else if (c != '\0') {
            return 0;
        }
    }
    int whole = at == len || counted(text[at]) == '\0';
    return *key == '\0' && whole ? at : 0;
}

size_t spelling_find(const char *text, size_t len, const char *key,
                     size_t *at)
{
    for (*at = 0; *at < len && *key != '\0'; ++*at) {
        int begins = counted(text[*at]) == *key &&
                     (*at == 0 || counted(text[*at - 1]) == '\0');
        size_t found = begins ? spelt(text + *at, len - *at, key) : 0;
        if (found > 0) {
            return found;
        }
    }
    return 0;
}
