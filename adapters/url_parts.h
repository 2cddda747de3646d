/*
 * url_parts.h - an http or https URL taken apart.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_ADAPTERS_URL_PARTS_H
#define SSE_ADAPTERS_URL_PARTS_H

#include <stddef.h>
#include <stdint.h>

/** A part of somebody else's text. */
typedef struct sse_priv_span {
    const char *at;
    size_t len; /* bytes */
} sse_priv_span;

/** All of it points into the URL. */
typedef struct sse_priv_url_parts {
    sse_priv_span scheme;
    sse_priv_span user;  /* with its @ */
    sse_priv_span host;  /* an IPv6 address keeps its brackets */
    sse_priv_span path;  /* empty or begins with / */
    sse_priv_span query; /* with its ? */
    uint32_t port;
    int is_https;
} sse_priv_url_parts;

/** What of a text stands before the first of the bytes @p stops. */
sse_priv_span sse_priv_span_until(sse_priv_span text, const char *stops);

/** What follows on its first part. */
sse_priv_span sse_priv_span_behind(sse_priv_span text, sse_priv_span head);

/** Length of a scheme with its colon in front of a reference; 0 if none. */
size_t sse_priv_url_scheme(sse_priv_span text);

/** Takes `[user@]host[:port]` apart.  @return 0 if it is none. */
int sse_priv_url_authority(sse_priv_span text, sse_priv_url_parts *parts);

/** Takes an absolute http or https URL apart; a fragment is left out.
 *  @return 0 if it is none. */
int sse_priv_url_take_apart(sse_priv_span text, sse_priv_url_parts *parts);

/** Not 0 if scheme, host and port are the same. */
int sse_priv_url_share_origin(const sse_priv_url_parts *a,
                              const sse_priv_url_parts *b);

#endif /* SSE_ADAPTERS_URL_PARTS_H */
