/*
 * serve_routes.c - which request gets which answer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "serve.h"

#include <string.h>

static const char topics[] = "/topic/";
#define TOPICS_LEN (sizeof topics - 1)

static int is_get(const sse_request *request)
{
    const char *const method = sse_request_method(request);
    return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

static void not_allowed(struct serve *serve, sse_request *request,
                        const char *allowed)
{
    const sse_http_header allow[] = {{"Allow", allowed}};
    serve_text(serve, request, 405, "no such method here\n", allow, 1);
}

/* What a page may do, when its browser asks before it does it. */
static void preflight(struct serve *serve, sse_request *request)
{
    static const sse_http_header headers[] = {
        {"Allow", "GET, HEAD, POST, OPTIONS"},
        {"Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS"},
        {"Access-Control-Allow-Headers",
         "Authorization, Cache-Control, Content-Type, Last-Event-ID"},
        {"Access-Control-Max-Age", "600"}};
    const size_t count = serve->options->cors != NULL ? 4 : 1;
    serve_bytes(serve, request, 204, NULL, NULL, 0, headers, count);
}

static void health(struct serve *serve, sse_request *request)
{
    static const sse_http_header later[] = {{"Retry-After", "5"}};
    if (serve->draining) {
        serve_text(serve, request, 503, "draining\n", later, 1);
    } else {
        serve_text(serve, request, 200, "ok\n", NULL, 0);
    }
}

static void topic(struct serve *serve, sse_request *request, const char *names)
{
    const char *const method = sse_request_method(request);
    if (strcmp(method, "POST") == 0) {
        serve_publish(serve, request, names);
    } else if (is_get(request)) {
        serve_subscribe(serve, request, names);
    } else if (strcmp(method, "OPTIONS") == 0) {
        preflight(serve, request);
    } else {
        not_allowed(serve, request, "GET, HEAD, POST, OPTIONS");
    }
}

void serve_on_request(sse_request *request, void *user)
{
    struct serve *const serve = (struct serve *)user;
    const char *const path = sse_request_path(request);
    if (strncmp(path, topics, TOPICS_LEN) == 0 && path[TOPICS_LEN] != '\0' &&
        strchr(path + TOPICS_LEN, '/') == NULL) {
        topic(serve, request, path + TOPICS_LEN);
        return;
    }
    const int is_health = strcmp(path, "/healthz") == 0;
    if (!is_health && strcmp(path, "/metrics") != 0) {
        if (strcmp(path, "*") == 0) {
            preflight(serve, request);
        } else {
            serve_text(serve, request, 404,
                       "there are /topic/NAME, /healthz and /metrics\n", NULL,
                       0);
        }
    } else if (!is_get(request)) {
        not_allowed(serve, request, "GET, HEAD");
    } else if (is_health) {
        health(serve, request);
    } else {
        serve_metrics(serve, request);
    }
}
