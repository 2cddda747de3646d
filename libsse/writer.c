/*
 * writer.c - events to bytes.
 *
 * HTML Standard, "Parsing an event stream": the grammar, read backwards.  What
 * would change the meaning of the stream is refused, never repaired: a CR or
 * LF in a type or id begins another field, a NUL in an id makes readers ignore
 * it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/writer.h>

#include "scan.h"
#include "scan_copy.h"
#include "sink.h"
#include "writer.h"

static int is_missing(const char *text, size_t len)
{
    return text == NULL && len > 0;
}

static inline sse_status check(const sse_event *event)
{
    const uint32_t known = SSE_FIELD_TYPE | SSE_FIELD_DATA | SSE_FIELD_ID |
                           SSE_FIELD_RETRY;
    if (event == NULL || (event->fields & ~known) != 0) {
        return SSE_ERR_INVALID;
    }
    const int type = (event->fields & SSE_FIELD_TYPE) != 0;
    const int data = (event->fields & SSE_FIELD_DATA) != 0;
    const int id = (event->fields & SSE_FIELD_ID) != 0;
    if ((type && is_missing(event->type, event->type_len)) ||
        (data && is_missing(event->data, event->data_len)) ||
        (id && is_missing(event->id, event->id_len))) {
        return SSE_ERR_INVALID;
    }
    if (event->fields == 0) {
        return SSE_ERR_NO_FIELDS;
    }
    if ((type && !sse_priv_copy_is_value(event->type, event->type_len)) ||
        (id && !sse_priv_copy_is_value(event->id, event->id_len))) {
        return SSE_ERR_CHARACTER;
    }
    return SSE_OK;
}

sse_status sse_priv_event_check(const sse_event *event)
{
    return check(event);
}

void sse_priv_lines_put(sse_priv_sink *sink, const char *name,
                        size_t name_len, const char *text, size_t len)
{
    for (;;) {
        const size_t n = sse_priv_scan(text, len);
        sse_priv_put(sink, name, name_len);
        sse_priv_put(sink, text, n);
        SSE_PRIV_PUT(sink, "\n");
        if (n == len) {
            return;
        }
        const size_t skip = n + sse_priv_line_end(text + n, len - n);
        text += skip;
        len -= skip;
    }
}

void sse_priv_retry_put(sse_priv_sink *sink, uint64_t retry_ms)
{
    char digits[20];
    const size_t len = sse_priv_decimal(retry_ms, digits + sizeof digits);
    SSE_PRIV_PUT(sink, "retry: ");
    sse_priv_put(sink, digits + sizeof digits - len, len);
    SSE_PRIV_PUT(sink, "\n");
}

/* All fields but the data. */
static void put_head(sse_priv_sink *sink, const sse_event *event)
{
    if ((event->fields & SSE_FIELD_TYPE) != 0) {
        SSE_PRIV_PUT(sink, "event: ");
        sse_priv_put(sink, event->type, event->type_len);
        SSE_PRIV_PUT(sink, "\n");
    }
    if ((event->fields & SSE_FIELD_ID) != 0) {
        SSE_PRIV_PUT(sink, "id: ");
        sse_priv_put(sink, event->id, event->id_len);
        SSE_PRIV_PUT(sink, "\n");
    }
    if ((event->fields & SSE_FIELD_RETRY) != 0) {
        sse_priv_retry_put(sink, event->retry_ms);
    }
}

void sse_priv_fields_put(sse_priv_sink *sink, const sse_event *event)
{
    put_head(sink, event);
    if ((event->fields & SSE_FIELD_DATA) != 0) {
        sse_priv_lines_put(sink, "data: ", 6, event->data, event->data_len);
    }
}

void sse_priv_event_put(sse_priv_sink *sink, const sse_event *event)
{
    sse_priv_fields_put(sink, event);
    SSE_PRIV_PUT(sink, "\n");
}

#ifdef SSE_NO_SIMD

/* The same code measures and writes. */
static size_t sse_priv_event_len(const sse_event *event)
{
    sse_priv_sink measure = {NULL, 0, 0, 0};
    sse_priv_event_put(&measure, event);
    return measure.len;
}

static size_t sse_priv_event_copy(const sse_event *event, char *dst)
{
    sse_priv_sink out = {dst, 0, 0, 0};
    sse_priv_event_put(&out, event);
    return out.len;
}

/* Without vector code nothing is known before it is measured. */
static int sse_priv_event_fits(const sse_event *event, size_t cap)
{
    (void)event;
    (void)cap;
    return 0;
}

#else

static sse_status write_plain(const sse_event *event, char *dst, size_t cap,
                              size_t *written)
{
    const size_t len = event->data_len;
    if (cap < SSE_PRIV_COPY_MOST(len) &&
        cap < sse_priv_copy_size(event->data, len)) {
        return SSE_ERR_NO_SPACE;
    }
    if (dst == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = sse_priv_copy(dst, event->data, len);
    return SSE_OK;
}

#endif

sse_status sse_event_size(const sse_event *event, size_t *size)
{
    if (size == NULL) {
        return SSE_ERR_INVALID;
    }
    *size = 0;
#ifndef SSE_NO_SIMD
    if (sse_priv_event_is_plain(event)) {
        *size = sse_priv_copy_size(event->data, event->data_len);
        return SSE_OK;
    }
#endif
    const sse_status status = check(event);
    if (status != SSE_OK) {
        return status;
    }
    const size_t len = sse_priv_event_len(event);
    /* unreachable where size_t has 64 bits, see sse_priv_put() */
    if (len == SIZE_MAX) {
        return SSE_ERR_INVALID;
    }
    *size = len;
    return SSE_OK;
}

sse_status sse_event_write(const sse_event *event, char *dst, size_t cap,
                           size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
#ifndef SSE_NO_SIMD
    if (sse_priv_event_is_plain(event)) {
        return write_plain(event, dst, cap, written);
    }
#endif
    sse_status status = check(event);
    if (status != SSE_OK) {
        return status;
    }
    if (!sse_priv_event_fits(event, cap)) {
        status = sse_priv_fits(sse_priv_event_len(event), cap);
        if (status != SSE_OK) {
            return status;
        }
    }
    if (dst == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = sse_priv_event_copy(event, dst);
    return SSE_OK;
}
