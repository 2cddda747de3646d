/*
 * writer_fast.c - an event written in one pass: short texts by a few stores of
 * fixed sizes, the data with its line ends found while it is copied.
 *
 * A store may go beyond its field, never beyond the event: what follows in any
 * case, a line end and a blank line at least, overwrites what is too much.
 *
 * SPDX-License-Identifier: MIT
 */
#include "writer.h"

#ifndef SSE_NO_SIMD

#include "scan_copy.h"
#include "sink.h"

#include <string.h>

#define TYPE "event: \n"
#define ID "id: \n"
#define RETRY "retry: \n"

int sse_priv_event_fits(const sse_event *event, size_t cap)
{
    size_t most = sizeof TYPE ID RETRY + 20;
    size_t lens = 0;
    if ((event->fields & SSE_FIELD_TYPE) != 0) {
        most += event->type_len;
        lens |= event->type_len;
    }
    if ((event->fields & SSE_FIELD_ID) != 0) {
        most += event->id_len;
        lens |= event->id_len;
    }
    if ((event->fields & SSE_FIELD_DATA) != 0) {
        most += SSE_PRIV_COPY_MOST(event->data_len);
        lens |= event->data_len;
    }
    /* unreachable where size_t has 64 bits: that the sum may have overflown */
    return lens <= SSE_PRIV_COPY_LEN_MAX && most <= cap;
}

/* Adds to a size, up to SIZE_MAX. */
static size_t plus(size_t size, size_t more)
{
    /* unreachable where size_t has 64 bits: no memory holds so much */
    return more <= SIZE_MAX - size ? size + more : SIZE_MAX;
}

size_t sse_priv_event_len(const sse_event *event)
{
    size_t size = 0;
    if ((event->fields & SSE_FIELD_TYPE) != 0) {
        size = plus(size, plus(sizeof TYPE - 1, event->type_len));
    }
    if ((event->fields & SSE_FIELD_ID) != 0) {
        size = plus(size, plus(sizeof ID - 1, event->id_len));
    }
    if ((event->fields & SSE_FIELD_RETRY) != 0) {
        char digits[20];
        size = plus(size, sizeof RETRY - 1 +
                              sse_priv_decimal(event->retry_ms, digits + 20));
    }
    return plus(size, (event->fields & SSE_FIELD_DATA) != 0
                          ? sse_priv_copy_size(event->data, event->data_len)
                          : 1);
}

#define COPY_BOTH_ENDS(to, text, len, n)                                       \
    do {                                                                       \
        char first[n];                                                         \
        char last[n];                                                          \
        memcpy(first, text, n);                                                \
        memcpy(last, (text) + (len) - (n), n);                                 \
        memcpy(to, first, n);                                                  \
        memcpy((to) + (len) - (n), last, n);                                   \
    } while (0)

/* A value and its line end.  Where the next line begins. */
static char *put_value(char *to, const char *text, size_t len)
{
    if (len > 32) {
        memcpy(to, text, len);
    } else if (len >= 16) {
        COPY_BOTH_ENDS(to, text, len, 16);
    } else if (len >= 8) {
        COPY_BOTH_ENDS(to, text, len, 8);
    } else if (len >= 4) {
        COPY_BOTH_ENDS(to, text, len, 4);
    } else {
        for (size_t i = 0; i < len; i++) {
            to[i] = text[i];
        }
    }
    to[len] = '\n';
    return to + len + 1;
}

size_t sse_priv_event_copy(const sse_event *event, char *dst)
{
    char *out = dst;
    if ((event->fields & SSE_FIELD_TYPE) != 0) {
        memcpy(out, TYPE, sizeof TYPE - 1);
        out = put_value(out + sizeof TYPE - 2, event->type, event->type_len);
    }
    if ((event->fields & SSE_FIELD_ID) != 0) {
        memcpy(out, ID, sizeof ID - 2);
        out = put_value(out + sizeof ID - 2, event->id, event->id_len);
    }
    if ((event->fields & SSE_FIELD_RETRY) != 0) {
        char digits[20];
        const size_t len = sse_priv_decimal(event->retry_ms, digits + 20);
        memcpy(out, RETRY, sizeof RETRY - 1);
        out = put_value(out + sizeof RETRY - 2, digits + 20 - len, len);
    }
    if ((event->fields & SSE_FIELD_DATA) == 0) {
        *out = '\n';
        return (size_t)(out + 1 - dst);
    }
    return (size_t)(out - dst) +
           sse_priv_copy(out, event->data, event->data_len);
}

#else
typedef int sse_priv_no_fast;
#endif
