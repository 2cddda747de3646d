/*
 * single.c - rows of events with a single data line, read in place.
 *
 * There are two loops, each for LF and for CRLF: one for events that have
 * nothing but data, one for such with an id, a type or both before it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scan.h"

#ifndef SSE_NO_SIMD

#include "rows.h"

#include <string.h>

/* Of an event that has other fields than the one before it; apart, as that is
 * not usual. */
SSE_PRIV_APART void change_fields(sse_event *event, uint32_t fields)
{
    event->fields = fields;
    if ((fields & SSE_FIELD_TYPE) == 0) {
        event->type = sse_priv_default_type;
        event->type_len = SSE_PRIV_DEFAULT_TYPE_LEN;
    }
    if ((fields & SSE_FIELD_RETRY) == 0) {
        event->retry_ms = 0;
    }
}

/* Events of a row have the same fields. */
SSE_PRIV_INLINE void set_fields(sse_event *event, uint32_t fields)
{
    if (!SSE_PRIV_USUAL(event->fields == fields)) {
        change_fields(event, fields);
    }
}

/* The id of an event is the last one from its blank line on. */
SSE_PRIV_INLINE void set_id_len(sse_priv_rows *q)
{
    q->parser->id_len_ = (uint32_t)q->id_len;
    q->event.id_len = q->id_len;
}

/* Who gets the events.  The tightest loop keeps it in local variables: from the
 * parser it would have to be read anew after each call. */
typedef struct receiver {
    sse_parser *parser;
    sse_event_fn on_event;
    void *user;
    uint64_t origin;
} receiver;

SSE_PRIV_INLINE receiver receiver_of(const sse_priv_rows *q)
{
    const sse_parser *const p = q->parser;
    const receiver to = {q->parser, p->on_event_, p->user_, q->origin};
    return to;
}

/* Hands the event over that is complete at `place`. */
SSE_PRIV_INLINE int call(sse_priv_rows *q, const receiver *to,
                         const char *place)
{
    to->parser->offset_ = q->event.offset = to->origin + (uintptr_t)place;
    return to->on_event(&q->event, to->user);
}

void sse_priv_rows_dispatch(sse_priv_rows *q, const char *place)
{
    if ((q->fields & SSE_FIELD_ID) != 0) {
        memcpy(q->parser->scratch_, q->id, q->id_len);
        set_id_len(q);
    }
    if ((q->fields & SSE_FIELD_DATA) != 0) {
        const receiver to = receiver_of(q);
        set_fields(&q->event, q->fields);
        q->answer = call(q, &to, place);
    } else {
        change_fields(&q->event, SSE_FIELD_DATA);
    }
    q->fields = 0;
    q->joined = 0;
}

/* The line ends of a stream, as numbers that the functions below are told, so
 * that each kind has loops without a decision about it. */
typedef struct line_end {
    unsigned len;
    uint64_t end, end_mask;     /* of a line, be it the last one or not */
    uint64_t blank, blank_mask; /* of a line with a blank one behind it */
    uint64_t data;              /* the last two bytes of both, and "data: " */
    uint64_t first, first_mask; /* the bytes before those */
} line_end;

static const line_end lf = {
    1, 0x0A, 0xFF, 0x0A0A, 0xFFFF, UINT64_C(0x203A617461640A0A), 0, 0};
static const line_end crlf = {
    2, 0x0A0D, 0xFFFF, 0x0A0D0A0D, 0xFFFFFFFF, UINT64_C(0x203A617461640A0D),
    0x0A0D, 0xFFFF};

/* Whether a line ends here, be it the last one of its event or not. */
SSE_PRIV_INLINE int is_line_end(const char *end, const line_end *kind)
{
    return (sse_priv_load8(end) & kind->end_mask) == kind->end;
}

/* Whether a blank line follows. */
SSE_PRIV_INLINE int is_event_end(const char *end, const line_end *kind)
{
    return (sse_priv_load8(end) & kind->blank_mask) == kind->blank;
}

/* Whether a blank line follows, and then an event that begins with data. */
SSE_PRIV_INLINE int is_event_end_before_data(const char *end,
                                             const line_end *kind)
{
    const uint64_t first = sse_priv_load8(end) & kind->first_mask;
    const uint64_t rest = sse_priv_load8(end + 2 * kind->len - 2);
    return ((first ^ kind->first) | (rest ^ kind->data)) == 0;
}

/* Whether an event begins with data, as the one before it did. */
SSE_PRIV_INLINE int is_data_row(const sse_priv_rows *q)
{
    return SSE_PRIV_IS_DATA(sse_priv_load8(q->line)) && q->fields == 0 &&
           q->event.fields == SSE_FIELD_DATA;
}

/* Reads on while events have one data line and nothing else: what is behind a
 * line tells that it was the last one of its event, and that another such event
 * may follow. */
