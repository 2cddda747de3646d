/*
 * test_lockstep_streams.h - random streams with rows of events of one kind, as
 * the short ways of the parser are made for them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_LOCKSTEP_STREAMS_H
#define TESTS_LOCKSTEP_STREAMS_H

#include "tests/support/random.h"
#include "tests/support/streams.h"

#include <string.h>

enum { CAP = 20000 };

static random_source chance;
static char stream[CAP + STREAM_CAP];
static size_t stream_len;

static size_t below(size_t bound)
{
    return random_below(&chance, bound);
}

static int once_in(size_t n)
{
    return random_once_in(&chance, n);
}

static void put(const char *text, size_t len)
{
    memcpy(stream + stream_len, text, len);
    stream_len += len;
}

static void put_line(const char *name, size_t most, const char *line_end)
{
    char value[512];
    const size_t len = below(most) + (size_t)once_in(4);
    random_value(&chance, value, len);
    put(name, strlen(name));
    put(value, len);
    put(line_end, strlen(line_end));
}

/* What the events of a row have. */
typedef struct kind {
    int comment, id, type;
    size_t lines;
} kind;

static kind some_kind(void)
{
    const kind one = {once_in(4), once_in(2), once_in(2),
                      once_in(3) ? below(5) : 1};
    return one;
}

static void put_event(const kind *what, size_t most, const char *line_end)
{
    if (what->comment) {
        put_line(":", 12, line_end);
        put(line_end, strlen(line_end));
    }
    if (what->id) {
        put_line("id: ", 17, line_end);
    }
    if (what->type) {
        put_line("event: ", 12, line_end);
    }
    for (size_t i = 0; i < what->lines && stream_len < CAP; i++) {
        put_line("data: ", most, line_end);
    }
    put(line_end, strlen(line_end));
}

/* Events of one kind, as the short ways are made for them, and sometimes one of
 * another between them. */
static void put_row(void)
{
    static const char *const line_ends[] = {"\n", "\n", "\r\n", "\r"};
    static const size_t lengths[] = {3, 9, 20, 90, 500};
    const char *const line_end = line_ends[below(4)];
    const size_t most = lengths[below(5)];
    const size_t other_once_in = once_in(2) ? 1000 : 2 + below(20);
    const kind usual = some_kind();
    for (size_t left = below(40); left > 0 && stream_len < CAP; left--) {
        const kind what = once_in(other_once_in) ? some_kind() : usual;
        put_event(&what, most, line_end);
        if (once_in(100)) {
            put_line("retry: 1", 1, line_end);
        }
    }
}

/* Makes one; the limits are near what a parser would meet in it. */
static void make_stream(const stream_limits *limits)
{
    static random_stream odd;
    const size_t wanted = once_in(2) ? below(900) : below(CAP);
    stream_len = 0;
    do {
        if (once_in(3)) {
            random_stream_make(&odd, &chance, limits);
            put(odd.bytes, odd.len);
        } else {
            put_row();
        }
    } while (stream_len < wanted);
    if (once_in(3)) {
        stream_len -= below(stream_len + 1);
    }
}

#endif /* TESTS_LOCKSTEP_STREAMS_H */
