/*
 * url.h - http and https URLs: references resolved, origins compared.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_ADAPTERS_URL_H
#define SSE_ADAPTERS_URL_H

#include <sse/status.h>

#include <stddef.h>
#include <stdint.h>

/** What a transport needs of a URL.  All of it points into the URL. */
typedef struct sse_priv_url_view {
    const char *user; /* user name and password as they stand there */
    size_t user_len;  /* bytes; 0 if there is none */
    const char *host; /* an IPv6 address keeps its brackets */
    size_t host_len;
    const char *target; /* path and query */
    size_t target_len;
    uint32_t port;
    int is_https;
} sse_priv_url_view;

/**
 * Takes a URL apart.
 *
 * @param url   As sse_priv_url_copy() makes them.
 * @param view  Out.
 * @return 0 if it is no http or https URL with a host.
 */
int sse_priv_url_split(const char *url, sse_priv_url_view *view);

/**
 * Copies a URL: scheme and host in lower case, a path of at least `/`, `.` and
 * `..` resolved, no port that is the scheme's own, no fragment.
 *
 * @param copy  Out: to be freed; NULL on failure.
 * @return SSE_OK; SSE_ERR_INVALID (no http or https URL with a host);
 *         SSE_ERR_NO_MEMORY.
 */
sse_status sse_priv_url_copy(const char *url, char **copy);

/**
 * Where a reference leads (RFC 3986, section 5, "Reference Resolution").  User
 * name and password of @p base stay on the same origin and go on another;
 * those that the reference brings are left out.
 *
 * @param ref  E.g. the value of Location; white space around it is skipped,
 *             bytes that no URL may hold are percent-encoded.
 * @param len  Bytes at @p ref.
 * @param url  Out: to be freed; NULL on failure.
 * @return SSE_OK; SSE_ERR_PROTOCOL (leads to no http or https URL);
 *         SSE_ERR_NO_MEMORY.
 */
sse_status sse_priv_url_join(const char *base, const char *ref, size_t len,
                             char **url);

/** Not 0 if scheme, host and port are the same (RFC 6454, section 4, "Origin
 *  of a URI"). */
int sse_priv_url_is_same_origin(const char *a, const char *b);

#endif /* SSE_ADAPTERS_URL_H */
