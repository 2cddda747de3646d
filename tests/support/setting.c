/*
 * setting.c - one parser over one input.
 *
 * SPDX-License-Identifier: MIT
 */
#include "setting.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

/* The log hooks answer SSE_GO; these ask to pause as well. */
static int pause_event(const sse_event *event, void *user)
{
    (void)event_log_event(event, user);
    return SSE_PAUSE;
}

static int pause_comment(const char *text, size_t len, uint64_t offset,
                         void *user)
{
    (void)event_log_comment(text, len, offset, user);
    return SSE_PAUSE;
}

static int pause_retry(uint64_t retry_ms, uint64_t offset, void *user)
{
    (void)event_log_retry(retry_ms, offset, user);
    return SSE_PAUSE;
}

static int pause_field(const char *name, size_t name_len, const char *value,
                       size_t value_len, uint64_t offset, void *user)
{
    (void)event_log_field(name, name_len, value, value_len, offset, user);
    return SSE_PAUSE;
}

static int pause_drop(const sse_drop *drop, void *user)
{
    (void)event_log_drop(drop, user);
    return SSE_PAUSE;
}

static int pause_fragment(const sse_fragment *part, void *user)
{
    (void)event_log_fragment(part, user);
    return SSE_PAUSE;
}

static char *memory(size_t cap)
{
    char *const bytes = (char *)malloc(cap > 0 ? cap : 1);
    if (bytes == NULL) {
        abort();
    }
    return bytes;
}

static void set_up(sse_parser *parser, const setting *how, char *scratch,
                   size_t cap, event_log *log)
{
    const sse_event_fn fn = how->pause ? pause_event : event_log_event;
    sse_status status = sse_parser_init(parser, scratch, cap,
                                        how->pull ? NULL : fn, log);
    if (how->type_cap > 0 && status == SSE_OK) {
        status = sse_parser_set_limits(parser, how->id_cap, how->type_cap);
    }
    if (status == SSE_OK) {
        status = sse_parser_set_overflow(
            parser, how->overflow,
            how->pause ? pause_fragment : event_log_fragment);
    }
    if (status == SSE_OK) {
        status = sse_parser_set_at_end(parser, how->at_end);
    }
    if (status != SSE_OK) {
        check_note("setting the parser up: %s", sse_strerror(status));
        abort();
    }
    sse_parser_on_dropped(parser, how->pause ? pause_drop : event_log_drop);
    if (!how->hooks_off) {
        sse_parser_on_comment(parser,
                              how->pause ? pause_comment : event_log_comment);
        sse_parser_on_retry(parser,
                            how->pause ? pause_retry : event_log_retry);
        sse_parser_on_field(parser,
                            how->pause ? pause_field : event_log_field);
    }
}

/* Answers SSE_NEED_SPACE.  The old scratch is wiped, so that nothing that was
 * left behind in it goes unnoticed. */
static void grow(sse_parser *parser, const setting *how, char **scratch,
                 size_t *cap)
{
    const size_t need = sse_parser_space_needed(parser);
    size_t next = *cap * 2;
    while (next < need) {
        next *= 2;
    }
    if (how->scratch_max > 0 && next > how->scratch_max) {
        sse_parser_skip_event(parser);
        return;
    }
    char *const larger = memory(next);
    if (sse_parser_set_scratch(parser, larger, next) != SSE_OK) {
        abort();
    }
    memset(*scratch, '?', *cap);
    free(*scratch);
    *scratch = larger;
    *cap = next;
}

/* One call: feed, or next with its event logged. */
static sse_status step(sse_parser *parser, const setting *how,
                       const char **piece, size_t *len, event_log *log)
{
    size_t used = 0;
    sse_status status;
    if (!how->pull) {
        status = sse_parser_feed(parser, *piece, *len, &used);
        *piece = used > 0 ? *piece + used : *piece;
        *len -= used;
        return status;
    }
    sse_event event;
    status = sse_parser_next(parser, piece, len, &event);
    if (status == SSE_OK) {
        (void)event_log_event(&event, log);
        return SSE_PAUSED;
    }
    return status == SSE_INCOMPLETE ? SSE_OK : status;
}

/* Feeds one piece to its end.  Not SSE_OK: the parser gave up. */
static sse_status feed(sse_parser *parser, const setting *how, char **scratch,
                       const char *piece, size_t len, event_log *log,
                       outcome *out)
{
    for (;;) {
        const sse_status status = step(parser, how, &piece, &len, log);
        if (status == SSE_NEED_SPACE) {
            grow(parser, how, scratch, &out->grown);
        } else if (status != SSE_PAUSED) {
            return status;
        }
    }
}

static void finish(sse_parser *parser, const setting *how, char **scratch,
                   event_log *log, outcome *out)
{
    out->finish = sse_parser_finish(parser, !how->cut);
    while (out->finish == SSE_PAUSED || out->finish == SSE_NEED_SPACE) {
        if (out->finish == SSE_NEED_SPACE) {
            grow(parser, how, scratch, &out->grown);
        } else if (how->pull) {
            (void)feed(parser, how, scratch, NULL, 0, log, out);
        }
        out->finish = sse_parser_finish(parser, !how->cut);
    }
    size_t id_len = 0;
    const char *const id = sse_parser_last_event_id(parser, &id_len);
    event_log_end(log, id, id_len, out->finish == SSE_INCOMPLETE);
}

outcome setting_run(const setting *how, const char *input, size_t len,
                    size_t chunk, event_log *log)
{
    outcome out = {SSE_OK, SSE_OK, 0};
    sse_parser parser;
    out.grown = how->scratch > 0 ? how->scratch : 4096;
    char *scratch = memory(out.grown);
    set_up(&parser, how, scratch, out.grown, log);
    size_t at = 0;
    while (at < len && out.status == SSE_OK) {
        const size_t n = chunk == 0 || chunk > len - at ? len - at : chunk;
        /* A copy of its own, so that what the parser keeps pointing at is
         * gone when the next piece comes. */
        char *const piece = memory(n);
        memcpy(piece, input + at, n);
        out.status = feed(&parser, how, &scratch, piece, n, log, &out);
        memset(piece, '!', n);
        free(piece);
        at += n;
    }
    if (out.status == SSE_OK) {
        finish(&parser, how, &scratch, log, &out);
    }
    free(scratch);
    return out;
}

/* One way of cutting; says so when the log is not what it should be. */
static int agrees(const setting *how, const char *input, size_t len,
                  size_t chunk, const char *want)
{
    event_log log = {0};
    (void)setting_run(how, input, len, chunk, &log);
    const int same = log.len == strlen(want) &&
                     memcmp(log.text, want, log.len) == 0;
    if (!same) {
        check_note("in pieces of %lu, %s, %s", (unsigned long)chunk,
                   how->pull ? "pull" : "push",
                   how->pause ? "pausing" : "not pausing");
        check_lines("got", log.text == NULL ? "" : log.text, log.len);
        check_lines("want", want, strlen(want));
    }
    event_log_free(&log);
    return same;
}

void setting_check(const char *name, const setting *how, const char *input,
                   size_t len, const char *want)
{
    int good = 1;
    for (int form = 0; form < 4 && good; form++) {
        setting variant = *how;
        variant.pull = form & 1;
        variant.pause = form >> 1;
        for (size_t chunk = 0; chunk <= len && good; chunk++) {
            /* Every size up to 17, then every cut in two. */
            if (chunk <= 17 || chunk * 2 >= len) {
                good = agrees(&variant, input, len, chunk, want);
            }
        }
    }
    (void)check_that(good, "%s", name);
}
