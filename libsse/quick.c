/*
 * quick.c - plain lines, read in place.
 *
 * Nothing here knows a rule that the grammar does not know: a line is taken
 * only where a few comparisons show that block.c and dispatch.c would do just
 * this, and the tests hold both to the same result.  The event under
 * construction is kept in local variables and goes back into the parser at
 * the first line that is not plain.
 *
 * Two loads tell a line: eight bytes where it begins say which field it is,
 * eight where it ends say which line ends they are and whether a blank line is
 * part of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "quick.h"

#ifndef SSE_NO_SIMD

#include "block.h"
#include "rows.h"
#include "words.h"

#include <string.h>

/* The event under construction as the grammar left it. */
SSE_PRIV_INLINE void take_over(sse_priv_rows *q)
{
    sse_parser *const p = q->parser;
    sse_event *const event = &q->event;
    q->fields = p->fields_;
    q->answer = SSE_GO;
    if (q->fields != 0) {
        q->joined = (q->fields & SSE_FIELD_DATA) != 0 && p->data_ == NULL;
        q->id = sse_priv_pending_id(p);
        q->id_len = p->pending_id_len_;
        sse_priv_block_describe(p, event);
        return;
    }
    q->joined = 0;
    event->type = sse_priv_default_type;
    event->type_len = SSE_PRIV_DEFAULT_TYPE_LEN;
    event->id = p->scratch_;
    event->id_len = p->id_len_;
    event->retry_ms = 0;
    event->fields = SSE_FIELD_DATA;
    event->reserved = 0;
}

/* Gives it back. */
static void hand_back(const sse_priv_rows *q)
{
    sse_parser *const p = q->parser;
    const sse_event *const event = &q->event;
    p->fields_ = (uint8_t)q->fields;
    p->data_ = NULL;
    p->total_ = 0;
    p->held_ = 0;
    if ((q->fields & SSE_FIELD_DATA) != 0) {
        p->total_ = event->data_len;
        p->data_ = q->joined ? NULL : event->data;
        p->held_ = q->joined ? event->data_len : 0;
    }
    p->type_ = NULL;
    p->type_len_ = 0;
    if ((q->fields & SSE_FIELD_TYPE) != 0) {
        p->type_ = event->type == sse_priv_type_slot(p) ? NULL : event->type;
        p->type_len_ = (uint32_t)event->type_len;
    }
    if ((q->fields & SSE_FIELD_ID) != 0 && q->id != sse_priv_pending_id(p)) {
        memcpy(sse_priv_pending_id(p), q->id, q->id_len);
        p->pending_id_len_ = (uint32_t)q->id_len;
    }
}

/* A data line behind another one.  @return 0 if the two do not fit. */
static int join(sse_priv_rows *q, const char *value, size_t len)
{
    char *const held = sse_priv_held(q->parser);
    const size_t have = q->event.data_len;
    if (len >= q->data_cap - have) {
        return 0;
    }
    if (!q->joined) {
        memcpy(held, q->event.data, have);
        q->event.data = held;
        q->joined = 1;
    }
    held[have] = '\n';
    memcpy(held + have + 1, value, len);
    q->event.data_len = have + 1 + len;
    return 1;
}

/* A line without its end.  @return 0 if it is not plain. */
SSE_PRIV_INLINE int take_line(sse_priv_rows *q, const char *end, uint64_t head)
{
    const char *const line = q->line;
    uint32_t field = 0;
    int plain = 0;
    if (SSE_PRIV_IS_DATA(head)) {
        field = SSE_FIELD_DATA;
        plain = (q->fields & field) == 0
                    ? sse_priv_rows_take_data(q, line + 6, end)
                    : join(q, line + 6, (size_t)(end - line) - 6);
    } else if (SSE_PRIV_IS_COMMENT(head)) {
        plain = q->parser->asides_ == NULL;
    } else if (SSE_PRIV_IS_EVENT(head)) {
        field = SSE_FIELD_TYPE;
        plain = sse_priv_rows_take_type(q, line + 7, end);
    } else if (SSE_PRIV_IS_ID(head)) {
        field = SSE_FIELD_ID;
        plain = q->stop - line >= 4 + SSE_PRIV_SHORT_ID &&
                sse_priv_rows_take_id(q, line + 4, end);
    }
    q->fields |= plain ? field : 0;
    return plain;
}

