/*
 * test_curl_loop.c - streams over libcurl in an event loop.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_curl_probe.h"

#include "examples/common/curl_loop.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#define DONE SCRIPT_DO(SCRIPT_END, 0)
#define STREAMS 8u

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE), DONE};

typedef struct client client;

/* Everything in one loop. */
typedef struct world {
    sse_loop *loop;
    curl_loop *curl;
    size_t running;
    sse_timer alarm; /* ends a test that hangs */
    int alarmed;
} world;

struct client {
    world *w;
    CURL *easy;
    sse_curl *stream;
    uint64_t events;
    int pause, ends;
    sse_status status;
};

static void on_alarm(sse_loop *loop, sse_timer *timer, void *user)
{
    (void)timer;
    ((world *)user)->alarmed = 1;
    sse_loop_stop(loop);
}

static void world_open(world *w, unsigned max_connections)
{
    memset(w, 0, sizeof(*w));
    assert_int_equal(sse_loop_open(&w->loop), SSE_OK);
    assert_int_equal(curl_loop_open(w->loop, max_connections, &w->curl),
                     SSE_OK);
    assert_int_equal(sse_timer_start(w->loop, &w->alarm, PATIENCE_MS, on_alarm,
                                     w),
                     SSE_OK);
}

static void world_run(world *w)
{
    assert_int_equal(sse_loop_run(w->loop), SSE_OK);
    assert_int_equal(w->alarmed, 0);
}

static void world_close(world *w)
{
    curl_loop_close(w->curl);
    sse_timer_stop(w->loop, &w->alarm);
    sse_loop_close(w->loop);
}

static int count_event(const sse_event *event, void *user)
{
    client *c = (client *)user;
    (void)event;
    (void)__atomic_fetch_add(&c->events, 1, __ATOMIC_RELEASE);
    return c->pause ? SSE_PAUSE : SSE_GO;
}

/* The stream is closed from inside its own last hook. */
static void close_at_end(const sse_curl_result *result, void *user)
{
    client *c = (client *)user;
    c->ends++;
    c->status = result->status;
    sse_curl_close(c->stream);
    curl_easy_cleanup(c->easy);
    if (--c->w->running == 0) {
        sse_loop_stop(c->w->loop);
    }
}

static void client_config(sse_curl_config *config, const char *url, client *c)
{
    sse_curl_config_init(config);
    config->url = url;
    config->retry_ms = 1;
    config->max_retry_ms = 2;
    config->on_event = count_event;
    config->on_end = close_at_end;
    config->user = c;
}

static void client_start(world *w, client *c, const char *url)
{
    sse_curl_config config;
    c->w = w;
    c->easy = curl_easy_init();
    assert_non_null(c->easy);
    client_config(&config, url, c);
    assert_int_equal(sse_curl_open(c->easy, &config, &c->stream), SSE_OK);
    assert_int_equal(curl_loop_add(w->curl, c->stream), SSE_OK);
    w->running++;
}

static void test_streams_reconnect_in_the_loop(void **state)
{
    static const script_step broken[] = {
        SCRIPT_TEXT(OK_HEAD "Content-Length: 99\r\n\r\nid: 1\ndata: x\n\n"),
        SCRIPT_DO(SCRIPT_RESET, 0)};
    static const script_step bytewise[] = {
        SCRIPT_BYTEWISE(OPEN_HEAD "id: 2\ndata: y\n\ndata: z\n\n"), DONE};
    script scripts[2 * STREAMS + 1];
    (void)state;
    for (size_t i = 0; i < STREAMS; i++) {
        scripts[i] = broken;
        scripts[STREAMS + i] = bytewise;
    }
    scripts[2 * STREAMS] = no_more;
    script_server *server = script_server_start(scripts, COUNT(scripts));
    client clients[STREAMS];
    world w;
    uint64_t events = 0;
    memset(clients, 0, sizeof(clients));
    world_open(&w, 0);
    for (size_t i = 0; i < STREAMS; i++) {
        client_start(&w, &clients[i], script_server_url(server, "/"));
    }
    world_run(&w);
    for (size_t i = 0; i < STREAMS; i++) {
        assert_int_equal(clients[i].ends, 1);
        assert_int_equal(clients[i].status, SSE_OK);
        events += clients[i].events;
    }
    /* Each of the first connections may lose its event to the reset. */
    assert_in_range(events, 2 * STREAMS, 3 * STREAMS);
    world_close(&w);
    script_server_stop(server);
}

#define ANSWER SCRIPT_DO(SCRIPT_SLEEP, 30), SCRIPT_TEXT(NO_MORE)
#define ANSWER_ONE_MORE SCRIPT_DO(SCRIPT_REQUEST, 0), ANSWER

/* More streams than connections: the rest waits, without running into the
 * limit on connecting, and connections are used again. */
