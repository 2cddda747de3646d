/*
 * reader.c - see reader.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Larger scratches are for streams longer than anything tried here. */
#define SCRATCH_MAX ((size_t)1 << 24)

void fuzz_same_logs(const event_log *got, const event_log *want,
                    const char *file, int line)
{
    if (!event_log_same(got, want)) {
        fprintf(stderr, "--- got\n%.*s--- want\n%.*s", (int)got->len,
                got->text, (int)want->len, want->text);
        fuzz_broken(file, line, "the logs differ");
    }
}

struct fuzz_options fuzz_options_of(struct fuzz_input *input)
{
    struct fuzz_options o;
    const unsigned scratch = fuzz_byte(input);
    o.scratch_cap = SSE_SCRATCH_MIN +
                    (scratch & 0x3f) * ((scratch & 0x40) != 0 ? 64u : 1u);
    o.has_id = (scratch & 0x80) != 0;
    o.cuts = fuzz_byte(input);
    const unsigned limits = fuzz_byte(input);
    o.pause_every = limits & 0x0f;
    o.id_cap = (limits & 0x10) != 0 ? 8 : 32;
    o.type_cap = (limits & 0x20) != 0 ? 7 : 32;
    const unsigned policies = fuzz_byte(input);
    o.at_end = (sse_at_end)((policies & 0x03) % 3);
    o.clean = (policies & 0x04) != 0;
    o.overflow = (sse_overflow)((policies >> 3) & 0x03);
    o.plain = (policies & 0x20) != 0;
    o.counts = (policies & 0x40) != 0;
    o.most_cap = 0;
    if ((limits & 0x40) != 0 && o.overflow == SSE_OVERFLOW_GROW) {
        o.most_cap = o.scratch_cap * 2;
        o.plain = 1; /* an aside wants space only if a cut goes through it */
    }
    return o;
}

static int answer(struct fuzz_reader *reader)
{
    reader->calls++;
    return reader->pause_every != 0 &&
                   reader->calls % reader->pause_every == 0
               ? SSE_PAUSE
               : SSE_GO;
}

static int on_event(const sse_event *event, void *user)
{
    struct fuzz_reader *const reader = (struct fuzz_reader *)user;
    event_log_event(event, &reader->log);
    return answer(reader);
}

static int on_comment(const char *text, size_t len, uint64_t offset,
                      void *user)
{
    struct fuzz_reader *const reader = (struct fuzz_reader *)user;
    event_log_comment(text, len, offset, &reader->log);
    return answer(reader);
}

static int on_retry(uint64_t retry_ms, uint64_t offset, void *user)
{
    struct fuzz_reader *const reader = (struct fuzz_reader *)user;
    event_log_retry(retry_ms, offset, &reader->log);
    return answer(reader);
}

static int on_field(const char *name, size_t name_len, const char *value,
                    size_t value_len, uint64_t offset, void *user)
{
    struct fuzz_reader *const reader = (struct fuzz_reader *)user;
    event_log_field(name, name_len, value, value_len, offset, &reader->log);
    return answer(reader);
}

static int on_dropped(const sse_drop *drop, void *user)
{
    struct fuzz_reader *const reader = (struct fuzz_reader *)user;
    event_log_drop(drop, &reader->log);
    return answer(reader);
}

static int on_fragment(const sse_fragment *fragment, void *user)
{
    struct fuzz_reader *const reader = (struct fuzz_reader *)user;
    event_log_fragment(fragment, &reader->log);
    return answer(reader);
}

void fuzz_reader_open(struct fuzz_reader *reader,
                      const struct fuzz_options *o, int pull)
{
    memset(reader, 0, sizeof *reader);
    reader->log.detail = 1;
    reader->pause_every = o->pause_every;
    reader->scratch_cap = o->scratch_cap;
    reader->most_cap = o->most_cap;
    reader->overflow = o->overflow;
    reader->scratch = (char *)fuzz_allocate(o->scratch_cap);
    sse_parser *const p = &reader->parser;
    FUZZ_REQUIRE(sse_parser_init(p, reader->scratch, o->scratch_cap,
                            pull ? NULL : on_event, reader) == SSE_OK);
    FUZZ_REQUIRE(sse_parser_set_limits(p, o->id_cap, o->type_cap) == SSE_OK);
    FUZZ_REQUIRE(sse_parser_set_overflow(p, o->overflow, on_fragment) ==
                 SSE_OK);
    FUZZ_REQUIRE(sse_parser_set_at_end(p, o->at_end) == SSE_OK);
    if (o->has_id) {
        FUZZ_REQUIRE(sse_parser_set_last_event_id(p, "7", 1) == SSE_OK);
    }
    sse_parser_on_retry(p, on_retry);
    sse_parser_on_dropped(p, on_dropped);
    if (!o->plain) {
        sse_parser_on_comment(p, on_comment);
        sse_parser_on_field(p, on_field);
    }
    if (o->counts) {
        sse_parser_set_quirks(p, &reader->quirks);
    }
}

