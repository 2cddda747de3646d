/*
 * headers.c - what a response around a stream should say.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/writer.h>

const sse_http_header *sse_http_headers(size_t *count)
{
    /* The media type carries no charset: a stream is always UTF-8.  no-cache
     * alone would let a proxy compress or rewrite the body on its way, and
     * hold events back while it does; the last field asks nginx and its like
     * not to buffer. */
    static const sse_http_header headers[] = {
        {"Content-Type", "text/event-stream"},
        {"Cache-Control", "no-store, no-transform"},
        {"X-Accel-Buffering", "no"},
    };
    *count = sizeof headers / sizeof headers[0];
    return headers;
}
