/*
 * url.c - http and https URLs: references resolved, origins compared.
 *
 * SPDX-License-Identifier: MIT
 *
 * A URL is taken apart by one routine and put together again from its parts,
 * so that a transport reads the same host out of it as the comparison of
 * origins here.
 */
#include "url.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct span {
    const char *at;
    size_t len;
} span;

typedef struct url_parts {
    span scheme, user, host, path, query; /* user with its @, query with its ?;
                                             path is empty or begins with / */
    uint32_t port;
    int is_https;
} url_parts;

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int is_same(span a, span b)
{
    if (a.len != b.len) {
        return 0;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (folded(a.at[i]) != folded(b.at[i])) {
            return 0;
        }
    }
    return 1;
}

static int is_word(span a, const char *word)
{
    const span b = {word, strlen(word)};
    return is_same(a, b);
}

static span until(span text, const char *stops)
{
    span head = {text.at, 0};
    while (head.len < text.len &&
           strchr(stops, text.at[head.len]) == NULL) {
        head.len++;
    }
    return head;
}

static span behind(span text, span head)
{
    const span rest = {text.at + head.len, text.len - head.len};
    return rest;
}

/* Length of a scheme with its colon in front of a reference; 0 if none. */
static size_t scheme_len(span text)
{
    size_t len = 0;
    while (len < text.len) {
        const char c = folded(text.at[len]);
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
static int is_host(span host)
{
    const size_t edge = host.len > 2 && host.at[0] == '[' &&
                                host.at[host.len - 1] == ']' ? 1 : 0;
    const char *const marks = edge != 0 ? ".-_~%:" : ".-_~%";
    for (size_t i = edge; i < host.len - edge; i++) {
        const char c = folded(host.at[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              (c != '\0' && strchr(marks, c) != NULL))) {
            return 0;
        }
    }
    return host.len > 0;
}

/* Splits `host[:port]`; an IPv6 address keeps its brackets. */
static int take_host(span authority, url_parts *parts)
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

static int take_authority(span text, url_parts *parts)
{
    size_t at = text.len;
    while (at > 0 && text.at[at - 1] != '@') {
        at--;
    }
    parts->user.at = text.at;
    parts->user.len = at;
    return take_host(behind(text, parts->user), parts);
}

/* An absolute http or https URL; a fragment is left out. */
static int take_apart(span text, url_parts *parts)
{
    const size_t scheme = scheme_len(text);
    if (scheme == 0 || text.len < scheme + 2 ||
        memcmp(text.at + scheme, "//", 2) != 0) {
        return 0;
    }
    parts->scheme.at = text.at;
    parts->scheme.len = scheme - 1;
    parts->is_https = is_word(parts->scheme, "https");
    if (!parts->is_https && !is_word(parts->scheme, "http")) {
        return 0;
    }
    const span rest = {text.at + scheme + 2, text.len - scheme - 2};
    const span authority = until(rest, "/?#");
    if (!take_authority(authority, parts)) {
        return 0;
    }
    const span tail = until(behind(rest, authority), "#");
    parts->path = until(tail, "?");
    parts->query = behind(tail, parts->path);
    return 1;
}

static int is_same_origin(const url_parts *a, const url_parts *b)
{
    return a->is_https == b->is_https && a->port == b->port &&
           is_same(a->host, b->host);
}

static char *put(char *dst, const char *text, size_t len)
{
    memcpy(dst, text, len);
    return dst + len;
}

static char *put_number(char *dst, uint32_t number)
{
    uint32_t unit = 1;
    while (number / unit >= 10) {
        unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
        *dst++ = (char)('0' + number / unit % 10);
    }
    return dst;
}

/* RFC 3986, section 5.2.4: takes `.` and `..` out of an absolute path. */
static size_t without_dots(char *path, size_t len)
{
    size_t out = 0;
    size_t at = 0;
    while (at < len) {
        size_t end = at + 1;
        while (end < len && path[end] != '/') {
            end++;
        }
        const size_t segment = end - at - 1;
        const int up = segment == 2 && memcmp(path + at, "/..", 3) == 0;
        if (up || (segment == 1 && path[at + 1] == '.')) {
            while (up && out > 0 && path[--out] != '/') {
            }
            if (end == len) {
                path[out++] = '/';
            }
        } else {
            memmove(path + out, path + at, end - at);
            out += end - at;
        }
        at = end;
    }
    return out;
}

/* One URL of the parts, with `folder` before a relative path. */
static char *put_together(const url_parts *parts, span folder)
{
    const size_t most = parts->scheme.len + parts->user.len +
                        parts->host.len + folder.len + parts->path.len +
                        parts->query.len + sizeof("://:65535/");
    char *url = (char *)malloc(most);
    if (url == NULL) {
        return NULL;
    }
    char *at = put(url, parts->is_https ? "https" : "http",
                   parts->is_https ? 5 : 4);
    at = put(at, "://", 3);
    at = put(at, parts->user.at, parts->user.len);
    for (size_t i = 0; i < parts->host.len; i++) {
        *at++ = folded(parts->host.at[i]);
    }
    if (parts->port != (parts->is_https ? 443u : 80u)) {
        *at++ = ':';
        at = put_number(at, parts->port);
    }
    char *const path = at;
    at = put(at, folder.at, folder.len);
    at = put(at, parts->path.at, parts->path.len);
    at = path + without_dots(path, (size_t)(at - path));
    if (at == path) {
        *at++ = '/';
    }
    at = put(at, parts->query.at, parts->query.len);
    *at = '\0';
    return url;
}

/* RFC 3986, section 5.2.2: what a reference means as seen from `to`, which it
 * changes; `folder` is what comes before a relative path. */
static int resolve(span ref, url_parts *to, span *folder)
{
    if (scheme_len(ref) != 0) {
        return take_apart(ref, to);
    }
    span rest = until(ref, "#");
    if (rest.len >= 2 && memcmp(rest.at, "//", 2) == 0) {
        const span slashes = {rest.at, 2};
        rest = behind(rest, slashes);
        const span authority = until(rest, "/?");
        if (!take_authority(authority, to)) {
            return 0;
        }
        rest = behind(rest, authority);
        to->path = until(rest, "?");
        to->query = behind(rest, to->path);
        return 1;
    }
    const span path = until(rest, "?");
    if (rest.len > 0) {
        to->query = behind(rest, path);
    }
    if (path.len == 0) {
        return 1;
    }
    if (path.at[0] != '/') {
        *folder = to->path;
        while (folder->len > 0 && folder->at[folder->len - 1] != '/') {
            folder->len--;
        }
        if (folder->len == 0) {
            folder->at = "/";
            folder->len = 1;
        }
    }
    to->path = path;
    return 1;
}

/* A header value as a reference: white space around it goes, bytes that no
 * URL may hold are percent-encoded. */
static char *cleaned(const char *value, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";
    while (len > 0 && (*value == ' ' || *value == '\t')) {
        value++;
        len--;
    }
    while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t')) {
        len--;
    }
    char *text = (char *)malloc(3 * len + 1);
    if (text == NULL) {
        return NULL;
    }
    char *at = text;
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)value[i];
        if (c <= 0x20 || c >= 0x7f) {
            *at++ = '%';
            *at++ = digits[c >> 4];
            *at++ = digits[c & 15];
        } else {
            *at++ = (char)c;
        }
    }
    *at = '\0';
    return text;
}

