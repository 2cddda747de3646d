/*
 * buf.h - a queue of bytes in one piece of memory, which is given back when
 * the queue is empty.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_SOCK_BUF_H
#define SSE_SOCK_BUF_H

#include <stddef.h>

/** NULL is an empty queue: most connections have nothing waiting most of the
 *  time, and then cost a pointer. */
typedef struct sse_priv_buf {
    size_t start, end, cap;
    char bytes[];
} sse_priv_buf;

static inline size_t sse_priv_buf_len(const sse_priv_buf *buf)
{
    return buf == NULL ? 0 : buf->end - buf->start;
}

/** @return Where @p len more bytes can be written; NULL if there is no memory.
 *  They count once `end` has been moved. */
char *sse_priv_buf_reserve(sse_priv_buf **buf, size_t len);

/** @return 0 if there is no memory; then nothing was added. */
int sse_priv_buf_append(sse_priv_buf **buf, const char *bytes, size_t len);

/** Drops bytes at the front; the memory too, with the last of them. */
void sse_priv_buf_consume(sse_priv_buf **buf, size_t len);

/** Drops bytes at the end, down to @p len of them. */
void sse_priv_buf_truncate(sse_priv_buf **buf, size_t len);

void sse_priv_buf_free(sse_priv_buf **buf);

/** Small buffers that are empty, for the next that is needed: of many streams
 *  each takes one in every turn.  Zeroed, it is empty. */
typedef struct sse_priv_spares {
    sse_priv_buf *first; /* the next stands in its bytes */
    size_t count;
} sse_priv_spares;

/** An empty buffer, for a queue that is NULL; it stays NULL if there is no
 *  spare one. */
void sse_priv_buf_reuse(sse_priv_buf **buf, sse_priv_spares *spares);
/** sse_priv_buf_consume() that keeps the memory for others. */
void sse_priv_buf_release(sse_priv_buf **buf, size_t len,
                          sse_priv_spares *spares);
void sse_priv_spares_free(sse_priv_spares *spares);

#endif /* SSE_SOCK_BUF_H */
