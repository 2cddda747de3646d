/*
 * head.c - the grammar of a request head, byte by byte.
 *
 * SPDX-License-Identifier: MIT
 *
 * RFC 9112, "Request Line" and "Field Syntax", without what these allow a
 * lenient recipient: no bare CR or LF, no folded lines, no white space before
 * the colon, single spaces in the first line, nothing before it.
 */
#include "head.h"

#include <string.h>

enum state {
    IN_METHOD,
    IN_TARGET,
    IN_VERSION,
    LINE_LF,
    FIELD_START,
    IN_NAME,
    BEFORE_VALUE,
    IN_VALUE,
    FIELD_LF,
    END_LF,
    COMPLETE,
    REFUSED
};

/* A longer method is none that anybody implements: 501. */
#define LONGEST_METHOD 32u

static const char version_prefix[] = "HTTP/1.";
#define VERSION_LEN (sizeof version_prefix) /* with the last digit */

/* What may stand in a target.  Of the visible characters a fragment and the
 * three delimiters of URIs are out; others that RFC 3986 leaves out too are
 * sent by browsers as they are. */
static int is_target_char(unsigned char byte)
{
    return byte > 0x20 && byte < 0x7f && byte != '#' && byte != '"' &&
           byte != '<' && byte != '>';
}

void sse_priv_head_init_request(sse_priv_head *head, char *store, size_t cap,
                                size_t max)
{
    memset(head, 0, sizeof *head);
    head->store = store;
    head->cap = cap;
    head->max = max;
    head->state = IN_METHOD;
}

void sse_priv_head_set_store(sse_priv_head *head, char *store, size_t cap)
{
    head->store = store;
    head->cap = cap;
}

static int refuse(sse_priv_head *head, int error)
{
    head->error = (uint16_t)error;
    head->state = REFUSED;
    return 0;
}

static int put(sse_priv_head *head, unsigned char byte)
{
    head->store[head->used++] = (char)byte;
    return 1;
}

static int on_method(sse_priv_head *head, unsigned char byte)
{
    if (sse_priv_is_token_char(byte)) {
        if (head->used == LONGEST_METHOD) {
            return refuse(head, 501);
        }
        return put(head, byte);
    }
    if (byte != ' ' || head->used == 0) {
        return refuse(head, 400);
    }
    (void)put(head, 0);
    head->target = head->used;
    head->state = IN_TARGET;
    return 1;
}

static int on_target(sse_priv_head *head, unsigned char byte)
{
    if (is_target_char(byte)) {
        return put(head, byte);
    }
    if (byte != ' ' || head->used == head->target) {
        return refuse(head, 400);
    }
    (void)put(head, 0);
    const int error = sse_priv_head_check_target(head);
    if (error != 0) {
        return refuse(head, error);
    }
    head->state = IN_VERSION;
    return 1;
}

static int on_version(sse_priv_head *head, unsigned char byte)
{
    if (head->matched == VERSION_LEN) {
        if (byte != '\r') {
            return refuse(head, 400);
        }
        head->state = LINE_LF;
        return 1;
    }
    if (head->matched == VERSION_LEN - 1) {
        /* RFC 9112, "HTTP Version": one digit. */
        if (byte < '0' || byte > '9') {
            return refuse(head, 400);
        }
        if (byte > '1') {
            return refuse(head, 505);
        }
        head->flags |= byte == '0' ? SSE_PRIV_HEAD_HTTP10 : 0;
    } else if (byte != (unsigned char)version_prefix[head->matched]) {
        const int is_major = head->matched == sizeof "HTTP/" - 1;
        return refuse(head, is_major && byte >= '0' && byte <= '9' ? 505
                                                                   : 400);
    }
    head->matched++;
    return 1;
}

static int on_lf(sse_priv_head *head, unsigned char byte, enum state next)
{
    if (byte != '\n') {
        return refuse(head, 400);
    }
    head->state = (uint8_t)next;
    return 1;
}

static int on_field_start(sse_priv_head *head, unsigned char byte)
{
    if (head->fields == 0) {
        head->fields = head->used;
    }
    if (byte == '\r') {
        head->state = END_LF;
        return 1;
    }
    if (!sse_priv_is_token_char(byte)) {
        return refuse(head, 400);
    }
    if (head->count == SSE_PRIV_HEAD_FIELDS) {
        return refuse(head, 431);
    }
    head->count++;
    head->name = head->used;
    head->state = IN_NAME;
    return put(head, byte);
}

