/*
 * test_corners.c - corners where two rules meet: giving events up, full
 * scratches, and ends of streams in the middle of something.
 *
 * With a scratch of 256 bytes and limits of 8 an event has up to 224 bytes of
 * data, and 8 more are kept for a cut line.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"
#include "tests/support/log.h"

#include <sse/sse.h>

#include <string.h>

#define OK(truth, name) ((void)check_that(truth, name))
#define CAP 224

static sse_parser parser;
static char scratch[256];
static event_log heard;
static char full[512]; /* one data line that fills the scratch */
static size_t full_len;

static void fresh(sse_event_fn fn)
{
    event_log_clear(&heard);
    (void)sse_parser_init(&parser, scratch, sizeof scratch, fn, &heard);
    (void)sse_parser_set_limits(&parser, 8, 8);
}

static sse_status feed(const char *text, size_t len)
{
    size_t used = 0;
    return sse_parser_feed(&parser, text, len, &used);
}

static sse_status feed_text(const char *text)
{
    return feed(text, strlen(text));
}

static int said(const char *want)
{
    return event_log_is(&heard, want);
}

static int stop_comment(const char *text, size_t len, uint64_t offset,
                        void *user)
{
    (void)event_log_comment(text, len, offset, user);
    return SSE_STOP;
}

static int stop_at_abort(const sse_fragment *part, void *user)
{
    (void)event_log_fragment(part, user);
    return part->kind == SSE_FRAGMENT_ABORT ? SSE_STOP : SSE_GO;
}

static void test_giving_up(void)
{
    fresh(event_log_event);
    sse_parser_on_comment(&parser, event_log_comment);
    sse_parser_on_dropped(&parser, event_log_drop);
    (void)sse_parser_set_overflow(&parser, SSE_OVERFLOW_GROW, NULL);
    char comment[600];
    memset(comment, 'c', sizeof comment);
    comment[0] = ':';
    OK(feed(comment, 100) == SSE_OK &&
           feed(comment + 100, 400) == SSE_NEED_SPACE,
       "a cut comment asks for space");
    sse_parser_skip_event(&parser);
    OK(sse_parser_space_needed(&parser) == 0 &&
           feed(comment + 100, 400) == SSE_OK &&
           feed_text("c\nfoo: unheard\ndata: a\n\n") == SSE_OK &&
           said("off=502 drop reason=comment bytes=500 id=\"\"\n"
                "off=524 event type=message id=\"\" data=\"a\"\n"),
       "a comment given up leaves the event alone");

    event_log_clear(&heard);
    (void)feed_text("id: 1\n");
    sse_parser_skip_event(&parser);
    OK(feed_text("data: gone\ndata: too\n\ndata: b\n\n") == SSE_OK &&
           said("off=552 drop reason=data bytes=8 id=1\n"
                "off=561 event type=message id=1 data=\"b\"\n"),
       "an event may be given up before its data comes");

    event_log_clear(&heard);
    (void)feed(full, full_len);
    OK(feed_text("data: more\n") == SSE_NEED_SPACE,
       "data that does not fit asks for space");
    sse_parser_skip_event(&parser);
    OK(feed_text("data: more\n\n") == SSE_OK &&
           said("off=804 drop reason=data bytes=229 id=1\n"),
       "and can be given up");
}

/* A line that is cut, or so short that it waits whole, finds the scratch
 * full. */
static void test_full_scratch(void)
{
    fresh(event_log_event);
    (void)sse_parser_set_overflow(&parser, SSE_OVERFLOW_STOP, NULL);
    (void)feed(full, full_len);
    OK(feed_text("data: x") == SSE_ERR_TOO_LONG,
       "stop: the head of a cut line does not fit");
    sse_parser_reset(&parser);
    (void)feed(full, full_len);
    (void)feed_text("dat");
    OK(feed_text("a\n") == SSE_ERR_TOO_LONG,
       "stop: not even an empty line fits");
    sse_parser_reset(&parser);
    (void)feed(full, full_len - 30);
    (void)feed_text("\ndata: 1");
    OK(feed_text("2345678901234567890123456789012345") == SSE_ERR_TOO_LONG,
       "stop: the rest of a cut line does not fit");
    sse_parser_reset(&parser);
    (void)feed(full, full_len);
    (void)feed_text("dat");
    OK(feed_text("a: xy") == SSE_ERR_TOO_LONG,
       "stop: a head in pieces does not fit");
}

