/*
 * test_curl_rig.h - streams in a group that a test turns by hand.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_CURL_RIG_H
#define TESTS_CURL_RIG_H

#include "test_curl_probe.h"

#define DONE SCRIPT_DO(SCRIPT_END, 0)
#define BLOCK_EVENTS 500u

/* Up to three streams in a group. */
typedef struct rig {
    CURLM *multi;
    sse_curl_group *group;
    CURL *easy[3];
    sse_curl *stream[3];
    size_t count;
} rig;

static inline void rig_open(rig *r)
{
    memset(r, 0, sizeof(*r));
    r->multi = curl_multi_init();
    assert_non_null(r->multi);
    assert_int_equal(sse_curl_group_open(r->multi, &r->group), SSE_OK);
}

static inline void rig_add(rig *r, const sse_curl_config *config)
{
    const size_t n = r->count++;
    r->easy[n] = curl_easy_init();
    assert_non_null(r->easy[n]);
    assert_int_equal(sse_curl_open(r->easy[n], config, &r->stream[n]),
                     SSE_OK);
    assert_int_equal(sse_curl_attach(r->stream[n], r->group), SSE_OK);
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

static inline void turn_until(rig *r, const uint64_t *number, uint64_t least)
{
    const uint64_t until = script_now_ms() + 10000;
    while (*number < least && script_now_ms() < until) {
        (void)sse_curl_group_turn(r->group, 20);
    }
    assert_true(*number >= least);
}

static inline void turn_for(rig *r, unsigned ms)
{
    const uint64_t until = script_now_ms() + ms;
    while (script_now_ms() < until) {
        (void)sse_curl_group_turn(r->group, 5);
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
