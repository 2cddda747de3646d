/*
 * test_curl_rig.h - streams in a group, or over plain sockets in a loop, that
 * a test turns by hand.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_CURL_RIG_H
#define TESTS_CURL_RIG_H

#include "test_curl_probe.h"

#define DONE SCRIPT_DO(SCRIPT_END, 0)
#define BLOCK_EVENTS 500u
#define RIG_STREAMS 16

#if defined(OVER_SOCK)

#include "adapters/sock/client.h"

/* Streams in a loop. */
typedef struct rig {
    sse_loop *loop;
    sse_client *stream[RIG_STREAMS];
    size_t count;
} rig;

static inline void rig_open(rig *r)
{
    memset(r, 0, sizeof(*r));
    assert_int_equal(sse_loop_open(&r->loop), SSE_OK);
}

/* Makes a stream and leaves it to the test to attach it. */
static inline void rig_make(rig *r, const sse_client_config *config)
{
    assert_int_equal(sse_client_open(config, &r->stream[r->count++]), SSE_OK);
}

static inline sse_status rig_attach(rig *r, size_t n)
{
    return sse_client_attach(r->stream[n], r->loop);
}

/* SSE_OK while a stream is left. */
static inline sse_status rig_turn(rig *r, int timeout_ms)
{
    assert_int_equal(sse_loop_turn(r->loop, timeout_ms), SSE_OK);
    for (size_t n = 0; n < r->count; n++) {
        if (!r->stream[n]->ended) {
            return SSE_OK;
        }
    }
    return SSE_STOPPED;
}

static inline void rig_close(rig *r)
{
    for (size_t n = 0; n < r->count; n++) {
        sse_client_close(r->stream[n]);
    }
    sse_loop_close(r->loop);
}

#else

#include "adapters/curl/stream.h"

/* Streams in a group. */
typedef struct rig {
    CURLM *multi;
    sse_curl_group *group;
    CURL *easy[RIG_STREAMS];
    sse_curl *stream[RIG_STREAMS];
    size_t count;
} rig;

static inline void rig_open(rig *r)
{
    memset(r, 0, sizeof(*r));
    r->multi = curl_multi_init();
    assert_non_null(r->multi);
    assert_int_equal(sse_curl_group_open(r->multi, &r->group), SSE_OK);
}

/* Makes a stream and leaves it to the test to attach it. */
static inline void rig_make(rig *r, const sse_curl_config *config)
{
    const size_t n = r->count++;
    r->easy[n] = curl_easy_init();
    assert_non_null(r->easy[n]);
    assert_int_equal(sse_curl_open(r->easy[n], config, &r->stream[n]),
                     SSE_OK);
}

static inline sse_status rig_attach(rig *r, size_t n)
{
    return sse_curl_attach(r->stream[n], r->group);
}

/* SSE_OK while a stream is left. */
static inline sse_status rig_turn(rig *r, int timeout_ms)
{
    return sse_curl_group_turn(r->group, (uint32_t)timeout_ms);
}

static inline void rig_close(rig *r)
{
    for (size_t n = 0; n < r->count; n++) {
        sse_curl_close(r->stream[n]);
    }
    sse_curl_group_close(r->group);
    assert_int_equal(curl_multi_cleanup(r->multi), CURLM_OK);
    for (size_t n = 0; n < r->count; n++) {
        curl_easy_cleanup(r->easy[n]);
    }
}

#endif

static inline void rig_add(rig *r, const sse_curl_config *config)
{
    rig_make(r, config);
    assert_int_equal(rig_attach(r, r->count - 1), SSE_OK);
}

/* To the end of all streams. */
static inline void rig_run(rig *r)
{
    while (rig_turn(r, 10000) == SSE_OK) {
    }
}

static inline void turn_until(rig *r, const uint64_t *number, uint64_t least)
{
    const uint64_t until = script_now_ms() + PATIENCE_MS;
    while (*number < least && script_now_ms() < until) {
        (void)rig_turn(r, 20);
    }
    assert_true(*number >= least);
}

static inline void turn_to_the_end(rig *r, const int *ends)
{
    const uint64_t until = script_now_ms() + PATIENCE_MS;
    while (*ends == 0 && script_now_ms() < until) {
        (void)rig_turn(r, 20);
    }
    assert_int_equal(*ends, 1);
}

static inline void turn_for(rig *r, unsigned ms)
{
    const uint64_t until = script_now_ms() + ms;
    while (script_now_ms() < until) {
        (void)rig_turn(r, 5);
    }
}

/* 500 events of different sizes, numbered from 0. */
static inline size_t make_block(char *block, size_t cap)
{
    size_t len = 0;
    for (unsigned n = 0; n < BLOCK_EVENTS; n++) {
        len += (size_t)snprintf(block + len, cap - len, "data: %u %.*s\n\n",
                                n, (int)(n * 37 % 200),
                                "..................................."
                                "..................................."
                                "..................................."
                                "..................................."
                                "...................................");
    }
    return len;
}

#endif /* TESTS_CURL_RIG_H */
