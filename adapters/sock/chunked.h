/*
 * chunked.h - the chunked transfer coding, both directions; no I/O, no heap.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_SOCK_CHUNKED_H
#define SSE_SOCK_CHUNKED_H

#include <stddef.h>
#include <stdint.h>

#include <sse/status.h>
#include <sse/writer.h>

/** Decoder: RFC 9112, "Chunked Transfer Coding", strictly.  Extensions and
 *  trailer fields are checked, bounded together, and dropped. */
typedef struct sse_priv_chunked {
    uint64_t left;     /* of the size line or of the data */
    size_t extra;      /* bytes of extensions and trailers seen */
    size_t max_extra;
    uint8_t state;
    uint8_t digits;
} sse_priv_chunked;

/** Begins a body.  @param max_extra  Most bytes of extensions and trailer
 *  fields. */
void sse_priv_chunked_init(sse_priv_chunked *chunked, size_t max_extra);

/**
 * Feeds bytes, up to the end of one run of data.
 *
 * @param consumed  Out: bytes used.
 * @param data      Out: a run of data inside @p bytes; its length is 0 if none
 *                  was there.
 * @return SSE_OK            the body is complete; what follows is not its own.
 *         SSE_INCOMPLETE    call again with the rest, or with more.
 *         SSE_ERR_PROTOCOL  malformed.
 *         SSE_ERR_LIMIT     extensions and trailers outgrew their bound.
 */
sse_status sse_priv_chunked_feed(sse_priv_chunked *chunked, const char *bytes,
                                 size_t len, size_t *consumed,
                                 sse_piece *data);

/** Encoder: what stands around one gathered write of payload. */
typedef struct sse_priv_frame {
    size_t left;        /* bytes of payload not sent yet */
    const char *tail;   /* a constant */
    char head[18];      /* size in hex, CRLF */
    uint8_t head_at, head_len;
    uint8_t tail_len;
} sse_priv_frame;

/** Pieces of a frame at most. */
#define SSE_PRIV_FRAME_PIECES 3u

/**
 * Begins a frame; the one before it must be done.
 *
 * @param len      Bytes of payload; 0 only if @p last.
 * @param last     Not 0: the mark of the end follows the payload.
 * @param chunked  0: the payload as it is, without anything around it.
 */
void sse_priv_frame_begin(sse_priv_frame *frame, size_t len, int last,
                          int chunked);

/** What is still to be sent.  @param payload  The bytes not sent yet.
 *  @return How many pieces; 0 if the frame is done. */
size_t sse_priv_frame_pieces(const sse_priv_frame *frame, const char *payload,
                             sse_piece *pieces);

/** Counts bytes as sent, as many as @p sent holds and the frame has.
 *  @return Bytes of payload among them. */
size_t sse_priv_frame_advance(sse_priv_frame *frame, size_t *sent);

/** Not 0 if all of it was sent, or none was begun. */
int sse_priv_frame_is_done(const sse_priv_frame *frame);

#endif /* SSE_SOCK_CHUNKED_H */