static int take_text(const char *url, url_parts *parts)
{
    const span text = {url, strlen(url)};
    return take_apart(text, parts);
}

sse_status sse_priv_url_copy(const char *url, char **copy)
{
    const span no_folder = {"", 0};
    url_parts parts;
    *copy = NULL;
    if (!take_text(url, &parts)) {
        return SSE_ERR_INVALID;
    }
    *copy = put_together(&parts, no_folder);
    return *copy != NULL ? SSE_OK : SSE_ERR_NO_MEMORY;
}

sse_status sse_priv_url_join(const char *base, const char *ref, size_t len,
                             char **url)
{
    *url = NULL;
    char *text = cleaned(ref, len);
    if (text == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    const span wanted = {text, strlen(text)};
    span folder = {"", 0};
    url_parts from, to;
    sse_status status = SSE_ERR_PROTOCOL;
    if (take_text(base, &from)) {
        to = from;
        if (resolve(wanted, &to, &folder)) {
            /* A server's word on the caller's credentials does not count. */
            to.user = from.user;
            if (!is_same_origin(&from, &to)) {
                to.user.len = 0;
            }
            *url = put_together(&to, folder);
            status = *url != NULL ? SSE_OK : SSE_ERR_NO_MEMORY;
        }
    }
    free(text);
    return status;
}

int sse_priv_url_is_same_origin(const char *a, const char *b)
{
    url_parts one, other;
    return take_text(a, &one) && take_text(b, &other) &&
           is_same_origin(&one, &other);
}

int sse_priv_url_split(const char *url, sse_priv_url_view *view)
{
    url_parts parts;
    if (!take_text(url, &parts)) {
        return 0;
    }
    view->user = parts.user.at;
    view->user_len = parts.user.len > 0 ? parts.user.len - 1 : 0;
    view->host = parts.host.at;
    view->host_len = parts.host.len;
    view->target = parts.path.at;
    view->target_len = parts.path.len + parts.query.len;
    view->port = parts.port;
    view->is_https = parts.is_https;
    return 1;
}
