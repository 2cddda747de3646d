/*
 * test_curl_storm.c - many streams in one thread, resumed and cancelled by
 * several others at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_curl_rig.h"

#include <pthread.h>

#define STREAMS RIG_STREAMS
#define THREADS 4
#define ENOUGH 300u /* events, before a stream may be cancelled */

typedef struct storm_stream {
    sse_curl *stream;
    uint64_t events; /* read by the other threads too */
    uint64_t pauses;
    int ends;
    sse_status status;
} storm_stream;

typedef struct storm {
    storm_stream streams[STREAMS];
    int over; /* set by the loop's thread */
} storm;

/* Pauses at every third event. */
static int on_event(const sse_event *event, void *user)
{
    storm_stream *s = (storm_stream *)user;
    (void)event;
    const uint64_t n = __atomic_add_fetch(&s->events, 1, __ATOMIC_RELAXED);
    s->pauses += n % 3 == 0;
    return n % 3 == 0 ? SSE_PAUSE : SSE_GO;
}

static void on_end(const sse_curl_result *result, void *user)
{
    storm_stream *s = (storm_stream *)user;
    s->ends++;
    s->status = result->status;
}

/* Resumes whatever there is, paused or not, and cancels what had enough. */
static void *disturb(void *user)
{
    storm *all = (storm *)user;
    while (!__atomic_load_n(&all->over, __ATOMIC_ACQUIRE)) {
        for (size_t i = 0; i < STREAMS; i++) {
            storm_stream *s = &all->streams[i];
            if (__atomic_load_n(&s->events, __ATOMIC_RELAXED) < ENOUGH) {
                sse_curl_resume(s->stream);
            } else {
                sse_curl_cancel(s->stream);
            }
        }
        script_sleep_ms(1);
    }
    return NULL;
}

static void test_resumed_and_cancelled_by_many(void **state)
{
    static const char text[] = "data: a\n\ndata: b\n\ndata: c\n\ndata: d\n\n";
    static const script_step flood[] = {
        SCRIPT_TEXT(OPEN_HEAD), {SCRIPT_FILL, text, sizeof(text) - 1,
                                 100000000},
        DONE};
    const script scripts[] = {flood};
    static storm all;
    pthread_t threads[THREADS];
    rig r;
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    rig_open(&r);
    memset(&all, 0, sizeof(all));
    for (size_t i = 0; i < STREAMS; i++) {
        storm_stream *s = &all.streams[i];
        sse_curl_config config;
        sse_curl_config_init(&config);
        config.url = script_server_url(server, "/");
        config.on_event = on_event;
        config.on_end = on_end;
        config.user = s;
        rig_add(&r, &config);
        s->stream = r.stream[i];
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, disturb, &all), 0);
    }
    const uint64_t until = script_now_ms() + 2 * PATIENCE_MS;
    sse_status status = SSE_OK;
    while (status == SSE_OK && script_now_ms() < until) {
        status = rig_turn(&r, 10000);
    }
    __atomic_store_n(&all.over, 1, __ATOMIC_RELEASE);
    for (size_t i = 0; i < THREADS; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    assert_int_equal(status, SSE_STOPPED);
    for (size_t i = 0; i < STREAMS; i++) {
        storm_stream *s = &all.streams[i];
        assert_int_equal(s->ends, 1);
        assert_int_equal(s->status, SSE_ERR_CANCELLED);
        assert_true(s->events >= ENOUGH && s->pauses >= ENOUGH / 3);
    }
    rig_close(&r);
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resumed_and_cancelled_by_many),
    };
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
