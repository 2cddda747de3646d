/*
 * buf.c - a queue of bytes in one piece of memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include "buf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAP 256u
#define MOST_SPARES 1024u

char *sse_priv_buf_reserve(sse_priv_buf **buf, size_t len)
{
    const sse_priv_buf *const old = *buf;
    const size_t used = sse_priv_buf_len(old);
    if (old != NULL && len <= old->cap - old->end) {
        return (*buf)->bytes + (*buf)->end;
    }
    if (len > SIZE_MAX / 4 - used) {
        return NULL;
    }
    size_t cap = old == NULL ? FIRST_CAP : old->cap;
    while (cap < used + len) {
        cap *= 2;
    }
    /* At least half must become free by moving, or moving would be paid again
     * and again for a few bytes. */
    if (old != NULL && cap == old->cap && old->start >= cap / 2) {
        memmove((*buf)->bytes, old->bytes + old->start, used);
    } else {
        cap = old != NULL && cap == old->cap ? cap * 2 : cap;
        sse_priv_buf *const grown =
            (sse_priv_buf *)malloc(sizeof *grown + cap);
        if (grown == NULL) {
            return NULL;
        }
        if (used > 0) {
            memcpy(grown->bytes, old->bytes + old->start, used);
        }
        free(*buf);
        *buf = grown;
        grown->cap = cap;
    }
    (*buf)->start = 0;
    (*buf)->end = used;
    return (*buf)->bytes + used;
}

int sse_priv_buf_append(sse_priv_buf **buf, const char *bytes, size_t len)
{
    if (len == 0) {
        return 1;
    }
    char *const room = sse_priv_buf_reserve(buf, len);
    if (room == NULL) {
        return 0;
    }
    memcpy(room, bytes, len);
    (*buf)->end += len;
    return 1;
}

void sse_priv_buf_consume(sse_priv_buf **buf, size_t len)
{
    if (*buf == NULL) {
        return;
    }
    (*buf)->start += len;
    if ((*buf)->start == (*buf)->end) {
        sse_priv_buf_free(buf);
    }
}

void sse_priv_buf_truncate(sse_priv_buf **buf, size_t len)
{
    if (len == 0) {
        sse_priv_buf_free(buf);
    } else {
        (*buf)->end = (*buf)->start + len;
    }
}

void sse_priv_buf_free(sse_priv_buf **buf)
{
    free(*buf);
    *buf = NULL;
}

void sse_priv_buf_reuse(sse_priv_buf **buf, sse_priv_spares *spares)
{
    sse_priv_buf *const spare = spares->first;
    if (*buf != NULL || spare == NULL) {
        return;
    }
    memcpy(&spares->first, spare->bytes, sizeof spares->first);
    spares->count--;
    spare->start = 0;
    spare->end = 0;
    *buf = spare;
}

void sse_priv_buf_release(sse_priv_buf **buf, size_t len,
                          sse_priv_spares *spares)
{
    sse_priv_buf *const spare = *buf;
    if (spare != NULL && spare->cap == FIRST_CAP &&
        spare->start + len == spare->end && spares->count < MOST_SPARES) {
        memcpy(spare->bytes, &spares->first, sizeof spares->first);
        spares->first = spare;
        spares->count++;
        *buf = NULL;
    } else {
        sse_priv_buf_consume(buf, len);
    }
}

void sse_priv_spares_free(sse_priv_spares *spares)
{
    while (spares->first != NULL) {
        sse_priv_buf *spare = NULL;
        sse_priv_buf_reuse(&spare, spares);
        free(spare);
    }
}
