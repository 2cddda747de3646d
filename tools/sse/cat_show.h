/*
 * cat_show.h - states and heads of connections, for people and for --trace.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_CAT_SHOW_H
#define SSE_TOOL_CAT_SHOW_H

#include "cat.h"

#include <sse/source.h>

/* Where to. */
struct cat_show {
    const struct cat_options *options;
    struct print *print;
};

/* Shows a change of state: a line in a trace, and one on stderr under
 * --verbose.  `why` is the transport's word on what happened; where it has
 * none the source's own is shown. */
void cat_show_state(const struct cat_show *show, sse_source_state state,
                    const sse_action *action, const char *why);
/* Shows the head of a response under --verbose. */
void cat_show_head(const struct cat_show *show, const char *head, size_t len);

#endif /* SSE_TOOL_CAT_SHOW_H */
