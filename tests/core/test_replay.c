/*
 * test_replay.c - the ring against a plain list of all that was appended.
 *
 * SPDX-License-Identifier: MIT
 */
#if defined(__linux__) && defined(__x86_64__) && defined(__LP64__)
#define HUGE_EVENTS 1
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE 1 /* MAP_ANONYMOUS */
#endif
#else
#define HUGE_EVENTS 0
#endif

#include "tests/support/check.h"

#include <sse/replay.h>

#include <stdio.h>
#include <string.h>

#if HUGE_EVENTS
#include <sys/mman.h>
#endif

#define OK(truth, name) ((void)check_that(truth, name))
#define MANY 3000

/* All that was ever appended, and where each event ends. */
static char all[MANY * 200];
static uint64_t ends[MANY + 1];
static char ids[MANY + 1][24];

static uint32_t seed = 1;

static uint32_t next_random(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static sse_event random_event(unsigned n, char *data)
{
    const size_t len = next_random(60);
    for (size_t i = 0; i < len; i++) {
        data[i] = "ab\n\rc"[next_random(5)];
    }
    sse_event event = sse_event_of_data(data, len);
    if (next_random(2) == 0) {
        event = sse_event_of_type("type", 4, data, len);
    }
    if (next_random(3) != 0) {
        (void)snprintf(ids[n], sizeof ids[n], "id-%u", n);
        event = sse_event_with_id(event, ids[n], strlen(ids[n]));
    } else {
        ids[n][0] = '\0';
    }
    if (next_random(4) == 0) {
        event = sse_event_with_retry(event, next_random(100000));
    }
    return event;
}

static int same_span(const sse_replay *ring, uint64_t cursor)
{
    sse_piece pieces[2];
    size_t count = 0;
    if (sse_replay_span(ring, cursor, pieces, &count) != SSE_OK) {
        return 0;
    }
    uint64_t at = cursor;
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].len == 0 ||
            memcmp(pieces[i].base, all + at, pieces[i].len) != 0) {
            return 0;
        }
        at += pieces[i].len;
    }
    return at == sse_replay_newest(ring);
}

/* What the ring says of event `n` (from 1), given what it still retains. */
static int is_honest(const sse_replay *ring, unsigned n, unsigned last)
{
    const uint64_t first = sse_replay_first_seq(ring);
    uint64_t cursor = 12345;
    const sse_status by_seq = sse_replay_find_seq(ring, n, &cursor);
    if (n > last) {
        return by_seq == SSE_ERR_UNKNOWN && cursor == 12345;
    }
    if (n + 1 < first) {
        if (by_seq != SSE_ERR_GONE || cursor != 12345) {
            return 0;
        }
    } else if (by_seq != SSE_OK || cursor != ends[n] ||
               !same_span(ring, cursor)) {
        return 0;
    }
    char id[24];
    size_t len = 0;
    const sse_status got = sse_replay_id(ring, n, id, sizeof id, &len);
    cursor = 12345;
    const sse_status by_id = sse_replay_find(ring, ids[n], strlen(ids[n]),
                                             &cursor);
    if (n < first) {
        return got == SSE_ERR_GONE && by_id == SSE_ERR_UNKNOWN;
    }
    return got == SSE_OK && len == strlen(ids[n]) &&
           memcmp(id, ids[n], len) == 0 &&
           (len == 0 || (by_id == SSE_OK && cursor == ends[n]));
}

static int is_consistent(const sse_replay *ring, unsigned last)
{
    const uint64_t first = sse_replay_first_seq(ring);
    sse_piece pieces[2];
    size_t count = 9;
    int good = sse_replay_next_seq(ring) == last + 1u &&
               sse_replay_oldest(ring) == ends[first - 1] &&
               sse_replay_newest(ring) == ends[last] &&
               same_span(ring, sse_replay_oldest(ring)) &&
               sse_replay_span(ring, ends[last] + 1, pieces, &count) ==
                   SSE_ERR_UNKNOWN &&
               count == 0;
    if (sse_replay_oldest(ring) > 0) {
        good = good && sse_replay_span(ring, sse_replay_oldest(ring) - 1,
                                       pieces, &count) == SSE_ERR_GONE;
    }
    for (unsigned n = last > 40 ? last - 40 : 1; n <= last + 2; n++) {
        good = good && is_honest(ring, n, last);
    }
    /* A reader that took some bytes of an event goes on in its middle. */
    const uint64_t held = ends[last] - sse_replay_oldest(ring);
    good = good && same_span(ring, sse_replay_oldest(ring) +
                                       next_random((uint32_t)held + 1));
    return good;
}

static void test_model(size_t bytes_cap, size_t entries_cap)
{
    static char bytes[1 << 16];
    static sse_replay_entry entries[64];
    sse_replay ring;
    int good = sse_replay_init(&ring, bytes, bytes_cap, entries, entries_cap,
                               1) == SSE_OK;
    uint64_t at = 0;
    unsigned evicted = 0;
    for (unsigned n = 1; n < MANY && good; n++) {
        char data[64];
        const sse_event event = random_event(n, data);
        size_t size = 0;
        good = sse_event_write(&event, all + at, sizeof all - at, &size) ==
               SSE_OK;
        at += size;
        ends[n] = at;
        uint64_t seq = 0;
        const sse_status status = sse_replay_append(&ring, &event, n, &seq);
        good = good && status == SSE_OK && seq == n &&
               is_consistent(&ring, n);
        if (n % 100 == 0) {
            sse_replay_expire(&ring, n - 2);
            good = good && is_consistent(&ring, n) &&
                   sse_replay_first_seq(&ring) >= n - 2;
        }
        if (n % 777 == 0) {
            sse_replay_expire(&ring, n + 1);
            good = good && is_consistent(&ring, n) &&
                   sse_replay_first_seq(&ring) == n + 1;
        }
        evicted += sse_replay_first_seq(&ring) > 1;
    }
    (void)check_that(good && evicted > 0,
                     "a ring of %lu bytes and %lu events tells the truth",
                     (unsigned long)bytes_cap, (unsigned long)entries_cap);
}

