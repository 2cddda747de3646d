/*
 * line.c - the field rules of the standard for one line.
 *
 * HTML Standard, "Interpreting an event stream": a line that starts with a
 * colon is ignored; the field name is what stands before the first colon, or
 * the whole line; one space after the colon does not belong to the value;
 * names are compared byte by byte, with no case folding.
 *
 * SPDX-License-Identifier: MIT
 */
#include "line.h"

#include "words.h"

/* The names are so short that a call would cost more than the comparison. */
static int is_equal(const char *a, const char *b, size_t len)
{
    size_t i = 0;
    while (i < len && a[i] == b[i]) {
        i++;
    }
    return i == len;
}

/* Whether the line is the field `name`; if so, where its value starts. */
static int is_field(const char *line, size_t len, const char *name,
                    size_t name_len, size_t *value)
{
    if (len < name_len || !is_equal(line, name, name_len)) {
        return 0;
    }
    if (len == name_len) {
        *value = name_len;
        return 1;
    }
    if (line[name_len] != ':') {
        return 0;
    }
    const size_t after = name_len + 1;
    *value = after + (size_t)(len > after && line[after] == ' ');
    return 1;
}

sse_priv_kind sse_priv_line_kind(const char *line, size_t len, size_t *value)
{
#ifndef SSE_NO_SIMD
    /* What nearly all lines are, told faster. */
    if (len >= 8 && SSE_PRIV_IS_DATA(sse_priv_load8(line))) {
        *value = 6;
        return SSE_PRIV_DATA;
    }
    if (len >= 8 && SSE_PRIV_IS_EVENT(sse_priv_load8(line))) {
        *value = 7;
        return SSE_PRIV_TYPE;
    }
#endif
    switch (line[0]) {
    case 'd':
        if (is_field(line, len, "data", 4, value)) {
            return SSE_PRIV_DATA;
        }
        break;
    case 'e':
        if (is_field(line, len, "event", 5, value)) {
            return SSE_PRIV_TYPE;
        }
        break;
    case 'i':
        if (is_field(line, len, "id", 2, value)) {
            return SSE_PRIV_ID;
        }
        break;
    case 'r':
        if (is_field(line, len, "retry", 5, value)) {
            return SSE_PRIV_RETRY;
        }
        break;
    case ':':
        *value = 1;
        return SSE_PRIV_COMMENT;
    default:
        break;
    }
    *value = 0;
    return SSE_PRIV_FIELD;
}

size_t sse_priv_line_name(const char *line, size_t len, size_t *value)
{
    size_t colon = 0;
    while (colon < len && line[colon] != ':') {
        colon++;
    }
    *value = colon;
    if (colon < len) {
        *value = colon + 1;
        if (*value < len && line[*value] == ' ') {
            ++*value;
        }
    }
    return colon;
}
