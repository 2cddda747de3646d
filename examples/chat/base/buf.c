/*
 * buf.c - bytes that grow up to a limit.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

int buf_reserve(struct buf *buf, size_t len)
{
    size_t most = buf->limit > 0 ? buf->limit : SIZE_MAX / 4;
    if (len > most || buf->len > most - len) {
        return -1;
    }
    size_t want = buf->len + len + 1;
    if (want > buf->cap) {
        size_t cap = buf->cap > 0 ? buf->cap : 64;
        while (cap < want) {
            cap *= 2;
        }
        buf->at = (char *)mem_resize(buf->at, cap, 1);
        buf->cap = cap;
    }
    return 0;
}

int buf_add(struct buf *buf, const char *bytes, size_t len)
{
    if (buf_reserve(buf, len) != 0) {
        return -1;
    }
    if (len > 0) {
        memcpy(buf->at + buf->len, bytes, len);
    }
    buf->len += len;
    buf->at[buf->len] = '\0';
    return 0;
}

int buf_add_text(struct buf *buf, const char *text)
{
    return buf_add(buf, text, strlen(text));
}

int buf_add_format(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    int failed = len < 0 || buf_reserve(buf, (size_t)len) != 0;
    if (!failed) {
        (void)vsnprintf(buf->at + buf->len, (size_t)len + 1, format, again);
        buf->len += (size_t)len;
    }
    va_end(again);
    return failed ? -1 : 0;
}

const char *buf_text(const struct buf *buf)
{
    return buf->at != NULL ? buf->at : "";
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    if (buf->at != NULL) {
        buf->at[0] = '\0';
    }
}

void buf_free(struct buf *buf)
{
    free(buf->at);
    buf->at = NULL;
    buf->len = 0;
    buf->cap = 0;
}