static void test_connections_are_pooled(void **state)
{
    static const script_step steps[] = {
        ANSWER, ANSWER_ONE_MORE, ANSWER_ONE_MORE, ANSWER_ONE_MORE,
        ANSWER_ONE_MORE, ANSWER_ONE_MORE, ANSWER_ONE_MORE, ANSWER_ONE_MORE,
        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    client clients[STREAMS];
    world w;
    memset(clients, 0, sizeof(clients));
    world_open(&w, 2);
    for (size_t i = 0; i < STREAMS; i++) {
        client_start(&w, &clients[i], script_server_url(server, "/"));
    }
    world_run(&w);
    assert_int_equal(script_server_requests(server), STREAMS);
    assert_int_equal(script_server_connections(server), 2);
    for (size_t i = 0; i < STREAMS; i++) {
        assert_int_equal(clients[i].status, SSE_OK);
    }
    world_close(&w);
    script_server_stop(server);
}

static void *resume_then_cancel(void *user)
{
    client *c = (client *)user;
    for (uint64_t n = 1; n <= 4; n++) {
        const uint64_t until = script_now_ms() + PATIENCE_MS;
        while (__atomic_load_n(&c->events, __ATOMIC_ACQUIRE) < n &&
               script_now_ms() < until) {
            script_sleep_ms(1);
        }
        if (n < 4) {
            sse_curl_resume(c->stream);
        } else {
            sse_curl_cancel(c->stream);
        }
    }
    return NULL;
}

static void close_later(const sse_curl_result *result, void *user)
{
    client *c = (client *)user;
    c->ends++;
    c->status = result->status;
    sse_loop_stop(c->w->loop);
}

static void test_other_threads_reach_the_loop(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT(OPEN_HEAD "data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n"
                              "data: 5\n\n"),
        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    client c;
    world w;
    pthread_t thread;
    memset(&c, 0, sizeof(c));
    world_open(&w, 0);
    c.w = &w;
    c.pause = 1;
    c.easy = curl_easy_init();
    client_config(&config, script_server_url(server, "/"), &c);
    config.on_end = close_later;
    assert_int_equal(sse_curl_open(c.easy, &config, &c.stream), SSE_OK);
    assert_int_equal(curl_loop_add(w.curl, c.stream), SSE_OK);
    assert_int_equal(pthread_create(&thread, NULL, resume_then_cancel, &c),
                     0);
    world_run(&w);
    (void)pthread_join(thread, NULL);
    assert_int_equal(c.status, SSE_ERR_CANCELLED);
    assert_int_equal(c.events, 4);
    sse_curl_close(c.stream);
    curl_easy_cleanup(c.easy);
    world_close(&w);
    script_server_stop(server);
}

static void end_turns(sse_loop *loop, sse_timer *timer, void *user)
{
    (void)timer;
    (void)user;
    sse_loop_stop(loop);
}

/* Silence costs nothing: neither open streams nor waiting ones turn the
 * loop. */
static void test_no_busy_loop(void **state)
{
    static const script_step open[] = {SCRIPT_TEXT(OPEN_HEAD ": hi\n"),
                                       SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {open};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    client clients[2];
    world w;
    memset(clients, 0, sizeof(clients));
    world_open(&w, 0);
    client_start(&w, &clients[0], script_server_url(server, "/"));
    char url[64];
    const int refusing = script_refusing_url(url, sizeof(url));
    assert_true(refusing >= 0);
    clients[1].w = &w;
    clients[1].easy = curl_easy_init();
    sse_curl_config config;
    client_config(&config, url, &clients[1]);
    config.retry_ms = 20000;
    config.max_retry_ms = 20000;
    assert_int_equal(sse_curl_open(clients[1].easy, &config,
                                   &clients[1].stream), SSE_OK);
    assert_int_equal(curl_loop_add(w.curl, clients[1].stream), SSE_OK);
    w.running++;
    sse_timer timer;
    memset(&timer, 0, sizeof(timer));
    assert_int_equal(sse_timer_start(w.loop, &timer, 1000, end_turns, NULL),
                     SSE_OK);
    world_run(&w); /* connects, fails, settles */
    const clock_t before = clock();
    assert_int_equal(sse_timer_start(w.loop, &timer, 1000, end_turns, NULL),
                     SSE_OK);
    unsigned turns = 0;
    while (sse_loop_turn(w.loop, -1) == SSE_OK) {
        turns++;
    }
    assert_true(turns < 20);
    assert_true((clock() - before) * 1000 / CLOCKS_PER_SEC < 400);
    sse_curl_close(clients[0].stream);
    sse_curl_close(clients[1].stream);
    assert_int_equal(clients[0].ends + clients[1].ends, 2);
    world_close(&w);
    (void)close(refusing);
    script_server_stop(server);
}

static void test_descriptors_stay_flat(void **state)
{
    static const script_step steps[] = {SCRIPT_TEXT(OPEN_HEAD "data: x\n\n"),
                                        DONE};
    script scripts[51];
    (void)state;
    for (size_t i = 0; i < 50; i++) {
        scripts[i] = steps;
    }
    scripts[50] = no_more;
    script_server *server = NULL;
    size_t before = 0;
    for (int n = 0; n < 3; n++) {
        client c;
        world w;
        memset(&c, 0, sizeof(c));
        server = script_server_start(scripts, COUNT(scripts));
        world_open(&w, 4);
        client_start(&w, &c, script_server_url(server, "/"));
        world_run(&w);
        assert_int_equal(c.events, 50);
        world_close(&w);
        script_server_stop(server);
        assert_true(n == 0 || probe_fds() == before);
        before = probe_fds();
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streams_reconnect_in_the_loop),
        cmocka_unit_test(test_connections_are_pooled),
        cmocka_unit_test(test_other_threads_reach_the_loop),
        cmocka_unit_test(test_no_busy_loop),
        cmocka_unit_test(test_descriptors_stay_flat),
    };
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
