/*
 * reference.c - the steps of the standard, one by one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A string that grows. */
typedef struct string {
    char *bytes;
    size_t len;
    size_t cap;
} string;

/* The names are the standard's. */
typedef struct reader {
    const reference_rules *rules;
    event_log *log;
    string data_buffer;
    string event_type_buffer;
    string last_event_id_buffer;
    string last_event_id_string;
    reference_result result;
    uint64_t offset; /* of the line end that is being acted upon */
    uint32_t fields; /* which fields the block has had */
} reader;

static void clear(string *s)
{
    s->len = 0;
}

static void append(string *s, const char *bytes, size_t len)
{
    if (s->cap - s->len < len) {
        s->cap = 2 * (s->len + len);
        s->bytes = (char *)realloc(s->bytes, s->cap);
        if (s->bytes == NULL) {
            fputs("reference: out of memory\n", stderr);
            abort();
        }
    }
    if (len > 0) {
        memcpy(s->bytes + s->len, bytes, len);
        s->len += len;
    }
}

static void set(string *s, const char *bytes, size_t len)
{
    clear(s);
    append(s, bytes, len);
}

static int equals(const char *bytes, size_t len, const char *name)
{
    return len == strlen(name) && memcmp(bytes, name, len) == 0;
}

static void report_drop(reader *r, sse_drop_reason reason, size_t bytes)
{
    const sse_drop drop = {reason, r->offset, bytes,
                           r->last_event_id_string.bytes,
                           r->last_event_id_string.len};
    event_log_drop(&drop, r->log);
}

/* ---- "process the field" ---- */

/* If the field value consists of only ASCII digits, then interpret it as an
 * integer in base ten.  An empty value has no digit to interpret, and a value
 * of more than 64 bits cannot be held: both are ignored. */
static void process_retry(reader *r, const char *value, size_t len)
{
    static const char largest[] = "18446744073709551615";
    const size_t largest_len = sizeof largest - 1;
    for (size_t at = 0; at < len; at++) {
        if (strchr("0123456789", value[at]) == NULL || value[at] == '\0') {
            return;
        }
    }
    if (len == 0) {
        return;
    }
    while (len > 1 && value[0] == '0') {
        value++;
        len--;
    }
    if (len > largest_len ||
        (len == largest_len && memcmp(value, largest, len) > 0)) {
        return;
    }
    uint64_t number = 0;
    for (size_t at = 0; at < len; at++) {
        number = number * 10u + (uint64_t)(value[at] - '0');
    }
    r->result.has_retry = 1;
    r->result.retry_ms = number;
    r->fields |= SSE_FIELD_RETRY;
    event_log_retry(number, r->offset, r->log);
}

/* If the field value does not contain U+0000 NULL, then set the last event ID
 * buffer to the field value.  Otherwise, ignore the field. */
static void process_id(reader *r, const char *value, size_t len)
{
    for (size_t at = 0; at < len; at++) {
        if (value[at] == '\0') {
            return;
        }
    }
    if (len > r->rules->id_cap) {
        report_drop(r, SSE_DROP_ID, len);
        return;
    }
    set(&r->last_event_id_buffer, value, len);
    r->fields |= SSE_FIELD_ID;
}

/* How long a comment or an unknown field may be: the data of the event under
 * way is in the same memory, unless it was already too much for it. */
static size_t line_room(const reader *r)
{
    size_t data = r->data_buffer.len > 0 ? r->data_buffer.len - 1 : 0;
    if (data > r->rules->data_cap) {
        data = 0;
    }
    return r->rules->line_room - data;
}

static void process_field(reader *r, const char *name, size_t name_len,
                          const char *value, size_t value_len)
{
    if (equals(name, name_len, "event")) {
        /* Set the event type buffer to the field value. */
        set(&r->event_type_buffer, value, value_len);
        r->fields |= SSE_FIELD_TYPE;
    } else if (equals(name, name_len, "data")) {
        /* Append the field value to the data buffer, then append a single
         * U+000A LINE FEED (LF) character to the data buffer. */
        append(&r->data_buffer, value, value_len);
        append(&r->data_buffer, "\n", 1);
        r->fields |= SSE_FIELD_DATA;
    } else if (equals(name, name_len, "id")) {
        process_id(r, value, value_len);
    } else if (equals(name, name_len, "retry")) {
        process_retry(r, value, value_len);
    } else {
        /* Otherwise, the field is ignored - and reported. */
        const size_t line_len = (size_t)(value - name) + value_len;
        if (line_len > line_room(r)) {
            report_drop(r, SSE_DROP_FIELD, line_len);
        } else {
            event_log_field(name, name_len, value, value_len, r->offset,
                            r->log);
        }
    }
}

