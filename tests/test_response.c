/*
 * test_response.c - heads of responses: what is taken, what is refused, and
 * what follows them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "adapters/header.h"
#include "adapters/sock/response.h"
#include "support/rows.h"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))
#define OK "HTTP/1.1 200 OK\r\n"
#define NONE SSE_PRIV_FRAMING_NONE
#define LENGTH SSE_PRIV_FRAMING_LENGTH
#define CHUNKED SSE_PRIV_FRAMING_CHUNKED
#define CLOSE SSE_PRIV_FRAMING_CLOSE

/* The whole, then one byte at a time: the same outcome. */
static sse_status feed(sse_priv_response *head, const char *text, size_t len,
                       size_t step, size_t *used)
{
    sse_status status = SSE_INCOMPLETE;
    *used = 0;
    while (status == SSE_INCOMPLETE && *used < len) {
        const size_t n = step < len - *used ? step : len - *used;
        size_t consumed = 0;
        status = sse_priv_response_feed(head, text + *used, n, &consumed);
        *used += consumed;
    }
    return status;
}

/* ---- taken ---- */

typedef struct good_row {
    const char *name, *head;
    int status;
    sse_priv_framing framing;
    int kept;
    uint64_t length;
} good_row;

static good_row good_rows[] = {
    {"by length", OK "Content-Length: 12\r\n\r\n", 200, LENGTH, 1, 12},
    {"no length", OK "Content-Type: a/b\r\n\r\n", 200, CLOSE, 0, 0},
    {"chunked", OK "Transfer-Encoding: chunked\r\n\r\n", 200, CHUNKED, 1, 0},
    {"chunked in any case", OK "transfer-ENCODING:\tChunked \r\n\r\n", 200,
     CHUNKED, 1, 0},
    {"no reason", "HTTP/1.1 200 \r\n\r\n", 200, CLOSE, 0, 0},
    {"no reason and no space", "HTTP/1.1 200\r\n\r\n", 200, CLOSE, 0, 0},
    {"a reason beyond ASCII", "HTTP/1.1 404 F\xc3\xb6rt\r\n\r\n", 404, CLOSE,
     0, 0},
    {"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n", 200, LENGTH,
     0, 1},
    {"a later minor version", "HTTP/1.7 200 OK\r\nContent-Length: 1\r\n\r\n",
     200, LENGTH, 1, 1},
    {"to be closed", OK "Content-Length: 1\r\nConnection: x, Close\r\n\r\n",
     200, LENGTH, 0, 1},
    {"to be closed, on a second line",
     OK "Connection: x\r\nContent-Length: 1\r\nCONNECTION:close\r\n\r\n", 200,
     LENGTH, 0, 1},
    {"not closed, only named like it",
     OK "Content-Length: 1\r\nConnection: closed, xclose\r\n\r\n", 200, LENGTH,
     1, 1},
    {"204 has no body", "HTTP/1.1 204 X\r\nContent-Length: 9\r\n\r\n", 204,
     NONE, 1, 9},
    {"304 has no body", "HTTP/1.1 304 X\r\nContent-Length: 9\r\n\r\n", 304,
     NONE, 1, 9},
    {"interim", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 103, NONE, 1,
     0},
    {"an empty value", OK "X:\r\nContent-Length: 0\r\n\r\n", 200, LENGTH, 1,
     0},
    {"the largest length", OK "Content-Length: 18446744073709551615\r\n\r\n",
     200, LENGTH, 1, UINT64_MAX},
    {"zeros in front", OK "Content-Length: 007\r\n\r\n", 200, LENGTH, 1, 7},
};

static void test_good(void **state)
{
    static const size_t steps[] = {4096, 1, 3};
    const good_row *row = (const good_row *)*state;
    const size_t len = strlen(row->head);
    char *text = (char *)malloc(len + 4);
    assert_non_null(text);
    memcpy(text, row->head, len);
    memcpy(text + len, "rest", 4);
    for (size_t i = 0; i < COUNT(steps); i++) {
        sse_priv_response head;
        size_t used;
        sse_priv_response_init(&head, 1000);
        assert_int_equal(feed(&head, text, len + 4, steps[i], &used), SSE_OK);
        assert_int_equal(used, len);
        assert_int_equal(head.len, len);
        assert_memory_equal(head.at, row->head, len + 1);
        assert_int_equal(head.status, row->status);
        assert_int_equal(sse_priv_response_framing(&head, 0), row->framing);
        assert_int_equal(sse_priv_response_framing(&head, 1), NONE);
        assert_int_equal(sse_priv_response_is_kept(&head, row->framing),
                         row->kept);
        assert_true(head.content_length == row->length);
        sse_priv_response_free(&head);
    }
    free(text);
}

