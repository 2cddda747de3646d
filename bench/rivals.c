/*
 * rivals.c - limits, and what programs do today: each once over a text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "rivals.h"

#include <string.h>

size_t rival_memchr(const char *text, size_t len)
{
    const char *const end = text + len;
    size_t lines = 0;
    while (text < end) {
        const char *const at = (const char *)memchr(text, '\n',
                                                    (size_t)(end - text));
        if (at == NULL) {
            break;
        }
        text = at + 1;
        lines++;
    }
    return lines;
}

size_t rival_getline(const char *text, size_t len)
{
    const char *const end = text + len;
    size_t sum = 0;
    while (text < end) {
        const char *const at = (const char *)memchr(text, '\n',
                                                    (size_t)(end - text));
        if (at == NULL) {
            break;
        }
        const size_t line = (size_t)(at - text);
        if (line == 0) {
            sum++;
        } else if (strncmp(text, "data: ", 6) == 0) {
            sum += line - 6;
        } else if (strncmp(text, "event: ", 7) == 0) {
            sum += line - 7;
        }
        text = at + 1;
    }
    return sum;
}

/* Read at each use, so that the compiler does not know what is called. */
typedef void *copy_fn(void *to, const void *from, size_t len);
static copy_fn *volatile libc_memcpy = memcpy;

static char *call(char *dst, const char *text, size_t len)
{
    libc_memcpy(dst, text, len);
    return dst + len;
}

size_t rival_memcpy(const sse_event *event, char *dst)
{
    char *at = dst;
    if ((event->fields & SSE_FIELD_TYPE) != 0) {
        at = call(at, "event: ", 7);
        at = call(at, event->type, event->type_len);
        at = call(at, "\n", 1);
    }
    if ((event->fields & SSE_FIELD_ID) != 0) {
        at = call(at, "id: ", 4);
        at = call(at, event->id, event->id_len);
        at = call(at, "\n", 1);
    }
    at = call(at, "data: ", 6);
    at = call(at, event->data, event->data_len);
    at = call(at, "\n\n", 2);
    return (size_t)(at - dst);
}

static inline char *copy(char *dst, const char *text, size_t len)
{
    memcpy(dst, text, len);
    return dst + len;
}

size_t rival_inline(const sse_event *event, char *dst)
{
    char *at = dst;
    if ((event->fields & SSE_FIELD_TYPE) != 0) {
        at = copy(at, "event: ", 7);
        at = copy(at, event->type, event->type_len);
        at = copy(at, "\n", 1);
    }
    if ((event->fields & SSE_FIELD_ID) != 0) {
        at = copy(at, "id: ", 4);
        at = copy(at, event->id, event->id_len);
        at = copy(at, "\n", 1);
    }
    at = copy(at, "data: ", 6);
    at = copy(at, event->data, event->data_len);
    at = copy(at, "\n\n", 2);
    return (size_t)(at - dst);
}
