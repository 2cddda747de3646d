/*
 * test_server_strict_rows.h - RFC 9112 as rows, for test_server_strict.c.  The
 * names begin with the number of the section.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TEST_SERVER_STRICT_ROWS_H
#define SSE_TEST_SERVER_STRICT_ROWS_H

#include <stddef.h>

/* What is said, and the statuses of the answers, in order.  `open`: the
 * connection stays for more. */
typedef struct strict_row {
    const char *name, *text;
    size_t len;
    int open;
    int statuses[4];
} strict_row;

#define BYTES(text) text, sizeof(text) - 1
#define TAKEN(name, text) {name, BYTES(text), 1, {200, 0, 0, 0}}
#define TAKEN_LAST(name, text) {name, BYTES(text), 0, {200, 0, 0, 0}}
#define BOTH(name, text) {name, BYTES(text), 1, {200, 200, 0, 0}}
#define REFUSED(status, name, text) {name, BYTES(text), 0, {status, 0, 0, 0}}
#define THEN(status, name, text) {name, BYTES(text), 0, {200, status, 0, 0}}

#define HELLO "GET /hello HTTP/1.1\r\n"
#define HOST "Host: a\r\n"
#define ECHO "POST /echo HTTP/1.1\r\n" HOST
#define CHUNKED ECHO "Transfer-Encoding: chunked\r\n\r\n"
#define LENGTH(n) ECHO "Content-Length: " n "\r\n\r\n"
#define A16 "aaaaaaaaaaaaaaaa"

