/*
 * emit_write.c - records as lines of an event stream.
 *
 * What is written reads back as the same records: an event carries an `id`
 * line only where the last event ID changes, and a final id that no event
 * carried becomes a block of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emit.h"

#include "tape.h"

#include <sse/writer.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void emit_writer_init(struct emit_writer *writer, struct out *out)
{
    memset(writer, 0, sizeof *writer);
    writer->out = out;
}

void emit_writer_free(struct emit_writer *writer)
{
    free(writer->id);
    free(writer->block);
}

static int fail(struct emit_error *error, const struct emit_text *at,
                const char *text)
{
    error->column = at != NULL ? at->column : 0;
    (void)snprintf(error->text, sizeof error->text, "%s", text);
    return -1;
}

static int reserve(char **buffer, size_t *cap, size_t len)
{
    if (len > *cap) {
        const size_t wanted = len < 4096 ? 4096 : len;
        char *const larger = (char *)realloc(*buffer, wanted);
        if (larger == NULL) {
            return -1;
        }
        *buffer = larger;
        *cap = wanted;
    }
    return 0;
}

static int holds(const struct emit_text *text, char c)
{
    return text->len > 0 && memchr(text->bytes, c, text->len) != NULL;
}

static int holds_line_end(const struct emit_text *text)
{
    return holds(text, '\n') || holds(text, '\r');
}

static int is_text(const struct emit_text *text, const char *wanted)
{
    return text->len == strlen(wanted) &&
           memcmp(text->bytes, wanted, text->len) == 0;
}

static void put(struct emit_writer *writer, const char *bytes, size_t len)
{
    writer->started = writer->started || len > 0;
    out_put(writer->out, bytes, len);
}

/* Whether an `id` line must be written for the reader to have this id. */
static int is_new_id(const struct emit_writer *writer,
                     const struct emit_text *id)
{
    return id->present &&
           (id->len != writer->id_len ||
            (id->len > 0 && memcmp(id->bytes, writer->id, id->len) != 0));
}

static int remember_id(struct emit_writer *writer, const struct emit_text *id,
                       struct emit_error *error)
{
    if (reserve(&writer->id, &writer->id_cap, id->len) < 0) {
        return fail(error, NULL, "out of memory");
    }
    if (id->len > 0) {
        memcpy(writer->id, id->bytes, id->len);
    }
    writer->id_len = id->len;
    return 0;
}

/* Writes a block by way of the library. */
static int put_event(struct emit_writer *writer, const sse_event *event,
                     struct emit_error *error)
{
    size_t size = 0;
    size_t written = 0;
    if (sse_event_size(event, &size) != SSE_OK ||
        reserve(&writer->block, &writer->block_cap, size) < 0) {
        return fail(error, NULL, "out of memory");
    }
    (void)sse_event_write(event, writer->block, writer->block_cap, &written);
    put(writer, writer->block, written);
    writer->open = 0;
    return 0;
}

static int check_id(const struct emit_text *id, struct emit_error *error)
{
    if (holds_line_end(id) || holds(id, '\0')) {
        return fail(error, id,
                    "no stream can carry an id with CR, LF or NUL in it");
    }
    return 0;
}

static int write_event(struct emit_writer *writer,
                       const struct emit_record *record,
                       struct emit_error *error)
{
    const struct emit_text *const type = &record->member[EMIT_M_TYPE];
    const struct emit_text *const data = &record->member[EMIT_M_DATA];
    const struct emit_text *const id = &record->member[EMIT_M_ID];
    sse_event event = sse_event_of_data(data->bytes, data->len);
    if (check_id(id, error) < 0) {
        return -1;
    }
    if (holds_line_end(type)) {
        return fail(error, type,
                    "no stream can carry a type with CR or LF in it");
    }
    if (is_new_id(writer, id)) {
        if (remember_id(writer, id, error) < 0) {
            return -1;
        }
        event = sse_event_with_id(event, id->bytes, id->len);
    }
    if (record->member[EMIT_M_RETRY].present) {
        event = sse_event_with_retry(event, record->retry_ms);
    }
    if (holds(type, '\0')) {
        /* The library's writer refuses NUL in a type: in a program it is
         * a mistake.  A recorded stream may hold one; readers keep it. */
        put(writer, "event: ", 7);
        put(writer, type->bytes, type->len);
        put(writer, "\n", 1);
    } else if (type->len > 0 && !is_text(type, "message")) {
        event.type = type->bytes;
        event.type_len = type->len;
        event.fields |= SSE_FIELD_TYPE;
    }
    return put_event(writer, &event, error);
}

