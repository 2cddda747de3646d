/*
 * short.h - what the two halves of reading a short chunk share: short.c goes
 * from line to line, short_data.c puts data of lines into the scratch.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_SHORT_H
#define SSE_PRIV_SHORT_H

#include "carry.h"
#include "handover.h"
#include "push.h"
#include "words.h"

#ifndef SSE_NO_SIMD

/** Behind a data line of SSE_PRIV_LONG bytes, what is left counts as short up
 *  to SSE_PRIV_MEDIUM bytes: few lines are searched sooner than indexed. */
#define SSE_PRIV_LONG ((size_t)192)
#define SSE_PRIV_MEDIUM ((size_t)2048)

/** Where reading is. */
typedef struct sse_priv_short {
    sse_parser *parser;
    const char *at;
    const char *stop;
    uint64_t base;  /* offset in the stream, less the address */
    size_t longest; /* the cut data line that ended here */
    int status;
} sse_priv_short;

/** The line that ends at @p end is read; or it was refused. */
static inline void sse_priv_pass(sse_priv_short *r, const char *end,
                                 int status)
{
    r->status = status;
    if (SSE_PRIV_USUAL(!sse_priv_is_refused(status))) {
        r->at = end + 1;
        if (*end == '\r') {
            if (status == SSE_OK && r->stop - end > 1 && end[1] == '\n') {
                r->at++;
            } else {
                r->parser->flags_ |= SSE_PRIV_AFTER_CR;
            }
        }
    }
}

/** Hooks are told where the line ends. */
static inline void sse_priv_set_offset(const sse_priv_short *r,
                                       const char *end)
{
    r->parser->offset_ = r->base + (uintptr_t)end + 1;
}

/** Bytes of the line end at @p end, LF or CRLF, if a blank line with such a one
 *  follows; 0 if not. */
static inline size_t sse_priv_before_blank(const sse_priv_short *r,
                                           const char *end)
{
    const ptrdiff_t left = r->stop - end;
    if (left >= 2 && sse_priv_load2(end) == SSE_PRIV_LF_LF) {
        return 1;
    }
    return left >= 4 && sse_priv_load2(end) == SSE_PRIV_CRLF &&
                   sse_priv_load2(end + 2) == SSE_PRIV_CRLF
               ? 2
               : 0;
}

/** The data line under way is complete, and if a blank line follows at once
 *  the event is. */
static inline void sse_priv_end_data(sse_priv_short *r)
{
    sse_parser *const p = r->parser;
    const char *end = r->at;
    const size_t len = sse_priv_before_blank(r, end);
    int status = SSE_OK;
    r->longest = p->line_len_;
    sse_priv_carry_end_data(p);
    if (len > 0) {
        end += len;
        sse_priv_set_offset(r, end);
        status = sse_priv_end_event(p);
    }
    sse_priv_pass(r, end, status);
}

/** Reads the value of a data line, whole or its beginning, if it can be stored.
 *  Unless it is the whole of an event's first it is copied in the same step in
 *  which its end is searched.
 *
 *  @return 0 if the line is left to the grammar. */
int sse_priv_take_data(sse_priv_short *r, const char *value);

#endif /* SSE_NO_SIMD */

#endif /* SSE_PRIV_SHORT_H */
