/*
 * quick.c - plain lines, read in place.
 *
 * Nothing here knows a rule that the grammar does not know: a line is taken
 * only where a few comparisons show that block.c and dispatch.c would do just
 * this, and the tests hold both to the same result.  The event under
 * construction is kept in local variables and goes back into the parser at
 * the first line that is not plain.
 *
 * SPDX-License-Identifier: MIT
 */
#include "quick.h"

#ifndef SSE_NO_SIMD

#include "block.h"
#include "mask.h"

#include <string.h>

/* Any of these means that the event under construction is no plain one. */
#define NOT_PLAIN                                                              \
    (SSE_PRIV_AFTER_CR | SSE_PRIV_DROPPING | SSE_PRIV_FRAGMENTS |              \
     SSE_PRIV_LONG_TYPE)

/* Ids up to this length are copied without a loop. */
#define SHORT_ID 16

/* Joined lines are copied in steps of so many bytes. */
#define STEP 32

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* The event under construction, and what the loop needs of the parser. */
typedef struct quick {
    sse_parser *parser;
    const char *chunk;
    size_t len;       /* bytes at `chunk` */
    uint64_t base;    /* offset of the chunk */
    size_t data_cap;
    char *held;       /* where joined data goes */
    const char *id;   /* this event's id in the chunk */
    size_t id_len;
    int joined;       /* data is in the scratch */
    sse_event event;
} quick;

SSE_PRIV_INLINE int is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

/* Whether a byte of `text` is NUL, in whole words that may overlap. */
SSE_PRIV_INLINE int has_nul(const char *text, size_t len)
{
    uint64_t a = ONES;
    uint64_t b = ONES;
    if (len >= 8) {
        memcpy(&a, text, 8);
        memcpy(&b, text + len - 8, 8);
    } else if (len >= 4) {
        memcpy(&a, text, 4);
        memcpy(&b, text + len - 4, 4);
    } else {
        for (size_t i = 0; i < len; i++) {
            if (text[i] == '\0') {
                return 1;
            }
        }
        return 0;
    }
    return (((a - ONES) & ~a & HIGHS) | ((b - ONES) & ~b & HIGHS)) != 0;
}

/* Gives the event under construction back to the grammar. */
static void hand_back(quick *q, size_t at)
{
    sse_parser *const p = q->parser;
    p->offset_ = q->base + at;
    p->fields_ = (uint8_t)q->event.fields;
    p->data_ = NULL;
    p->total_ = 0;
    p->held_ = 0;
    if ((q->event.fields & SSE_FIELD_DATA) != 0) {
        p->total_ = q->event.data_len;
        p->data_ = q->joined ? NULL : q->event.data;
        p->held_ = q->joined ? q->event.data_len : 0;
    }
    p->type_ = NULL;
    p->type_len_ = 0;
    if ((q->event.fields & SSE_FIELD_TYPE) != 0) {
        p->type_ = q->event.type == sse_priv_type_slot(p) ? NULL
                                                          : q->event.type;
        p->type_len_ = (uint32_t)q->event.type_len;
    }
    if (q->id != sse_priv_pending_id(p)) {
        memcpy(sse_priv_pending_id(p), q->id, q->id_len);
        p->pending_id_len_ = (uint32_t)q->id_len;
    }
}

/* After an event: the next one has neither type nor data. */
SSE_PRIV_INLINE void next_event(quick *q)
{
    q->event.type = sse_priv_default_type;
    q->event.type_len = SSE_PRIV_DEFAULT_TYPE_LEN;
    q->event.fields = 0;
    q->event.retry_ms = 0;
    q->joined = 0;
}

/* An id line.  @return 0 if it is none for a copy without a loop. */
SSE_PRIV_INLINE int take_id(quick *q, const char *value, size_t len)
{
    if (len > SHORT_ID || len > q->parser->id_cap_ || has_nul(value, len)) {
        return 0;
    }
    q->id = value;
    q->id_len = len;
    q->event.fields |= SSE_FIELD_ID;
    return 1;
}

/* A data line behind another one.  @return 0 if the two do not fit. */
SSE_PRIV_INLINE int join(quick *q, const char *value, size_t len)
{
    const size_t have = q->event.data_len;
    if (len + STEP >= q->data_cap - have) {
        return 0;
    }
    if ((size_t)(q->chunk + q->len - value) < len + STEP) {
        return 0;
    }
    if (!q->joined) {
        memcpy(q->held, q->event.data, have);
        q->event.data = q->held;
        q->joined = 1;
    }
    char *const to = q->held + have;
    *to = '\n';
    for (size_t i = 0; i < len; i += STEP) {
        memcpy(to + 1 + i, value + i, STEP);
    }
    q->event.data_len = have + 1 + len;
    return 1;
}

