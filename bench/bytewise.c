/*
 * bytewise.c - a parser as most in C are: one byte at a time, all of it copied.
 *
 * HTML Standard, "Interpreting an event stream".  Data, type or id that
 * outgrow their buffers take the event, or that id, with them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bytewise.h"

#include <string.h>

enum state { AT_MARK, AT_NAME, AT_SPACE, AT_VALUE, AT_IGNORED };
enum field { NONE, DATA, TYPE, ID, RETRY };

void bytewise_init(bytewise *b, bytewise_fn on_event, void *user)
{
    memset(b, 0, offsetof(bytewise, name));
    b->on_event = on_event;
    b->user = user;
    b->state = AT_MARK;
}

static int field_of(const char *name, size_t len)
{
    if (len == 4 && memcmp(name, "data", 4) == 0) {
        return DATA;
    }
    if (len == 5 && memcmp(name, "event", 5) == 0) {
        return TYPE;
    }
    if (len == 2 && memcmp(name, "id", 2) == 0) {
        return ID;
    }
    return len == 5 && memcmp(name, "retry", 5) == 0 ? RETRY : NONE;
}

static void add_data(bytewise *b, char c)
{
    if (b->data_len < BYTEWISE_DATA_MAX) {
        b->data[b->data_len] = c;
        b->data_len++;
    } else {
        b->too_long = 1;
    }
}

static void begin_value(bytewise *b)
{
    b->field = field_of(b->name, b->name_len);
    b->value_len = 0;
    b->bad_value = 0;
    if (b->field == DATA) {
        if (b->has_data) {
            add_data(b, '\n');
        }
        b->has_data = 1;
    }
}

static void add_value(bytewise *b, char c)
{
    if (b->field == DATA) {
        add_data(b, c);
    } else if (b->field != NONE) {
        if (b->value_len == BYTEWISE_TEXT_MAX ||
            (b->field == ID && c == '\0') ||
            (b->field == RETRY && (c < '0' || c > '9'))) {
            b->bad_value = 1;
        } else {
            b->value[b->value_len] = c;
            b->value_len++;
        }
    }
}

static void end_retry(bytewise *b)
{
    uint64_t ms = 0;
    for (size_t i = 0; i < b->value_len; i++) {
        const uint64_t digit = (uint64_t)(b->value[i] - '0');
        if (ms > (UINT64_MAX - digit) / 10) {
            return;
        }
        ms = ms * 10 + digit;
    }
    if (b->value_len > 0) {
        b->retry_ms = ms;
        b->has_retry = 1;
    }
}

static void end_value(bytewise *b)
{
    if (b->field == TYPE) {
        memcpy(b->type, b->value, b->value_len);
        b->type_len = b->value_len;
        b->too_long |= b->bad_value;
    } else if (b->field == ID && !b->bad_value) {
        memcpy(b->next_id, b->value, b->value_len);
        b->next_id_len = b->value_len;
        b->has_id = 1;
    } else if (b->field == RETRY && !b->bad_value) {
        end_retry(b);
    }
}

static void dispatch(bytewise *b)
{
    if (b->has_id) {
        memcpy(b->id, b->next_id, b->next_id_len);
        b->id_len = b->next_id_len;
    }
    if (b->has_data && !b->too_long) {
        sse_event event = sse_event_of_data(b->data, b->data_len);
        event.type = b->type_len > 0 ? b->type : "message";
        event.type_len = b->type_len > 0 ? b->type_len : 7;
        event.id = b->id;
        event.id_len = b->id_len;
        event.retry_ms = b->has_retry ? b->retry_ms : 0;
        b->on_event(&event, b->user);
    }
    b->data_len = b->type_len = 0;
    b->has_data = b->has_id = b->has_retry = b->too_long = 0;
}

static void end_line(bytewise *b)
{
    if (b->state == AT_NAME && b->name_len == 0) {
        dispatch(b);
    } else if (b->state != AT_IGNORED) {
        if (b->state == AT_NAME) {
            begin_value(b);
        }
        end_value(b);
    }
    b->state = AT_NAME;
    b->name_len = 0;
}

/* A byte of a name: a comment and a name that is too long to be known are
 * read over. */
static void add_name(bytewise *b, char c)
{
    if (c == ':') {
        begin_value(b);
        b->state = b->name_len == 0 ? AT_IGNORED : AT_SPACE;
    } else if (b->name_len == sizeof b->name) {
        b->state = AT_IGNORED;
    } else {
        b->name[b->name_len] = c;
        b->name_len++;
    }
}

/* One byte order mark at the very beginning is no part of the stream.  Bytes
 * that turn out not to be one began a name that nobody knows.  Not 0 if the
 * byte was used up. */
static int read_mark(bytewise *b, char c)
{
    static const unsigned char mark[] = {0xEF, 0xBB, 0xBF};
    if ((unsigned char)c == mark[b->mark]) {
        b->mark++;
        if (b->mark == sizeof mark) {
            b->state = AT_NAME;
        }
        return 1;
    }
    b->state = b->mark == 0 ? AT_NAME : AT_IGNORED;
    return 0;
}

void bytewise_feed(bytewise *b, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char c = bytes[i];
        if (b->state == AT_MARK && read_mark(b, c)) {
            continue;
        }
        if (c == '\n' || c == '\r') {
            if (c == '\r' || !b->after_cr) {
                end_line(b);
            }
            b->after_cr = c == '\r';
            continue;
        }
        b->after_cr = 0;
        switch (b->state) {
        case AT_NAME:
            add_name(b, c);
            break;
        case AT_SPACE:
            b->state = AT_VALUE;
            if (c != ' ') {
                add_value(b, c);
            }
            break;
        case AT_VALUE:
            add_value(b, c);
            break;
        default:
            break;
        }
    }
}
