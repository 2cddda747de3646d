/*
 * fuzz_utf8.c - repaired text is what the Encoding Standard's decoder makes of
 * it, however it is cut; and whether a stream or what was read of it is
 * repaired makes no difference.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first two bytes choose cuts and room; the rest is a text, and a stream.
 */
#include "decoder.h"

#include "support/log.h"

#include <sse/sse.h>

#include <stdlib.h>

/* ---- the validator ---- */

/* Goes on with one piece, `room` bytes of output at a time. */
static void repair_piece(sse_utf8 *utf8, const char *piece, size_t len,
                         size_t room, struct fuzz_text *out)
{
    sse_status status = SSE_NEED_SPACE;
    while (status == SSE_NEED_SPACE) {
        char *const dst = (char *)fuzz_allocate(room);
        size_t used = 0;
        size_t written = 0;
        status = sse_utf8_repair(utf8, piece, len, &used, dst, room,
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

static uint64_t repair(const char *text, size_t len, struct fuzz_cuts cuts,
                       size_t room, struct fuzz_text *out)
{
    sse_utf8 utf8;
    char rest[3];
    size_t written = 0;
    sse_utf8_init(&utf8);
    for (size_t at = 0; at < len;) {
        const size_t piece_len = fuzz_cut(&cuts, len - at);
        char *const piece = fuzz_copy(text + at, piece_len);
        repair_piece(&utf8, piece, piece_len, room, out);
        free(piece);
        at += piece_len;
    }
    FUZZ_REQUIRE(sse_utf8_finish(&utf8, rest, sizeof rest, &written) ==
                 SSE_OK);
    fuzz_text_add(out, rest, written);
    return utf8.errors;
}

/* Errors alone, with nothing written. */
static uint64_t validate(const char *text, size_t len, struct fuzz_cuts cuts)
{
    sse_utf8 utf8;
    size_t written = 0;
    char rest[3];
    sse_utf8_init(&utf8);
    for (size_t at = 0; at < len;) {
        const size_t piece = fuzz_cut(&cuts, len - at);
        size_t used = 0;
        FUZZ_REQUIRE(sse_utf8_repair(&utf8, text + at, piece, &used, NULL, 0,
                                     &written) == SSE_OK);
        FUZZ_REQUIRE(used == piece && written == 0);
        at += piece;
    }
    FUZZ_REQUIRE(sse_utf8_finish(&utf8, rest, sizeof rest, &written) ==
                 SSE_OK);
    return utf8.errors;
}

/* ---- streams ---- */

static void log_repaired(event_log *log, const sse_event *event)
{
    struct fuzz_text type = {0}, data = {0}, id = {0};
    (void)fuzz_decode(event->type, event->type_len, &type);
    (void)fuzz_decode(event->data, event->data_len, &data);
    (void)fuzz_decode(event->id, event->id_len, &id);
    const sse_event repaired = {type.bytes, type.len,   data.bytes,
                                data.len,   id.bytes,   id.len,
                                event->retry_ms, 0,     event->fields, 0};
    event_log_event(&repaired, log);
    fuzz_text_free(&type);
    fuzz_text_free(&data);
    fuzz_text_free(&id);
}

static int on_event(const sse_event *event, void *user)
{
    log_repaired((event_log *)user, event);
    return SSE_GO;
}

static void read_stream(const char *stream, size_t len, event_log *log)
{
    /* Limits that no text of this length exceeds, repaired or not. */
    const size_t limit = 3 * len + 64;
    const size_t cap = 8 * limit;
    char *const scratch = (char *)fuzz_allocate(cap);
    sse_parser parser;
    size_t used = 0;
    log->detail = 1;
    FUZZ_REQUIRE(sse_parser_init(&parser, scratch, cap, on_event, log) ==
                 SSE_OK);
    FUZZ_REQUIRE(sse_parser_set_limits(&parser, limit, limit) == SSE_OK);
    FUZZ_REQUIRE(sse_parser_feed(&parser, stream, len, &used) == SSE_OK);
    free(scratch);
}

/* The letter of the standard is to decode first; events alone are the same. */
static void compare_orders(const char *stream, size_t len,
                           const struct fuzz_text *decoded)
{
    event_log before = {0}, behind = {0};
    read_stream(decoded->bytes, decoded->len, &before);
    read_stream(stream, len, &behind);
    FUZZ_REQUIRE(event_log_same(&before, &behind));
    event_log_free(&before);
    event_log_free(&behind);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    const struct fuzz_cuts cuts = fuzz_cuts_of(fuzz_byte(&input));
    const size_t room = 12 + fuzz_byte(&input);
    struct fuzz_text want = {0}, got = {0}, twice = {0};
    const uint64_t errors = fuzz_decode(input.at, input.left, &want);

    FUZZ_REQUIRE(repair(input.at, input.left, cuts, room, &got) == errors);
    FUZZ_REQUIRE(fuzz_same(got.bytes, got.len, want.bytes, want.len));
    FUZZ_REQUIRE(validate(input.at, input.left, cuts) == errors);

    FUZZ_REQUIRE(repair(got.bytes, got.len, cuts, room, &twice) == 0);
    FUZZ_REQUIRE(fuzz_same(twice.bytes, twice.len, got.bytes, got.len));

    compare_orders(input.at, input.left, &want);
    fuzz_text_free(&want);
    fuzz_text_free(&got);
    fuzz_text_free(&twice);
    return 0;
}
