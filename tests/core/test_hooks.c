/*
 * test_hooks.c - hooks that stop, hooks that call back in, arguments that
 * break the contract, limits, seeds, and what the counters count.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"
#include "tests/support/setting.h"

#include <string.h>

#define OK(truth, name) ((void)check_that(truth, name))

static sse_parser parser;
static char scratch[1024];
static int calls;
static sse_status inner[8];

static int stop_event(const sse_event *event, void *user)
{
    (void)event;
    (void)user;
    calls++;
    return SSE_STOP;
}

static int odd_comment(const char *text, size_t len, uint64_t offset,
                       void *user)
{
    (void)text;
    (void)len;
    (void)offset;
    (void)user;
    calls++;
    return 77;
}

static int stop_fragment(const sse_fragment *part, void *user)
{
    (void)part;
    (void)user;
    calls++;
    return SSE_STOP;
}

/* Stops at the call of this number, and keeps account. */
static struct {
    int stop_at, calls, late;
    uint64_t delivered, aborted_at;
} parts;

static int stop_at_part(const sse_fragment *part, void *user)
{
    (void)user;
    if (part->kind == SSE_FRAGMENT_ABORT) {
        parts.aborted_at = part->total;
        return SSE_GO;
    }
    parts.calls++;
    parts.late += parts.calls > parts.stop_at;
    parts.delivered += part->data_len;
    return parts.calls == parts.stop_at ? SSE_STOP : SSE_GO;
}

static int meddle(const sse_event *event, void *user)
{
    (void)event;
    (void)user;
    size_t used = 5;
    const char *at = "x";
    size_t len = 1;
    sse_event out;
    static char larger[4096];
    calls++;
    inner[0] = sse_parser_feed(&parser, "x", 1, &used);
    inner[1] = sse_parser_next(&parser, &at, &len, &out);
    inner[2] = sse_parser_finish(&parser, 1);
    inner[3] = sse_parser_set_scratch(&parser, larger, sizeof larger);
    inner[4] = sse_parser_set_last_event_id(&parser, "x", 1);
    inner[5] = sse_parser_set_limits(&parser, 8, 8);
    inner[6] = sse_parser_set_overflow(&parser, SSE_OVERFLOW_STOP, NULL);
    inner[7] = used == 0 && len == 1 ? SSE_ERR_REENTRY : SSE_OK;
    sse_parser_reset(&parser);
    sse_parser_skip_event(&parser);
    return SSE_GO;
}

static void fresh(sse_event_fn fn)
{
    calls = 0;
    (void)sse_parser_init(&parser, scratch, sizeof scratch, fn, NULL);
}

static void test_stop(void)
{
    size_t used = 0;
    fresh(stop_event);
    OK(sse_parser_feed(&parser, "data: a\n\ndata: b\n\n", 18, &used) ==
               SSE_STOPPED &&
           used == 9 && calls == 1,
       "stop: the feed ends behind the event");
    OK(sse_parser_feed(&parser, "data: b\n\n", 9, &used) == SSE_STOPPED &&
           used == 0 && calls == 1,
       "stop: nothing more is read");
    sse_parser_reset(&parser);
    OK(sse_parser_feed(&parser, "data: b\n\n", 9, &used) == SSE_STOPPED &&
           used == 9 && calls == 2,
       "stop: a reset goes on");

    fresh(NULL);
    sse_parser_on_comment(&parser, odd_comment);
    OK(sse_parser_feed(&parser, ":a\n:b\n", 6, &used) == SSE_STOPPED &&
           used == 3 && calls == 1,
       "an answer nobody knows counts as stop");

    fresh(NULL);
    (void)sse_parser_set_overflow(&parser, SSE_OVERFLOW_FRAGMENTS,
                                  stop_fragment);
    char large[1200];
    memset(large, 'x', sizeof large);
    memcpy(large, "data:", 5);
    OK(sse_parser_feed(&parser, large, sizeof large, &used) == SSE_STOPPED &&
           used == sizeof large && calls == 1,
       "stop: the fragment hook is left alone after it");
}

/* Two lines of data in fragments: a beginning, a first line, a LF, a second
 * line, cut anywhere and stopped at any of them. */
