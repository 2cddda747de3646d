/*
 * rows.h - rows of plain lines of one kind, read in place.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_ROWS_H
#define SSE_PRIV_ROWS_H

#include "block.h"
#include "words.h"

/** Ids up to this length are plain. */
#define SSE_PRIV_SHORT_ID 16

/** So much can be loaded wherever a line of a row begins or ends; lines that
 *  end nearer to the end of the chunk are left to quick.c. */
#define SSE_PRIV_ROOM 16

/** The event under construction, and where reading is. */
typedef struct sse_priv_rows {
    sse_event event;       /* its fields: the last event's */
    sse_parser *parser;
    const char *chunk;
    const char *stop;      /* where it ends */
    const char *line;      /* the next one to be read */
    const char *text;      /* the window, which entries are counted from */
    const uint16_t *entry; /* where the line ends */
    const uint16_t *roomy; /* up to here lines have SSE_PRIV_ROOM */
    const uint16_t *last;  /* up to here there are entries */
    uint64_t origin;       /* offset in the stream, less the address */
    size_t id_most;        /* bytes of a plain id */
    size_t type_most;      /* bytes of a type */
    size_t data_cap;
    const char *id;        /* this event's id, in the chunk or where it waits */
    size_t id_len;
    uint32_t fields;       /* this event's so far */
    int joined;            /* its data is in the scratch */
    int answer;            /* of the callback */
} sse_priv_rows;

/* An id line, where SSE_PRIV_SHORT_ID bytes can be loaded: plain if it is short
 * and has no NUL.  One behind it counts, too, but there is hardly any.
 * @return 0 if not. */
SSE_PRIV_INLINE int sse_priv_rows_take_id(sse_priv_rows *q,
                                          const char *value,
                                          const char *end)
{
    const size_t len = (size_t)(end - value);
    if (len - 1 >= q->id_most ||
        (sse_priv_nul_bytes(sse_priv_load8(value)) |
         sse_priv_nul_bytes(sse_priv_load8(value + 8))) != 0) {
        return 0;
    }
    q->id = value;
    q->id_len = len;
    return 1;
}

/* A type.  @return 0 if it is empty or too long to be plain. */
SSE_PRIV_INLINE int sse_priv_rows_take_type(sse_priv_rows *q,
                                            const char *value,
                                            const char *end)
{
    const size_t len = (size_t)(end - value);
    if (len - 1 >= q->type_most) {
        return 0;
    }
    q->event.type = value;
    q->event.type_len = len;
    return 1;
}

/* The first data line of an event.  @return 0 if it does not fit. */
SSE_PRIV_INLINE int sse_priv_rows_take_data(sse_priv_rows *q,
                                            const char *value,
                                            const char *end)
{
    q->event.data = value;
    q->event.data_len = (size_t)(end - value);
    return q->event.data_len <= q->data_cap;
}

/** A blank line, the line end of which is complete at @p place. */
void sse_priv_rows_dispatch(sse_priv_rows *q, const char *place);

/** Reads on while lines come in rows. */
void sse_priv_rows_read(sse_priv_rows *q);

/** Reads on while events have one data line, behind an id and a type or
 *  without, which may have been read. */
SSE_PRIV_AT_LINE void sse_priv_rows_lf(sse_priv_rows *q);

/** The same with CRLF. */
SSE_PRIV_AT_LINE void sse_priv_rows_crlf(sse_priv_rows *q);

/** Reads on while events have several data lines: joins them in the
 *  scratch. */
SSE_PRIV_AT_LINE void sse_priv_rows_join(sse_priv_rows *q);

#endif /* SSE_PRIV_ROWS_H */
