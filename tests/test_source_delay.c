/*
 * test_source_delay.c - how long a source waits, over simulated time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_source_fixture.h"

#define DAY_MS UINT64_C(86400000)

/* The delay planned after `failures` failed connections in a row. */
static uint64_t delay_after(const sse_source_config *config, uint64_t seed,
                            uint64_t failures)
{
    sse_source source;
    sse_source_config own = *config;
    sse_action action;
    uint64_t now = 0;
    own.seed = seed;
    assert_int_equal(sse_source_init(&source, &own, NULL), SSE_OK);
    for (uint64_t n = 0; n < failures; n++) {
        sse_source_next(&source, now, &action);
        assert_int_equal(action.kind, SSE_ACTION_CONNECT);
        sse_source_end(&source, now, SSE_REASON_CONNECT);
        sse_source_next(&source, now, &action);
        assert_int_equal(action.kind, SSE_ACTION_WAIT);
        assert_int_equal(action.failures, n + 1);
        assert_int_equal(action.until_ms - now,
                         action.delay_ms > 0 ? action.delay_ms : 1);
        now = action.until_ms;
    }
    return action.delay_ms;
}

typedef struct backoff_row {
    const char *name;
    uint32_t retry_ms, max_retry_ms;
    uint64_t failures;
    uint64_t least_ms, most_ms; /* bounds, both reached by some seed */
} backoff_row;

static backoff_row backoff_rows[] = {
    {"first failure: up to a quarter", 3000, 30000, 1, 3000, 3750},
    {"second failure: up to twice", 3000, 30000, 2, 3000, 6000},
    {"third failure: up to four times", 3000, 30000, 3, 3000, 12000},
    {"fourth failure: up to eight times", 3000, 30000, 4, 3000, 24000},
    {"fifth failure: up to the cap", 3000, 30000, 5, 3000, 30000},
    {"fiftieth failure: up to the cap", 3000, 30000, 50, 3000, 30000},
    {"the cap is below the reconnection time", 3000, 400, 1, 400, 500},
    {"the cap below it leaves a quarter", 3000, 400, 9, 400, 500},
    {"so does a cap just above it", 3000, 3300, 2, 3000, 3750},
    {"a reconnection time below the floor holds", 10, 30000, 1, 10, 12},
    {"it doubles from there", 10, 30000, 3, 10, 40},
    {"none at all doubles from one", 0, 30000, 4, 0, 8},
    {"none at all once", 0, 30000, 1, 0, 0},
    {"the largest numbers", UINT32_MAX, UINT32_MAX, 70, UINT32_MAX,
     (uint64_t)UINT32_MAX + UINT32_MAX / 4},
};

static void test_backoff(void **state)
{
    const backoff_row *row = (const backoff_row *)*state;
    sse_source_config config;
    sse_source_config_init(&config);
    config.retry_ms = row->retry_ms;
    config.max_retry_ms = row->max_retry_ms;
    uint64_t least = SSE_NEVER;
    uint64_t most = 0;
    for (uint64_t seed = 1; seed <= 2000; seed++) {
        const uint64_t delay = delay_after(&config, seed, row->failures);
        least = delay < least ? delay : least;
        most = delay > most ? delay : most;
    }
    assert_in_range(least, row->least_ms, row->most_ms);
    assert_in_range(most, row->least_ms, row->most_ms);
    const uint64_t slack = (row->most_ms - row->least_ms) / 50;
    assert_in_range(least, row->least_ms, row->least_ms + slack);
    assert_in_range(most, row->most_ms - slack, row->most_ms);
}

/* ---- the stream's own retry ---- */

typedef struct retry_row {
    const char *name;
    const char *stream;
    uint32_t retry_ms, max_retry_ms;
    uint64_t base_ms;
} retry_row;

static retry_row retry_rows[] = {
    {"retry counts", "retry: 700\ndata: x\n\n", 3000, 30000, 700},
    {"retry alone counts", "retry: 700\n", 3000, 30000, 700},
    {"the last retry counts", "retry: 700\nretry: 900\n\n", 3000, 30000, 900},
    {"retry 0 meets the floor", "retry: 0\n\n", 3000, 30000, 100},
    {"retry 99 meets the floor", "retry: 99\n\n", 3000, 30000, 100},
    {"the floor sinks with retry_ms", "retry: 0\n\n", 40, 30000, 40},
    {"no floor for retry_ms 0", "retry: 0\n\n", 0, 30000, 0},
    {"a huge retry meets the cap", "retry: 18446744073709551615\n\n", 3000,
     30000, 30000},
    {"retry beyond 64 bits is none", "retry: 18446744073709551616\n\n", 3000,
     30000, 3000},
    {"retry with a sign is none", "retry: +5\n\n", 3000, 30000, 3000},
    {"an empty retry is none", "retry:\n\n", 3000, 30000, 3000},
};

