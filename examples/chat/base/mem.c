/*
 * mem.c - memory that is there, or the process ends.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *mem_check(void *memory)
{
    if (memory == NULL) {
        fputs("sse-chat: out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *mem_zero(size_t count, size_t size)
{
    return mem_check(calloc(count > 0 ? count : 1, size > 0 ? size : 1));
}

void *mem_resize(void *old, size_t count, size_t size)
{
    if (count == 0 || size == 0) {
        count = 1;
        size = 1;
    }
    if (count > SIZE_MAX / size) {
        return mem_check(NULL);
    }
    return mem_check(realloc(old, count * size));
}

char *mem_copy(const char *bytes, size_t len)
{
    char *copy = (char *)mem_check(len < SIZE_MAX ? malloc(len + 1) : NULL);
    if (len > 0) {
        memcpy(copy, bytes, len);
    }
    copy[len] = '\0';
    return copy;
}

char *mem_string(const char *text)
{
    return text == NULL ? NULL : mem_copy(text, strlen(text));
}
