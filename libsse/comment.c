/*
 * comment.c - blocks that are no event: comments and reconnection times.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/writer.h>

#include "sink.h"
#include "writer.h"

static void put_blank(sse_priv_sink *sink, sse_block_form form)
{
    if (form == SSE_BLOCK_TWO_LINES) {
        SSE_PRIV_PUT(sink, "\n");
    }
}

sse_status sse_comment_write(const char *text, size_t len,
                             sse_block_form form, char *dst, size_t cap,
                             size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (text == NULL && len > 0) {
        return SSE_ERR_INVALID;
    }
    sse_priv_sink sink = {NULL, 0, 0, 0};
    sse_priv_lines_put(&sink, ":", 1, text, len);
    put_blank(&sink, form);
    const sse_status status = sse_priv_sink_open(&sink, dst, cap);
    if (status != SSE_OK) {
        return status;
    }
    sse_priv_lines_put(&sink, ":", 1, text, len);
    put_blank(&sink, form);
    *written = sink.len;
    return SSE_OK;
}

sse_status sse_keep_alive_write(sse_block_form form, char *dst, size_t cap,
                                size_t *written)
{
    return sse_comment_write(NULL, 0, form, dst, cap, written);
}

sse_status sse_retry_write(uint64_t retry_ms, sse_block_form form, char *dst,
                           size_t cap, size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    sse_priv_sink sink = {NULL, 0, 0, 0};
    sse_priv_retry_put(&sink, retry_ms);
    put_blank(&sink, form);
    const sse_status status = sse_priv_sink_open(&sink, dst, cap);
    if (status != SSE_OK) {
        return status;
    }
    sse_priv_retry_put(&sink, retry_ms);
    put_blank(&sink, form);
    *written = sink.len;
    return SSE_OK;
}
