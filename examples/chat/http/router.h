/*
 * router.h - which handler a request is for.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_ROUTER_H
#define CHAT_ROUTER_H

#include <sse/sock.h>

#include "http/exchange.h"

/** What a handler wants to have checked before it runs. */
#define ROUTE_USER 0x1u     /* somebody we know; others get 401 */
#define ROUTE_JSON 0x2u     /* a JSON body, or none; others get 415 */
#define ROUTE_DOCUMENT 0x4u /* a body of up to WEB_DOCUMENT_MAX */
#define ROUTE_HEAD 0x8u     /* HEAD as well */

struct route {
    const char *method;
    const char *path; /* a segment * stands for an id */
    unsigned flags;
    void (*handler)(struct exchange *exchange);
};

/** Not 0 if requests of this route change something. */
int route_is_unsafe(const struct route *route);

/** Answers a request, now or later. */
void route_request(sse_request *request, void *web);

/** The largest body a request may have, by its path. */
uint64_t route_body_limit(const sse_request *request, void *web);

#endif /* CHAT_ROUTER_H */
