/*
 * test_chunked.c - the chunked transfer coding, read and written.
 *
 * SPDX-License-Identifier: MIT
 */
#include "adapters/sock/chunked.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/rows.h"

#define MAX_EXTRA 40u
#define MAX_DATA 512u

typedef struct chunked_row {
    const char *name;
    const char *text;
    size_t len;
    sse_status status;
    const char *data; /* what it decodes to, up to an error */
    size_t left;      /* bytes behind it that are not its own */
} chunked_row;

#define TAKE(name, text, data) TAKE_TO(name, text, data, 0)
#define TAKE_TO(name, text, data, left)                                        \
    {"take: " name, text, sizeof(text) - 1, SSE_OK, data, left}
#define CUT(name, text, data)                                                  \
    {"cut: " name, text, sizeof(text) - 1, SSE_INCOMPLETE, data, 0}
#define REFUSE(name, text, data)                                               \
    {"refuse: " name, text, sizeof(text) - 1, SSE_ERR_PROTOCOL, data, 1}
#define BOUND(name, text, data)                                                \
    {"bound: " name, text, sizeof(text) - 1, SSE_ERR_LIMIT, data, 0}

static chunked_row rows[] = {
    TAKE("nothing", "0\r\n\r\n", ""),
    TAKE("one chunk", "3\r\nabc\r\n0\r\n\r\n", "abc"),
    TAKE("two chunks", "1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", "abc"),
    TAKE("hex in both cases", "a\r\n0123456789\r\nA\r\n0123456789\r\n"
         "0\r\n\r\n", "01234567890123456789"),
    TAKE("two digits", "10\r\n0123456789abcdef\r\n0\r\n\r\n",
         "0123456789abcdef"),
    TAKE("leading zeros", "0003\r\nabc\r\n000\r\n\r\n", "abc"),
    TAKE("line ends as data", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n"),
    TAKE("extension", "3;a=b\r\nabc\r\n0;x\r\n\r\n", "abc"),
    TAKE("quoted extension", "3;a=\";;\"\r\nabc\r\n0\r\n\r\n", "abc"),
    TAKE("space before an extension", "3 \t;a\r\nabc\r\n0\r\n\r\n", "abc"),
    TAKE("trailer", "0\r\nA: b\r\n\r\n", ""),
    TAKE("two trailers", "1\r\na\r\n0\r\nA: b\r\nC:\r\n\r\n", "a"),
    TAKE_TO("what follows is not its own", "1\r\na\r\n0\r\n\r\nGET /", "a",
            5),
    CUT("in the size", "1", ""),
    CUT("in the data", "5\r\nabc", "abc"),
    CUT("behind the data", "3\r\nabc\r\n", "abc"),
    CUT("before the last line end", "3\r\nabc\r\n0\r\n", "abc"),
    REFUSE("no size", "\r", ""),
    REFUSE("no size before an extension", ";", ""),
    REFUSE("no hex", "g", ""),
    REFUSE("sign", "-", ""),
    REFUSE("hex prefix", "0x", ""),
    REFUSE("leading space", " ", ""),
    REFUSE("space behind the size", "3 \r", ""),
    REFUSE("line feed alone behind the size", "3\n", ""),
    REFUSE("carriage return alone behind the size", "3\ra", ""),
    REFUSE("size beyond 15 digits", "0000000000000001", ""),
    REFUSE("control byte in an extension", "3;\x01", ""),
    REFUSE("line feed alone in an extension", "3;a\n", ""),
    REFUSE("data too long", "3\r\nabcd", "abc"),
    REFUSE("data too short", "3\r\nab\r\n", "ab\r"),
    REFUSE("line feed alone behind the data", "3\r\nabc\n", "abc"),
    REFUSE("carriage return alone behind the data", "3\r\nabc\r0", "abc"),
    REFUSE("trailer without a name", "0\r\n:", ""),
    REFUSE("trailer without a colon", "0\r\nabc\r", ""),
    REFUSE("space in a trailer's name", "0\r\na ", ""),
    REFUSE("folded trailer", "0\r\na: b\r\n ", ""),
    REFUSE("NUL in a trailer", "0\r\na: \0", ""),
    REFUSE("line feed alone behind a trailer", "0\r\na: b\n", ""),
    REFUSE("line feed alone at the end", "0\r\n\n", ""),
    REFUSE("carriage return alone at the end", "0\r\n\ra", ""),
    BOUND("long extension",
          "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""),
    BOUND("extensions together",
          "1;aaaaaaaaaaaaaaaaaaaaaaaaaaa\r\na\r\n1;aaaaaaaaaaaaa", "a"),
    BOUND("long trailer",
          "0\r\na:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""),
};

enum { ROWS = sizeof rows / sizeof rows[0] };

typedef struct result {
    sse_status status;
    size_t used, len;
    char data[MAX_DATA];
} result;

static void feed(sse_priv_chunked *chunked, const char *text, size_t len,
                 result *got)
{
    char *const copy = (char *)malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    memcpy(copy, text, len);
    size_t at = 0;
    got->status = SSE_INCOMPLETE;
    while (at < len && got->status == SSE_INCOMPLETE) {
        size_t used = 0;
        sse_piece data;
        got->status = sse_priv_chunked_feed(chunked, copy + at, len - at,
                                            &used, &data);
        at += used;
        assert_true(data.len <= sizeof got->data - got->len);
        if (data.len > 0) {
            memcpy(got->data + got->len, data.base, data.len);
            got->len += data.len;
        }
    }
    got->used += at;
    free(copy);
}

static void check(const chunked_row *row, const result *got)
{
    assert_int_equal(got->status, row->status);
    assert_int_equal(got->len, strlen(row->data));
    assert_memory_equal(got->data, row->data, got->len);
    assert_true(row->status == SSE_ERR_LIMIT ||
                got->used == row->len - row->left);
}

/* Whole, and at every two-way and three-way cut: always the same. */
static void run_row(void **state)
{
    const chunked_row *const row = (const chunked_row *)*state;
    for (size_t a = 0; a <= row->len; a++) {
        for (size_t b = a; b <= row->len; b++) {
            const size_t ends[3] = {a, b, row->len};
            sse_priv_chunked chunked;
            result got;
            size_t begin = 0;
            memset(&got, 0, sizeof got);
            sse_priv_chunked_init(&chunked, MAX_EXTRA);
            got.status = SSE_INCOMPLETE;
            for (size_t i = 0; i < 3 && got.status == SSE_INCOMPLETE; i++) {
                feed(&chunked, row->text + begin, ends[i] - begin, &got);
                begin = ends[i];
            }
            check(row, &got);
        }
    }
}

static void test_chunked_largest_size(void **state)
{
    (void)state;
    sse_priv_chunked chunked;
    sse_piece data;
    size_t used = 0;
    sse_priv_chunked_init(&chunked, MAX_EXTRA);
    assert_int_equal(sse_priv_chunked_feed(&chunked, "fffffffffffffff\r\nx",
                                           18, &used, &data),
                     SSE_INCOMPLETE);
    assert_int_equal(data.len, 1);
    assert_true(chunked.left == 0xffffffffffffffeu);
}

/* ---- Frames ------------------------------------------------------------ */

/* Sends a frame in steps of a size into `wire`. */
static size_t send_frame(sse_priv_frame *frame, const char *payload,
                         size_t step, char *wire)
{
    size_t written = 0;
    while (!sse_priv_frame_is_done(frame)) {
        sse_piece pieces[SSE_PRIV_FRAME_PIECES];
        const size_t count = sse_priv_frame_pieces(frame, payload, pieces);
        assert_true(count > 0 && count <= SSE_PRIV_FRAME_PIECES);
        size_t room = step;
        for (size_t i = 0; i < count; i++) {
            assert_true(pieces[i].len > 0);
            const size_t n = pieces[i].len < room ? pieces[i].len : room;
            memcpy(wire + written, pieces[i].base, n);
            written += n;
            room -= n;
        }
        size_t sent = step - room;
        payload += sse_priv_frame_advance(frame, &sent);
        assert_int_equal(sent, 0);
    }
    return written;
}

static void test_chunked_frames_as_they_are(void **state)
{
    static const struct {
        size_t len;
        int last, chunked;
        const char *wire;
    } frames[] = {
        {1, 0, 1, "1\r\na\r\n"},
        {15, 0, 1, "f\r\naaaaaaaaaaaaaaa\r\n"},
        {16, 0, 1, "10\r\naaaaaaaaaaaaaaaa\r\n"},
        {2, 1, 1, "2\r\naa\r\n0\r\n\r\n"},
        {0, 1, 1, "0\r\n\r\n"},
        {3, 0, 0, "aaa"},
        {3, 1, 0, "aaa"},
        {0, 1, 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        for (size_t step = 1; step < 30; step++) {
            sse_priv_frame frame;
            char wire[64];
            sse_priv_frame_begin(&frame, frames[i].len, frames[i].last,
                                 frames[i].chunked);
            const size_t len =
                send_frame(&frame, "aaaaaaaaaaaaaaaa", step, wire);
            assert_int_equal(len, strlen(frames[i].wire));
            assert_memory_equal(wire, frames[i].wire, len);
            assert_int_equal(
                sse_priv_frame_pieces(&frame, NULL, NULL), 0);
        }
    }
}

static void test_chunked_frames_read_back(void **state)
{
    (void)state;
    enum { MOST = 300 };
    char payload[MOST];
    for (size_t i = 0; i < MOST; i++) {
        payload[i] = (char)(i * 7);
    }
    for (size_t len = 1; len <= MOST; len += 13) {
        char wire[2 * MOST];
        sse_priv_frame frame;
        sse_priv_frame_begin(&frame, len, 1, 1);
        const size_t size = send_frame(&frame, payload, 17, wire);
        sse_priv_chunked chunked;
        result got;
        memset(&got, 0, sizeof got);
        sse_priv_chunked_init(&chunked, 0);
        feed(&chunked, wire, size, &got);
        assert_int_equal(got.status, SSE_OK);
        assert_int_equal(got.used, size);
        assert_int_equal(got.len, len);
        assert_memory_equal(got.data, payload, len);
    }
}

int main(void)
{
    struct CMUnitTest tests[ROWS + 3] = {
        cmocka_unit_test(test_chunked_largest_size),
        cmocka_unit_test(test_chunked_frames_as_they_are),
        cmocka_unit_test(test_chunked_frames_read_back),
    };
    (void)FILL_ROWS(tests + 3, rows, name, run_row);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
