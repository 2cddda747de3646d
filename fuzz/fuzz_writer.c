/*
 * fuzz_writer.c - what is written for an event is that one event to a reader,
 * and nothing else; all ways to write it give the same bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first bytes choose fields, cuts and room; then come the length of
 * a type and of an id, these two, and the data.
 */
#include "fuzz.h"

#include "support/events.h"
#include "support/log.h"

#include <sse/sse.h>

#include <stdlib.h>
#include <string.h>

enum { LONGEST = 255 /* bytes of a type or an id */ };

/* ---- what is to be expected ---- */

static int holds(const char *text, size_t len, char c)
{
    return len > 0 && memchr(text, c, len) != NULL;
}

static int is_line(const char *text, size_t len)
{
    return !holds(text, len, '\r') && !holds(text, len, '\n') &&
           !holds(text, len, '\0');
}

static sse_status verdict(const sse_event *e)
{
    if (e->fields == 0) {
        return SSE_ERR_NO_FIELDS;
    }
    const int type = (e->fields & SSE_FIELD_TYPE) == 0 ||
                     is_line(e->type, e->type_len);
    const int id =
        (e->fields & SSE_FIELD_ID) == 0 || is_line(e->id, e->id_len);
    return type && id ? SSE_OK : SSE_ERR_CHARACTER;
}

/* ---- ways to write ---- */

/* All at once, into room of exactly that size, and into less. */
static char *write_whole(const sse_event *event, size_t size, size_t less)
{
    char *const bytes = (char *)fuzz_allocate(size);
    size_t written = 1;
    FUZZ_REQUIRE(sse_event_write(event, bytes, size, &written) == SSE_OK);
    FUZZ_REQUIRE(written == size);
    const size_t room = size - 1 - less % size;
    char *const small = (char *)fuzz_allocate(room);
    memset(small, '#', room);
    FUZZ_REQUIRE(sse_event_write(event, small, room, &written) ==
                 SSE_ERR_NO_SPACE);
    FUZZ_REQUIRE(written == 0);
    for (size_t i = 0; i < room; i++) {
        FUZZ_REQUIRE(small[i] == '#');
    }
    free(small);
    return bytes;
}

static void gather(const sse_event *event, const char *want, size_t want_len)
{
    size_t count = 0;
    size_t again = 0;
    struct fuzz_text joined = {0};
    FUZZ_REQUIRE(sse_event_gather(event, NULL, 0, &count) ==
                 SSE_ERR_NO_SPACE);
    sse_piece *const pieces =
        (sse_piece *)fuzz_allocate(count * sizeof *pieces);
    FUZZ_REQUIRE(sse_event_gather(event, pieces, count - 1, &again) ==
                     SSE_ERR_NO_SPACE &&
                 again == count);
    FUZZ_REQUIRE(sse_event_gather(event, pieces, count, &again) == SSE_OK);
    FUZZ_REQUIRE(again == count);
    for (size_t i = 0; i < count; i++) {
        fuzz_text_add(&joined, pieces[i].base, pieces[i].len);
    }
    FUZZ_REQUIRE(fuzz_same(joined.bytes, joined.len, want, want_len));
    fuzz_text_free(&joined);
    free(pieces);
}

/* One piece of data, `room` bytes of output at a time. */
static void write_piece(sse_writer *writer, struct fuzz_text *out,
                        const char *piece, size_t len, size_t room)
{
    sse_status status = SSE_NEED_SPACE;
    while (status == SSE_NEED_SPACE) {
        char *const dst = (char *)fuzz_allocate(room);
        size_t used = 0;
        size_t written = 0;
        status = sse_writer_data(writer, piece, len, &used, dst, room,
                                 &written);
        FUZZ_REQUIRE(used <= len && written <= room);
        FUZZ_REQUIRE(status == SSE_OK ? used == len
                                      : status == SSE_NEED_SPACE &&
                                            (used > 0 || written > 0));
        fuzz_text_add(out, dst, written);
        free(dst);
        piece += used;
        len -= used;
    }
}

static void write_in_pieces(const sse_event *event, struct fuzz_cuts cuts,
                            size_t room, const char *want, size_t want_len)
{
    char dst[3 * LONGEST];
    struct fuzz_text out = {0};
    sse_writer writer;
    size_t written = 0;
    FUZZ_REQUIRE(sse_writer_begin(&writer, event, dst, sizeof dst,
                                  &written) == SSE_OK);
    fuzz_text_add(&out, dst, written);
    const int has_data = (event->fields & SSE_FIELD_DATA) != 0;
    for (size_t at = 0; has_data && at < event->data_len;) {
        const size_t len = fuzz_cut(&cuts, event->data_len - at);
        char *const piece = fuzz_copy(event->data + at, len);
        write_piece(&writer, &out, piece, len, room);
        free(piece);
        at += len;
    }
    FUZZ_REQUIRE(sse_writer_end(&writer, dst, 8, &written) == SSE_OK);
    fuzz_text_add(&out, dst, written);
    FUZZ_REQUIRE(fuzz_same(out.bytes, out.len, want, want_len));
    fuzz_text_free(&out);
}

