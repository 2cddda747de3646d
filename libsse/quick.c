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
#include "mask.h"
#include "words.h"

#include <string.h>

/* Ids up to this length are plain. */
#define SHORT_ID 16

/* Lines up to this length are joined without a decision by length. */
#define SHORT_LINE 96

/* The event under construction, and where reading is. */
typedef struct quick {
    sse_parser *parser;
    const char *chunk;
    const char *stop;      /* where it ends */
    const char *line;      /* the next one to be read */
    const char *text;      /* the window, which entries are counted from */
    const uint16_t *entry; /* where the line ends */
    const uint16_t *roomy; /* up to here lines can be loaded as below */
    const uint16_t *last;  /* up to here there are entries */
    uint64_t base;         /* offset of the chunk */
    size_t data_cap;
    const char *id;        /* this event's id, in the chunk or where it waits */
    size_t id_len;
    uint32_t fields;       /* this event's so far */
    int joined;            /* its data is in the scratch */
    int answer;            /* of the callback */
    sse_event event;
} quick;

/* The event under construction as the grammar left it. */
SSE_PRIV_INLINE void take_over(quick *q)
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
    event->reserved = 0;
}

/* Gives it back. */
static void hand_back(const quick *q)
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

/* An id line: plain if it is short and has no NUL.  @return 0 if not. */
SSE_PRIV_INLINE int take_id(quick *q, const char *value, const char *end)
{
    const size_t len = (size_t)(end - value);
    if (len - 1 >= SHORT_ID || len > q->parser->id_cap_ ||
        q->stop - value < SHORT_ID) {
        return 0;
    }
    uint64_t nul = sse_priv_nul_bytes(sse_priv_load8(value));
    if (len <= 8) {
        nul <<= 64 - 8 * len;
    } else {
        nul |= sse_priv_nul_bytes(sse_priv_load8(end - 8));
    }
    if (nul != 0) {
        return 0;
    }
    q->id = value;
    q->id_len = len;
    return 1;
}

SSE_PRIV_INLINE int take_type(quick *q, const char *value, const char *end)
{
    const size_t len = (size_t)(end - value);
    if (len - 1 >= q->parser->type_cap_) {
        return 0;
    }
    q->event.type = value;
    q->event.type_len = len;
    return 1;
}