/* ---- "dispatch the event" ---- */

/* The event in fragments, one of which has all the data. */
static void report_fragments(reader *r, const sse_event *event)
{
    sse_fragment part;
    memset(&part, 0, sizeof part);
    part.kind = SSE_FRAGMENT_BEGIN;
    event_log_fragment(&part, r->log);
    part.kind = SSE_FRAGMENT_DATA;
    part.data = event->data;
    part.data_len = event->data_len;
    event_log_fragment(&part, r->log);
    part.kind = SSE_FRAGMENT_END;
    part.total = event->data_len;
    part.event = event;
    if (r->event_type_buffer.len > r->rules->type_cap) {
        part.kind = SSE_FRAGMENT_ABORT;
        part.reason = SSE_DROP_TYPE;
    }
    event_log_fragment(&part, r->log);
}

/* The event, or what is reported in its place. */
static void report_event(reader *r, const sse_event *event)
{
    const int too_much = event->data_len > r->rules->data_cap;
    if (too_much && r->rules->fragments) {
        report_fragments(r, event);
    } else if (too_much) {
        report_drop(r, SSE_DROP_DATA, event->data_len);
    } else if (r->event_type_buffer.len > r->rules->type_cap) {
        report_drop(r, SSE_DROP_TYPE, event->data_len);
    } else {
        event_log_event(event, r->log);
    }
}

static void create_event(reader *r)
{
    /* Initialize the event's type attribute to "message", its data attribute
     * to data, and its lastEventId attribute to the last event ID string. */
    sse_event event;
    memset(&event, 0, sizeof event);
    event.type = "message";
    event.type_len = strlen("message");
    event.data = r->data_buffer.bytes;
    event.data_len = r->data_buffer.len;
    event.id = r->last_event_id_string.bytes;
    event.id_len = r->last_event_id_string.len;
    /* If the event type buffer has a value other than the empty string,
     * change the type of the newly created event to it. */
    if (r->event_type_buffer.len > 0) {
        event.type = r->event_type_buffer.bytes;
        event.type_len = r->event_type_buffer.len;
    }
    event.offset = r->offset;
    event.fields = r->fields;
    event.retry_ms = r->result.retry_ms;
    report_event(r, &event);
}

static void dispatch_the_event(reader *r)
{
    /* 1. Set the last event ID string to the value of the last event ID
     * buffer.  The buffer does not get reset. */
    set(&r->last_event_id_string, r->last_event_id_buffer.bytes,
        r->last_event_id_buffer.len);
    /* 2. If the data buffer is an empty string, set the data buffer and the
     * event type buffer to the empty string and return. */
    if (r->data_buffer.len > 0) {
        /* 3. If the data buffer's last character is a LF, then remove it. */
        r->data_buffer.len--;
        /* 4. to 6. */
        create_event(r);
    }
    /* 7. Set the data buffer and the event type buffer to the empty string. */
    clear(&r->data_buffer);
    clear(&r->event_type_buffer);
    r->fields = 0;
}

/* ---- lines ---- */

static void process_comment(reader *r, const char *text, size_t len)
{
    if (len > line_room(r)) {
        report_drop(r, SSE_DROP_COMMENT, len);
    } else {
        event_log_comment(text, len, r->offset, r->log);
    }
}

