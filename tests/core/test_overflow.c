/*
 * test_overflow.c - what happens to what does not fit, by every policy, however
 * the stream is cut.
 *
 * With a scratch of 256 bytes and limits of 8 for ids and types, data and a
 * cut line share 256 - 3 * 8 = 232 bytes, the last 8 of which are kept for the
 * line: an event has up to 224 bytes of data.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"
#include "tests/support/setting.h"

#include <stdio.h>
#include <string.h>

#define CAP 224

static char text[4096];
static size_t text_len;

static void begin(void)
{
    text_len = 0;
}

static void add(const char *s)
{
    memcpy(text + text_len, s, strlen(s));
    text_len += strlen(s);
}

static void add_n(char c, size_t n)
{
    memset(text + text_len, c, n);
    text_len += n;
}

static setting small(sse_overflow overflow)
{
    setting how;
    memset(&how, 0, sizeof how);
    how.scratch = 256;
    how.id_cap = 8;
    how.type_cap = 8;
    how.overflow = overflow;
    return how;
}

static void run(const char *name, sse_overflow overflow, const char *want)
{
    const setting how = small(overflow);
    setting_check(name, &how, text, text_len, want);
}

/* A long line as the log prints it. */
static const char *line(const char *before, char c, size_t n,
                        const char *after)
{
    static char out[8192];
    char run_of[2048];
    memset(run_of, c, n);
    run_of[n] = '\0';
    (void)snprintf(out, sizeof out, "%s%s%s", before, run_of, after);
    return out;
}

static void test_skip(void)
{
    begin();
    add("data:");
    add_n('x', CAP);
    add("\n\n");
    run("skip: an event that fills the scratch exactly is delivered",
        SSE_OVERFLOW_SKIP,
        line("off=231 event type=message id=\"\" data=\"", 'x', CAP,
             "\"\nend id=\"\" complete\n"));

    begin();
    add("id: 7\ndata:");
    add_n('x', CAP + 1);
    add("\nevent: t\n\ndata: next\n\n");
    run("skip: one byte more is dropped, its id commits, the next one comes",
        SSE_OVERFLOW_SKIP,
        "off=247 drop reason=data bytes=225 id=7\n"
        "off=259 event type=message id=7 data=\"next\"\n"
        "end id=\"7\" complete\n");

    begin();
    add("data:");
    add_n('x', 100);
    add("\ndata:");
    add_n('y', CAP - 100);
    add("\n\n");
    run("skip: the LF between lines counts", SSE_OVERFLOW_SKIP,
        "off=237 drop reason=data bytes=225 id=\"\"\n"
        "end id=\"\" complete\n");

    begin();
    add("data:");
    add_n('x', 300);
    add("\nid: late\ndata:");
    add_n('y', 10);
    add("\nid: 123456789\nid: 12345678\n\n");
    run("skip: an id behind the data that overflowed commits",
        SSE_OVERFLOW_SKIP,
        "off=345 drop reason=id bytes=9 id=\"\"\n"
        "off=359 drop reason=data bytes=311 id=12345678\n"
        "end id=\"12345678\" complete\n");
}

static void test_ids_and_types(void)
{
    begin();
    add("id: 1\ndata: a\n\nid: 123456789\ndata: b\n\n");
    run("an id over the limit is ignored, the old one stays, data comes",
        SSE_OVERFLOW_SKIP,
        "off=15 event type=message id=1 data=\"a\"\n"
        "off=29 drop reason=id bytes=9 id=1\n"
        "off=38 event type=message id=1 data=\"b\"\n"
        "end id=\"1\" complete\n");

    begin();
    add("event: 123456789\nid: 4\ndata: b\n\nevent: 12345678\ndata: c\n\n");
    run("a type over the limit drops its event, its id commits",
        SSE_OVERFLOW_SKIP,
        "off=32 drop reason=type bytes=1 id=4\n"
        "off=57 event type=12345678 id=4 data=\"c\"\n"
        "end id=\"4\" complete\n");

    begin();
    add("event: 123456789\nevent: ok\ndata: b\n\nevent: 123456789\n\n");
    run("a later type in the limit makes up for it; no data, no drop",
        SSE_OVERFLOW_SKIP,
        "off=36 event type=ok id=\"\" data=\"b\"\n"
        "end id=\"\" complete\n");
}

