/*
 * cursor.c - which bytes of a subscriber's stream come next; no I/O.
 *
 * SPDX-License-Identifier: MIT
 *
 * The system may take any part of a gathered write, so a cursor knows where
 * within a chunk it stands.  What was promised by the head of a chunk has to
 * come: nothing else gets in between.
 */
#include "cursor.h"

#include <string.h>

static const char chunk_end[] = "\r\n";
#define TAIL_LEN (sizeof chunk_end - 1)

size_t sse_priv_chunk_head(char dst[SSE_PRIV_CHUNK_HEAD], size_t len)
{
    unsigned shift = 0;
    while (shift + 4 < 8 * sizeof len && (len >> shift) > 15) {
        shift += 4;
    }
    size_t n = 0;
    for (;; shift -= 4) {
        dst[n++] = "0123456789abcdef"[(len >> shift) & 15u];
        if (shift == 0) {
            break;
        }
    }
    dst[n++] = '\r';
    dst[n++] = '\n';
    return n;
}

static void add(sse_priv_write *write, const char *base, size_t len)
{
    if (len > 0) {
        write->pieces[write->count].base = base;
        write->pieces[write->count++].len = len;
        write->total += len;
    }
}

/* Up to `most` bytes of the ring. */
static size_t add_payload(sse_priv_write *write, const sse_piece ring[2],
                          size_t count, size_t most)
{
    const size_t before = write->total;
    for (size_t i = 0; i < count; i++) {
        const size_t len = ring[i].len < most ? ring[i].len : most;
        add(write, ring[i].base, len);
        most -= len;
    }
    return write->total - before;
}

/* The pieces begin before the payload's length is known to the caller, so the
 * head goes in first with what the ring has. */
static void add_chunk(const sse_priv_cursor *cursor, const sse_piece ring[2],
                      size_t count, size_t burst, sse_priv_write *write)
{
    size_t len = count > 0 ? ring[0].len + (count > 1 ? ring[1].len : 0) : 0;
    len = len < burst ? len : burst;
    if (cursor->phase != SSE_PRIV_BETWEEN) {
        len = cursor->left;
    }
    if (len == 0) {
        return;
    }
    write->chunk = len;
    if (!cursor->raw && cursor->phase != SSE_PRIV_IN_PAYLOAD) {
        const size_t sent =
            cursor->phase == SSE_PRIV_IN_HEAD ? cursor->head_at : 0;
        write->head = sse_priv_chunk_head(write->head_text, len) - sent;
        add(write, write->head_text + sent, write->head);
    }
    write->payload = add_payload(write, ring, count, len);
    if (!cursor->raw) {
        write->tail = TAIL_LEN;
        add(write, chunk_end, TAIL_LEN);
    }
}

sse_status sse_priv_gather(const sse_priv_cursor *cursor,
                           const sse_replay *ring, size_t burst,
                           const char *before, size_t before_len,
                           sse_priv_write *write)
{
    sse_piece pieces[2];
    size_t count = 0;
    write->count = 0;
    write->total = 0;
    write->before = 0;
    write->head = 0;
    write->payload = 0;
    write->tail = 0;
    write->chunk = 0;
    if (cursor->phase == SSE_PRIV_IN_TAIL) {
        write->tail = cursor->tail;
        add(write, chunk_end + TAIL_LEN - cursor->tail, cursor->tail);
        return SSE_OK;
    }
    if (cursor->phase == SSE_PRIV_BETWEEN) {
        write->before = before_len;
        add(write, before, before_len);
        if (burst == 0) {
            return SSE_OK;
        }
    }
    const sse_status status =
        sse_replay_span(ring, cursor->at, pieces, &count);
    if (status != SSE_OK) {
        return SSE_ERR_GONE;
    }
    add_chunk(cursor, pieces, count, burst, write);
    return SSE_OK;
}

static size_t take(size_t *sent, size_t most)
{
    const size_t taken = *sent < most ? *sent : most;
    *sent -= taken;
    return taken;
}

size_t sse_priv_advance(sse_priv_cursor *cursor, const sse_priv_write *write,
                        size_t sent)
{
    const size_t before = take(&sent, write->before);
    if (sent == 0) {
        return before; /* nothing of the chunk, so none is under way yet */
    }
    const size_t head = take(&sent, write->head);
    const size_t payload = take(&sent, write->payload);
    const size_t tail = take(&sent, write->tail);
    const size_t left = write->payload - payload;
    cursor->at += payload;
    if (cursor->raw) {
        return before;
    }
    cursor->left = (uint32_t)left;
    if (head < write->head) {
        cursor->head_at = (uint8_t)(
            (cursor->phase == SSE_PRIV_IN_HEAD ? cursor->head_at : 0) + head);
        cursor->phase = SSE_PRIV_IN_HEAD;
    } else if (left > 0) {
        cursor->phase = SSE_PRIV_IN_PAYLOAD;
    } else if (tail < write->tail) {
        cursor->tail = (uint8_t)(write->tail - tail);
        cursor->phase = SSE_PRIV_IN_TAIL;
    } else {
        cursor->phase = SSE_PRIV_BETWEEN;
    }
    return before;
}
