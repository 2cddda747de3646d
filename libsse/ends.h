/*
 * ends.h - the line ends of a chunk, one run of CR and LF after the other.
 *
 * Without vector code there is no index, and no stack for one: each end is
 * looked for when it is asked for.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_ENDS_H
#define SSE_PRIV_ENDS_H

#include "scan.h"

/** The line ends of one chunk. */
typedef struct sse_priv_ends {
    const char *chunk;
    size_t len;    /* bytes */
#ifndef SSE_NO_SIMD
    size_t base;   /* where the window starts */
    size_t end;    /* bytes indexed so far */
    size_t next;   /* the next entry */
    size_t count;
    uint16_t ends[SSE_PRIV_ENDS_CAP];
#endif
} sse_priv_ends;

static inline void sse_priv_ends_init(sse_priv_ends *e, const char *chunk,
                                      size_t len)
{
    e->chunk = chunk;
    e->len = len;
#ifndef SSE_NO_SIMD
    e->base = 0;
    e->end = 0;
    e->next = 0;
    e->count = 0;
#endif
}

#ifdef SSE_NO_SIMD

/** Place of the first line end at or behind @p at, where a line starts; the
 *  chunk's length if there is none. */
static inline size_t sse_priv_ends_find(sse_priv_ends *e, size_t at)
{
    return at + sse_priv_scan(e->chunk + at, e->len - at);
}

#else

/** What sse_priv_ends_next() does behind the window.  A window starts at a line or within one, never
 *  within a run of line ends: whoever reads a run reads all of it. */
static inline size_t sse_priv_ends_refill(sse_priv_ends *e, size_t at)
{
    do {
        e->base = e->end > at ? e->end : at;
        if (e->base >= e->len) {
            return e->len;
        }
        const size_t left = e->len - e->base;
        const size_t n = left < SSE_PRIV_WINDOW ? left : SSE_PRIV_WINDOW;
        e->count = sse_priv_index(e->chunk + e->base, n, e->ends);
        e->next = 0;
        e->end = e->base + n;
    } while (e->count == 0);
    return e->base + e->ends[e->next];
}

/** Place of the first line end behind @p at, where a line starts that is not
 *  blank; the chunk's length if there is none. */
static inline size_t sse_priv_ends_next(sse_priv_ends *e, size_t at)
{
    while (e->next < e->count) {
        const size_t end = e->base + e->ends[e->next];
        if (end >= at) {
            return end;
        }
        e->next++;
    }
    return sse_priv_ends_refill(e, at);
}

/** The same where a line starts that may be blank: an index holds the first of
 *  several line ends alone. */
static inline size_t sse_priv_ends_find(sse_priv_ends *e, size_t at)
{
    const char c = e->chunk[at];
    return c == '\n' || c == '\r' ? at : sse_priv_ends_next(e, at);
}

#endif /* SSE_NO_SIMD */

#endif /* SSE_PRIV_ENDS_H */
