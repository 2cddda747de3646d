/*
 * json_chars.c - strings of JSON, unescaped piece by piece.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/json.h>

#include "json_lex.h"

#include <string.h>

#define REPLACEMENT 0xFFFDu /* for a surrogate without its other half */

/* Writes one character.  @return its bytes, at most 4. */
static size_t put(uint32_t code, char *dst)
{
    if (code < 0x80) {
        dst[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        dst[0] = (char)(0xC0 | code >> 6);
        dst[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        dst[0] = (char)(0xE0 | code >> 12);
        dst[1] = (char)(0x80 | (code >> 6 & 0x3F));
        dst[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    dst[0] = (char)(0xF0 | code >> 18);
    dst[1] = (char)(0x80 | (code >> 12 & 0x3F));
    dst[2] = (char)(0x80 | (code >> 6 & 0x3F));
    dst[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* What the escape at @p at means, which the cursor found valid.
 * @param left  Bytes there are.
 * @return Bytes of the escape; 0 if it is cut, as it never is in a value that
 *         came out of a cursor. */
static size_t escape(const char *at, size_t left, uint32_t *code)
{
    if (left < 2) {
        return 0;
    }
    switch (at[1]) {
    case 'b':
        *code = 0x08;
        return 2;
    case 'f':
        *code = 0x0C;
        return 2;
    case 'n':
        *code = 0x0A;
        return 2;
    case 'r':
        *code = 0x0D;
        return 2;
    case 't':
        *code = 0x09;
        return 2;
    case 'u':
        break;
    default:
        *code = (unsigned char)at[1];
        return 2;
    }
    if (left < 6) {
        return 0;
    }
    *code = 0;
    for (size_t i = 2; i < 6; i++) {
        *code = *code << 4 | (sse_priv_json_hex(at[i]) & 15u);
    }
    return 6;
}

void sse_json_chars_start(sse_json_chars *chars, const sse_json_value *value)
{
    if (chars == NULL) {
        return;
    }
    const int holds = value != NULL && (value->kind == SSE_JSON_STRING ||
                                        value->kind == SSE_JSON_NAME);
    chars->at_ = holds ? value->text : NULL;
    chars->end_ = holds ? value->text + value->len : NULL;
}

/* Copies characters that stand for themselves. */
static size_t plain(sse_json_chars *chars, char *dst, size_t cap)
{
    const size_t left = (size_t)(chars->end_ - chars->at_);
    /* Not beyond what fits: long strings are read in many small pieces. */
    const size_t within = left < cap ? left : cap;
    const void *const stop = memchr(chars->at_, '\\', within);
    size_t run = stop == NULL ? left
                              : (size_t)((const char *)stop - chars->at_);
    if (run > cap) {
        run = cap;
        while (run > 0 && ((unsigned char)chars->at_[run] & 0xC0) == 0x80) {
            run--; /* do not cut inside a character */
        }
        run = run == 0 ? cap : run;
    }
    memcpy(dst, chars->at_, run);
    chars->at_ += run;
    return run;
}

/* Reads the escape at the cursor into @p dst, which has room for 4 bytes. */
static size_t escaped(sse_json_chars *chars, char *dst)
{
    uint32_t code = 0;
    const size_t used =
        escape(chars->at_, (size_t)(chars->end_ - chars->at_), &code);
    if (used == 0) {
        chars->at_ = chars->end_;
        return 0;
    }
    const int low = code >= 0xDC00 && code <= 0xDFFF;
    if (chars->high_ != 0) {
        const uint32_t high = chars->high_;
        chars->high_ = 0;
        if (!low) {
            return put(REPLACEMENT, dst); /* and this escape again */
        }
        chars->at_ += used;
        return put(0x10000u + ((high - 0xD800u) << 10) + (code - 0xDC00u),
                   dst);
    }
    chars->at_ += used;
    if (code >= 0xD800 && code <= 0xDBFF) {
        chars->high_ = code;
        return 0;
    }
    return put(low ? REPLACEMENT : code, dst);
}

sse_status sse_json_chars_read(sse_json_chars *chars, char *dst, size_t cap,
                               size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (chars == NULL || dst == NULL) {
        return SSE_ERR_INVALID;
    }
    if (cap < 4) {
        return SSE_ERR_NO_SPACE;
    }
    size_t used = 0;
    while (chars->at_ != chars->end_ && cap - used >= 4) {
        if (*chars->at_ == '\\') {
            used += escaped(chars, dst + used);
        } else if (chars->high_ != 0) {
            chars->high_ = 0;
            used += put(REPLACEMENT, dst + used);
        } else {
            used += plain(chars, dst + used, cap - used);
        }
    }
    *written = used;
    return chars->at_ == chars->end_ ? SSE_OK : SSE_NEED_SPACE;
}

sse_status sse_json_chars_finish(sse_json_chars *chars, char *dst, size_t cap,
                                 size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (chars == NULL || dst == NULL) {
        return SSE_ERR_INVALID;
    }
    if (chars->high_ == 0) {
        return SSE_OK;
    }
    if (cap < 3) {
        return SSE_ERR_NO_SPACE;
    }
    chars->high_ = 0;
    *written = put(REPLACEMENT, dst);
    return SSE_OK;
}

/* Takes one piece into the result, if it fits. */
static sse_status append(char *dst, size_t cap, size_t *used, const char *piece,
                         size_t len)
{
    if (len > cap - *used) {
        return SSE_ERR_NO_SPACE;
    }
    if (len > 0) {
        memcpy(dst + *used, piece, len);
    }
    *used += len;
    return SSE_OK;
}

sse_status sse_json_unescape(const sse_json_value *value, char *dst, size_t cap,
                             size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (value == NULL || (dst == NULL && cap > 0) ||
        (value->kind != SSE_JSON_STRING && value->kind != SSE_JSON_NAME)) {
        return SSE_ERR_INVALID;
    }
    sse_json_chars chars;
    memset(&chars, 0, sizeof chars);
    sse_json_chars_start(&chars, value);
    char piece[256];
    size_t used = 0;
    size_t got = 0;
    sse_status more = SSE_NEED_SPACE;
    while (more == SSE_NEED_SPACE) {
        more = sse_json_chars_read(&chars, piece, sizeof piece, &got);
        if (append(dst, cap, &used, piece, got) != SSE_OK) {
            return SSE_ERR_NO_SPACE;
        }
    }
    (void)sse_json_chars_finish(&chars, piece, sizeof piece, &got);
    if (append(dst, cap, &used, piece, got) != SSE_OK) {
        return SSE_ERR_NO_SPACE;
    }
    *written = used;
    return SSE_OK;
}
