/*
 * buffer.c - bounded buffers.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

sse_status sse_priv_buffer_add(sse_priv_buffer *buffer, const char *text,
                               size_t len)
{
    const size_t room = buffer->max - buffer->len;
    const size_t take = len < room ? len : room;
    if (buffer->at == NULL || buffer->len + take >= buffer->cap) {
        size_t cap = buffer->cap < 512 ? 512 : buffer->cap * 2;
        if (cap <= buffer->len + take) {
            cap = buffer->len + take + 1;
        }
        char *at = (char *)realloc(buffer->at, cap);
        if (at == NULL) {
            return SSE_ERR_NO_MEMORY;
        }
        buffer->at = at;
        buffer->cap = cap;
    }
    if (take > 0) {
        memcpy(buffer->at + buffer->len, text, take);
        buffer->len += take;
    }
    buffer->at[buffer->len] = '\0';
    return take == len ? SSE_OK : SSE_ERR_LIMIT;
}

void sse_priv_buffer_free(sse_priv_buffer *buffer)
{
    free(buffer->at);
    buffer->at = NULL;
    buffer->len = 0;
    buffer->cap = 0;
}

const char *sse_curl_response_header(const sse_curl_response *response,
                                     const char *name, size_t *len)
{
    return sse_priv_header(response->head, response->head_len, name, len);
}
