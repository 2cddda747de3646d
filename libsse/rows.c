/*
 * rows.c - rows of plain lines of one kind: what nearly all of a stream is.
 *
 * Each loop takes what it is for and leaves the first other line to the next
 * one, and in the end to quick.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#ifndef SSE_NO_SIMD

#include "rows.h"

/* Reads over comments with a blank line each, as an idle stream has them. */
SSE_PRIV_APART void skip_comments(sse_priv_rows *q)
{
    const char *line = q->line;
    const char *const text = q->text;
    const uint16_t *entry = q->entry;
    const uint16_t *const roomy = q->roomy;
    while (entry < roomy && *line == ':') {
        const char *const end = text + *entry;
        if (!SSE_PRIV_IS_LF_LF(sse_priv_load2(end))) {
            break;
        }
        line = end + 2;
        entry++;
    }
    q->line = line;
    q->entry = entry;
}

/* Whether a line beginning like this may be one of a row. */
SSE_PRIV_INLINE int is_row(uint64_t head)
{
    return SSE_PRIV_IS_DATA(head) || SSE_PRIV_IS_EVENT(head) ||
           SSE_PRIV_IS_ID(head) || SSE_PRIV_IS_COMMENT(head);
}

/* Whether the loops for one data line can go on from here.  They commit no id
 * that waits in the scratch. */
SSE_PRIV_INLINE int can_begin(const sse_priv_rows *q)
{
    return (q->fields & SSE_FIELD_DATA) == 0 &&
           ((q->fields & SSE_FIELD_ID) == 0 ||
            q->id != sse_priv_pending_id(q->parser));
}

void sse_priv_rows_read(sse_priv_rows *q)
{
    const uint16_t *entry;
    if (q->entry >= q->roomy || !is_row(sse_priv_load8(q->line))) {
        return;
    }
    do {
        entry = q->entry;
        if (can_begin(q)) {
            if (q->text[*q->entry] == '\r') {
                sse_priv_rows_crlf(q);
            } else {
                sse_priv_rows_lf(q);
            }
        }
        if (q->entry < q->roomy && q->answer == SSE_GO) {
            sse_priv_rows_join(q);
        }
        if (q->entry < q->roomy && q->answer == SSE_GO && q->fields == 0 &&
            q->parser->asides_ == NULL) {
            skip_comments(q);
        }
    } while (q->entry != entry && q->entry < q->roomy && q->fields == 0 &&
             q->answer == SSE_GO);
}

#else
typedef int sse_priv_no_rows;
#endif
