/*
 * test_pieces.c - an event written in pieces is the event written at once,
 * wherever the data is cut and however little room there is.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"

#include <sse/writer.h>

#include <string.h>

#define OK(truth, name) ((void)check_that(truth, name))

static const struct row {
    const char *name;
    const char *data;
    size_t len;
} rows[] = {
    {"no data", "", 0},
    {"one line", "hello world", 11},
    {"every line end", "a\nb\rc\r\nd\n\re\r\r\nf", 16},
    {"line ends first and last", "\r\n\r\nx\n\n", 7},
    {"CR last", "x\r", 2},
    {"LF alone", "\n", 1},
};

/* In pieces of `chunk`, with `cap` bytes of room a call. */
static int writes(const sse_event *event, size_t chunk, size_t cap,
                  const char *want, size_t want_len)
{
    char got[512];
    size_t len = 0;
    size_t written = 0;
    sse_writer writer;
    if (sse_writer_begin(&writer, event, got, sizeof got, &len) != SSE_OK) {
        return 0;
    }
    for (size_t at = 0; at < event->data_len; at += chunk) {
        const char *piece = event->data + at;
        size_t left = event->data_len - at < chunk ? event->data_len - at
                                                   : chunk;
        sse_status status = SSE_NEED_SPACE;
        for (int turn = 0; turn < 60 && status == SSE_NEED_SPACE; turn++) {
            size_t used = 0;
            status = sse_writer_data(&writer, piece, left, &used, got + len,
                                     cap, &written);
            if (used > left || written > cap) {
                return 0;
            }
            piece += used;
            left -= used;
            len += written;
        }
        if (status != SSE_OK || left != 0) {
            return 0;
        }
    }
    if (sse_writer_end(&writer, got + len, 8, &written) != SSE_OK) {
        return 0;
    }
    len += written;
    return len == want_len && memcmp(got, want, len) == 0;
}

static void test_rows(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const sse_event event = sse_event_with_retry(
            sse_event_with_id(sse_event_of_type("add", 3, rows[i].data,
                                                rows[i].len),
                              "7", 1),
            25);
        char want[512];
        size_t want_len = 0;
        int good = sse_event_write(&event, want, sizeof want, &want_len) ==
                   SSE_OK;
        for (size_t chunk = 1; chunk <= rows[i].len + 1; chunk++) {
            for (size_t cap = 8; cap < 40; cap++) {
                good = good && writes(&event, chunk, cap, want, want_len);
            }
        }
        (void)check_that(good, "in pieces: %s", rows[i].name);
    }
}

static void test_without_data(void)
{
    char dst[64];
    size_t n = 0;
    size_t end = 0;
    sse_writer writer;
    sse_event head = sse_event_with_id(sse_event_of_data(NULL, 0), "5", 1);
    head.fields = SSE_FIELD_ID;
    OK(sse_writer_begin(&writer, &head, dst, sizeof dst, &n) == SSE_OK &&
           sse_writer_end(&writer, dst + n, sizeof dst - n, &end) == SSE_OK &&
           n + end == 7 && memcmp(dst, "id: 5\n\n", 7) == 0,
       "an event that was to have no data has none");
    head.fields = SSE_FIELD_DATA;
    OK(sse_writer_begin(&writer, &head, NULL, 0, &n) == SSE_OK && n == 0,
       "data alone needs no room to begin");
    OK(sse_writer_end(&writer, dst, 7, &n) == SSE_ERR_NO_SPACE && n == 0 &&
           sse_writer_end(&writer, NULL, 8, &n) == SSE_ERR_INVALID &&
           sse_writer_end(&writer, dst, 8, &n) == SSE_OK && n == 8 &&
           memcmp(dst, "data: \n\n", 8) == 0,
       "the end waits until there is room");
}

static void test_arguments(void)
{
    char dst[64];
    size_t n = 3;
    size_t used = 3;
    sse_writer writer;
    const sse_event good = sse_event_of_type("t", 1, NULL, 0);
    const sse_event bad = sse_event_of_type("a\n", 2, NULL, 0);
    OK(sse_writer_begin(NULL, &good, dst, 64, &n) == SSE_ERR_INVALID &&
           n == 0 &&
           sse_writer_begin(&writer, NULL, dst, 64, &n) == SSE_ERR_INVALID &&
           sse_writer_begin(&writer, &good, NULL, 64, &n) ==
               SSE_ERR_INVALID &&
           sse_writer_begin(&writer, &good, dst, 64, NULL) ==
               SSE_ERR_INVALID &&
           sse_writer_begin(&writer, &good, dst, 8, &n) == SSE_ERR_NO_SPACE &&
           sse_writer_begin(&writer, &bad, dst, 64, &n) == SSE_ERR_CHARACTER,
       "begin");
    (void)sse_writer_begin(&writer, &good, dst, 64, &n);
    OK(sse_writer_data(NULL, "a", 1, &used, dst, 64, &n) == SSE_ERR_INVALID &&
           used == 0 && n == 0 &&
           sse_writer_data(&writer, NULL, 1, &used, dst, 64, &n) ==
               SSE_ERR_INVALID &&
           sse_writer_data(&writer, "a", 1, NULL, dst, 64, &n) ==
               SSE_ERR_INVALID &&
           sse_writer_data(&writer, "a", 1, &used, NULL, 64, &n) ==
               SSE_ERR_INVALID &&
           sse_writer_data(&writer, "a", 1, &used, dst, 64, NULL) ==
               SSE_ERR_INVALID,
       "data");
    OK(sse_writer_end(NULL, dst, 64, &n) == SSE_ERR_INVALID &&
           sse_writer_end(&writer, dst, 64, NULL) == SSE_ERR_INVALID,
       "end");
}

int main(void)
{
    test_rows();
    test_without_data();
    test_arguments();
    return check_end();
}
