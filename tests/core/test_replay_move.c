/*
 * test_replay_move.c - rings moved, merged, and searched.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"

#include <sse/replay.h>

#include <stdio.h>
#include <string.h>

#define OK(truth, name) ((void)check_that(truth, name))
#define CAP 256u

typedef struct room {
    sse_replay ring;
    char bytes[CAP];
    sse_replay_entry entries[8];
} room;

static int begin(room *r, size_t bytes_cap, size_t entries_cap)
{
    return sse_replay_init(&r->ring, r->bytes, bytes_cap, r->entries,
                           entries_cap, 1) == SSE_OK;
}

static int append(sse_replay *ring, unsigned n, uint64_t stamp)
{
    char text[24];
    const int len = snprintf(text, sizeof text, "event %u", n);
    const sse_event event = sse_event_with_id(
        sse_event_of_data(text, (size_t)len), text + 6, (size_t)len - 6);
    return sse_replay_append(ring, &event, stamp, NULL) == SSE_OK;
}

/* All bytes retained. */
static size_t text_of(const sse_replay *ring, char *dst)
{
    sse_piece pieces[2];
    size_t count = 0;
    size_t n = 0;
    (void)sse_replay_span(ring, sse_replay_oldest(ring), pieces, &count);
    for (size_t i = 0; i < count; i++) {
        memcpy(dst + n, pieces[i].base, pieces[i].len);
        n += pieces[i].len;
    }
    return n;
}

static int same_text(const sse_replay *a, const sse_replay *b)
{
    char left[CAP];
    char right[CAP];
    const size_t n = text_of(a, left);
    return n == text_of(b, right) && memcmp(left, right, n) == 0;
}

/* From every state of a small ring, to every other size. */
static void test_moved_keeps_all(void)
{
    int good = 1;
    unsigned refused = 0;
    for (size_t from = 40; from < 80; from += 3) {
        for (unsigned events = 0; events < 12 && good; events++) {
            for (size_t to = 10; to < 120; to += 7) {
                room r;
                room before;
                char bytes[CAP];
                sse_replay_entry entries[8];
                const size_t cap = 1 + to % 8;
                good = good && begin(&r, from, 3);
                for (unsigned n = 0; n < events; n++) {
                    good = good && append(&r.ring, n, n);
                }
                before = r;
                before.ring.bytes_ = before.bytes;
                before.ring.entries_ = before.entries;
                const uint64_t first = sse_replay_first_seq(&r.ring);
                const uint64_t next = sse_replay_next_seq(&r.ring);
                const uint64_t held = sse_replay_newest(&r.ring) -
                                      sse_replay_oldest(&r.ring);
                const sse_status status = sse_replay_set_room(
                    &r.ring, bytes, to, entries, cap);
                const int fits = held <= to && next - first <= cap;
                refused += !fits;
                good = good &&
                       status == (fits ? SSE_OK : SSE_ERR_NO_SPACE) &&
                       same_text(&r.ring, &before.ring) &&
                       sse_replay_first_seq(&r.ring) == first &&
                       sse_replay_next_seq(&r.ring) == next &&
                       sse_replay_newest(&r.ring) ==
                           sse_replay_newest(&before.ring);
            }
        }
    }
    OK(good && refused > 0, "a ring that is moved stays what it is");
}

static void test_copied_is_the_same(void)
{
    room from;
    room to;
    int good = begin(&from, 60, 8) && begin(&to, 47, 2);
    for (unsigned n = 1; n < 40; n++) {
        good = good && append(&from.ring, n, 10 * n) &&
               sse_replay_copy(&to.ring, &from.ring,
                               sse_replay_next_seq(&from.ring) - 1) == SSE_OK;
        uint64_t at = 0;
        uint64_t stamp = 0;
        size_t len = 0;
        char id[8];
        char want[8];
        size_t id_len = 0;
        (void)snprintf(want, sizeof want, "%u", n);
        good = good &&
               sse_replay_locate(&to.ring, n, &at, &len, &stamp) == SSE_OK &&
               stamp == 10 * n && at + len == sse_replay_newest(&to.ring) &&
               sse_replay_id(&to.ring, n, id, sizeof id, &id_len) == SSE_OK &&
               id_len == strlen(want) && memcmp(id, want, id_len) == 0 &&
               sse_replay_next_seq(&to.ring) -
                       sse_replay_first_seq(&to.ring) <=
                   2;
    }
    while (sse_replay_first_seq(&from.ring) <
           sse_replay_first_seq(&to.ring)) {
        sse_replay_drop(&from.ring);
    }
    OK(good && same_text(&from.ring, &to.ring),
       "events copied from ring to ring are the same");
    room tiny;
    OK(begin(&tiny, 5, 1) &&
           sse_replay_copy(&tiny.ring, &from.ring,
                           sse_replay_first_seq(&from.ring)) ==
               SSE_ERR_TOO_LONG &&
           sse_replay_copy(&tiny.ring, &from.ring, 1) == SSE_ERR_GONE &&
           sse_replay_copy(&tiny.ring, &from.ring, 1000) ==
               SSE_ERR_UNKNOWN &&
           sse_replay_next_seq(&tiny.ring) == 1,
       "what cannot be copied changes nothing");
}

