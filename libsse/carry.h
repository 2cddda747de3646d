/*
 * carry.h - a line that a chunk edge cuts, taken piece by piece.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_CARRY_H
#define SSE_PRIV_CARRY_H

#include "line.h"
#include "state.h"

/** Whether a line is under way. */
static inline int sse_priv_carry_open(const sse_parser *p)
{
    return (p->line_ | p->head_len_) != 0;
}

/**
 * Takes the next piece of the line under way, or the first of a new one.
 *
 * @param used  Out: bytes taken; all of them but with SSE_NEED_SPACE and
 *              SSE_ERR_TOO_LONG.
 * @return SSE_OK, SSE_PAUSED or SSE_STOPPED (fragments), SSE_NEED_SPACE,
 *         SSE_ERR_TOO_LONG.
 */
int sse_priv_carry_more(sse_parser *parser, const char *piece, size_t len,
                        size_t *used);

#ifdef SSE_NO_SIMD

#define sse_priv_carry_begin sse_priv_carry_more

#else

/** The same where a line begins, of which the head is not looked for byte by
 *  byte. */
int sse_priv_carry_begin(sse_parser *parser, const char *piece, size_t len,
                         size_t *used);

#endif

/** The line under way is complete.  @return as sse_priv_block_line(). */
int sse_priv_carry_end(sse_parser *parser);

#ifndef SSE_NO_SIMD

/** The same of a data line, of which nobody hears. */
static inline void sse_priv_carry_end_data(sse_parser *p)
{
    p->fields_ |= SSE_FIELD_DATA;
    p->line_ = SSE_PRIV_NONE;
    p->line_len_ = 0;
}

#endif

/** Forgets the line under way; what of it is data stays. */
void sse_priv_carry_close(sse_parser *parser);

#endif /* SSE_PRIV_CARRY_H */
