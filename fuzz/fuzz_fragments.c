/*
 * fuzz_fragments.c - fragments joined are the event, and so is what comes of
 * a scratch that grows.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first four bytes choose as in fuzz_splits.c; the rest is the stream.  It
 * is read with a scratch that holds all of it, with a small one that delivers
 * fragments, and with a small one that grows.  All must deliver the same.
 */
#include "oracle.h"

#include <string.h>

/* One of the parsers, and what it delivered. */
struct listener {
    struct fuzz_reader reader;
    struct fuzz_text joined; /* of the event in fragments */
    int open;                /* between BEGIN and END or ABORT */
};

static int answer(struct listener *l)
{
    const unsigned every = l->reader.pause_every;
    l->reader.calls++;
    return every != 0 && l->reader.calls % every == 0 ? SSE_PAUSE : SSE_GO;
}

static int on_event(const sse_event *event, void *user)
{
    struct listener *const l = (struct listener *)user;
    FUZZ_REQUIRE(!l->open);
    event_log_event(event, &l->reader.log);
    return answer(l);
}

/* Where the line was is not told of fragments. */
static void log_drop(struct listener *l, sse_drop_reason reason,
                     uint64_t bytes)
{
    event_log *const log = &l->reader.log;
    event_log_raw(log, reason == SSE_DROP_ID ? "long id " : "long type ");
    event_log_number(log, bytes);
    event_log_raw(log, "\n");
}

static int on_dropped(const sse_drop *drop, void *user)
{
    struct listener *const l = (struct listener *)user;
    FUZZ_REQUIRE(drop->reason == SSE_DROP_ID ||
                 drop->reason == SSE_DROP_TYPE);
    log_drop(l, drop->reason, drop->bytes);
    return answer(l);
}

static void end_fragments(struct listener *l, const sse_fragment *part)
{
    sse_event event = *part->event;
    FUZZ_REQUIRE(event.data == NULL && event.data_len == 0);
    event.data = l->joined.bytes;
    event.data_len = l->joined.len;
    event_log_event(&event, &l->reader.log);
}

static int on_fragment(const sse_fragment *part, void *user)
{
    struct listener *const l = (struct listener *)user;
    FUZZ_REQUIRE(l->open == (part->kind != SSE_FRAGMENT_BEGIN));
    FUZZ_REQUIRE((part->event != NULL) == (part->kind == SSE_FRAGMENT_END));
    switch (part->kind) {
    case SSE_FRAGMENT_BEGIN:
        l->open = 1;
        l->joined.len = 0;
        break;
    case SSE_FRAGMENT_DATA:
        FUZZ_REQUIRE(part->data_len > 0);
        fuzz_text_add(&l->joined, part->data, part->data_len);
        break;
    case SSE_FRAGMENT_END:
        l->open = 0;
        end_fragments(l, part);
        break;
    case SSE_FRAGMENT_ABORT:
        l->open = 0;
        FUZZ_REQUIRE(part->reason == SSE_DROP_TYPE ||
                     part->reason == SSE_DROP_END);
        if (part->reason == SSE_DROP_TYPE) {
            log_drop(l, SSE_DROP_TYPE, part->total);
        }
        break;
    }
    FUZZ_REQUIRE(part->total == l->joined.len);
    return answer(l);
}

/* Reads the stream with this scratch and policy. */
static void listen(struct listener *l, const struct fuzz_options *o,
                   const char *stream, size_t len)
{
    memset(l, 0, sizeof *l);
    fuzz_reader_open(&l->reader, o, 0);
    sse_parser *const p = &l->reader.parser;
    FUZZ_REQUIRE(sse_parser_init(p, l->reader.scratch, o->scratch_cap,
                                 on_event, l) == SSE_OK);
    FUZZ_REQUIRE(sse_parser_set_limits(p, o->id_cap, o->type_cap) == SSE_OK);
    FUZZ_REQUIRE(sse_parser_set_overflow(p, o->overflow, on_fragment) ==
                 SSE_OK);
    FUZZ_REQUIRE(sse_parser_set_at_end(p, o->at_end) == SSE_OK);
    sse_parser_on_dropped(p, on_dropped);
    fuzz_reader_run(&l->reader, o, stream, len, 0);
    FUZZ_REQUIRE(!l->open);
}

static void close_listener(struct listener *l)
{
    fuzz_reader_close(&l->reader);
    fuzz_text_free(&l->joined);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < FUZZ_CHOICES) {
        return 0;
    }
    struct fuzz_input input = fuzz_input_of(data, size);
    struct fuzz_options small = fuzz_options_of(&input);
    small.overflow = SSE_OVERFLOW_FRAGMENTS;
    small.most_cap = 0;
    /* A part of a line that went out cannot be called back. */
    small.at_end = small.at_end == SSE_AT_END_FLUSH_BLOCK
                       ? SSE_AT_END_FLUSH_LINE
                       : small.at_end;
    struct fuzz_options grown = small;
    grown.overflow = SSE_OVERFLOW_GROW;
    struct fuzz_options large = small;
    large.overflow = SSE_OVERFLOW_SKIP;
    large.scratch_cap = small.scratch_cap + input.left + 1024;
    large.cuts = 0;
    large.pause_every = 0;

    struct listener want, parts, whole;
    listen(&want, &large, input.at, input.left);
    listen(&parts, &small, input.at, input.left);
    listen(&whole, &grown, input.at, input.left);
    fuzz_same_logs(&parts.reader.log, &want.reader.log, __FILE__, __LINE__);
    fuzz_same_logs(&whole.reader.log, &want.reader.log, __FILE__, __LINE__);
    close_listener(&want);
    close_listener(&parts);
    close_listener(&whole);
    return 0;
}
