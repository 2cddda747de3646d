/*
 * whole.h - what readers of whole events in a short chunk share.
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
