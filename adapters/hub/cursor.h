/*
 * cursor.h - where a subscriber is in the ring of its topic and in the chunk
 * under way, and which bytes come next.  No I/O.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_HUB_CURSOR_H
#define SSE_HUB_CURSOR_H

#include <sse/replay.h>

/** Digits of the longest chunk's size, and a line end. */
#define SSE_PRIV_CHUNK_HEAD (2u * sizeof(size_t) + 2u)

/** What of a subscriber tells which bytes come next.  No I/O. */
typedef struct sse_priv_cursor {
    uint64_t at;     /* position in the ring of the next byte of payload */
    uint32_t left;   /* payload of the chunk under way still to be sent */
    uint8_t head_at; /* bytes of its head that are sent; in SSE_PRIV_IN_HEAD */
    uint8_t tail;    /* bytes of its end still to be sent; in _IN_TAIL */
    uint8_t phase;   /* sse_priv_phase */
    uint8_t raw;     /* no chunks: HTTP/1.0 */
} sse_priv_cursor;

typedef enum sse_priv_phase {
    SSE_PRIV_BETWEEN = 0, /* no chunk is under way */
    SSE_PRIV_IN_HEAD,
    SSE_PRIV_IN_PAYLOAD,
    SSE_PRIV_IN_TAIL
} sse_priv_phase;

#define SSE_PRIV_PIECES 5u

/** One gathered write. */
typedef struct sse_priv_write {
    sse_piece pieces[SSE_PRIV_PIECES]; /* before, head, payload twice, tail */
    size_t count, total;
    size_t before, head, payload, tail; /* bytes of each */
    size_t chunk;                       /* payload of the whole chunk */
    char head_text[SSE_PRIV_CHUNK_HEAD];
} sse_priv_write;

/** The size of a chunk and its line end.  @return Bytes. */
size_t sse_priv_chunk_head(char dst[SSE_PRIV_CHUNK_HEAD], size_t len);

/**
 * Gathers what comes next: bytes out of band, then the rest of the chunk under
 * way or a new one with all that is new, up to `burst`.
 *
 * @param burst   0: no new chunk is begun.
 * @param before  Bytes that go first; only while no chunk is under way.
 * @return SSE_OK, or SSE_ERR_GONE if the ring has overtaken the cursor.
 */
sse_status sse_priv_gather(const sse_priv_cursor *cursor,
                           const sse_replay *ring, size_t burst,
                           const char *before, size_t before_len,
                           sse_priv_write *write);

/** So many bytes of it were sent.  @return How many of those before. */
size_t sse_priv_advance(sse_priv_cursor *cursor, const sse_priv_write *write,
                        size_t sent);

#endif /* SSE_HUB_CURSOR_H */
