/*
 * test_scan.c - every variant of the scan says the same as a loop over bytes,
 * and the parser says the same whichever it uses.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/cases.h"
#include "tests/support/check.h"
#include "tests/support/drive.h"

#include "libsse/scan.h"

#include <stdlib.h>
#include <string.h>

static uint32_t seed = 7;

static uint32_t random_below(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static size_t index_slowly(const char *text, size_t len, uint16_t *ends)
{
    size_t count = 0;
    int in_run = 0;
    for (size_t i = 0; i < len; i++) {
        const int is_end = text[i] == '\n' || text[i] == '\r';
        if (is_end && !in_run) {
            ends[count++] = (uint16_t)i;
        }
        in_run = is_end;
    }
    return count;
}

/* The index is that of a loop over bytes; it stops early only where the next
 * step might not find room. */
static int same_ends(const char *text, size_t len)
{
    static uint16_t want[SSE_PRIV_WINDOW];
    static uint16_t got[SSE_PRIV_ENDS_CAP];
    size_t used = len;
    const size_t count = sse_priv_index(text, &used, got);
    return used <= len && index_slowly(text, used, want) == count &&
           memcmp(got, want, count * sizeof got[0]) == 0 &&
           (used == len || count + SSE_PRIV_ENDS_STEP > SSE_PRIV_ENDS_CAP);
}

static void fill(char *text, size_t len, unsigned kind)
{
    static const char near[] = "\n\r\x09\x0B\x0C\x0E\x8A\x8D\x00\xFF\x1A\x2A";
    for (size_t i = 0; i < len; i++) {
        switch (kind) {
        case 0: /* no line end, all that looks like one */
            text[i] = near[2 + random_below(sizeof near - 3)];
            break;
        case 1: /* nothing else */
            text[i] = near[random_below(2)];
            break;
        case 2: /* every other byte */
            text[i] = i % 2 == 0 ? '\n' : 'x';
            break;
        case 3: /* as dense as it comes */
            text[i] = near[random_below(sizeof near - 1)];
            break;
        default: /* as in a stream */
            text[i] = random_below(40) == 0 ? near[random_below(2)]
                                            : (char)random_below(256);
            break;
        }
    }
}

/* The copy is at the unreadable page too, and ends at the first line end. */
static int same_copy(const char *placed, guard *to_place, size_t len,
                     size_t scanned)
{
    static const char filler[SSE_PRIV_WINDOW] = {'+'};
    if (len < 8) {
        return 1;
    }
    char *const to = guard_at_end(to_place, filler, len);
    return sse_priv_take(to, placed, len) == scanned &&
           memcmp(to, placed, scanned) == 0;
}

static int same_index(guard *place, guard *to, const char *text, size_t len,
                      int at_end)
{
    static uint16_t want[SSE_PRIV_WINDOW];
    const char *const placed = at_end ? guard_at_end(place, text, len)
                                      : guard_at_begin(place, text, len);
    const size_t count = index_slowly(text, len, want);
    const size_t scanned = count > 0 ? want[0] : len;
    return same_ends(placed, len) && sse_priv_scan(placed, len) == scanned &&
           (sse_priv_has_end(placed, len) != 0) == (count > 0) &&
           same_copy(placed, to, len, scanned);
}

static void test_index(sse_priv_level level)
{
    static char text[SSE_PRIV_WINDOW];
    guard place;
    guard to;
    memset(&place, 0, sizeof place);
    memset(&to, 0, sizeof to);
    guard_open(&place, sizeof text);
    guard_open(&to, sizeof text);
    int good = 1;
    for (unsigned round = 0; round < 1500 && good; round++) {
        size_t len = round < 600 ? round % 300 : random_below(sizeof text + 1);
        if (round % 100 == 99) {
            len = sizeof text;
        }
        fill(text, len, round % 5);
        if (round % 7 == 0) { /* one line end, anywhere */
            memset(text, 'x', len);
            text[len > 0 ? random_below((uint32_t)len) : 0] = '\r';
        }
        good = same_index(&place, &to, text, len, 1) &&
               same_index(&place, &to, text, len, 0);
        if (!good) {
            check_note("%lu bytes of kind %u", (unsigned long)len, round % 5);
        }
    }
    guard_close(&place);
    guard_close(&to);
    (void)check_that(good, "%s: the index of a byte loop",
                     sse_priv_scan_name(level));
}

