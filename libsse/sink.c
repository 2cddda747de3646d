/*
 * sink.c - bytes into a buffer, into a ring, or only counted.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sink.h"

#include <string.h>

static void put_ring(sse_priv_sink *sink, const char *text, size_t len)
{
    const size_t left = sink->ring - sink->at;
    const size_t first = len < left ? len : left;
    memcpy(sink->dst + sink->at, text, first);
    sink->at += first;
    if (sink->at == sink->ring) {
        memcpy(sink->dst, text + first, len - first);
        sink->at = len - first;
    }
}

void sse_priv_put(sse_priv_sink *sink, const char *text, size_t len)
{
    /* Lines grow by a field name each.  Beyond SIZE_MAX is unreachable where
     * size_t has 64 bits: no memory holds what would grow so far. */
    if (len > SIZE_MAX - sink->len) {
        sink->len = SIZE_MAX;
        return;
    }
    if (sink->dst != NULL && len > 0) {
        if (sink->ring != 0) {
            put_ring(sink, text, len);
        } else {
            memcpy(sink->dst + sink->len, text, len);
        }
    }
    sink->len += len;
}

sse_status sse_priv_sink_open(sse_priv_sink *sink, char *dst, size_t cap)
{
    const sse_status status = sse_priv_fits(sink->len, cap);
    if (status != SSE_OK) {
        return status;
    }
    if (dst == NULL) {
        return SSE_ERR_INVALID;
    }
    sink->dst = dst;
    sink->len = 0;
    return SSE_OK;
}
