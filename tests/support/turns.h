/*
 * turns.h - a loop run turn by turn in the test's own thread.
 *
 * SPDX-License-Identifier: MIT
 *
 * Includes what cmocka needs to stand behind it.
 */
#ifndef SSE_TEST_TURNS_H
#define SSE_TEST_TURNS_H

#include <sse/sock.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* How long a wait for what must happen lasts at most: only a failure is as slow
 * as that. */
#define PATIENCE_MS 60000u

/* Turns a fixture's loop until something holds; fails the test if it does not
 * come to it. */
#define UNTIL(f, truth)                                                        \
    do {                                                                       \
        const uint64_t begun_ms_ = sse_loop_now_ms((f)->loop);                 \
        while (!(truth)) {                                                     \
            assert_true(sse_loop_now_ms((f)->loop) - begun_ms_ <               \
                        PATIENCE_MS);                                          \
            assert_int_equal(sse_loop_turn((f)->loop, 5), SSE_OK);             \
        }                                                                      \
    } while (0)

/* Turns it for a while; what should not happen has its chance. */
#define FOR_MS(f, ms)                                                          \
    do {                                                                       \
        const uint64_t until_ms_ = sse_loop_now_ms((f)->loop) + (ms);          \
        while (sse_loop_now_ms((f)->loop) < until_ms_) {                       \
            assert_int_equal(sse_loop_turn((f)->loop, 5), SSE_OK);             \
        }                                                                      \
    } while (0)

#endif /* SSE_TEST_TURNS_H */
