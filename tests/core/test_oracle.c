/*
 * test_oracle.c - random streams: the library says what the reference says.
 *
 * Streams, cuts, limits and ways of use are random, the same on every machine.
 * SSE_TEST_ROUNDS and SSE_TEST_SEED in the environment ask for a longer run or
 * for another one.  A stream that makes a difference is shortened as long as
 * the difference stays, and printed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"
#include "tests/support/drive.h"
#include "tests/support/random.h"
#include "tests/support/reference.h"
#include "tests/support/streams.h"

#include <stdlib.h>
#include <string.h>

enum { SCRATCH = 32768, ROUNDS = 30000, MAX_CUTS = STREAM_CAP };

static char scratch[SCRATCH];
static size_t cuts[MAX_CUTS];

/* One round: a stream and everything that is done to it. */
typedef struct trial {
    random_stream stream;
    drive how;
    reference_rules rules;
    guard place;
    uint64_t cut_seed; /* the cuts, for any length of the stream */
    size_t cut_step;   /* the largest chunk; 0 for the whole stream */
    event_log expected;
    event_log said;
    reference_result result;
    drive_result answer;
} trial;

static void make_cuts(trial *t)
{
    random_source source = {t->cut_seed};
    size_t count = 0;
    size_t at = 0;
    while (t->cut_step > 0 && count < MAX_CUTS) {
        at += random_below(&source, t->cut_step + 1);
        if (at >= t->stream.len) {
            break;
        }
        cuts[count] = at;
        count++;
    }
    t->how.cuts = cuts;
    t->how.cut_count = count;
}

static int differs(trial *t)
{
    const char *stream = t->stream.bytes;
    make_cuts(t);
    event_log_clear(&t->expected);
    event_log_clear(&t->said);
    t->result = reference_run(&t->rules, stream, t->stream.len, &t->expected);
    t->answer = drive_stream(&t->how, stream, t->stream.len, &t->said);
    return !event_log_same(&t->expected, &t->said) ||
           t->answer.has_retry != t->result.has_retry ||
           t->answer.retry_ms != t->result.retry_ms;
}

/* Takes out whatever is not needed for the difference. */
static void shorten(trial *t)
{
    static random_stream kept;
    for (size_t size = t->stream.len / 2; size > 0; size /= 2) {
        for (size_t at = 0; at + size <= t->stream.len;) {
            kept = t->stream;
            memmove(t->stream.bytes + at, t->stream.bytes + at + size,
                    t->stream.len - at - size);
            t->stream.len -= size;
            if (!differs(t)) {
                t->stream = kept;
                at += size;
            }
        }
    }
    (void)differs(t);
}

static void report(trial *t)
{
    shorten(t);
    const drive *how = &t->how;
    check_note("scratch %u, id %u, type %u; overflow %d, at end %d, clean %d",
               (unsigned)how->scratch_cap, (unsigned)how->id_cap,
               (unsigned)how->type_cap, (int)how->overflow, (int)how->at_end,
               !how->cut_off);
    check_note("%s%s%s, %u cuts%s", how->pull ? "pulled" : "pushed",
               how->pause ? ", pausing" : "",
               how->empty_feeds ? ", empty feeds" : "",
               (unsigned)how->cut_count, how->cut_count > 0 ? ":" : "");
    for (size_t at = 0; at < how->cut_count && at < 16; at++) {
        check_note("  %u", (unsigned)how->cuts[at]);
    }
    check_lines("expected", t->expected.text, t->expected.len);
    check_lines("said", t->said.text, t->said.len);
    event_log_clear(&t->said);
    event_log_text(&t->said, t->stream.bytes, t->stream.len);
    check_lines("stream", t->said.text, t->said.len);
}

/* The scratch is split into two places for ids, one for the type, and the rest
 * for the data and the line under way; see sse_parser_init(). */
static void choose_limits(trial *t, random_source *source)
{
    drive *how = &t->how;
    reference_rules *rules = &t->rules;
    if (random_once_in(source, 2)) {
        how->scratch_cap = SCRATCH;
        how->id_cap = 2048;
        how->type_cap = 2048;
    } else {
        how->scratch_cap = SSE_SCRATCH_MIN + random_below(source, 300);
        how->id_cap = random_below(source, 40);
        how->type_cap = 7 + random_below(source, 40);
    }
    const size_t fixed = 2 * how->id_cap + how->type_cap;
    rules->id_cap = how->id_cap;
    rules->type_cap = how->type_cap;
    rules->line_room = how->scratch_cap - fixed;
    sse_parser parser;
    if (sse_parser_init(&parser, scratch, how->scratch_cap, NULL, NULL) ==
            SSE_OK &&
        sse_parser_set_limits(&parser, how->id_cap, how->type_cap) == SSE_OK) {
        rules->data_cap = sse_parser_data_cap(&parser);
    }
}