static int on_name(sse_priv_head *head, unsigned char byte)
{
    if (sse_priv_is_token_char(byte)) {
        return put(head, byte);
    }
    if (byte != ':') {
        return refuse(head, 400);
    }
    (void)put(head, 0);
    head->value = head->used;
    head->state = BEFORE_VALUE;
    return 1;
}

static int on_value(sse_priv_head *head, unsigned char byte)
{
    if (byte == '\r') {
        while (head->used > head->value &&
               (head->store[head->used - 1] == ' ' ||
                head->store[head->used - 1] == '\t')) {
            head->used--;
        }
        (void)put(head, 0);
        const int error = sse_priv_head_check_field(head);
        if (error != 0) {
            return refuse(head, error);
        }
        head->state = FIELD_LF;
        return 1;
    }
    if (!sse_priv_is_value_char(byte)) {
        return refuse(head, 400);
    }
    if (head->state == BEFORE_VALUE && (byte == ' ' || byte == '\t')) {
        return 1;
    }
    head->state = IN_VALUE;
    return put(head, byte);
}

static int on_end(sse_priv_head *head, unsigned char byte)
{
    if (byte != '\n') {
        return refuse(head, 400);
    }
    const int error = sse_priv_head_check_end(head);
    if (error != 0) {
        return refuse(head, error);
    }
    head->state = COMPLETE;
    return 1;
}

/* One byte.  Returns 0 if it was refused. */
static int on_byte(sse_priv_head *head, unsigned char byte)
{
    switch ((enum state)head->state) {
    case IN_METHOD:
        return on_method(head, byte);
    case IN_TARGET:
        return on_target(head, byte);
    case IN_VERSION:
        return on_version(head, byte);
    case LINE_LF:
        return on_lf(head, byte, FIELD_START);
    case FIELD_START:
        return on_field_start(head, byte);
    case IN_NAME:
        return on_name(head, byte);
    case BEFORE_VALUE:
    case IN_VALUE:
        return on_value(head, byte);
    case FIELD_LF:
        return on_lf(head, byte, FIELD_START);
    case END_LF:
        return on_end(head, byte);
    case COMPLETE:
    case REFUSED:
        break;
    }
    return 0;
}

/* Copies the bytes that the state takes one like the other, which are most of
 * a head.  Returns how many, maybe none. */
static size_t take_run(sse_priv_head *head, const char *bytes, size_t len)
{
    const size_t room = head->cap - head->used;
    const size_t left = head->max - head->seen;
    size_t most = len < room ? len : room;
    most = most < left ? most : left;
    char *const dst = head->store + head->used;
    size_t n = 0;
    if (head->state == IN_VALUE) {
        while (n < most && sse_priv_is_value_char((unsigned char)bytes[n])) {
            dst[n] = bytes[n];
            n++;
        }
    } else if (head->state == IN_NAME) {
        while (n < most && sse_priv_is_token_char((unsigned char)bytes[n])) {
            dst[n] = bytes[n];
            n++;
        }
    } else if (head->state == IN_TARGET) {
        while (n < most && is_target_char((unsigned char)bytes[n])) {
            dst[n] = bytes[n];
            n++;
        }
    }
    head->used += n;
    head->seen += n;
    return n;
}

sse_status sse_priv_head_feed(sse_priv_head *head, const char *bytes,
                              size_t len, size_t *consumed)
{
    size_t at = 0;
    while (at < len && head->state != COMPLETE && head->state != REFUSED) {
        if (head->used > 0) {
            at += take_run(head, bytes + at, len - at);
            if (at == len) {
                break;
            }
        }
        if (head->seen == head->max) {
            (void)refuse(head, head->state <= LINE_LF ? 414 : 431);
            break;
        }
        if (head->used == head->cap) {
            *consumed = at;
            return SSE_NEED_SPACE;
        }
        if (!on_byte(head, (unsigned char)bytes[at])) {
            break;
        }
        head->seen++;
        at++;
    }
    *consumed = at;
    if (head->state == REFUSED) {
        return SSE_ERR_PROTOCOL;
    }
    return head->state == COMPLETE ? SSE_OK : SSE_INCOMPLETE;
}
