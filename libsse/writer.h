/*
 * writer.h - what the forms of the writer share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_WRITER_H
#define SSE_PRIV_WRITER_H

#include <sse/event.h>
#include <sse/status.h>

#include "scan_copy.h"
#include "sink.h"

/** Bytes of the line end that @p text starts with: 2 for CRLF. */
static inline size_t sse_priv_line_end(const char *text, size_t len)
{
    return text[0] == '\r' && len > 1 && text[1] == '\n' ? 2 : 1;
}

/** Whether an event can be written.  @return SSE_OK, SSE_ERR_INVALID,
 *  SSE_ERR_NO_FIELDS, SSE_ERR_CHARACTER. */
sse_status sse_priv_event_check(const sse_event *event);

/** Each line of @p text behind @p name.  No text at all is one empty line. */
void sse_priv_lines_put(sse_priv_sink *sink, const char *name,
                        size_t name_len, const char *text, size_t len);

/** A `retry` line. */
void sse_priv_retry_put(sse_priv_sink *sink, uint64_t retry_ms);

/** Serializes the fields of an event that passed the check. */
void sse_priv_fields_put(sse_priv_sink *sink, const sse_event *event);

/** The same with the blank line that completes it. */
void sse_priv_event_put(sse_priv_sink *sink, const sse_event *event);

#ifndef SSE_NO_SIMD

/* Into a buffer, of an event that passed the check: in writer_fast.c.  With
 * SSE_NO_SIMD writer.c has these for itself. */

/** Not 0 if an event fits @p cap bytes whatever its data holds, so that nothing
 *  need be measured. */
int sse_priv_event_fits(const sse_event *event, size_t cap);

/** Its bytes; SIZE_MAX if they do not fit size_t. */
size_t sse_priv_event_len(const sse_event *event);

/** Writes it.  It must fit.  @return Bytes written. */
size_t sse_priv_event_copy(const sse_event *event, char *dst);

/** Not 0 if it is data alone, as most events of most streams are: of those
 *  nothing more need be asked. */
static inline int sse_priv_event_is_plain(const sse_event *event)
{
    return event != NULL && event->fields == SSE_FIELD_DATA &&
           event->data != NULL && event->data_len <= SSE_PRIV_COPY_LEN_MAX;
}

#endif

#endif /* SSE_PRIV_WRITER_H */