/* The first data line of an event.  @return 0 if it does not fit. */
SSE_PRIV_INLINE int take_data(quick *q, const char *value, const char *end)
{
    q->event.data = value;
    q->event.data_len = (size_t)(end - value);
    return q->event.data_len <= q->data_cap;
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

/* The id of an event is the last one from its blank line on. */
static void commit_id(quick *q)
{
    sse_parser *const p = q->parser;
    if (q->id_len <= SHORT_ID && p->id_cap_ >= SHORT_ID) {
        memcpy(p->scratch_, q->id, SHORT_ID);
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

/* A blank line, the line end of which is complete at `place`. */
SSE_PRIV_INLINE void dispatch(quick *q, const char *place)
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
SSE_PRIV_APART void read_events(quick *q)
{
    sse_parser *const p = q->parser;
    const char *line = q->line;
    const char *const text = q->text;
    const uint16_t *entry = q->entry;
    const uint16_t *const roomy = q->roomy;
    uint32_t fields = q->fields;
    int answer = SSE_GO;
    if ((fields & SSE_FIELD_DATA) != 0) {
        return;
    }
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
            if (!SSE_PRIV_USUAL(take_data(q, line + 6, end))) {
                break;
            }
            /* The first byte of its line end completes a blank line. */
            line = end + 2 + crlf;
            q->event.offset = p->offset_ = q->base + (size_t)(line - q->chunk);
            line += crlf;
            q->event.fields = fields | SSE_FIELD_DATA;
            if (!SSE_PRIV_USUAL(fields == 0)) {
                if ((fields & SSE_FIELD_ID) != 0) {
                    commit_id(q);
                }
                answer = p->on_event_(&q->event, p->user_);
                next_event(&q->event);
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
            if (!take_type(q, line + 7, end)) {
                break;
            }
            fields |= SSE_FIELD_TYPE;
        } else if (SSE_PRIV_IS_ID(head)) {
            if (!take_id(q, line + 4, end)) {
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
SSE_PRIV_APART void skip_comments(quick *q)
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

/* Joins data lines behind the first one, but not the last. */
SSE_PRIV_APART void join_lines(quick *q)
{
    char *const held = sse_priv_held(q->parser);
    const char *line = q->line;
    const uint16_t *entry = q->entry;
    size_t have = q->event.data_len;
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
    while (entry < q->roomy && SSE_PRIV_IS_DATA(sse_priv_load8(line))) {
        const char *const end = q->text + *entry;
        const unsigned tail = sse_priv_load2(end);
        const char *const value = line + 6;
        const size_t len = (size_t)(end - value);
        const size_t most = len > SHORT_LINE ? len : SHORT_LINE;
        if ((tail & 0xFF) != SSE_PRIV_LF || tail == SSE_PRIV_LF_LF ||
            most >= q->data_cap - have || (size_t)(q->stop - value) < most) {
            break;
        }
        held[have] = '\n';
        put(held + have + 1, value, len);
        have += 1 + len;
        line = end + 1;
        entry++;
    }
    q->line = line;
    q->entry = entry;
    q->event.data_len = have;
}

/* A data line behind another one.  @return 0 if the two do not fit. */
static int join(quick *q, const char *value, size_t len)
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
SSE_PRIV_INLINE int take_line(quick *q, const char *end, uint64_t head)
{
    const char *const line = q->line;
    uint32_t field = 0;
    int plain = 0;
    if (SSE_PRIV_IS_DATA(head)) {
        field = SSE_FIELD_DATA;
        plain = (q->fields & field) == 0
                    ? take_data(q, line + 6, end)
                    : join(q, line + 6, (size_t)(end - line) - 6);
    } else if (SSE_PRIV_IS_COMMENT(head)) {
        plain = q->parser->asides_ == NULL;
    } else if (SSE_PRIV_IS_EVENT(head)) {
        field = SSE_FIELD_TYPE;
        plain = take_type(q, line + 7, end);
    } else if (SSE_PRIV_IS_ID(head)) {
        field = SSE_FIELD_ID;
        plain = take_id(q, line + 4, end);
    }
    q->fields |= plain ? field : 0;
    return plain;
}

/* Reads one plain line of any kind, and a blank one behind it.  @return 0 if
 * there is none. */
SSE_PRIV_APART int read_line(quick *q)
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
        if ((q->fields & SSE_FIELD_DATA) != 0) {
            join_lines(q);
        }
        return 1;
    }
    /* The first byte of its line end completes it: one less with CRLF. */
    dispatch(q, q->line - (skip >> 2));
    if (q->answer != SSE_GO && skip == 4) {
        q->parser->flags_ |= SSE_PRIV_AFTER_CR;
        q->line--;
    }
    return 1;
}

/* Goes to the entry of the line to be read, if there is one.  In the roomy
 * part of the index eight bytes can be loaded where a line begins, and two
 * where it ends. */
SSE_PRIV_INLINE void open_window(quick *q, sse_priv_ends *ends)
{
    sse_priv_ends_next(ends, (size_t)(q->line - q->chunk));
    q->text = ends->chunk + ends->base;
    q->entry = ends->ends + ends->next;
    q->last = ends->ends + ends->count;
    q->roomy = q->last;
    const size_t left = ends->len - ends->base;
    while (q->roomy > q->entry &&
           (q->roomy[-1] + 2u > left ||
            (q->roomy - 1 > q->entry ? q->roomy[-2] + 12u > left
                                     : q->stop - q->line < 8))) {
        q->roomy--;
    }
}

size_t sse_priv_quick(sse_parser *p, sse_priv_ends *ends, size_t at,
                      int *status)
{
    if ((p->flags_ & SSE_PRIV_NOT_PLAIN) != 0 || ends->len < sizeof(uint64_t) ||
        ends->chunk[at] == '\n' || ends->chunk[at] == '\r') {
        return at;
    }
    quick q;
    q.parser = p;
    q.chunk = ends->chunk;
    q.stop = ends->chunk + ends->len;
    q.line = ends->chunk + at;
    q.base = p->offset_ - at;
    q.data_cap = sse_priv_data_cap(p);
    take_over(&q);
    do {
        open_window(&q, ends);
        do {
            read_events(&q);
            if (q.answer == SSE_GO && q.fields == 0 && p->asides_ == NULL) {
                skip_comments(&q);
            }
        } while (q.answer == SSE_GO && read_line(&q) && q.answer == SSE_GO);
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
