/*
 * fuzz.c - see fuzz.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fuzz_broken(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

void *fuzz_allocate(size_t size)
{
    void *const block = malloc(size > 0 ? size : 1);
    if (block == NULL) {
        abort();
    }
    return block;
}

char *fuzz_copy(const char *bytes, size_t len)
{
    char *const copy = (char *)fuzz_allocate(len);
    if (len > 0) {
        memcpy(copy, bytes, len);
    }
    return copy;
}

int fuzz_same(const char *a, size_t a_len, const char *b, size_t b_len)
{
    return a_len == b_len && (a_len == 0 || memcmp(a, b, a_len) == 0);
}

void fuzz_text_add(struct fuzz_text *text, const char *bytes, size_t len)
{
    if (text->cap - text->len < len) {
        const size_t cap = 2 * (text->len + len);
        char *const larger = (char *)fuzz_allocate(cap);
        if (text->len > 0) {
            memcpy(larger, text->bytes, text->len);
        }
        free(text->bytes);
        text->bytes = larger;
        text->cap = cap;
    }
    if (len > 0) {
        memcpy(text->bytes + text->len, bytes, len);
        text->len += len;
    }
}

void fuzz_text_free(struct fuzz_text *text)
{
    free(text->bytes);
    text->bytes = NULL;
    text->len = 0;
    text->cap = 0;
}