static void test_asides(void)
{
    begin();
    add("data: ab\n:");
    add_n('c', 230);
    add("\n:");
    add_n('c', 231);
    add("\nx: ");
    add_n('f', 227);
    add("\nx: ");
    add_n('f', 228);
    add("\n\n");
    char want[2048];
    char c230[231];
    char f227[228];
    memset(c230, 'c', 230);
    memset(f227, 'f', 227);
    c230[230] = '\0';
    f227[227] = '\0';
    (void)snprintf(want, sizeof want,
                   "off=241 comment \"%s\"\n"
                   "off=474 drop reason=comment bytes=231 id=\"\"\n"
                   "off=705 field name=x value=\"%s\"\n"
                   "off=937 drop reason=field bytes=231 id=\"\"\n"
                   "off=938 event type=message id=\"\" data=\"ab\"\n"
                   "end id=\"\" complete\n",
                   c230, f227);
    run("comments and unknown fields get what the data leaves",
        SSE_OVERFLOW_SKIP, want);

    setting deaf = small(SSE_OVERFLOW_SKIP);
    deaf.hooks_off = 1;
    setting_check("what nobody listens to is not dropped, it is ignored", &deaf,
                text, text_len,
                "off=938 event type=message id=\"\" data=\"ab\"\n"
                "end id=\"\" complete\n");
    deaf.overflow = SSE_OVERFLOW_GROW;
    setting_check("nor does anybody grow for it", &deaf, text, text_len,
                "off=938 event type=message id=\"\" data=\"ab\"\n"
                "end id=\"\" complete\n");
}

static void test_stop(void)
{
    const setting how = small(SSE_OVERFLOW_STOP);
    begin();
    add("data: fine\n\nid: 2\ndata:");
    add_n('x', CAP + 1);
    add("\n\ndata: never\n\n");
    const char *const want =
        "off=12 event type=message id=\"\" data=\"fine\"\n";
    for (size_t chunk = 0; chunk < 40; chunk += 13) {
        event_log log = {0};
        const outcome out = setting_run(&how, text, text_len, chunk, &log);
        (void)check_that(out.status == SSE_ERR_TOO_LONG &&
                             log.len == strlen(want) &&
                             memcmp(log.text, want, log.len) == 0,
                         "stop: pieces of %lu end in SSE_ERR_TOO_LONG",
                         (unsigned long)chunk);
        event_log_free(&log);
    }

    char scratch[256];
    sse_parser parser;
    size_t used = 0;
    event_log log = {0};
    (void)sse_parser_init(&parser, scratch, sizeof scratch, event_log_event,
                          &log);
    (void)sse_parser_set_limits(&parser, 8, 8);
    (void)sse_parser_set_overflow(&parser, SSE_OVERFLOW_STOP, NULL);
    const sse_status first = sse_parser_feed(&parser, text, text_len, &used);
    size_t none = 1;
    const sse_status again = sse_parser_feed(&parser, "\n", 1, &none);
    const sse_status end = sse_parser_finish(&parser, 1);
    (void)check_that(first == SSE_ERR_TOO_LONG && again == first &&
                         end == first && none == 0 && used == 18,
                     "stop: the error sticks, before the line too long");
    sse_parser_reset(&parser);
    (void)check_that(sse_parser_feed(&parser, "data\n\n", 6, &used) ==
                             SSE_OK &&
                         used == 6 && log.lines == 2,
                     "stop: a reset goes on");
    event_log_free(&log);
}

