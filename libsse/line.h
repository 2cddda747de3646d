/*
 * line.h - one line, without its end: which field it is, where its value is.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_LINE_H
#define SSE_PRIV_LINE_H

#include <stddef.h>

/** What a line is. */
typedef enum sse_priv_kind {
    SSE_PRIV_NONE = 0, /* not known yet */
    SSE_PRIV_DATA,
    SSE_PRIV_TYPE,
    SSE_PRIV_ID,
    SSE_PRIV_RETRY,
    SSE_PRIV_COMMENT,
    SSE_PRIV_FIELD /* a name the standard does not know */
} sse_priv_kind;

/** So many bytes tell the kind of any line, and where its value starts: the
 *  longest known name, the colon, and the space that may follow. */
#define SSE_PRIV_HEAD 7

/**
 * Says what a line is.
 *
 * @param line   At least one byte: a whole line, or the first SSE_PRIV_HEAD
 *               bytes of one.
 * @param value  Out: where its value starts: behind the colon and one space
 *               for a known field, behind the colon for a comment, at 0 for
 *               an unknown field, of which the name matters too.
 */
sse_priv_kind sse_priv_line_kind(const char *line, size_t len, size_t *value);

/** Splits a line with an unknown field name: the length of the name, and where
 *  the value starts. */
size_t sse_priv_line_name(const char *line, size_t len, size_t *value);

#endif /* SSE_PRIV_LINE_H */