static void process_line(reader *r, const char *line, size_t len)
{
    /* If the line is empty (a blank line): dispatch the event. */
    if (len == 0) {
        dispatch_the_event(r);
        return;
    }
    /* If the line starts with a U+003A COLON character (:): ignore the line -
     * and report it. */
    if (line[0] == ':') {
        process_comment(r, line + 1, len - 1);
        return;
    }
    const char *colon = (const char *)memchr(line, ':', len);
    if (colon == NULL) {
        /* The string is not empty but does not contain a colon: the whole
         * line is the field name, the empty string the field value. */
        process_field(r, line, len, line + len, 0);
        return;
    }
    /* Collect the characters before the first colon, and let field be that
     * string.  Collect the characters after it, and let value be that string.
     * If value starts with a U+0020 SPACE character, remove it. */
    const char *value = colon + 1;
    size_t value_len = len - (size_t)(value - line);
    if (value_len > 0 && value[0] == ' ') {
        value++;
        value_len--;
    }
    process_field(r, line, (size_t)(colon - line), value, value_len);
}

/* ---- the end of the stream ---- */

/* The stream ended in the middle of an event, or of a line that is more than
 * a comment. */
static int is_unfinished(const reader *r, const char *rest, size_t rest_len)
{
    const uint32_t lost = SSE_FIELD_DATA | SSE_FIELD_ID | SSE_FIELD_TYPE;
    return (r->fields & lost) != 0 || (rest_len > 0 && rest[0] != ':');
}

/* Once the end of the file is reached, any pending data must be discarded,
 * says the standard; some senders forget the last line ends, say the rules. */
static void end_of_stream(reader *r, const char *rest, size_t rest_len,
                          int cut_mark)
{
    r->result.incomplete = is_unfinished(r, rest, rest_len);
    if (!r->result.incomplete || !r->rules->clean ||
        r->rules->at_end == SSE_AT_END_DISCARD) {
        return;
    }
    int lost = rest_len > 0 && rest[0] != ':';
    if (r->rules->at_end == SSE_AT_END_FLUSH_LINE && rest_len > 0 &&
        !cut_mark) {
        process_line(r, rest, rest_len);
        lost = 0;
    }
    dispatch_the_event(r);
    r->result.incomplete = lost;
}

/* ---- the whole ---- */

reference_rules reference_standard(void)
{
    reference_rules rules;
    memset(&rules, 0, sizeof rules);
    rules.data_cap = SIZE_MAX;
    rules.id_cap = SIZE_MAX;
    rules.type_cap = SIZE_MAX;
    rules.line_room = SIZE_MAX;
    rules.at_end = SSE_AT_END_DISCARD;
    rules.clean = 1;
    return rules;
}

static void parse(reader *r, const char *stream, size_t len)
{
    /* Streams must be decoded using the UTF-8 decode algorithm, which strips
     * one leading byte order mark.  (Ill-formed sequences are passed on.) */
    size_t at = 0;
    if (len >= 3 && memcmp(stream, "\xEF\xBB\xBF", 3) == 0) {
        at = 3;
    }
    /* The stream is parsed by reading everything line by line, with a CRLF
     * pair, a single LF not preceded by a CR, and a single CR not followed by
     * a LF being the only ways in which a line can end. */
    size_t start = at;
    while (at < len) {
        if (stream[at] != '\r' && stream[at] != '\n') {
            at++;
            continue;
        }
        r->offset = at + 1;
        process_line(r, stream + start, at - start);
        if (stream[at] == '\r' && at + 1 < len && stream[at + 1] == '\n') {
            at++;
        }
        at++;
        start = at;
    }
    r->offset = len;
    const int cut_mark = len > 0 && len < 3 &&
                         memcmp(stream, "\xEF\xBB\xBF", len) == 0;
    end_of_stream(r, stream + start, len - start, cut_mark);
}

reference_result reference_run(const reference_rules *rules,
                               const char *stream, size_t len,
                               event_log *log)
{
    reader r;
    memset(&r, 0, sizeof r);
    r.rules = rules;
    r.log = log;
    set(&r.last_event_id_buffer, rules->id, rules->id_len);
    set(&r.last_event_id_string, rules->id, rules->id_len);
    parse(&r, stream, len);
    event_log_end(log, r.last_event_id_string.bytes,
                  r.last_event_id_string.len, r.result.incomplete);
    free(r.data_buffer.bytes);
    free(r.event_type_buffer.bytes);
    free(r.last_event_id_buffer.bytes);
    free(r.last_event_id_string.bytes);
    return r.result;
}
