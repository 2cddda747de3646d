/*
 * test_source_herd.c - ten thousand clients of one server that is restarted:
 * how many of them come back at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_source_fixture.h"

#define CLIENTS 10000
#define CUT_MS 60000u      /* when all connections break at once */
#define LIMIT_MS 400000u   /* when the simulation is given up */
#define SLOT_MS 100u

typedef struct herd_row {
    const char *name;
    uint32_t retry_ms;
    uint32_t down_ms;        /* from the break on nobody answers */
    uint32_t room;           /* streams accepted in a slot; 0: all */
    uint64_t retry_after_ms; /* with 503 to those above that */
    size_t most;             /* requests that reach the server in a slot */
    size_t most_each;        /* requests of one client, refused ones too */
    uint32_t last_ms;        /* everybody is back so long after the break */
} herd_row;

static herd_row rows[] = {
    {"down for a second", 3000, 1000, 0, SSE_NEVER, 1500, 1, 3800},
    {"down for ten seconds", 3000, 10000, 0, SSE_NEVER, 400, 5, 23000},
    {"down for a minute", 3000, 60000, 0, SSE_NEVER, 100, 12, 91000},
    {"a server that asks for a minute", 60000, 1000, 0, SSE_NEVER, 160, 1,
     38000},
    {"room for fifty in a slot, the others get 503", 3000, 1000, 50,
     SSE_NEVER, 1500, 8, 60000},
    {"... and are told to wait ten seconds", 3000, 1000, 50, 10000, 1500, 8,
     90000},
};

static sse_source herd[CLIENTS];
static size_t requests[CLIENTS];
static int32_t following[CLIENTS];  /* the next one due in that millisecond */
static int32_t due[LIMIT_MS];       /* the first one; -1: nobody */
static size_t reached[LIMIT_MS / SLOT_MS];
static size_t accepted[LIMIT_MS / SLOT_MS];

/* The client asks what to do now, and does it or waits in line. */
static void turn(const herd_row *row, size_t client, uint64_t now, int *back)
{
    sse_source *const source = &herd[client];
    const size_t slot = (size_t)(now / SLOT_MS);
    sse_action action;
    sse_source_next(source, now, &action);
    if (action.kind == SSE_ACTION_CONNECT) {
        requests[client]++;
        if (now < CUT_MS + row->down_ms) {
            sse_source_end(source, now, SSE_REASON_CONNECT);
        } else {
            const int full = row->room > 0 && accepted[slot] >= row->room;
            reached[slot]++;
            accepted[slot] += full ? 0u : 1u;
            *back += full ? 0 : 1;
            sse_source_open(source, now, full ? 503 : 200, STREAM,
                            strlen(STREAM),
                            full ? row->retry_after_ms : SSE_NEVER);
        }
        sse_source_next(source, now, &action);
    }
    if (action.kind == SSE_ACTION_WAIT) {
        assert_true(action.until_ms > now && action.until_ms < LIMIT_MS);
        following[client] = due[action.until_ms];
        due[action.until_ms] = (int32_t)client;
    }
}

static void begin(const herd_row *row)
{
    sse_source_config config;
    sse_source_config_init(&config);
    config.retry_ms = row->retry_ms;
    memset(due, -1, sizeof(due));
    memset(reached, 0, sizeof(reached));
    memset(accepted, 0, sizeof(accepted));
    memset(requests, 0, sizeof(requests));
    for (size_t i = 0; i < CLIENTS; i++) {
        sse_action action;
        /* Neighbouring seeds, as process numbers or a counter give them. */
        config.seed = i + 1;
        assert_int_equal(sse_source_init(&herd[i], &config, NULL), SSE_OK);
        sse_source_next(&herd[i], 0, &action);
        sse_source_open(&herd[i], 0, 200, STREAM, strlen(STREAM), SSE_NEVER);
        sse_source_end(&herd[i], CUT_MS, SSE_REASON_CUT);
    }
}

static void test_restart(void **state)
{
    const herd_row *const row = (const herd_row *)*state;
    int back = 0;
    uint64_t now = CUT_MS;
    begin(row);
    for (size_t i = 0; i < CLIENTS; i++) {
        turn(row, i, now, &back);
    }
    while (back < CLIENTS && now < LIMIT_MS - 1) {
        now++;
        for (int32_t i = due[now]; i >= 0;) {
            const int32_t then = following[i];
            turn(row, (size_t)i, now, &back);
            i = then;
        }
    }
    size_t most = 0;
    for (size_t slot = 0; slot < COUNT(reached); slot++) {
        most = reached[slot] > most ? reached[slot] : most;
    }
    size_t most_each = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        most_each = requests[i] > most_each ? requests[i] : most_each;
    }
    print_message("# %s: at most %lu in %u ms, %lu of one client, all back "
                  "after %lu ms\n",
                  row->name, (unsigned long)most, SLOT_MS,
                  (unsigned long)most_each, (unsigned long)(now - CUT_MS));
    assert_int_equal(back, CLIENTS);
    assert_true(most <= row->most);
    assert_true(most_each <= row->most_each);
    assert_true(now - CUT_MS <= row->last_ms);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(rows)];
    (void)FILL_ROWS(tests, rows, name, test_restart);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
