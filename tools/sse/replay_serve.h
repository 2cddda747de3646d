/*
 * replay_serve.h - what the server of `sse replay` is made of.
 *
 *     replay_serve.c   listening, requests, answers that are no streams
 *     replay_stream.c  one reader's stream
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_REPLAY_SERVE_H
#define SSE_TOOL_REPLAY_SERVE_H

#include "replay.h"

#include <sse/sock.h>

/* The most that is queued for one reader. */
#define REPLAY_BUFFER ((size_t)1 << 20)

struct replay_server {
    const struct replay_options *options;
    const struct tape *tape;
    const struct plan *plan;
    sse_loop *loop;
    sse_server *server;
    sse_http_header *headers; /* of every response; allocated */
    size_t header_count;
    size_t body_type; /* 1: behind them stands the type of a body */
    uint64_t requests; /* answered */
    uint64_t open;     /* streams and answers under way */
    int stopping;
};

/* Opens a stream and sends what is due, from the place where this reader
 * goes on.  0, or the status to answer with instead. */
int replay_stream(struct replay_server *server, sse_request *request,
                  int faults);

#endif /* SSE_TOOL_REPLAY_SERVE_H */
