/*
 * frame.c - the encoder of the chunked transfer coding: one chunk around each
 * gathered write.
 *
 * SPDX-License-Identifier: MIT
 */
#include "chunked.h"

static const char chunk_end[] = "\r\n";
static const char chunk_and_last[] = "\r\n0\r\n\r\n";
static const char last_alone[] = "0\r\n\r\n";

static uint8_t write_size(char *dst, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    unsigned shift = 0;
    while (shift + 4 < sizeof len * 8 && (len >> shift) > 15) {
        shift += 4;
    }
    uint8_t n = 0;
    for (;; shift -= 4) {
        dst[n++] = digits[(len >> shift) & 15u];
        if (shift == 0) {
            break;
        }
    }
    dst[n++] = '\r';
    dst[n++] = '\n';
    return n;
}

void sse_priv_frame_begin(sse_priv_frame *frame, size_t len, int last,
                          int chunked)
{
    frame->left = len;
    frame->head_at = 0;
    frame->head_len = 0;
    frame->tail = chunk_end;
    frame->tail_len = 0;
    if (!chunked) {
        return;
    }
    if (len > 0) {
        frame->head_len = write_size(frame->head, len);
        frame->tail_len = sizeof chunk_end - 1;
    }
    if (last) {
        frame->tail = len > 0 ? chunk_and_last : last_alone;
        frame->tail_len =
            len > 0 ? sizeof chunk_and_last - 1 : sizeof last_alone - 1;
    }
}

size_t sse_priv_frame_pieces(const sse_priv_frame *frame, const char *payload,
                             sse_piece *pieces)
{
    size_t n = 0;
    if (frame->head_at < frame->head_len) {
        pieces[n].base = frame->head + frame->head_at;
        pieces[n++].len = (size_t)(frame->head_len - frame->head_at);
    }
    if (frame->left > 0) {
        pieces[n].base = payload;
        pieces[n++].len = frame->left;
    }
    if (frame->tail_len > 0) {
        pieces[n].base = frame->tail;
        pieces[n++].len = frame->tail_len;
    }
    return n;
}

static size_t take(size_t *sent, size_t most)
{
    const size_t taken = *sent < most ? *sent : most;
    *sent -= taken;
    return taken;
}

size_t sse_priv_frame_advance(sse_priv_frame *frame, size_t *sent)
{
    const size_t head = take(sent, (size_t)(frame->head_len - frame->head_at));
    frame->head_at = (uint8_t)(frame->head_at + head);
    const size_t payload = take(sent, frame->left);
    frame->left -= payload;
    const size_t tail = take(sent, frame->tail_len);
    frame->tail += tail;
    frame->tail_len = (uint8_t)(frame->tail_len - tail);
    return payload;
}

int sse_priv_frame_is_done(const sse_priv_frame *frame)
{
    return frame->head_at == frame->head_len && frame->left == 0 &&
           frame->tail_len == 0;
}
