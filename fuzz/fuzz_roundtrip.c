/*
 * fuzz_roundtrip.c - events that were read, written and read again are the
 * same, and writing them again gives the same bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first byte chooses the cuts of the second reading; the rest is a stream.
 */
#include "fuzz.h"

#include "support/log.h"

#include <sse/sse.h>

#include <stdlib.h>
#include <string.h>

/* Reads a stream, logs its events without their place in it, and writes them
 * as a stream again. */
struct pass {
    event_log log;
    struct fuzz_text stream;
    char id[1024]; /* the last one written */
    size_t id_len;
};

/* The writer refuses such a type: other readers would end it at the NUL. */
static int can_be_written(const sse_event *event)
{
    return memchr(event->type, '\0', event->type_len) == NULL;
}

static void write_event(struct pass *pass, const sse_event *event)
{
    size_t size = 0;
    size_t written = 0;
    FUZZ_REQUIRE(sse_event_size(event, &size) == SSE_OK);
    char *const bytes = (char *)fuzz_allocate(size);
    FUZZ_REQUIRE(sse_event_write(event, bytes, size, &written) == SSE_OK);
    FUZZ_REQUIRE(written == size);
    fuzz_text_add(&pass->stream, bytes, size);
    free(bytes);
}

static int on_event(const sse_event *event, void *user)
{
    struct pass *const pass = (struct pass *)user;
    sse_event again = *event;
    FUZZ_REQUIRE((event->fields & SSE_FIELD_DATA) != 0);
    again.offset = 0;
    /* The id of a block without data is not among the fields of the next. */
    const int same_id =
        fuzz_same(event->id, event->id_len, pass->id, pass->id_len);
    again.fields |= same_id ? 0u : SSE_FIELD_ID;
    if ((again.fields & SSE_FIELD_TYPE) != 0 && !can_be_written(event)) {
        size_t size = 0;
        FUZZ_REQUIRE(sse_event_size(&again, &size) == SSE_ERR_CHARACTER);
        return SSE_GO;
    }
    event_log_event(&again, &pass->log);
    write_event(pass, &again);
    FUZZ_REQUIRE(event->id_len <= sizeof pass->id);
    memcpy(pass->id, event->id, event->id_len);
    pass->id_len = event->id_len;
    return SSE_GO;
}

static void read_stream(struct pass *pass, const char *stream, size_t len,
                        unsigned choice)
{
    const size_t cap = len + 8192;
    char *const scratch = (char *)fuzz_allocate(cap);
    struct fuzz_cuts cuts = fuzz_cuts_of(choice);
    sse_parser parser;
    FUZZ_REQUIRE(sse_parser_init(&parser, scratch, cap, on_event, pass) ==
                 SSE_OK);
    for (size_t at = 0; at < len;) {
        const size_t chunk = fuzz_cut(&cuts, len - at);
        char *const copy = fuzz_copy(stream + at, chunk);
        size_t used = 0;
        FUZZ_REQUIRE(sse_parser_feed(&parser, copy, chunk, &used) == SSE_OK);
        FUZZ_REQUIRE(used == chunk);
        free(copy);
        at += chunk;
    }
    free(scratch);
}

static void close_pass(struct pass *pass)
{
    event_log_free(&pass->log);
    fuzz_text_free(&pass->stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    const unsigned cuts = fuzz_byte(&input);
    static struct pass first, second;
    memset(&first, 0, sizeof first);
    memset(&second, 0, sizeof second);
    first.log.detail = 1;
    second.log.detail = 1;
    read_stream(&first, input.at, input.left, 0);
    read_stream(&second, first.stream.bytes, first.stream.len, cuts);
    FUZZ_REQUIRE(event_log_same(&second.log, &first.log));
    FUZZ_REQUIRE(fuzz_same(second.stream.bytes, second.stream.len,
                           first.stream.bytes, first.stream.len));
    close_pass(&first);
    close_pass(&second);
    return 0;
}