SSE_PRIV_INLINE void read_data(sse_priv_rows *q, const line_end *kind)
{
    receiver to = receiver_of(q);
    const char *const text = q->text;
    const char *value = q->line + 6;
    const uint16_t *entry = q->entry;
    const uint16_t *const roomy = q->roomy;
    int answer = SSE_GO;
    to.origin -= 6 + (kind->len - 1); /* counted from values, not lines */
    do {
        const char *const end = text + *entry;
        if (!is_event_end_before_data(end, kind) ||
            !sse_priv_rows_take_data(q, value, end)) {
            break;
        }
        value = end + 2 * kind->len + 6;
        entry++;
        answer = call(q, &to, value);
    } while (SSE_PRIV_USUAL(answer == SSE_GO) && entry < roomy);
    q->line = value - 6;
    q->entry = entry;
    q->answer = answer;
}

/* A line, and what tells which one it is. */
typedef struct cursor {
    const char *line;
    const uint16_t *entry;
    const char *end;
    uint64_t head;
} cursor;

/* Looks at the line.  @return 0 if the row has none. */
SSE_PRIV_INLINE int look(cursor *at, const sse_priv_rows *q,
                         const uint16_t *roomy)
{
    if (at->entry == roomy) {
        return 0;
    }
    at->end = q->text + *at->entry;
    at->head = sse_priv_load8(at->line);
    return 1;
}

/* Goes behind the line and looks at the next one. */
SSE_PRIV_INLINE int step(cursor *at, const sse_priv_rows *q,
                         const uint16_t *roomy, const line_end *kind)
{
    at->line = at->end + kind->len;
    at->entry++;
    return look(at, q, roomy);
}

/* Takes an id line, if the line is one.  @return 0 if the row ends there. */
SSE_PRIV_INLINE int pass_id(cursor *at, sse_priv_rows *q, uint32_t *fields,
                            const uint16_t *roomy, const line_end *kind)
{
    if (!SSE_PRIV_IS_ID(at->head)) {
        return 1;
    }
    if (!is_line_end(at->end, kind) ||
        !sse_priv_rows_take_id(q, at->line + 4, at->end)) {
        return 0;
    }
    *fields |= SSE_FIELD_ID;
    return step(at, q, roomy, kind);
}

/* The same with a type. */
SSE_PRIV_INLINE int pass_type(cursor *at, sse_priv_rows *q, uint32_t *fields,
                              const uint16_t *roomy, const line_end *kind)
{
    if (!SSE_PRIV_IS_EVENT(at->head)) {
        return 1;
    }
    if (!is_line_end(at->end, kind) ||
        !sse_priv_rows_take_type(q, at->line + 7, at->end)) {
        return 0;
    }
    *fields |= SSE_FIELD_TYPE;
    return step(at, q, roomy, kind);
}

/* Reads on while events have one data line, behind an id and a type or without,
 * which may have been read. */
SSE_PRIV_INLINE void read_events(sse_priv_rows *q, const line_end *kind)
{
    const uint16_t *const roomy = q->roomy;
    cursor at = {q->line, q->entry, NULL, 0};
    uint32_t fields = q->fields;
    int answer = SSE_GO;
    while (SSE_PRIV_USUAL(answer == SSE_GO) && look(&at, q, roomy)) {
        if (!pass_id(&at, q, &fields, roomy, kind) ||
            !pass_type(&at, q, &fields, roomy, kind)) {
            break;
        }
        /* Where the id comes second. */
        if (!SSE_PRIV_USUAL(SSE_PRIV_IS_DATA(at.head)) &&
            !pass_id(&at, q, &fields, roomy, kind)) {
            break;
        }
        if (!SSE_PRIV_IS_DATA(at.head) || !is_event_end(at.end, kind) ||
            !sse_priv_rows_take_data(q, at.line + 6, at.end)) {
            break;
        }
        set_fields(&q->event, fields | SSE_FIELD_DATA);
        if ((fields & SSE_FIELD_ID) != 0) {
            memcpy(q->parser->scratch_, q->id, SSE_PRIV_SHORT_ID);
            set_id_len(q);
        }
        at.line = at.end + 2 * kind->len;
        at.entry++;
        fields = 0;
        /* Here there are no registers left that would keep it. */
        const receiver to = receiver_of(q);
        answer = call(q, &to, at.line - (kind->len - 1));
    }
    q->line = at.line;
    q->entry = at.entry;
    q->fields = fields;
    q->answer = answer;
}

void sse_priv_rows_lf(sse_priv_rows *q)
{
    if (is_data_row(q)) {
        read_data(q, &lf);
    }
    if (q->answer == SSE_GO) {
        read_events(q, &lf);
    }
}

/* The first byte of its line end completes a blank line; where the callback
 * says to stop there, the LF is left. */
void sse_priv_rows_crlf(sse_priv_rows *q)
{
    if (is_data_row(q)) {
        read_data(q, &crlf);
    }
    if (q->answer == SSE_GO) {
        read_events(q, &crlf);
    }
    if (q->answer != SSE_GO) {
        q->parser->flags_ |= SSE_PRIV_AFTER_CR;
        q->line--;
    }
}

#else
typedef int sse_priv_no_single;
#endif
