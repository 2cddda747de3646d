/*
 * router.c - which handler a request is for.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "http/router.h"

#include <string.h>
#include <strings.h>

#include "http/handlers.h"
#include "http/identity.h"
#include "http/web.h"

#define API "/api/v1"

static const struct route routes[] = {
    {"POST", API "/users", ROUTE_JSON, handle_user_add},
    {"GET", API "/chat/sessions", ROUTE_USER | ROUTE_HEAD,
     handle_session_list},
    {"POST", API "/chat/sessions", ROUTE_USER | ROUTE_JSON,
     handle_session_add},
    {"GET", API "/chat/sessions/*/messages", ROUTE_USER | ROUTE_HEAD,
     handle_message_list},
    {"POST", API "/chat/sessions/*/messages", ROUTE_USER | ROUTE_JSON,
     handle_message_send},
    {"GET", API "/chat/streams/*", ROUTE_USER, handle_stream_attach},
    {"DELETE", API "/chat/streams/*", ROUTE_USER, handle_stream_stop},
    {"GET", API "/documents", ROUTE_USER | ROUTE_HEAD,
     handle_document_list},
    {"POST", API "/documents", ROUTE_USER | ROUTE_DOCUMENT,
     handle_document_add},
    {"POST", API "/documents/*/extractions", ROUTE_USER, handle_extract_begin},
    {"GET", API "/documents/*/extract-stream", ROUTE_USER,
     handle_extract_watch},
    {"POST", API "/documents/*/extract-stream", ROUTE_USER,
     handle_extract_stream},
    {"GET", API "/documents/*/extraction", ROUTE_USER | ROUTE_HEAD,
     handle_extract_result},
    {"GET", "/healthz", ROUTE_HEAD, handle_health},
    {"GET", "/metrics", ROUTE_HEAD, handle_metrics},
};

#define ROUTES (sizeof routes / sizeof routes[0])

static const struct route page_route = {"GET", "", ROUTE_HEAD, handle_page};

int route_is_unsafe(const struct route *route)
{
    return strcmp(route->method, "GET") != 0;
}

/* Compares segment by segment.  @return 0 if they differ; otherwise the
 * segment that stands for the id, if there is one, is at *id. */
static int path_fits(const char *pattern, const char *path, const char **id,
                     size_t *id_len)
{
    while (*pattern != '\0') {
        if (*pattern == '*') {
            *id = path;
            *id_len = strcspn(path, "/");
            if (*id_len == 0) {
                return 0;
            }
            path += *id_len;
            pattern++;
        } else if (*pattern++ != *path++) {
            return 0;
        }
    }
    return *path == '\0';
}

static int method_fits(const struct route *route, const char *method)
{
    return strcmp(route->method, method) == 0 ||
           ((route->flags & ROUTE_HEAD) != 0 && strcmp(method, "HEAD") == 0);
}

static void add_allowed(char *allow, const struct route *route)
{
    strcat(allow, allow[0] != '\0' ? ", " : "");
    strcat(allow, route->method);
    strcat(allow, (route->flags & ROUTE_HEAD) != 0 ? ", HEAD" : "");
}

static void method_not_allowed(struct exchange *exchange, const char *allow)
{
    static const char body[] =
        "{\"error\":{\"code\":\"method_not_allowed\",\"message\":"
        "\"This place does not take that method.\"}}";
    exchange_send(exchange, 405, "application/json", body, sizeof body - 1,
                  "Allow", allow);
}

/* Not 0 if a media type, parameters aside, is the wanted one. */
static int media_type_is(const char *type, const char *wanted)
{
    size_t len = strlen(wanted);
    return type != NULL && strncasecmp(type, wanted, len) == 0 &&
           strchr("; \t", type[len]) != NULL;
}

/* A form of a foreign page can send no JSON type without asking first. */
static int body_fits(const struct exchange *exchange)
{
    size_t len;
    (void)sse_request_body(exchange->request, &len);
    return (exchange->route->flags & ROUTE_JSON) == 0 || len == 0 ||
           media_type_is(sse_request_header(exchange->request, "Content-Type"),
                         "application/json");
}

static void run(struct exchange *exchange)
{
    if (identity_check_place(exchange) != 0) {
        return;
    }
    if (!body_fits(exchange)) {
        exchange_error(exchange, 415, "unsupported_media_type",
                       "The body must be application/json.");
    } else if ((exchange->route->flags & ROUTE_USER) != 0) {
        identity_find(exchange);
    } else {
        exchange->route->handler(exchange);
    }
}

void route_request(sse_request *request, void *user)
{
    struct exchange *exchange = exchange_new((struct web *)user, request);
    const char *path = sse_request_path(request);
    const char *method = sse_request_method(request);
    char allow[64] = "";
    for (size_t i = 0; i < ROUTES && exchange->route == NULL; i++) {
        const char *id = "";
        size_t id_len = 0;
        if (!path_fits(routes[i].path, path, &id, &id_len)) {
            continue;
        }
        if (!method_fits(&routes[i], method)) {
            add_allowed(allow, &routes[i]);
            continue;
        }
        exchange->route = &routes[i];
        /* What cannot be an id is nobody's: the empty id finds nothing. */
        (void)id_read(id, id_len, &exchange->id);
    }
    if (exchange->route == NULL && allow[0] == '\0' && page_has(path)) {
        exchange->route = &page_route;
        if (!method_fits(&page_route, method)) {
            exchange->route = NULL;
            add_allowed(allow, &page_route);
        }
    }
    if (exchange->route != NULL) {
        run(exchange);
    } else if (allow[0] != '\0') {
        method_not_allowed(exchange, allow);
    } else {
        exchange_not_found(exchange);
    }
}

uint64_t route_body_limit(const sse_request *request, void *user)
{
    (void)user;
    return strcmp(sse_request_path(request), API "/documents") == 0
               ? WEB_DOCUMENT_MAX
               : WEB_JSON_MAX;
}