/* Reads one plain line of any kind, and a blank one behind it.  @return 0 if
 * there is none. */
SSE_PRIV_APART int read_line(sse_priv_rows *q)
{
    if (q->entry == q->last) {
        return 0;
    }
    const char *const end = q->text + *q->entry;
    const uint64_t tail = sse_priv_load_last(end, q->stop);
    size_t skip = 0;
    int blank = 0;
    if (SSE_PRIV_IS_LF(tail)) {
        blank = SSE_PRIV_IS_LF_LF(tail);
        skip = blank ? 2 : 1;
    } else if (SSE_PRIV_IS_CRLF(tail)) {
        blank = SSE_PRIV_IS_CRLF_CRLF(tail);
        skip = blank ? 4 : 2;
    }
    if (skip == 0 || !take_line(q, end, sse_priv_load_last(q->line, q->stop))) {
        return 0;
    }
    q->entry++;
    q->line = end + skip;
    if (!blank) {
        return 1;
    }
    /* The first byte of its line end completes it: one less with CRLF. */
    sse_priv_rows_dispatch(q, q->line - (skip >> 2));
    if (q->answer != SSE_GO && skip == 4) {
        q->parser->flags_ |= SSE_PRIV_AFTER_CR;
        q->line--;
    }
    return 1;
}

/* Reads plain lines of any kind up to the next blank one.  @return 0 if there
 * is one that is not plain. */
static int read_event(sse_priv_rows *q)
{
    do {
        if (!read_line(q)) {
            return 0;
        }
    } while (q->fields != 0);
    return 1;
}

/* Goes to the entry of the line to be read, if there is one. */
SSE_PRIV_INLINE void open_window(sse_priv_rows *q, sse_priv_ends *ends)
{
    sse_priv_ends_next(ends, (size_t)(q->line - q->chunk));
    q->text = ends->chunk + ends->base;
    q->entry = ends->ends + ends->next;
    q->last = ends->ends + ends->count;
    q->roomy = q->last;
    while (q->roomy > q->entry &&
           q->text + q->roomy[-1] > q->stop - SSE_PRIV_ROOM) {
        q->roomy--;
    }
}

size_t sse_priv_quick(sse_parser *p, sse_priv_ends *ends, size_t at,
                      int *status)
{
    if ((p->flags_ & SSE_PRIV_NOT_PLAIN) != 0 ||
        ends->chunk[at] == '\n' || ends->chunk[at] == '\r') {
        return at;
    }
    sse_priv_rows q;
    q.parser = p;
    q.chunk = ends->chunk;
    q.stop = ends->chunk + ends->len;
    q.line = ends->chunk + at;
    q.origin = p->offset_ - (uintptr_t)q.line;
    q.id_most = p->id_cap_ < SSE_PRIV_SHORT_ID ? 0 : SSE_PRIV_SHORT_ID;
    q.type_most = p->type_cap_;
    q.data_cap = p->data_cap_;
    take_over(&q);
    do {
        open_window(&q, ends);
        do {
            sse_priv_rows_read(&q);
        } while (q.answer == SSE_GO && read_event(&q) && q.answer == SSE_GO);
        ends->next = (size_t)(q.entry - ends->ends);
    } while (q.answer == SSE_GO && q.entry == q.last && ends->end < ends->len);
    if ((q.fields | p->fields_) != 0) {
        hand_back(&q);
    }
    *status = sse_priv_answer(q.answer);
    return (size_t)(q.line - q.chunk);
}

#else
typedef int sse_priv_no_quick;
#endif
