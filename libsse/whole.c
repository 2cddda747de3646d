/*
 * whole.c - events that lie whole in a short chunk, read in place.
 *
 * A stream of tokens brings one event a chunk.  Making an index costs more
 * than such a chunk is worth, so its lines are searched one by one, and what
 * is no whole event is left alone: nothing of it is kept between two events.
 *
 * SPDX-License-Identifier: MIT
 */
#include "quick.h"

#ifndef SSE_NO_SIMD

#include "block.h"
#include "carry.h"
#include "rows.h"
#include "words.h"

#include <string.h>

/* Any scratch has room for so much data. */
#define FITS 32

/* The first line end, or `stop`.  At least eight bytes before `stop` there is
 * none in front of `text` either. */
SSE_PRIV_INLINE const char *find_end(const char *text, const char *stop)
{
    const char *const from = stop - text < 8 ? stop - 8 : text;
    const uint64_t ends = sse_priv_line_ends(sse_priv_load8(from));
    if (ends != 0) {
        return from + SSE_PRIV_CTZ(ends) / 8;
    }
    return from + 8 + sse_priv_scan(from + 8, (size_t)(stop - from) - 8);
}

/* Until a line says otherwise. */
SSE_PRIV_INLINE void set_usual(sse_event *event)
{
    event->type = sse_priv_default_type;
    event->type_len = SSE_PRIV_DEFAULT_TYPE_LEN;
    event->fields = SSE_FIELD_DATA;
}

/* Reads a type or an id, if that is what `line` is; an id is left in `event`,
 * to be committed.  The line behind it, or NULL if it is no such line, is not
 * plain, or ends too near to `stop`. */
static const char *read_field(const sse_parser *p, const char *line,
                              const char *stop, sse_event *event)
{
    const uint64_t head = sse_priv_load8(line);
    const int is_id = SSE_PRIV_IS_ID(head);
    if (!is_id && !SSE_PRIV_IS_EVENT(head)) {
        return NULL;
    }
    const char *const value = line + (is_id ? 4 : 7);
    const char *const end =
        value + sse_priv_scan(value, (size_t)(stop - value));
    const size_t len = (size_t)(end - value);
    if (stop - end <= 9 || *end != '\n' || len == 0) {
        return NULL;
    }
    if (is_id) {
        if (len > SSE_PRIV_SHORT_ID || len > p->id_cap_ ||
            stop - value < SSE_PRIV_SHORT_ID || sse_priv_has_nul(value, len)) {
            return NULL;
        }
        event->id = value;
        event->id_len = len;
        event->fields |= SSE_FIELD_ID;
    } else {
        if (len > p->type_cap_) {
            return NULL;
        }
        event->type = value;
        event->type_len = len;
        event->fields |= SSE_FIELD_TYPE;
    }
    return end + 1;
}

/* The id of an event is the last one from its blank line on. */
static void commit_id(sse_parser *p, sse_event *event)
{
    memcpy(p->scratch_, event->id, event->id_len);
    p->id_len_ = (uint32_t)event->id_len;
    event->id = p->scratch_;
}

/* The data line that ends the chunk is cut: what there is goes to the grammar.
 * Bytes taken. */
static size_t begin_cut(sse_parser *p, const char *line, const char *stop,
                        int *status)
{
    size_t used = 0;
    *status = sse_priv_carry_begin(p, line, (size_t)(stop - line), &used);
    p->offset_ += used;
    return used;
}

/* Comments that nobody listens to, with a blank line each, as an idle stream
 * has them.  Where they end. */
static const char *skip_comments(const char *text, const char *stop)
{
    while (stop - text > 8 && *text == ':') {
        const char *const end =
            text + sse_priv_scan(text, (size_t)(stop - text));
        if (stop - end < 2 || sse_priv_load2(end) != SSE_PRIV_LF_LF) {
            break;
        }
        text = end + 2;
    }
    return text;
}

size_t sse_priv_cut(sse_parser *p, const char *chunk, size_t len,
                    int *status)
{
    const char *const stop = chunk + len;
    if (!SSE_PRIV_IS_DATA(sse_priv_load8(chunk)) ||
        find_end(chunk + 6, stop) != stop) {
        return 0;
    }
    sse_priv_block_keep(p);
    return begin_cut(p, chunk, stop, status);
}

/* The same behind fields of the event, which the grammar is told. */
static size_t begin_cut_event(sse_parser *p, const char *begin,
                              const char *line, const char *stop,
                              const sse_event *event, int *status)
{
    if ((event->fields & SSE_FIELD_TYPE) != 0) {
        sse_priv_block_type(p, event->type, event->type_len);
        sse_priv_block_keep(p);
    }
    if ((event->fields & SSE_FIELD_ID) != 0) {
        (void)sse_priv_block_id(p, event->id, event->id_len, 0);
    }
    p->offset_ += (size_t)(line - begin);
    return (size_t)(line - begin) + begin_cut(p, line, stop, status);
}

/* The fields in front of a data line, and comments in front of them.  The data
 * line, or NULL if there is none that is plain. */
static const char *read_fields(sse_parser *p, const char **begin,
                               const char *stop, sse_event *event)
{
    if (**begin == ':' && p->asides_ == NULL) {
        const char *const next = skip_comments(*begin, stop);
        p->offset_ += (size_t)(next - *begin);
        *begin = next;
    }
    const char *line = *begin;
    while (line != NULL && stop - line > 8) {
        if (SSE_PRIV_IS_DATA(sse_priv_load8(line))) {
            return line;
        }
        line = read_field(p, line, stop, event);
    }
    return NULL;
}

size_t sse_priv_whole(sse_parser *p, const char *chunk, size_t len,
                      int *status)
{
    const char *const stop = chunk + len;
    const char *begin = chunk;
    sse_event event;
    event.id = p->scratch_;
    event.id_len = p->id_len_;
    event.retry_ms = 0;
    event.reserved = 0;
    set_usual(&event);
    do {
        const char *line = begin;
        if (!SSE_PRIV_USUAL(SSE_PRIV_IS_DATA(sse_priv_load8(line)))) {
            line = read_fields(p, &begin, stop, &event);
            if (line == NULL) {
                break;
            }
        }
        const char *const end = find_end(line + 6, stop);
        if (!SSE_PRIV_USUAL(end < stop)) {
            begin += begin_cut_event(p, begin, line, stop, &event, status);
            break;
        }
        event.data = line + 6;
        event.data_len = (size_t)(end - event.data);
        if (stop - end < 2 || sse_priv_load2(end) != SSE_PRIV_LF_LF ||
            (event.data_len > FITS && event.data_len > sse_priv_data_cap(p))) {
            break;
        }
        event.offset = p->offset_ + (size_t)(end + 2 - begin);
        p->offset_ = event.offset;
        begin = end + 2;
        if ((event.fields & SSE_FIELD_ID) != 0) {
            commit_id(p, &event);
        }
        const int answer = p->on_event_(&event, p->user_);
        if (!SSE_PRIV_USUAL(answer == SSE_GO)) {
            *status = sse_priv_answer(answer);
            break;
        }
        if (!SSE_PRIV_USUAL(event.fields == SSE_FIELD_DATA)) {
            set_usual(&event);
        }
    } while (!SSE_PRIV_USUAL(stop - begin <= 8));
    return (size_t)(begin - chunk);
}

#else
typedef int sse_priv_no_whole;
#endif
