/*
 * serve.h - what the parts of `sse serve` share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_SERVE_H
#define SSE_TOOL_SERVE_H

#include "values.h"

#include <sse/hub.h>

#include <stddef.h>
#include <stdint.h>

/* The command line. */
struct serve_options {
    sse_server_config server;
    sse_hub_config hub;
    char address[VALUE_ADDRESS]; /* server.address points here */
    const char *token;     /* NULL: everybody may publish */
    const char *cors;      /* an origin, "*", or NULL */
    const char *log_path;  /* NULL: no access log; "-": stdout */
    uint32_t drain_ms;
    int has_retain_bytes;
};

/* One running server. */
struct serve {
    const struct serve_options *options;
    sse_loop *loop;
    sse_server *server;
    sse_hub *hub;
    int log_fd; /* -1: none */
    int draining;
    uint64_t statuses[6]; /* answers by hundreds; [1] is not used */
    uint64_t refused_tokens;
};

/* serve_options.c: 0, -1 for a mistake that was told, SERVE_UNREAD for a file
 * that cannot be read, which was told as well, 1 after --help. */
#define SERVE_UNREAD (-2)
int serve_options_read(struct serve_options *options, int argc,
                       char *const *argv);
extern const char serve_help[];

/* serve_limits.c: raises the limit of descriptors and fits max_conns to it. */
void serve_limits_raise(struct serve_options *options);

/* serve_routes.c */
void serve_on_request(sse_request *request, void *user);

/* serve_topics.c */
void serve_publish(struct serve *serve, sse_request *request,
                   const char *names);
void serve_subscribe(struct serve *serve, sse_request *request,
                     const char *names);

/* serve_answer.c */
/* What every answer to a request on a topic may carry for browsers. */
#define SERVE_CORS_HEADERS 3
size_t serve_cors(const struct serve *serve, sse_http_header *headers);
/* A line of text; `more` may be NULL. */
void serve_text(struct serve *serve, sse_request *request, int status,
                const char *text, const sse_http_header *more, size_t count);
void serve_bytes(struct serve *serve, sse_request *request, int status,
                 const char *type, const char *body, size_t len,
                 const sse_http_header *more, size_t count);

/* serve_metrics.c */
void serve_metrics(struct serve *serve, sse_request *request);

/* serve_log.c */
/* 0, or -1 with the reason told. */
int serve_log_open(struct serve *serve);
void serve_log_close(struct serve *serve);
/* One line.  `len` is UINT64_MAX for a stream. */
void serve_log(struct serve *serve, const sse_request *request, int status,
               uint64_t len);

#endif /* SSE_TOOL_SERVE_H */
