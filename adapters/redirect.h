/*
 * redirect.h - where a request goes next, and what may travel there.
 *
 * SPDX-License-Identifier: MIT
 *
 * The rules for redirects, origins and credentials of every HTTP transport
 * here.  Moves no bytes and knows no transport.
 */
#ifndef SSE_ADAPTERS_REDIRECT_H
#define SSE_ADAPTERS_REDIRECT_H

#include <sse/status.h>

#include <stddef.h>

/** Redirects followed in a row. */
#define SSE_PRIV_MAX_HOPS 5

/** One place a request goes to. */
typedef struct sse_priv_place {
    char *url; /* owned, NUL-terminated, without a fragment */
    int get;   /* the method has become GET, and the body is gone */
    int away;  /* behind another origin: the caller's own headers, body and
                  credentials stay behind */
} sse_priv_place;

/** The way of one attempt, from where it starts over each redirect. */
typedef struct sse_priv_route {
    sse_priv_place chain[SSE_PRIV_MAX_HOPS + 1];
    size_t count; /* places in use; the last is the current one */
    size_t home;  /* where the next attempt starts */
    int is_post, is_safe;
} sse_priv_route;

/**
 * Starts at a URL.
 *
 * @param url     http or https, with a host; copied.
 * @param method  Of the caller's request, NUL-terminated.
 * @return SSE_OK; SSE_ERR_INVALID (no such URL); SSE_ERR_NO_MEMORY.
 */
sse_status sse_priv_route_open(sse_priv_route *route, const char *url,
                               const char *method);

/** Goes back to where a new attempt starts: behind the permanent redirects
 *  that stood first in the last one. */
void sse_priv_route_restart(sse_priv_route *route);

/** The current place.  Borrowed until the route changes. */
const sse_priv_place *sse_priv_route_place(const sse_priv_route *route);

/** Not 0 for the statuses that redirect: 301, 302, 303, 307 and 308. */
int sse_priv_is_redirect(int http_status);

/**
 * Follows one redirect.
 *
 * @param location  Value of Location; NULL if there was none.
 * @param len       Bytes at @p location.
 * @param why       Out: with an error, a constant text that says which.
 * @return SSE_OK; SSE_ERR_PROTOCOL (missing, unsound, another scheme, a loop);
 *         SSE_ERR_LIMIT (too many); SSE_ERR_NO_MEMORY.
 */
sse_status sse_priv_route_follow(sse_priv_route *route, int http_status,
                                 const char *location, size_t len,
                                 const char **why);

/** Frees what it holds. */
void sse_priv_route_close(sse_priv_route *route);

#endif /* SSE_ADAPTERS_REDIRECT_H */
