/*
 * test_head.c - request heads: what is taken, what is refused, and when.
 *
 * SPDX-License-Identifier: MIT
 */
#include "adapters/sock/head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/rows.h"

#define MAX_HEAD 400u

/* A head, and either what is answered or what it says.  A refused one ends on
 * the byte that shows it, so that it is seen not to wait for more. */
typedef struct head_row {
    const char *name;
    const char *text;
    size_t len;
    int error;
    const char *path, *query;
    uint32_t flags; /* without SSE_PRIV_HEAD_HOST */
} head_row;

#define TAKE(name, text, path, query, flags)                                   \
    {"take: " name, text, sizeof(text) - 1, 0, path, query, flags}
#define REFUSE(error, name, text)                                              \
    {"refuse: " name, text, sizeof(text) - 1, error, NULL, NULL, 0}

#define GET "GET / HTTP/1.1\r\n"
#define HOST "Host: a\r\n"
#define POST "POST / HTTP/1.1\r\n" HOST
#define A10 "aaaaaaaaaa"
#define A100 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10

static head_row rows[] = {
    TAKE("the shortest", "G / HTTP/1.1\r\nHost:\r\n\r\n", "/", NULL, 0),
    TAKE("1.0 without host", "GET / HTTP/1.0\r\n\r\n", "/", NULL,
         SSE_PRIV_HEAD_HTTP10),
    TAKE("path and query", "GET /a/b?c=d&e HTTP/1.1\r\n" HOST "\r\n", "/a/b",
         "c=d&e", 0),
    TAKE("empty query", "GET /? HTTP/1.1\r\n" HOST "\r\n", "/", "", 0),
    TAKE("question marks", "GET /?a?b HTTP/1.1\r\n" HOST "\r\n", "/", "a?b",
         0),
    TAKE("two slashes", "GET //a HTTP/1.1\r\n" HOST "\r\n", "//a", NULL, 0),
    TAKE("escapes", "GET /%41%e4?x=%00 HTTP/1.1\r\n" HOST "\r\n", "/%41%e4",
         "x=%00", 0),
    TAKE("absolute form", "GET http://a:80/b?c HTTP/1.1\r\n" HOST "\r\n",
         "/b", "c", 0),
    TAKE("absolute form without path", "GET HTTPS://a HTTP/1.1\r\n" HOST
         "\r\n", "/", NULL, 0),
    TAKE("absolute form, query alone", "GET http://[::1]?q HTTP/1.1\r\n" HOST
         "\r\n", "/", "q", 0),
    TAKE("asterisk", "OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "*", NULL, 0),
    TAKE("any token as a method", "a!#$%&'*+-.^_`|~9 / HTTP/1.1\r\n" HOST
         "\r\n", "/", NULL, 0),
    TAKE("value without space", GET "Host:a\r\n\r\n", "/", NULL, 0),
    TAKE("value among spaces and tabs", GET "Host: \t a \t \r\n\r\n", "/",
         NULL, 0),
    TAKE("empty value", GET HOST "X:\r\nY: \t\r\n\r\n", "/", NULL, 0),
    TAKE("bytes above ASCII in a value", GET HOST "X: \xC3\xA4\x80\r\n\r\n",
         "/", NULL, 0),
    TAKE("names in any case", GET "hOST: a\r\ncONNECTION: cLOSE\r\n\r\n", "/",
         NULL, SSE_PRIV_HEAD_CLOSE),
    TAKE("close in a list", GET HOST "Connection: x,\tclose ,y\r\n\r\n", "/",
         NULL, SSE_PRIV_HEAD_CLOSE),
    TAKE("no close in a longer word", GET HOST
         "Connection: closed, enclose\r\n\r\n", "/", NULL, 0),
    TAKE("content length", POST "Content-Length: 5\r\n\r\n", "/", NULL,
         SSE_PRIV_HEAD_LENGTH),
    TAKE("content length with zeros", POST "Content-Length: 005\r\n\r\n", "/",
         NULL, SSE_PRIV_HEAD_LENGTH),
    TAKE("chunked", POST "Transfer-Encoding: Chunked\r\n\r\n", "/", NULL,
         SSE_PRIV_HEAD_CHUNKED),
    TAKE("expectation", POST "Content-Length: 5\r\nExpect: 100-Continue"
         "\r\n\r\n", "/", NULL,
         SSE_PRIV_HEAD_LENGTH | SSE_PRIV_HEAD_CONTINUE),
    TAKE("expectation in 1.0", "POST / HTTP/1.0\r\nExpect: x\r\n\r\n", "/",
         NULL, SSE_PRIV_HEAD_HTTP10),
    TAKE("IPv6 host", GET "Host: [2001:db8::1]:8080\r\n\r\n", "/", NULL, 0),

    REFUSE(400, "space first", " "),
    REFUSE(400, "blank line first", "\r"),
    REFUSE(400, "line feed first", "\n"),
    REFUSE(400, "NUL first", "\0"),
    REFUSE(400, "a TLS hello", "\x16"),
    REFUSE(400, "bytes above ASCII first", "\x80"),
    REFUSE(400, "no token first", "("),
    REFUSE(400, "no token in the method", "GE("),
    REFUSE(400, "tab behind the method", "GET\t"),
    REFUSE(501, "a method of 33 bytes", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    REFUSE(400, "two spaces", "GET  "),
    REFUSE(400, "no target", "GET\r"),
    REFUSE(400, "HTTP/0.9", "GET /\r"),
    REFUSE(400, "control byte in the target", "GET /\x01"),
    REFUSE(400, "bytes above ASCII in the target", "GET /\xC3"),
    REFUSE(400, "fragment", "GET /#"),
    REFUSE(400, "quotation mark in the target", "GET /\""),
    REFUSE(400, "no slash", "GET a "),
    REFUSE(400, "another scheme", "GET ftp://a/ "),
    REFUSE(400, "no authority", "GET http:///a "),
    REFUSE(400, "user information", "GET http://u@h/ "),
    REFUSE(400, "asterisk with GET", "GET * "),
    REFUSE(501, "CONNECT", "CONNECT a:443 "),
    REFUSE(400, "escape cut short", "GET /%4 "),
    REFUSE(400, "escape without digits", "GET /%zz "),
    REFUSE(400, "escape in the query", "GET /?a=100% "),
    REFUSE(400, "no protocol", "GET / F"),
    REFUSE(400, "protocol in lower case", "GET / h"),
    REFUSE(400, "the preface of HTTP/2", "PRI * "),
    REFUSE(505, "HTTP/2", "GET / HTTP/2"),
    REFUSE(505, "HTTP/0.9 spelled out", "GET / HTTP/0"),
    REFUSE(505, "HTTP/1.2", "GET / HTTP/1.2"),
    REFUSE(400, "HTTP/1.x", "GET / HTTP/1.x"),
    REFUSE(400, "HTTP/1.10", "GET / HTTP/1.10"),
    REFUSE(400, "HTTP/x", "GET / HTTP/x"),
    REFUSE(400, "space behind the version", "GET / HTTP/1.1 "),
    REFUSE(400, "line feed alone behind the version", "GET / HTTP/1.1\n"),
    REFUSE(400, "carriage return alone", "GET / HTTP/1.1\rH"),
    REFUSE(400, "space before the first field", GET " "),
    REFUSE(400, "folded line", GET "A: b\r\n "),
    REFUSE(400, "folded line by tab", GET "A: b\r\n\t"),
    REFUSE(400, "space before the colon", GET "Host "),
    REFUSE(400, "empty name", GET ":"),
    REFUSE(400, "name without colon", GET "Host\r"),
    REFUSE(400, "no token in a name", GET "Ho@"),
    REFUSE(400, "NUL in a name", GET "Ho\0"),
    REFUSE(400, "NUL in a value", GET "Host: a\0"),
    REFUSE(400, "control byte in a value", GET "Host: a\x0b"),
    REFUSE(400, "DEL in a value", GET "Host: a\x7f"),
    REFUSE(400, "line feed alone behind a value", GET "Host: a\n"),
    REFUSE(400, "carriage return within a value", GET "Host: a\rb"),
    REFUSE(400, "line feed alone at the end", GET HOST "\n"),
    REFUSE(400, "carriage return alone at the end", GET HOST "\rx"),
    REFUSE(400, "no host", GET "\r\n"),
    REFUSE(400, "two hosts", GET HOST "Host: a\r"),
    REFUSE(400, "two hosts in 1.0", "GET / HTTP/1.0\r\n" HOST "Host: a\r"),
    REFUSE(400, "a path as a host", GET "Host: a/b\r"),
    REFUSE(400, "user information as a host", GET "Host: u@h\r"),
    REFUSE(400, "two hosts in one", GET "Host: a, b\r"),
    REFUSE(400, "two lengths", POST
           "Content-Length: 5\r\nContent-Length: 6\r"),
    REFUSE(400, "the same length twice", POST
           "Content-Length: 5\r\nContent-Length: 5\r"),
    REFUSE(400, "two lengths in a list", POST "Content-Length: 5, 5\r"),
    REFUSE(400, "negative length", POST "Content-Length: -1\r"),
    REFUSE(400, "length with a sign", POST "Content-Length: +1\r"),
    REFUSE(400, "hexadecimal length", POST "Content-Length: 0x1\r"),
    REFUSE(400, "length with a space", POST "Content-Length: 1 1\r"),
    REFUSE(400, "empty length", POST "Content-Length: \r"),
    REFUSE(400, "length, then coding", POST
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r"),
    REFUSE(400, "coding, then length", POST
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r"),
    REFUSE(400, "coding in 1.0",
           "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r"),
    REFUSE(400, "coding twice", POST
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r"),
    REFUSE(501, "unknown coding", POST "Transfer-Encoding: gzip\r"),
    REFUSE(501, "unknown coding before chunked", POST
           "Transfer-Encoding: gzip, chunked\r"),
    REFUSE(501, "a word like chunked", POST "Transfer-Encoding: xchunked\r"),
    REFUSE(501, "chunked in a list", POST
           "Transfer-Encoding: chunked, identity\r"),
    REFUSE(400, "coding with a control byte", POST
           "Transfer-Encoding: \x0b"),
    REFUSE(501, "empty coding", POST "Transfer-Encoding:\r"),
    REFUSE(417, "unknown expectation", POST "Expect: cake\r"),
    REFUSE(414, "target too long", "GET /" A100 A100 A100 A10 A10 A10 A10 A10
           A10 A10 A10 A10 "aaaaaa"),
    REFUSE(431, "head too long", GET "X: " A100 A100 A100 A10 A10 A10 A10 A10
           A10 A10 "aaaaaaaaaaaa"),
};

enum { ROWS = sizeof rows / sizeof rows[0] };

/* Feeds pieces of a length, into a store that grows by as little as can be.
 * Every piece is a copy that ends where its memory ends. */
static sse_status feed(sse_priv_head *head, const head_row *row, size_t piece,
                       size_t *total)
{
    sse_status status = SSE_INCOMPLETE;
    sse_priv_head_init_request(head, NULL, 0, MAX_HEAD);
    *total = 0;
    while (status == SSE_INCOMPLETE && *total < row->len) {
        const size_t left = row->len - *total;
        const size_t len = piece < left ? piece : left;
        char *const bytes = (char *)malloc(len);
        assert_non_null(bytes);
        memcpy(bytes, row->text + *total, len);
        size_t at = 0;
        do {
            size_t used = 0;
            status = sse_priv_head_feed(head, bytes + at, len - at, &used);
            at += used;
            if (status == SSE_NEED_SPACE) {
                assert_true(head->cap < MAX_HEAD);
                char *const store =
                    (char *)realloc(head->store, head->cap + 1);
                assert_non_null(store);
                sse_priv_head_set_store(head, store, head->cap + 1);
            }
        } while (status == SSE_NEED_SPACE);
        assert_true(status != SSE_INCOMPLETE || at == len);
        *total += at;
        free(bytes);
    }
    return status;
}

static void check(const head_row *row, size_t piece)
{
    sse_priv_head head;
    size_t total = 0;
    const sse_status status = feed(&head, row, piece, &total);
    if (row->error != 0) {
        assert_int_equal(status, SSE_ERR_PROTOCOL);
        assert_int_equal(head.error, row->error);
        /* On the last byte of the row, not before it and not after. */
        assert_int_equal(total, row->len - 1);
        /* And for good. */
        size_t used = 1;
        assert_int_equal(sse_priv_head_feed(&head, "x", 1, &used),
                         SSE_ERR_PROTOCOL);
        assert_int_equal(used, 0);
    } else {
        assert_int_equal(status, SSE_OK);
        assert_int_equal(total, row->len);
        assert_string_equal(sse_priv_head_path(&head), row->path);
        if (row->query == NULL) {
            assert_null(sse_priv_head_query(&head));
        } else {
            assert_string_equal(sse_priv_head_query(&head), row->query);
        }
        assert_int_equal(head.flags & ~SSE_PRIV_HEAD_HOST, row->flags);
        if ((row->flags & SSE_PRIV_HEAD_LENGTH) != 0) {
            assert_int_equal(head.content_length, 5);
        }
    }
    free(head.store);
}

static void run_row(void **state)
{
    const head_row *const row = (const head_row *)*state;
    for (size_t piece = 1; piece <= row->len; piece++) {
        check(row, piece);
    }
}

static sse_priv_head head_of(const char *text)
{
    sse_priv_head head;
    char *const store = (char *)malloc(4096);
    assert_non_null(store);
    size_t used = 0;
    sse_priv_head_init_request(&head, store, 4096, 4096);
    assert_int_equal(sse_priv_head_feed(&head, text, strlen(text), &used),
                     SSE_OK);
    return head;
}

static void test_head_fields_are_found_by_name(void **state)
{
    (void)state;
    const sse_priv_head head = head_of("PUT /x HTTP/1.1\r\nHost: a\r\n"
                                       "Accept:  text/a, text/b \r\n"
                                       "ACCEPT: second\r\nEmpty:\r\n\r\n");
    assert_string_equal(sse_priv_head_method(&head), "PUT");
    assert_string_equal(sse_priv_head_field(&head, "accept"),
                        "text/a, text/b");
    assert_string_equal(sse_priv_head_field(&head, "eMPTY"), "");
    assert_null(sse_priv_head_field(&head, "Accep"));
    assert_null(sse_priv_head_field(&head, "Accept2"));
    assert_null(sse_priv_head_field(&head, ""));
    free(head.store);
}

static void test_head_stops_behind_itself(void **state)
{
    (void)state;
    static const char text[] = GET HOST "\r\nGET /next";
    char store[64];
    sse_priv_head head;
    size_t used = 0;
    sse_priv_head_init_request(&head, store, sizeof store, sizeof store);
    assert_int_equal(
        sse_priv_head_feed(&head, text, sizeof text - 1, &used), SSE_OK);
    assert_int_equal(used, sizeof GET HOST "\r\n" - 1);
    assert_int_equal(
        sse_priv_head_feed(&head, text + used, 1, &used), SSE_OK);
    assert_int_equal(used, 0);
}

static void test_head_length_saturates(void **state)
{
    (void)state;
    const sse_priv_head head =
        head_of(POST "Content-Length: 18446744073709551616\r\n\r\n");
    assert_true(head.content_length == UINT64_MAX);
    free(head.store);
    const sse_priv_head most =
        head_of(POST "Content-Length: 18446744073709551614\r\n\r\n");
    assert_true(most.content_length == UINT64_MAX - 1);
    free(most.store);
}

static void test_head_counts_its_fields(void **state)
{
    (void)state;
    char store[8192];
    for (size_t fields = 127; fields <= 129; fields++) {
        sse_priv_head head;
        size_t used = 0;
        sse_priv_head_init_request(&head, store, sizeof store, sizeof store);
        assert_int_equal(sse_priv_head_feed(&head, "GET / HTTP/1.0\r\n", 16,
                                            &used),
                         SSE_INCOMPLETE);
        sse_status status = SSE_INCOMPLETE;
        for (size_t i = 0; i < fields; i++) {
            status = sse_priv_head_feed(&head, "a:b\r\n", 5, &used);
        }
        assert_int_equal(status, fields > SSE_PRIV_HEAD_FIELDS
                                     ? SSE_ERR_PROTOCOL
                                     : SSE_INCOMPLETE);
        assert_int_equal(head.error, fields > SSE_PRIV_HEAD_FIELDS ? 431 : 0);
    }
}

int main(void)
{
    struct CMUnitTest tests[ROWS + 4] = {
        cmocka_unit_test(test_head_fields_are_found_by_name),
        cmocka_unit_test(test_head_stops_behind_itself),
        cmocka_unit_test(test_head_length_saturates),
        cmocka_unit_test(test_head_counts_its_fields),
    };
    (void)FILL_ROWS(tests + 4, rows, name, run_row);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
