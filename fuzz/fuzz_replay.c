/*
 * fuzz_replay.c - the ring against a plain list of all that was appended.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first bytes choose the size of the ring and the first number; each
 * operation behind them is a byte and what it needs.  After each the ring's
 * answers are compared with what the list says they must be.
 */
#include "fuzz.h"

#include <sse/sse.h>

#include <stdlib.h>
#include <string.h>

enum { MOST = 64 /* events ever appended */ };

/* One event as it was appended. */
struct kept {
    uint64_t end; /* position behind it */
    uint64_t stamp;
    char id[8];
    size_t id_len;
    int has_id;
};

struct model {
    sse_replay ring;
    size_t bytes_cap, entries_cap;
    uint64_t first;          /* number of list[0] */
    struct kept list[MOST];
    size_t count;
    size_t gone;             /* events that the ring has let go */
    struct fuzz_text all;    /* the bytes of all events */
};

static uint64_t begin_of(const struct model *m, size_t index)
{
    return index == 0 ? 0 : m->list[index - 1].end;
}

/* Drops from the model what cannot be retained beside `size` new bytes. */
static void make_room(struct model *m, size_t size)
{
    while (m->count - m->gone >= m->entries_cap ||
           m->all.len - begin_of(m, m->gone) + size > m->bytes_cap) {
        m->gone++;
    }
}

/* ---- operations ---- */

static void append(struct model *m, struct fuzz_input *input)
{
    struct kept *const k = &m->list[m->count];
    const unsigned choice = fuzz_byte(input);
    const struct fuzz_input text = fuzz_take(input, fuzz_below(input, 70));
    sse_event event = sse_event_of_data(text.at, text.left);
    if ((choice & 1u) != 0) {
        event = sse_event_of_type("add", choice >> 1 & 3u, text.at,
                                  text.left);
    }
    k->has_id = (choice & 0x08u) != 0;
    k->id_len = k->has_id ? choice >> 6 : 0;
    memset(k->id, (int)('a' + (choice >> 4 & 3u)), sizeof k->id);
    if (k->has_id) {
        event = sse_event_with_id(event, k->id, k->id_len);
    }
    /* A stamp never falls. */
    k->stamp = (m->count > 0 ? m->list[m->count - 1].stamp : 0) + choice % 3;

    size_t size = 0;
    uint64_t number = 0;
    FUZZ_REQUIRE(sse_event_size(&event, &size) == SSE_OK);
    const sse_status status =
        sse_replay_append(&m->ring, &event, k->stamp, &number);
    if (size > m->bytes_cap) {
        FUZZ_REQUIRE(status == SSE_ERR_TOO_LONG);
        return;
    }
    FUZZ_REQUIRE(status == SSE_OK && number == m->first + m->count);
    char *const bytes = (char *)fuzz_allocate(size);
    FUZZ_REQUIRE(sse_event_write(&event, bytes, size, &size) == SSE_OK);
    make_room(m, size);
    fuzz_text_add(&m->all, bytes, size);
    free(bytes);
    k->end = m->all.len;
    m->count++;
}

/* What cannot be written leaves the ring as it was. */
static void refuse(struct model *m)
{
    const sse_event event =
        sse_event_with_id(sse_event_of_data("x", 1), "a\nb", 3);
    FUZZ_REQUIRE(sse_replay_append(&m->ring, &event, 0, NULL) ==
                 SSE_ERR_CHARACTER);
}

static void expire(struct model *m, struct fuzz_input *input)
{
    const uint64_t stamp = fuzz_byte(input);
    sse_replay_expire(&m->ring, stamp);
    while (m->gone < m->count && m->list[m->gone].stamp < stamp) {
        m->gone++;
    }
}

/* ---- questions ---- */

/* Everything from a position on, as far as it is retained. */
static void check_span(const struct model *m, uint64_t cursor)
{
    sse_piece pieces[2];
    size_t count = 3;
    const sse_status status =
        sse_replay_span(&m->ring, cursor, pieces, &count);
    if (cursor < begin_of(m, m->gone) || cursor > m->all.len) {
        FUZZ_REQUIRE(status == (cursor > m->all.len ? SSE_ERR_UNKNOWN
                                                    : SSE_ERR_GONE));
        FUZZ_REQUIRE(count == 0);
        return;
    }
    FUZZ_REQUIRE(status == SSE_OK && count <= 2);
    size_t at = (size_t)cursor;
    for (size_t i = 0; i < count; i++) {
        FUZZ_REQUIRE(pieces[i].len > 0 && pieces[i].len <= m->all.len - at);
        FUZZ_REQUIRE(memcmp(pieces[i].base, m->all.bytes + at,
                            pieces[i].len) == 0);
        at += pieces[i].len;
    }
    FUZZ_REQUIRE(at == m->all.len);
}