static void test_stop_at_a_fragment(void)
{
    char text[1400];
    memset(text, 'x', sizeof text);
    memcpy(text, "data:", 5);
    memcpy(text + 1300, "\ndata:", 6);
    int left_alone = 1;
    int counted = 1;
    for (size_t cut = 1; cut < sizeof text; cut++) {
        for (int stop_at = 1; stop_at <= 5; stop_at++) {
            size_t used = 0;
            fresh(NULL);
            (void)sse_parser_set_overflow(&parser, SSE_OVERFLOW_FRAGMENTS,
                                          stop_at_part);
            memset(&parts, 0, sizeof parts);
            parts.stop_at = stop_at;
            if (sse_parser_feed(&parser, text, cut, &used) == SSE_OK) {
                (void)sse_parser_feed(&parser, text + cut, sizeof text - cut,
                                      &used);
            }
            sse_parser_reset(&parser);
            left_alone = left_alone && parts.late == 0;
            counted = counted && parts.aborted_at == parts.delivered;
        }
    }
    OK(left_alone, "stop at any fragment: no other comes");
    OK(counted, "stop at any fragment: the abort tells what was delivered");
}

static void test_reentry(void)
{
    size_t used = 0;
    fresh(meddle);
    OK(sse_parser_feed(&parser, "id: 1\ndata: a\n\ndata: b\n\n", 24, &used) ==
               SSE_OK &&
           used == 24 && calls == 2,
       "a hook that calls back in changes nothing");
    int all = 1;
    for (size_t i = 0; i < sizeof inner / sizeof inner[0]; i++) {
        all = all && inner[i] == SSE_ERR_REENTRY;
    }
    OK(all, "each such call answers SSE_ERR_REENTRY");
}

static void test_invalid(void)
{
    size_t used = 7;
    const char *chunk = NULL;
    size_t len = 1;
    sse_event event;
    OK(sse_parser_init(NULL, scratch, 1024, NULL, NULL) == SSE_ERR_INVALID &&
           sse_parser_init(&parser, NULL, 1024, NULL, NULL) ==
               SSE_ERR_INVALID,
       "init wants a parser and a scratch");
    OK(sse_parser_init(&parser, scratch, SSE_SCRATCH_MIN - 1, NULL, NULL) ==
               SSE_ERR_NO_SPACE &&
           sse_parser_init(&parser, scratch, SSE_SCRATCH_MIN, NULL, NULL) ==
               SSE_OK,
       "init wants SSE_SCRATCH_MIN bytes");
    fresh(NULL);
    OK(sse_parser_feed(&parser, "x", 1, NULL) == SSE_ERR_INVALID,
       "feed wants to say what it used");
    OK(sse_parser_feed(NULL, "x", 1, &used) == SSE_ERR_INVALID && used == 0 &&
           sse_parser_feed(&parser, NULL, 1, &used) == SSE_ERR_INVALID,
       "feed wants a parser and bytes");
    OK(sse_parser_feed(&parser, NULL, 0, &used) == SSE_OK,
       "no bytes may be NULL");
    OK(sse_parser_next(NULL, &chunk, &len, &event) == SSE_ERR_INVALID &&
           sse_parser_next(&parser, NULL, &len, &event) == SSE_ERR_INVALID &&
           sse_parser_next(&parser, &chunk, NULL, &event) ==
               SSE_ERR_INVALID &&
           sse_parser_next(&parser, &chunk, &len, NULL) == SSE_ERR_INVALID &&
           sse_parser_next(&parser, &chunk, &len, &event) == SSE_ERR_INVALID,
       "next wants all of its arguments");
    len = 0;
    OK(sse_parser_next(&parser, &chunk, &len, &event) == SSE_INCOMPLETE,
       "next without bytes has nothing complete");
    OK(sse_parser_finish(NULL, 1) == SSE_ERR_INVALID, "finish wants a parser");
    OK(sse_parser_set_overflow(NULL, SSE_OVERFLOW_SKIP, NULL) ==
               SSE_ERR_INVALID &&
           sse_parser_set_overflow(&parser, SSE_OVERFLOW_FRAGMENTS, NULL) ==
               SSE_ERR_INVALID &&
           sse_parser_set_overflow(&parser, (sse_overflow)4, NULL) ==
               SSE_ERR_INVALID,
       "set_overflow wants a policy, fragments a hook");
    OK(sse_parser_set_at_end(NULL, SSE_AT_END_DISCARD) == SSE_ERR_INVALID &&
           sse_parser_set_at_end(&parser, (sse_at_end)3) == SSE_ERR_INVALID,
       "set_at_end wants a policy");
    (void)sse_parser_feed(&parser, "data: a\n", 8, &used);
    OK(sse_parser_set_overflow(&parser, SSE_OVERFLOW_STOP, NULL) ==
           SSE_ERR_INVALID,
       "set_overflow not within an event");
    OK(sse_parser_set_limits(&parser, 8, 8) == SSE_ERR_INVALID,
       "set_limits not within a stream");
}

