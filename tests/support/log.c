/*
 * log.c - the one printer of event logs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "log.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void grow(char **bytes, size_t *cap, size_t len, size_t more)
{
    if (*cap - len >= more) {
        return;
    }
    size_t wanted = *cap < 256 ? 256 : *cap;
    while (wanted - len < more) {
        wanted *= 2;
    }
    char *grown = (char *)realloc(*bytes, wanted);
    if (grown == NULL) {
        fputs("event_log: out of memory\n", stderr);
        abort();
    }
    *bytes = grown;
    *cap = wanted;
}

static void reserve(event_log *log, size_t more)
{
    grow(&log->text, &log->cap, log->len, more);
}

static void put(event_log *log, char byte)
{
    log->text[log->len] = byte;
    log->len++;
}

void event_log_raw(event_log *log, const char *string)
{
    size_t len = strlen(string);
    reserve(log, len);
    memcpy(log->text + log->len, string, len);
    log->len += len;
}

void event_log_number(event_log *log, uint64_t number)
{
    char digits[20];
    size_t count = 0;
    do {
        digits[count] = (char)('0' + (int)(number % 10u));
        count++;
        number /= 10u;
    } while (number > 0);
    reserve(log, count);
    while (count > 0) {
        count--;
        put(log, digits[count]);
    }
}

static void put_escaped(event_log *log, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    char letter = '\0';
    if (byte == '\n') {
        letter = 'n';
    } else if (byte == '\r') {
        letter = 'r';
    } else if (byte == '\t') {
        letter = 't';
    } else if (byte == '"' || byte == '\\') {
        letter = (char)byte;
    } else if (byte >= 0x20 && byte <= 0x7E) {
        put(log, (char)byte);
        return;
    }
    put(log, '\\');
    if (letter != '\0') {
        put(log, letter);
        return;
    }
    put(log, 'x');
    put(log, hex[byte >> 4]);
    put(log, hex[byte & 15u]);
}

void event_log_text(event_log *log, const char *bytes, size_t len)
{
    reserve(log, 2 + 4 * len);
    put(log, '"');
    for (size_t at = 0; at < len; at++) {
        put_escaped(log, (unsigned char)bytes[at]);
    }
    put(log, '"');
}

static int is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' ||
           byte == '.';
}

static void put_word(event_log *log, const char *bytes, size_t len)
{
    size_t plain = 0;
    while (plain < len && is_word_byte(bytes[plain])) {
        plain++;
    }
    if (len == 0 || plain < len) {
        event_log_text(log, bytes, len);
        return;
    }
    reserve(log, len);
    memcpy(log->text + log->len, bytes, len);
    log->len += len;
}

static void put_offset(event_log *log, uint64_t offset)
{
    event_log_raw(log, "off=");
    event_log_number(log, offset);
    event_log_raw(log, " ");
}

static void end_line(event_log *log)
{
    event_log_raw(log, "\n");
    log->lines++;
}

void event_log_clear(event_log *log)
{
    log->len = 0;
    log->lines = 0;
    log->joined_len = 0;
}

void event_log_free(event_log *log)
{
    free(log->text);
    free(log->joined);
    log->text = NULL;
    log->joined = NULL;
    log->cap = 0;
    log->joined_cap = 0;
    event_log_clear(log);
}

int event_log_same(const event_log *a, const event_log *b)
{
    return a->len == b->len &&
           (a->len == 0 || memcmp(a->text, b->text, a->len) == 0);
}

static void put_fields(event_log *log, const sse_event *event)
{
    static const struct {
        uint32_t bit;
        const char *name;
    } names[] = {{SSE_FIELD_TYPE, "type"},
                 {SSE_FIELD_DATA, "data"},
                 {SSE_FIELD_ID, "id"},
                 {SSE_FIELD_RETRY, "retry"}};
    const char *between = "";
    event_log_raw(log, " fields=");
    for (size_t at = 0; at < sizeof names / sizeof names[0]; at++) {
        if ((event->fields & names[at].bit) != 0) {
            event_log_raw(log, between);
            event_log_raw(log, names[at].name);
            between = ",";
        }
    }
    if ((event->fields & SSE_FIELD_RETRY) != 0) {
        event_log_raw(log, " retry=");
        event_log_number(log, event->retry_ms);
    }
}

static void put_type_and_id(event_log *log, const sse_event *event)
{
    event_log_raw(log, " type=");
    put_word(log, event->type, event->type_len);
    event_log_raw(log, " id=");
    put_word(log, event->id, event->id_len);
}

int event_log_event(const sse_event *event, void *user)
{
    event_log *log = (event_log *)user;
    put_offset(log, event->offset);
    event_log_raw(log, "event");
    put_type_and_id(log, event);
    event_log_raw(log, " data=");
    event_log_text(log, event->data, event->data_len);
    if (log->detail) {
        put_fields(log, event);
    }
    end_line(log);
    return log->answer;
}

int event_log_comment(const char *text, size_t len, uint64_t offset,
                      void *user)
{
    event_log *log = (event_log *)user;
    put_offset(log, offset);
    event_log_raw(log, "comment ");
    event_log_text(log, text, len);
    end_line(log);
    return log->answer;
}

int event_log_retry(uint64_t retry_ms, uint64_t offset, void *user)
{
    event_log *log = (event_log *)user;
    put_offset(log, offset);
    event_log_raw(log, "retry ");
    event_log_number(log, retry_ms);
    end_line(log);
    return log->answer;
}

int event_log_field(const char *name, size_t name_len, const char *value,
                    size_t value_len, uint64_t offset, void *user)
{
    event_log *log = (event_log *)user;
    put_offset(log, offset);
    event_log_raw(log, "field name=");
    put_word(log, name, name_len);
    event_log_raw(log, " value=");
    event_log_text(log, value, value_len);
    end_line(log);
    return log->answer;
}

static void put_reason(event_log *log, sse_drop_reason reason)
{
    static const char *const names[] = {"0",       "data",  "type", "id",
                                        "comment", "field", "end"};
    size_t at = (size_t)reason;
    event_log_raw(log, " reason=");
    event_log_raw(log, at < sizeof names / sizeof names[0] ? names[at] : "?");
}

int event_log_drop(const sse_drop *drop, void *user)
{
    event_log *log = (event_log *)user;
    put_offset(log, drop->offset);
    event_log_raw(log, "drop");
    put_reason(log, drop->reason);
    event_log_raw(log, " bytes=");
    event_log_number(log, drop->bytes);
    event_log_raw(log, " id=");
    put_word(log, drop->id, drop->id_len);
    end_line(log);
    return log->answer;
}

static void put_joined(event_log *log, const sse_fragment *fragment)
{
    event_log_raw(log, " total=");
    event_log_number(log, fragment->total);
    event_log_raw(log, " data=");
    event_log_text(log, log->joined, log->joined_len);
    end_line(log);
    log->joined_len = 0;
}

int event_log_fragment(const sse_fragment *fragment, void *user)
{
    event_log *log = (event_log *)user;
    switch (fragment->kind) {
    case SSE_FRAGMENT_BEGIN:
        log->joined_len = 0;
        break;
    case SSE_FRAGMENT_DATA:
        grow(&log->joined, &log->joined_cap, log->joined_len,
             fragment->data_len);
        memcpy(log->joined + log->joined_len, fragment->data,
               fragment->data_len);
        log->joined_len += fragment->data_len;
        break;
    case SSE_FRAGMENT_END:
        put_offset(log, fragment->event->offset);
        event_log_raw(log, "fragments");
        put_type_and_id(log, fragment->event);
        put_joined(log, fragment);
        break;
    case SSE_FRAGMENT_ABORT:
        event_log_raw(log, "fragments aborted");
        put_reason(log, fragment->reason);
        put_joined(log, fragment);
        break;
    }
    return log->answer;
}

void event_log_attach(sse_parser *parser)
{
    sse_parser_on_comment(parser, event_log_comment);
    sse_parser_on_retry(parser, event_log_retry);
    sse_parser_on_field(parser, event_log_field);
    sse_parser_on_dropped(parser, event_log_drop);
}

void event_log_end(event_log *log, const char *id, size_t id_len,
                   int incomplete)
{
    event_log_raw(log, "end id=");
    event_log_text(log, id, id_len);
    event_log_raw(log, incomplete ? " incomplete" : " complete");
    end_line(log);
}

int event_log_is(const event_log *log, const char *want)
{
    const int same = log->len == strlen(want) &&
                     memcmp(log->text, want, log->len) == 0;
    if (!same) {
        check_lines("said", log->text == NULL ? "" : log->text, log->len);
    }
    return same;
}
