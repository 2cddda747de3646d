/*
 * test_payload.c - the JSON escaper, and the five events of a streaming job.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"

#include <sse/sse.h>

#include <string.h>

#define OK(truth, name) ((void)check_that(truth, name))

static const struct row {
    const char *name;
    const char *text;
    size_t len;
    const char *want;
} rows[] = {
    {"nothing", "", 0, ""},
    {"plain", "abc/'", 5, "abc/'"},
    {"quotation mark and backslash", "\"\\", 2, "\\\"\\\\"},
    {"short escapes", "\b\f\n\r\t", 5, "\\b\\f\\n\\r\\t"},
    {"other controls", "\0\x01\x1f", 3, "\\u0000\\u0001\\u001f"},
    {"DEL is no control here", "\x7f", 1, "\x7f"},
    {"two, three, four bytes", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 9,
     "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"},
    {"first and last of each length",
     "\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
     18,
     "\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF"
     "\xBF"},
    {"around the surrogates", "\xED\x9F\xBF\xEE\x80\x80", 6,
     "\xED\x9F\xBF\xEE\x80\x80"},
    {"a stray continuation", "a\x80z", 3, "a\xEF\xBF\xBDz"},
    {"overlong, two bytes", "\xC0\xAF", 2, "\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"overlong, three bytes", "\xE0\x9F\xBF", 3,
     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"overlong, four bytes", "\xF0\x8F\xBF\xBF", 4,
     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"a surrogate", "\xED\xA0\x80", 3,
     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"beyond U+10FFFF", "\xF4\x90\x80\x80", 4,
     "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"never a lead", "\xF5\xFF", 2, "\xEF\xBF\xBD\xEF\xBF\xBD"},
    {"a maximal subpart is one", "\xF0\x9F\x98z", 4, "\xEF\xBF\xBDz"},
    {"cut at the end, two of three", "\xE2\x82", 2, "\xEF\xBF\xBD"},
    {"cut at the end, one of two", "\xC3", 1, "\xEF\xBF\xBD"},
    {"cut by a good one", "\xE2\x82\xC3\xA9", 4, "\xEF\xBF\xBD\xC3\xA9"},
};

static void test_escape(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *const r = &rows[i];
        const size_t want = strlen(r->want);
        char dst[64];
        size_t n = 9;
        int good = want <= 6 * r->len;
        for (size_t cap = 0; cap <= want && good; cap++) {
            memset(dst, '#', sizeof dst);
            const sse_status status = sse_json_escape(r->text, r->len, dst,
                                                      cap, &n);
            good = cap < want
                       ? status == SSE_ERR_NO_SPACE && n == 0 && dst[0] == '#'
                       : status == SSE_OK && n == want &&
                             memcmp(dst, r->want, want) == 0 &&
                             dst[want] == '#';
        }
        (void)check_that(good, "escape: %s", r->name);
    }
    char dst[8];
    size_t n = 1;
    OK(sse_json_escape(NULL, 1, dst, 8, &n) == SSE_ERR_INVALID && n == 0 &&
           sse_json_escape("a", 1, NULL, 8, &n) == SSE_ERR_INVALID &&
           sse_json_escape("a", 1, dst, 8, NULL) == SSE_ERR_INVALID &&
           sse_json_escape(NULL, 0, NULL, 0, &n) == SSE_OK,
       "escape: arguments");
}

static char dst[512];
static size_t n;

/* The last call answered `status` and wrote `want`. */
static void wrote(sse_status status, const char *want, const char *name)
{
    if (!check_that(status == SSE_OK && n == strlen(want) &&
                        memcmp(dst, want, n) == 0,
                    "%s", name)) {
        check_note("%s", sse_strerror(status));
        check_lines("got", dst, n);
    }
}

static void refused(sse_status got, sse_status want, const char *name)
{
    (void)check_that(got == want && n == 0, "%s", name);
    n = 99;
}

static void test_start_and_done(void)
{
    const char *const members = "\"stream_id\":\"s\",\r\n\"n\":1";
    wrote(sse_start_write("1", 1, members, strlen(members), dst, sizeof dst,
                          &n),
          "event: start\nid: 1\ndata: {\"status\":\"streaming\","
          "\"stream_id\":\"s\",\ndata: \"n\":1}\n\n",
          "start: members may be laid out in lines");
    wrote(sse_start_write(NULL, 0, NULL, 0, dst, sizeof dst, &n),
          "event: start\ndata: {\"status\":\"streaming\"}\n\n",
          "start: without id and members");
    wrote(sse_done_write("", 0, "\"x\":2", 5, dst, sizeof dst, &n),
          "event: done\nid: \ndata: {\"status\":\"complete\",\"x\":2}\n\n",
          "done: an empty id is an id");
    n = 99;
    refused(sse_start_write(NULL, 0, NULL, 1, dst, sizeof dst, &n),
            SSE_ERR_INVALID, "start: no members where some are named");
    refused(sse_done_write("a\nb", 3, NULL, 0, dst, sizeof dst, &n),
            SSE_ERR_CHARACTER, "done: an id that would inject a field");
    refused(sse_done_write("a", 1, NULL, 0, dst, 10, &n), SSE_ERR_NO_SPACE,
            "done: too small a buffer");
    refused(sse_done_write("a", 1, NULL, 0, NULL, 100, &n), SSE_ERR_INVALID,
            "done: no buffer");
    OK(sse_start_write(NULL, 0, NULL, 1, dst, 9, NULL) == SSE_ERR_INVALID &&
           sse_start_write(NULL, 0, NULL, 0, dst, 99, NULL) ==
               SSE_ERR_INVALID,
       "start: wants to say what it wrote");
}

