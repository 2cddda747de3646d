/*
 * header.c - what the header fields of a response tell a client.
 *
 * SPDX-License-Identifier: MIT
 */
#include "header.h"

#include <sse/source.h>

#include <string.h>
#include <time.h>

#include "ascii.h"

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

const char *sse_priv_header(const char *head, size_t head_len,
                            const char *name, size_t *len)
{
    size_t at = 0;
    while (at < head_len) {
        const char *const line = head + at;
        const char *const lf = (const char *)memchr(line, '\n', head_len - at);
        const size_t line_len =
            lf != NULL ? (size_t)(lf - line) : head_len - at;
        const char *const colon = (const char *)memchr(line, ':', line_len);
        if (colon != NULL &&
            sse_priv_is_word(line, (size_t)(colon - line), name)) {
            const char *from = colon + 1;
            const char *to = line + line_len;
            while (from < to && is_blank(*from)) {
                from++;
            }
            while (to > from && (is_blank(to[-1]) || to[-1] == '\r')) {
                to--;
            }
            *len = (size_t)(to - from);
            return from;
        }
        at += line_len + 1;
    }
    *len = 0;
    return NULL;
}

uint64_t sse_priv_header_retry_after(const char *head, size_t head_len)
{
    size_t len, date_len;
    const char *const value =
        sse_priv_header(head, head_len, "Retry-After", &len);
    if (value == NULL) {
        return SSE_NEVER;
    }
    const int64_t own_s = (int64_t)time(NULL);
    int64_t now_s = own_s;
    const char *const date =
        sse_priv_header(head, head_len, "Date", &date_len);
    if (date != NULL) {
        (void)sse_http_date(date, date_len, own_s, &now_s);
    }
    uint64_t delay_ms = SSE_NEVER;
    (void)sse_retry_after(value, len, now_s, &delay_ms);
    return delay_ms;
}

int sse_priv_header_is_coded(const char *head, size_t head_len)
{
    size_t len;
    const char *const coding =
        sse_priv_header(head, head_len, "Content-Encoding", &len);
    return coding != NULL && len > 0 &&
           !sse_priv_is_word(coding, len, "identity");
}

void sse_priv_header_keep(char *text, size_t cap, const char *value,
                          size_t len)
{
    const size_t take = len < cap ? len : cap - 1;
    if (take > 0) {
        memcpy(text, value, take);
    }
    text[take] = '\0';
}