/* A stream that ends in a line so short that it waits in the parser, with the
 * scratch full. */
static void full_at_the_end(sse_event_fn fn, sse_overflow policy)
{
    fresh(fn);
    sse_parser_on_dropped(&parser, event_log_drop);
    (void)sse_parser_set_overflow(&parser, policy, NULL);
    (void)sse_parser_set_at_end(&parser, SSE_AT_END_FLUSH_LINE);
    (void)feed_text("id: 1\n");
    (void)feed(full, full_len);
    (void)feed_text("data");
}

static int ends_with_whole_event(const sse_event *event)
{
    return event->data_len == CAP + 1 && event->data[CAP - 1] == 'f' &&
           event->data[CAP] == '\n' && event->offset == 6 + full_len + 4 &&
           event->id_len == 1 && event->id[0] == '1';
}

static int on_last(const sse_event *event, void *user)
{
    (void)event_log_event(event, user);
    return ends_with_whole_event(event) ? SSE_GO : SSE_STOP;
}

static void test_full_at_the_end(void)
{
    static char larger[512];
    full_at_the_end(on_last, SSE_OVERFLOW_GROW);
    OK(sse_parser_finish(&parser, 1) == SSE_NEED_SPACE && heard.len == 0 &&
           sse_parser_space_needed(&parser) == sizeof scratch + 1 &&
           sse_parser_finish(&parser, 1) == SSE_NEED_SPACE,
       "grow: an end that finds no space asks for it, until it is given");
    OK(sse_parser_set_scratch(&parser, larger, sizeof larger) == SSE_OK &&
           sse_parser_finish(&parser, 1) == SSE_OK && heard.lines == 1 &&
           sse_parser_space_needed(&parser) == 0 &&
           sse_parser_finish(&parser, 1) == SSE_STOPPED,
       "grow: then it goes on and delivers the event");

    full_at_the_end(NULL, SSE_OVERFLOW_GROW);
    const char *none = NULL;
    size_t left = 0;
    sse_event event;
    OK(sse_parser_finish(&parser, 1) == SSE_NEED_SPACE &&
           sse_parser_set_scratch(&parser, larger, sizeof larger) == SSE_OK &&
           sse_parser_finish(&parser, 1) == SSE_PAUSED &&
           sse_parser_next(&parser, &none, &left, &event) == SSE_OK &&
           ends_with_whole_event(&event) &&
           sse_parser_finish(&parser, 1) == SSE_OK,
       "grow: pull use takes the event when there was space for it");

    full_at_the_end(event_log_event, SSE_OVERFLOW_GROW);
    (void)sse_parser_finish(&parser, 1);
    sse_parser_skip_event(&parser);
    OK(sse_parser_finish(&parser, 1) == SSE_OK &&
           said("off=241 drop reason=data bytes=225 id=1\n"),
       "grow: the event may be given up at the end");

    full_at_the_end(event_log_event, SSE_OVERFLOW_GROW);
    (void)sse_parser_finish(&parser, 1);
    OK(sse_parser_finish(&parser, 0) == SSE_INCOMPLETE && heard.len == 0 &&
           sse_parser_finish(&parser, 1) == SSE_STOPPED,
       "grow: or the end be called an unclean one");

    full_at_the_end(event_log_event, SSE_OVERFLOW_GROW);
    (void)sse_parser_finish(&parser, 1);
    sse_parser_reset(&parser);
    OK(feed_text("data: next\n\n") == SSE_OK &&
           said("off=12 event type=message id=\"\" data=\"next\"\n"),
       "grow: or the next connection begin");

    full_at_the_end(event_log_event, SSE_OVERFLOW_STOP);
    OK(sse_parser_finish(&parser, 1) == SSE_ERR_TOO_LONG && heard.len == 0 &&
           sse_parser_finish(&parser, 1) == SSE_ERR_TOO_LONG &&
           feed_text("x") == SSE_ERR_TOO_LONG,
       "stop: an end that finds no space is an error that stays");
}

