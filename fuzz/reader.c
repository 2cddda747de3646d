/*
 * reader.c - see reader.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "reader.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Larger scratches are for streams longer than anything tried here. */
#define SCRATCH_MAX ((size_t)1 << 24)

void fuzz_broken(const char *file, int line, const char *what,
                 const event_log *got, const event_log *want)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    if (got != NULL && want != NULL) {
        fprintf(stderr, "--- got\n%.*s--- want\n%.*s", (int)got->len,
                got->text, (int)want->len, want->text);
    }
    abort();
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

void *fuzz_allocate(size_t size)
{
    void *const block = malloc(size > 0 ? size : 1);
    if (block == NULL) {
        abort();
    }
    return block;
}

void fuzz_reader_open(struct fuzz_reader *reader,
                      const struct fuzz_options *o, int pull)
{
    memset(reader, 0, sizeof *reader);
    reader->log.detail = 1;
    reader->pause_every = o->pause_every;
    reader->scratch_cap = o->scratch_cap;
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
    sse_parser_on_comment(p, on_comment);
    sse_parser_on_retry(p, on_retry);
    sse_parser_on_field(p, on_field);
    sse_parser_on_dropped(p, on_dropped);
}

static void grow(struct fuzz_reader *reader)
{
    const size_t needed = sse_parser_space_needed(&reader->parser);
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
    for (unsigned rounds = 0; status == SSE_PAUSED; rounds++) {
        FUZZ_REQUIRE(rounds < 8);
        if (pull) {
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
                 status == SSE_ERR_TOO_LONG);
    return status != SSE_OK;
}

void fuzz_reader_close(struct fuzz_reader *reader)
{
    event_log_free(&reader->log);
    free(reader->scratch);
}