static void test_grow(void)
{
    begin();
    add("id: 1\ndata:");
    add_n('x', 300);
    add("\n:");
    add_n('c', 600);
    add("\nevent: big\ndata:");
    add_n('y', 100);
    add("\nz:");
    add_n('z', 900);
    add("\n\ndata: small\n\n");
    char want[4096];
    char x[301];
    char c[601];
    char y[101];
    char z[901];
    memset(x, 'x', 300);
    memset(c, 'c', 600);
    memset(y, 'y', 100);
    memset(z, 'z', 900);
    x[300] = c[600] = y[100] = z[900] = '\0';
    (void)snprintf(want, sizeof want,
                   "off=914 comment \"%s\"\n"
                   "off=1934 field name=z value=\"%s\"\n"
                   "off=1935 event type=big id=1 data=\"%s\\n%s\"\n"
                   "off=1948 event type=message id=1 data=\"small\"\n"
                   "end id=\"1\" complete\n",
                   c, z, x, y);
    run("grow: everything arrives, in a larger scratch", SSE_OVERFLOW_GROW,
        want);

    setting how = small(SSE_OVERFLOW_GROW);
    how.scratch_max = 512;
    (void)snprintf(want, sizeof want,
                   "off=1935 event type=big id=1 data=\"%s\\n%s\"\n"
                   "off=1948 event type=message id=1 data=\"small\"\n"
                   "end id=\"1\" complete\n",
                   x, y);
    how.hooks_off = 1;
    setting_check("grow: a second line that fits the grown scratch", &how, text,
                text_len, want);
    how.scratch_max = 400;
    setting_check("grow: skipped when the caller has grown enough", &how, text,
                text_len,
                "off=1935 drop reason=data bytes=401 id=1\n"
                "off=1948 event type=message id=1 data=\"small\"\n"
                "end id=\"1\" complete\n");
}

static void test_fragments(void)
{
    begin();
    add("data:");
    add_n('x', CAP);
    add("\n\nid: 5\ndata:");
    add_n('y', 500);
    add("\nevent: big\ndata\ndata: z\n:c\n\ndata: w\n\n");
    char want[4096];
    char x[CAP + 1];
    char y[501];
    memset(x, 'x', CAP);
    memset(y, 'y', 500);
    x[CAP] = y[500] = '\0';
    (void)snprintf(want, sizeof want,
                   "off=231 event type=message id=\"\" data=\"%s\"\n"
                   "off=770 comment \"c\"\n"
                   "off=771 fragments type=big id=5 total=503 "
                   "data=\"%s\\n\\nz\"\n"
                   "off=780 event type=message id=5 data=\"w\"\n"
                   "end id=\"5\" complete\n",
                   x, y);
    run("fragments: what fits comes whole, what does not in parts",
        SSE_OVERFLOW_FRAGMENTS, want);

    begin();
    add("event: 123456789\nid: 6\ndata:");
    add_n('y', 500);
    add("\n\ndata: w\n\n");
    (void)snprintf(want, sizeof want,
                   "fragments aborted reason=type total=500 data=\"%s\"\n"
                   "off=539 event type=message id=6 data=\"w\"\n"
                   "end id=\"6\" complete\n",
                   y);
    run("fragments: a type over the limit aborts", SSE_OVERFLOW_FRAGMENTS,
        want);

    begin();
    add("id: 6\ndata:");
    add_n('y', 500);
    add("\ndat");
    (void)snprintf(want, sizeof want,
                   "fragments aborted reason=end total=500 data=\"%s\"\n"
                   "end id=\"\" incomplete\n",
                   y);
    run("fragments: the end of the stream aborts", SSE_OVERFLOW_FRAGMENTS,
        want);
}

int main(void)
{
    test_skip();
    test_ids_and_types();
    test_asides();
    test_stop();
    test_grow();
    test_fragments();
    return check_end();
}