/* Lines joined on the short way, close to the end of the scratch. */
static void test_joining(void)
{
    static const char rest[] = "\n\ndata: end of it all, long enough to copy "
                               "past\n\n";
    static const size_t lens[] = {1, 30, 150, 190, 191, 192, 193, 200, 221};
    int good = 1;
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        for (size_t more = 0; more < 40; more++) {
            char text[600];
            char want[600];
            const size_t n = lens[i];
            memcpy(text, "data: ", 6);
            memset(text + 6, 'x', n);
            memcpy(text + 6 + n, "\ndata: ", 7);
            memset(text + 13 + n, 'y', more);
            memcpy(text + 13 + n + more, rest, sizeof rest - 1);
            const size_t len = 13 + n + more + sizeof rest - 1;
            memset(want, 'x', n);
            want[n] = '\n';
            memset(want + n + 1, 'y', more);
            fresh(NULL);
            const char *at = text;
            size_t left = len;
            sse_event event;
            const sse_status status = sse_parser_next(&parser, &at, &left,
                                                      &event);
            const int fits = n + 1 + more <= CAP;
            event_log pulled = {0};
            good = good && status == SSE_OK &&
                   (!fits || (event.data_len == n + 1 + more &&
                              memcmp(event.data, want, n + 1 + more) == 0));
            (void)event_log_event(&event, &pulled);
            if (fits) {
                (void)sse_parser_next(&parser, &at, &left, &event);
                (void)event_log_event(&event, &pulled);
            }
            fresh(event_log_event);
            (void)feed(text, len);
            good = good && event_log_same(&heard, &pulled);
            event_log_free(&pulled);
        }
    }
    OK(good, "joined lines that nearly fill the scratch");
}

static void test_ends(void)
{
    fresh(event_log_event);
    sse_parser_on_comment(&parser, stop_comment);
    (void)sse_parser_set_at_end(&parser, SSE_AT_END_FLUSH_LINE);
    (void)feed_text("data: a\n: cut comm");
    OK(sse_parser_finish(&parser, 1) == SSE_STOPPED &&
           said("off=18 comment \" cut comm\"\n"),
       "flush: a comment hook that stops it stops it");

    fresh(event_log_event);
    (void)sse_parser_set_overflow(&parser, SSE_OVERFLOW_FRAGMENTS,
                                  stop_at_abort);
    (void)feed(full, full_len - 1);
    (void)feed_text("more");
    OK(sse_parser_finish(&parser, 0) == SSE_STOPPED,
       "a fragment hook that stops at the abort has the last word");

    fresh(NULL);
    (void)sse_parser_set_at_end(&parser, SSE_AT_END_FLUSH_BLOCK);
    (void)feed_text("data: a\nda");
    const char *none = NULL;
    size_t left = 0;
    sse_event event;
    OK(sse_parser_finish(&parser, 1) == SSE_PAUSED &&
           sse_parser_finish(&parser, 1) == SSE_PAUSED &&
           sse_parser_next(&parser, &none, &left, &event) == SSE_OK &&
           event.data_len == 1 &&
           sse_parser_finish(&parser, 1) == SSE_INCOMPLETE &&
           sse_parser_finish(&parser, 1) == SSE_STOPPED,
       "pull: the answer waits until the event was taken");
    (void)sse_parser_set_at_end(&parser, SSE_AT_END_DISCARD);
    OK(sse_parser_finish(&parser, 1) == SSE_STOPPED,
       "nothing is flushed any more");
}

