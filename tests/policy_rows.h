/*
 * policy_rows.h - what responses, ends, retries and ids lead to: the table of
 * docs/conformance.md as data, for every transport.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_POLICY_ROWS_H
#define TESTS_POLICY_ROWS_H

#include "test_curl_rig.h"

/* One conversation: the n-th connection gets the n-th answer and is closed
 * behind it; the last answer is for all further ones. */
typedef struct policy_row {
    const char *name;
    const char *answers[6];
    /* Of the configuration; 0 and NULL leave the quick defaults of a probe. */
    const char *body, *id;
    int idempotent, once; /* once: no reconnecting */
    uint32_t retry_ms, max_retry_ms, healthy_ms;
    uint64_t max_reconnects;
    /* What is to come of it. */
    sse_status status;
    sse_reason reason, cause;
    const char *events;   /* as the probe writes them */
    const char *ids;      /* Last-Event-ID of each request, `-` for none */
    const char *failures; /* in a row, at each wait */
    uint64_t least_ms, most_ms; /* the latest wait, as planned */
} policy_row;

#define HEAD_OF(line) "HTTP/1.1 " line "\r\nContent-Length: 0\r\n"
#define ANSWER(line) HEAD_OF(line) "\r\n"
#define STREAM(text) OPEN_HEAD text
#define CUT(text) OK_HEAD "Content-Length: 999999\r\n\r\n" text
#define TYPED(type) \
    "HTTP/1.1 200 OK\r\nContent-Type:" type "\r\n\r\ndata: x\n\n", NO_MORE
#define LATER(value) HEAD_OF("503 X") "Retry-After: " value "\r\n\r\n", NO_MORE

#define ENDS_WELL .status = SSE_OK, .reason = SSE_REASON_NO_CONTENT, \
    .cause = SSE_REASON_NO_CONTENT
#define WRONG_TYPE .status = SSE_ERR_MEDIA_TYPE, \
    .reason = SSE_REASON_MEDIA_TYPE, .cause = SSE_REASON_MEDIA_TYPE, .ids = "-"

