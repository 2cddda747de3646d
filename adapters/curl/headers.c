/*
 * headers.c - the header lines of a request.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

sse_status sse_priv_curl_copy_headers(const char *const *headers, size_t count,
                                      struct curl_slist **copy)
{
    *copy = NULL;
    if (headers == NULL && count > 0) {
        return SSE_ERR_INVALID;
    }
    sse_status status = SSE_OK;
    for (size_t i = 0; i < count && status == SSE_OK; i++) {
        const char *line = headers[i];
        struct curl_slist *list = NULL;
        if (line == NULL || *line == '\0') {
            status = SSE_ERR_INVALID;
        } else if (strpbrk(line, "\r\n") != NULL) {
            status = SSE_ERR_CHARACTER;
        } else if ((list = curl_slist_append(*copy, line)) == NULL) {
            status = SSE_ERR_NO_MEMORY;
        } else {
            *copy = list;
        }
    }
    if (status != SSE_OK) {
        curl_slist_free_all(*copy);
        *copy = NULL;
    }
    return status;
}

/* A line `Name: value`, or in libcurl's form for one without a value `Name;` */
static int is_named(const char *line, const char *name)
{
    const size_t len = strlen(name);
    return strncasecmp(line, name, len) == 0 &&
           (line[len] == ':' || line[len] == ';');
}

static int has(const struct curl_slist *list, const char *name)
{
    for (; list != NULL; list = list->next) {
        if (is_named(list->data, name)) {
            return 1;
        }
    }
    return 0;
}

/* Lines about a body that no longer travels. */
static int is_about_body(const char *line)
{
    return strncasecmp(line, "Content-", 8) == 0 ||
           is_named(line, "Transfer-Encoding") || is_named(line, "Expect");
}

/* Returns 0 when memory is short. */
static int add(struct curl_slist **list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*list, line);
    if (longer == NULL) {
        return 0;
    }
    *list = longer;
    return 1;
}

static int add_unless(struct curl_slist **list, const char *name,
                      const char *line)
{
    return has(*list, name) || add(list, line);
}

/* The bytes of the id go out as they came in: it holds no CR, LF or NUL. */
static int add_id(struct curl_slist **list, const char *id, size_t len)
{
    static const char name[] = "Last-Event-ID: ";
    char *line = (char *)malloc(sizeof(name) + len);
    if (line == NULL) {
        return 0;
    }
    memcpy(line, name, sizeof(name) - 1);
    memcpy(line + sizeof(name) - 1, id, len);
    line[sizeof(name) - 1 + len] = '\0';
    const int done = add(list, line);
    free(line);
    return done;
}

static int add_callers(const sse_curl *stream, int get, int has_id,
                       struct curl_slist **list)
{
    for (const struct curl_slist *at = stream->headers; at != NULL;
         at = at->next) {
        if ((has_id && is_named(at->data, "Last-Event-ID")) ||
            (get && is_about_body(at->data))) {
            continue;
        }
        if (!add(list, at->data)) {
            return 0;
        }
    }
    return 1;
}

struct curl_slist *sse_priv_curl_lines(sse_curl *stream)
{
    const sse_priv_place *place = sse_priv_route_place(&stream->route);
    size_t id_len;
    const char *id = sse_parser_last_event_id(&stream->parser, &id_len);
    struct curl_slist *list = NULL;
    if ((place->away ||
         add_callers(stream, place->get, id_len > 0, &list)) &&
        add_unless(&list, "Accept", "Accept: text/event-stream") &&
        add_unless(&list, "Cache-Control", "Cache-Control: no-cache") &&
        (id_len == 0 || add_id(&list, id, id_len)) &&
        /* libcurl's own words for a form, and for waiting before a body. */
        add_unless(&list, "Content-Type", "Content-Type:") &&
        add_unless(&list, "Expect", "Expect:")) {
        return list;
    }
    curl_slist_free_all(list);
    return NULL;
}
