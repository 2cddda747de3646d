/*
 * cat_values.h - values of the flags of `sse cat` that take more than a number.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_CAT_VALUES_H
#define SSE_TOOL_CAT_VALUES_H

#include "cat.h"

/* What a file holds that the text names could not be read: the command line is
 * right. */
#define CAT_UNREAD (-2)

/* Each checks a text and takes it.  0, or -1 or CAT_UNREAD with the reason told
 * on stderr. */
int cat_set_source(struct cat_options *options, const char *text);
int cat_add_header(struct cat_options *options, const char *text);
int cat_set_method(struct cat_options *options, const char *text);
int cat_set_transport(struct cat_options *options, const char *text);

#endif /* SSE_TOOL_CAT_VALUES_H */
