/*
 * feed.c - bytes to lines: the way every byte of a stream takes.
 *
 *     bytes -> byte order mark -> plain lines       -> quick, whole -> hooks
 *                              -> any other line    -> block
 *                              -> a cut line        -> carry -> block
 *                              -> a blank line      -> dispatch -> hooks
 *
 * What can be read with less than all of that takes a way of its own before it
 * comes here: push.h has them.
 *
 * HTML Standard, "Parsing an event stream": the grammar; a line ends with CR,
 * LF or CRLF, and one leading byte order mark is ignored.
 *
 * SPDX-License-Identifier: MIT
 */
#include "block.h"
#include "carry.h"
#include "ends.h"
#include "mask.h"
#include "push.h"
#include "quick.h"

#include <string.h>

static const char byte_order_mark[SSE_PRIV_BOM_LEN] = {'\xEF', '\xBB', '\xBF'};

/* Reads over a byte order mark, the bytes of which may come one by one.  Those
 * that turn out not to be one are the beginning of the first line. */
static size_t skip_byte_order_mark(sse_parser *p, const char *chunk,
                                   size_t len)
{
    size_t at = 0;
    while (at < len && p->bom_ < SSE_PRIV_BOM_LEN &&
           chunk[at] == byte_order_mark[p->bom_]) {
        p->bom_++;
        at++;
    }
    if (p->bom_ == SSE_PRIV_BOM_LEN) {
        sse_priv_count(p, SSE_PRIV_SAW_MARK, NULL, 0);
        p->bom_ = SSE_PRIV_BOM_OVER;
    } else if (at < len) {
        memcpy(p->head_, byte_order_mark, sizeof byte_order_mark);
        p->head_len_ = p->bom_;
        p->bom_ = SSE_PRIV_BOM_OVER;
    }
    return at;
}

/* A CR ended its line at once.  The LF that may follow is no second end. */
static size_t skip_lf(sse_parser *p, const char *chunk)
{
    p->flags_ &= ~(uint32_t)SSE_PRIV_AFTER_CR;
    if (chunk[0] != '\n') {
        return 0;
    }
    sse_priv_count(p, SSE_PRIV_SAW_CRLF, NULL, 0);
    return 1;
}

/* One line of `len` bytes, the end of it behind them.  `used` says how many of
 * these bytes were taken if the line was not. */
static int take_line(sse_parser *p, const char *line, size_t len,
                     sse_event *out, size_t *used)
{
    *used = 0;
    if (sse_priv_carry_open(p)) {
        const int first = sse_priv_carry_more(p, line, len, used);
        if (sse_priv_is_refused(first)) {
            return first;
        }
        const int second = sse_priv_carry_end(p);
        return second == SSE_OK ? first : second;
    }
    if (len == 0) {
        return sse_priv_block_end(p, out);
    }
    return sse_priv_block_line(p, line, len);
}

