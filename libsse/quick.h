/*
 * quick.h - the lines that nearly all streams are made of, read in place.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_QUICK_H
#define SSE_PRIV_QUICK_H

#include "ends.h"
#include "state.h"

#ifndef SSE_NO_SIMD

/* Any of these means that the event under construction is no plain one. */
#define SSE_PRIV_NOT_PLAIN                                                     \
    (SSE_PRIV_AFTER_CR | SSE_PRIV_AWAY | SSE_PRIV_LONG_TYPE)

/**
 * Reads on for as long as lines are plain ones: whole, with LF or CRLF, `data`,
 * `event` and `id` with a space after the colon, comments that nobody listens
 * to.  Says the same of them as the grammar would, and leaves everything else
 * to it.
 *
 * @param at      Where a line starts.
 * @param status  Out: what a hook answered; SSE_OK if it was not asked to stop.
 * @return Where the first line starts that was not read.
 */
size_t sse_priv_quick(sse_parser *parser, sse_priv_ends *ends, size_t at,
                      int *status);

#define SSE_PRIV_HAS_QUICK 1

/** Up to so many bytes a chunk is short. */
#define SSE_PRIV_SHORT ((size_t)512)

#else

#define SSE_PRIV_HAS_QUICK 0
#define SSE_PRIV_SHORT ((size_t)0)
#define SSE_PRIV_NOT_PLAIN 0

static inline size_t sse_priv_quick(sse_parser *parser, sse_priv_ends *ends,
                                    size_t at, int *status)
{
    (void)parser;
    (void)ends;
    (void)status;
    return at;
}

#endif

#endif /* SSE_PRIV_QUICK_H */
