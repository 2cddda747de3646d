/*
 * cat_show.h - states and heads of connections, for people and for --trace.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_CAT_SHOW_H
#define SSE_TOOL_CAT_SHOW_H

#include "cat.h"

#include <sse/source.h>

/* A longer line of a head is cut when it is shown. */
#define CAT_SHOW_LINE 1024

/* Where to. */
struct cat_show {
    const struct cat_options *options;
    struct print *print;
    char line[CAT_SHOW_LINE]; /* of a head, as far as it came */
    size_t line_len;
};

/* Shows a change of state: a line in a trace, and one on stderr under
 * --verbose.  `why` is the transport's word on what happened; where it has
 * none the source's own is shown. */
void cat_show_state(const struct cat_show *show, sse_source_state state,
                    const sse_action *action, const char *why);
/* Shows the head of a request or of a response under --verbose, without the
 * values that give access; a request's may come in pieces. */
void cat_show_request(struct cat_show *show, const char *head, size_t len);
void cat_show_response(struct cat_show *show, const char *head, size_t len);

/* How a stream over any transport ended; borrowed. */
struct cat_ended {
    sse_status status;
    sse_reason reason, cause;
    int http_status;
    const char *text; /* for people */
    const char *body; /* start of a response that was no stream */
    size_t body_len;
};

/* Shows the end, and settles the exit code, which it returns, and the last
 * line on stderr. */
int cat_show_end(const struct cat_show *show, const struct cat_take *take,
                 const struct cat_ended *ended, char *reason, size_t cap);

/* The last event ID outlives the parser.  NULL if memory is out. */
char *cat_copy_id(const sse_parser *parser, size_t *len);

#endif /* SSE_TOOL_CAT_SHOW_H */
