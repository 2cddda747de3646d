/*
 * page_handlers.c - the files of the page, and a word of health.
 *
 * SPDX-License-Identifier: MIT
 */
#include <page_files.h>
#include <string.h>

#include "http/handlers.h"
#include "http/web.h"

/* The page runs its own scripts alone and talks to this server alone. */
static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
    " connect-src 'self'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'none'";

static const struct page_file *find(const char *path)
{
    const char *name = path[0] == '/' ? path + 1 : path;
    if (name[0] == '\0') {
        name = "index.html";
    }
    for (size_t i = 0; i < page_file_count; i++) {
        if (strcmp(page_files[i].path, name) == 0) {
            return &page_files[i];
        }
    }
    return NULL;
}

int page_has(const char *path)
{
    return find(path) != NULL;
}

/* Not 0 if a list of entity tags names this one; W/ makes no difference. */
static int tag_listed(const char *list, const char *tag)
{
    return list != NULL &&
           (strcmp(list, "*") == 0 || strstr(list, tag) != NULL);
}

void handle_page(struct exchange *exchange)
{
    const struct page_file *file = find(sse_request_path(exchange->request));
    const sse_http_header headers[] = {
        {"Content-Type", file->media_type},
        {"ETag", file->etag},
        {"Cache-Control", "no-cache"},
        {"Content-Security-Policy", policy},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
    };
    int known = tag_listed(
        sse_request_header(exchange->request, "If-None-Match"), file->etag);
    exchange->answered = 1;
    exchange->web->statuses[known ? 304 : 200]++;
    (void)sse_request_respond(exchange->request, known ? 304 : 200, headers,
                              sizeof headers / sizeof headers[0],
                              (const char *)file->bytes, known ? 0 : file->len);
}

void handle_health(struct exchange *exchange)
{
    static const char body[] = "{\"status\":\"ok\"}";
    exchange_send(exchange, 200, "application/json", body, sizeof body - 1,
                  NULL, NULL);
}
