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
#include "sink.h"
#include "writer.h"

static int is_one_line(const char *text, size_t len)
{
    if (sse_priv_scan(text, len) != len) {
        return 0;
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\0') {
            return 0;
        }
    }
    return 1;
}

static int is_missing(const char *text, size_t len)
{
    return text == NULL && len > 0;
}

sse_status sse_priv_event_check(const sse_event *event)
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
    if ((type && !is_one_line(event->type, event->type_len)) ||
        (id && !is_one_line(event->id, event->id_len))) {
        return SSE_ERR_CHARACTER;
    }
    return SSE_OK;
}

/* Each line of `text` behind `name`.  No text at all is one empty line. */
static void put_lines(sse_priv_sink *sink, const char *name, size_t name_len,
                      const char *text, size_t len)
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

static void put_retry(sse_priv_sink *sink, uint64_t retry_ms)
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
        put_retry(sink, event->retry_ms);
    }
}

void sse_priv_fields_put(sse_priv_sink *sink, const sse_event *event)
{
    put_head(sink, event);
    if ((event->fields & SSE_FIELD_DATA) != 0) {
        put_lines(sink, "data: ", 6, event->data, event->data_len);
    }
}

void sse_priv_event_put(sse_priv_sink *sink, const sse_event *event)
{
    sse_priv_fields_put(sink, event);
    SSE_PRIV_PUT(sink, "\n");
}

sse_status sse_event_size(const sse_event *event, size_t *size)
{
    if (size == NULL) {
        return SSE_ERR_INVALID;
    }
    *size = 0;
    const sse_status status = sse_priv_event_check(event);
    if (status != SSE_OK) {
        return status;
    }
    sse_priv_sink measure = {NULL, 0, 0, 0};
    sse_priv_event_put(&measure, event);
    /* unreachable where size_t has 64 bits, see sse_priv_put() */
    if (measure.len == SIZE_MAX) {
        return SSE_ERR_INVALID;
    }
    *size = measure.len;
    return SSE_OK;
}

#ifndef SSE_NO_SIMD

/* Data of one line, looked at once: what nearly every event is made of.
 * @return 0 if it is another event than that. */
static int write_plain(const sse_event *event, char *dst, size_t cap,
                       size_t *written, sse_status *status)
{
    sse_priv_sink sink = {NULL, 0, 0, 0};
    if ((event->fields & SSE_FIELD_DATA) == 0 ||
        sse_priv_scan(event->data, event->data_len) != event->data_len) {
        return 0;
    }
    for (int pass = 0; pass < 2; pass++) {
        put_head(&sink, event);
        SSE_PRIV_PUT(&sink, "data: ");
        sse_priv_put(&sink, event->data, event->data_len);
        SSE_PRIV_PUT(&sink, "\n\n");
        if (pass == 0) {
            *status = sse_priv_fits(sink.len, cap);
            if (*status == SSE_OK && dst == NULL) {
                *status = SSE_ERR_INVALID;
            }
            if (*status != SSE_OK) {
                return 1;
            }
            sink.dst = dst;
            sink.len = 0;
        }
    }
    *written = sink.len;
    return 1;
}

#endif

sse_status sse_event_write(const sse_event *event, char *dst, size_t cap,
                           size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    size_t size = 0;
    *written = 0;
    sse_status status;
#ifndef SSE_NO_SIMD
    status = sse_priv_event_check(event);
    if (status != SSE_OK ||
        write_plain(event, dst, cap, written, &status)) {
        return status;
    }
#endif
    status = sse_event_size(event, &size);
    /* elsewhere: with vector code the event was checked before. */
    if (status != SSE_OK) {
        return status;
    }
    if (size > cap) {
        return SSE_ERR_NO_SPACE;
    }
    if (dst == NULL) {
        return SSE_ERR_INVALID;
    }
    sse_priv_sink out = {dst, 0, 0, 0};
    sse_priv_event_put(&out, event);
    *written = out.len;
    return SSE_OK;
}

static void put_blank(sse_priv_sink *sink, sse_block_form form)
{
    if (form == SSE_BLOCK_TWO_LINES) {
        SSE_PRIV_PUT(sink, "\n");
    }
}

sse_status sse_comment_write(const char *text, size_t len,
                             sse_block_form form, char *dst, size_t cap,
                             size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (is_missing(text, len)) {
        return SSE_ERR_INVALID;
    }
    sse_priv_sink sink = {NULL, 0, 0, 0};
    put_lines(&sink, ":", 1, text, len);
    put_blank(&sink, form);
    const sse_status status = sse_priv_fits(sink.len, cap);
    if (status != SSE_OK) {
        return status;
    }
    if (dst == NULL) {
        return SSE_ERR_INVALID;
    }
    sink.dst = dst;
    sink.len = 0;
    put_lines(&sink, ":", 1, text, len);
    put_blank(&sink, form);
    *written = sink.len;
    return SSE_OK;
}

sse_status sse_keep_alive_write(sse_block_form form, char *dst, size_t cap,
                                size_t *written)
{
    return sse_comment_write(NULL, 0, form, dst, cap, written);
}

sse_status sse_retry_write(uint64_t retry_ms, sse_block_form form, char *dst,
                           size_t cap, size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    sse_priv_sink sink = {NULL, 0, 0, 0};
    put_retry(&sink, retry_ms);
    put_blank(&sink, form);
    if (sink.len > cap) {
        return SSE_ERR_NO_SPACE;
    }
    if (dst == NULL) {
        return SSE_ERR_INVALID;
    }
    sink.dst = dst;
    sink.len = 0;
    put_retry(&sink, retry_ms);
    put_blank(&sink, form);
    *written = sink.len;
    return SSE_OK;
}
