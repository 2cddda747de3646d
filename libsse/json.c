/*
 * json.c - text as the inside of a JSON string (RFC 8259, section 7).
 *
 * SPDX-License-Identifier: MIT
 */
#include "json.h"
#include "utf8.h"

#include <sse/writer.h>

#include <string.h>

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

#ifdef SSE_NO_SIMD

static size_t plain_words(const char *text, size_t len)
{
    (void)text;
    (void)len;
    return 0;
}

#else

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

/* Bytes, eight at a time, of which none is escaped and all are ASCII.  A high
 * bit of `odd` may be set for a byte behind one that is odd, for no other. */
static size_t plain_words(const char *text, size_t len)
{
    size_t at = 0;
    while (len - at >= 8) {
        uint64_t word;
        memcpy(&word, text + at, sizeof word);
        const uint64_t quote = word ^ (ONES * '"');
        const uint64_t backslash = word ^ (ONES * '\\');
        const uint64_t odd = word | (word - ONES * 0x20) | (quote - ONES) |
                             (backslash - ONES);
        if ((odd & HIGHS) != 0) {
            break;
        }
        at += 8;
    }
    return at;
}

#endif

void sse_priv_json_put(sse_priv_sink *sink, const char *text, size_t len)
{
    size_t plain = 0; /* start of what can be copied as it is */
    size_t at = 0;
    while (at < len) {
        const unsigned char c = (unsigned char)text[at];
        size_t bad = 0;
        if (c >= 0x80) {
            const sse_priv_sequence seq = sse_priv_utf8(text + at, len - at);
            if (seq.good) {
                at += seq.len;
                continue;
            }
            bad = seq.len;
        } else if (c >= 0x20 && c != '"' && c != '\\') {
            at++;
            at += plain_words(text + at, len - at);
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
    sse_priv_sink sink = {NULL, 0, 0, 0};
    if (len == 0) {
        return SSE_OK;
    }
    /* A byte becomes up to 6: with room for so many nothing is measured. */
    if (len > cap / 6) {
        sse_priv_json_put(&sink, text, len);
    }
    const sse_status status = sse_priv_sink_open(&sink, dst, cap);
    if (status != SSE_OK) {
        return status;
    }
    sse_priv_json_put(&sink, text, len);
    *written = sink.len;
    return SSE_OK;
}
