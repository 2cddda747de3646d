/*
 * test_curl_threads.c - resume and cancel from other threads.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_curl_rig.h"

#include <pthread.h>

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE), DONE};

static char block[200000];

typedef struct helper {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    sse_curl *stream;
    uint64_t wanted, resumed; /* pauses, and resumes for them */
    int done;
} helper;

static int hand_over(const sse_event *event, void *user)
{
    helper *h = (helper *)user;
    (void)event;
    (void)pthread_mutex_lock(&h->lock);
    h->wanted++;
    (void)pthread_cond_signal(&h->changed);
    (void)pthread_mutex_unlock(&h->lock);
    return SSE_PAUSE;
}

/* Resumes as soon as it hears of an event, often before the pause began. */
static void *resume_all(void *user)
{
    helper *h = (helper *)user;
    (void)pthread_mutex_lock(&h->lock);
    while (!h->done) {
        while (h->resumed < h->wanted) {
            h->resumed++;
            (void)pthread_mutex_unlock(&h->lock);
            sse_curl_resume(h->stream);
            (void)pthread_mutex_lock(&h->lock);
        }
        if (!h->done) {
            (void)pthread_cond_wait(&h->changed, &h->lock);
        }
    }
    (void)pthread_mutex_unlock(&h->lock);
    return NULL;
}

static void test_resume_from_another_thread(void **state)
{
    const size_t len = make_block(block, sizeof(block));
    const script_step steps[] = {SCRIPT_TEXT(OPEN_HEAD),
                                 {SCRIPT_FILL, block, len, 4}, DONE};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    helper h;
    rig r;
    pthread_t thread;
    memset(&h, 0, sizeof(h));
    (void)pthread_mutex_init(&h.lock, NULL);
    (void)pthread_cond_init(&h.changed, NULL);
    sse_curl_config_init(&config);
    config.url = script_server_url(server, "/");
    config.reconnect = 0;
    config.on_event = hand_over;
    config.user = &h;
    rig_open(&r);
    rig_add(&r, &config);
    h.stream = r.stream[0];
    assert_int_equal(pthread_create(&thread, NULL, resume_all, &h), 0);
    while (rig_turn(&r, 10000) == SSE_OK) {
    }
    (void)pthread_mutex_lock(&h.lock);
    h.done = 1;
    (void)pthread_cond_signal(&h.changed);
    (void)pthread_mutex_unlock(&h.lock);
    (void)pthread_join(thread, NULL);
    assert_int_equal(h.wanted, 4 * BLOCK_EVENTS);
    rig_close(&r);
    (void)pthread_cond_destroy(&h.changed);
    (void)pthread_mutex_destroy(&h.lock);
    script_server_stop(server);
}

static void *cancel_soon(void *user)
{
    script_sleep_ms(30);
    sse_curl_cancel((sse_curl *)user);
    return NULL;
}

typedef struct cancel_row {
    const char *name;
    script_step steps[3];
    int pause_always;
    uint32_t retry_ms;
    const char *states;
} cancel_row;

static cancel_row cancel_rows[] = {
    {"cancel while nothing arrives",
     {SCRIPT_TEXT(OPEN_HEAD "data: 0\n\n"), SCRIPT_DO(SCRIPT_HANG, 0)}, 0, 1,
     "connecting open closed "},
    {"cancel before the response", {SCRIPT_DO(SCRIPT_HANG, 0)}, 0, 1,
     "connecting closed "},
    {"cancel while paused",
     {SCRIPT_TEXT(OPEN_HEAD "data: 0\n\ndata: 1\n\n"),
      SCRIPT_DO(SCRIPT_HANG, 0)}, 1, 1, "connecting open closed "},
    {"cancel while waiting", {SCRIPT_TEXT(OPEN_HEAD), DONE}, 0, 30000,
     "connecting open waiting closed "},
    {"cancel in a flood",
     {SCRIPT_TEXT(OPEN_HEAD), {SCRIPT_FILL, "data: 0\n\n", 9, 100000000},
      DONE}, 0, 1, "connecting open closed "},
};

static void test_cancel(void **state)
{
    const cancel_row *row = (const cancel_row *)*state;
    const script scripts[] = {row->steps};
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    rig r;
    pthread_t thread;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.retry_ms = row->retry_ms;
    config.max_retry_ms = 30000;
    p.pause_always = row->pause_always;
    rig_open(&r);
    rig_add(&r, &config);
    /* To where the row wants it, then into a long sleep. */
    for (int n = 0; n < 12000 && (strstr(row->states, p.states) == NULL ||
                                 strlen(p.states) + 7 < strlen(row->states));
         n++) {
        (void)rig_turn(&r, 5);
    }
    assert_int_equal(strlen(p.states) + 7, strlen(row->states));
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, r.stream[0]),
                     0);
    const uint64_t start = script_now_ms();
    while (rig_turn(&r, 60000) == SSE_OK) {
    }
    assert_true(script_now_ms() - start < PATIENCE_MS / 2);
    (void)pthread_join(thread, NULL);
    assert_int_equal(p.ends, 1);
    assert_int_equal(p.result.status, SSE_ERR_CANCELLED);
    assert_int_equal(p.result.reason, SSE_REASON_CALLER);
    assert_string_equal(p.states, row->states);
    rig_close(&r);
    assert_int_equal(p.ends, 1);
    script_server_stop(server);
}

static void test_cancel_before_attach_counts(void **state)
{
    const script scripts[] = {no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    rig r;
    probe_config(&config, script_server_url(server, "/"), &p);
    rig_open(&r);
    rig_make(&r, &config);
    sse_curl_cancel(r.stream[0]);
    assert_int_equal(rig_attach(&r, 0), SSE_OK);
    assert_int_equal(rig_attach(&r, 0), SSE_ERR_INVALID);
    while (rig_turn(&r, 60000) == SSE_OK) {
    }
    assert_int_equal(p.result.status, SSE_ERR_CANCELLED);
    assert_int_equal(script_server_requests(server), 0);
    rig_close(&r);
    script_server_stop(server);
}

static sse_curl *unwanted;

static int cancel_it(const sse_curl_response *response, void *user)
{
    (void)response;
    (void)user;
    sse_curl_cancel(unwanted);
    return SSE_GO;
}

/* Nobody hears that it is open. */
static void test_cancel_at_the_response(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT(OPEN_HEAD "data: 0\n\n"), SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {steps};
    (void)state;
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    rig r;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.on_response = cancel_it;
    rig_open(&r);
    rig_add(&r, &config);
    unwanted = r.stream[0];
    while (rig_turn(&r, 60000) == SSE_OK) {
    }
    assert_int_equal(p.result.status, SSE_ERR_CANCELLED);
    assert_int_equal(p.events, 0);
    assert_string_equal(p.states, "connecting closed ");
    rig_close(&r);
    script_server_stop(server);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_resume_from_another_thread),
        cmocka_unit_test(test_cancel_before_attach_counts),
        cmocka_unit_test(test_cancel_at_the_response),
    };
    struct CMUnitTest tests[COUNT(cancel_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, cancel_rows, name, test_cancel);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
