/*
 * test_cut_asides.c - comments and unknown fields that a chunk cuts, while
 * there is too little room for them, or nobody to hear them, for a part of
 * the way.
 *
 * With a scratch of 256 bytes and limits of 8 a cut comment has up to 232
 * bytes where the event has no data.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"
#include "tests/support/log.h"

#include <sse/sse.h>

#include <string.h>

#define OK(truth, name) ((void)check_that(truth, name))
#define ROOM 232

static sse_parser parser;
static char scratch[256];
static char larger[1024];
static char comment[1000]; /* ":ccc..." without its end */
static event_log heard;

static void fresh(sse_overflow policy)
{
    event_log_clear(&heard);
    memset(scratch, 'S', sizeof scratch);
    memset(larger, 'L', sizeof larger);
    (void)sse_parser_init(&parser, scratch, sizeof scratch, event_log_event,
                          &heard);
    (void)sse_parser_set_limits(&parser, 8, 8);
    (void)sse_parser_set_overflow(&parser, policy, NULL);
    sse_parser_on_dropped(&parser, event_log_drop);
}

static sse_status feed(const char *text, size_t len, size_t *used)
{
    return sse_parser_feed(&parser, text, len, used);
}

static void feed_text(const char *text)
{
    size_t used = 0;
    (void)feed(text, strlen(text), &used);
}

static int said(const char *want)
{
    return event_log_is(&heard, want);
}

/* The first piece of a comment is more than there is room for. */
static void test_first_piece(void)
{
    fresh(SSE_OVERFLOW_GROW);
    sse_parser_on_comment(&parser, event_log_comment);
    feed_text("data: a\n");
    size_t used = 0;
    OK(feed(comment, 500, &used) == SSE_NEED_SPACE,
       "grow: a comment's first piece asks for space");
    sse_parser_skip_event(&parser);
    size_t rest = 0;
    OK(feed(comment + used, 500 - used, &rest) == SSE_OK &&
           used + rest == 500,
       "given up, it asks no more");
    feed_text("\ndata: b\n\n");
    OK(said("off=509 drop reason=comment bytes=499 id=\"\"\n"
            "off=518 event type=message id=\"\" data=\"a\\nb\"\n"),
       "and the event around it arrives");

    fresh(SSE_OVERFLOW_GROW);
    feed_text("data: a\n");
    OK(feed(comment, 500, &used) == SSE_OK && used == 500,
       "grow: one that nobody hears asks for nothing");

    fresh(SSE_OVERFLOW_GROW);
    sse_parser_on_comment(&parser, event_log_comment);
    (void)feed(comment, 500, &used);
    OK(sse_parser_set_scratch(&parser, larger, sizeof larger) == SSE_OK &&
           feed(comment + used, 500 - used, &rest) == SSE_OK &&
           used + rest == 500,
       "grow: it goes on where it stopped");
    feed_text("\n");
    OK(heard.lines == 1 && heard.len > 499 &&
           memchr(heard.text, 'S', heard.len) == NULL &&
           memchr(heard.text, 'L', heard.len) == NULL,
       "and is whole");
}

/* A line that did not fit once is not made whole by more room. */
static void test_more_room(void)
{
    size_t used = 0;
    fresh(SSE_OVERFLOW_SKIP);
    sse_parser_on_comment(&parser, event_log_comment);
    (void)feed(comment, 200, &used);
    (void)feed(comment + 200, ROOM + 2 - 200, &used);
    (void)sse_parser_set_scratch(&parser, larger, sizeof larger);
    feed_text("c\n");
    OK(said("off=236 drop reason=comment bytes=234 id=\"\"\n"),
       "skip: a larger scratch comes too late for a line that did not fit");

    fresh(SSE_OVERFLOW_SKIP);
    sse_parser_on_field(&parser, event_log_field);
    (void)feed(comment + 1, ROOM, &used);
    (void)sse_parser_set_scratch(&parser, larger, sizeof larger);
    feed_text("c\n");
    OK(heard.lines == 1 && memchr(heard.text, 'L', heard.len) == NULL &&
           memcmp(heard.text, "off=234 field", 13) == 0,
       "and in time for one that did");

    fresh(SSE_OVERFLOW_SKIP);
    sse_parser_on_comment(&parser, event_log_comment);
    feed_text("data: 0123456789\n");
    (void)feed(comment, 200, &used);
    (void)feed(comment + 200, ROOM + 1 - 200, &used);
    sse_parser_skip_event(&parser);
    feed_text("\n\n");
    OK(said("off=251 drop reason=comment bytes=232 id=\"\"\n"
            "off=252 drop reason=data bytes=10 id=\"\"\n"),
       "nor does giving up the event around it make it whole");
}

/* Of a line that began before somebody listened nothing was kept. */
static void test_late_hooks(void)
{
    fresh(SSE_OVERFLOW_SKIP);
    feed_text(": 1, unheard");
    sse_parser_on_comment(&parser, event_log_comment);
    feed_text(" until here\n: 2\n");
    OK(said("off=24 drop reason=comment bytes=22 id=\"\"\n"
            "off=28 comment \" 2\"\n"),
       "a comment heard from its middle on is dropped");

    fresh(SSE_OVERFLOW_GROW);
    feed_text("unheard: 1");
    sse_parser_on_field(&parser, event_log_field);
    sse_parser_on_comment(&parser, event_log_comment);
    feed_text("23\nx: 4\n");
    OK(said("off=13 drop reason=field bytes=12 id=\"\"\n"
            "off=18 field name=x value=\"4\"\n"),
       "and so is an unknown field");

    fresh(SSE_OVERFLOW_SKIP);
    sse_parser_on_comment(&parser, event_log_comment);
    feed_text(": a comment");
    sse_parser_on_comment(&parser, event_log_comment);
    feed_text(" all along\n");
    OK(said("off=22 comment \" a comment all along\"\n"),
       "a hook that was there before takes nothing away");
}

int main(void)
{
    memset(comment, 'c', sizeof comment);
    comment[0] = ':';
    test_first_piece();
    test_more_room();
    test_late_hooks();
    event_log_free(&heard);
    return check_end();
}
