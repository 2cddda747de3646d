/*
 * short.c - chunks too short for an index, read line by line.
 *
 * Making an index costs more than such a chunk is worth.  Events that lie
 * whole in it are whole.c's, and data of other lines is short_data.c's.  Of all
 * else this is the loop of feed.c, but for lines that nobody hears of, which
 * are read over.
 *
 * SPDX-License-Identifier: MIT
 */
#include "short.h"

#ifndef SSE_NO_SIMD

#include "block.h"
#include "carry.h"
#include "whole.h"

/* Bytes before the first line end. */
static inline size_t find(const char *text, size_t len)
{
    size_t n = 0;
    if (len >= 8 && !sse_priv_is_end(*text)) {
        return sse_priv_scan(text, len);
    }
    while (n < len && !sse_priv_is_end(text[n])) {
        n++;
    }
    return n;
}

/* Whether the bytes that wait and the next ones, eight at least, begin a data
 * line. */
static inline int is_cut_data(const sse_parser *p, const char *text)
{
    const unsigned have = 8 * p->head_len_;
    const uint64_t head = sse_priv_load8(p->head_);
    return have <= 48 && SSE_PRIV_IS_DATA((head & ~(UINT64_MAX << have)) |
                                          sse_priv_load8(text) << have);
}

/* Goes on with a line that began in another chunk. */
static inline void go_on(sse_priv_short *r)
{
    sse_parser *const p = r->parser;
    const size_t left = (size_t)(r->stop - r->at);
    if (p->line_ == SSE_PRIV_DATA && sse_priv_is_end(*r->at)) {
        sse_priv_end_data(r);
        return;
    }
    if (p->line_ == SSE_PRIV_NONE && left >= 8 && is_cut_data(p, r->at) &&
        sse_priv_take_data(r, r->at + 6 - p->head_len_)) {
        return;
    }
    const size_t n = find(r->at, left);
    size_t used = 0;
    int status = sse_priv_carry_more(p, r->at, n, &used);
    if (sse_priv_is_refused(status)) {
        r->status = status;
        r->at += used;
        return;
    }
    r->at += n;
    r->status = status;
    if (n < left) {
        sse_priv_set_offset(r, r->at);
        const int end = sse_priv_carry_end(p);
        sse_priv_pass(r, r->at, end != SSE_OK ? end : status);
    }
}

/* Reads one line, or as much of it as there is. */
static void begin_line(sse_priv_short *r)
{
    sse_parser *const p = r->parser;
    const char *const line = r->at;
    const size_t left = (size_t)(r->stop - line);
    if (sse_priv_is_end(*line)) {
        sse_priv_set_offset(r, line);
        sse_priv_pass(r, line,
                      sse_priv_is_between(p) ? SSE_OK
                                             : sse_priv_block_end(p, NULL));
        return;
    }
    if (left >= 8 && SSE_PRIV_IS_DATA(sse_priv_load8(line)) &&
        sse_priv_take_data(r, line + 6)) {
        return;
    }
    const size_t n = find(line, left);
    if (n == left) {
        size_t used = 0;
        sse_priv_block_keep(p);
        r->status = sse_priv_carry_begin(p, line, n, &used);
        r->at += used;
        return;
    }
    sse_priv_set_offset(r, line + n);
    sse_priv_pass(r, line + n,
                  *line != ':' || p->asides_ != NULL
                      ? sse_priv_block_line(p, line, n)
                      : SSE_OK);
}

/* Comments in the last few bytes of a chunk.  @return 0 if there are none that
 * are all that a block has, and unheard of. */
static int skip_comments(sse_priv_short *r)
{
    if (!sse_priv_is_between(r->parser) || r->parser->asides_ != NULL) {
        return 0;
    }
    const char *const from = r->at;
    r->at = sse_priv_skip_comments(from, r->stop);
    return r->at > from;
}

/* Behind a CR that ended its line. */
static inline void skip_lf(sse_priv_short *r)
{
    r->parser->flags_ &= ~(uint32_t)SSE_PRIV_AFTER_CR;
    r->at += *r->at == '\n';
}

/* Reads on for as long as that is better than by an index.  Bytes used. */
static inline size_t read_short(sse_parser *p, const char *chunk, size_t len,
                                int *status)
{
    sse_priv_short r = {
        p, chunk, chunk + len, p->offset_ - (uintptr_t)chunk, 0, SSE_OK};
    if ((p->flags_ & SSE_PRIV_AFTER_CR) != 0) {
        skip_lf(&r);
    }
    if (sse_priv_carry_open(p)) {
        go_on(&r);
    }
    while (r.at < r.stop && r.status == SSE_OK) {
        if ((p->flags_ & SSE_PRIV_AFTER_CR) != 0) {
            skip_lf(&r);
            continue;
        }
        const size_t left = (size_t)(r.stop - r.at);
        const size_t most =
            r.longest < SSE_PRIV_LONG ? SSE_PRIV_SHORT : SSE_PRIV_MEDIUM;
        /* Nobody begins an index within a run of line ends. */
        if (left > most && !sse_priv_is_end(*r.at)) {
            break;
        }
        /* What is left behind a longer line is likely to be cut, so that it is
         * better copied while it is searched. */
        if (left > 8 && left > r.longest && sse_priv_is_between(p)) {
            p->offset_ = r.base + (uintptr_t)r.at;
            r.at += sse_priv_whole(p, r.at, left, &r.status);
            if (r.at == r.stop || r.status != SSE_OK) {
                break;
            }
        }
        if (left < 8 && *r.at == ':' && skip_comments(&r)) {
            continue;
        }
        begin_line(&r);
    }
    p->offset_ = r.base + (uintptr_t)r.at;
    if (p->data_ != NULL || p->type_ != NULL) {
        sse_priv_block_keep(p);
    }
    *status = r.status;
    return (size_t)(r.at - chunk);
}

sse_status sse_priv_feed_on(sse_parser *p, const char *chunk, size_t len,
                            size_t at, size_t *consumed)
{
    int status = SSE_OK;
    p->flags_ |= SSE_PRIV_BUSY;
    if (sse_priv_is_plain(p)) {
        at += read_short(p, chunk + at, len - at, &status);
    }
    return sse_priv_feed_rest(p, chunk, len, at, status, consumed);
}

#else
typedef int sse_priv_no_short;
#endif
