/*
 * json_lex.c - strings and numbers of RFC 8259, and well-formed UTF-8.
 *
 * SPDX-License-Identifier: MIT
 */
#include "json_lex.h"

#include <sse/json.h>

uint32_t sse_priv_json_hex(char c)
{
    if (c >= '0' && c <= '9') {
        return (uint32_t)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (uint32_t)(c - 'a') + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return (uint32_t)(c - 'A') + 10;
    }
    return 16;
}

/* Reads one escape, from its backslash; RFC 8259, section 7. */
static int escape(const char *text, size_t len, size_t *at)
{
    ++*at;
    if (*at == len) {
        return 0;
    }
    switch (text[*at]) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
        ++*at;
        return 1;
    case 'u':
        ++*at;
        for (int i = 0; i < 4; i++) {
            if (*at == len || sse_priv_json_hex(text[*at]) > 15) {
                return 0;
            }
            ++*at;
        }
        return 1;
    default:
        return 0;
    }
}

/* Bytes that follow a lead byte, and the range of the first of them: the rows
 * of the Unicode Standard's table of well-formed UTF-8 byte sequences. */
static int tail_of(unsigned char lead, unsigned char *low, unsigned char *high)
{
    *low = 0x80;
    *high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 1;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        *low = lead == 0xE0 ? 0xA0 : 0x80;
        *high = lead == 0xED ? 0x9F : 0xBF;
        return 2;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        *low = lead == 0xF0 ? 0x90 : 0x80;
        *high = lead == 0xF4 ? 0x8F : 0xBF;
        return 3;
    }
    return 0;
}

/* Reads one character beyond ASCII. */
static int character(const char *text, size_t len, size_t *at)
{
    unsigned char low = 0;
    unsigned char high = 0;
    const int tail = tail_of((unsigned char)text[*at], &low, &high);
    if (tail == 0) {
        return 0;
    }
    ++*at;
    for (int i = 0; i < tail; i++) {
        if (*at == len) {
            return 0;
        }
        const unsigned char byte = (unsigned char)text[*at];
        if (byte < low || byte > high) {
            return 0;
        }
        low = 0x80;
        high = 0xBF;
        ++*at;
    }
    return 1;
}

int sse_priv_json_string(const char *text, size_t len, size_t *at,
                         uint32_t *flags)
{
    while (*at < len) {
        const unsigned char byte = (unsigned char)text[*at];
        if (byte == '"') {
            return 1;
        }
        if (byte == '\\') {
            *flags |= SSE_JSON_ESCAPED;
            if (!escape(text, len, at)) {
                return 0;
            }
        } else if (byte < 0x20) {
            return 0;
        } else if (byte < 0x80) {
            ++*at;
        } else if (!character(text, len, at)) {
            return 0;
        }
    }
    return 0;
}

static int digit_at(const char *text, size_t len, size_t at)
{
    return at < len && text[at] >= '0' && text[at] <= '9';
}

/* Reads one digit or more. */
static int digits(const char *text, size_t len, size_t *at)
{
    if (!digit_at(text, len, *at)) {
        return 0;
    }
    while (digit_at(text, len, *at)) {
        ++*at;
    }
    return 1;
}

int sse_priv_json_number(const char *text, size_t len, size_t *at)
{
    if (text[*at] == '-') {
        ++*at;
    }
    if (*at < len && text[*at] == '0') {
        ++*at; /* a leading zero stands alone */
    } else if (!digits(text, len, at)) {
        return 0;
    }
    if (*at < len && text[*at] == '.') {
        ++*at;
        if (!digits(text, len, at)) {
            return 0;
        }
    }
    if (*at < len && (text[*at] == 'e' || text[*at] == 'E')) {
        ++*at;
        if (*at < len && (text[*at] == '+' || text[*at] == '-')) {
            ++*at;
        }
        if (!digits(text, len, at)) {
            return 0;
        }
    }
    return 1;
}
