/*
 * json.c - text as the inside of a JSON string (RFC 8259, section 7).
 *
 * SPDX-License-Identifier: MIT
 */
#include "json.h"

#include <sse/writer.h>

/* Length of the well-formed UTF-8 sequence at text[0], which is no ASCII; or 0
 * with `bad` set to the length of the maximal subpart to replace (Unicode
 * Standard, "U+FFFD Substitution of Maximal Subparts", table 3-7). */
static size_t utf8_len(const unsigned char *text, size_t len, size_t *bad)
{
    const unsigned char lead = text[0];
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    size_t want = 0;
    *bad = 1;
    if (lead >= 0xC2 && lead <= 0xDF) {
        want = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        want = 3;
        low = lead == 0xE0 ? 0xA0 : low;
        high = lead == 0xED ? 0x9F : high;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        want = 4;
        low = lead == 0xF0 ? 0x90 : low;
        high = lead == 0xF4 ? 0x8F : high;
    }
    for (size_t i = 1; i < want; i++) {
        if (i == len || text[i] < low || text[i] > high) {
            *bad = i;
            return 0;
        }
        low = 0x80;
        high = 0xBF;
    }
    return want;
}

static void put_control(sse_priv_sink *sink, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char text[6] = {'\\', 'u', '0', '0', 0, 0};
    size_t len = 2;
    switch (c) {
    case '\b':
        text[1] = 'b';
        break;
    case '\f':
        text[1] = 'f';
        break;
    case '\n':
        text[1] = 'n';
        break;
    case '\r':
        text[1] = 'r';
        break;
    case '\t':
        text[1] = 't';
        break;
    case '"':
    case '\\':
        text[1] = (char)c;
        break;
    default:
        text[4] = hex[c >> 4];
        text[5] = hex[c & 15];
        len = sizeof text;
        break;
    }
    sse_priv_put(sink, text, len);
}

void sse_priv_json_put(sse_priv_sink *sink, const char *text, size_t len)
{
    const unsigned char *const bytes = (const unsigned char *)text;
    size_t plain = 0; /* start of what can be copied as it is */
    size_t at = 0;
    while (at < len) {
        const unsigned char c = bytes[at];
        size_t bad = 0;
        if (c >= 0x80) {
            const size_t n = utf8_len(bytes + at, len - at, &bad);
            if (n > 0) {
                at += n;
                continue;
            }
        } else if (c >= 0x20 && c != '"' && c != '\\') {
            at++;
            continue;
        }
        sse_priv_put(sink, text + plain, at - plain);
        if (bad > 0) {
            sse_priv_put(sink, "\xEF\xBF\xBD", 3);
            at += bad;
        } else {
            put_control(sink, c);
            at++;
        }
        plain = at;
    }
    if (len > plain) {
        sse_priv_put(sink, text + plain, len - plain);
    }
}

sse_status sse_json_escape(const char *text, size_t len, char *dst,
                           size_t cap, size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (text == NULL && len > 0) {
        return SSE_ERR_INVALID;
    }
    sse_priv_sink sink = {NULL, 0};
    sse_priv_json_put(&sink, text, len);
    const sse_status status = sse_priv_fits(sink.len, cap);
    if (status != SSE_OK || sink.len == 0) {
        return status;
    }
    if (dst == NULL) {
        return SSE_ERR_INVALID;
    }
    sink.dst = dst;
    sink.len = 0;
    sse_priv_json_put(&sink, text, len);
    *written = sink.len;
    return SSE_OK;
}
