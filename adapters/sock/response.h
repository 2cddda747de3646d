/*
 * response.h - the head of an HTTP response: bytes in, a checked head and the
 * framing of its body out; no I/O.
 *
 * SPDX-License-Identifier: MIT
 *
 * The head is kept as it came, up to a limit.  A line is checked when its end
 * has come, the first one earlier: what does not begin as HTTP/1 does is
 * refused with the byte that shows it.
 */
#ifndef SSE_SOCK_RESPONSE_H
#define SSE_SOCK_RESPONSE_H

#include <stddef.h>
#include <stdint.h>

#include <sse/status.h>

#define SSE_PRIV_RESPONSE_HTTP10 0x01u  /* HTTP/1.0, otherwise 1.1 */
#define SSE_PRIV_RESPONSE_LENGTH 0x02u  /* content_length is set */
#define SSE_PRIV_RESPONSE_CHUNKED 0x04u /* Transfer-Encoding: chunked */
#define SSE_PRIV_RESPONSE_CLOSE 0x08u   /* Connection: close */

/** How the end of a body is known. */
typedef enum sse_priv_framing {
    SSE_PRIV_FRAMING_NONE = 0,    /* there is no body */
    SSE_PRIV_FRAMING_LENGTH = 1,  /* by its length */
    SSE_PRIV_FRAMING_CHUNKED = 2, /* by the last chunk */
    SSE_PRIV_FRAMING_CLOSE = 3    /* by the end of the connection */
} sse_priv_framing;

typedef struct sse_priv_response {
    char *at;        /* the head as received; owned, NUL-terminated */
    size_t len, cap; /* bytes */
    size_t max;      /* longest head */
    size_t line;     /* where the line under way begins */
    uint64_t content_length;
    const char *why; /* once refused: a constant text */
    int status;      /* 0 until the first line is there */
    uint32_t flags;
} sse_priv_response;

/** Prepares for a head.  @param max  Longest one, in bytes. */
void sse_priv_response_init(sse_priv_response *response, size_t max);

/** Forgets the head; keeps the memory for the next one. */
void sse_priv_response_reset(sse_priv_response *response);

/** Frees what it holds. */
void sse_priv_response_free(sse_priv_response *response);

/**
 * Feeds bytes.
 *
 * @return SSE_OK            the head is complete; @p consumed says where.
 *         SSE_INCOMPLETE    all bytes used, more are needed.
 *         SSE_ERR_PROTOCOL  malformed, or open to two readings; see `why`.
 *         SSE_ERR_LIMIT     longer than `max`.
 *         SSE_ERR_NO_MEMORY
 */
sse_status sse_priv_response_feed(sse_priv_response *response,
                                  const char *bytes, size_t len,
                                  size_t *consumed);

/** What follows a complete head.  @param is_head  The request was a HEAD. */
sse_priv_framing sse_priv_response_framing(const sse_priv_response *response,
                                           int is_head);

/** Not 0 if the connection may carry another request behind the body. */
int sse_priv_response_is_kept(const sse_priv_response *response,
                              sse_priv_framing framing);

#endif /* SSE_SOCK_RESPONSE_H */
