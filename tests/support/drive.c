/*
 * drive.c - a stream through the library.
 *
 * SPDX-License-Identifier: MIT
 */
#include "drive.h"

#include <stdlib.h>
#include <string.h>

typedef struct run {
    const drive *how;
    event_log *log;
    sse_parser parser;
    char *grown; /* scratch from the heap */
    size_t cap;  /* bytes of the scratch */
} run;

static void complain(run *r, const char *what, int status)
{
    event_log_raw(r->log, "unexpected: ");
    event_log_raw(r->log, what);
    event_log_raw(r->log, ": ");
    event_log_raw(r->log, sse_strerror((sse_status)status));
    event_log_raw(r->log, "\n");
}

/* Gives what was asked for and, as long as it is little, no more, so that a
 * parser which asks for too little does not get on. */
static int grow(run *r)
{
    size_t cap = sse_parser_space_needed(&r->parser);
    if (cap > 2048 && cap < 2 * r->cap) {
        cap = 2 * r->cap;
    }
    if (cap <= r->cap) {
        complain(r, "space needed is not more than there is", SSE_NEED_SPACE);
        return 0;
    }
    char *scratch = (char *)malloc(cap);
    if (scratch == NULL) {
        abort();
    }
    const sse_status status = sse_parser_set_scratch(&r->parser, scratch, cap);
    free(r->grown);
    r->grown = scratch;
    r->cap = cap;
    if (status != SSE_OK) {
        complain(r, "set_scratch", status);
    }
    return status == SSE_OK;
}

/* Whether the call is to be made again with the rest. */
static int go_on(run *r, sse_status status)
{
    return status == SSE_PAUSED || (status == SSE_NEED_SPACE && grow(r));
}

static void push(run *r, const char *chunk, size_t len)
{
    sse_status status = SSE_OK;
    do {
        size_t consumed = len + 1;
        status = sse_parser_feed(&r->parser, chunk, len, &consumed);
        if (consumed > len) {
            complain(r, "feed: consumed more than there is", status);
            return;
        }
        if (consumed > 0) {
            chunk += consumed;
            len -= consumed;
        }
    } while (go_on(r, status));
    if (status != SSE_OK || len > 0) {
        complain(r, "feed", status);
    }
}

static int is_cleared(const sse_event *event)
{
    return event->type == NULL && event->type_len == 0 &&
           event->data == NULL && event->data_len == 0 && event->id == NULL &&
           event->id_len == 0 && event->fields == 0 && event->offset == 0;
}

static void pull(run *r, const char *chunk, size_t len)
{
    sse_event event;
    sse_status status = SSE_OK;
    do {
        const size_t before = len;
        memset(&event, 0x5A, sizeof event);
        status = sse_parser_next(&r->parser, &chunk, &len, &event);
        if (len > before) {
            complain(r, "next: took a negative number of bytes", status);
            return;
        }
        if (status == SSE_OK) {
            event_log_event(&event, r->log);
        } else if (!is_cleared(&event)) {
            complain(r, "next: the event is not cleared", status);
        }
    } while (status == SSE_OK || go_on(r, status));
    if (status != SSE_INCOMPLETE || len > 0) {
        complain(r, "next", status);
    }
}

static void take(run *r, const char *chunk, size_t len)
{
    if (r->how->pull) {
        pull(r, chunk, len);
    } else {
        push(r, chunk, len);
    }
}

static void take_chunk(run *r, const char *bytes, size_t len)
{
    const drive *how = r->how;
    if (how->place != NULL) {
        bytes = how->at_begin ? guard_at_begin(how->place, bytes, len)
                              : guard_at_end(how->place, bytes, len);
    }
    if (how->empty_feeds) {
        take(r, NULL, 0);
    }
    take(r, bytes, len);
    if (how->empty_feeds) {
        take(r, bytes, 0);
    }
}

static void set_up(run *r)
{
    const drive *how = r->how;
    sse_parser *parser = &r->parser;
    memset(parser, 0xA5, sizeof *parser);
    sse_status status = sse_parser_init(parser, how->scratch,
                                        how->scratch_cap,
                                        how->pull ? NULL : event_log_event,
                                        r->log);
    event_log_attach(parser);
    if (status == SSE_OK && how->type_cap > 0) {
        status = sse_parser_set_limits(parser, how->id_cap, how->type_cap);
    }
    if (status == SSE_OK) {
        status = sse_parser_set_overflow(parser, how->overflow,
                                         event_log_fragment);
    }
    if (status == SSE_OK) {
        status = sse_parser_set_at_end(parser, how->at_end);
    }
    if (status == SSE_OK && how->id_len > 0) {
        status = sse_parser_set_last_event_id(parser, how->id, how->id_len);
    }
    if (status != SSE_OK) {
        complain(r, "setting up", status);
    }
}

/* The last event of a stream, which finish left for the next call. */
static void pull_last(run *r)
{
    const char *none = NULL;
    size_t len = 0;
    sse_event event;
    const sse_status status = sse_parser_next(&r->parser, &none, &len, &event);
    if (status == SSE_OK) {
        event_log_event(&event, r->log);
    } else if (status != SSE_STOPPED || !is_cleared(&event)) {
        complain(r, "next behind finish", status);
    }
}

static sse_status finish(run *r)
{
    const int clean = !r->how->cut_off;
    sse_status status = sse_parser_finish(&r->parser, clean);
    if (status == SSE_NEED_SPACE && grow(r)) {
        status = sse_parser_finish(&r->parser, clean);
    }
    if (status == SSE_PAUSED) {
        if (r->how->at_end == SSE_AT_END_DISCARD) {
            complain(r, "finish", status);
        }
        if (r->how->pull) {
            pull_last(r);
        }
        status = sse_parser_finish(&r->parser, clean);
    }
    if (status != SSE_OK && status != SSE_INCOMPLETE) {
        complain(r, "finish", status);
    }
    if (sse_parser_finish(&r->parser, clean) != SSE_STOPPED) {
        complain(r, "finish behind the last finish", status);
    }
    return status;
}

drive_result drive_stream(const drive *how, const char *stream, size_t len,
                          event_log *log)
{
    drive_result result;
    memset(&result, 0, sizeof result);
    run r;
    r.how = how;
    r.log = log;
    r.grown = NULL;
    r.cap = how->scratch_cap;
    log->answer = how->pause ? SSE_PAUSE : SSE_GO;
    set_up(&r);
    result.data_cap = sse_parser_data_cap(&r.parser);
    size_t at = 0;
    for (size_t cut = 0; cut < how->cut_count; cut++) {
        take_chunk(&r, stream + at, how->cuts[cut] - at);
        at = how->cuts[cut];
    }
    take_chunk(&r, stream + at, len - at);
    if (sse_parser_offset(&r.parser) != len) {
        complain(&r, "the offset is not the length", SSE_OK);
    }
    result.end = finish(&r);
    result.has_retry = sse_parser_retry(&r.parser, &result.retry_ms);
    size_t id_len = 0;
    const char *id = sse_parser_last_event_id(&r.parser, &id_len);
    event_log_end(log, id, id_len, result.end == SSE_INCOMPLETE);
    log->answer = SSE_GO;
    free(r.grown);
    return result;
}
