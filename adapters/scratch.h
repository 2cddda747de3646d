/*
 * scratch.h - a client's parser and the scratch under it, which grows when an
 * event asks for more.
 *
 * SPDX-License-Identifier: MIT
 *
 * The same for every HTTP transport here.  Belongs to the thread of its parser.
 */
#ifndef SSE_ADAPTERS_SCRATCH_H
#define SSE_ADAPTERS_SCRATCH_H

#include <sse/parser.h>

#include <stddef.h>

/** What a caller allows, in bytes, each at most SIZE_MAX / 8. */
typedef struct sse_priv_limits {
    size_t start; /* room for data at first */
    size_t event; /* most data of one event */
    size_t id;
    size_t type;
} sse_priv_limits;

/** Zeroed, it holds nothing. */
typedef struct sse_priv_scratch {
    char *at; /* owned */
    size_t cap;
    size_t max_event;
} sse_priv_scratch;

/**
 * Makes a scratch, and a parser on it for pull use that asks for more.
 *
 * @param user  For hooks that the caller sets at the parser.
 * @return SSE_OK; SSE_ERR_INVALID and SSE_ERR_NO_SPACE for what
 *         sse_parser_set_limits() refuses; SSE_ERR_NO_MEMORY.
 */
sse_status sse_priv_scratch_open(sse_priv_scratch *scratch,
                                 sse_parser *parser,
                                 const sse_priv_limits *limits, void *user);

/**
 * Where the parser said SSE_NEED_SPACE: more room for the event under way, or
 * the end of that event if it may not have so much.
 *
 * @return SSE_OK; SSE_ERR_NO_MEMORY, which leaves everything as it was.
 */
sse_status sse_priv_scratch_grow(sse_priv_scratch *scratch,
                                 sse_parser *parser);

/** The parser must not be used any more. */
void sse_priv_scratch_free(sse_priv_scratch *scratch);

#endif /* SSE_ADAPTERS_SCRATCH_H */
