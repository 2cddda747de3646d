/*
 * response.c - the head of an HTTP response, line by line.
 *
 * SPDX-License-Identifier: MIT
 *
 * RFC 9112, "Status Line", "Field Syntax" and "Message Body Length", without
 * what these allow a lenient recipient: no bare CR or LF, no folded lines, no
 * white space before the colon, one length and no second one.
 */
#include "response.h"

#include <stdlib.h>
#include <string.h>

#include "../ascii.h"
#include "chars.h"

static const char version[] = "HTTP/1.";
#define VERSION_LEN (sizeof version - 1)
/* "HTTP/1.1 200" */
#define STATUS_AT (VERSION_LEN + 2)
#define STATUS_END (STATUS_AT + 3)

#define FIRST_CAP 512u

void sse_priv_response_init(sse_priv_response *response, size_t max)
{
    memset(response, 0, sizeof *response);
    response->max = max;
}

void sse_priv_response_reset(sse_priv_response *response)
{
    response->len = 0;
    response->line = 0;
    response->content_length = 0;
    response->why = NULL;
    response->status = 0;
    response->flags = 0;
}

void sse_priv_response_free(sse_priv_response *response)
{
    free(response->at);
    response->at = NULL;
    response->cap = 0;
    sse_priv_response_reset(response);
}