static void test_search(void)
{
    room r;
    int good = begin(&r, 120, 5);
    for (unsigned n = 1; n < 30; n++) {
        good = good && append(&r.ring, n, 10 * n);
        uint64_t at = sse_replay_oldest(&r.ring);
        for (uint64_t seq = sse_replay_first_seq(&r.ring);
             seq < sse_replay_next_seq(&r.ring); seq++) {
            uint64_t begins = 0;
            uint64_t stamp = 0;
            uint64_t found = 0;
            size_t len = 0;
            good = good &&
                   sse_replay_locate(&r.ring, seq, &begins, &len, &stamp) ==
                       SSE_OK &&
                   begins == at;
            for (size_t i = 0; i < len; i++) {
                good = good &&
                       sse_replay_seek(&r.ring, at + i, &found) == SSE_OK &&
                       found == seq;
            }
            good = good && sse_replay_behind(&r.ring, stamp) == at + len &&
                   sse_replay_behind(&r.ring, stamp + 9) == at + len &&
                   sse_replay_behind(&r.ring, stamp - 1) == at;
            at += len;
        }
        uint64_t found = 0;
        good = good && sse_replay_seek(&r.ring, at, &found) == SSE_OK &&
               found == sse_replay_next_seq(&r.ring) &&
               sse_replay_seek(&r.ring, at + 1, &found) == SSE_ERR_UNKNOWN;
        if (sse_replay_oldest(&r.ring) > 0) {
            good = good && sse_replay_seek(&r.ring,
                                           sse_replay_oldest(&r.ring) - 1,
                                           &found) == SSE_ERR_GONE;
        }
    }
    OK(good, "every byte belongs to its event, and every stamp has its place");
}

static void test_drop(void)
{
    room r;
    int good = begin(&r, 100, 4) && append(&r.ring, 1, 1) &&
               append(&r.ring, 2, 2);
    sse_replay_drop(&r.ring);
    good = good && sse_replay_first_seq(&r.ring) == 2;
    sse_replay_drop(&r.ring);
    sse_replay_drop(&r.ring);
    OK(good && sse_replay_first_seq(&r.ring) == 3 &&
           sse_replay_oldest(&r.ring) == sse_replay_newest(&r.ring),
       "dropping ends when nothing is left");
}

static void test_arguments(void)
{
    room r;
    char bytes[CAP];
    sse_replay_entry entries[2];
    uint64_t n = 0;
    size_t len = 0;
    (void)begin(&r, 64, 4);
    OK(sse_replay_set_room(NULL, bytes, 9, entries, 2) == SSE_ERR_INVALID &&
           sse_replay_set_room(&r.ring, NULL, 9, entries, 2) ==
               SSE_ERR_INVALID &&
           sse_replay_set_room(&r.ring, bytes, 0, entries, 2) ==
               SSE_ERR_INVALID &&
           sse_replay_set_room(&r.ring, bytes, 9, NULL, 2) ==
               SSE_ERR_INVALID &&
           sse_replay_set_room(&r.ring, bytes, 9, entries, 0) ==
               SSE_ERR_INVALID,
       "a move wants room");
    OK(sse_replay_copy(NULL, &r.ring, 1) == SSE_ERR_INVALID &&
           sse_replay_copy(&r.ring, NULL, 1) == SSE_ERR_INVALID &&
           sse_replay_copy(&r.ring, &r.ring, 1) == SSE_ERR_INVALID,
       "a copy wants two rings");
    OK(sse_replay_locate(NULL, 1, &n, &len, &n) == SSE_ERR_INVALID &&
           sse_replay_locate(&r.ring, 1, NULL, &len, &n) == SSE_ERR_INVALID &&
           sse_replay_locate(&r.ring, 1, &n, NULL, &n) == SSE_ERR_INVALID &&
           sse_replay_locate(&r.ring, 1, &n, &len, NULL) == SSE_ERR_INVALID &&
           sse_replay_locate(&r.ring, 1, &n, &len, &n) == SSE_ERR_UNKNOWN &&
           sse_replay_seek(NULL, 0, &n) == SSE_ERR_INVALID &&
           sse_replay_seek(&r.ring, 0, NULL) == SSE_ERR_INVALID,
       "a search wants its arguments");
}

int main(void)
{
    test_moved_keeps_all();
    test_copied_is_the_same();
    test_search();
    test_drop();
    test_arguments();
    return check_end();
}
