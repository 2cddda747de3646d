/*
 * fuzz_splits.c - however a stream is cut, the parser says the same.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first four bytes choose scratch, cuts, pauses, limits and policies; all
 * that follow are the stream.  It is read whole, cut with pauses, and cut by
 * pulling; the logs must be the same text, and the same as the log of the
 * literal reference wherever that knows the policy.  Every chunk stands in
 * a block of exactly its size, for a sanitizer to watch.
 */
#include "reader.h"
#include "support/reference.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct fuzz_options options_of(const uint8_t choice[4])
{
    struct fuzz_options o;
    const size_t step = (choice[0] & 0x40) != 0 ? 64 : 1;
    o.scratch_cap = SSE_SCRATCH_MIN + (choice[0] & 0x3f) * step;
    o.has_id = (choice[0] & 0x80) != 0;
    o.cuts = choice[1];
    o.pause_every = choice[2] & 0x0f;
    o.id_cap = (choice[2] & 0x10) != 0 ? 8 : 32;
    o.type_cap = (choice[2] & 0x20) != 0 ? 7 : 32;
    o.at_end = (sse_at_end)((choice[3] & 0x03) % 3);
    o.clean = (choice[3] & 0x04) != 0;
    o.overflow = (sse_overflow)((choice[3] >> 3) & 0x03);
    return o;
}

/* Reads the whole stream in chunks of at most 32 bytes, some of them empty;
 * `cuts` 0 leaves it whole. */
static int run(struct fuzz_reader *reader, const struct fuzz_options *o,
               const char *stream, size_t len, int pull)
{
    uint32_t state = o->cuts;
    int open = 1;
    for (size_t at = 0; open && at < len;) {
        size_t chunk = len - at;
        if (o->cuts != 0) {
            state = state * 1664525u + 1013904223u;
            const size_t most = o->cuts % 3 == 0 ? 1 : o->cuts % 32 + 1;
            const size_t cut = (state >> 16) % (most + 1);
            chunk = cut < chunk ? cut : chunk;
        }
        char *const copy = (char *)fuzz_allocate(chunk);
        memcpy(copy, stream + at, chunk);
        open = fuzz_reader_feed(reader, copy, chunk, pull);
        free(copy);
        at += chunk;
    }
    FUZZ_REQUIRE(!open || sse_parser_offset(&reader->parser) == len);
    return open ? fuzz_reader_finish(reader, o->clean, pull) : 1;
}

static void end_log(struct fuzz_reader *reader, int incomplete)
{
    size_t id_len;
    const char *const id = sse_parser_last_event_id(&reader->parser, &id_len);
    event_log_end(&reader->log, id, id_len, incomplete);
}

static void same(const event_log *got, const event_log *want, int line)
{
    if (!event_log_same(got, want)) {
        fuzz_broken(__FILE__, line, "the logs differ", got, want);
    }
}

/* Whether the reference models the policies that were chosen.  It neither
 * stops, nor knows how much of a cut line was gone before the end: in
 * fragments, or dropped where whole lines alone are to count. */
static int is_modelled(const struct fuzz_reader *whole,
                       const struct fuzz_options *o, const char *stream,
                       size_t len)
{
    switch (o->overflow) {
    case SSE_OVERFLOW_SKIP:
        return o->at_end != SSE_AT_END_FLUSH_BLOCK ||
               len <= sse_parser_data_cap(&whole->parser);
    case SSE_OVERFLOW_GROW:
        return 1;
    case SSE_OVERFLOW_FRAGMENTS:
        return len >= 2 && memcmp(stream + len - 2, "\n\n", 2) == 0;
    case SSE_OVERFLOW_STOP:
        break;
    }
    return 0;
}

static void compare_reference(const struct fuzz_reader *whole,
                              const struct fuzz_options *o, const char *stream,
                              size_t len)
{
    if (!is_modelled(whole, o, stream, len)) {
        return;
    }
    const size_t largest = o->id_cap > o->type_cap ? o->id_cap : o->type_cap;
    reference_rules rules = reference_standard();
    rules.id_cap = o->id_cap;
    rules.type_cap = o->type_cap;
    if (o->overflow != SSE_OVERFLOW_GROW) {
        rules.data_cap = sse_parser_data_cap(&whole->parser);
        rules.line_room = rules.data_cap + largest;
    }
    rules.fragments = o->overflow == SSE_OVERFLOW_FRAGMENTS;
    rules.at_end = o->at_end;
    rules.clean = o->clean;
    rules.id = "7";
    rules.id_len = o->has_id ? 1 : 0;
    event_log log = {0};
    log.detail = 1;
    const reference_result result = reference_run(&rules, stream, len, &log);
    same(&whole->log, &log, __LINE__);
    uint64_t retry_ms = 0;
    FUZZ_REQUIRE(sse_parser_retry(&whole->parser, &retry_ms) ==
                 result.has_retry);
    FUZZ_REQUIRE(!result.has_retry || retry_ms == result.retry_ms);
    event_log_free(&log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4) {
        return 0;
    }
    const struct fuzz_options cut = options_of(data);
    struct fuzz_options whole = cut;
    whole.cuts = 0;
    whole.pause_every = 0;
    const char *const stream = (const char *)data + 4;
    const size_t len = size - 4;
    struct fuzz_reader first, second, third;

    fuzz_reader_open(&first, &whole, 0);
    end_log(&first, run(&first, &whole, stream, len, 0));

    fuzz_reader_open(&second, &cut, 0);
    end_log(&second, run(&second, &cut, stream, len, 0));
    same(&second.log, &first.log, __LINE__);

    fuzz_reader_open(&third, &cut, 1);
    end_log(&third, run(&third, &cut, stream, len, 1));
    same(&third.log, &first.log, __LINE__);

    compare_reference(&first, &whole, stream, len);
    fuzz_reader_close(&first);
    fuzz_reader_close(&second);
    fuzz_reader_close(&third);
    return 0;
}
