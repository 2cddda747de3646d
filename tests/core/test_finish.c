/*
 * test_finish.c - the end of a stream, the three policies for it, and reset.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"
#include "tests/support/setting.h"

#include <string.h>

static const struct row {
    const char *name;
    const char *input;
    const char *discard, *block, *line; /* logs, by policy */
} rows[] = {
    {"nothing at all", "", "end id=\"\" complete\n",
     "end id=\"\" complete\n", "end id=\"\" complete\n"},
    {"a whole event", "data: a\n\n",
     "off=9 event type=message id=\"\" data=\"a\"\nend id=\"\" complete\n",
     "off=9 event type=message id=\"\" data=\"a\"\nend id=\"\" complete\n",
     "off=9 event type=message id=\"\" data=\"a\"\nend id=\"\" complete\n"},
    {"whole lines, no blank one", "id: 1\ndata: a\n",
     "end id=\"\" incomplete\n",
     "off=14 event type=message id=1 data=\"a\"\nend id=\"1\" complete\n",
     "off=14 event type=message id=1 data=\"a\"\nend id=\"1\" complete\n"},
    {"a cut data line", "data: a\ndata: b",
     "end id=\"\" incomplete\n",
     "off=15 event type=message id=\"\" data=\"a\"\nend id=\"\" incomplete\n",
     "off=15 event type=message id=\"\" data=\"a\\nb\"\n"
     "end id=\"\" complete\n"},
    {"a cut short line", "data: a\nda",
     "end id=\"\" incomplete\n",
     "off=10 event type=message id=\"\" data=\"a\"\nend id=\"\" incomplete\n",
     "off=10 field name=da value=\"\"\n"
     "off=10 event type=message id=\"\" data=\"a\"\n"
     "end id=\"\" complete\n"},
    {"a cut short line that counts", "data",
     "end id=\"\" incomplete\n", "end id=\"\" incomplete\n",
     "off=4 event type=message id=\"\" data=\"\"\nend id=\"\" complete\n"},
    {"a cut type line", "data: a\nevent: add",
     "end id=\"\" incomplete\n",
     "off=18 event type=message id=\"\" data=\"a\"\nend id=\"\" incomplete\n",
     "off=18 event type=add id=\"\" data=\"a\"\nend id=\"\" complete\n"},
    {"a type, then a cut one", "event: old\ndata: a\nevent: newer",
     "end id=\"\" incomplete\n",
     "off=31 event type=old id=\"\" data=\"a\"\nend id=\"\" incomplete\n",
     "off=31 event type=newer id=\"\" data=\"a\"\nend id=\"\" complete\n"},
    {"an id, then a cut one", "id: old\ndata: a\nid: newer",
     "end id=\"\" incomplete\n",
     "off=25 event type=message id=old data=\"a\"\n"
     "end id=\"old\" incomplete\n",
     "off=25 event type=message id=newer data=\"a\"\n"
     "end id=\"newer\" complete\n"},
    {"an id alone", "id: 3\n", "end id=\"\" incomplete\n",
     "end id=\"3\" complete\n", "end id=\"3\" complete\n"},
    {"a cut comment loses nothing", "data: a\n\n: keep-al",
     "off=9 event type=message id=\"\" data=\"a\"\nend id=\"\" complete\n",
     "off=9 event type=message id=\"\" data=\"a\"\nend id=\"\" complete\n",
     "off=9 event type=message id=\"\" data=\"a\"\nend id=\"\" complete\n"},
    {"a comment, cut short", ":", "end id=\"\" complete\n",
     "end id=\"\" complete\n", "end id=\"\" complete\n"},
    {"a cut comment behind whole lines", "data: a\n: keep-al",
     "end id=\"\" incomplete\n",
     "off=17 event type=message id=\"\" data=\"a\"\nend id=\"\" complete\n",
     "off=17 comment \" keep-al\"\n"
     "off=17 event type=message id=\"\" data=\"a\"\nend id=\"\" complete\n"},
    {"a retry holds already", "retry: 5\n",
     "off=9 retry 5\nend id=\"\" complete\n",
     "off=9 retry 5\nend id=\"\" complete\n",
     "off=9 retry 5\nend id=\"\" complete\n"},
    {"a cut retry", "retry: 5", "end id=\"\" incomplete\n",
     "end id=\"\" incomplete\n",
     "off=8 retry 5\nend id=\"\" complete\n"},
    {"an unknown field is never an event", "foo: bar\n",
     "off=9 field name=foo value=\"bar\"\nend id=\"\" complete\n",
     "off=9 field name=foo value=\"bar\"\nend id=\"\" complete\n",
     "off=9 field name=foo value=\"bar\"\nend id=\"\" complete\n"},
    {"a cut unknown field", "foo: bar baz", "end id=\"\" incomplete\n",
     "end id=\"\" incomplete\n",
     "off=12 field name=foo value=\"bar baz\"\nend id=\"\" complete\n"},
    {"half a byte order mark", "\xEF\xBB", "end id=\"\" incomplete\n",
     "end id=\"\" incomplete\n", "end id=\"\" incomplete\n"},
    {"a byte order mark alone", "\xEF\xBB\xBF", "end id=\"\" complete\n",
     "end id=\"\" complete\n", "end id=\"\" complete\n"},
    {"CR is a whole line end", "data: a\r",
     "end id=\"\" incomplete\n",
     "off=8 event type=message id=\"\" data=\"a\"\nend id=\"\" complete\n",
     "off=8 event type=message id=\"\" data=\"a\"\nend id=\"\" complete\n"},
};