/* Reads until the chunk or the caller's patience ends.  The bytes used. */
size_t sse_priv_run(sse_parser *p, const char *chunk, size_t len,
                    sse_event *out, int *status)
{
    const uint64_t base = p->offset_;
    size_t at = 0;
    if (p->bom_ != SSE_PRIV_BOM_OVER) {
        at = skip_byte_order_mark(p, chunk, len);
    }
    sse_priv_ends ends;
    sse_priv_ends_init(&ends, chunk, len);
    if (SSE_PRIV_HAS_QUICK) {
        p->plain_ = p->bom_ == SSE_PRIV_BOM_OVER && p->on_event_ != NULL &&
                    p->counts_ == NULL;
    }
    const int plain =
        out == NULL && len > SSE_PRIV_SHORT && sse_priv_is_plain(p);
    while (at < len && *status == SSE_OK) {
        if ((p->flags_ & SSE_PRIV_AFTER_CR) != 0) {
            at += skip_lf(p, chunk + at);
            continue;
        }
        if (plain && !sse_priv_carry_open(p)) {
            p->offset_ = base + at;
            at = sse_priv_quick(p, &ends, at, status);
            if (*status != SSE_OK || at == len) {
                break;
            }
        }
        const size_t n = sse_priv_ends_find(&ends, at) - at;
        size_t used = 0;
        if (n == len - at) {
            sse_priv_block_keep(p);
            *status = sse_priv_carry_open(p)
                          ? sse_priv_carry_more(p, chunk + at, n, &used)
                          : sse_priv_carry_begin(p, chunk + at, n, &used);
            at += used;
            break;
        }
        p->offset_ = base + at + n + 1;
        *status = take_line(p, chunk + at, n, out, &used);
        if (sse_priv_is_refused(*status)) {
            at += used;
            break;
        }
        const int cr = chunk[at + n] == '\r';
        sse_priv_count(p, cr ? SSE_PRIV_SAW_CR : SSE_PRIV_SAW_LF, NULL, 0);
        p->flags_ |= cr ? (uint32_t)SSE_PRIV_AFTER_CR : 0u;
        at += n + 1;
    }
    p->offset_ = base + at;
    if (!SSE_PRIV_HAS_QUICK || p->data_ != NULL || p->type_ != NULL) {
        sse_priv_block_keep(p);
    }
    return at;
}

#define NOT_READY (SSE_PRIV_BUSY | SSE_PRIV_FAILED | SSE_PRIV_STOPPED)

sse_status sse_priv_ready(const sse_parser *p)
{
    if ((p->flags_ & SSE_PRIV_BUSY) != 0) {
        return SSE_ERR_REENTRY;
    }
    if ((p->flags_ & SSE_PRIV_FAILED) != 0) {
        return SSE_ERR_TOO_LONG;
    }
    if ((p->flags_ & SSE_PRIV_STOPPED) != 0) {
        return SSE_STOPPED;
    }
    return SSE_OK;
}

sse_status sse_parser_feed(sse_parser *p, const char *chunk, size_t len,
                           size_t *consumed)
{
    if (consumed == NULL) {
        return SSE_ERR_INVALID;
    }
    *consumed = 0;
    if (p == NULL || (!SSE_PRIV_USUAL(chunk != NULL) && len > 0)) {
        return SSE_ERR_INVALID;
    }
    if (!SSE_PRIV_USUAL((p->flags_ & NOT_READY) == 0) ||
        !SSE_PRIV_USUAL(len > 0)) {
        return sse_priv_ready(p);
    }
    p->need_ = 0;
    return sse_priv_push(p, chunk, len, consumed);
}

sse_status sse_parser_next(sse_parser *p, const char **chunk, size_t *len,
                           sse_event *event)
{
    if (event != NULL) {
        memset(event, 0, sizeof *event);
    }
    if (p == NULL || chunk == NULL || len == NULL || event == NULL ||
        (*chunk == NULL && *len > 0)) {
        return SSE_ERR_INVALID;
    }
    if ((p->flags_ & SSE_PRIV_FLUSH) != 0) {
        p->flags_ &= ~(uint32_t)SSE_PRIV_FLUSH;
        p->flags_ |= SSE_PRIV_BUSY;
        const int last = sse_priv_block_end(p, event);
        p->flags_ &= ~(uint32_t)SSE_PRIV_BUSY;
        return last == SSE_PRIV_EVENT ? SSE_OK : SSE_STOPPED;
    }
    const sse_status state = sse_priv_ready(p);
    if (state != SSE_OK) {
        return state;
    }
    int status = SSE_OK;
    p->flags_ |= SSE_PRIV_BUSY;
    p->need_ = 0;
    const size_t used =
        *len > 0 ? sse_priv_run(p, *chunk, *len, event, &status) : 0;
    sse_priv_leave(p, status);
    if (used > 0) {
        *chunk += used;
        *len -= used;
    }
    if (status == SSE_PRIV_EVENT) {
        return SSE_OK;
    }
    return status == SSE_OK ? SSE_INCOMPLETE : (sse_status)status;
}
