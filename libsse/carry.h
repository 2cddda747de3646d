/*
 * carry.h - a line that a chunk edge cuts, taken piece by piece.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_CARRY_H
#define SSE_PRIV_CARRY_H

#include "line.h"
#include "state.h"

/** Whether a line is under way. */
static inline int sse_priv_carry_open(const sse_parser *p)
{
    return (p->line_ | p->head_len_) != 0;
}

/**
 * Takes the next piece of the line under way, or the first of a new one.
 *
 * @param used  Out: bytes taken; all of them but with SSE_NEED_SPACE and
 *              SSE_ERR_TOO_LONG.
 * @return SSE_OK, SSE_PAUSED or SSE_STOPPED (fragments), SSE_NEED_SPACE,
 *         SSE_ERR_TOO_LONG.
 */
int sse_priv_carry_more(sse_parser *parser, const char *piece, size_t len,
                        size_t *used);

#ifdef SSE_NO_SIMD

#define sse_priv_carry_begin sse_priv_carry_more

#else

/** The same where a line begins, of which the head is not looked for byte by
 *  byte. */
int sse_priv_carry_begin(sse_parser *parser, const char *piece, size_t len,
                         size_t *used);

#endif

#ifndef SSE_NO_SIMD

/** Bytes of a head that can wait before they tell what the line is. */
#define SSE_PRIV_WAITING (SSE_PRIV_HEAD - 1)

/** Copies into the scratch what continues a data line, up to a line end. */
size_t sse_priv_carry_data(sse_parser *parser, const char *text, size_t len);

/**
 * The first step of a feed: takes bytes that only have to be kept, as nearly
 * all do of a line in very small pieces.  Stops at a line end.
 *
 * @return Bytes taken; none if there is more to be done.
 */
static inline size_t sse_priv_carry_on(sse_parser *p, const char *text,
                                       size_t len)
{
    const uint32_t other = SSE_PRIV_AFTER_CR | SSE_PRIV_DROPPING |
                           SSE_PRIV_FRAGMENTS;
    const unsigned line = p->line_;
    const unsigned head_len = p->head_len_;
    size_t n = 0;
    if ((p->flags_ & other) != 0) {
        return 0;
    }
    if (line == SSE_PRIV_DATA) {
        if (len > sse_priv_data_cap(p) - p->held_) {
            return 0;
        }
        if (len >= 8) {
            return sse_priv_carry_data(p, text, len);
        }
        char *const to = sse_priv_held(p) + p->held_;
        for (; n < len && text[n] != '\n' && text[n] != '\r'; n++) {
            to[n] = text[n];
        }
        p->held_ += n;
        p->total_ = p->held_;
        p->line_len_ += n;
    } else if (head_len + len <= SSE_PRIV_WAITING && line == SSE_PRIV_NONE &&
               p->bom_ == SSE_PRIV_BOM_OVER) {
        for (; n < len && text[n] != '\n' && text[n] != '\r'; n++) {
            p->head_[head_len + n] = text[n];
        }
        p->head_len_ = (uint8_t)(head_len + n);
    }
    p->offset_ += n;
    return n;
}

#else

static inline size_t sse_priv_carry_on(sse_parser *parser, const char *text,
                                       size_t len)
{
    (void)parser;
    (void)text;
    (void)len;
    return 0;
}

#endif

/** The line under way is complete.  @return as sse_priv_block_line(). */
int sse_priv_carry_end(sse_parser *parser);

/** Forgets the line under way; what of it is data stays. */
void sse_priv_carry_close(sse_parser *parser);

#endif /* SSE_PRIV_CARRY_H */
