/*
 * serve_answer.c - answers of `sse serve` that are no streams.
 *
 * SPDX-License-Identifier: MIT
 */
#include "serve.h"

#include <string.h>

#define MOST_HEADERS 12u

size_t serve_cors(const struct serve *serve, sse_http_header *headers)
{
    const char *const origin = serve->options->cors;
    size_t n = 0;
    if (origin == NULL) {
        return 0;
    }
    headers[n].name = "Access-Control-Allow-Origin";
    headers[n++].value = origin;
    headers[n].name = "Access-Control-Expose-Headers";
    headers[n++].value = "Last-Event-ID, SSE-Keep-Alive";
    if (strcmp(origin, "*") != 0) {
        headers[n].name = "Vary";
        headers[n++].value = "Origin";
    }
    return n;
}

void serve_bytes(struct serve *serve, sse_request *request, int status,
                 const char *type, const char *body, size_t len,
                 const sse_http_header *more, size_t count)
{
    sse_http_header headers[MOST_HEADERS];
    size_t n = serve_cors(serve, headers);
    if (type != NULL) {
        headers[n].name = "Content-Type";
        headers[n++].value = type;
    }
    headers[n].name = "Cache-Control";
    headers[n++].value = "no-store";
    for (size_t i = 0; i < count && n < MOST_HEADERS; i++) {
        headers[n++] = more[i];
    }
    serve->statuses[status / 100]++;
    serve_log(serve, request, status, len);
    (void)sse_request_respond(request, status, headers, n, body, len);
}

void serve_text(struct serve *serve, sse_request *request, int status,
                const char *text, const sse_http_header *more, size_t count)
{
    serve_bytes(serve, request, status, "text/plain", text, strlen(text),
                more, count);
}
