/*
 * url_parts.c - an http or https URL taken apart.
 *
 * One routine for all who want a part of it, so that a transport reads the same
 * host out of a URL as the comparison of origins.
 *
 * SPDX-License-Identifier: MIT
 */
#include "url_parts.h"

#include <string.h>

#include "ascii.h"

static int is_same(sse_priv_span a, sse_priv_span b)
{
    if (a.len != b.len) {
        return 0;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (sse_priv_folded(a.at[i]) != sse_priv_folded(b.at[i])) {
            return 0;
        }
    }
    return 1;
}

sse_priv_span sse_priv_span_until(sse_priv_span text, const char *stops)
{
    sse_priv_span head = {text.at, 0};
    while (head.len < text.len &&
           strchr(stops, text.at[head.len]) == NULL) {
        head.len++;
    }
    return head;
}

sse_priv_span sse_priv_span_behind(sse_priv_span text, sse_priv_span head)
{
    const sse_priv_span rest = {text.at + head.len, text.len - head.len};
    return rest;
}

size_t sse_priv_url_scheme(sse_priv_span text)
{
    size_t len = 0;
    while (len < text.len) {
        const char c = sse_priv_folded(text.at[len]);
        if (c == ':') {
            return len > 0 ? len + 1 : 0;
        }
        if (!((c >= 'a' && c <= 'z') ||
              (len > 0 && ((c >= '0' && c <= '9') || c == '+' || c == '-' ||
                           c == '.')))) {
            return 0;
        }
        len++;
    }
    return 0;
}

/* A name, or an address; colons stand in brackets alone. */
static int is_host(sse_priv_span host)
{
    const size_t edge = host.len > 2 && host.at[0] == '[' &&
                                host.at[host.len - 1] == ']' ? 1 : 0;
    const char *const marks = edge != 0 ? ".-_~%:" : ".-_~%";
    for (size_t i = edge; i < host.len - edge; i++) {
        const char c = sse_priv_folded(host.at[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              (c != '\0' && strchr(marks, c) != NULL))) {
            return 0;
        }
    }
    return host.len > 0;
}

/* Splits `host[:port]`; an IPv6 address keeps its brackets. */
static int take_host(sse_priv_span authority, sse_priv_url_parts *parts)
{
    size_t colon = authority.len;
    for (size_t i = authority.len; i-- > 0 && authority.at[i] != ']';) {
        if (authority.at[i] == ':') {
            colon = i;
            break;
        }
    }
    parts->host.at = authority.at;
    parts->host.len = colon;
    uint32_t port = 0;
    for (size_t i = colon + 1; i < authority.len; i++) {
        const char c = authority.at[i];
        if (c < '0' || c > '9') {
            return 0;
        }
        port = port * 10 + (uint32_t)(c - '0');
        if (port > 65535) {
            return 0;
        }
    }
    parts->port = port != 0 ? port : parts->is_https ? 443 : 80;
    return is_host(parts->host);
}

int sse_priv_url_authority(sse_priv_span text, sse_priv_url_parts *parts)
{
    size_t at = text.len;
    while (at > 0 && text.at[at - 1] != '@') {
        at--;
    }
    parts->user.at = text.at;
    parts->user.len = at;
    return take_host(sse_priv_span_behind(text, parts->user), parts);
}

static int is_scheme(const sse_priv_url_parts *parts, const char *name)
{
    return sse_priv_is_word(parts->scheme.at, parts->scheme.len, name);
}

int sse_priv_url_take_apart(sse_priv_span text, sse_priv_url_parts *parts)
{
    const size_t scheme = sse_priv_url_scheme(text);
    if (scheme == 0 || text.len < scheme + 2 ||
        memcmp(text.at + scheme, "//", 2) != 0) {
        return 0;
    }
    parts->scheme.at = text.at;
    parts->scheme.len = scheme - 1;
    parts->is_https = is_scheme(parts, "https");
    if (!parts->is_https && !is_scheme(parts, "http")) {
        return 0;
    }
    const sse_priv_span rest = {text.at + scheme + 2, text.len - scheme - 2};
    const sse_priv_span authority = sse_priv_span_until(rest, "/?#");
    if (!sse_priv_url_authority(authority, parts)) {
        return 0;
    }
    const sse_priv_span tail =
        sse_priv_span_until(sse_priv_span_behind(rest, authority), "#");
    parts->path = sse_priv_span_until(tail, "?");
    parts->query = sse_priv_span_behind(tail, parts->path);
    return 1;
}

int sse_priv_url_share_origin(const sse_priv_url_parts *a,
                              const sse_priv_url_parts *b)
{
    return a->is_https == b->is_https && a->port == b->port &&
           is_same(a->host, b->host);
}
