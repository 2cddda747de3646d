/*
 * test_timer.c - the timer wheel against a plain list, on a clock of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include "adapters/sock/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/rows.h"

#define TIMERS 500u

typedef struct wheel_case {
    const char *name;
    uint64_t base_ms;
    uint64_t spread_ms; /* delays are below this */
    uint64_t step_ms;   /* the clock moves on by less than this */
} wheel_case;

static wheel_case cases[] = {
    {"test_timer_delays_within_a_slot", 0, 64, 8},
    {"test_timer_delays_over_two_levels", 1000, 5000, 90},
    {"test_timer_delays_over_three_levels", 123456789, 600000, 7000},
    {"test_timer_delays_of_days", 4095, (uint64_t)30 * 86400000, 86400000},
    {"test_timer_base_before_every_carry", ((uint64_t)1 << 36) - 3, 300, 5},
    {"test_timer_steps_far_beyond_the_delays", 77, 100, 1000000},
};

static uint64_t seed = 1;

static uint64_t any_below(uint64_t limit)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 20) % limit;
}

/* What is due leaves in order, nothing early, nothing left behind. */
static size_t expect_due(sse_priv_wheel *wheel, uint64_t from_ms,
                         uint64_t now_ms)
{
    uint64_t last_ms = 0;
    size_t count = 0;
    while (wheel->due.next_ != &wheel->due) {
        sse_timer *const timer = wheel->due.next_;
        assert_true(timer->when_ms_ >= last_ms);
        assert_true(timer->when_ms_ <= now_ms);
        assert_true(timer->when_ms_ > from_ms);
        last_ms = timer->when_ms_;
        sse_priv_wheel_remove(timer);
        count++;
    }
    return count;
}

static void run_case(void **state)
{
    const wheel_case *const wanted = (const wheel_case *)*state;
    sse_timer *const timers =
        (sse_timer *)calloc(TIMERS, sizeof *timers);
    sse_priv_wheel *const wheel = (sse_priv_wheel *)malloc(sizeof *wheel);
    assert_non_null(timers);
    assert_non_null(wheel);
    uint64_t now_ms = wanted->base_ms;
    sse_priv_wheel_init(wheel, now_ms);
    assert_true(sse_priv_wheel_next(wheel) == UINT64_MAX);
    for (size_t round = 0; round < 2000; round++) {
        /* Stop some, start some, as a server does. */
        for (size_t i = 0; i < 5; i++) {
            sse_timer *const timer = &timers[any_below(TIMERS)];
            if (timer->next_ != NULL) {
                sse_priv_wheel_remove(timer);
            }
            if (any_below(3) > 0) {
                timer->when_ms_ = now_ms + 1 + any_below(wanted->spread_ms);
                sse_priv_wheel_add(wheel, timer);
            }
        }
        uint64_t first_ms = UINT64_MAX;
        for (size_t i = 0; i < TIMERS; i++) {
            if (timers[i].next_ != NULL && timers[i].when_ms_ < first_ms) {
                first_ms = timers[i].when_ms_;
            }
        }
        assert_true(sse_priv_wheel_next(wheel) <= first_ms);
        assert_true((sse_priv_wheel_next(wheel) == UINT64_MAX) ==
                    (first_ms == UINT64_MAX));
        const uint64_t from_ms = now_ms;
        now_ms += any_below(wanted->step_ms);
        size_t due = 0;
        for (size_t i = 0; i < TIMERS; i++) {
            due += timers[i].next_ != NULL && timers[i].when_ms_ <= now_ms;
        }
        sse_priv_wheel_advance(wheel, now_ms);
        assert_int_equal(expect_due(wheel, from_ms, now_ms), due);
    }
    free(wheel);
    free(timers);
}

static void test_timer_next_leads_to_the_deadline(void **state)
{
    (void)state;
    sse_priv_wheel *const wheel = (sse_priv_wheel *)malloc(sizeof *wheel);
    assert_non_null(wheel);
    const uint64_t when_ms = 987654321;
    sse_timer timer = {NULL, NULL, when_ms, NULL, NULL};
    sse_priv_wheel_init(wheel, 5);
    sse_priv_wheel_add(wheel, &timer);
    /* Waking when told, and only then, comes to the deadline, and does so in
     * at most one wake for each level. */
    size_t wakes = 0;
    while (wheel->due.next_ == &wheel->due) {
        assert_true(sse_priv_wheel_next(wheel) <= when_ms);
        sse_priv_wheel_advance(wheel, sse_priv_wheel_next(wheel));
        wakes++;
    }
    assert_true(wheel->base_ms == when_ms);
    assert_true(wakes <= SSE_PRIV_WHEEL_LEVELS);
    free(wheel);
}

static void test_timer_beyond_the_wheel_is_clamped(void **state)
{
    (void)state;
    sse_priv_wheel *const wheel = (sse_priv_wheel *)malloc(sizeof *wheel);
    assert_non_null(wheel);
    sse_timer timer = {NULL, NULL, UINT64_MAX, NULL, NULL};
    sse_priv_wheel_init(wheel, 1000);
    sse_priv_wheel_add(wheel, &timer);
    assert_true(timer.when_ms_ == 1000 + ((uint64_t)1 << 41));
    sse_priv_wheel_advance(wheel, timer.when_ms_ - 1);
    assert_ptr_equal(wheel->due.next_, &wheel->due);
    sse_priv_wheel_advance(wheel, timer.when_ms_);
    assert_ptr_equal(wheel->due.next_, &timer);
    free(wheel);
}

int main(void)
{
    enum { CASES = sizeof cases / sizeof cases[0] };
    struct CMUnitTest tests[CASES + 2] = {
        cmocka_unit_test(test_timer_next_leads_to_the_deadline),
        cmocka_unit_test(test_timer_beyond_the_wheel_is_clamped),
    };
    (void)FILL_ROWS(tests + 2, cases, name, run_case);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
