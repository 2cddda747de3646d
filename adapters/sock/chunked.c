/*
 * chunked.c - the decoder of the chunked transfer coding.
 *
 * SPDX-License-Identifier: MIT
 */
#include "chunked.h"

#include "chars.h"

enum state {
    SIZE_START,   /* a first digit must come */
    IN_SIZE,
    AFTER_SIZE,   /* white space before a semicolon */
    IN_EXTENSION,
    SIZE_LF,
    IN_DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    IN_TRAILER_NAME,
    IN_TRAILER_VALUE,
    TRAILER_LF,
    END_LF,
    COMPLETE,
    REFUSED
};

/* 15 digits stay clear of the sign of any 64-bit count. */
#define LONGEST_SIZE 15u

void sse_priv_chunked_init(sse_priv_chunked *chunked, size_t max_extra)
{
    chunked->left = 0;
    chunked->extra = 0;
    chunked->max_extra = max_extra;
    chunked->state = SIZE_START;
    chunked->digits = 0;
}

static int hex_digit(unsigned char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    const unsigned char lower = (unsigned char)(byte | 0x20u);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static enum state on_size(sse_priv_chunked *chunked, unsigned char byte)
{
    const int digit = hex_digit(byte);
    if (digit >= 0) {
        chunked->left = chunked->left * 16 + (uint64_t)digit;
        return chunked->digits++ < LONGEST_SIZE ? IN_SIZE : REFUSED;
    }
    if (chunked->state == SIZE_START) {
        return REFUSED;
    }
    if (byte == '\r') {
        return SIZE_LF;
    }
    if (byte == ';') {
        return IN_EXTENSION;
    }
    return byte == ' ' || byte == '\t' ? AFTER_SIZE : REFUSED;
}

static enum state on_after_size(unsigned char byte)
{
    if (byte == ';') {
        return IN_EXTENSION;
    }
    return byte == ' ' || byte == '\t' ? AFTER_SIZE : REFUSED;
}

static enum state on_text(unsigned char byte, enum state same, enum state next)
{
    if (byte == '\r') {
        return next;
    }
    return sse_priv_is_value_char(byte) ? same : REFUSED;
}

static enum state on_trailer_start(unsigned char byte)
{
    if (byte == '\r') {
        return END_LF;
    }
    return sse_priv_is_token_char(byte) ? IN_TRAILER_NAME : REFUSED;
}

static enum state on_trailer_name(unsigned char byte)
{
    if (byte == ':') {
        return IN_TRAILER_VALUE;
    }
    return sse_priv_is_token_char(byte) ? IN_TRAILER_NAME : REFUSED;
}

static enum state on_size_lf(sse_priv_chunked *chunked, unsigned char byte)
{
    chunked->digits = 0;
    if (byte != '\n') {
        return REFUSED;
    }
    return chunked->left == 0 ? TRAILER_START : IN_DATA;
}

/* One byte outside of the data. */
static enum state on_byte(sse_priv_chunked *chunked, unsigned char byte)
{
    switch ((enum state)chunked->state) {
    case SIZE_START:
    case IN_SIZE:
        return on_size(chunked, byte);
    case AFTER_SIZE:
        return on_after_size(byte);
    case IN_EXTENSION:
        return on_text(byte, IN_EXTENSION, SIZE_LF);
    case SIZE_LF:
        return on_size_lf(chunked, byte);
    case DATA_CR:
        return byte == '\r' ? DATA_LF : REFUSED;
    case DATA_LF:
        return byte == '\n' ? SIZE_START : REFUSED;
    case TRAILER_START:
        return on_trailer_start(byte);
    case IN_TRAILER_NAME:
        return on_trailer_name(byte);
    case IN_TRAILER_VALUE:
        return on_text(byte, IN_TRAILER_VALUE, TRAILER_LF);
    case TRAILER_LF:
        return byte == '\n' ? TRAILER_START : REFUSED;
    case END_LF:
        return byte == '\n' ? COMPLETE : REFUSED;
    case IN_DATA:
    case COMPLETE:
    case REFUSED:
        break;
    }
    return REFUSED;
}

static int is_extra(enum state state)
{
    return state == AFTER_SIZE || state == IN_EXTENSION ||
           state == IN_TRAILER_NAME || state == IN_TRAILER_VALUE;
}

sse_status sse_priv_chunked_feed(sse_priv_chunked *chunked, const char *bytes,
                                 size_t len, size_t *consumed, sse_piece *data)
{
    size_t at = 0;
    data->base = NULL;
    data->len = 0;
    while (at < len && chunked->state != COMPLETE) {
        if (chunked->state == IN_DATA) {
            const size_t room = len - at;
            const size_t run =
                chunked->left < room ? (size_t)chunked->left : room;
            data->base = bytes + at;
            data->len = run;
            chunked->left -= run;
            chunked->state = chunked->left == 0 ? DATA_CR : IN_DATA;
            *consumed = at + run;
            return SSE_INCOMPLETE;
        }
        const enum state next = on_byte(chunked, (unsigned char)bytes[at]);
        chunked->state = (uint8_t)next;
        if (next == REFUSED) {
            *consumed = at;
            return SSE_ERR_PROTOCOL;
        }
        at++;
        if (is_extra(next) && ++chunked->extra > chunked->max_extra) {
            chunked->state = REFUSED;
            *consumed = at;
            return SSE_ERR_LIMIT;
        }
    }
    *consumed = at;
    return chunked->state == COMPLETE ? SSE_OK : SSE_INCOMPLETE;
}
