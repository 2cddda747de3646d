/*
 * test_splits.c - however a stream is cut, the same is said.
 *
 * Every vector of tests/cases goes through the parser whole, byte by byte, at
 * every two-way cut, at every three-way cut if it is short, in chunks of some
 * sizes and at random, with empty feeds and pauses, pushed and pulled, with
 * scratches that it fits and that it does not fit.  Each chunk lies at an
 * unreadable page, behind it or before it, and where the chunk before it lay.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/cases.h"
#include "tests/support/check.h"
#include "tests/support/drive.h"
#include "tests/support/random.h"

#include <string.h>

enum {
    SCRATCH = 131072,
    SHORT = 40,         /* up to here: every three-way cut */
    MIDDLE = 400,       /* up to here: every cut in every form */
    LONG = 3000,        /* from here on: only some cuts */
    SOME_CUTS = 24,     /* so many */
    WAYS = 16,          /* of handing a chunk over */
    RANDOM_CUTTINGS = 16,
    MAX_CUTS = 100000
};

static char scratch[SCRATCH];
static size_t cuts[MAX_CUTS];

/* One way to use the parser, whatever the cuts. */
typedef struct form {
    const char *name;
    size_t scratch_cap;
    sse_overflow overflow;
} form;

static const form forms[] = {
    {"roomy scratch", SCRATCH, SSE_OVERFLOW_SKIP},
    {"small scratch, skip", SSE_SCRATCH_MIN, SSE_OVERFLOW_SKIP},
    {"small scratch, fragments", SSE_SCRATCH_MIN, SSE_OVERFLOW_FRAGMENTS},
    {"small scratch, grow", SSE_SCRATCH_MIN, SSE_OVERFLOW_GROW}};

/* What is tested now. */
typedef struct trial {
    const test_case *one;
    const form *use;
    guard place;
    random_source source;
    event_log whole;  /* what was said of the stream in one piece */
    event_log pieces; /* what was said of it in pieces */
    size_t tried;     /* ways of cutting so far */
    unsigned step;    /* which ways of handing over are tried: every so many */
    int failed;
} trial;

static void report(trial *t, const drive *how)
{
    t->failed = 1;
    check_note("%s: %s, %s%s%s, %u cuts", t->one->name, t->use->name,
               how->pull ? "pulled" : "pushed",
               how->pause ? ", pausing" : "",
               how->at_begin ? ", behind the page" : "",
               (unsigned)how->cut_count);
    for (size_t at = 0; at < how->cut_count && at < 8; at++) {
        check_note("  cut at %u", (unsigned)how->cuts[at]);
    }
    check_lines("whole", t->whole.text, t->whole.len);
    check_lines("in pieces", t->pieces.text, t->pieces.len);
}

/* Bits of the way a chunk is handed over. */
enum { PULL = 1, BEGIN = 2, PAUSE = 4, EMPTY = 8 };

static void try_cuts(trial *t, size_t cut_count, unsigned way)
{
    if (t->failed) {
        return;
    }
    drive how;
    memset(&how, 0, sizeof how);
    how.scratch = scratch;
    how.scratch_cap = t->use->scratch_cap;
    how.overflow = t->use->overflow;
    how.cuts = cuts;
    how.cut_count = cut_count;
    how.place = &t->place;
    how.pull = (way & PULL) != 0;
    how.at_begin = (way & BEGIN) != 0;
    how.pause = (way & PAUSE) != 0;
    how.empty_feeds = (way & EMPTY) != 0;
    event_log_clear(&t->pieces);
    drive_stream(&how, t->one->stream, t->one->stream_len, &t->pieces);
    t->tried++;
    if (!event_log_same(&t->whole, &t->pieces)) {
        report(t, &how);
    }
}

static void try_chunks(trial *t, size_t size)
{
    size_t count = 0;
    for (size_t at = size; at < t->one->stream_len; at += size) {
        cuts[count] = at;
        count++;
    }
    const unsigned first = (unsigned)random_below(&t->source, t->step);
    for (unsigned way = first; way < WAYS; way += t->step) {
        try_cuts(t, count, way);
    }
}

