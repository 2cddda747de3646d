/*
 * whole.h - events that lie whole in a short chunk.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_WHOLE_H
#define SSE_PRIV_WHOLE_H

#include "handover.h"
#include "rows.h"
#include "scan.h"
#include "words.h"

#ifndef SSE_NO_SIMD

/**
 * Reads events that lie whole in a chunk too short for an index, where none is
 * under way.  Says the same of them as the grammar would, and leaves everything
 * else to it.
 *
 * @param len     At least 9.
 * @param status  Out: set if a hook answered something else than SSE_GO.
 * @return Bytes read.
 */
size_t sse_priv_whole(sse_parser *parser, const char *chunk, size_t len,
                      int *status);

/** Reads over comments with a blank line each, as an idle stream has them, for
 *  when nobody listens to them.  Where they end. */
const char *sse_priv_skip_comments(const char *text, const char *stop);

/* What whole.c and one.c share. */

/** Any scratch has room for so much data. */
#define SSE_PRIV_FITS 32

/* Reads a type.  The line behind it, or NULL if it is not plain or ends too
 * near to `stop`. */
static inline const char *sse_priv_read_type(const sse_parser *p,
                                             const char *line,
                                             const char *stop,
                                             sse_event *event)
{
    const char *const value = line + 7;
    const size_t len = sse_priv_scan(value, (size_t)(stop - value));
    const char *const end = value + len;
    if (!SSE_PRIV_USUAL(stop - end > 9 && *end == '\n') ||
        !SSE_PRIV_USUAL(len - 1 < p->type_cap_)) {
        return NULL;
    }
    event->type = value;
    event->type_len = len;
    event->fields |= SSE_FIELD_TYPE;
    return end + 1;
}

/** Reads a type or an id, if that is what @p line is, of eight bytes at least;
 *  an id is left in @p event, to be committed.
 *
 *  @return The line behind it; NULL if it is no such line, is not plain, or
 *          ends too near to @p stop. */
const char *sse_priv_read_field(const sse_parser *parser, const char *line,
                                const char *stop, sse_event *event);

/* The id of an event is the last one from its blank line on. */
static inline void sse_priv_commit_id(sse_parser *p, sse_event *event)
{
    memcpy(p->scratch_, event->id, event->id_len);
    p->id_len_ = (uint32_t)event->id_len;
    event->id = p->scratch_;
}

#endif /* SSE_NO_SIMD */

#endif /* SSE_PRIV_WHOLE_H */