static const policy_row policy_rows[] = {
    /* ---- media types ---- */
    {"type: as it should be", {TYPED(" text/event-stream")}, ENDS_WELL,
     .events = "message||x\n", .ids = "- -"},
    {"type: with parameters", {TYPED("text/event-stream;charset=utf-8; a=b")},
     ENDS_WELL, .events = "message||x\n", .ids = "- -"},
    {"type: in any case", {TYPED(" TEXT/Event-STREAM ; x")}, ENDS_WELL,
     .events = "message||x\n", .ids = "- -"},
    {"type: another charset is ignored",
     {TYPED(" text/event-stream; charset=iso-8859-1")}, ENDS_WELL,
     .events = "message||x\n", .ids = "- -"},
    {"type: longer", {TYPED(" text/event-streams")}, WRONG_TYPE},
    {"type: another", {TYPED(" application/json")}, WRONG_TYPE},
    {"type: empty", {TYPED("")}, WRONG_TYPE},
    {"type: two in one line", {TYPED(" text/event-stream, text/html")},
     WRONG_TYPE},
    /* ---- what is tried again ---- */
    {"again: the stream ended", {STREAM("data: x\n\n"), NO_MORE}, ENDS_WELL,
     .events = "message||x\n", .ids = "- -", .failures = "0"},
    {"again: the connection broke", {CUT("data: x\n\n"), NO_MORE}, ENDS_WELL,
     .events = "message||x\n", .ids = "- -", .failures = "1"},
    {"again: no response came", {"", NO_MORE}, ENDS_WELL, .ids = "- -",
     .failures = "1"},
    {"again: cut in the head", {"HTTP/1.1 200 OK\r\nConte", NO_MORE},
     ENDS_WELL, .ids = "- -", .failures = "1"},
    {"never: a single connection is all", {STREAM("data: x\n\n")}, .once = 1,
     .status = SSE_OK, .reason = SSE_REASON_END, .cause = SSE_REASON_END,
     .events = "message||x\n", .ids = "-"},
    {"never: a single connection that broke", {CUT("data: x\n\n")}, .once = 1,
     .status = SSE_ERR_TRANSPORT, .reason = SSE_REASON_CUT,
     .cause = SSE_REASON_CUT, .events = "message||x\n", .ids = "-"},
    {"never: a single connection that got 503", {ANSWER("503 X")}, .once = 1,
     .status = SSE_ERR_HTTP_STATUS, .reason = SSE_REASON_STATUS,
     .cause = SSE_REASON_STATUS, .ids = "-"},
    {"never: more often than allowed", {STREAM("data: x\n\n")},
     .max_reconnects = 2, .status = SSE_ERR_LIMIT,
     .reason = SSE_REASON_MAX_RECONNECTS, .cause = SSE_REASON_END,
     .events = "message||x\nmessage||x\nmessage||x\n", .ids = "- - -"},
    /* ---- requests that are not idempotent ---- */
    {"post: a clean end is the end", {STREAM("data: x\n\n")}, .body = "{}",
     .status = SSE_OK, .reason = SSE_REASON_END, .cause = SSE_REASON_END,
     .events = "message||x\n", .ids = "-"},
    {"post: broken before any event", {CUT(": hi\n\n"), NO_MORE}, .body = "{}",
     ENDS_WELL, .ids = "- -", .failures = "1"},
    {"post: 503 is tried again", {ANSWER("503 X"), NO_MORE}, .body = "{}",
     ENDS_WELL, .ids = "- -", .failures = "1"},
    {"post: broken behind an event", {CUT("id: 1\ndata: x\n\n"), NO_MORE},
     .body = "{}", .status = SSE_ERR_TRANSPORT, .reason = SSE_REASON_REPLAY,
     .cause = SSE_REASON_CUT, .events = "message|1|x\n", .ids = "-"},
    {"post: idempotent by the caller's word",
     {CUT("id: 1\ndata: x\n\n"), NO_MORE}, .body = "{}", .idempotent = 1,
     ENDS_WELL, .events = "message|1|x\n", .ids = "- 1", .failures = "1"},
    /* ---- how long it waits ---- */
    {"wait: the server's retry", {STREAM("retry: 60\n\n"), NO_MORE}, ENDS_WELL,
     .ids = "- -", .max_retry_ms = 1000, .least_ms = 60, .most_ms = 75},
    {"wait: never below the floor", {STREAM("retry: 0\n\n"), NO_MORE},
     ENDS_WELL, .ids = "- -", .retry_ms = 3000, .max_retry_ms = 4000,
     .least_ms = 100, .most_ms = 125},
    {"wait: the caller's is below the floor", {STREAM(": x\n\n"), NO_MORE},
     ENDS_WELL, .ids = "- -", .retry_ms = 20, .max_retry_ms = 4000,
     .least_ms = 20, .most_ms = 25},
    {"wait: never above the cap", {STREAM("retry: 999999999\n\n"), NO_MORE},
     ENDS_WELL, .ids = "- -", .max_retry_ms = 80, .least_ms = 80,
     .most_ms = 100},
    {"wait: the cap holds for the caller's, too", {ANSWER("503 X"), NO_MORE},
     ENDS_WELL, .ids = "- -", .retry_ms = 5000, .max_retry_ms = 60,
     .least_ms = 60, .most_ms = 75},
    {"wait: a retry that is no number", {STREAM("retry: 5s\n\n"), NO_MORE},
     ENDS_WELL, .ids = "- -", .retry_ms = 30, .max_retry_ms = 4000,
     .least_ms = 30, .most_ms = 38},
    {"wait: the fourth failure in a row",
     {ANSWER("503 X"), ANSWER("500 X"), "", CUT(""), NO_MORE}, ENDS_WELL,
     .ids = "- - - - -", .failures = "1 2 3 4", .retry_ms = 60,
     .max_retry_ms = 240, .least_ms = 60, .most_ms = 240},
    {"wait: an event forgives nothing before",
     {ANSWER("503 X"), ANSWER("503 X"), CUT("data: x\n\n"), NO_MORE},
     ENDS_WELL, .events = "message||x\n", .ids = "- - - -",
     .failures = "1 2 2"},
    {"wait: a healthy end forgives all",
     {ANSWER("503 X"), ANSWER("503 X"), STREAM("data: x\n\n"), NO_MORE},
     ENDS_WELL, .events = "message||x\n", .ids = "- - - -",
     .failures = "1 2 0"},
    {"wait: an end without an event forgives nothing",
     {ANSWER("503 X"), STREAM(": x\n\n"), NO_MORE}, ENDS_WELL,
     .ids = "- - -", .failures = "1 2"},
    /* ---- Retry-After ---- */
    {"later: in seconds", {LATER("1")}, ENDS_WELL, .ids = "- -",
     .least_ms = 1000, .most_ms = 1250},
    {"later: as a date",
     {LATER("Sun, 06 Nov 1994 08:49:38 GMT\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT")}, ENDS_WELL, .ids = "- -",
     .least_ms = 1000, .most_ms = 1250},
    {"later: a date that has passed",
     {LATER("Sun, 06 Nov 1994 08:49:37 GMT")}, ENDS_WELL, .ids = "- -",
     .least_ms = 10, .most_ms = 13},
    {"later: not below the reconnection time", {LATER("0")}, ENDS_WELL,
     .ids = "- -", .retry_ms = 50, .max_retry_ms = 4000, .least_ms = 50,
     .most_ms = 63},
    {"later: no number and no date", {LATER("soon")}, ENDS_WELL, .ids = "- -",
     .least_ms = 10, .most_ms = 13},
    {"later: more than a day", {LATER("86401")}, .status = SSE_ERR_HTTP_STATUS,
     .reason = SSE_REASON_RETRY_AFTER, .cause = SSE_REASON_STATUS, .ids = "-"},
    {"later: with 429, too",
     {HEAD_OF("429 X") "Retry-After: 1\r\n\r\n", NO_MORE}, ENDS_WELL,
     .ids = "- -", .least_ms = 1000, .most_ms = 1250},
    {"later: nothing to a status that ends it",
     {HEAD_OF("404 X") "Retry-After: 1\r\n\r\n", NO_MORE},
     .status = SSE_ERR_HTTP_STATUS, .reason = SSE_REASON_STATUS,
     .cause = SSE_REASON_STATUS, .ids = "-"},
    /* ---- ids ---- */
    {"id: seeded", {STREAM("data: x\n\n"), NO_MORE}, ENDS_WELL,
     .id = "a \xc3\xa9\x01\xff", .events = "message|a \xc3\xa9\x01\xff|x\n",
     .ids = "a \xc3\xa9\x01\xff a \xc3\xa9\x01\xff"},
    {"id: replaced by the stream's", {STREAM("id: 2\ndata: x\n\n"), NO_MORE},
     ENDS_WELL, .id = "1", .events = "message|2|x\n", .ids = "1 2"},
    {"id: kept through a second drop",
     {STREAM("id: 7\ndata: x\n\n"), STREAM("data: y\n\n"), CUT(""), "",
      NO_MORE}, ENDS_WELL, .events = "message|7|x\nmessage|7|y\n",
     .ids = "- 7 7 7 7"},
    {"id: kept through a refusal",
     {STREAM("id: 7\ndata: x\n\n"), ANSWER("503 X"), NO_MORE}, ENDS_WELL,
     .events = "message|7|x\n", .ids = "- 7 7"},
    {"id: without data counts", {STREAM("id: 3\n\n"), NO_MORE}, ENDS_WELL,
     .ids = "- 3"},
    {"id: of a cut event does not", {CUT("id: 1\n\nid: 2\ndata: x\n"), NO_MORE},
     ENDS_WELL, .ids = "- 1"},
    {"id: an empty one takes it away",
     {STREAM("id: 1\n\nid:\n\n"), NO_MORE}, ENDS_WELL, .ids = "- -"},
    {"id: all that a line can hold",
     {STREAM("id: [{\"topic\":\"a b\",\"offset\":-1}]\t \xe2\x82\xac\n\n"),
      NO_MORE}, ENDS_WELL,
     .ids = "- [{\"topic\":\"a b\",\"offset\":-1}]\t \xe2\x82\xac"},
};

/* Statuses that end it, each by itself. */
static const int final_statuses[] = {
    201, 202, 203, 205, 206, 207, 226, 299, 300, 304, 305, 306,
    400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415,
    416, 417, 418, 421, 422, 423, 424, 426, 428, 431, 451, 499,
    501, 505, 506, 507, 508, 510, 511, 599};

/* Statuses that are tried again. */
static const int transient_statuses[] = {408, 425, 429, 500, 502, 503, 504};

#endif /* TESTS_POLICY_ROWS_H */
