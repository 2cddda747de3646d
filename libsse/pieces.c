/*
 * pieces.c - an event written while its data is still coming.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/writer.h>

#include "scan.h"
#include "sink.h"
#include "writer.h"

#include <string.h>

/* sse_writer::state_ */
enum {
    WANTS_LINE = 0x1, /* a data line is due before anything else */
    IN_LINE = 0x2,    /* a data line is open */
    AFTER_CR = 0x4    /* a LF right here belongs to the line end */
};

static const char name[] = "data: ";
#define NAME_LEN (sizeof name - 1)

sse_status sse_writer_begin(sse_writer *w, const sse_event *head, char *dst,
                            size_t cap, size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (w == NULL || head == NULL) {
        return SSE_ERR_INVALID;
    }
    sse_event event = *head;
    event.data = NULL;
    event.data_len = 0;
    sse_status status = sse_priv_event_check(&event);
    if (status != SSE_OK) {
        return status;
    }
    event.fields &= ~(uint32_t)SSE_FIELD_DATA;
    sse_priv_sink sink = {NULL, 0, 0, 0};
    sse_priv_fields_put(&sink, &event);
    if (sink.len > 0) {
        status = sse_priv_sink_open(&sink, dst, cap);
        if (status != SSE_OK) {
            return status;
        }
        sse_priv_fields_put(&sink, &event);
        *written = sink.len;
    }
    memset(w, 0, sizeof *w);
    w->state_ = (head->fields & SSE_FIELD_DATA) != 0 ? WANTS_LINE : 0;
    return SSE_OK;
}

/* Writes `len` bytes or none.  @return whether there was room. */
static int put(char *dst, size_t cap, size_t *at, const char *text, size_t len)
{
    if (len > cap - *at) {
        return 0;
    }
    memcpy(dst + *at, text, len);
    *at += len;
    return 1;
}

/* As much of one line as there is room for.  Bytes used. */
static size_t put_text(char *dst, size_t cap, size_t *at, const char *text,
                       size_t len)
{
    const size_t room = cap - *at;
    const size_t n = len < room ? len : room;
    if (n > 0) {
        memcpy(dst + *at, text, n);
        *at += n;
    }
    return n;
}

sse_status sse_writer_data(sse_writer *w, const char *text, size_t len,
                           size_t *consumed, char *dst, size_t cap,
                           size_t *written)
{
    if (consumed == NULL || written == NULL) {
        return SSE_ERR_INVALID;
    }
    *consumed = 0;
    *written = 0;
    if (w == NULL || (text == NULL && len > 0) || (dst == NULL && cap > 0)) {
        return SSE_ERR_INVALID;
    }
    size_t used = 0;
    size_t at = 0;
    while (used < len) {
        if ((w->state_ & AFTER_CR) != 0) {
            w->state_ &= ~(uint32_t)AFTER_CR;
            used += (size_t)(text[used] == '\n');
            continue;
        }
        if ((w->state_ & IN_LINE) == 0) {
            if (!put(dst, cap, &at, name, NAME_LEN)) {
                break;
            }
            w->state_ = IN_LINE;
        }
        const size_t line = sse_priv_scan(text + used, len - used);
        const size_t n = put_text(dst, cap, &at, text + used, line);
        used += n;
        if (n < line || used == len || !put(dst, cap, &at, "\n", 1)) {
            break;
        }
        w->state_ = WANTS_LINE;
        if (text[used] == '\r') {
            w->state_ |= AFTER_CR;
        }
        used++;
    }
    *consumed = used;
    *written = at;
    return used == len ? SSE_OK : SSE_NEED_SPACE;
}

/* What ends the event. */
static void put_end(sse_priv_sink *sink, uint32_t state)
{
    if ((state & WANTS_LINE) != 0) {
        sse_priv_put(sink, name, NAME_LEN);
    }
    if ((state & (WANTS_LINE | IN_LINE)) != 0) {
        SSE_PRIV_PUT(sink, "\n");
    }
    SSE_PRIV_PUT(sink, "\n");
}

sse_status sse_writer_end(sse_writer *w, char *dst, size_t cap,
                          size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (w == NULL) {
        return SSE_ERR_INVALID;
    }
    sse_priv_sink sink = {NULL, 0, 0, 0};
    put_end(&sink, w->state_);
    const sse_status status = sse_priv_sink_open(&sink, dst, cap);
    if (status != SSE_OK) {
        return status;
    }
    put_end(&sink, w->state_);
    *written = sink.len;
    w->state_ = 0;
    return SSE_OK;
}