/* ---- refused ---- */

typedef struct bad_row {
    const char *name, *head;
    size_t used; /* bytes until it shows; 0: all of them */
} bad_row;

static bad_row bad_rows[] = {
    {"another protocol", "SSH-2.0-x\r\n", 1},
    {"another protocol like it", "HTTPS/1.1 200 OK\r\n", 5},
    {"another major version", "HTTP/2 200 OK\r\n", 6},
    {"HTTP/0.9", "<html>\r\n", 1},
    {"an empty line first", "\r\n" OK "\r\n", 1},
    {"no minor version", "HTTP/1. 200 OK\r\n", 0},
    {"two digits of minor version", "HTTP/1.10 200 OK\r\n", 0},
    {"no space before the status", "HTTP/1.1200 OK\r\n", 0},
    {"two spaces before the status", "HTTP/1.1  200 OK\r\n", 0},
    {"a tab before the status", "HTTP/1.1\t200 OK\r\n", 0},
    {"two digits of status", "HTTP/1.1 20 OK\r\n", 0},
    {"four digits of status", "HTTP/1.1 2000 OK\r\n", 0},
    {"letters as status", "HTTP/1.1 2OO OK\r\n", 0},
    {"status 099", "HTTP/1.1 099 OK\r\n", 0},
    {"status 600", "HTTP/1.1 600 OK\r\n", 0},
    {"a bare LF", "HTTP/1.1 200 OK\n", 0},
    {"a bare LF behind a field", OK "A: b\n", 0},
    {"a bare CR", OK "A: b\rc\r\n", 0},
    {"a NUL", NULL, 0},
    {"a control character", OK "A: b\x01\r\n", 0},
    {"a folded line", OK "A: b\r\n c\r\n", 0},
    {"a folded line at once", OK " A: b\r\n", 0},
    {"white space before the colon", OK "A : b\r\n", 0},
    {"no name", OK ": b\r\n", 0},
    {"no colon", OK "nonsense\r\n", 0},
    {"a name that is no token", OK "A(b): c\r\n", 0},
    {"two lengths", OK "Content-Length: 1\r\nContent-Length: 2\r\n", 0},
    {"the same length twice", OK "Content-Length: 1\r\ncontent-length:1\r\n",
     0},
    {"two lengths in one", OK "Content-Length: 1, 1\r\n", 0},
    {"a negative length", OK "Content-Length: -1\r\n", 0},
    {"a signed length", OK "Content-Length: +1\r\n", 0},
    {"a length in hex", OK "Content-Length: 0x1\r\n", 0},
    {"an empty length", OK "Content-Length: \r\n", 0},
    {"a length beyond 64 bits", OK "Content-Length: 18446744073709551616\r\n",
     0},
    {"a length with a space in it", OK "Content-Length: 1 2\r\n", 0},
    {"a length beside chunked",
     OK "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 0},
    {"chunked beside a length",
     OK "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 0},
    {"chunked twice",
     OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 0},
    {"chunked twice in one", OK "Transfer-Encoding: chunked, chunked\r\n", 0},
    {"another coding", OK "Transfer-Encoding: gzip\r\n", 0},
    {"another coding, then chunked",
     OK "Transfer-Encoding: gzip, chunked\r\n", 0},
    {"identity", OK "Transfer-Encoding: identity\r\n", 0},
    {"an empty coding", OK "Transfer-Encoding:\r\n", 0},
    {"nearly chunked", OK "Transfer-Encoding: xchunked\r\n", 0},
    {"chunked in HTTP/1.0",
     "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n", 0},
};

static const char with_nul[] = OK "A: b\0c\r\n";

static void test_bad(void **state)
{
    static const size_t steps[] = {4096, 1};
    const bad_row *row = (const bad_row *)*state;
    const char *text = row->head != NULL ? row->head : with_nul;
    const size_t len =
        row->head != NULL ? strlen(row->head) : sizeof(with_nul) - 1;
    for (size_t i = 0; i < COUNT(steps); i++) {
        sse_priv_response head;
        size_t used;
        sse_priv_response_init(&head, 1000);
        assert_int_equal(feed(&head, text, len, steps[i], &used),
                         SSE_ERR_PROTOCOL);
        assert_non_null(head.why);
        if (steps[i] == 1) {
            assert_int_equal(used, row->used != 0 ? row->used : len);
        }
        sse_priv_response_free(&head);
    }
}

/* ---- bounds, and the next head ---- */

static void test_limit_is_exact(void **state)
{
    static const char text[] = OK "A: b\r\n\r\n";
    const size_t len = sizeof(text) - 1;
    (void)state;
    for (size_t step = 1; step <= len; step += len - 1) {
        sse_priv_response head;
        size_t used;
        sse_priv_response_init(&head, len);
        assert_int_equal(feed(&head, text, len, step, &used), SSE_OK);
        sse_priv_response_free(&head);
        sse_priv_response_init(&head, len - 1);
        assert_int_equal(feed(&head, text, len, step, &used), SSE_ERR_LIMIT);
        assert_true(head.cap <= 1024);
        sse_priv_response_free(&head);
    }
}

static void test_endless_line_is_bounded(void **state)
{
    static char block[10000];
    sse_priv_response head;
    size_t used;
    sse_status status;
    (void)state;
    memset(block, 'x', sizeof(block));
    memcpy(block, OK "A: ", 20);
    sse_priv_response_init(&head, 65536);
    do {
        status = sse_priv_response_feed(&head, block, sizeof(block), &used);
        memset(block, 'x', sizeof(block));
    } while (status == SSE_INCOMPLETE);
    assert_int_equal(status, SSE_ERR_LIMIT);
    assert_true(head.cap <= 131072);
    sse_priv_response_free(&head);
}

static void test_heads_follow_each_other(void **state)
{
    static const char text[] =
        "HTTP/1.1 100 Continue\r\nContent-Length: 4\r\n\r\n"
        OK "Transfer-Encoding: chunked\r\n\r\n";
    sse_priv_response head;
    size_t first, second;
    (void)state;
    sse_priv_response_init(&head, 200);
    assert_int_equal(feed(&head, text, sizeof(text) - 1, 7, &first), SSE_OK);
    assert_int_equal(head.status, 100);
    sse_priv_response_reset(&head);
    assert_int_equal(feed(&head, text + first, sizeof(text) - 1 - first, 7,
                          &second), SSE_OK);
    assert_int_equal(first + second, sizeof(text) - 1);
    assert_int_equal(head.status, 200);
    assert_int_equal(sse_priv_response_framing(&head, 0), CHUNKED);
    sse_priv_response_free(&head);
}

static void is_field(const char *head, const char *name, const char *want)
{
    size_t len;
    const char *value =
        sse_priv_header(head, strlen(head), name, &len);
    if (want == NULL) {
        assert_null(value);
        assert_int_equal(len, 0);
    } else {
        assert_non_null(value);
        assert_int_equal(len, strlen(want));
        assert_memory_equal(value, want, len);
    }
}

static void test_fields(void **state)
{
    static const char head[] = OK "One:  1 \t\r\nTwo: a: b\r\nTwo: c\r\n"
                                  "Empty:\r\nBlank: \t \r\n\r\n";
    (void)state;
    is_field(head, "one", "1");
    is_field(head, "ONE", "1");
    is_field(head, "Two", "a: b");
    is_field(head, "Empty", "");
    is_field(head, "Blank", "");
    is_field(head, "On", NULL);
    is_field(head, "One:", NULL);
    is_field(head, "", NULL);
    is_field(head, "HTTP/1.1 200 OK", NULL);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_limit_is_exact),
        cmocka_unit_test(test_endless_line_is_bounded),
        cmocka_unit_test(test_heads_follow_each_other),
        cmocka_unit_test(test_fields),
    };
    struct CMUnitTest
        tests[COUNT(good_rows) + COUNT(bad_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, good_rows, name, test_good);
    n += FILL_ROWS(tests + n, bad_rows, name, test_bad);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
