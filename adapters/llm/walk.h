/*
 * walk.h - ways through a JSON text that is known to be valid.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_LLM_WALK_H
#define SSE_LLM_WALK_H

#include <sse/json.h>

/** Not 0 if the value is there and of another kind than wanted.  Null is as
 *  good as absent with every server. */
int sse_priv_walk_is_wrong(const sse_json_value *value, sse_json_kind wanted);

/** As sse_json_members(); what is no object has no members. */
void sse_priv_walk_members(const sse_json_value *object,
                           sse_json_member *members, size_t count);

/** Points a cursor at the first element; what is no array has none.
 *  @return Not 0 if sse_priv_walk_next() may be asked. */
int sse_priv_walk_begin(const sse_json_value *array, sse_json *json);

/** Reads the next element.  @return Not 0 unless there is none. */
int sse_priv_walk_next(sse_json *json, sse_json_value *element);

#endif /* SSE_LLM_WALK_H */
