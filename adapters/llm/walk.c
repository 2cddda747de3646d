/*
 * walk.c - ways through a JSON text that is known to be valid.
 *
 * SPDX-License-Identifier: MIT
 */
#include "walk.h"

int sse_priv_walk_is_wrong(const sse_json_value *value, sse_json_kind wanted)
{
    return value->kind != wanted && value->kind != SSE_JSON_NONE &&
           value->kind != SSE_JSON_NULL;
}

void sse_priv_walk_members(const sse_json_value *object,
                           sse_json_member *members, size_t count)
{
    const int there = object->kind == SSE_JSON_OBJECT;
    (void)sse_json_members(there ? object->text : "{}", there ? object->len : 2,
                           members, count);
}

int sse_priv_walk_begin(const sse_json_value *array, sse_json *json)
{
    sse_json_value bracket;
    sse_json_init(json, array->text, array->len);
    return array->kind == SSE_JSON_ARRAY &&
           sse_json_next(json, &bracket) == SSE_OK;
}

int sse_priv_walk_next(sse_json *json, sse_json_value *element)
{
    return sse_json_next_value(json, element) == SSE_OK &&
           element->kind != SSE_JSON_ARRAY_END;
}
