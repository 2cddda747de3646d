/*
 * test_sock_client_soak.c - 2,000 connections of one plain-socket client:
 * descriptors and heap stay flat, nothing is lost, nothing comes twice.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#define OVER_SOCK 1

#include "test_curl_probe.h"

#if defined(__GLIBC__) &&                                                      \
    (__GLIBC__ > 2 || (__GLIBC__ == 2 && __GLIBC_MINOR__ >= 33))
#include <malloc.h>
static size_t heap(void)
{
    return mallinfo2().uordblks;
}
#else
static size_t heap(void)
{
    return 0;
}
#endif

#define REQUESTS 2000u
#define SETTLED 500u

/* Server and client share a loop.  Every third answer ends well, every third
 * is cut in the middle of its second event, every third is a refusal; ids
 * number the events. */
typedef struct world {
    sse_loop *loop;
    sse_client *client;
    unsigned requests;
    unsigned long next; /* the number of the event to come */
    uint64_t wrong;
    size_t fds, heap;   /* once settled */
    size_t fds_grown, heap_grown;
    int ends;
} world;

static void measure(world *w)
{
    const size_t fds = probe_fds();
    const size_t bytes = heap();
    if (w->requests == SETTLED) {
        w->fds = fds;
        w->heap = bytes;
    } else if (w->requests > SETTLED && w->requests % 100 == 0) {
        const size_t more = fds > w->fds ? fds - w->fds : 0;
        const size_t grown = bytes > w->heap ? bytes - w->heap : 0;
        w->fds_grown = more > w->fds_grown ? more : w->fds_grown;
        w->heap_grown = grown > w->heap_grown ? grown : w->heap_grown;
    }
}

static void send_event(sse_stream *stream, unsigned long number)
{
    char id[24];
    const int len = snprintf(id, sizeof(id), "%lu", number);
    const sse_event event = sse_event_with_id(
        sse_event_of_data(id, (size_t)len), id, (size_t)len);
    assert_int_equal(sse_stream_event(stream, &event), SSE_OK);
}

static void on_request(sse_request *request, void *user)
{
    world *w = (world *)user;
    const char *seen = sse_request_header(request, "Last-Event-ID");
    const unsigned long last = seen != NULL ? strtoul(seen, NULL, 10) : 0;
    sse_stream *stream;
    w->requests++;
    measure(w);
    if (w->requests > REQUESTS) {
        (void)sse_request_respond(request, 204, NULL, 0, NULL, 0);
        return;
    }
    if (w->requests % 3 == 0) {
        (void)sse_request_respond(request, 503, NULL, 0, "later", 5);
        return;
    }
    assert_int_equal(sse_stream_open(request, NULL, 0, &stream), SSE_OK);
    send_event(stream, last + 1);
    if (w->requests % 3 == 1) {
        assert_int_equal(sse_stream_end(stream), SSE_OK);
    } else {
        static const char half[] = "id: lost\ndata: ";
        assert_int_equal(sse_stream_write(stream, half, sizeof(half) - 1),
                         SSE_OK);
    }
}

static int on_event(const sse_event *event, void *user)
{
    world *w = (world *)user;
    char text[24];
    (void)snprintf(text, sizeof(text), "%.*s", (int)event->data_len,
                   event->data);
    w->wrong += strtoul(text, NULL, 10) != w->next;
    w->next++;
    return SSE_GO;
}

static void on_end(const sse_client_result *result, void *user)
{
    world *w = (world *)user;
    assert_int_equal(result->status, SSE_OK);
    assert_int_equal(result->reason, SSE_REASON_NO_CONTENT);
    w->ends++;
    sse_loop_stop(w->loop);
}

static void test_2000_connections(void **state)
{
    sse_server *server;
    sse_client_config config;
    world w;
    char url[64];
    (void)state;
    memset(&w, 0, sizeof(w));
    w.next = 1;
    assert_int_equal(sse_loop_open(&w.loop), SSE_OK);
    assert_int_equal(sse_server_open(w.loop, NULL, on_request, &w, &server),
                     SSE_OK);
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
                   (unsigned)sse_server_port(server));
    sse_client_config_init(&config);
    config.url = url;
    config.retry_ms = 1;
    config.max_retry_ms = 1;
    config.idle_timeout_ms = 2; /* cuts the streams that are left open */
    config.on_event = on_event;
    config.on_end = on_end;
    config.user = &w;
    assert_int_equal(sse_client_open(&config, &w.client), SSE_OK);
    assert_int_equal(sse_client_attach(w.client, w.loop), SSE_OK);
    assert_int_equal(sse_loop_run(w.loop), SSE_OK);
    assert_int_equal(w.ends, 1);
    assert_int_equal(w.requests, REQUESTS + 1);
    assert_int_equal(w.wrong, 0);
    assert_true(w.next > REQUESTS / 2);
    /* A connection that the server has not seen close yet, or two. */
    assert_true(w.fds_grown <= 2);
    assert_true(w.heap_grown < 65536);
    print_message("%lu events; descriptors +%lu, heap +%lu bytes behind "
                  "connection %u\n", w.next - 1, (unsigned long)w.fds_grown,
                  (unsigned long)w.heap_grown, SETTLED);
    sse_client_close(w.client);
    sse_server_close(server);
    sse_loop_close(w.loop);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_2000_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