static int write_final_id(struct emit_writer *writer,
                          const struct emit_record *record,
                          struct emit_error *error)
{
    const struct emit_text *const id = &record->member[EMIT_M_FINAL_ID];
    sse_event event = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    if (check_id(id, error) < 0) {
        return -1;
    }
    if (!is_new_id(writer, id)) {
        return 0;
    }
    event = sse_event_with_id(event, id->bytes, id->len);
    if (remember_id(writer, id, error) < 0) {
        return -1;
    }
    return put_event(writer, &event, error);
}

static int begins(const struct emit_text *text, const char *with)
{
    const size_t len = strlen(with);
    return text->len >= len && memcmp(text->bytes, with, len) == 0;
}

static int write_field(struct emit_writer *writer,
                       const struct emit_record *record,
                       struct emit_error *error)
{
    static const char *const known[] = {"event", "data", "id", "retry"};
    const struct emit_text *const name = &record->member[EMIT_M_FIELD];
    const struct emit_text *const value = &record->member[EMIT_M_VALUE];
    if (name->len == 0 || holds(name, ':') || holds_line_end(name)) {
        return fail(error, name,
                    "a field has a name without colon, CR and LF");
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (is_text(name, known[i])) {
            return fail(error, name,
                        "a \"field\" is one that readers do not know; this "
                        "one belongs into an event");
        }
    }
    if (holds_line_end(value)) {
        return fail(error, value, "a field's value has no CR and LF");
    }
    if (!writer->started &&
        (begins(name, "\xEF\xBB\xBF") || begins(name, TAPE_MAGIC))) {
        /* At the very start a reader would take this for a byte order mark,
         * or a recording; a blank line in front means nothing else. */
        put(writer, "\n", 1);
    }
    put(writer, name->bytes, name->len);
    put(writer, ": ", 2);
    put(writer, value->bytes, value->len);
    put(writer, "\n", 1);
    writer->open = 1;
    return 0;
}

static int write_comment(struct emit_writer *writer,
                         const struct emit_record *record,
                         struct emit_error *error)
{
    const struct emit_text *const text = &record->member[EMIT_M_COMMENT];
    size_t written = 0;
    /* Each line of it gets a colon and a line end. */
    if (text->len > (SIZE_MAX - 8) / 2 ||
        reserve(&writer->block, &writer->block_cap, 2 * text->len + 8) < 0) {
        return fail(error, NULL, "out of memory");
    }
    (void)sse_comment_write(text->bytes, text->len, SSE_BLOCK_ONE_LINE,
                            writer->block, writer->block_cap, &written);
    put(writer, writer->block, written);
    return 0;
}

static void write_retry(struct emit_writer *writer, uint64_t retry_ms)
{
    char line[64];
    size_t written = 0;
    (void)sse_retry_write(retry_ms, SSE_BLOCK_ONE_LINE, line, sizeof line,
                          &written);
    put(writer, line, written);
    writer->open = 1;
}

int emit_write(struct emit_writer *writer, const struct emit_record *record,
               struct emit_error *error)
{
    int done = 0;
    switch (record->kind) {
    case EMIT_EVENT:
        done = write_event(writer, record, error);
        break;
    case EMIT_RETRY:
        write_retry(writer, record->retry_ms);
        break;
    case EMIT_COMMENT:
        done = write_comment(writer, record, error);
        break;
    case EMIT_FIELD:
        done = write_field(writer, record, error);
        break;
    case EMIT_FINAL_ID:
        done = write_final_id(writer, record, error);
        break;
    case EMIT_STATE:
        break;
    }
    (void)out_flush(writer->out);
    return done;
}

void emit_writer_end(struct emit_writer *writer)
{
    if (writer->open) {
        put(writer, "\n", 1);
    }
    (void)out_flush(writer->out);
    writer->open = 0;
}