/* One vector at every cut in two, heard by nobody but the event callback, so
 * that plain lines take the short way, and with every hook set, so that they
 * do not. */
static int same_events(const test_case *c, size_t cut, int hooks)
{
    static char scratch[1 << 16];
    event_log log = {0};
    event_log pulled = {0};
    sse_parser parser;
    size_t used = 0;
    (void)sse_parser_init(&parser, scratch, sizeof scratch, event_log_event,
                          &log);
    if (hooks) {
        event_log_attach(&parser);
    }
    (void)sse_parser_feed(&parser, c->stream, cut, &used);
    (void)sse_parser_feed(&parser, c->stream + cut, c->stream_len - cut,
                          &used);

    (void)sse_parser_init(&parser, scratch, sizeof scratch, NULL, &pulled);
    if (hooks) {
        event_log_attach(&parser);
    }
    const char *at = c->stream;
    size_t left = c->stream_len;
    sse_event event;
    while (sse_parser_next(&parser, &at, &left, &event) == SSE_OK) {
        (void)event_log_event(&event, &pulled);
    }
    const int same = event_log_same(&log, &pulled);
    if (!same) {
        check_note("%s, cut at %lu, hooks %d", c->name, (unsigned long)cut,
                   hooks);
        check_lines("push", log.text == NULL ? "" : log.text, log.len);
        check_lines("pull", pulled.text == NULL ? "" : pulled.text,
                    pulled.len);
    }
    event_log_free(&log);
    event_log_free(&pulled);
    return same;
}

static void test_parser(sse_priv_level level, const test_cases *cases)
{
    int good = 1;
    for (size_t i = 0; i < cases->count && good; i++) {
        const test_case *const c = &cases->list[i];
        const size_t step = c->stream_len > 3000 ? 997
                            : c->stream_len > 100  ? 7
                                                   : 1;
        for (size_t cut = 0; cut <= c->stream_len && good; cut += step) {
            good = same_events(c, cut, 0) && same_events(c, cut, 1);
        }
    }
    (void)check_that(good, "%s: push, the short way, says what pull says",
                     sse_priv_scan_name(level));
}

/* The same, in pieces of any size. */
static int same_in_pieces(const test_case *c, uint32_t most, int hooks)
{
    static char scratch[4096];
    event_log log = {0};
    event_log pulled = {0};
    sse_parser parser;
    (void)sse_parser_init(&parser, scratch, sizeof scratch, event_log_event,
                          &log);
    if (hooks) {
        event_log_attach(&parser);
    }
    size_t used = 0;
    for (size_t at = 0; at < c->stream_len; at += used) {
        const size_t left = c->stream_len - at;
        const size_t n = 1 + random_below(most);
        (void)sse_parser_feed(&parser, c->stream + at, n < left ? n : left,
                              &used);
    }
    (void)sse_parser_init(&parser, scratch, sizeof scratch, NULL, &pulled);
    if (hooks) {
        event_log_attach(&parser);
    }
    const char *at = c->stream;
    size_t left = c->stream_len;
    sse_event event;
    while (sse_parser_next(&parser, &at, &left, &event) == SSE_OK) {
        (void)event_log_event(&event, &pulled);
    }
    const int same = event_log_same(&log, &pulled);
    event_log_free(&log);
    event_log_free(&pulled);
    return same;
}

/* What plain lines are told from, and what is nearly one. */
static size_t put_line(char *to)
{
    static const struct {
        const char *text;
        size_t len;
    } lines[] = {
        {"data: x", 7},
        {"data: a longer line of data than the other ones", 47},
        {"event: up", 9},
        {"id: 12345678", 12},
        {": comment", 9},
        {":", 1},
        {"data:y", 6},
        {"id: 1", 5},
        {"id: a much longer id than sixteen bytes", 39},
        {"id: a\0b", 8},
        {"id: 123456789\0ab", 16},
        {"data: \tz\0", 9},
        {"", 0},
        {"", 0},
        {"retry: 5", 8},
        {"event:", 6},
        {"event: ", 7},
        {"data: ", 6},
        {"data", 4},
        {"foo: bar", 8}};
    static const char *const ends[] = {"\n",   "\n\n", "\n\n",     "\n",
                                       "\r\n", "\r",   "\r\n\r\n", "\n\n\n"};
    const size_t line = random_below(sizeof lines / sizeof lines[0]);
    const char *const end = ends[random_below(8)];
    memcpy(to, lines[line].text, lines[line].len);
    memcpy(to + lines[line].len, end, strlen(end));
    return lines[line].len + strlen(end);
}

