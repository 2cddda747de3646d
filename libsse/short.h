/*
 * short.h - what the two halves of reading a short chunk share: short.c goes
 * from line to line, short_data.c puts data of lines into the scratch.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_SHORT_H
#define SSE_PRIV_SHORT_H

#include "push.h"

#ifndef SSE_NO_SIMD

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

/** Reads the value of a data line, whole or its beginning, if it can be stored.
 *  Unless it is the whole of an event's first it is copied in the same step in
 *  which its end is searched.
 *
 *  @return 0 if the line is left to the grammar. */
int sse_priv_take_data(sse_priv_short *r, const char *value);

#endif /* SSE_NO_SIMD */

#endif /* SSE_PRIV_SHORT_H */