static void test_counting(void)
{
    sse_quirks quirks;
    memset(&quirks, 0, sizeof quirks);
    fresh(event_log_event);
    sse_parser_set_quirks(&parser, &quirks);
    (void)feed_text("data:a\n\n");
    sse_parser_set_quirks(&parser, NULL);
    (void)feed_text("data:b\n\n");
    OK(quirks.no_space == 1 && quirks.lf == 2 && heard.lines == 2,
       "counting can begin and end");

    memset(&quirks, 0, sizeof quirks);
    (void)feed_text("data:c\r");
    sse_parser_set_quirks(&parser, &quirks);
    (void)feed_text("\n\r\n");
    OK(quirks.cr == 0 && quirks.crlf == 2 && quirks.lf == 0,
       "and begin between a CR and its LF");
}

static void test_limits(void)
{
    fresh(NULL);
    OK(sse_parser_set_limits(&parser, 225, 8) == SSE_ERR_NO_SPACE &&
           sse_parser_set_limits(&parser, 73, 8) == SSE_ERR_NO_SPACE &&
           sse_parser_set_limits(&parser, 8, 225) == SSE_ERR_NO_SPACE &&
           sse_parser_set_limits(&parser, 8, 128) == SSE_ERR_NO_SPACE &&
           sse_parser_set_limits(&parser, 8, 105) == SSE_ERR_NO_SPACE,
       "limits that leave too little for data");
    OK(sse_parser_set_limits(&parser, 72, 8) == SSE_OK &&
           sse_parser_data_cap(&parser) == 32 &&
           sse_parser_set_limits(&parser, 8, 104) == SSE_OK &&
           sse_parser_data_cap(&parser) == 32,
       "limits that leave just enough");
}

static void test_small_arguments(void)
{
    sse_writer writer;
    const sse_event head = sse_event_of_data(NULL, 0);
    size_t n = 0;
    size_t used = 0;
    (void)sse_writer_begin(&writer, &head, NULL, 0, &n);
    OK(sse_writer_data(&writer, NULL, 0, &used, NULL, 0, &n) == SSE_OK &&
           sse_writer_data(&writer, "a", 1, &used, NULL, 0, &n) ==
               SSE_NEED_SPACE &&
           used == 0 && n == 0,
       "a writer may be asked with nothing");

    sse_utf8 utf8;
    char dst[16];
    sse_utf8_init(&utf8);
    OK(sse_utf8_repair(&utf8, NULL, 0, &used, dst, 16, &n) == SSE_OK,
       "so may a validator");
    (void)sse_utf8_repair(&utf8, "\xE2", 1, &used, dst, 16, &n);
    OK(sse_utf8_repair(&utf8, "xy", 2, &used, dst, 2, &n) ==
               SSE_NEED_SPACE &&
           sse_utf8_finish(&utf8, dst, 2, &n) == SSE_ERR_NO_SPACE && n == 0 &&
           sse_utf8_finish(&utf8, dst, 16, &n) == SSE_OK && n == 4,
       "what is held waits until there is room");

    char bytes[64];
    sse_replay_entry entries[2];
    sse_replay ring;
    uint64_t cursor = 0;
    (void)sse_replay_init(&ring, bytes, sizeof bytes, entries, 2, 1);
    (void)sse_replay_append(&ring, &head, 0, NULL);
    OK(sse_replay_find(&ring, NULL, 0, &cursor) == SSE_ERR_UNKNOWN &&
           sse_replay_id(&ring, 1, NULL, 0, &n) == SSE_OK && n == 0,
       "an event without an id has an empty one to copy");
}

int main(void)
{
    memcpy(full, "data: ", 6);
    memset(full + 6, 'f', CAP);
    full[6 + CAP] = '\n';
    full_len = 6 + CAP + 1;
    test_giving_up();
    test_full_scratch();
    test_full_at_the_end();
    test_joining();
    test_ends();
    test_counting();
    test_limits();
    test_small_arguments();
    event_log_free(&heard);
    return check_end();
}
