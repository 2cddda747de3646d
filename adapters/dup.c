/*
 * dup.c - what a configuration points to, in memory of our own.
 *
 * SPDX-License-Identifier: MIT
 */
#include "dup.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

sse_status sse_priv_dup_bytes(const char *bytes, size_t len, char **copy)
{
    *copy = NULL;
    if (bytes == NULL) {
        return SSE_OK;
    }
    if (len == SIZE_MAX) {
        return SSE_ERR_INVALID;
    }
    *copy = (char *)malloc(len + 1);
    if (*copy == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    if (len > 0) {
        memcpy(*copy, bytes, len);
    }
    (*copy)[len] = '\0';
    return SSE_OK;
}

sse_status sse_priv_dup_text(const char *text, char **copy)
{
    return sse_priv_dup_bytes(text, text != NULL ? strlen(text) : 0, copy);
}
