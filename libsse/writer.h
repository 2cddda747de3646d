/*
 * writer.h - what the forms of the writer share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_WRITER_H
#define SSE_PRIV_WRITER_H

#include <sse/event.h>
#include <sse/status.h>

#include "sink.h"

/** Bytes of the line end that @p text starts with: 2 for CRLF. */
static inline size_t sse_priv_line_end(const char *text, size_t len)
{
    return text[0] == '\r' && len > 1 && text[1] == '\n' ? 2 : 1;
}

/** Whether an event can be written.  @return SSE_OK, SSE_ERR_INVALID,
 *  SSE_ERR_NO_FIELDS, SSE_ERR_CHARACTER. */
sse_status sse_priv_event_check(const sse_event *event);

/** Serializes the fields of an event that passed the check. */
void sse_priv_fields_put(sse_priv_sink *sink, const sse_event *event);

/** The same with the blank line that completes it. */
void sse_priv_event_put(sse_priv_sink *sink, const sse_event *event);

#endif /* SSE_PRIV_WRITER_H */