static void test_chunk(void)
{
    wrote(sse_chunk_write("12", 2, "a\nb\"\xff\r\n\r\n", 9, dst, sizeof dst,
                          &n),
          "event: chunk\nid: 12\ndata: {\"content\":"
          "\"a\\nb\\\"\xEF\xBF\xBD\\r\\n\\r\\n\"}\n\n",
          "chunk: no text breaks the framing");
    wrote(sse_chunk_write(NULL, 0, NULL, 0, dst, sizeof dst, &n),
          "event: chunk\ndata: {\"content\":\"\"}\n\n", "chunk: no text");
    n = 99;
    refused(sse_chunk_write(NULL, 0, NULL, 1, dst, sizeof dst, &n),
            SSE_ERR_INVALID, "chunk: no text where some is named");
    OK(sse_chunk_write(NULL, 0, NULL, 1, dst, 9, NULL) == SSE_ERR_INVALID,
       "chunk: wants to say what it wrote");
}

static void test_progress(void)
{
    const sse_progress some = {5, "chunks", NULL, 1, 20};
    const sse_progress full = {100, NULL, "all \"done\"", 20, UINT64_MAX};
    const sse_progress over = {101, NULL, NULL, 0, 0};
    wrote(sse_progress_write("3", 1, &some, dst, sizeof dst, &n),
          "event: progress\nid: 3\ndata: {\"percent\":5,\"progress\":0.05,"
          "\"stage\":\"chunks\",\"message\":null,\"done\":1,\"total\":20}\n\n",
          "progress: five percent");
    wrote(sse_progress_write(NULL, 0, &full, dst, sizeof dst, &n),
          "event: progress\ndata: {\"percent\":100,\"progress\":1.00,"
          "\"stage\":null,\"message\":\"all \\\"done\\\"\",\"done\":20,"
          "\"total\":18446744073709551615}\n\n",
          "progress: all of it");
    n = 99;
    refused(sse_progress_write(NULL, 0, &over, dst, sizeof dst, &n),
            SSE_ERR_INVALID, "progress: more than all of it");
    refused(sse_progress_write(NULL, 0, NULL, dst, sizeof dst, &n),
            SSE_ERR_INVALID, "progress: none");
    OK(sse_progress_write(NULL, 0, NULL, dst, 9, NULL) == SSE_ERR_INVALID,
       "progress: wants to say what it wrote");
}

static void test_error(void)
{
    sse_error error = {"upstream_timeout", "No answer\n", "upstream", 1,
                       NULL};
    wrote(sse_error_write("9", 1, &error, dst, sizeof dst, &n),
          "event: error\nid: 9\ndata: {\"code\":\"upstream_timeout\","
          "\"message\":\"No answer\\n\",\"retryable\":true,"
          "\"stage\":\"upstream\"}\n\n",
          "error: the four members");
    error.type = "failure";
    error.retryable = 0;
    wrote(sse_error_write(NULL, 0, &error, dst, sizeof dst, &n),
          "event: failure\ndata: {\"code\":\"upstream_timeout\","
          "\"message\":\"No answer\\n\",\"retryable\":false,"
          "\"stage\":\"upstream\"}\n\n",
          "error: under a name of the caller's");
    error.type = "a\nb";
    n = 99;
    refused(sse_error_write(NULL, 0, &error, dst, sizeof dst, &n),
            SSE_ERR_CHARACTER, "error: a name that would inject a field");
    error.type = NULL;
    error.code = NULL;
    refused(sse_error_write(NULL, 0, &error, dst, sizeof dst, &n),
            SSE_ERR_INVALID, "error: no code");
    error.code = "c";
    error.message = NULL;
    refused(sse_error_write(NULL, 0, &error, dst, sizeof dst, &n),
            SSE_ERR_INVALID, "error: no message");
    error.message = "m";
    error.stage = NULL;
    refused(sse_error_write(NULL, 0, &error, dst, sizeof dst, &n),
            SSE_ERR_INVALID, "error: no stage");
    refused(sse_error_write(NULL, 0, NULL, dst, sizeof dst, &n),
            SSE_ERR_INVALID, "error: none");
    OK(sse_error_write(NULL, 0, NULL, dst, 9, NULL) == SSE_ERR_INVALID,
       "error: wants to say what it wrote");
}

/* With too little room, with enough, and with so much that nothing is
 * measured. */
static void test_room(void)
{
    static const char want[] = "event: chunk\nid: 12345678901234567890\n"
                               "data: {\"content\":\"a\\n\\\"b\\\"\"}\n\n";
    const size_t size = sizeof want - 1;
    int good = 1;
    for (size_t cap = 0; cap < sizeof dst && good; cap++) {
        memset(dst, '#', sizeof dst);
        const sse_status status = sse_chunk_write(
            "12345678901234567890", 20, "a\n\"b\"", 5, dst, cap, &n);
        good = cap < size ? status == SSE_ERR_NO_SPACE && n == 0 &&
                                dst[0] == '#'
                          : status == SSE_OK && n == size &&
                                memcmp(dst, want, size) == 0 &&
                                dst[size] == '#';
    }
    OK(good, "chunk: all or nothing with any room");
}

int main(void)
{
    test_room();
    test_escape();
    test_start_and_done();
    test_chunk();
    test_progress();
    test_error();
    return check_end();
}