static void test_retry(void **state)
{
    const retry_row *row = (const retry_row *)*state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        fixture *f = fresh();
        f->config.seed = seed;
        f->config.retry_ms = row->retry_ms;
        f->config.max_retry_ms = row->max_retry_ms;
        start(f);
        assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
        respond(f, 0, 200, STREAM);
        feed(f, row->stream);
        sse_source_end(&f->source, 60000, SSE_REASON_END);
        assert_int_equal(next(f, 60000), SSE_ACTION_WAIT);
        assert_in_range(f->action.delay_ms, row->base_ms,
                        row->base_ms + row->base_ms / 4);
    }
}

/* ---- Retry-After ---- */

static void test_retry_after_is_never_undercut(void **state)
{
    static const uint64_t told[] = {0, 1, 1000, 3000, 120000, DAY_MS};
    (void)state;
    for (size_t i = 0; i < COUNT(told); i++) {
        for (uint64_t seed = 1; seed <= 300; seed++) {
            fixture *f = fresh();
            f->config.seed = seed;
            start(f);
            assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
            sse_source_open(&f->source, 50, 503, NULL, 0, told[i]);
            assert_int_equal(next(f, 50), SSE_ACTION_WAIT);
            assert_true(f->action.delay_ms >= told[i]);
            assert_true(f->action.delay_ms >= 3000);
            const uint64_t jitter =
                told[i] / 4 < 30000 ? told[i] / 4 : 30000;
            const uint64_t most = told[i] + jitter;
            assert_true(f->action.delay_ms <= (most > 3750 ? most : 3750));
        }
    }
}

static void test_retry_after_beyond_a_day_fails(void **state)
{
    (void)state;
    fixture *f = fresh();
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    sse_source_open(&f->source, 50, 503, NULL, 0, DAY_MS + 1);
    assert_int_equal(next(f, 50), SSE_ACTION_FAIL);
    assert_int_equal(f->action.reason, SSE_REASON_RETRY_AFTER);
    assert_int_equal(f->action.cause, SSE_REASON_STATUS);
    assert_int_equal(sse_action_status(&f->action), SSE_ERR_HTTP_STATUS);
}

/* ---- when failures are forgotten ---- */

/* A source behind three failures. */
static uint64_t fail_thrice(fixture *f)
{
    uint64_t now = 0;
    start(f);
    for (int n = 0; n < 3; n++) {
        assert_int_equal(next(f, now), SSE_ACTION_CONNECT);
        sse_source_end(&f->source, now, SSE_REASON_CONNECT);
        assert_int_equal(next(f, now), SSE_ACTION_WAIT);
        now = f->action.until_ms;
    }
    return now;
}

typedef struct healthy_row {
    const char *name;
    uint64_t open_ms;
    int delivered;
    sse_reason reason;
    uint64_t failures;
} healthy_row;

static healthy_row healthy_rows[] = {
    {"a long stream forgets, cut", 5000, 0, SSE_REASON_CUT, 0},
    {"a long stream forgets, ended", 5000, 1, SSE_REASON_END, 0},
    {"a short stream does not", 4999, 0, SSE_REASON_CUT, 4},
    {"a short silent stream that ends does not", 4999, 0, SSE_REASON_END, 4},
    {"a short one with an event that ends does", 10, 1, SSE_REASON_END, 0},
    {"a short one with an event that breaks keeps them", 10, 1,
     SSE_REASON_CUT, 3},
};

static void test_healthy(void **state)
{
    const healthy_row *row = (const healthy_row *)*state;
    fixture *f = fresh();
    const uint64_t now = fail_thrice(f);
    assert_int_equal(next(f, now), SSE_ACTION_CONNECT);
    respond(f, now, 200, STREAM);
    if (row->delivered) {
        sse_source_event(&f->source);
    }
    sse_source_end(&f->source, now + row->open_ms, row->reason);
    assert_int_equal(next(f, now + row->open_ms), SSE_ACTION_WAIT);
    assert_int_equal(f->action.failures, row->failures);
}

