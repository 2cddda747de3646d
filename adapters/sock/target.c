/*
 * target.c - the target of a request: its form, its path, its query.
 *
 * SPDX-License-Identifier: MIT
 */
#include "head.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* RFC 3986, "Percent-Encoding": a percent sign and two digits. */
static int is_well_escaped(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '%' &&
            (hex_digit(text[1]) < 0 || hex_digit(text[2]) < 0)) {
            return 0;
        }
    }
    return 1;
}

/* The length of "http://" or "https://", or 0. */
static size_t scheme_len(const char *target)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < 2; i++) {
        const size_t len = strlen(schemes[i]);
        size_t same = 0;
        while (same < len && ((unsigned char)target[same] | 0x20u) ==
                                 ((unsigned char)schemes[i][same] | 0x20u)) {
            same++;
        }
        if (same == len) {
            return len;
        }
    }
    return 0;
}

/* RFC 9112, "Request Target": the origin form, the absolute form, which a
 * server must understand, and "*" with OPTIONS.  CONNECT is for proxies. */
int sse_priv_head_check_target(sse_priv_head *head)
{
    char *const target = head->store + head->target;
    if (strcmp(head->store, "CONNECT") == 0) {
        return 501;
    }
    if (!is_well_escaped(target)) {
        return 400;
    }
    head->path = head->target;
    if (strcmp(target, "*") == 0) {
        return strcmp(head->store, "OPTIONS") == 0 ? 0 : 400;
    }
    if (*target != '/') {
        const size_t scheme = scheme_len(target);
        const size_t len = strcspn(target + scheme, "/?");
        if (scheme == 0 || len == 0 ||
            !sse_priv_is_authority(target + scheme, len)) {
            return 400;
        }
        const size_t path = head->target + scheme + len;
        head->path = head->store[path] == '/' ? path : 0;
    }
    char *const mark = strchr(target, '?');
    if (mark != NULL) {
        *mark = '\0';
        head->query = (size_t)(mark + 1 - head->store);
    }
    return 0;
}

const char *sse_priv_head_method(const sse_priv_head *head)
{
    return head->store;
}

const char *sse_priv_head_path(const sse_priv_head *head)
{
    return head->path == 0 ? "/" : head->store + head->path;
}

const char *sse_priv_head_query(const sse_priv_head *head)
{
    return head->query == 0 ? NULL : head->store + head->query;
}

/* One byte of form-encoded text (URL Standard,
 * "application/x-www-form-urlencoded parsing").  Returns how many it took. */
static size_t decode(const char *text, char *byte)
{
    if (*text == '%') {
        *byte = (char)(hex_digit(text[1]) * 16 + hex_digit(text[2]));
        return 3;
    }
    *byte = *text == '+' ? ' ' : *text;
    return 1;
}

/* Moves past the name at `at`.  Returns whether it decodes to `name`. */
static int match_name(const char *query, size_t *at, const char *name)
{
    int same = 1;
    while (query[*at] != '\0' && query[*at] != '&' && query[*at] != '=') {
        char byte;
        *at += decode(query + *at, &byte);
        same = same && *name != '\0' && byte == *name;
        name += same ? 1 : 0;
    }
    return same && *name == '\0';
}

sse_status sse_priv_query_find(const char *query, const char *name, char *dst,
                               size_t cap, size_t *len)
{
    size_t at = 0;
    *len = 0;
    while (query[at] != '\0') {
        const int found = match_name(query, &at, name);
        at += query[at] == '=' ? 1 : 0;
        const size_t start = at;
        size_t bytes = 0;
        while (query[at] != '\0' && query[at] != '&') {
            char byte;
            at += decode(query + at, &byte);
            bytes++;
        }
        if (found) {
            if (bytes >= cap) {
                return SSE_ERR_NO_SPACE;
            }
            at = start;
            for (size_t i = 0; i < bytes; i++) {
                at += decode(query + at, &dst[i]);
            }
            dst[bytes] = '\0';
            *len = bytes;
            return SSE_OK;
        }
        at += query[at] == '&' ? 1 : 0;
    }
    return SSE_INCOMPLETE;
}
