/*
 * url.c - http and https URLs: references resolved, origins compared.
 *
 * SPDX-License-Identifier: MIT
 */
#include "url.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "url_parts.h"

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
static char *put_together(const sse_priv_url_parts *parts, sse_priv_span folder)
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
        *at++ = sse_priv_folded(parts->host.at[i]);
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
static int resolve(sse_priv_span ref, sse_priv_url_parts *to,
                   sse_priv_span *folder)
{
    if (sse_priv_url_scheme(ref) != 0) {
        return sse_priv_url_take_apart(ref, to);
    }
    sse_priv_span rest = sse_priv_span_until(ref, "#");
    if (rest.len >= 2 && memcmp(rest.at, "//", 2) == 0) {
        const sse_priv_span slashes = {rest.at, 2};
        rest = sse_priv_span_behind(rest, slashes);
        const sse_priv_span authority = sse_priv_span_until(rest, "/?");
        if (!sse_priv_url_authority(authority, to)) {
            return 0;
        }
        rest = sse_priv_span_behind(rest, authority);
        to->path = sse_priv_span_until(rest, "?");
        to->query = sse_priv_span_behind(rest, to->path);
        return 1;
    }
    const sse_priv_span path = sse_priv_span_until(rest, "?");
    if (rest.len > 0) {
        to->query = sse_priv_span_behind(rest, path);
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

static int take_text(const char *url, sse_priv_url_parts *parts)
{
    const sse_priv_span text = {url, strlen(url)};
    return sse_priv_url_take_apart(text, parts);
}

sse_status sse_priv_url_copy(const char *url, char **copy)
{
    const sse_priv_span no_folder = {"", 0};
    sse_priv_url_parts parts;
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
    const sse_priv_span wanted = {text, strlen(text)};
    sse_priv_span folder = {"", 0};
    sse_priv_url_parts from, to;
    sse_status status = SSE_ERR_PROTOCOL;
    if (take_text(base, &from)) {
        to = from;
        if (resolve(wanted, &to, &folder)) {
            /* A server's word on the caller's credentials does not count. */
            to.user = from.user;
            if (!sse_priv_url_share_origin(&from, &to)) {
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
    sse_priv_url_parts one, other;
    return take_text(a, &one) && take_text(b, &other) &&
           sse_priv_url_share_origin(&one, &other);
}

int sse_priv_url_split(const char *url, sse_priv_url_view *view)
{
    sse_priv_url_parts parts;
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
