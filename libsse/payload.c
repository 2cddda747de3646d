/*
 * payload.c - the five events of a job that streams to a browser: start,
 * progress, chunk, done, error, with JSON for data.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/writer.h>

#include "json.h"
#include "scan.h"
#include "sink.h"
#include "writer.h"

/* What the data is made of, in turn. */
typedef struct part {
    const char *text;
    size_t len;
    int escape; /* the text goes inside a JSON string */
} part;

static part literal(const char *text)
{
    const part p = {text, text == NULL ? 0 : sse_priv_text_len(text), 0};
    return p;
}

static part escaped(const char *text)
{
    part p = literal(text);
    p.escape = 1;
    return p;
}

/* JSON text that the caller wrote.  It may be laid out in lines. */
static void put_raw(sse_priv_sink *sink, const char *text, size_t len)
{
    for (;;) {
        const size_t n = sse_priv_scan(text, len);
        sse_priv_put(sink, text, n);
        if (n == len) {
            return;
        }
        const size_t skip = n + sse_priv_line_end(text + n, len - n);
        SSE_PRIV_PUT(sink, "\ndata: ");
        text += skip;
        len -= skip;
    }
}

static void put_payload(sse_priv_sink *sink, const sse_event *head,
                        const part *parts, size_t count)
{
    SSE_PRIV_PUT(sink, "event: ");
    sse_priv_put(sink, head->type, head->type_len);
    if ((head->fields & SSE_FIELD_ID) != 0) {
        SSE_PRIV_PUT(sink, "\nid: ");
        sse_priv_put(sink, head->id, head->id_len);
    }
    SSE_PRIV_PUT(sink, "\ndata: ");
    for (size_t i = 0; i < count; i++) {
        if (parts[i].escape) {
            sse_priv_json_put(sink, parts[i].text, parts[i].len);
        } else {
            put_raw(sink, parts[i].text, parts[i].len);
        }
    }
    SSE_PRIV_PUT(sink, "\n\n");
}

/* Whether there is room whatever the texts hold: a byte becomes up to 7, a line
 * end and the name of the next line, so that nothing need be measured. */
static int fits_surely(const sse_event *head, const part *parts, size_t count,
                       size_t cap)
{
    size_t left = cap / 8;
    const size_t names = sizeof "event: \nid: \ndata: \n\n";
    if (left < names || head->type_len > left - names ||
        head->id_len > left - names - head->type_len) {
        return 0;
    }
    left -= names + head->type_len + head->id_len;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > left) {
            return 0;
        }
        left -= parts[i].len;
    }
    return 1;
}

static sse_status write_payload(const char *type, const char *id,
                                size_t id_len, const part *parts,
                                size_t count, char *dst, size_t cap,
                                size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    sse_event head = sse_event_of_type(type, sse_priv_text_len(type), NULL, 0);
    if (id != NULL) {
        head = sse_event_with_id(head, id, id_len);
    }
    sse_status status = sse_priv_event_check(&head);
    if (status != SSE_OK) {
        return status;
    }
    sse_priv_sink sink = {NULL, 0, 0, 0};
    if (!fits_surely(&head, parts, count, cap)) {
        put_payload(&sink, &head, parts, count);
    }
    status = sse_priv_sink_open(&sink, dst, cap);
    if (status != SSE_OK) {
        return status;
    }
    put_payload(&sink, &head, parts, count);
    *written = sink.len;
    return SSE_OK;
}

static sse_status write_members(const char *type, const char *status,
                                const char *id, size_t id_len,
                                const char *members, size_t members_len,
                                char *dst, size_t cap, size_t *written)
{
    if (members == NULL && members_len > 0) {
        if (written != NULL) {
            *written = 0;
        }
        return SSE_ERR_INVALID;
    }
    const part parts[] = {
        literal("{\"status\":\""),
        literal(status),
        literal(members_len > 0 ? "\"," : "\""),
        {members, members_len, 0},
        literal("}"),
    };
    return write_payload(type, id, id_len, parts,
                         sizeof parts / sizeof parts[0], dst, cap, written);
}

