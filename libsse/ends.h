/*
 * ends.h - the line ends of a chunk, one run of CR and LF after the other.
 *
 * Without vector code there is no index, and no stack for one.
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

/** Place of the first line end at or behind @p at, where a line starts; the
 *  chunk's length if there is none.  The index is asked for that alone, and
 *  not where it would have to be searched. */
static inline size_t sse_priv_ends_find(const sse_priv_ends *e, size_t at)
{
#ifndef SSE_NO_SIMD
    if (e->end == e->len && e->next == e->count && e->chunk[at] != '\n' &&
        e->chunk[at] != '\r') {
        return e->len;
    }
#endif
    return at + sse_priv_scan(e->chunk + at, e->len - at);
}

#ifndef SSE_NO_SIMD

/** Makes `next` an entry at or behind @p at, where a line starts, indexing
 *  window by window; `count` if there is none. */
static inline void sse_priv_ends_next(sse_priv_ends *e, size_t at)
{
    for (;;) {
        while (e->next < e->count) {
            if (e->base + e->ends[e->next] >= at) {
                return;
            }
            e->next++;
        }
        e->base = e->end > at ? e->end : at;
        if (e->base >= e->len) {
            e->end = e->len;
            return;
        }
        const char *const base = e->chunk + e->base;
        size_t n = e->len - e->base;
        if (n > SSE_PRIV_WINDOW) {
            /* It ends where a cache line does. */
            n = SSE_PRIV_WINDOW - 64 - (uintptr_t)base % 64;
        }
        e->count = sse_priv_index(base, &n, e->ends);
        e->next = 0;
        e->end = e->base + n;
    }
}

#endif /* SSE_NO_SIMD */

#endif /* SSE_PRIV_ENDS_H */