/* ---- the reader ---- */

static void log_event(event_log *log, sse_event event)
{
    event.offset = 0;
    event_log_event(&event, log);
}

static int on_event(const sse_event *event, void *user)
{
    log_event((event_log *)user, *event);
    return SSE_GO;
}

/* What a reader is to hear of the event between two others. */
static void foretell(const sse_event *event, event_log *log)
{
    sse_event e = sse_event_of_type("before", 6, "b", 1);
    log_event(log, sse_event_with_id(e, "1", 1));
    sse_event last = sse_event_of_type("message", 7, "a", 1);
    last.id = "1";
    last.id_len = 1;
    if ((event->fields & SSE_FIELD_ID) != 0) {
        last.id = event->id;
        last.id_len = event->id_len;
    }
    if ((event->fields & SSE_FIELD_DATA) != 0) {
        char *const data = (char *)fuzz_allocate(event->data_len);
        e = *event;
        if ((e.fields & SSE_FIELD_TYPE) == 0 || e.type_len == 0) {
            e.type = "message";
            e.type_len = 7;
        }
        e.data_len = random_event_normalise(e.data, e.data_len, data);
        e.data = data;
        e.id = last.id;
        e.id_len = last.id_len;
        log_event(log, e);
        free(data);
    }
    last.fields = SSE_FIELD_DATA;
    log_event(log, last);
}

static void read_back(const sse_event *event, const char *bytes, size_t len)
{
    static const char before[] = "event:before\nid:1\ndata:b\n\n";
    static const char behind[] = "data:a\n\n";
    struct fuzz_text stream = {0};
    fuzz_text_add(&stream, before, sizeof before - 1);
    fuzz_text_add(&stream, bytes, len);
    fuzz_text_add(&stream, behind, sizeof behind - 1);
    const size_t cap = stream.len + 8192;
    char *const scratch = (char *)fuzz_allocate(cap);
    event_log got = {0}, want = {0};
    got.detail = 1;
    want.detail = 1;
    sse_parser parser;
    size_t used = 0;
    FUZZ_REQUIRE(sse_parser_init(&parser, scratch, cap, on_event, &got) ==
                 SSE_OK);
    FUZZ_REQUIRE(sse_parser_feed(&parser, stream.bytes, stream.len, &used) ==
                 SSE_OK);
    FUZZ_REQUIRE(sse_parser_finish(&parser, 1) == SSE_OK);
    foretell(event, &want);
    FUZZ_REQUIRE(event_log_same(&got, &want));
    uint64_t retry_ms = 0;
    const int has_retry = (event->fields & SSE_FIELD_RETRY) != 0;
    FUZZ_REQUIRE(sse_parser_retry(&parser, &retry_ms) == has_retry);
    FUZZ_REQUIRE(!has_retry || retry_ms == event->retry_ms);
    event_log_free(&got);
    event_log_free(&want);
    free(scratch);
    fuzz_text_free(&stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    sse_event event = sse_event_of_data(NULL, 0);
    event.fields = fuzz_byte(&input) & 0x0fu;
    const struct fuzz_cuts cuts = fuzz_cuts_of(fuzz_byte(&input));
    const size_t room = 8 + fuzz_below(&input, 40);
    const size_t less = fuzz_below(&input, 65536);
    event.retry_ms = fuzz_number(&input);
    const size_t type_len = fuzz_byte(&input);
    const size_t id_len = fuzz_byte(&input);
    const struct fuzz_input type = fuzz_take(&input, type_len);
    const struct fuzz_input id = fuzz_take(&input, id_len);
    event.type = type.at;
    event.type_len = type.left;
    event.id = id.at;
    event.id_len = id.left;
    event.data = input.at;
    event.data_len = input.left;

    size_t len = 0;
    const sse_status status = sse_event_size(&event, &len);
    FUZZ_REQUIRE(status == verdict(&event));
    if (status != SSE_OK) {
        char byte[1];
        FUZZ_REQUIRE(sse_event_write(&event, byte, 1, &len) == status);
        FUZZ_REQUIRE(sse_event_gather(&event, NULL, 0, &len) == status);
        return 0;
    }
    char *const bytes = write_whole(&event, len, less);
    gather(&event, bytes, len);
    write_in_pieces(&event, cuts, room, bytes, len);
    read_back(&event, bytes, len);
    free(bytes);
    return 0;
}