static void test_arguments(void)
{
    char bytes[32];
    sse_replay_entry entries[2];
    sse_replay ring;
    sse_piece pieces[2];
    uint64_t cursor = 0;
    size_t n = 0;
    char id[8];
    const sse_event event = sse_event_of_data("0123456789", 10);
    const sse_event large = sse_event_of_data(
        "0123456789012345678901234567890123456789", 25);
    const sse_event bad = sse_event_of_type("a\nb", 3, "x", 1);
    OK(sse_replay_init(NULL, bytes, 32, entries, 2, 1) == SSE_ERR_INVALID &&
           sse_replay_init(&ring, NULL, 32, entries, 2, 1) ==
               SSE_ERR_INVALID &&
           sse_replay_init(&ring, bytes, 0, entries, 2, 1) ==
               SSE_ERR_INVALID &&
           sse_replay_init(&ring, bytes, 32, NULL, 2, 1) == SSE_ERR_INVALID &&
           sse_replay_init(&ring, bytes, 32, entries, 0, 1) ==
               SSE_ERR_INVALID,
       "init wants room");
    (void)sse_replay_init(&ring, bytes, sizeof bytes, entries, 2, 100);
    OK(sse_replay_append(NULL, &event, 0, NULL) == SSE_ERR_INVALID &&
           sse_replay_append(&ring, NULL, 0, NULL) == SSE_ERR_INVALID &&
           sse_replay_append(&ring, &bad, 0, NULL) == SSE_ERR_CHARACTER &&
           sse_replay_append(&ring, &large, 0, NULL) == SSE_ERR_TOO_LONG &&
           sse_replay_next_seq(&ring) == 100 && sse_replay_newest(&ring) == 0,
       "what cannot be appended changes nothing");
    OK(sse_replay_append(&ring, &event, 0, NULL) == SSE_OK &&
           sse_replay_next_seq(&ring) == 101,
       "numbers go on from where the caller says");
    OK(sse_replay_find(NULL, "x", 1, &cursor) == SSE_ERR_INVALID &&
           sse_replay_find(&ring, NULL, 1, &cursor) == SSE_ERR_INVALID &&
           sse_replay_find(&ring, "x", 1, NULL) == SSE_ERR_INVALID &&
           sse_replay_find_seq(NULL, 1, &cursor) == SSE_ERR_INVALID &&
           sse_replay_find_seq(&ring, 1, NULL) == SSE_ERR_INVALID,
       "find wants its arguments");
    OK(sse_replay_span(NULL, 0, pieces, &n) == SSE_ERR_INVALID &&
           sse_replay_span(&ring, 0, NULL, &n) == SSE_ERR_INVALID &&
           sse_replay_span(&ring, 0, pieces, NULL) == SSE_ERR_INVALID,
       "span wants its arguments");
    OK(sse_replay_id(NULL, 100, id, 8, &n) == SSE_ERR_INVALID &&
           sse_replay_id(&ring, 100, NULL, 8, &n) == SSE_ERR_INVALID &&
           sse_replay_id(&ring, 100, id, 8, NULL) == SSE_ERR_INVALID &&
           sse_replay_id(&ring, 101, id, 8, &n) == SSE_ERR_UNKNOWN,
       "id wants its arguments");
    (void)sse_replay_append(
        &ring,
        &(sse_event){0, 0, 0, 0, "0123456789", 10, 0, 0, SSE_FIELD_ID, 0}, 0,
        NULL);
    OK(sse_replay_id(&ring, 101, id, 8, &n) == SSE_ERR_NO_SPACE && n == 10,
       "an id says how long it is");
    OK(sse_replay_find(&ring, "", 0, &cursor) == SSE_ERR_UNKNOWN,
       "an event without an id has not the empty one");
    (void)sse_replay_append(
        &ring, &(sse_event){0, 0, 0, 0, "", 0, 0, 0, SSE_FIELD_ID, 0}, 0,
        NULL);
    OK(sse_replay_find(&ring, "", 0, &cursor) == SSE_OK &&
           cursor == sse_replay_newest(&ring),
       "an empty id is an id");
}

/* The ring says it is large enough for an event whose length no entry of it
 * can say.  The data is the system's page of zeros, many times. */
static void test_huge_event(void)
{
    static const char name[] = "an event beyond 4 GiB is too long for any ring";
#if HUGE_EVENTS
    static char bytes[32];
    sse_replay_entry entries[2];
    sse_replay ring;
    const size_t len = (size_t)1 << 32;
    void *const zeros = mmap(NULL, len, PROT_READ,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
                             0);
    if (zeros == MAP_FAILED) {
        check_skip(name, "no room for so many addresses");
        return;
    }
    const sse_event event = sse_event_of_data((const char *)zeros, len);
    (void)sse_replay_init(&ring, bytes, SIZE_MAX, entries, 2, 1);
    OK(sse_replay_append(&ring, &event, 0, NULL) == SSE_ERR_TOO_LONG, name);
    (void)munmap(zeros, len);
#else
    check_skip(name, "tried on x86-64 Linux");
#endif
}

int main(void)
{
    test_model(1 << 16, 64);
    test_model(600, 64);
    test_model(1000, 3);
    test_model(601, 1);
    test_arguments();
    test_huge_event();
    return check_end();
}