static sse_status refuse(sse_priv_response *response, const char *why)
{
    response->why = why;
    return SSE_ERR_PROTOCOL;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* As much of the first line as is there. */
static int begins_well(const sse_priv_response *response)
{
    const size_t len =
        response->len < VERSION_LEN ? response->len : VERSION_LEN;
    return len == 0 || memcmp(response->at, version, len) == 0;
}

static sse_status check_status_line(sse_priv_response *response,
                                    const char *line, size_t len)
{
    if (len < STATUS_END || !is_digit(line[VERSION_LEN]) ||
        line[VERSION_LEN + 1] != ' ' ||
        (len > STATUS_END && line[STATUS_END] != ' ')) {
        return refuse(response, "no HTTP status line");
    }
    int status = 0;
    for (size_t i = STATUS_AT; i < STATUS_END; i++) {
        if (!is_digit(line[i])) {
            return refuse(response, "no HTTP status line");
        }
        status = status * 10 + (line[i] - '0');
    }
    if (status < 100 || status > 599) {
        return refuse(response, "a status that HTTP does not have");
    }
    response->status = status;
    response->flags |=
        line[VERSION_LEN] == '0' ? SSE_PRIV_RESPONSE_HTTP10 : 0;
    return SSE_OK;
}

static sse_status take_length(sse_priv_response *response, const char *value,
                              size_t len)
{
    if ((response->flags & SSE_PRIV_RESPONSE_LENGTH) != 0) {
        return refuse(response, "two lengths");
    }
    uint64_t length = 0;
    for (size_t i = 0; i < len; i++) {
        const uint64_t digit = (uint64_t)(unsigned char)value[i] - '0';
        if (!is_digit(value[i]) || length > (UINT64_MAX - digit) / 10) {
            return refuse(response, "a Content-Length that is no number");
        }
        length = length * 10 + digit;
    }
    if (len == 0) {
        return refuse(response, "a Content-Length that is no number");
    }
    response->content_length = length;
    response->flags |= SSE_PRIV_RESPONSE_LENGTH;
    return SSE_OK;
}

/* A comma-separated list that names "close" among other things. */
static void take_connection(sse_priv_response *response, const char *value,
                            size_t len)
{
    size_t at = 0;
    while (at < len) {
        size_t end = at;
        while (end < len && value[end] != ',' && !is_blank(value[end])) {
            end++;
        }
        if (sse_priv_is_word(value + at, end - at, "close")) {
            response->flags |= SSE_PRIV_RESPONSE_CLOSE;
        }
        at = end + 1;
    }
}

static sse_status take_coding(sse_priv_response *response, const char *value,
                              size_t len)
{
    if ((response->flags & SSE_PRIV_RESPONSE_CHUNKED) != 0 ||
        !sse_priv_is_word(value, len, "chunked")) {
        return refuse(response, "a transfer coding other than chunked");
    }
    if ((response->flags & SSE_PRIV_RESPONSE_HTTP10) != 0) {
        return refuse(response, "a transfer coding in HTTP/1.0");
    }
    response->flags |= SSE_PRIV_RESPONSE_CHUNKED;
    return SSE_OK;
}

static sse_status take_field(sse_priv_response *response, const char *line,
                             size_t name_len, size_t len)
{
    size_t from = name_len + 1;
    size_t to = len;
    while (from < to && is_blank(line[from])) {
        from++;
    }
    while (to > from && is_blank(line[to - 1])) {
        to--;
    }
    const char *const value = line + from;
    if (sse_priv_is_word(line, name_len, "Content-Length")) {
        return take_length(response, value, to - from);
    }
    if (sse_priv_is_word(line, name_len, "Transfer-Encoding")) {
        return take_coding(response, value, to - from);
    }
    if (sse_priv_is_word(line, name_len, "Connection")) {
        take_connection(response, value, to - from);
    }
    return SSE_OK;
}

static sse_status check_field(sse_priv_response *response, const char *line,
                              size_t len)
{
    size_t name_len = 0;
    if (is_blank(*line)) {
        return refuse(response, "a folded header line");
    }
    while (name_len < len &&
           sse_priv_is_token_char((unsigned char)line[name_len])) {
        name_len++;
    }
    if (name_len == 0 || name_len == len || line[name_len] != ':') {
        return refuse(response, "a header line without a name");
    }
    return take_field(response, line, name_len, len);
}

/* A length beside a transfer coding is how responses are smuggled. */
static sse_status check_end(sse_priv_response *response)
{
    const uint32_t both = SSE_PRIV_RESPONSE_LENGTH | SSE_PRIV_RESPONSE_CHUNKED;
    if (response->status == 0) {
        return refuse(response, "no HTTP status line");
    }
    return (response->flags & both) == both
               ? refuse(response, "a length beside a transfer coding")
               : SSE_OK;
}

/* The line that has just been ended by an LF. */
static sse_status check_line(sse_priv_response *response)
{
    const char *const line = response->at + response->line;
    size_t len = response->len - response->line - 1;
    if (len == 0 || line[len - 1] != '\r') {
        return refuse(response, "a line that ends without CR");
    }
    len--;
    for (size_t i = 0; i < len; i++) {
        if (!sse_priv_is_value_char((unsigned char)line[i])) {
            return refuse(response, "a control character in the head");
        }
    }
    response->line = response->len;
    if (len == 0) {
        return check_end(response);
    }
    const sse_status status = response->status == 0
                                  ? check_status_line(response, line, len)
                                  : check_field(response, line, len);
    return status == SSE_OK ? SSE_INCOMPLETE : status;
}

static sse_status append(sse_priv_response *response, const char *bytes,
                         size_t len)
{
    if (response->cap - response->len <= len) {
        size_t cap = response->cap < FIRST_CAP ? FIRST_CAP : response->cap * 2;
        cap = cap <= response->len + len ? response->len + len + 1 : cap;
        char *const at = (char *)realloc(response->at, cap);
        if (at == NULL) {
            return SSE_ERR_NO_MEMORY;
        }
        response->at = at;
        response->cap = cap;
    }
    memcpy(response->at + response->len, bytes, len);
    response->len += len;
    response->at[response->len] = '\0';
    return SSE_OK;
}

sse_status sse_priv_response_feed(sse_priv_response *response,
                                  const char *bytes, size_t len,
                                  size_t *consumed)
{
    size_t at = 0;
    sse_status status = SSE_INCOMPLETE;
    while (status == SSE_INCOMPLETE && at < len) {
        const char *const lf = (const char *)memchr(bytes + at, '\n',
                                                    len - at);
        size_t n = lf != NULL ? (size_t)(lf - bytes) + 1 - at : len - at;
        const size_t room = response->max - response->len;
        const int fits = n <= room;
        n = fits ? n : room;
        const sse_status added = append(response, bytes + at, n);
        at += n;
        if (added != SSE_OK) {
            status = added;
        } else if (response->status == 0 && !begins_well(response)) {
            status = refuse(response, "the answer is no HTTP");
        } else if (!fits) {
            status = SSE_ERR_LIMIT;
        } else if (lf != NULL) {
            status = check_line(response);
        }
    }
    *consumed = at;
    return status;
}

sse_priv_framing sse_priv_response_framing(const sse_priv_response *response,
                                           int is_head)
{
    const int status = response->status;
    if (is_head || status / 100 == 1 || status == 204 || status == 304) {
        return SSE_PRIV_FRAMING_NONE;
    }
    if ((response->flags & SSE_PRIV_RESPONSE_CHUNKED) != 0) {
        return SSE_PRIV_FRAMING_CHUNKED;
    }
    return (response->flags & SSE_PRIV_RESPONSE_LENGTH) != 0
               ? SSE_PRIV_FRAMING_LENGTH
               : SSE_PRIV_FRAMING_CLOSE;
}

int sse_priv_response_is_kept(const sse_priv_response *response,
                              sse_priv_framing framing)
{
    return framing != SSE_PRIV_FRAMING_CLOSE && response->status != 101 &&
           (response->flags & (SSE_PRIV_RESPONSE_HTTP10 |
                               SSE_PRIV_RESPONSE_CLOSE)) == 0;
}
