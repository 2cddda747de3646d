/*
 * test_curl_sizes.c - events of 16 MiB over libcurl: whole, in parts, refused;
 * and memory that stays bounded.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "test_curl_rig.h"

#include <unistd.h>

#define MIB ((size_t)1024 * 1024)

static char megabyte[1024 * 1024];

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE), DONE};

/* One event of 16 MiB with an id, then a small one. */
static script_step large[6];

static void make_large(void)
{
    const script_step steps[] = {
        SCRIPT_TEXT(OPEN_HEAD "id: 1\ndata: a\n\nid: big\nevent: t\ndata: "),
        {SCRIPT_FILL, megabyte, sizeof(megabyte), 16},
        SCRIPT_TEXT("\n\ndata: b\n\n"), DONE};
    memset(megabyte, 'm', sizeof(megabyte));
    memcpy(large, steps, sizeof(steps));
}

typedef struct big {
    probe p; /* first: hooks take a pointer to it */
    sse_curl *stream;
    size_t largest;
    char ids[64]; /* of the events */
    uint64_t begins, ends, aborts, total;
    int wrong;
} big;

static int big_event(const sse_event *event, void *user)
{
    big *b = (big *)user;
    const size_t len = strlen(b->ids);
    (void)snprintf(b->ids + len, sizeof(b->ids) - len, "%.*s ",
                   (int)event->id_len, event->id);
    b->largest = event->data_len > b->largest ? event->data_len : b->largest;
    b->wrong |= event->data_len > 1 &&
                (event->data[0] != 'm' ||
                 event->data[event->data_len - 1] != 'm' ||
                 memcmp(event->data, event->data + 1,
                        event->data_len - 1) != 0);
    b->p.events++;
    return SSE_GO;
}

static int big_fragment(const sse_fragment *fragment, void *user)
{
    big *b = (big *)user;
    sse_curl_note_event(b->stream);
    switch (fragment->kind) {
    case SSE_FRAGMENT_BEGIN:
        b->begins++;
        break;
    case SSE_FRAGMENT_DATA:
        b->wrong |= fragment->data_len > 0 &&
                    memcmp(fragment->data, megabyte,
                           fragment->data_len < MIB ? fragment->data_len
                                                    : MIB) != 0;
        b->total += fragment->data_len;
        break;
    case SSE_FRAGMENT_END:
        b->ends++;
        b->wrong |= fragment->total != b->total ||
                    fragment->event->id_len != 3 ||
                    fragment->event->type_len != 1;
        break;
    case SSE_FRAGMENT_ABORT:
        b->aborts++;
        break;
    }
    return SSE_GO;
}

static sse_status in_fragments(sse_parser *parser, void *user)
{
    (void)user;
    sse_parser_on_dropped(parser, probe_dropped);
    return sse_parser_set_overflow(parser, SSE_OVERFLOW_FRAGMENTS,
                                   big_fragment);
}

static sse_status or_stop(sse_parser *parser, void *user)
{
    (void)user;
    return sse_parser_set_overflow(parser, SSE_OVERFLOW_STOP, NULL);
}

static sse_status or_stop_at_the_end(sse_parser *parser, void *user)
{
    const sse_status status =
        sse_parser_set_at_end(parser, SSE_AT_END_FLUSH_LINE);
    return status == SSE_OK ? or_stop(parser, user) : status;
}

static void big_config(sse_curl_config *config, script_server *server, big *b)
{
    memset(b, 0, sizeof(*b));
    probe_config(config, script_server_url(server, "/"), &b->p);
    config->on_event = big_event;
}

/* To its end, the room for events never above `most`. */
static void run_within(const sse_curl_config *config, size_t most)
{
    big *b = (big *)config->user;
    rig r;
    rig_open(&r);
    rig_make(&r, config);
    b->stream = r.stream[0];
    assert_int_equal(rig_attach(&r, 0), SSE_OK);
    while (rig_turn(&r, 10000) == SSE_OK) {
        assert_true(r.stream[0]->scratch.cap <= most);
    }
    rig_close(&r);
    assert_int_equal(b->p.ends, 1);
    assert_false(b->wrong);
}