static strict_row rows[] = {
    /* Message Parsing */
    TAKEN("2.2 a request", HELLO HOST "\r\n"),
    REFUSED(400, "2.2 an empty line before it", "\r"),
    REFUSED(400, "2.2 LF before it", "\n"),
    REFUSED(400, "2.2 space before it", " "),
    REFUSED(400, "2.2 tab before it", "\t"),
    REFUSED(400, "2.2 NUL before it", "\0"),
    REFUSED(400, "2.2 a byte order mark", "\xEF"),
    REFUSED(400, "2.2 UTF-16", "\xFF"),
    REFUSED(400, "2.2 a TLS hello", "\x16"),
    REFUSED(400, "2.2 a bracket", "{"),
    REFUSED(400, "2.2 bare LF behind the request line",
            "GET /hello HTTP/1.1\n"),
    REFUSED(400, "2.2 bare CR behind the request line",
            "GET /hello HTTP/1.1\rH"),
    REFUSED(400, "2.2 two CR", "GET /hello HTTP/1.1\r\r"),
    REFUSED(400, "2.2 bare LF behind a field", HELLO "Host: a\n"),
    REFUSED(400, "2.2 bare CR behind a field", HELLO "Host: a\rX"),
    REFUSED(400, "2.2 two CR behind a field", HELLO "Host: a\r\r"),
    REFUSED(400, "2.2 bare LF at the end", HELLO HOST "\n"),
    REFUSED(400, "2.2 bare CR at the end", HELLO HOST "\rX"),
    REFUSED(400, "2.2 bare CR within a value", HELLO HOST "A: b\rc"),
    REFUSED(400, "2.2 bare CR at a value's start", HELLO HOST "A: \rc"),
    REFUSED(400, "2.2 bare CR within a name", HELLO HOST "A\r"),
    REFUSED(400, "2.2 bare CR within the target", "GET /he\r"),
    REFUSED(400, "2.2 white space before the first field", HELLO " "),
    REFUSED(400, "2.2 tab before the first field", HELLO "\t"),

    /* HTTP Version */
    TAKEN_LAST("2.3 HTTP/1.0", "GET /hello HTTP/1.0\r\n\r\n"),
    TAKEN_LAST("2.3 HTTP/1.0 with a host", "GET /hello HTTP/1.0\r\n" HOST
               "\r\n"),
    TAKEN_LAST("2.3 HTTP/1.0 that would be kept", "GET /hello HTTP/1.0\r\n"
               "Connection: keep-alive\r\n\r\n"),
    REFUSED(505, "2.3 HTTP/0.9 spelled out", "GET / HTTP/0"),
    REFUSED(505, "2.3 HTTP/1.2", "GET / HTTP/1.2"),
    REFUSED(505, "2.3 HTTP/1.9", "GET / HTTP/1.9"),
    REFUSED(505, "2.3 HTTP/2.0", "GET / HTTP/2"),
    REFUSED(505, "2.3 HTTP/3", "GET / HTTP/3"),
    REFUSED(505, "2.3 HTTP/9.1", "GET / HTTP/9"),
    REFUSED(400, "2.3 no version", "GET /hello\r"),
    REFUSED(400, "2.3 nothing but a space for it", "GET /hello \r"),
    REFUSED(400, "2.3 in lower case", "GET / h"),
    REFUSED(400, "2.3 in mixed case", "GET / HTTp"),
    REFUSED(400, "2.3 another protocol", "GET / ICAP"),
    REFUSED(400, "2.3 no slash", "GET / HTTP1"),
    REFUSED(400, "2.3 no dot", "GET / HTTP/11"),
    REFUSED(400, "2.3 two digits behind the dot", "GET / HTTP/1.11"),
    REFUSED(400, "2.3 two digits before the dot", "GET / HTTP/10"),
    REFUSED(400, "2.3 a letter behind the dot", "GET / HTTP/1.x"),
    REFUSED(400, "2.3 a comma for the dot", "GET / HTTP/1,"),
    REFUSED(400, "2.3 a sign", "GET / HTTP/+"),

    /* Request Line */
    REFUSED(400, "3 two spaces behind the method", "GET  "),
    REFUSED(400, "3 tab behind the method", "GET\t"),
    REFUSED(400, "3 VT behind the method", "GET\x0b"),
    REFUSED(400, "3 NUL behind the method", "GET\0"),
    REFUSED(400, "3 two spaces behind the target", "GET /hello  "),
    REFUSED(400, "3 tab behind the target", "GET /hello\t"),
    REFUSED(400, "3 space behind the version", "GET /hello HTTP/1.1 "),
    REFUSED(400, "3 tab behind the version", "GET /hello HTTP/1.1\t"),
    REFUSED(400, "3 a fourth word", "GET /hello there "),
    REFUSED(400, "3 a method alone", "GET\r"),

    /* Method */
    TAKEN("3.1 any token", "X!#$%&'*+-.^_`|~9 /hello HTTP/1.1\r\n" HOST
          "\r\n"),
    REFUSED(400, "3.1 no method", " "),
    REFUSED(400, "3.1 a slash in it", "GE/"),
    REFUSED(400, "3.1 a colon in it", "GET:"),
    REFUSED(400, "3.1 a parenthesis in it", "GE("),
    REFUSED(400, "3.1 a comma in it", "GET,"),
    REFUSED(400, "3.1 a quotation mark in it", "\""),
    REFUSED(400, "3.1 a byte above ASCII in it", "G\xC3"),
    REFUSED(501, "3.1 far too long", A16 A16 "a"),

    /* Request Target */
    TAKEN("3.2.1 origin form with a query", "GET /hello?a=b&c HTTP/1.1\r\n"
          HOST "\r\n"),
    TAKEN("3.2.2 absolute form", "GET http://a/hello HTTP/1.1\r\n" HOST
          "\r\n"),
    TAKEN("3.2.2 absolute form with a port and a query",
          "GET http://a:8080/hello?x HTTP/1.1\r\n" HOST "\r\n"),
    TAKEN("3.2.2 absolute form, scheme in capitals",
          "GET HTTP://a/hello HTTP/1.1\r\n" HOST "\r\n"),
    REFUSED(501, "3.2.3 authority form", "CONNECT a:443 "),
    REFUSED(400, "3.2.4 asterisk with GET", "GET * "),
    REFUSED(400, "3.2.4 asterisk with POST", "POST * "),
    REFUSED(400, "3.2.4 asterisk and more", "OPTIONS *a "),
    REFUSED(400, "3.2 no slash", "GET hello "),
    REFUSED(400, "3.2 a backslash first", "GET \\hello "),
    REFUSED(400, "3.2 a question mark first", "GET ?a "),
    REFUSED(400, "3.2 a fragment", "GET /hello#"),
    REFUSED(400, "3.2 a quotation mark", "GET /\""),
    REFUSED(400, "3.2 an angle bracket", "GET /<"),
    REFUSED(400, "3.2 a control byte", "GET /\x01"),
    REFUSED(400, "3.2 DEL", "GET /\x7f"),
    REFUSED(400, "3.2 NUL", "GET /\0"),
    REFUSED(400, "3.2 a byte above ASCII", "GET /\xC3"),
    REFUSED(400, "3.2 a percent sign alone", "GET /% "),
    REFUSED(400, "3.2 one digit behind it", "GET /%4 "),
    REFUSED(400, "3.2 no digits behind it", "GET /%4g "),
    REFUSED(400, "3.2 a percent sign in the query", "GET /?50% "),
    REFUSED(400, "3.2 another scheme", "GET ftp://a/ "),
    REFUSED(400, "3.2 a scheme without authority", "GET http:/hello "),
    REFUSED(400, "3.2 an empty authority", "GET http:///hello "),
    REFUSED(400, "3.2 user information", "GET http://u:p@a/hello "),
    REFUSED(400, "3.2 a space in the authority's place", "GET http:// "),

    /* Host */
    TAKEN("3.2 an empty host", HELLO "Host:\r\n\r\n"),
    TAKEN("3.2 a host with a port", HELLO "Host: a.example:80\r\n\r\n"),
    TAKEN("3.2 an IPv6 host", HELLO "Host: [::1]:80\r\n\r\n"),
    TAKEN("3.2 the name in capitals", HELLO "HOST: a\r\n\r\n"),
    REFUSED(400, "3.2 no host", HELLO "\r\n"),
    REFUSED(400, "3.2 another field alone", HELLO "Hosts: a\r\n\r\n"),
    REFUSED(400, "3.2 two hosts", HELLO HOST "Host: b\r"),
    REFUSED(400, "3.2 one host twice", HELLO HOST "Host: a\r"),
    REFUSED(400, "3.2 two hosts in two spellings", HELLO HOST "hOST: a\r"),
    REFUSED(400, "3.2 two hosts in a list", HELLO "Host: a, b\r"),
    REFUSED(400, "3.2 a path in it", HELLO "Host: a/hello\r"),
    REFUSED(400, "3.2 user information in it", HELLO "Host: u@a\r"),
    REFUSED(400, "3.2 a space in it", HELLO "Host: a b\r"),
    REFUSED(400, "3.2 a byte above ASCII in it", HELLO "Host: \xC3\xA4\r"),

    /* Field Syntax */
    TAKEN("5 no space behind the colon", HELLO "Host:a\r\n\r\n"),
    TAKEN("5 spaces and tabs around a value", HELLO "Host: \t a \t \r\n\r\n"),
    TAKEN("5 an empty value", HELLO HOST "X:\r\n\r\n"),
    TAKEN("5 a value of white space", HELLO HOST "X: \t \r\n\r\n"),
    TAKEN("5 white space within a value", HELLO HOST "X: a \t b\r\n\r\n"),
    TAKEN("5 bytes above ASCII in a value", HELLO HOST
          "X: \x80\xFF\xC3\xA4\r\n\r\n"),
    TAKEN("5 a name of all token characters", HELLO HOST
          "!#$%&'*+-.^_`|~09azAZ: x\r\n\r\n"),
    TAKEN("5 colons in a value", HELLO HOST "X: a:b: c\r\n\r\n"),
    TAKEN("5 the same field again", HELLO HOST "X: a\r\nX: b\r\n\r\n"),
    REFUSED(400, "5.1 space before the colon", HELLO "Host "),
    REFUSED(400, "5.1 tab before the colon", HELLO "Host\t"),
    REFUSED(400, "5.1 no name", HELLO ":"),
    REFUSED(400, "5.1 no colon", HELLO "Host\r"),
    REFUSED(400, "5.1 no colon, bare LF", HELLO "Host\n"),
    REFUSED(400, "5.1 a parenthesis in the name", HELLO "Ho(st"),
    REFUSED(400, "5.1 an at sign in the name", HELLO "Ho@"),
    REFUSED(400, "5.1 a quotation mark in the name", HELLO "\""),
    REFUSED(400, "5.1 a slash in the name", HELLO "a/"),
    REFUSED(400, "5.1 an equals sign in the name", HELLO "a="),
    REFUSED(400, "5.1 NUL in the name", HELLO "a\0"),
    REFUSED(400, "5.1 a byte above ASCII in the name", HELLO "a\xC3"),
    REFUSED(400, "5.5 NUL in a value", HELLO "A: b\0"),
    REFUSED(400, "5.5 BEL in a value", HELLO "A: b\x07"),
    REFUSED(400, "5.5 ESC in a value", HELLO "A: b\x1b"),
    REFUSED(400, "5.5 VT in a value", HELLO "A: b\x0b"),
    REFUSED(400, "5.5 FF in a value", HELLO "A: b\x0c"),
    REFUSED(400, "5.5 DEL in a value", HELLO "A: b\x7f"),
    REFUSED(400, "5.5 NUL at a value's start", HELLO "A: \0"),
    REFUSED(400, "5.2 a folded line", HELLO HOST "A: b\r\n "),
    REFUSED(400, "5.2 a line folded by a tab", HELLO HOST "A: b\r\n\t"),
    REFUSED(400, "5.2 a folded host", HELLO "Host:\r\n a"),

    /* Transfer-Encoding */
    TAKEN("6.1 chunked", CHUNKED "2\r\nab\r\n0\r\n\r\n"),
    TAKEN("6.1 in any case", ECHO "transfer-encoding: CHUNKED\r\n\r\n"
          "0\r\n\r\n"),
    REFUSED(501, "6.1 gzip", ECHO "Transfer-Encoding: gzip\r"),
    REFUSED(501, "6.1 gzip, chunked", ECHO
            "Transfer-Encoding: gzip, chunked\r"),
    REFUSED(501, "6.1 chunked, gzip", ECHO
            "Transfer-Encoding: chunked, gzip\r"),
    REFUSED(501, "6.1 chunked, chunked", ECHO
            "Transfer-Encoding: chunked, chunked\r"),
    REFUSED(501, "6.1 identity", ECHO "Transfer-Encoding: identity\r"),
    REFUSED(501, "6.1 empty", ECHO "Transfer-Encoding:\r"),
    REFUSED(501, "6.1 in quotation marks", ECHO
            "Transfer-Encoding: \"chunked\"\r"),
    REFUSED(501, "6.1 with a parameter", ECHO
            "Transfer-Encoding: chunked;q=1\r"),
    REFUSED(501, "6.1 a word behind it", ECHO
            "Transfer-Encoding: chunked x\r"),
    REFUSED(501, "6.1 a comma behind it", ECHO
            "Transfer-Encoding: chunked,\r"),
    REFUSED(501, "6.1 a letter before it", ECHO
            "Transfer-Encoding: xchunked\r"),
    REFUSED(400, "6.1 a control byte before it", ECHO
            "Transfer-Encoding: \x0b"),
    REFUSED(400, "6.1 a space in the name", ECHO "Transfer-Encoding "),
    REFUSED(400, "6.1 twice", ECHO "Transfer-Encoding: chunked\r\n"
            "Transfer-Encoding: chunked\r"),
    REFUSED(400, "6.1 then another", ECHO "Transfer-Encoding: chunked\r\n"
            "Transfer-Encoding: identity\r"),
    REFUSED(400, "6.1 in HTTP/1.0",
            "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r"),
    REFUSED(400, "6.1 behind a length", ECHO "Content-Length: 3\r\n"
            "Transfer-Encoding: chunked\r"),
    REFUSED(400, "6.1 before a length", ECHO "Transfer-Encoding: chunked\r\n"
            "Content-Length: 3\r"),
    REFUSED(400, "6.1 beside a length of zero", ECHO "Content-Length: 0\r\n"
            "Transfer-Encoding: chunked\r"),

    /* Content-Length */
    TAKEN("6.2 a length", LENGTH("3") "abc"),
    TAKEN("6.2 zero", LENGTH("0")),
    TAKEN("6.2 zeros before it", LENGTH("0003") "abc"),
    TAKEN("6.2 white space around it", LENGTH(" \t3\t ") "abc"),
    TAKEN("6.2 with GET", HELLO HOST "Content-Length: 3\r\n\r\nabc"),
    REFUSED(400, "6.2 empty", ECHO "Content-Length:\r"),
    REFUSED(400, "6.2 white space alone", ECHO "Content-Length:  \r"),
    REFUSED(400, "6.2 a minus sign", ECHO "Content-Length: -3\r"),
    REFUSED(400, "6.2 a plus sign", ECHO "Content-Length: +3\r"),
    REFUSED(400, "6.2 hexadecimal", ECHO "Content-Length: 0x3\r"),
    REFUSED(400, "6.2 a letter", ECHO "Content-Length: 3a\r"),
    REFUSED(400, "6.2 a fraction", ECHO "Content-Length: 3.0\r"),
    REFUSED(400, "6.2 an exponent", ECHO "Content-Length: 3e0\r"),
    REFUSED(400, "6.2 two numbers", ECHO "Content-Length: 3 3\r"),
    REFUSED(400, "6.2 a list of the same", ECHO "Content-Length: 3, 3\r"),
    REFUSED(400, "6.2 a list of others", ECHO "Content-Length: 3, 4\r"),
    REFUSED(400, "6.2 a comma behind it", ECHO "Content-Length: 3,\r"),
    REFUSED(400, "6.2 in quotation marks", ECHO "Content-Length: \"3\"\r"),
    REFUSED(400, "6.2 twice the same", ECHO "Content-Length: 3\r\n"
            "Content-Length: 3\r"),
    REFUSED(400, "6.2 twice, others", ECHO "Content-Length: 3\r\n"
            "Content-Length: 4\r"),
    REFUSED(400, "6.2 other digits", ECHO "Content-Length: \xD9\xA3\r"),
    REFUSED(413, "6.2 more than is taken", LENGTH("1048577")),
    REFUSED(413, "6.2 2^63", LENGTH("9223372036854775808")),
    REFUSED(413, "6.2 2^64", LENGTH("18446744073709551616")),
    REFUSED(413, "6.2 2^64 and three", LENGTH("18446744073709551619")),
    REFUSED(413, "6.2 thirty digits", LENGTH("999999999999999999999999999999")),

    /* Message Body Length */
    TAKEN("6.3 POST without either has no body", ECHO "\r\n"),
    BOTH("6.3 what follows a body is the next request", LENGTH("3") "abc"
         HELLO HOST "\r\n"),
    BOTH("6.3 what follows the last chunk is the next request",
         CHUNKED "3\r\nabc\r\n0\r\n\r\n" HELLO HOST "\r\n"),
    THEN(400, "6.3 a body longer than its length", LENGTH("3") "abc\r"),
    THEN(400, "6.3 a chunk behind the last", CHUNKED "0\r\n\r\n5\r"),

    /* Chunked Transfer Coding */
    TAKEN("7.1 size in capitals", CHUNKED "A\r\n0123456789\r\n0\r\n\r\n"),
    TAKEN("7.1 zeros before the size", CHUNKED "0003\r\nabc\r\n000\r\n\r\n"),
    TAKEN("7.1 line ends as data", CHUNKED "4\r\n\r\n\r\n\r\n0\r\n\r\n"),
    TAKEN("7.1.1 an extension", CHUNKED "3;a=b;c\r\nabc\r\n0;d\r\n\r\n"),
    TAKEN("7.1.2 a trailer", CHUNKED "0\r\nX: y\r\n\r\n"),
    TAKEN("7.1.2 two trailers", CHUNKED "0\r\nX: y\r\nZ:\r\n\r\n"),
    REFUSED(400, "7.1 no size", CHUNKED "\r"),
    REFUSED(400, "7.1 an extension without a size", CHUNKED ";"),
    REFUSED(400, "7.1 a sign", CHUNKED "-"),
    REFUSED(400, "7.1 a prefix", CHUNKED "0x"),
    REFUSED(400, "7.1 no digit", CHUNKED "g"),
    REFUSED(400, "7.1 a space before the size", CHUNKED " "),
    REFUSED(400, "7.1 bare LF behind the size", CHUNKED "3\n"),
    REFUSED(400, "7.1 bare CR behind the size", CHUNKED "3\ra"),
    REFUSED(400, "7.1 seventeen digits", CHUNKED "00000000000000000"),
    REFUSED(400, "7.1 more data than the size", CHUNKED "3\r\nabcd"),
    REFUSED(400, "7.1 bare LF behind the data", CHUNKED "3\r\nabc\n"),
    REFUSED(400, "7.1 bare CR behind the data", CHUNKED "3\r\nabc\rx"),
    REFUSED(400, "7.1 bare LF at the end", CHUNKED "0\r\n\n"),
    REFUSED(400, "7.1 bare CR at the end", CHUNKED "0\r\n\rx"),
    REFUSED(413, "7.1 a chunk larger than is taken", CHUNKED "100001"),
    REFUSED(413, "7.1 chunks larger than is taken together", CHUNKED
            "1\r\na\r\n100000"),
    REFUSED(400, "7.1.1 bare LF in an extension", CHUNKED "3;a\n"),
    REFUSED(400, "7.1.1 NUL in an extension", CHUNKED "3;a\0"),
    REFUSED(400, "7.1.2 a folded trailer", CHUNKED "0\r\n "),
    REFUSED(400, "7.1.2 NUL in a trailer", CHUNKED "0\r\nX: \0"),

    /* Connection Management */
    TAKEN_LAST("9.6 close", HELLO HOST "Connection: close\r\n\r\n"),
    TAKEN_LAST("9.6 close in a list", HELLO HOST
               "Connection: x, CLOSE\r\n\r\n"),
    TAKEN_LAST("9.6 what follows a close is not read", HELLO HOST
               "Connection: close\r\n\r\n" HELLO HOST "\r\n"),
    TAKEN("9.3 keep-alive says nothing new", HELLO HOST
          "Connection: keep-alive\r\n\r\n"),
    BOTH("9.3.2 two in a row", HELLO HOST "\r\n" HELLO HOST "\r\n"),
    {"9.3.2 three in a row", BYTES(HELLO HOST "\r\n" ECHO "\r\n" HELLO HOST
     "\r\n"), 1, {200, 200, 200, 0}},
    THEN(400, "9.3.2 an empty line between two", HELLO HOST "\r\n\r"),
    THEN(400, "9.3.2 a good one, then a bad one", HELLO HOST "\r\nGET  "),
    TAKEN("9.8 an upgrade nobody makes", HELLO HOST
          "Connection: upgrade\r\nUpgrade: h2c\r\n\r\n"),

    /* Others */
    REFUSED(417, "an expectation that is not understood", ECHO
            "Expect: cake\r"),
    REFUSED(400, "the preface of HTTP/2", "PRI * "),
};

#endif /* SSE_TEST_SERVER_STRICT_ROWS_H */
