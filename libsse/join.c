/*
 * join.c - rows of events with several data lines, joined in the scratch.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#ifndef SSE_NO_SIMD

#include "rows.h"

#include <string.h>

/* A line shorter than this is copied without a decision by length. */
#define SHORT_LINE 80

/* Copies a line and its end to where there is room for a short one, from where
 * there are as many bytes. */
SSE_PRIV_INLINE void put_line(char *to, const char *from, size_t len)
{
    if (SSE_PRIV_USUAL(len < SHORT_LINE)) {
        memcpy(to, from, 32);
        memcpy(to + 32, from + 32, 32);
        memcpy(to + 64, from + 64, SHORT_LINE - 64);
    } else {
        memcpy(to, from, len + 1);
    }
}

/* Whether two data lines are to be joined, one of which may have been read. */
SSE_PRIV_INLINE int are_two(const sse_priv_rows *q)
{
    return q->entry < q->roomy && SSE_PRIV_IS_DATA(sse_priv_load8(q->line)) &&
           ((q->fields & SSE_FIELD_DATA) != 0 ||
            SSE_PRIV_IS_LF_DATA(sse_priv_load8(q->text + *q->entry)));
}

/* Where the next data line goes, in the scratch, behind those before it; NULL
 * if there is too little room. */
SSE_PRIV_INLINE char *begin(const sse_priv_rows *q)
{
    char *const held = sse_priv_held(q->parser);
    if ((q->fields & SSE_FIELD_DATA) == 0) {
        return held;
    }
    const size_t have = q->event.data_len;
    if (q->data_cap < SHORT_LINE || have > q->data_cap - SHORT_LINE) {
        return NULL;
    }
    if (!q->joined) {
        if (q->stop - q->event.data < SHORT_LINE) {
            return NULL;
        }
        put_line(held, q->event.data, have);
    }
    held[have] = '\n';
    return held + have + 1;
}

/* Joins the data lines of an event, as far as they are plain, and delivers it
 * if a blank line follows.  Each line is copied together with its end, which
 * parts it from the next one.  @return 0 if no event ended. */
SSE_PRIV_INLINE int join(sse_priv_rows *q)
{
    char *const held = sse_priv_held(q->parser);
    char *to = are_two(q) ? begin(q) : NULL;
    if (to == NULL) {
        return 0;
    }
    /* What ends up to here fits, and a short line can be loaded. */
    const ptrdiff_t room = held + q->data_cap - to;
    const ptrdiff_t left = q->stop - q->line;
    const ptrdiff_t most = room < left ? room : left;
    if (most <= SHORT_LINE) {
        return 0;
    }
    const char *const last = q->line + (most - SHORT_LINE);
    const char *const text = q->text;
    const uint16_t *entry = q->entry;
    const uint16_t *const roomy = q->roomy;
    const char *value = q->line + 6;
    uint64_t tail = 0;
    for (; entry < roomy; entry++) {
        const char *const end = text + *entry;
        const size_t len = (size_t)(end - value);
        if (end > last) {
            break;
        }
        put_line(to, value, len);
        tail = sse_priv_load8(end);
        if (!SSE_PRIV_USUAL(SSE_PRIV_IS_LF_DATA(tail))) {
            break;
        }
        to += len + 1;
        value = end + 7;
    }
    const char *line = value - 6;
    if (!SSE_PRIV_IS_LF_DATA(tail) && SSE_PRIV_IS_LF(tail)) {
        line = text + *entry + 1;
        to += line - value;
        entry++;
    }
    if (entry == q->entry) {
        return 0;
    }
    q->event.data = held;
    q->event.data_len = (size_t)(to - held) - 1;
    q->joined = 1;
    q->fields |= SSE_FIELD_DATA;
    q->entry = entry;
    q->line = line;
    if (!SSE_PRIV_IS_LF_LF(tail)) {
        return 0;
    }
    q->line++;
    sse_priv_rows_dispatch(q, q->line);
    return 1;
}

void sse_priv_rows_join(sse_priv_rows *q)
{
    while (join(q) && q->answer == SSE_GO) {
    }
}

#else
typedef int sse_priv_no_join;
#endif