static void try_two_way(trial *t)
{
    const size_t len = t->one->stream_len;
    const size_t step = len > LONG ? len / SOME_CUTS : 1;
    for (size_t at = 0; at <= len; at += step) {
        cuts[0] = step > 1 && at + step <= len
                      ? at + random_below(&t->source, step)
                      : at;
        if (t->step == 1) {
            for (unsigned way = 0; way < WAYS / 2; way++) {
                try_cuts(t, 1, way);
            }
        } else {
            try_cuts(t, 1, (unsigned)random_below(&t->source, WAYS / 2));
        }
    }
}

/* Long streams: the places where something happens. */
static void try_line_ends(trial *t)
{
    const char *stream = t->one->stream;
    const size_t len = t->one->stream_len;
    size_t left = SOME_CUTS;
    for (size_t at = 0; at < len && left > 0; at++) {
        if (stream[at] == '\r' || stream[at] == '\n') {
            cuts[0] = at;
            try_cuts(t, 1, PULL);
            cuts[0] = at + 1;
            try_cuts(t, 1, 0);
            left--;
        }
    }
}

static void try_three_way(trial *t)
{
    const size_t len = t->one->stream_len;
    unsigned way = 0;
    for (size_t first = 0; first <= len; first++) {
        for (size_t second = first; second <= len; second++) {
            cuts[0] = first;
            cuts[1] = second;
            try_cuts(t, 2, way & 3u);
            way++;
        }
    }
}

static void try_random(trial *t)
{
    const size_t len = t->one->stream_len;
    const unsigned rounds = RANDOM_CUTTINGS / t->step;
    for (unsigned round = 0; round < rounds && len > 0; round++) {
        const size_t step = 1 + random_below(&t->source, 40);
        size_t count = 0;
        size_t at = 0;
        while (at < len) {
            cuts[count] = at;
            count++;
            at += random_below(&t->source, step + 1) + len / MAX_CUTS;
            if (count == MAX_CUTS) {
                break;
            }
        }
        try_cuts(t, count, (unsigned)random_below(&t->source, WAYS));
    }
}

static void try_form(trial *t, const form *use)
{
    const size_t len = t->one->stream_len;
    t->use = use;
    t->step = 1;
    if (len > LONG) {
        t->step = 8;
    } else if (len > MIDDLE || use != &forms[0]) {
        t->step = 4;
    }
    drive how;
    memset(&how, 0, sizeof how);
    how.scratch = scratch;
    how.scratch_cap = use->scratch_cap;
    how.overflow = use->overflow;
    event_log_clear(&t->whole);
    drive_stream(&how, t->one->stream, len, &t->whole);
    for (unsigned way = 0; way < WAYS; way++) {
        try_cuts(t, 0, way);
    }
    try_chunks(t, 1);
    try_chunks(t, 2);
    try_chunks(t, 7);
    try_chunks(t, 64);
    try_chunks(t, 1400);
    try_two_way(t);
    if (len > LONG) {
        try_line_ends(t);
    }
    if (len <= SHORT && use == &forms[0]) {
        try_three_way(t);
    }
    try_random(t);
}

static void test_case_splits(trial *t)
{
    t->tried = 0;
    t->failed = 0;
    for (size_t at = 0; at < sizeof forms / sizeof forms[0]; at++) {
        try_form(t, &forms[at]);
    }
    check_that(!t->failed, "%s: %u ways", t->one->name, (unsigned)t->tried);
}

int main(void)
{
    test_cases cases;
    if (test_cases_load(&cases) != 0) {
        return 1;
    }
    if (cases.longest >= MAX_CUTS || cases.longest >= SCRATCH) {
        check_that(0, "the longest vector fits this program");
        return check_end();
    }
    trial t;
    memset(&t, 0, sizeof t);
    t.source.state = 1;
    t.whole.detail = 1;
    t.pieces.detail = 1;
    guard_open(&t.place, cases.longest);
    check_note("unreadable pages: %s", guard_is_hard(&t.place) ? "yes" : "no");
    for (size_t at = 0; at < cases.count; at++) {
        t.one = &cases.list[at];
        test_case_splits(&t);
    }
    guard_close(&t.place);
    event_log_free(&t.whole);
    event_log_free(&t.pieces);
    test_cases_free(&cases);
    return check_end();
}
