/*
 * rows.c - rows of plain lines of one kind: what nearly all of a stream is.
 *
 * Each loop takes what it is for and leaves the first other line to quick.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#ifndef SSE_NO_SIMD

#include "rows.h"

#include <string.h>

/* Lines up to this length are joined without a decision by length. */
#define SHORT_LINE 96

/* The id of an event is the last one from its blank line on. */
static void commit_id(sse_priv_rows *q)
{
    sse_parser *const p = q->parser;
    if (q->id_len <= SSE_PRIV_SHORT_ID && p->id_cap_ >= SSE_PRIV_SHORT_ID) {
        memcpy(p->scratch_, q->id, SSE_PRIV_SHORT_ID);
    } else {
        memcpy(p->scratch_, q->id, q->id_len);
    }
    p->id_len_ = (uint32_t)q->id_len;
    q->event.id_len = q->id_len;
}

/* Behind an event with more than data. */
SSE_PRIV_INLINE void next_event(sse_event *event)
{
    event->type = sse_priv_default_type;
    event->type_len = SSE_PRIV_DEFAULT_TYPE_LEN;
    event->retry_ms = 0;
}

void sse_priv_rows_dispatch(sse_priv_rows *q, const char *place)
{
    sse_parser *const p = q->parser;
    if ((q->fields & SSE_FIELD_ID) != 0) {
        commit_id(q);
    }
    if ((q->fields & SSE_FIELD_DATA) != 0) {
        p->offset_ = q->event.offset = q->base + (size_t)(place - q->chunk);
        q->event.fields = q->fields;
        q->answer = p->on_event_(&q->event, p->user_);
    }
    next_event(&q->event);
    q->fields = 0;
    q->joined = 0;
}

/* Whether a blank line with CRLF follows a line with CRLF. */
SSE_PRIV_INLINE int is_crlf_crlf(const char *end, unsigned tail,
                                 const char *stop)
{
    return tail == SSE_PRIV_CRLF && stop - end >= 4 &&
           sse_priv_load2(end + 2) == SSE_PRIV_CRLF;
}

/* Reads on while events have one data line each, behind an id and a type or
 * without. */
void sse_priv_rows_events(sse_priv_rows *q)
{
    sse_parser *const p = q->parser;
    const char *line = q->line;
    const char *const text = q->text;
    const uint16_t *entry = q->entry;
    const uint16_t *const roomy = q->roomy;
    const uint64_t base = q->base - (uintptr_t)q->chunk;
    uint32_t fields = q->fields;
    int answer = SSE_GO;
    if ((fields & SSE_FIELD_DATA) != 0) {
        return;
    }
    q->event.fields = SSE_FIELD_DATA;
    for (; entry < roomy; entry++) {
        const char *const end = text + *entry;
        const uint64_t head = sse_priv_load8(line);
        const unsigned tail = sse_priv_load2(end);
        if (SSE_PRIV_USUAL(SSE_PRIV_IS_DATA(head))) {
            size_t crlf = 0;
            if (!SSE_PRIV_USUAL(tail == SSE_PRIV_LF_LF)) {
                if (!is_crlf_crlf(end, tail, q->stop)) {
                    break;
                }
                crlf = 1;
            }
            if (!SSE_PRIV_USUAL(sse_priv_rows_take_data(q, line + 6, end))) {
                break;
            }
            /* The first byte of its line end completes a blank line. */
            line = end + 2 + crlf;
            q->event.offset = p->offset_ = base + (uintptr_t)line;
            line += crlf;
            if (!SSE_PRIV_USUAL(fields == 0)) {
                q->event.fields = fields | SSE_FIELD_DATA;
                if ((fields & SSE_FIELD_ID) != 0) {
                    commit_id(q);
                }
                answer = p->on_event_(&q->event, p->user_);
                next_event(&q->event);
                q->event.fields = SSE_FIELD_DATA;
                fields = 0;
            } else {
                answer = p->on_event_(&q->event, p->user_);
            }
            if (!SSE_PRIV_USUAL(answer == SSE_GO)) {
                entry++;
                if (crlf) {
                    p->flags_ |= SSE_PRIV_AFTER_CR;
                    line--;
                }
                break;
            }
            continue;
        }
        if ((tail & 0xFF) != SSE_PRIV_LF && tail != SSE_PRIV_CRLF) {
            break;
        }
        if (SSE_PRIV_IS_EVENT(head)) {
            if (!sse_priv_rows_take_type(q, line + 7, end)) {
                break;
            }
            fields |= SSE_FIELD_TYPE;
        } else if (SSE_PRIV_IS_ID(head)) {
            if (!sse_priv_rows_take_id(q, line + 4, end)) {
                break;
            }
            fields |= SSE_FIELD_ID;
        } else {
            break;
        }
        line = end + 1 + (tail == SSE_PRIV_CRLF);
    }
    q->line = line;
    q->entry = entry;
    q->fields = fields;
    q->answer = answer;
}

/* Reads over comments with a blank line each, as an idle stream has them. */
void sse_priv_rows_comments(sse_priv_rows *q)
{
    const char *line = q->line;
    const char *const text = q->text;
    const uint16_t *entry = q->entry;
    const uint16_t *const roomy = q->roomy;
    while (entry < roomy && *line == ':') {
        const char *const end = text + *entry;
        if (sse_priv_load2(end) != SSE_PRIV_LF_LF) {
            break;
        }
        line = end + 2;
        entry++;
    }
    q->line = line;
    q->entry = entry;
}

/* Copies to where there is room for `len` bytes and for a short line, from
 * where there are as many. */
SSE_PRIV_INLINE void put(char *to, const char *from, size_t len)
{
    enum { THIRD = SHORT_LINE / 3 };
    if (len <= SHORT_LINE) {
        memcpy(to, from, THIRD);
        memcpy(to + THIRD, from + THIRD, THIRD);
        memcpy(to + 2 * THIRD, from + 2 * THIRD, THIRD);
    } else {
        memcpy(to, from, len);
    }
}

/* Lines that end too near to the end of the chunk, or of the scratch, are left
 * to quick.c. */
void sse_priv_rows_lines(sse_priv_rows *q)
{
    char *const held = sse_priv_held(q->parser);
    const char *line = q->line;
    const uint16_t *entry = q->entry;
    size_t have = q->event.data_len;
    unsigned tail = 0;
    if (entry >= q->roomy || !SSE_PRIV_IS_DATA(sse_priv_load8(line)) ||
        q->data_cap - have <= SHORT_LINE) {
        return;
    }
    if (!q->joined) {
        if (q->stop - q->event.data < SHORT_LINE) {
            return;
        }
        put(held, q->event.data, have);
        q->event.data = held;
        q->joined = 1;
    }
    while (tail != SSE_PRIV_LF_LF && entry < q->roomy &&
           SSE_PRIV_IS_DATA(sse_priv_load8(line))) {
        const char *const end = q->text + *entry;
        const char *const value = line + 6;
        const size_t len = (size_t)(end - value);
        const size_t most = len > SHORT_LINE ? len : SHORT_LINE;
        if (*end != '\n' || most >= q->data_cap - have ||
            (size_t)(q->stop - value) < most) {
            break;
        }
        tail = sse_priv_load2(end);
        held[have] = '\n';
        put(held + have + 1, value, len);
        have += 1 + len;
        line = end + 1;
        entry++;
    }
    q->event.data_len = have;
    q->entry = entry;
    q->line = line;
    if (tail == SSE_PRIV_LF_LF) {
        q->line++;
        sse_priv_rows_dispatch(q, q->line);
    }
}

#else
typedef int sse_priv_no_rows;
#endif
