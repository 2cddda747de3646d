/*
 * header.h - what the header fields of a response tell a client.
 *
 * SPDX-License-Identifier: MIT
 *
 * A head is the lines as they came, with their line ends; it may be NULL if its
 * length is 0.
 */
#ifndef SSE_ADAPTERS_HEADER_H
#define SSE_ADAPTERS_HEADER_H

#include <stddef.h>
#include <stdint.h>

/**
 * The first field of that name in a head.
 *
 * @param name  Without the colon, in any case, NUL-terminated.
 * @param len   Out: bytes of the value, white space around it left out.
 * @return Into the head; NULL if there is none.
 */
const char *sse_priv_header(const char *head, size_t head_len,
                            const char *name, size_t *len);

/** What Retry-After asks for, in milliseconds from now, by the server's clock
 *  if it tells the time; SSE_NEVER if it asks for nothing. */
uint64_t sse_priv_header_retry_after(const char *head, size_t head_len);

/** Not 0 if there is a Content-Encoding other than `identity`. */
int sse_priv_header_is_coded(const char *head, size_t head_len);

/** Copies a value as a NUL-terminated text, cut if it is longer than @p cap
 *  allows.  @param value  NULL only if @p len is 0. */
void sse_priv_header_keep(char *text, size_t cap, const char *value,
                          size_t len);

#endif /* SSE_ADAPTERS_HEADER_H */
