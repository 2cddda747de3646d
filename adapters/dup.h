/*
 * dup.h - what a configuration points to, in memory of our own.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_ADAPTERS_DUP_H
#define SSE_ADAPTERS_DUP_H

#include <sse/status.h>

#include <stddef.h>

/**
 * Copies bytes and puts a NUL behind them.
 *
 * @param bytes  May hold NULs; NULL makes the copy NULL.
 * @param copy   Out: to be freed; NULL on failure.
 * @return SSE_OK; SSE_ERR_INVALID (@p len is SIZE_MAX); SSE_ERR_NO_MEMORY.
 */
sse_status sse_priv_dup_bytes(const char *bytes, size_t len, char **copy);

/** The same of a NUL-terminated text, or NULL. */
sse_status sse_priv_dup_text(const char *text, char **copy);

#endif /* SSE_ADAPTERS_DUP_H */