static void test_limits(void)
{
    fresh(NULL);
    OK(sse_parser_set_limits(NULL, 8, 8) == SSE_ERR_INVALID &&
           sse_parser_set_limits(&parser, 8, 6) == SSE_ERR_INVALID,
       "limits: a type must hold \"message\"");
    OK(sse_parser_set_limits(&parser, SIZE_MAX, 8) == SSE_ERR_NO_SPACE &&
           sse_parser_set_limits(&parser, 8, SIZE_MAX) == SSE_ERR_NO_SPACE &&
           sse_parser_set_limits(&parser, 256, 225) == SSE_ERR_NO_SPACE,
       "limits: data wants 32 bytes");
    OK(sse_parser_set_limits(&parser, 256, 224) == SSE_OK &&
           sse_parser_data_cap(&parser) == 32,
       "limits: what is left is the data's");
    OK(sse_parser_set_limits(&parser, 0, 7) == SSE_OK &&
           sse_parser_data_cap(&parser) == 1024 - 14,
       "limits: no ids at all");
    OK(sse_parser_set_last_event_id(&parser, "x", 1) == SSE_ERR_NO_SPACE,
       "limits: they bind the seed too");
    fresh(NULL);
    (void)sse_parser_set_last_event_id(&parser, "123456789", 9);
    OK(sse_parser_set_limits(&parser, 8, 8) == SSE_ERR_NO_SPACE &&
           sse_parser_set_limits(&parser, 9, 8) == SSE_OK,
       "limits: the last event ID must fit");
}

static void test_seed(void)
{
    event_log log = {0};
    size_t used = 0;
    size_t len = 9;
    (void)sse_parser_init(&parser, scratch, sizeof scratch, event_log_event,
                          &log);
    OK(sse_parser_last_event_id(&parser, &len) != NULL && len == 0,
       "seed: no id at first");
    uint64_t retry_ms = 3;
    OK(!sse_parser_retry(&parser, &retry_ms) && retry_ms == 3,
       "no reconnection time at first");
    OK(sse_parser_set_last_event_id(NULL, "a", 1) == SSE_ERR_INVALID &&
           sse_parser_set_last_event_id(&parser, NULL, 1) == SSE_ERR_INVALID,
       "seed: arguments");
    OK(sse_parser_set_last_event_id(&parser, "a\nb", 3) ==
               SSE_ERR_CHARACTER &&
           sse_parser_set_last_event_id(&parser, "a\rb", 3) ==
               SSE_ERR_CHARACTER &&
           sse_parser_set_last_event_id(&parser, "a\0b", 3) ==
               SSE_ERR_CHARACTER,
       "seed: no CR, LF or NUL");
    OK(sse_parser_set_last_event_id(&parser, "s-1", 3) == SSE_OK,
       "seed: taken");
    (void)sse_parser_feed(&parser, "data: a\n\nid\n\ndata: b\n\n", 22, &used);
    const char *const want = "off=9 event type=message id=s-1 data=\"a\"\n"
                             "off=22 event type=message id=\"\" data=\"b\"\n";
    OK(log.len == strlen(want) && memcmp(log.text, want, log.len) == 0,
       "seed: events carry it until the stream says otherwise");
    (void)sse_parser_set_last_event_id(&parser, "x", 1);
    (void)sse_parser_set_last_event_id(&parser, NULL, 0);
    (void)sse_parser_last_event_id(&parser, &len);
    OK(len == 0, "seed: cleared");
    event_log_free(&log);
}

