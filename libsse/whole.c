/*
 * whole.c - events that lie whole in a short chunk, read in place.
 *
 * A stream of tokens brings one event a chunk.  Making an index costs more
 * than such a chunk is worth, so its lines are searched one by one, and what
 * is no whole event is left alone: nothing of it is kept between two events.
 *
 * SPDX-License-Identifier: MIT
 */
#include "whole.h"

#ifndef SSE_NO_SIMD

#include "block.h"

#include <string.h>

/* The first line end, or `stop`.  At least eight bytes before `stop` there is
 * none in front of `text` either.  A line that is likely to be very short is
 * looked at here, first. */
static inline const char *find_end(const char *text, const char *stop,
                                   size_t likely)
{
    if (likely > 16 && stop - text > 64) {
        return text + sse_priv_scan(text, (size_t)(stop - text));
    }
    const char *const from = stop - text < 8 ? stop - 8 : text;
    const uint64_t ends = sse_priv_line_ends(sse_priv_load8(from));
    if (ends != 0) {
        return from + SSE_PRIV_CTZ(ends) / 8;
    }
    return from + 8 + sse_priv_scan(from + 8, (size_t)(stop - from) - 8);
}

static const char *read_id(const sse_parser *p, const char *line,
                           const char *stop, sse_event *event)
{
    const char *const value = line + 4;
    const size_t len = sse_priv_scan(value, (size_t)(stop - value));
    const char *const end = value + len;
    if (stop - end <= 9 || *end != '\n' || len - 1 >= SSE_PRIV_SHORT_ID ||
        len > p->id_cap_ || stop - value < SSE_PRIV_SHORT_ID ||
        sse_priv_has_nul(value, len)) {
        return NULL;
    }
    event->id = value;
    event->id_len = len;
    event->fields |= SSE_FIELD_ID;
    return end + 1;
}

const char *sse_priv_read_field(const sse_parser *p, const char *line,
                                const char *stop, sse_event *event)
{
    const uint64_t head = sse_priv_load8(line);
    if (SSE_PRIV_IS_EVENT(head)) {
        return sse_priv_read_type(p, line, stop, event);
    }
    return SSE_PRIV_IS_ID(head) ? read_id(p, line, stop, event) : NULL;
}

const char *sse_priv_skip_comments(const char *text, const char *stop)
{
    while (stop - text > 2 && *text == ':') {
        const char *end = text + 1;
        if (*end != '\n') {
            if (stop - text <= 8) {
                break;
            }
            end = find_end(text, stop, 8);
        }
        if (stop - end < 2 || sse_priv_load2(end) != SSE_PRIV_LF_LF) {
            break;
        }
        text = end + 2;
    }
    return text;
}

/* Gives fields of the event to the grammar, which reads on behind them. */
static size_t hand_over(sse_parser *p, const char *begin, const char *line,
                        const sse_event *event)
{
    if ((event->fields & SSE_FIELD_TYPE) != 0) {
        sse_priv_block_type(p, event->type, event->type_len);
    }
    if ((event->fields & SSE_FIELD_ID) != 0) {
        (void)sse_priv_block_id(p, event->id, event->id_len, 0);
    }
    return (size_t)(line - begin);
}

/* The fields in front of a data line, and comments in front of them.  The data
 * line, or NULL if there is none that is plain. */
static const char *read_fields(sse_parser *p, const char **begin,
                               const char *stop, sse_event *event)
{
    if (**begin == ':' && p->asides_ == NULL) {
        const char *const next = sse_priv_skip_comments(*begin, stop);
        p->offset_ += (size_t)(next - *begin);
        *begin = next;
    }
    const char *line = *begin;
    while (line != NULL && stop - line > 8) {
        if (SSE_PRIV_IS_DATA(sse_priv_load8(line))) {
            return line;
        }
        line = sse_priv_read_field(p, line, stop, event);
    }
    return NULL;
}

/* Whether a line ends with CRLF and a blank line with CRLF follows. */
static inline int is_crlf_crlf(const char *end, const char *stop)
{
    return stop - end >= 4 && sse_priv_load2(end) == SSE_PRIV_CRLF &&
           sse_priv_load2(end + 2) == SSE_PRIV_CRLF;
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
    event.data_len = len;
    sse_priv_set_usual(&event);
    do {
        const char *line = begin;
        if (!SSE_PRIV_USUAL(SSE_PRIV_IS_DATA(sse_priv_load8(line)))) {
            line = read_fields(p, &begin, stop, &event);
            if (line == NULL) {
                break;
            }
        }
        const char *const end = find_end(line + 6, stop, event.data_len);
        if (!SSE_PRIV_USUAL(end < stop)) {
            begin += hand_over(p, begin, line, &event);
            break;
        }
        event.data = line + 6;
        event.data_len = (size_t)(end - event.data);
        if (stop - end < 2 ||
            (event.data_len > SSE_PRIV_FITS && event.data_len > p->data_cap_)) {
            break;
        }
        /* The first byte of its line end completes a blank line. */
        size_t crlf = 0;
        if (!SSE_PRIV_USUAL(sse_priv_load2(end) == SSE_PRIV_LF_LF)) {
            if (!is_crlf_crlf(end, stop)) {
                break;
            }
            crlf = 1;
        }
        event.offset = p->offset_ + (size_t)(end + 2 + crlf - begin);
        p->offset_ = event.offset;
        begin = end + 2 + crlf;
        if ((event.fields & SSE_FIELD_ID) != 0) {
            sse_priv_commit_id(p, &event);
        }
        const int answer = p->on_event_(&event, p->user_);
        if (!SSE_PRIV_USUAL(answer == SSE_GO)) {
            *status = sse_priv_answer(answer);
            p->flags_ |= crlf ? (uint32_t)SSE_PRIV_AFTER_CR : 0u;
            break;
        }
        begin += crlf;
        p->offset_ += crlf;
        if (!SSE_PRIV_USUAL(event.fields == SSE_FIELD_DATA)) {
            sse_priv_set_usual(&event);
        }
    } while (!SSE_PRIV_USUAL(stop - begin <= 8) &&
             (size_t)(stop - begin) > event.data_len);
    return (size_t)(begin - chunk);
}

#else
typedef int sse_priv_no_whole;
#endif
