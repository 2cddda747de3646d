/*
 * feed.c - bytes to lines: the way every byte of a stream takes.
 *
 *     bytes -> byte order mark -> plain lines       -> quick, whole -> hooks
 *                              -> any other line    -> block
 *                              -> a cut line        -> carry -> block
 *                              -> a blank line      -> dispatch -> hooks
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
        if (first == SSE_NEED_SPACE || first == SSE_ERR_TOO_LONG) {
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

/* Whether nobody wants to hear of more than events. */
static inline int is_plain(const sse_parser *p)
{
    return SSE_PRIV_HAS_QUICK && p->on_event_ != NULL && p->counts_ == NULL;
}

/* Whether there may be events that lie whole in `len` bytes, and little more,
 * where none is under way. */
static inline int is_short(const sse_parser *p, size_t len)
{
    const int open = p->line_ | p->head_len_ | p->fields_;
    return len - 9 <= SSE_PRIV_SHORT - 9 && open == 0 &&
           (p->flags_ & SSE_PRIV_NOT_PLAIN) == 0 &&
           p->bom_ == SSE_PRIV_BOM_OVER && is_plain(p);
}

/* Reads what is plain in a few bytes where a line begins. */
static size_t read_short(sse_parser *p, const char *text, size_t len,
                         int *status)
{
    if (is_short(p, len)) {
        return sse_priv_whole(p, text, len, status);
    }
    return len > 8 && len <= SSE_PRIV_SHORT && !sse_priv_carry_open(p) &&
                   (p->flags_ & SSE_PRIV_AFTER_CR) == 0 &&
                   p->bom_ == SSE_PRIV_BOM_OVER && is_plain(p)
               ? sse_priv_cut(p, text, len, status)
               : 0;
}

/* Reads until the chunk or the caller's patience ends.  The bytes used. */
SSE_PRIV_APART size_t run(sse_parser *p, const char *chunk, size_t len,
                          sse_event *out, int *status)
{
    const uint64_t base = p->offset_;
    size_t at = 0;
    if (p->bom_ != SSE_PRIV_BOM_OVER) {
        at = skip_byte_order_mark(p, chunk, len);
    }
    sse_priv_ends ends;
    sse_priv_ends_init(&ends, chunk, len);
    const int plain = out == NULL && is_plain(p);
    while (at < len && *status == SSE_OK) {
        if ((p->flags_ & SSE_PRIV_AFTER_CR) != 0) {
            at += skip_lf(p, chunk + at);
            continue;
        }
        if (plain && !sse_priv_carry_open(p)) {
            p->offset_ = base + at;
            if (len > SSE_PRIV_SHORT) {
                at = sse_priv_quick(p, &ends, at, status);
            } else if (at > 0) {
                at += read_short(p, chunk + at, len - at, status);
            }
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
        if (*status == SSE_NEED_SPACE || *status == SSE_ERR_TOO_LONG) {
            at += used;
            break;
        }
        const int cr = chunk[at + n] == '\r';
        sse_priv_count(p, cr ? SSE_PRIV_SAW_CR : SSE_PRIV_SAW_LF, NULL, 0);
        p->flags_ |= cr ? SSE_PRIV_AFTER_CR : 0u;
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

/* Leaves the busy state; a stop is remembered. */
static void leave(sse_parser *p, int status)
{
    p->flags_ &= ~(uint32_t)SSE_PRIV_BUSY;
    if (!SSE_PRIV_USUAL(status != SSE_STOPPED)) {
        p->flags_ |= SSE_PRIV_STOPPED;
    }
}

/* More of a cut line that is not kept, as that of an event in fragments, if it
 * goes on behind the chunk.  Bytes taken. */
static size_t read_more(sse_parser *p, const char *text, size_t len,
                        int *status)
{
    const uint32_t away = SSE_PRIV_DROPPING | SSE_PRIV_FRAGMENTS;
    size_t used = 0;
    if (p->line_ != SSE_PRIV_DATA || (p->flags_ & away) == 0 ||
        sse_priv_scan(text, len) != len) {
        return 0;
    }
    *status = sse_priv_carry_more(p, text, len, &used);
    p->offset_ += used;
    return used;
}

/* Goes on at `at`. */
SSE_PRIV_APART sse_status feed_on(sse_parser *p, const char *chunk,
                                  size_t len, size_t at, size_t *consumed)
{
    int status = SSE_OK;
    p->flags_ |= SSE_PRIV_BUSY;
    if (SSE_PRIV_HAS_QUICK) {
        at += p->line_ != SSE_PRIV_NONE
                  ? read_more(p, chunk + at, len - at, &status)
                  : read_short(p, chunk + at, len - at, &status);
    }
    if (at < len && status == SSE_OK) {
        at += run(p, chunk + at, len - at, NULL, &status);
    }
    leave(p, status);
    *consumed = at;
    return (sse_status)status;
}

/* A short chunk where no event is under way. */
SSE_PRIV_APART sse_status feed_short(sse_parser *p, const char *chunk,
                                     size_t len, size_t *consumed)
{
    int status = SSE_OK;
    p->flags_ |= SSE_PRIV_BUSY;
    size_t at = sse_priv_whole(p, chunk, len, &status);
    if (!SSE_PRIV_USUAL(at == len || status != SSE_OK)) {
        at += run(p, chunk + at, len - at, NULL, &status);
    }
    leave(p, status);
    *consumed = at;
    return (sse_status)status;
}

/* The same where a cut data line is complete.  If a blank line follows, the
 * first byte of its line end completes the event. */
SSE_PRIV_APART sse_status feed_end(sse_parser *p, const char *chunk,
                                   size_t len, size_t at, size_t *consumed)
{
    if (len - at < 2 || chunk[at] != '\n' || !is_plain(p)) {
        return feed_on(p, chunk, len, at, consumed);
    }
    int status = sse_priv_carry_end(p);
    at++;
    p->offset_++;
    if (chunk[at] == '\n') {
        at++;
        p->offset_++;
        p->flags_ |= SSE_PRIV_BUSY;
        status = sse_priv_block_end(p, NULL);
        leave(p, status);
    }
    *consumed = at;
    return status != SSE_OK || at == len
               ? (sse_status)status
               : feed_on(p, chunk, len, at, consumed);
}

sse_status sse_parser_feed(sse_parser *p, const char *chunk, size_t len,
                           size_t *consumed)
{
    if (consumed == NULL) {
        return SSE_ERR_INVALID;
    }
    *consumed = 0;
    if (p == NULL || (chunk == NULL && len > 0)) {
        return SSE_ERR_INVALID;
    }
    if ((p->flags_ & NOT_READY) != 0 || len == 0) {
        return sse_priv_ready(p);
    }
    p->need_ = 0;
    if (SSE_PRIV_HAS_QUICK && is_short(p, len)) {
        return feed_short(p, chunk, len, consumed);
    }
    const size_t kept = sse_priv_carry_on(p, chunk, len);
    if (kept == len) {
        *consumed = len;
        return SSE_OK;
    }
    return SSE_PRIV_HAS_QUICK && p->line_ == SSE_PRIV_DATA
               ? feed_end(p, chunk, len, kept, consumed)
               : feed_on(p, chunk, len, kept, consumed);
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
    const size_t used = *len > 0 ? run(p, *chunk, *len, event, &status) : 0;
    leave(p, status);
    if (used > 0) {
        *chunk += used;
        *len -= used;
    }
    if (status == SSE_PRIV_EVENT) {
        return SSE_OK;
    }
    return status == SSE_OK ? SSE_INCOMPLETE : (sse_status)status;
}