/* Takes a line if it is a plain one. */
SSE_PRIV_INLINE int take_line(quick *q, const char *line, size_t n)
{
    if (n >= 6 && memcmp(line, "data: ", 6) == 0) {
        if ((q->event.fields & SSE_FIELD_DATA) != 0) {
            return join(q, line + 6, n - 6);
        }
        if (n - 6 > q->data_cap) {
            return 0;
        }
        q->event.data = line + 6;
        q->event.data_len = n - 6;
        q->event.fields |= SSE_FIELD_DATA;
        return 1;
    }
    if (n >= 7 && memcmp(line, "event: ", 7) == 0) {
        if (n == 7 || n - 7 > q->parser->type_cap_) {
            return 0;
        }
        q->event.type = line + 7;
        q->event.type_len = n - 7;
        q->event.fields |= SSE_FIELD_TYPE;
        return 1;
    }
    if (n >= 4 && memcmp(line, "id: ", 4) == 0) {
        return take_id(q, line + 4, n - 4);
    }
    return line[0] == ':' && q->parser->asides_ == NULL;
}

/* A blank line.  What the callback answered. */
SSE_PRIV_INLINE int dispatch(quick *q)
{
    sse_parser *const p = q->parser;
    if ((q->event.fields & SSE_FIELD_ID) != 0) {
        memcpy(p->scratch_, q->id, q->id_len);
        p->id_len_ = (uint32_t)q->id_len;
        q->event.id_len = q->id_len;
    }
    int answer = SSE_GO;
    if ((q->event.fields & SSE_FIELD_DATA) != 0) {
        answer = p->on_event_(&q->event, p->user_);
    }
    if (q->event.fields != 0) {
        next_event(q);
    }
    return answer;
}

/* What follows a line. */
typedef struct line_end {
    size_t skip; /* bytes of it; 0 if it is none for this function */
    int blank;   /* a blank line is part of them */
} line_end;

/* A CR without a LF, and one that ends the chunk, are not for here. */
SSE_PRIV_INLINE line_end end_at(const char *end, size_t left)
{
    line_end e = {0, 0};
    if (left >= 2 && memcmp(end, "\n\n", 2) == 0) {
        e.skip = 2;
        e.blank = 1;
    } else if (left >= 1 && end[0] == '\n') {
        e.skip = 1;
    } else if (left >= 4 && memcmp(end, "\r\n\r\n", 4) == 0) {
        e.skip = 4;
        e.blank = 1;
    } else if (left >= 2 && end[1] == '\n') {
        e.skip = 2;
    }
    return e;
}

static void set_up(quick *q, sse_parser *p, const sse_priv_ends *ends,
                   size_t at)
{
    q->parser = p;
    q->chunk = ends->chunk;
    q->len = ends->len;
    q->base = p->offset_ - at;
    q->data_cap = sse_priv_data_cap(p);
    q->held = sse_priv_held(p);
    q->id = sse_priv_pending_id(p);
    q->id_len = p->pending_id_len_;
    q->joined = (p->fields_ & SSE_FIELD_DATA) != 0 && p->data_ == NULL;
    sse_priv_block_describe(p, &q->event);
}

size_t sse_priv_quick(sse_parser *p, sse_priv_ends *ends, size_t at,
                      int *status)
{
    quick q;
    if ((p->flags_ & NOT_PLAIN) != 0) {
        return at;
    }
    set_up(&q, p, ends, at);
    while (at < q.len && !is_line_end(q.chunk[at])) {
        const size_t end = sse_priv_ends_next(ends, at);
        const line_end e = end_at(q.chunk + end, q.len - end);
        if (e.skip == 0 || !take_line(&q, q.chunk + at, end - at)) {
            break;
        }
        ends->next++;
        at = end + e.skip;
        if (!e.blank) {
            continue;
        }
        /* The first byte of its line end completes it: one less with CRLF. */
        q.event.offset = q.base + at - (e.skip >> 2);
        p->offset_ = q.event.offset;
        const int answer = dispatch(&q);
        if (answer != SSE_GO) {
            *status = sse_priv_answer(answer);
            if (e.skip == 4) {
                p->flags_ |= SSE_PRIV_AFTER_CR;
                at--;
            }
            break;
        }
    }
    hand_back(&q, at);
    return at;
}

#else
typedef int sse_priv_no_quick;
#endif
