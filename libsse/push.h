/*
 * push.h - the ways a feed can take: the grammar's own, and shorter ones for
 * chunks that are very short, one event, or a part of a line.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_PUSH_H
#define SSE_PRIV_PUSH_H

#include "line.h"
#include "mask.h"
#include "quick.h"
#include "state.h"

/** Reads until the chunk or the caller's patience ends: the grammar's own way,
 *  in feed.c.
 *
 * @param out     Pull use: where an event goes; NULL for push use.
 * @param status  In: SSE_OK.  Out: what ended it.
 * @return Bytes used. */
size_t sse_priv_run(sse_parser *parser, const char *chunk, size_t len,
                    sse_event *out, int *status);

/** Whether nobody wants to hear of more than events, of which a callback does,
 *  and no byte order mark is expected.  The grammar finds out. */
static inline int sse_priv_is_plain(const sse_parser *p)
{
    return SSE_PRIV_HAS_QUICK && p->plain_;
}

/** Leaves the busy state; a stop is remembered. */
static inline void sse_priv_leave(sse_parser *p, int status)
{
    p->flags_ &= ~(uint32_t)SSE_PRIV_BUSY;
    if (!SSE_PRIV_USUAL(status != SSE_STOPPED)) {
        p->flags_ |= SSE_PRIV_STOPPED;
    }
}

#ifndef SSE_NO_SIMD

/** Whether nothing is under way. */
static inline int sse_priv_is_between(const sse_parser *p)
{
    return (p->fields_ | p->line_ | p->head_len_) == 0 &&
           (p->flags_ & SSE_PRIV_NOT_PLAIN) == 0;
}

static inline int sse_priv_is_end(char c)
{
    return c == '\n' || c == '\r';
}

/** What is left of a feed behind `at`, if there is, and its end. */
static inline sse_status sse_priv_feed_rest(sse_parser *p, const char *chunk,
                                            size_t len, size_t at, int status,
                                            size_t *consumed)
{
    if (at < len && status == SSE_OK) {
        at += sse_priv_run(p, chunk + at, len - at, NULL, &status);
    }
    sse_priv_leave(p, status);
    *consumed = at;
    return (sse_status)status;
}

/* The ways.  Each does the whole of a feed, or the rest of it from `at` on, and
 * where it meets what it does not know it goes on by the first one. */

/** short.c: whatever there is; what is short line by line, the rest by
 *  sse_priv_run(). */
sse_status sse_priv_feed_on(sse_parser *parser, const char *chunk, size_t len,
                            size_t at, size_t *consumed);

/** short_data.c: where a data line is under way. */
sse_status sse_priv_feed_data(sse_parser *parser, const char *chunk,
                              size_t len, size_t *consumed);

/** byte.c: one byte. */
sse_status sse_priv_feed_byte(sse_parser *parser, const char *chunk,
                              size_t *consumed);

/** one.c: a short chunk of more than SSE_PRIV_TINY bytes that is likely to be
 *  one plain event, where nothing is under way. */
sse_status sse_priv_feed_one(sse_parser *parser, const char *chunk, size_t len,
                             size_t *consumed);

/** The same of ten to SSE_PRIV_TINY bytes. */
sse_status sse_priv_feed_tiny(sse_parser *parser, const char *chunk,
                              size_t len, size_t *consumed);

/** So much has at most eight bytes of data. */
#define SSE_PRIV_TINY 16

/** Keeps a byte of the data line under way.  @return 0 if there is more to be
 *  done. */
static inline int sse_priv_keep_byte(sse_parser *p, char c)
{
    if ((p->flags_ & SSE_PRIV_AWAY) != 0 || p->held_ == p->data_cap_ ||
        sse_priv_is_end(c)) {
        return 0;
    }
    sse_priv_held(p)[p->held_] = c;
    size_t held = p->held_ + 1;
    SSE_PRIV_SCALAR(held);
    p->held_ = held;
    p->total_ = held;
    p->line_len_++;
    return 1;
}

/** Chooses. */
static inline sse_status sse_priv_push(sse_parser *p, const char *chunk,
                                       size_t len, size_t *consumed)
{
    if (len == 1) {
        if (p->line_ == SSE_PRIV_DATA && sse_priv_keep_byte(p, *chunk)) {
            p->offset_++;
            *consumed = 1;
            return SSE_OK;
        }
        return sse_priv_feed_byte(p, chunk, consumed);
    }
    if (p->line_ == SSE_PRIV_DATA) {
        return sse_priv_feed_data(p, chunk, len, consumed);
    }
    if (len - 10 <= SSE_PRIV_SHORT - 10 && sse_priv_is_between(p) &&
        sse_priv_is_plain(p)) {
        return len <= SSE_PRIV_TINY
                   ? sse_priv_feed_tiny(p, chunk, len, consumed)
                   : sse_priv_feed_one(p, chunk, len, consumed);
    }
    return sse_priv_feed_on(p, chunk, len, 0, consumed);
}

#else

static inline sse_status sse_priv_push(sse_parser *p, const char *chunk,
                                       size_t len, size_t *consumed)
{
    int status = SSE_OK;
    p->flags_ |= SSE_PRIV_BUSY;
    *consumed = sse_priv_run(p, chunk, len, NULL, &status);
    sse_priv_leave(p, status);
    return (sse_status)status;
}

#endif

#endif /* SSE_PRIV_PUSH_H */
