/*
 * test_hub_slices.c - a turn serves so many subscribers, and the next turn goes
 * on with those who have waited longest.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_hub_fixture.h"

#include "adapters/hub/hub.h"

#define READERS 10u

static hub_reader readers[READERS + 1];

static void start(hub_fixture *f, const sse_hub_config *config, uint32_t slice)
{
    hub_start(f, config, NULL);
    f->hub->slice = slice;
    for (size_t i = 0; i < READERS; i++) {
        subscribe(f, &readers[i], "a", NULL);
    }
}

static void stop(hub_fixture *f, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        reader_close(&readers[i]);
    }
    hub_stop(f);
}

/* Writes of one turn of the hub. */
static uint64_t turn(hub_fixture *f)
{
    const uint64_t before = hub_stats(f).writes;
    sse_priv_hub_work(f->hub, f->hub->slice);
    return hub_stats(f).writes - before;
}

static void test_slices_go_on_where_they_were(void **state)
{
    const sse_hub_config config = hub_settings();
    hub_fixture f;
    (void)state;
    start(&f, &config, 4);
    publish(&f, "a", "x");
    assert_int_equal(turn(&f), 4);
    publish(&f, "a", "y");
    publish(&f, "a", "z");
    /* The six who have nothing get all three; the four come behind them. */
    assert_int_equal(turn(&f), 4);
    assert_int_equal(turn(&f), 4);
    assert_int_equal(turn(&f), 2);
    assert_int_equal(turn(&f), 0);
    for (size_t i = 0; i < READERS; i++) {
        UNTIL(&f, reader_has(&readers[i], "p-1:x p-2:y p-3:z "));
    }
    stop(&f, READERS);
}

static void test_slices_reach_everybody_under_constant_load(void **state)
{
    const sse_hub_config config = hub_settings();
    hub_fixture f;
    char log[2048] = "";
    (void)state;
    start(&f, &config, 3);
    /* Each turn something is new, so there is never one without need. */
    for (unsigned i = 1; i <= 40; i++) {
        publish(&f, "a", "x");
        assert_int_equal(turn(&f), 3);
        (void)snprintf(log + strlen(log), 16, "p-%u:x ", i);
    }
    for (size_t i = 0; i < READERS; i++) {
        while (readers[i].events < 36) {
            assert_true(net_waits_for(&readers[i].peer, "data: "));
            reader_take(&readers[i], SIZE_MAX);
        }
        UNTIL(&f, reader_has(&readers[i], log));
    }
    stop(&f, READERS);
}

static void test_slices_when_somebody_comes_or_goes(void **state)
{
    const sse_hub_config config = hub_settings();
    hub_fixture f;
    (void)state;
    start(&f, &config, 2);
    publish(&f, "a", "x");
    assert_int_equal(turn(&f), 2);
    /* Two who were served, and three who were not. */
    for (size_t i = 0; i < 5; i++) {
        reader_close(&readers[i]);
    }
    subscribe(&f, &readers[READERS], "a", NULL);
    UNTIL(&f, hub_stats(&f).subscribers == READERS - 4);
    publish(&f, "a", "y");
    for (size_t i = 5; i < READERS; i++) {
        UNTIL(&f, reader_has(&readers[i], "p-1:x p-2:y "));
    }
    UNTIL(&f, reader_has(&readers[READERS], "p-2:y "));
    stop(&f, READERS + 1);
}

static void test_slices_of_other_topics_come_in_turn(void **state)
{
    const sse_hub_config config = hub_settings();
    hub_fixture f;
    (void)state;
    start(&f, &config, 3);
    subscribe(&f, &readers[READERS], "b", NULL);
    publish(&f, "a", "x");
    publish(&f, "b", "y");
    assert_int_equal(turn(&f), 3);
    /* The one of the other topic is first now. */
    assert_int_equal(turn(&f), 3);
    assert_true(net_waits_for(&readers[READERS].peer, "data: y\n"));
    assert_true(reader_has(&readers[READERS], "p-2:y "));
    for (size_t i = 0; i < READERS; i++) {
        UNTIL(&f, reader_has(&readers[i], "p-1:x "));
    }
    stop(&f, READERS + 1);
}

/* What the ring is about to drop everybody gets before, wherever the round
 * stands. */
static void test_slices_and_a_ring_that_is_full(void **state)
{
    sse_hub_config config = hub_settings();
    hub_fixture f;
    char log[4096] = "";
    (void)state;
    config.topic.retain_events = 5;
    start(&f, &config, 1);
    for (unsigned i = 1; i <= 100; i++) {
        publish(&f, "a", "x");
        if (i % 3 == 0) {
            (void)turn(&f);
        }
        (void)snprintf(log + strlen(log), 16, "p-%u:x ", i);
    }
    for (size_t i = 0; i < READERS; i++) {
        UNTIL(&f, reader_has(&readers[i], log));
    }
    assert_int_equal(hub_stats(&f).overtaken, 0);
    stop(&f, READERS);
}

/* More than a burst for everybody, so that nobody gets all in one visit. */
static void test_slices_and_bursts(void **state)
{
    sse_hub_config config = hub_settings();
    hub_fixture f;
    char log[2048] = "";
    (void)state;
    config.burst = 50;
    start(&f, &config, 3);
    for (unsigned i = 1; i <= 30; i++) {
        publish(&f, "a", "x");
        (void)snprintf(log + strlen(log), 16, "p-%u:x ", i);
    }
    (void)turn(&f);
    /* One that comes now has all there is, and is in the midst of those. */
    subscribe(&f, &readers[READERS], "a", NULL);
    for (size_t i = 0; i < READERS; i++) {
        UNTIL(&f, reader_has(&readers[i], log));
    }
    publish(&f, "a", "y");
    UNTIL(&f, reader_has(&readers[READERS], "p-31:y "));
    stop(&f, READERS + 1);
}

/* Somebody who does not want to wait gets no second turn. */
static void test_slices_do_not_hold_up_an_end(void **state)
{
    const sse_hub_config config = hub_settings();
    hub_fixture f;
    (void)state;
    start(&f, &config, 3);
    publish(&f, "a", "x");
    sse_hub_drain(f.hub, 0);
    assert_int_equal(sse_loop_turn(f.loop, 0), SSE_OK);
    assert_int_equal(hub_stats(&f).subscribers, 0);
    for (size_t i = 0; i < READERS; i++) {
        UNTIL(&f, reader_ended(&readers[i]));
        assert_true(reader_has(&readers[i], "p-1:x "));
        assert_true(readers[i].clean);
    }
    stop(&f, READERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slices_go_on_where_they_were),
        cmocka_unit_test(test_slices_reach_everybody_under_constant_load),
        cmocka_unit_test(test_slices_when_somebody_comes_or_goes),
        cmocka_unit_test(test_slices_of_other_topics_come_in_turn),
        cmocka_unit_test(test_slices_and_a_ring_that_is_full),
        cmocka_unit_test(test_slices_and_bursts),
        cmocka_unit_test(test_slices_do_not_hold_up_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
