/*
 * sink.h - bytes on their way into a caller's buffer, counted whether or not
 * they fit, so that one piece of code both measures and writes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_SINK_H
#define SSE_PRIV_SINK_H

#include <sse/status.h>

#include <stddef.h>
#include <stdint.h>

typedef struct sse_priv_sink {
    char *dst;  /* NULL to measure */
    size_t len; /* bytes so far; SIZE_MAX once they no longer fit size_t */
    size_t ring; /* not 0: `dst` is a ring of so many bytes ... */
    size_t at;  /* ... and the next byte goes here */
} sse_priv_sink;

/** Adds bytes.  They must fit: measure first. */
void sse_priv_put(sse_priv_sink *sink, const char *text, size_t len);

/** The same for a string literal. */
#define SSE_PRIV_PUT(sink, literal)                                            \
    sse_priv_put(sink, literal, sizeof(literal) - 1)

/** Digits of @p number, the last of them at @p end[-1].  @p end has room for
 *  20 in front of it.  @return how many. */
static inline size_t sse_priv_decimal(uint64_t number, char *end)
{
    size_t len = 0;
    do {
        /* number / 10 by shifts (the error is made good below): the division
         * of 64 bits is a large function on small machines. */
        uint64_t tenth = (number >> 1) + (number >> 2);
        tenth += tenth >> 4;
        tenth += tenth >> 8;
        tenth += tenth >> 16;
        tenth += tenth >> 32;
        tenth >>= 3;
        unsigned digit = (unsigned)(number - tenth * 10);
        if (digit > 9) {
            digit -= 10;
            tenth++;
        }
        len++;
        end[-(ptrdiff_t)len] = (char)('0' + digit);
        number = tenth;
    } while (number > 0);
    return len;
}

/** Bytes before the NUL: strlen(), which the core does not link against.  The
 *  second condition keeps compilers from making that very call of it. */
static inline size_t sse_priv_text_len(const char *text)
{
    size_t len = 0;
    while (len < SIZE_MAX && text[len] != '\0') {
        len++;
    }
    return len;
}

/** What a function that measured @p len bytes is to say of them. */
static inline sse_status sse_priv_fits(size_t len, size_t cap)
{
    if (len == SIZE_MAX) {
        return SSE_ERR_INVALID;
    }
    return len <= cap ? SSE_OK : SSE_ERR_NO_SPACE;
}

/** From measuring to writing: what is put from here on goes to @p dst.
 *
 *  @return SSE_OK; SSE_ERR_NO_SPACE (more than @p cap bytes were measured);
 *          SSE_ERR_INVALID (more than size_t counts, or no @p dst). */
sse_status sse_priv_sink_open(sse_priv_sink *sink, char *dst, size_t cap);

#endif /* SSE_PRIV_SINK_H */
