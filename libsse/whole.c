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
#include "words.h"

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

/* Reads a type, if that is what `line` is.  The line behind it, or NULL if that
 * is none or is too near. */
static const char *read_type(const sse_parser *p, const char *line,
                             const char *stop, sse_event *event)
{
    if (!SSE_PRIV_IS_EVENT(sse_priv_load8(line))) {
        return NULL;
    }
    const char *const end = find_end(line + 7, stop);
    event->type = line + 7;
    event->type_len = (size_t)(end - event->type);
    event->fields |= SSE_FIELD_TYPE;
    return stop - end > 9 && *end == '\n' && event->type_len > 0 &&
                   event->type_len <= p->type_cap_
               ? end + 1
               : NULL;
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
            if (*line == ':' && p->asides_ == NULL) {
                line = skip_comments(line, stop);
                p->offset_ += (size_t)(line - begin);
                begin = line;
                if (stop - line <= 8) {
                    break;
                }
            }
            line = SSE_PRIV_IS_DATA(sse_priv_load8(line))
                       ? line
                       : read_type(p, line, stop, &event);
            if (line == NULL || !SSE_PRIV_IS_DATA(sse_priv_load8(line))) {
                break;
            }
        }
        const char *const end = find_end(line + 6, stop);
        if (!SSE_PRIV_USUAL(end < stop)) {
            if (line != begin) {
                sse_priv_block_type(p, event.type, event.type_len);
                sse_priv_block_keep(p);
                p->offset_ += (size_t)(line - begin);
            }
            begin = line + begin_cut(p, line, stop, status);
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