/* A server that has 16 MiB in one event and then no more, and the settings of
 * a stream that reads it. */
static script_server *serve_large(sse_curl_config *config, big *b)
{
    static const script scripts[] = {large, no_more};
    make_large();
    script_server *server = script_server_start(scripts, 2);
    big_config(config, server, b);
    return server;
}

static void test_16_mib_whole(void **state)
{
    sse_curl_config config;
    big b;
    (void)state;
    /* 16 MiB is the default limit. */
    script_server *server = serve_large(&config, &b);
    run_within(&config, 16 * MIB + 65536);
    assert_int_equal(b.p.result.status, SSE_OK);
    assert_string_equal(b.ids, "1 big big ");
    assert_int_equal(b.largest, 16 * MIB);
    assert_int_equal(b.p.dropped, 0);
    script_server_stop(server);
}

/* However little room it begins with, it grows to what is needed. */
static void test_begins_with_no_room_at_all(void **state)
{
    sse_curl_config config;
    big b;
    (void)state;
    script_server *server = serve_large(&config, &b);
    config.scratch_cap = 0;
    config.max_id_size = 5000;
    config.max_type_size = 7;
    run_within(&config, 16 * MIB + 65536);
    assert_string_equal(b.ids, "1 big big ");
    script_server_stop(server);
}

static void test_16_mib_in_fragments(void **state)
{
    sse_curl_config config;
    big b;
    (void)state;
    script_server *server = serve_large(&config, &b);
    config.setup_parser = in_fragments;
    run_within(&config, 16384);
    assert_int_equal(b.p.result.status, SSE_OK);
    assert_string_equal(b.ids, "1 big ");
    assert_int_equal(b.begins, 1);
    assert_int_equal(b.ends, 1);
    assert_int_equal(b.aborts, 0);
    assert_int_equal(b.total, 16 * MIB);
    assert_string_equal(probe_header(script_server_request(server, 1),
                                     "Last-Event-ID"), "big");
    script_server_stop(server);
}

static void test_fragments_forbid_a_replay(void **state)
{
    static const script_step cut[] = {
        SCRIPT_TEXT(OK_HEAD "Content-Length: 9999999\r\n\r\ndata: "),
        {SCRIPT_SEND, megabyte, 100000, 0}, DONE};
    const script scripts[] = {cut, no_more};
    (void)state;
    memset(megabyte, 'm', sizeof(megabyte));
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    big b;
    big_config(&config, server, &b);
    config.setup_parser = in_fragments;
    config.body = "{}";
    config.body_len = 2;
    run_within(&config, 16384);
    assert_int_equal(b.p.result.reason, SSE_REASON_REPLAY);
    assert_int_equal(b.begins, 1);
    assert_int_equal(b.aborts, 1);
    assert_int_equal(script_server_requests(server), 1);
    script_server_stop(server);
}

static void test_16_mib_refused_under_a_small_limit(void **state)
{
    sse_curl_config config;
    big b;
    (void)state;
    script_server *server = serve_large(&config, &b);
    config.max_event_size = 100000;
    run_within(&config, 120000);
    assert_int_equal(b.p.result.status, SSE_OK);
    assert_string_equal(b.ids, "1 big ");
    assert_int_equal(b.p.dropped, 1);
    assert_int_equal(b.p.dropped_bytes, 16 * MIB);
    assert_string_equal(probe_header(script_server_request(server, 1),
                                     "Last-Event-ID"), "big");
    script_server_stop(server);
}

/* Whatever the limits of ids and types are. */
static void test_limit_may_be_as_small_as_it_gets(void **state)
{
    static const size_t limits[] = {32, 600, 4096};
    (void)state;
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        sse_curl_config config;
        big b;
        rig r;
        memset(&b, 0, sizeof(b));
        probe_config(&config, "http://127.0.0.1:1/", &b.p);
        config.max_event_size = limits[i];
        rig_open(&r);
        rig_make(&r, &config);
        assert_int_equal(sse_parser_data_cap(sse_curl_parser(r.stream[0])),
                         limits[i]);
        rig_close(&r);
    }
}

