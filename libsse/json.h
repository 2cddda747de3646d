/*
 * json.h - text as the inside of a JSON string.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_JSON_H
#define SSE_PRIV_JSON_H

#include "sink.h"

/** Escapes @p text into @p sink; see sse_json_escape(). */
void sse_priv_json_put(sse_priv_sink *sink, const char *text, size_t len);

#endif /* SSE_PRIV_JSON_H */
