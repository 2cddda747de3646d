/*
 * block.h - the event under construction: what a line does to it, and what
 * the blank line makes of it.
 *
 * All functions answer SSE_OK, the SSE_PAUSED or SSE_STOPPED a hook asked for,
 * or SSE_NEED_SPACE or SSE_ERR_TOO_LONG, which change nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_BLOCK_H
#define SSE_PRIV_BLOCK_H

#include "state.h"

/** The type of an event that names none. */
#define SSE_PRIV_DEFAULT_TYPE_LEN 7
extern const char sse_priv_default_type[SSE_PRIV_DEFAULT_TYPE_LEN + 1];

/** Takes one whole line of at least one byte.  May keep pointers into it until
 *  sse_priv_block_keep(). */
int sse_priv_block_line(sse_parser *parser, const char *line, size_t len);

/** Takes a blank line.  @param out  Pull use: where the event goes, in which
 *  case SSE_PRIV_EVENT comes back; NULL for push use. */
int sse_priv_block_end(sse_parser *parser, sse_event *out);

/** Copies what still lies in the chunk into the scratch, where it fits. */
void sse_priv_block_keep(sse_parser *parser);

/** Forgets the event under construction. */
void sse_priv_block_clear(sse_parser *parser);

/** Describes the event under construction. */
void sse_priv_block_describe(const sse_parser *parser, sse_event *event);

/* For lines that a chunk edge cuts. */

/** Adds to the data; @p lf says that a new line begins which is not the
 *  first. */
int sse_priv_block_data(sse_parser *parser, const char *text, size_t len,
                        int lf);

/** An `event` value is complete; its @p len may be beyond what is stored. */
void sse_priv_block_type(sse_parser *parser, const char *value, size_t len);

/** An `id` value is complete; @p nul says that it holds a NUL byte. */
int sse_priv_block_id(sse_parser *parser, const char *value, size_t len,
                      int nul);

/** A `retry` value is complete. */
int sse_priv_block_retry(sse_parser *parser, int good, uint64_t number);

/** Tells the dropped hook. */
int sse_priv_block_drop(sse_parser *parser, sse_drop_reason reason,
                        uint64_t bytes);

#endif /* SSE_PRIV_BLOCK_H */
