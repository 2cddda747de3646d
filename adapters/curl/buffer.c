/*
 * buffer.c - bounded buffers, and headers in one of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

sse_status sse_priv_buffer_add(sse_priv_buffer *buffer, const char *text,
                               size_t len)
{
    const size_t room = buffer->max - buffer->len;
    const size_t take = len < room ? len : room;
    if (buffer->at == NULL || buffer->len + take >= buffer->cap) {
        size_t cap = buffer->cap < 512 ? 512 : buffer->cap * 2;
        if (cap <= buffer->len + take) {
            cap = buffer->len + take + 1;
        }
        char *at = (char *)realloc(buffer->at, cap);
        if (at == NULL) {
            return SSE_ERR_NO_MEMORY;
        }
        buffer->at = at;
        buffer->cap = cap;
    }
    if (take > 0) {
        memcpy(buffer->at + buffer->len, text, take);
        buffer->len += take;
    }
    buffer->at[buffer->len] = '\0';
    return take == len ? SSE_OK : SSE_ERR_LIMIT;
}

void sse_priv_buffer_free(sse_priv_buffer *buffer)
{
    free(buffer->at);
    buffer->at = NULL;
    buffer->len = 0;
    buffer->cap = 0;
}

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static int is_named(const char *line, size_t len, const char *name,
                    size_t name_len)
{
    if (len <= name_len || line[name_len] != ':') {
        return 0;
    }
    for (size_t i = 0; i < name_len; i++) {
        if (folded(line[i]) != folded(name[i])) {
            return 0;
        }
    }
    return 1;
}

const char *sse_priv_header(const char *head, size_t head_len,
                            const char *name, size_t *len)
{
    const size_t name_len = strlen(name);
    size_t at = 0;
    while (at < head_len) {
        const char *line = head + at;
        const char *end = (const char *)memchr(line, '\n', head_len - at);
        const size_t line_len =
            end != NULL ? (size_t)(end - line) : head_len - at;
        if (is_named(line, line_len, name, name_len)) {
            size_t from = name_len + 1;
            size_t to = line_len;
            while (from < to && is_blank(line[from])) {
                from++;
            }
            while (to > from && is_blank(line[to - 1])) {
                to--;
            }
            *len = to - from;
            return line + from;
        }
        at += line_len + 1;
    }
    *len = 0;
    return NULL;
}

const char *sse_curl_response_header(const sse_curl_response *response,
                                     const char *name, size_t *len)
{
    return sse_priv_header(response->head, response->head_len, name, len);
}