static void test_policies(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *const r = &rows[i];
        setting how;
        memset(&how, 0, sizeof how);
        setting_check(r->name, &how, r->input, strlen(r->input), r->discard);
        how.at_end = SSE_AT_END_FLUSH_BLOCK;
        setting_check(r->name, &how, r->input, strlen(r->input), r->block);
        how.at_end = SSE_AT_END_FLUSH_LINE;
        setting_check(r->name, &how, r->input, strlen(r->input), r->line);
        how.cut = 1;
        setting_check(r->name, &how, r->input, strlen(r->input), r->discard);
    }
}

/* A flushed block that is too large, by each policy. */
static void test_overflow_at_end(void)
{
    char input[600] = "id: 9\ndata:";
    memset(input + 11, 'x', 400);
    const size_t whole = 411;
    setting how;
    memset(&how, 0, sizeof how);
    how.scratch = 256;
    how.at_end = SSE_AT_END_FLUSH_LINE;
    setting_check("a cut line that overflowed is told, its id commits", &how,
                input, whole,
                "off=411 drop reason=data bytes=400 id=9\n"
                "end id=\"9\" complete\n");
    how.at_end = SSE_AT_END_FLUSH_BLOCK;
    setting_check("a cut line that overflowed cannot be taken back", &how,
                input, whole, "end id=\"\" incomplete\n");
}

static void test_after_the_end(void)
{
    char scratch[512];
    sse_parser parser;
    event_log log = {0};
    size_t used = 9;
    (void)sse_parser_init(&parser, scratch, sizeof scratch, event_log_event,
                          &log);
    (void)sse_parser_feed(&parser, "id: 1\nretry: 7\ndata: a\n\nid: 2\nda", 32,
                          &used);
    (void)check_that(sse_parser_finish(&parser, 1) == SSE_INCOMPLETE,
                     "the first finish says what was lost");
    (void)check_that(sse_parser_finish(&parser, 1) == SSE_STOPPED,
                     "the second one that it is over");
    (void)check_that(sse_parser_feed(&parser, "x", 1, &used) == SSE_STOPPED &&
                         used == 0,
                     "no feed after the end");
    const char *chunk = "x";
    size_t len = 1;
    sse_event event;
    (void)check_that(sse_parser_next(&parser, &chunk, &len, &event) ==
                             SSE_STOPPED &&
                         len == 1 && event.fields == 0,
                     "no next after the end");
    sse_parser_reset(&parser);
    uint64_t retry_ms = 0;
    size_t id_len = 0;
    const char *const id = sse_parser_last_event_id(&parser, &id_len);
    (void)check_that(id_len == 1 && id[0] == '1' &&
                         sse_parser_retry(&parser, &retry_ms) &&
                         retry_ms == 7 && sse_parser_offset(&parser) == 0,
                     "the committed id and the retry outlive a reset");
    (void)check_that(sse_parser_feed(&parser, "\xEF\xBB\xBF"
                                              "data: b\n\n",
                                     12, &used) == SSE_OK &&
                         used == 12 && sse_parser_offset(&parser) == 12,
                     "the next connection has its own byte order mark");
    const char *const want = "off=24 event type=message id=1 data=\"a\"\n"
                             "off=12 event type=message id=1 data=\"b\"\n";
    (void)check_that(log.len == strlen(want) &&
                         memcmp(log.text, want, log.len) == 0,
                     "both connections delivered");
    event_log_free(&log);
}

static int stop(const sse_event *event, void *user)
{
    (void)event;
    ++*(int *)user;
    return SSE_STOP;
}

static void test_stop_in_flush(void)
{
    char scratch[512];
    sse_parser parser;
    int calls = 0;
    size_t used = 0;
    (void)sse_parser_init(&parser, scratch, sizeof scratch, stop, &calls);
    (void)sse_parser_set_at_end(&parser, SSE_AT_END_FLUSH_BLOCK);
    (void)sse_parser_feed(&parser, "data: a\n", 8, &used);
    (void)check_that(sse_parser_finish(&parser, 1) == SSE_STOPPED &&
                         calls == 1,
                     "a flush hands on what the hook answers");
}

int main(void)
{
    test_policies();
    test_overflow_at_end();
    test_after_the_end();
    test_stop_in_flush();
    return check_end();
}