static void test_scratch(void)
{
    static char larger[2048];
    fresh(NULL);
    OK(sse_parser_set_scratch(NULL, larger, 2048) == SSE_ERR_INVALID &&
           sse_parser_set_scratch(&parser, NULL, 2048) == SSE_ERR_INVALID,
       "set_scratch: arguments");
    OK(sse_parser_set_scratch(&parser, larger, 1023) == SSE_ERR_NO_SPACE,
       "set_scratch: never smaller");
    OK(sse_parser_set_scratch(&parser, scratch + 1, 1024) == SSE_ERR_INVALID,
       "set_scratch: no overlap from above");
    (void)sse_parser_init(&parser, larger + 512, 512, NULL, NULL);
    OK(sse_parser_set_scratch(&parser, larger, 513) == SSE_ERR_INVALID,
       "set_scratch: no overlap from below");
    OK(sse_parser_set_scratch(&parser, larger + 1024, 1024) == SSE_OK,
       "set_scratch: next to each other is fine");
    OK(sse_parser_set_scratch(&parser, larger + 1024, 1023) ==
               SSE_ERR_NO_SPACE &&
           sse_parser_set_scratch(&parser, larger + 1024, 1024) == SSE_OK,
       "set_scratch: in place, never smaller");
    OK(sse_parser_space_needed(&parser) == 0, "nothing needed, nothing asked");
    sse_parser_skip_event(&parser);
    event_log log = {0};
    size_t used = 0;
    (void)sse_parser_init(&parser, scratch, sizeof scratch, event_log_event,
                          &log);
    sse_parser_on_comment(&parser, event_log_comment);
    sse_parser_on_dropped(&parser, event_log_drop);
    sse_parser_skip_event(&parser);
    (void)sse_parser_feed(&parser, "data: a\n: comm", 14, &used);
    sse_parser_skip_event(&parser);
    (void)sse_parser_feed(&parser, "ent\ndata: b\n\ndata: c\n\n", 22, &used);
    const char *const want = "off=18 comment \" comment\"\n"
                             "off=27 drop reason=data bytes=3 id=\"\"\n"
                             "off=36 event type=message id=\"\" data=\"c\"\n";
    OK(log.len == strlen(want) && memcmp(log.text, want, log.len) == 0,
       "skip_event: this event alone, the cut comment arrives");
    event_log_free(&log);
}

static const char quirky[] = "\xEF\xBB\xBF"
                             ":c\r\ndata\rdata:x\nid:a\0b\nretry:\nretry: 1x\n"
                             "event\nfoo: bar\nfo\n: a comment\r\n\nid: 1\n\n"
                             "data: ok\nevent:much too long a type for it\n"
                             "retry: 99999999999999999999\n\n";

static void test_quirks(void)
{
    for (size_t chunk = 1; chunk <= sizeof quirky; chunk++) {
        sse_quirks q;
        memset(&q, 0, sizeof q);
        fresh(NULL);
        (void)sse_parser_set_limits(&parser, 8, 8);
        sse_parser_set_quirks(&parser, &q);
        for (size_t at = 0; at < sizeof quirky - 1; at += chunk) {
            const size_t left = sizeof quirky - 1 - at;
            size_t used = 0;
            (void)sse_parser_feed(&parser, quirky + at,
                                  left < chunk ? left : chunk, &used);
        }
        if (q.lf != 14 || q.cr != 1 || q.crlf != 2 || q.comments != 2 ||
            q.unknown_fields != 2 || q.no_colon != 2 || q.no_space != 3 ||
            q.empty_blocks != 1 || q.nul_ids != 1 || q.bad_retries != 3 ||
            q.byte_order_marks != 1 || q.dropped != 1) {
            check_note("pieces of %lu: %lu %lu %lu, %lu %lu, %lu %lu, %lu %lu "
                       "%lu %lu %lu",
                       (unsigned long)chunk, (unsigned long)q.lf,
                       (unsigned long)q.cr, (unsigned long)q.crlf,
                       (unsigned long)q.comments,
                       (unsigned long)q.unknown_fields,
                       (unsigned long)q.no_colon, (unsigned long)q.no_space,
                       (unsigned long)q.empty_blocks,
                       (unsigned long)q.nul_ids, (unsigned long)q.bad_retries,
                       (unsigned long)q.byte_order_marks,
                       (unsigned long)q.dropped);
            OK(0, "quirks are counted alike however the stream is cut");
            return;
        }
    }
    OK(1, "quirks are counted alike however the stream is cut");
}

int main(void)
{
    test_stop();
    test_stop_at_a_fragment();
    test_reentry();
    test_invalid();
    test_limits();
    test_seed();
    test_scratch();
    test_quirks();
    return check_end();
}