/* What is said of one number, retained or not. */
static void check_number(const struct model *m, uint64_t number)
{
    char id[8];
    size_t len = 9;
    uint64_t cursor = 1;
    const sse_status found =
        sse_replay_find_seq(&m->ring, number, &cursor);
    const sse_status status =
        sse_replay_id(&m->ring, number, id, sizeof id, &len);
    const uint64_t oldest = m->first + m->gone;
    if (number >= m->first + m->count) {
        FUZZ_REQUIRE(found == SSE_ERR_UNKNOWN && status == SSE_ERR_UNKNOWN);
        return;
    }
    if (number + 1 < oldest) {
        FUZZ_REQUIRE(found == SSE_ERR_GONE && status == SSE_ERR_GONE);
        return;
    }
    FUZZ_REQUIRE(found == SSE_OK);
    if (number < oldest) {
        FUZZ_REQUIRE(status == SSE_ERR_GONE);
        FUZZ_REQUIRE(cursor == begin_of(m, m->gone));
        return;
    }
    const struct kept *const k = &m->list[number - m->first];
    FUZZ_REQUIRE(cursor == k->end);
    FUZZ_REQUIRE(status == SSE_OK && fuzz_same(id, len, k->id, k->id_len));
    FUZZ_REQUIRE(k->id_len == 0 ||
                 sse_replay_id(&m->ring, number, id, k->id_len - 1, &len) ==
                     SSE_ERR_NO_SPACE);
}

/* The newest event retained that has this id. */
static void check_id(const struct model *m, const char *id, size_t len)
{
    uint64_t cursor = UINT64_MAX;
    const sse_status status = sse_replay_find(&m->ring, id, len, &cursor);
    for (size_t i = m->count; i > m->gone; i--) {
        const struct kept *const k = &m->list[i - 1];
        if (k->has_id && fuzz_same(k->id, k->id_len, id, len)) {
            FUZZ_REQUIRE(status == SSE_OK && cursor == k->end);
            return;
        }
    }
    FUZZ_REQUIRE(status == SSE_ERR_UNKNOWN && cursor == UINT64_MAX);
}

static void check_all(const struct model *m, struct fuzz_input *input)
{
    const sse_replay *const ring = &m->ring;
    FUZZ_REQUIRE(sse_replay_oldest(ring) == begin_of(m, m->gone));
    FUZZ_REQUIRE(sse_replay_newest(ring) == m->all.len);
    FUZZ_REQUIRE(sse_replay_first_seq(ring) == m->first + m->gone);
    FUZZ_REQUIRE(sse_replay_next_seq(ring) == m->first + m->count);
    check_span(m, sse_replay_oldest(ring));
    check_span(m, fuzz_below(input, m->all.len + 2));
    check_number(m, m->first + fuzz_below(input, m->count + 2));
    check_number(m, m->first + m->gone);
    const struct fuzz_input id = fuzz_take(input, 2);
    check_id(m, id.at, id.left);
    for (size_t i = 0; i < m->count; i++) {
        check_id(m, m->list[i].id, m->list[i].id_len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct model m;
    struct fuzz_input input = fuzz_input_of(data, size);
    memset(&m, 0, sizeof m);
    m.bytes_cap = 1 + fuzz_below(&input, 512);
    m.entries_cap = 1 + fuzz_byte(&input) % 20;
    /* Numbers may start anywhere, but not so late that they run out. */
    m.first = fuzz_number(&input) >> 1;
    char *const bytes = (char *)fuzz_allocate(m.bytes_cap);
    sse_replay_entry *const entries = (sse_replay_entry *)fuzz_allocate(
        m.entries_cap * sizeof *entries);
    FUZZ_REQUIRE(sse_replay_init(&m.ring, bytes, m.bytes_cap, entries,
                                 m.entries_cap, m.first) == SSE_OK);
    check_all(&m, &input);
    while (input.left > 0 && m.count < MOST) {
        switch (fuzz_byte(&input) % 8) {
        case 0:
            expire(&m, &input);
            break;
        case 1:
            refuse(&m);
            break;
        default:
            append(&m, &input);
            break;
        }
        check_all(&m, &input);
    }
    fuzz_text_free(&m.all);
    free(entries);
    free(bytes);
    return 0;
}
