/*
 * oracle.c - see oracle.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "oracle.h"

#include "support/reference.h"

#include <string.h>

/* What an event may have of data before it is given up. */
static size_t data_cap_of(const struct fuzz_options *o)
{
    const size_t largest = o->id_cap > o->type_cap ? o->id_cap : o->type_cap;
    return o->most_cap - 2 * o->id_cap - o->type_cap - largest;
}

/* The reference neither stops, nor knows how much of a cut line was gone
 * before the end: in fragments, or dropped where whole lines alone are to
 * count. */
int fuzz_oracle_knows(const struct fuzz_reader *reader,
                      const struct fuzz_options *o, const char *stream,
                      size_t len)
{
    switch (o->overflow) {
    case SSE_OVERFLOW_SKIP:
        return o->at_end != SSE_AT_END_FLUSH_BLOCK ||
               len <= sse_parser_data_cap(&reader->parser);
    case SSE_OVERFLOW_GROW:
        return o->most_cap == 0 || o->at_end != SSE_AT_END_FLUSH_BLOCK ||
               len <= data_cap_of(o);
    case SSE_OVERFLOW_FRAGMENTS:
        return len >= 2 && memcmp(stream + len - 2, "\n\n", 2) == 0;
    case SSE_OVERFLOW_STOP:
        break;
    }
    return 0;
}

static int begins(const char *text, size_t len, const char *with)
{
    return len >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

/* Takes the lines about comments and unknown fields out of a log. */
static void forget_asides(event_log *log)
{
    size_t kept = 0;
    for (size_t at = 0; at < log->len;) {
        const char *const line = log->text + at;
        const char *const end =
            (const char *)memchr(line, '\n', log->len - at);
        const size_t len = (size_t)(end - line) + 1;
        const char *const space = (const char *)memchr(line, ' ', len);
        const size_t left = len - (size_t)(space - line);
        if (!begins(space, left, " comment ") &&
            !begins(space, left, " field ") &&
            !begins(space, left, " drop reason=comment ") &&
            !begins(space, left, " drop reason=field ")) {
            memmove(log->text + kept, line, len);
            kept += len;
        }
        at += len;
    }
    log->len = kept;
}

void fuzz_oracle_compare(const struct fuzz_reader *reader,
                         const struct fuzz_options *o, const char *stream,
                         size_t len)
{
    const size_t largest = o->id_cap > o->type_cap ? o->id_cap : o->type_cap;
    reference_rules rules = reference_standard();
    rules.id_cap = o->id_cap;
    rules.type_cap = o->type_cap;
    if (o->overflow != SSE_OVERFLOW_GROW) {
        rules.data_cap = sse_parser_data_cap(&reader->parser);
        rules.line_room = rules.data_cap + largest;
    }
    if (o->most_cap != 0) {
        rules.data_cap = data_cap_of(o);
    }
    rules.fragments = o->overflow == SSE_OVERFLOW_FRAGMENTS;
    rules.at_end = o->at_end;
    rules.clean = o->clean;
    rules.id = "7";
    rules.id_len = o->has_id ? 1 : 0;
    event_log log = {0};
    log.detail = 1;
    const reference_result result = reference_run(&rules, stream, len, &log);
    if (o->plain) {
        forget_asides(&log);
    }
    fuzz_same_logs(&reader->log, &log, __FILE__, __LINE__);
    uint64_t retry_ms = 0;
    FUZZ_REQUIRE(sse_parser_retry(&reader->parser, &retry_ms) ==
                 result.has_retry);
    FUZZ_REQUIRE(!result.has_retry || retry_ms == result.retry_ms);
    event_log_free(&log);
}
