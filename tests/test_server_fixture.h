/*
 * test_server_fixture.h - a server with routes for tests, run turn by turn in
 * the test's own thread.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TEST_SERVER_FIXTURE_H
#define SSE_TEST_SERVER_FIXTURE_H

#include "support/net.h"
#include "support/rows.h"
#include "support/turns.h"

typedef struct fixture {
    sse_loop *loop;
    sse_server *server;
    sse_request *held;  /* the last one not answered at once */
    sse_stream *stream; /* the last one opened */
    size_t requests, request_closes;
    size_t stream_closes, clean_closes;
    size_t writables;
    size_t drained;
    uint64_t limit; /* of bodies, if not 0 */
    char seen[512]; /* about the last request */
} fixture;

static inline void on_request_close(sse_request *request, void *user)
{
    fixture *const f = (fixture *)user;
    f->request_closes++;
    /* Nothing can be done with it any more, but asking is harmless. */
    assert_int_equal(sse_request_respond(request, 200, NULL, 0, NULL, 0),
                     SSE_ERR_CLOSED);
    if (f->held == request) {
        f->held = NULL;
    }
}

static inline void on_stream_close(sse_stream *stream, int clean, void *user)
{
    fixture *const f = (fixture *)user;
    f->stream_closes++;
    f->clean_closes += clean != 0;
    assert_int_equal(sse_stream_write(stream, "x", 1), SSE_ERR_CLOSED);
    assert_int_equal(sse_stream_end(stream), SSE_ERR_CLOSED);
    assert_int_equal(sse_stream_space(stream), 0);
    sse_stream_abort(stream);
    if (f->stream == stream) {
        f->stream = NULL;
    }
}

static inline void on_writable(sse_stream *stream, void *user)
{
    (void)stream;
    ((fixture *)user)->writables++;
}

static inline sse_stream *open_stream(fixture *f, sse_request *request)
{
    sse_stream *stream = NULL;
    assert_int_equal(sse_stream_open(request, NULL, 0, &stream), SSE_OK);
    sse_stream_on_close(stream, on_stream_close, f);
    sse_stream_on_writable(stream, on_writable, f);
    f->stream = stream;
    return stream;
}

static inline void respond_text(sse_request *request, int status,
                                const char *text)
{
    assert_int_equal(sse_request_respond(request, status, NULL, 0, text,
                                         strlen(text)),
                     SSE_OK);
}

/* The routes.
 *   /hello   answers at once
 *   /echo    answers with the body
 *   /later   is held for the test to answer
 *   /stream  opens a stream for the test to write to
 *   /short   a stream of one event, ended at once
 *   /close   closes the server from within */
static inline void on_request(sse_request *request, void *user)
{
    fixture *const f = (fixture *)user;
    const char *const path = sse_request_path(request);
    size_t len = 0;
    const char *const body = sse_request_body(request, &len);
    f->requests++;
    (void)snprintf(f->seen, sizeof f->seen, "%s %s %s %u",
                   sse_request_method(request), path,
                   sse_request_peer(request), (unsigned)len);
    sse_request_on_close(request, on_request_close, f);
    if (strcmp(path, "/hello") == 0) {
        respond_text(request, 200, "hello");
    } else if (strcmp(path, "/echo") == 0) {
        assert_int_equal(
            sse_request_respond(request, 200, NULL, 0, body, len), SSE_OK);
    } else if (strcmp(path, "/later") == 0) {
        f->held = request;
    } else if (strcmp(path, "/stream") == 0) {
        (void)open_stream(f, request);
    } else if (strcmp(path, "/short") == 0) {
        const sse_event event = sse_event_of_data("one", 3);
        sse_stream *const stream = open_stream(f, request);
        if (sse_stream_event(stream, &event) == SSE_OK) {
            assert_int_equal(sse_stream_end(stream), SSE_OK);
        }
    } else if (strcmp(path, "/close") == 0) {
        sse_server_close(f->server);
        f->server = NULL;
    } else {
        respond_text(request, 404, "nothing here");
    }
}

static inline uint64_t limit_body(const sse_request *request, void *user)
{
    const fixture *const f = (const fixture *)user;
    assert_string_equal(sse_request_method(request), "POST");
    return f->limit;
}

static inline void start_server(fixture *f, const sse_server_config *config)
{
    memset(f, 0, sizeof *f);
    assert_int_equal(sse_loop_open(&f->loop), SSE_OK);
    assert_int_equal(
        sse_server_open(f->loop, config, on_request, f, &f->server), SSE_OK);
}

/* Whatever was begun must have been ended. */
static inline void stop_server(fixture *f)
{
    sse_server_close(f->server);
    assert_int_equal(f->requests, f->request_closes);
    sse_loop_close(f->loop);
}

static inline void connect_to(const fixture *f, net_peer *peer)
{
    assert_true(net_open(peer, sse_server_port(f->server), 0));
}

static inline sse_server_stats stats_of(const fixture *f)
{
    sse_server_stats stats;
    sse_server_get_stats(f->server, &stats);
    return stats;
}

#define GET(path) "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"

/* Connects, says something, and turns until the whole of an answer is there:
 * that is when this text has come. */
static inline void ask(fixture *f, net_peer *peer, const char *request,
                       const char *answer)
{
    connect_to(f, peer);
    assert_true(net_say(peer, request));
    UNTIL(f, net_heard(peer, answer));
}

#endif /* SSE_TEST_SERVER_FIXTURE_H */