static void test_16_mib_stop_the_stream_on_request(void **state)
{
    sse_curl_config config;
    big b;
    (void)state;
    script_server *server = serve_large(&config, &b);
    config.setup_parser = or_stop;
    run_within(&config, 16384);
    assert_int_equal(b.p.result.status, SSE_ERR_TOO_LONG);
    assert_int_equal(b.p.result.reason, SSE_REASON_TOO_LONG);
    assert_string_equal(b.ids, "1 ");
    assert_int_equal(script_server_requests(server), 1);
    script_server_stop(server);
}

/* The last line is not ended, and what it flushes is one byte too much. */
static void test_flushed_line_stops_the_stream_on_request(void **state)
{
    sse_curl_config config;
    big b;
    rig r;
    (void)state;
    memset(megabyte, 'm', sizeof(megabyte));
    memset(&b, 0, sizeof(b));
    probe_config(&config, "http://127.0.0.1:1/", &b.p);
    config.setup_parser = or_stop_at_the_end;
    rig_open(&r);
    rig_make(&r, &config);
    const size_t cap = sse_parser_data_cap(sse_curl_parser(r.stream[0]));
    rig_close(&r);
    assert_true(cap > 0 && cap < sizeof(megabyte));
    const script_step steps[] = {SCRIPT_TEXT(OPEN_HEAD "data: "),
                                 {SCRIPT_SEND, megabyte, cap, 0},
                                 SCRIPT_TEXT("\ndata"), DONE};
    const script scripts[] = {steps, no_more};
    script_server *server = script_server_start(scripts, 2);
    big_config(&config, server, &b);
    config.setup_parser = or_stop_at_the_end;
    run_within(&config, 16384);
    assert_int_equal(b.p.result.status, SSE_ERR_TOO_LONG);
    assert_int_equal(b.p.result.reason, SSE_REASON_TOO_LONG);
    assert_int_equal(b.p.events, 0);
    assert_int_equal(script_server_requests(server), 1);
    script_server_stop(server);
}

/* Pages in memory, of all that is in this process; 0 where nobody tells. */
static size_t resident(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL) {
        if (fscanf(file, "%*u %lu", &pages) != 1) {
            pages = 0;
        }
        (void)fclose(file);
    }
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void test_endless_line_in_bounded_memory(void **state)
{
    memset(megabyte, 'm', sizeof(megabyte));
    const script_step endless[] = {
        SCRIPT_TEXT(OPEN_HEAD "id: 9\n\ndata: "),
        {SCRIPT_FILL, megabyte, sizeof(megabyte), 1000000}, DONE};
    const script scripts[] = {endless};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    big b;
    rig r;
    big_config(&config, server, &b);
    config.max_event_size = MIB;
    rig_open(&r);
    rig_add(&r, &config);
    const uint64_t until = script_now_ms() + 2 * PATIENCE_MS;
    while (script_server_sent(server) < 8 * MIB && script_now_ms() < until) {
        (void)rig_turn(&r, 100);
    }
    const size_t before = resident();
    while (script_server_sent(server) < 64 * MIB && script_now_ms() < until) {
        (void)rig_turn(&r, 100);
        assert_true(r.stream[0]->scratch.cap < MIB + 65536);
    }
    assert_true(script_server_sent(server) >= 64 * MIB);
    assert_true(resident() < before + 8 * MIB);
    rig_close(&r);
    assert_int_equal(b.p.result.status, SSE_ERR_CANCELLED);
    assert_int_equal(b.p.events, 0);
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_16_mib_whole),
        cmocka_unit_test(test_begins_with_no_room_at_all),
        cmocka_unit_test(test_16_mib_in_fragments),
        cmocka_unit_test(test_fragments_forbid_a_replay),
        cmocka_unit_test(test_16_mib_refused_under_a_small_limit),
        cmocka_unit_test(test_limit_may_be_as_small_as_it_gets),
        cmocka_unit_test(test_16_mib_stop_the_stream_on_request),
        cmocka_unit_test(test_flushed_line_stops_the_stream_on_request),
        cmocka_unit_test(test_endless_line_in_bounded_memory),
    };
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
