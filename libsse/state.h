/*
 * state.h - what the parts of the parser share: flags, and the places in the
 * scratch.
 *
 *     0           id_cap       2 id_cap     + type_cap                    cap
 *     | last id   | next id    | type       | data ... | cut line ...      |
 *
 * The last max(id_cap, type_cap) bytes are never given to data, so that a cut
 * `id` or `event` line always finds room behind it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_STATE_H
#define SSE_PRIV_STATE_H

#include <sse/parser.h>

/* sse_parser::flags_ */
enum {
    SSE_PRIV_BUSY = 0x1,       /* a call is running */
    SSE_PRIV_AFTER_CR = 0x2,   /* a LF right here belongs to the line end */
    SSE_PRIV_STOPPED = 0x4,    /* a hook stopped it, or the stream ended */
    SSE_PRIV_FAILED = 0x8,     /* stop policy: too long */
    SSE_PRIV_DROPPING = 0x10,  /* this event's data is only counted */
    SSE_PRIV_FRAGMENTS = 0x20, /* this event goes out in fragments */
    SSE_PRIV_LONG_TYPE = 0x40, /* this event's type is over the limit */
    SSE_PRIV_BAD_LINE = 0x80,  /* cut line: its value cannot count */
    SSE_PRIV_DROP_LINE = 0x100, /* cut line: its hook will not get it */
    SSE_PRIV_HAS_RETRY = 0x200, /* retry_ms_ is set */
    SSE_PRIV_FLUSH = 0x400,    /* pull use: finish left an event waiting */
    SSE_PRIV_AGAIN = 0x800,    /* finish paused: its answer is still due */
    SSE_PRIV_LOST = 0x1000     /* that answer is SSE_INCOMPLETE */
};

/* Either means that the event's data is not stored. */
#define SSE_PRIV_AWAY (SSE_PRIV_DROPPING | SSE_PRIV_FRAGMENTS)

/* sse_parser::bom_: how many of its bytes were seen, or that it is over. */
enum { SSE_PRIV_BOM_LEN = 3, SSE_PRIV_BOM_OVER = 4 };

/* Beside sse_status: a pull call has its event. */
#define SSE_PRIV_EVENT 100

static inline size_t sse_priv_larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Where the id of the event under way waits for the blank line. */
static inline char *sse_priv_pending_id(const sse_parser *p)
{
    return p->scratch_ + p->id_cap_;
}

/* Where its type is kept. */
static inline char *sse_priv_type_slot(const sse_parser *p)
{
    return p->scratch_ + 2 * (size_t)p->id_cap_;
}

/* Bytes in front of the data. */
static inline size_t sse_priv_fixed(const sse_parser *p)
{
    return 2 * (size_t)p->id_cap_ + p->type_cap_;
}

/* Where its data is kept. */
static inline char *sse_priv_held(const sse_parser *p)
{
    return p->scratch_ + sse_priv_fixed(p);
}

/* Bytes behind the data, for a comment or an unknown field.  The data counts
 * as if it were in the scratch, wherever it is, so that the answer does not
 * depend on how the stream was cut. */
static inline size_t sse_priv_line_room(const sse_parser *p)
{
    const size_t data =
        (p->flags_ & SSE_PRIV_AWAY) != 0 ? 0 : (size_t)p->total_;
    return p->scratch_cap_ - sse_priv_fixed(p) - data;
}

/* What sse_parser::overflows_ is asked.  The other arguments are text, its
 * length, and whether a line end goes before it. */
enum {
    SSE_PRIV_DATA_OVER, /* the next data does not fit, or is a fragment */
    SSE_PRIV_LINE_OVER, /* a cut aside does not fit: so much is wanted */
    SSE_PRIV_BLANK,     /* fragments: the blank line */
    SSE_PRIV_CUT_OFF    /* fragments: the stream ends */
};

/* What sse_parser::counts_ is told. */
enum {
    SSE_PRIV_SAW_LF,
    SSE_PRIV_SAW_CR,
    SSE_PRIV_SAW_CRLF, /* after SSE_PRIV_SAW_CR */
    SSE_PRIV_SAW_LINE, /* a line, or the head of one */
    SSE_PRIV_SAW_MARK,
    SSE_PRIV_SAW_NO_DATA,
    SSE_PRIV_SAW_NUL_ID,
    SSE_PRIV_SAW_BAD_RETRY,
    SSE_PRIV_SAW_DROP
};

/* Tells the counters, if somebody counts. */
static inline void sse_priv_count(sse_parser *p, int what, const char *line,
                                  size_t len)
{
    if (p->counts_ != NULL) {
        p->counts_(p->quirks_, what, line, len);
    }
}

/* Whether lines of an event, or a part of a line, have been read. */
static inline int sse_priv_is_under_way(const sse_parser *p)
{
    return p->fields_ != 0 || p->line_ != 0 || p->head_len_ > 0;
}

/* Whether the parser can go on at all: SSE_OK, or why not. */
sse_status sse_priv_ready(const sse_parser *p);

/* Whether such a status says that a line, or a piece of one, was not taken. */
static inline int sse_priv_is_refused(int status)
{
    return status == SSE_NEED_SPACE || status == SSE_ERR_TOO_LONG;
}

/* A hook's answer as the status that the running call will return. */
static inline int sse_priv_answer(int hook)
{
    return hook == SSE_GO ? SSE_OK
                          : (hook == SSE_PAUSE ? SSE_PAUSED : SSE_STOPPED);
}

#endif /* SSE_PRIV_STATE_H */