static void choose_policies(trial *t, random_source *source)
{
    drive *how = &t->how;
    reference_rules *rules = &t->rules;
    if (random_once_in(source, 4)) {
        how->overflow = SSE_OVERFLOW_GROW;
        rules->data_cap = SIZE_MAX;
        rules->line_room = SIZE_MAX;
    } else if (random_once_in(source, 4)) {
        how->overflow = SSE_OVERFLOW_FRAGMENTS;
        rules->fragments = 1;
    } else if (random_once_in(source, 3)) {
        how->at_end = how->scratch_cap == SCRATCH && random_once_in(source, 2)
                          ? SSE_AT_END_FLUSH_BLOCK
                          : SSE_AT_END_FLUSH_LINE;
        how->cut_off = random_once_in(source, 4);
        rules->at_end = how->at_end;
        rules->clean = !how->cut_off;
    }
    /* How much of a cut line went out as a fragment is not modelled. */
    if (how->overflow == SSE_OVERFLOW_FRAGMENTS &&
        t->stream.len <= STREAM_CAP - 2) {
        memcpy(t->stream.bytes + t->stream.len, "\n\n", 2);
        t->stream.len += 2;
    }
    how->pull = random_once_in(source, 2);
    how->pause = random_once_in(source, 4);
}

static void choose(trial *t, random_source *source)
{
    static const char earlier[] = "earlier-id";
    static const size_t steps[] = {0, 1, 1, 2, 5, 20, 100, 1000};
    const size_t step_count = sizeof steps / sizeof steps[0];
    memset(&t->how, 0, sizeof t->how);
    t->rules = reference_standard();
    choose_limits(t, source);
    stream_limits limits;
    limits.data_len = t->rules.data_cap;
    limits.id_len = t->rules.id_cap;
    limits.type_len = t->rules.type_cap;
    limits.line_len = t->rules.line_room;
    random_stream_make(&t->stream, source, &limits);
    choose_policies(t, source);
    t->how.scratch = scratch;
    t->how.place = &t->place;
    t->how.at_begin = random_once_in(source, 3);
    t->how.empty_feeds = random_once_in(source, 4);
    t->how.id = earlier;
    t->how.id_len = random_below(source, sizeof earlier);
    if (t->how.id_len > t->how.id_cap) {
        t->how.id_len = 0;
    }
    t->rules.id = t->how.id;
    t->rules.id_len = t->how.id_len;
    t->cut_seed = random_next(source);
    t->cut_step = steps[random_below(source, step_count)];
}

static unsigned long from_environment(const char *name, unsigned long usual)
{
    const char *text = getenv(name);
    return text != NULL && text[0] != '\0' ? strtoul(text, NULL, 0) : usual;
}

/* What a log line can begin with behind its offset, and how many did: a kind
 * that no stream makes is a kind that is not tested. */
static struct {
    const char *text;
    unsigned long count;
} kinds[] = {{"event type=message", 0},
             {"event type=", 0},
             {"comment ", 0},
             {"retry ", 0},
             {"field name=", 0},
             {"drop reason=data", 0},
             {"drop reason=type", 0},
             {"drop reason=id", 0},
             {"drop reason=comment", 0},
             {"drop reason=field", 0},
             {"fragments type=", 0},
             {"fragments aborted reason=type", 0},
             {"end id=\"\" ", 0},
             {"end id=", 0}};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

static void count_line(const char *line, size_t len)
{
    const char *space = (const char *)memchr(line, ' ', len);
    if (space != NULL && len > 4 && memcmp(line, "off=", 4) == 0) {
        len -= (size_t)(space + 1 - line);
        line = space + 1;
    }
    for (size_t kind = 0; kind < KINDS; kind++) {
        const size_t text_len = strlen(kinds[kind].text);
        if (text_len <= len && memcmp(line, kinds[kind].text, text_len) == 0) {
            kinds[kind].count++;
            return;
        }
    }
}

static void count_lines(const event_log *log)
{
    size_t at = 0;
    while (at < log->len) {
        const char *line = log->text + at;
        const char *end = (const char *)memchr(line, '\n', log->len - at);
        const size_t len = end == NULL ? log->len - at : (size_t)(end - line);
        count_line(line, len);
        at += len + 1;
    }
}

int main(void)
{
    const unsigned long rounds = from_environment("SSE_TEST_ROUNDS", ROUNDS);
    random_source source = {from_environment("SSE_TEST_SEED", 20)};
    static trial t;
    t.expected.detail = 1;
    t.said.detail = 1;
    guard_open(&t.place, STREAM_CAP);
    unsigned long round = 0;
    int good = 1;
    while (good && round < rounds) {
        choose(&t, &source);
        good = !differs(&t);
        count_lines(&t.expected);
        round++;
    }
    check_note("%lu streams", round);
    if (!check_that(good, "the library says what the reference says")) {
        check_note("in round %lu", round);
        report(&t);
    }
    for (size_t kind = 0; kind < KINDS; kind++) {
        check_that(kinds[kind].count > 0, "streams that make %s: %lu",
                   kinds[kind].text, kinds[kind].count);
    }
    guard_close(&t.place);
    event_log_free(&t.expected);
    event_log_free(&t.said);
    return check_end();
}
