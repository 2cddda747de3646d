/*
 * scratch.c - a client's parser and the scratch under it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "scratch.h"

#include <stdlib.h>

/* The least room for data that goes with any limits: see
 * sse_parser_set_limits(). */
#define LEAST_DATA 32u

/* The parser keeps ids, a type and, behind the data, room for a cut line. */
static size_t first_cap(const sse_priv_limits *limits)
{
    const size_t id = limits->id;
    const size_t type = limits->type;
    const size_t around = 2 * id + type + (id > type ? id : type);
    size_t room = limits->start > LEAST_DATA ? limits->start : LEAST_DATA;
    room = limits->event < room ? limits->event : room;
    const size_t cap = around + (room > 0 ? room : 1);
    return cap < SSE_SCRATCH_MIN ? SSE_SCRATCH_MIN : cap;
}

sse_status sse_priv_scratch_open(sse_priv_scratch *scratch,
                                 sse_parser *parser,
                                 const sse_priv_limits *limits, void *user)
{
    scratch->max_event = limits->event;
    scratch->cap = first_cap(limits);
    scratch->at = (char *)malloc(scratch->cap);
    if (scratch->at == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    /* Pull use: hooks set up by the caller then get the caller's pointer. */
    sse_status status =
        sse_parser_init(parser, scratch->at, scratch->cap, NULL, user);
    if (status == SSE_OK) {
        status = sse_parser_set_limits(parser, limits->id, limits->type);
    }
    if (status == SSE_OK) {
        status = sse_parser_set_overflow(parser, SSE_OVERFLOW_GROW, NULL);
    }
    return status;
}

sse_status sse_priv_scratch_grow(sse_priv_scratch *scratch,
                                 sse_parser *parser)
{
    const size_t needed = sse_parser_space_needed(parser);
    const size_t around = scratch->cap - sse_parser_data_cap(parser);
    const size_t most = scratch->max_event + around;
    if (needed > most) {
        sse_parser_skip_event(parser);
        return SSE_OK;
    }
    size_t cap = scratch->cap > most / 2 ? most : scratch->cap * 2;
    if (cap < needed) {
        cap = needed;
    }
    char *const at = (char *)malloc(cap);
    if (at == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    const sse_status status = sse_parser_set_scratch(parser, at, cap);
    if (status != SSE_OK) {
        free(at);
        return status;
    }
    free(scratch->at);
    scratch->at = at;
    scratch->cap = cap;
    return SSE_OK;
}

void sse_priv_scratch_free(sse_priv_scratch *scratch)
{
    free(scratch->at);
    scratch->at = NULL;
    scratch->cap = 0;
}
