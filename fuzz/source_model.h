/*
 * source_model.h - a reconnection machine, and what is known of it from
 * outside.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_SOURCE_MODEL_H
#define FUZZ_SOURCE_MODEL_H

#include <sse/sse.h>

#include <stdint.h>

/** The machine, and what it must know itself. */
struct fuzz_world {
    sse_source_config config;
    sse_parser parser;
    sse_source source;
    uint64_t now_ms;      /* the latest time told */
    uint64_t requests;    /* CONNECT so far */
    uint64_t events;
    uint64_t told_after_ms; /* Retry-After of the last response, or SSE_NEVER */
    uint64_t wait_until_ms; /* of the wait that runs; 0: none */
    unsigned policy;      /* what the hook answers; 0: nothing */
    uint64_t since_ms;    /* of the request, the connection, the last byte */
    uint64_t opened_ms;   /* of the stream that runs or ran last */
    int connected;        /* since the last request */
    int delivered;        /* an event, since the last request */
    int paused;
    int healthy;          /* the stream that ended last was */
    int under_way;        /* a connection is */
    int caller_ended;
    int over;             /* CLOSE or FAIL was told */
};

static inline int fuzz_is_open(const struct fuzz_world *w)
{
    return sse_source_get_state(&w->source) == SSE_SOURCE_OPEN;
}

static inline int fuzz_is_closed(const struct fuzz_world *w)
{
    return sse_source_get_state(&w->source) == SSE_SOURCE_CLOSED;
}

/** A request is under way, and no response has come. */
static inline int fuzz_is_connecting(const struct fuzz_world *w)
{
    return w->under_way &&
           sse_source_get_state(&w->source) == SSE_SOURCE_CONNECTING;
}

/** Asks what to do next, and ends the program if the answer breaks
 *  a promise. */
void fuzz_world_ask(struct fuzz_world *world);

#endif /* FUZZ_SOURCE_MODEL_H */