static void grow(struct fuzz_reader *reader)
{
    const size_t needed = sse_parser_space_needed(&reader->parser);
    if (reader->most_cap != 0 && needed > reader->most_cap) {
        sse_parser_skip_event(&reader->parser);
        FUZZ_REQUIRE(sse_parser_space_needed(&reader->parser) == 0);
        return;
    }
    size_t cap = reader->scratch_cap * 2;
    while (cap < needed) {
        cap *= 2;
    }
    FUZZ_REQUIRE(needed > reader->scratch_cap && cap <= SCRATCH_MAX);
    char *const scratch = (char *)fuzz_allocate(cap);
    FUZZ_REQUIRE(sse_parser_set_scratch(&reader->parser, scratch, cap) ==
                 SSE_OK);
    free(reader->scratch);
    reader->scratch = scratch;
    reader->scratch_cap = cap;
}

int fuzz_reader_feed(struct fuzz_reader *reader, const char *chunk, size_t len,
                     int pull)
{
    size_t rounds = 0;
    for (;;) {
        const size_t before = len;
        sse_status status;
        if (pull) {
            sse_event event;
            status = sse_parser_next(&reader->parser, &chunk, &len, &event);
            if (status == SSE_OK) {
                event_log_event(&event, &reader->log);
            }
        } else {
            size_t consumed = len + 1;
            status = sse_parser_feed(&reader->parser, chunk, len, &consumed);
            FUZZ_REQUIRE(consumed <= len);
            chunk += consumed;
            len -= consumed;
        }
        FUZZ_REQUIRE(len <= before);
        if (status == (pull ? SSE_INCOMPLETE : SSE_OK)) {
            FUZZ_REQUIRE(len == 0);
            return 1;
        }
        if (status == SSE_ERR_TOO_LONG) {
            FUZZ_REQUIRE(reader->overflow == SSE_OVERFLOW_STOP);
            return 0;
        }
        if (status == SSE_NEED_SPACE) {
            grow(reader);
        } else {
            FUZZ_REQUIRE(status == SSE_PAUSED || (pull && status == SSE_OK));
        }
        /* Two answers without a byte between them are possible: a space
         * granted and a hook that pauses.  Many are a loop. */
        rounds = len == before ? rounds + 1 : 0;
        FUZZ_REQUIRE(rounds < 64);
    }
}

int fuzz_reader_finish(struct fuzz_reader *reader, int clean, int pull)
{
    sse_status status = sse_parser_finish(&reader->parser, clean);
    for (unsigned rounds = 0;
         status == SSE_PAUSED || status == SSE_NEED_SPACE; rounds++) {
        FUZZ_REQUIRE(rounds < 8);
        if (status == SSE_NEED_SPACE) {
            grow(reader);
        } else if (pull) {
            const char *none = "";
            size_t len = 0;
            sse_event event;
            status = sse_parser_next(&reader->parser, &none, &len, &event);
            if (status == SSE_OK) {
                event_log_event(&event, &reader->log);
            }
        }
        status = sse_parser_finish(&reader->parser, clean);
    }
    FUZZ_REQUIRE(status == SSE_OK || status == SSE_INCOMPLETE ||
                 (status == SSE_ERR_TOO_LONG &&
                  reader->overflow == SSE_OVERFLOW_STOP));
    return status != SSE_OK;
}

void fuzz_reader_run(struct fuzz_reader *reader, const struct fuzz_options *o,
                     const char *stream, size_t len, int pull)
{
    sse_parser *const p = &reader->parser;
    struct fuzz_cuts cuts = fuzz_cuts_of(o->cuts);
    int open = 1;
    for (size_t at = 0; open && at < len;) {
        const size_t chunk = fuzz_cut(&cuts, len - at);
        char *const copy = fuzz_copy(stream + at, chunk);
        open = fuzz_reader_feed(reader, copy, chunk, pull);
        free(copy);
        at += chunk;
    }
    FUZZ_REQUIRE(!open || sse_parser_offset(p) == len);
    const int lost = open ? fuzz_reader_finish(reader, o->clean, pull) : 1;
    size_t id_len;
    const char *const id = sse_parser_last_event_id(p, &id_len);
    event_log_end(&reader->log, id, id_len, lost);
}

void fuzz_reader_close(struct fuzz_reader *reader)
{
    event_log_free(&reader->log);
    free(reader->scratch);
}
