/*
 * cat_body.h - the body of a request: the value of -d.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_CAT_BODY_H
#define SSE_TOOL_CAT_BODY_H

#include "cat.h"

/* Takes the text itself, or for `@FILE` and `@-` what the file or standard
 * input holds, byte for byte; names the media type JSON unless a header of
 * the caller names one.  0, or -1 with the reason told on stderr. */
int cat_body_read(struct cat_options *options, const char *value);

#endif /* SSE_TOOL_CAT_BODY_H */
