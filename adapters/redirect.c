/*
 * redirect.c - where a request goes next, and what may travel there.
 *
 * SPDX-License-Identifier: MIT
 */
#include "redirect.h"
#include "url.h"

#include <stdlib.h>
#include <string.h>

sse_status sse_priv_route_open(sse_priv_route *route, const char *url,
                               const char *method)
{
    memset(route, 0, sizeof(*route));
    /* Methods are case-sensitive (RFC 9110, section 9.1). */
    route->is_post = strcmp(method, "POST") == 0;
    route->is_safe =
        strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    const sse_status status = sse_priv_url_copy(url, &route->chain[0].url);
    route->count = status == SSE_OK;
    return status;
}

void sse_priv_route_restart(sse_priv_route *route)
{
    for (size_t i = 0; i < route->count; i++) {
        if (i != route->home) {
            free(route->chain[i].url);
        }
    }
    route->chain[0] = route->chain[route->home];
    route->count = 1;
    route->home = 0;
}

const sse_priv_place *sse_priv_route_place(const sse_priv_route *route)
{
    return &route->chain[route->count - 1];
}

int sse_priv_is_redirect(int http_status)
{
    return http_status == 301 || http_status == 302 || http_status == 303 ||
           http_status == 307 || http_status == 308;
}

static int is_loop(const sse_priv_route *route, const sse_priv_place *next)
{
    for (size_t i = 0; i < route->count; i++) {
        if (route->chain[i].get == next->get &&
            strcmp(route->chain[i].url, next->url) == 0) {
            return 1;
        }
    }
    return 0;
}

sse_status sse_priv_route_follow(sse_priv_route *route, int http_status,
                                 const char *location, size_t len,
                                 const char **why)
{
    const sse_priv_place *now = sse_priv_route_place(route);
    if (location == NULL) {
        *why = "redirect without Location";
        return SSE_ERR_PROTOCOL;
    }
    if (route->count > SSE_PRIV_MAX_HOPS) {
        *why = "too many redirects";
        return SSE_ERR_LIMIT;
    }
    sse_priv_place next = {NULL, now->get, now->away};
    const sse_status status =
        sse_priv_url_join(now->url, location, len, &next.url);
    if (status != SSE_OK) {
        *why = status == SSE_ERR_PROTOCOL ? "redirect to no http or https URL"
                                          : "out of memory";
        return status;
    }
    if (!sse_priv_url_is_same_origin(now->url, next.url)) {
        next.away = 1;
    }
    if ((http_status == 303 && !route->is_safe) ||
        ((http_status == 301 || http_status == 302) && route->is_post)) {
        next.get = 1;
    }
    if (is_loop(route, &next)) {
        free(next.url);
        *why = "redirect in a circle";
        return SSE_ERR_PROTOCOL;
    }
    if ((http_status == 301 || http_status == 308) &&
        route->home == route->count - 1) {
        route->home = route->count;
    }
    route->chain[route->count++] = next;
    return SSE_OK;
}

void sse_priv_route_close(sse_priv_route *route)
{
    for (size_t i = 0; i < route->count; i++) {
        free(route->chain[i].url);
    }
    route->count = 0;
}