sse_status sse_start_write(const char *id, size_t id_len, const char *members,
                           size_t members_len, char *dst, size_t cap,
                           size_t *written)
{
    return write_members("start", "streaming", id, id_len, members,
                         members_len, dst, cap, written);
}

sse_status sse_done_write(const char *id, size_t id_len, const char *members,
                          size_t members_len, char *dst, size_t cap,
                          size_t *written)
{
    return write_members("done", "complete", id, id_len, members, members_len,
                         dst, cap, written);
}

sse_status sse_chunk_write(const char *id, size_t id_len, const char *text,
                           size_t text_len, char *dst, size_t cap,
                           size_t *written)
{
    if (text == NULL && text_len > 0) {
        if (written != NULL) {
            *written = 0;
        }
        return SSE_ERR_INVALID;
    }
    const part parts[] = {
        literal("{\"content\":\""),
        {text, text_len, 1},
        literal("\"}"),
    };
    return write_payload("chunk", id, id_len, parts,
                         sizeof parts / sizeof parts[0], dst, cap, written);
}

/* A number in decimal, as a part that borrows from `digits`. */
static part decimal(uint64_t number, char digits[20])
{
    const size_t len = sse_priv_decimal(number, digits + 20);
    const part p = {digits + 20 - len, len, 0};
    return p;
}

/* A JSON string, or null: the quotation marks and what they enclose. */
static void string_or_null(part to[3], const char *text)
{
    to[0] = literal(text != NULL ? "\"" : "null");
    to[1] = escaped(text);
    to[2] = literal(text != NULL ? "\"" : "");
}

sse_status sse_progress_write(const char *id, size_t id_len,
                              const sse_progress *progress, char *dst,
                              size_t cap, size_t *written)
{
    if (progress == NULL || progress->percent > 100) {
        if (written != NULL) {
            *written = 0;
        }
        return SSE_ERR_INVALID;
    }
    char percent[20];
    char done[20];
    char total[20];
    const char share[] = {'0', '.',
                          (char)('0' + (char)(progress->percent / 10)),
                          (char)('0' + (char)(progress->percent % 10)), '\0'};
    part parts[17];
    parts[0] = literal("{\"percent\":");
    parts[1] = decimal(progress->percent, percent);
    parts[2] = literal(",\"progress\":");
    parts[3] = literal(progress->percent == 100 ? "1.00" : share);
    parts[4] = literal(",\"stage\":");
    string_or_null(parts + 5, progress->stage);
    parts[8] = literal(",\"message\":");
    string_or_null(parts + 9, progress->message);
    parts[12] = literal(",\"done\":");
    parts[13] = decimal(progress->done, done);
    parts[14] = literal(",\"total\":");
    parts[15] = decimal(progress->total, total);
    parts[16] = literal("}");
    return write_payload("progress", id, id_len, parts,
                         sizeof parts / sizeof parts[0], dst, cap, written);
}

sse_status sse_error_write(const char *id, size_t id_len,
                           const sse_error *error, char *dst, size_t cap,
                           size_t *written)
{
    if (error == NULL || error->code == NULL || error->message == NULL ||
        error->stage == NULL) {
        if (written != NULL) {
            *written = 0;
        }
        return SSE_ERR_INVALID;
    }
    const part parts[] = {
        literal("{\"code\":\""),
        escaped(error->code),
        literal("\",\"message\":\""),
        escaped(error->message),
        literal("\",\"retryable\":"),
        literal(error->retryable ? "true" : "false"),
        literal(",\"stage\":\""),
        escaped(error->stage),
        literal("\"}"),
    };
    return write_payload(error->type != NULL ? error->type : "error", id,
                         id_len, parts, sizeof parts / sizeof parts[0], dst,
                         cap, written);
}