static void test_event_and_break_from_a_clean_slate_is_one_failure(void **state)
{
    (void)state;
    fixture *f = fresh();
    start(f);
    uint64_t now = 0;
    for (int n = 0; n < 50; n++) {
        assert_int_equal(next(f, now), SSE_ACTION_CONNECT);
        respond(f, now, 200, STREAM);
        sse_source_event(&f->source);
        sse_source_end(&f->source, now + 5, SSE_REASON_CUT);
        assert_int_equal(next(f, now + 5), SSE_ACTION_WAIT);
        assert_int_equal(f->action.failures, 1);
        assert_in_range(f->action.delay_ms, 3000, 3750);
        now = f->action.until_ms;
    }
}

/* ---- a crowd, and a long time ---- */

static void test_herd_spreads(void **state)
{
    enum { CLIENTS = 10000, BUCKETS = 10 };
    (void)state;
    sse_source_config config;
    sse_source_config_init(&config);
    /* All are cut at once, and find the server down three times. */
    size_t first[BUCKETS] = {0};
    size_t third[BUCKETS] = {0};
    for (uint64_t seed = 1; seed <= CLIENTS; seed++) {
        const uint64_t one = delay_after(&config, seed, 1);
        const uint64_t three = delay_after(&config, seed, 3);
        const uint64_t a = (one - 3000) * BUCKETS / 751;
        const uint64_t b = (three - 3000) * BUCKETS / 9001;
        first[a]++;
        third[b]++;
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        /* 1000 expected in each; 5 standard deviations are 150. */
        assert_in_range(first[i], 850, 1150);
        assert_in_range(third[i], 850, 1150);
    }
}

static void test_same_seed_same_delays(void **state)
{
    (void)state;
    sse_source_config config;
    sse_source_config_init(&config);
    for (uint64_t n = 1; n <= 20; n++) {
        assert_int_equal(delay_after(&config, 99, n),
                         delay_after(&config, 99, n));
    }
    assert_int_not_equal(delay_after(&config, 99, 9),
                         delay_after(&config, 100, 9));
}

/* A thousand days of a server that is up for an hour and down for ten
 * minutes, again and again. */
static void test_a_thousand_days(void **state)
{
    (void)state;
    const uint64_t up_ms = 3600000;
    const uint64_t cycle_ms = up_ms + 600000;
    fixture *f = fresh();
    start(f);
    uint64_t now = 0;
    uint64_t attempts = 0;
    uint64_t opened_times = 0;
    while (now < 1000 * DAY_MS) {
        const uint64_t at = now % cycle_ms;
        switch (next(f, now)) {
        case SSE_ACTION_CONNECT:
            attempts++;
            if (at < up_ms) {
                respond(f, now, 200, STREAM);
                opened_times++;
            } else {
                sse_source_end(&f->source, now, SSE_REASON_CONNECT);
            }
            break;
        case SSE_ACTION_READ:
            sse_source_event(&f->source);
            now += up_ms - at;
            sse_source_end(&f->source, now, SSE_REASON_CUT);
            break;
        case SSE_ACTION_WAIT:
            assert_in_range(f->action.delay_ms, 3000, 30000);
            now = f->action.until_ms;
            break;
        case SSE_ACTION_NONE:
        case SSE_ACTION_CLOSE:
        case SSE_ACTION_FAIL:
            fail();
            break;
        }
    }
    const uint64_t cycles = 1000 * DAY_MS / cycle_ms;
    assert_in_range(opened_times, cycles, cycles + 2);
    /* Ten minutes at a mean of some 16 s each are about 37 attempts. */
    assert_in_range(attempts / cycles, 30, 50);
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_retry_after_is_never_undercut),
        cmocka_unit_test(test_retry_after_beyond_a_day_fails),
        cmocka_unit_test(
            test_event_and_break_from_a_clean_slate_is_one_failure),
        cmocka_unit_test(test_herd_spreads),
        cmocka_unit_test(test_same_seed_same_delays),
        cmocka_unit_test(test_a_thousand_days),
    };
    struct CMUnitTest tests[COUNT(backoff_rows) + COUNT(retry_rows) +
                            COUNT(healthy_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, backoff_rows, name, test_backoff);
    n += FILL_ROWS(tests + n, retry_rows, name, test_retry);
    n += FILL_ROWS(tests + n, healthy_rows, name, test_healthy);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
