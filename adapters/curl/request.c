/*
 * request.c - the options of an easy handle, and its way into the CURLM.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

#include <stdio.h>
#include <string.h>

/* As good as none; libcurl takes 0 for five minutes. */
#define NO_CONNECT_LIMIT_MS 2000000000L

#define SET(option, value)                                                     \
    do {                                                                       \
        if (code == CURLE_OK) {                                                \
            code = curl_easy_setopt(easy, option, value);                      \
        }                                                                      \
    } while (0)

/* What must not reach another origin.  libcurl guards its own redirects
 * alike, but these are not its own. */
static void strip_credentials(CURL *easy)
{
    const char *const none = NULL;
    (void)curl_easy_setopt(easy, CURLOPT_USERNAME, none);
    (void)curl_easy_setopt(easy, CURLOPT_PASSWORD, none);
    (void)curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, none);
    (void)curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, none);
    (void)curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    (void)curl_easy_setopt(easy, CURLOPT_COOKIE, none);
    (void)curl_easy_setopt(easy, CURLOPT_REFERER, none);
    (void)curl_easy_setopt(easy, CURLOPT_SSLCERT, none);
    (void)curl_easy_setopt(easy, CURLOPT_SSLKEY, none);
    (void)curl_easy_setopt(easy, CURLOPT_KEYPASSWD, none);
    (void)curl_easy_setopt(easy, CURLOPT_TLSAUTH_USERNAME, none);
    (void)curl_easy_setopt(easy, CURLOPT_TLSAUTH_PASSWORD, none);
#if LIBCURL_VERSION_NUM >= 0x074700
    (void)curl_easy_setopt(easy, CURLOPT_SSLCERT_BLOB,
                           (struct curl_blob *)NULL);
    (void)curl_easy_setopt(easy, CURLOPT_SSLKEY_BLOB,
                           (struct curl_blob *)NULL);
#endif
#if LIBCURL_VERSION_NUM >= 0x074b00
    (void)curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, none);
#endif
}

static CURL *handle_for(sse_curl *stream, const sse_priv_place *place)
{
    if (!place->away) {
        return stream->easy;
    }
    if (stream->away == NULL) {
        stream->away = curl_easy_duphandle(stream->easy);
        if (stream->away != NULL) {
            strip_credentials(stream->away);
        }
    }
    return stream->away;
}

static CURLcode set_method(const sse_curl *stream, CURL *easy,
                           const sse_priv_place *place)
{
    const char *const none = NULL;
    const char *method = place->get ? "GET" : stream->method;
    const char *body = place->get || place->away ? NULL : stream->body;
    const size_t len = body != NULL ? stream->config.body_len : 0;
    const int is_post = strcmp(method, "POST") == 0;
    const int is_head = strcmp(method, "HEAD") == 0;
    const int is_get = strcmp(method, "GET") == 0;
    CURLcode code = CURLE_OK;
    SET(CURLOPT_UPLOAD, 0L);
    SET(CURLOPT_NOBODY, 0L);
    SET(CURLOPT_CUSTOMREQUEST, none);
    SET(CURLOPT_POSTFIELDS, none);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)-1);
    SET(CURLOPT_HTTPGET, 1L);
    if (is_post || body != NULL) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
        SET(CURLOPT_POSTFIELDS, body != NULL ? body : "");
    } else if (is_head) {
        SET(CURLOPT_NOBODY, 1L);
    }
    if (!is_post && !is_head && (!is_get || body != NULL)) {
        SET(CURLOPT_CUSTOMREQUEST, method);
    }
    return code;
}

static CURLcode set_limits(const sse_curl *stream, CURL *easy)
{
    const uint32_t limit_ms = stream->config.connect_timeout_ms;
    CURLcode code = CURLE_OK;
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_CONNECTTIMEOUT_MS,
        limit_ms == 0 || limit_ms > (uint32_t)NO_CONNECT_LIMIT_MS
            ? NO_CONNECT_LIMIT_MS
            : (long)limit_ms);
    SET(CURLOPT_TIMEOUT_MS, 0L);
    SET(CURLOPT_LOW_SPEED_LIMIT, 0L);
    SET(CURLOPT_LOW_SPEED_TIME, 0L);
    return code;
}

static CURLcode set_transfer(sse_curl *stream, CURL *easy,
                             struct curl_slist *lines,
                             const sse_priv_place *place)
{
    CURLcode code = CURLE_OK;
    SET(CURLOPT_URL, place->url);
    SET(CURLOPT_HTTPHEADER, lines);
    SET(CURLOPT_ACCEPT_ENCODING, stream->accept_encoding);
    SET(CURLOPT_HTTP_TRANSFER_DECODING, 1L);
    SET(CURLOPT_HTTP_CONTENT_DECODING, 1L);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_FAILONERROR, 0L);
    SET(CURLOPT_HEADER, 0L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_WRITEFUNCTION, sse_priv_curl_on_body);
    SET(CURLOPT_WRITEDATA, (void *)stream);
    SET(CURLOPT_HEADERFUNCTION, sse_priv_curl_on_head);
    SET(CURLOPT_HEADERDATA, (void *)stream);
    SET(CURLOPT_ERRORBUFFER, stream->curl_error);
    return code;
}

static sse_status fail(sse_curl *stream, const char *text)
{
    (void)snprintf(stream->text, sizeof(stream->text), "%s", text);
    return SSE_ERR_TRANSPORT;
}

sse_status sse_priv_curl_send(sse_curl *stream)
{
    const sse_priv_place *place = sse_priv_route_place(&stream->route);
    CURL *easy = handle_for(stream, place);
    struct curl_slist *lines = sse_priv_curl_lines(stream);
    if (easy == NULL || lines == NULL) {
        curl_slist_free_all(lines);
        (void)fail(stream, "out of memory");
        return SSE_ERR_NO_MEMORY;
    }
    stream->curl_error[0] = '\0';
    stream->head.len = 0;
    stream->head_complete = 0;
    stream->http_status = 0;
    stream->discarded = 0;
    stream->skip = 0;
    CURLcode code = set_transfer(stream, easy, lines, place);
    /* The old lines are in use until here. */
    curl_slist_free_all(stream->lines);
    stream->lines = lines;
    if (code == CURLE_OK) {
        code = set_method(stream, easy, place);
    }
    if (code == CURLE_OK) {
        code = set_limits(stream, easy);
    }
    if (code != CURLE_OK) {
        return fail(stream, curl_easy_strerror(code));
    }
    const CURLMcode added = curl_multi_add_handle(stream->group->multi, easy);
    if (added != CURLM_OK) {
        return fail(stream, curl_multi_strerror(added));
    }
    stream->active = easy;
    stream->mode = SSE_PRIV_HEAD;
    sse_priv_group_active(stream, easy);
    return SSE_OK;
}

void sse_priv_curl_drop(sse_curl *stream)
{
    if (stream->active != NULL) {
        (void)curl_multi_remove_handle(stream->group->multi, stream->active);
        stream->active = NULL;
        sse_priv_group_active(stream, NULL);
    }
    stream->mode = SSE_PRIV_IDLE;
    stream->paused = 0;
}

void sse_priv_curl_release(sse_curl *stream)
{
    const char *const none = NULL;
    CURL *easy = stream->easy;
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER,
                           (struct curl_slist *)NULL);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, none);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)-1);
    (void)curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION,
                           (curl_write_callback)NULL);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, (void *)stdout);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION,
                           (curl_write_callback)NULL);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, (void *)NULL);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, (char *)NULL);
}
