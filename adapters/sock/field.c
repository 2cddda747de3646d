/*
 * field.c - what the fields of a request head mean for its framing.
 *
 * SPDX-License-Identifier: MIT
 *
 * RFC 9112, "Message Body Length": wherever two recipients could come to two
 * lengths, the request is refused.
 */
#include "head.h"

#include <string.h>

#include "../ascii.h"

int sse_priv_same_text(const char *a, const char *b)
{
    while (*a != '\0' && sse_priv_folded(*a) == sse_priv_folded(*b)) {
        a++;
        b++;
    }
    return sse_priv_folded(*a) == sse_priv_folded(*b);
}

int sse_priv_is_authority(const char *text, size_t len)
{
    /* The characters of a reg-name, an IP literal and a port (RFC 3986,
     * "Host"); no user information, no path. */
    static const char others[] = "-._~%!$&'()*+,;=:[]";
    for (size_t i = 0; i < len; i++) {
        const unsigned char byte = (unsigned char)sse_priv_folded(text[i]);
        const int plain =
            (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        if (!plain && (byte == 0 || strchr(others, byte) == NULL)) {
            return 0;
        }
    }
    return 1;
}

static int check_length(sse_priv_head *head, const char *value)
{
    if ((head->flags & (SSE_PRIV_HEAD_LENGTH | SSE_PRIV_HEAD_CHUNKED)) != 0 ||
        *value == '\0') {
        return 400;
    }
    uint64_t length = 0;
    for (; *value != '\0'; value++) {
        if (*value < '0' || *value > '9') {
            return 400;
        }
        const uint64_t digit = (uint64_t)(*value - '0');
        length = length > (UINT64_MAX - digit) / 10 ? UINT64_MAX
                                                    : length * 10 + digit;
    }
    head->content_length = length;
    head->flags |= SSE_PRIV_HEAD_LENGTH;
    return 0;
}

static int check_coding(sse_priv_head *head, const char *value)
{
    /* RFC 9112, "Transfer-Encoding": HTTP/1.0 knows none, and one that is
     * not understood is answered 501.  Only "chunked" is understood. */
    if ((head->flags & (SSE_PRIV_HEAD_HTTP10 | SSE_PRIV_HEAD_LENGTH |
                        SSE_PRIV_HEAD_CHUNKED)) != 0) {
        return 400;
    }
    if (!sse_priv_same_text(value, "chunked")) {
        return 501;
    }
    head->flags |= SSE_PRIV_HEAD_CHUNKED;
    return 0;
}

static int check_host(sse_priv_head *head, const char *value)
{
    if ((head->flags & SSE_PRIV_HEAD_HOST) != 0 ||
        !sse_priv_is_authority(value, strlen(value))) {
        return 400;
    }
    head->flags |= SSE_PRIV_HEAD_HOST;
    return 0;
}

/* A comma-separated list that names "close" among other things. */
static void check_connection(sse_priv_head *head, const char *value)
{
    while (*value != '\0') {
        const size_t len = strcspn(value, ", \t");
        if (sse_priv_is_word(value, len, "close")) {
            head->flags |= SSE_PRIV_HEAD_CLOSE;
        }
        value += len;
        value += strspn(value, ", \t");
    }
}

static int check_expect(sse_priv_head *head, const char *value)
{
    /* RFC 9110, "Expect": what is not understood is answered 417; HTTP/1.0
     * does not have it. */
    if ((head->flags & SSE_PRIV_HEAD_HTTP10) != 0) {
        return 0;
    }
    if (!sse_priv_same_text(value, "100-continue")) {
        return 417;
    }
    head->flags |= SSE_PRIV_HEAD_CONTINUE;
    return 0;
}

int sse_priv_head_check_field(sse_priv_head *head)
{
    const char *const name = head->store + head->name;
    const char *const value = head->store + head->value;
    switch (sse_priv_folded(*name)) {
    case 'c':
        if (sse_priv_same_text(name, "content-length")) {
            return check_length(head, value);
        }
        if (sse_priv_same_text(name, "connection")) {
            check_connection(head, value);
        }
        return 0;
    case 'e':
        return sse_priv_same_text(name, "expect") ? check_expect(head, value)
                                                  : 0;
    case 'h':
        return sse_priv_same_text(name, "host") ? check_host(head, value) : 0;
    case 't':
        return sse_priv_same_text(name, "transfer-encoding")
                   ? check_coding(head, value)
                   : 0;
    default:
        return 0;
    }
}

int sse_priv_head_check_end(const sse_priv_head *head)
{
    const uint32_t either = SSE_PRIV_HEAD_HTTP10 | SSE_PRIV_HEAD_HOST;
    return (head->flags & either) != 0 ? 0 : 400;
}

const char *sse_priv_head_field(const sse_priv_head *head, const char *name)
{
    size_t at = head->fields;
    for (uint32_t i = 0; i < head->count; i++) {
        const char *const found = head->store + at;
        const char *const value = found + strlen(found) + 1;
        if (sse_priv_same_text(found, name)) {
            return value;
        }
        at = (size_t)(value - head->store) + strlen(value) + 1;
    }
    return NULL;
}