/* Short streams, whole and in pieces. */
static void test_short(sse_priv_level level)
{
    static const uint32_t sizes[] = {1, 3, 9, 20, 64, 200, 600};
    char text[800];
    int good = 1;
    for (unsigned round = 0; round < 6000 && good; round++) {
        const size_t want = random_below(700);
        size_t len = 0;
        while (len < want) {
            len += put_line(text + len);
        }
        const test_case c = {NULL, text, len, NULL, 0};
        good = same_in_pieces(&c, sizes[round % 7], 0) &&
               same_in_pieces(&c, sizes[round % 7], 1) &&
               same_events(&c, 0, 0);
    }
    (void)check_that(good, "%s: short streams in pieces of any size",
                     sse_priv_scan_name(level));
}

/* Long streams of plain and other lines mixed, so that windows end anywhere; of
 * every fourth the lines are so short that they fill an index before that. */
static void test_windows(sse_priv_level level)
{
    static const char *const lines[] = {
        "data: x",   "data: a longer line of data than the other ones",
        "event: up", "id: 12345678",
        ": comment", "data:y",
        "id: 1",     "id: a much longer id than sixteen bytes",
        "",          "",
        "retry: 5",  "event:",
        "data",      "foo: bar"};
    static const char *const shortest[] = {":", "id", ":", "data: x"};
    static const char *const line_ends[] = {"\n", "\n",   "\n",   "\r\n",
                                            "\r", "\n\n", "\r\n\r\n"};
    static char text[40000];
    int good = 1;
    for (unsigned round = 0; round < 24 && good; round++) {
        size_t len = 0;
        while (len < sizeof text - 200) {
            const unsigned odd = round % 3 == 0 ? 7 : 3;
            const char *const line =
                round % 4 == 3 ? shortest[random_below(4)]
                               : lines[random_below(round % 2 == 0 ? 4 : 14)];
            const char *const end = line_ends[random_below(odd)];
            memcpy(text + len, line, strlen(line));
            len += strlen(line);
            memcpy(text + len, end, strlen(end));
            len += strlen(end);
            if (random_below(3) == 0) {
                text[len++] = '\n';
            }
        }
        const test_case c = {NULL, text, len, NULL, 0};
        for (unsigned cut = 0; cut < 3 && good; cut++) {
            good = same_events(&c, random_below((uint32_t)len), cut & 1);
        }
    }
    (void)check_that(good, "%s: windows may end anywhere",
                     sse_priv_scan_name(level));
}

int main(void)
{
    test_cases cases;
    if (test_cases_load(&cases) != 0) {
        return 1;
    }
    unsigned tested = 0;
    for (unsigned i = 1; i < SSE_PRIV_LEVELS; i++) {
        const sse_priv_level level = (sse_priv_level)i;
        if (!sse_priv_scan_force(level)) {
            (void)check_that(!sse_priv_scan_has(level),
                             "%s: not on this processor",
                             sse_priv_scan_name(level));
            continue;
        }
        (void)check_that(sse_priv_scan_level() == level, "%s: in use",
                         sse_priv_scan_name(level));
        test_index(level);
        test_parser(level, &cases);
        test_windows(level);
        test_short(level);
        tested++;
    }
    (void)check_that(sse_priv_scan_force(SSE_PRIV_LEVEL_UNKNOWN) &&
                         sse_priv_scan_has(sse_priv_scan_level()),
                     "the best of them unless told otherwise");
    (void)check_that(!sse_priv_scan_has(SSE_PRIV_LEVEL_UNKNOWN),
                     "which is not a variant of its own");
    (void)check_that(tested > 0 && sse_priv_scan_name(SSE_PRIV_LEVELS) ==
                                       NULL,
                     "the portable variant is everywhere");
    test_cases_free(&cases);
    return check_end();
}
