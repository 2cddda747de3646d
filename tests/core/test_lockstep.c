/*
 * test_lockstep.c - two parsers side by side: one that may take every short
 * way, and one that counts quirks and therefore takes none.  At every feed both
 * answer the same, use as many bytes and call the same hooks, whatever is set,
 * granted, given up or ended between feeds.
 *
 * Streams, cuts and settings are random, the same on every machine.
 * SSE_TEST_ROUNDS and SSE_TEST_SEED in the environment ask for a longer run or
 * for another one; a round that fails says the seed that begins with it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"
#include "tests/support/guard.h"
#include "tests/support/log.h"

#include "test_lockstep_streams.h"

#include <sse/sse.h>

#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 8000, MOST_SCRATCH = 20000 };

typedef struct side {
    event_log log; /* first: hooks of the log find it here */
    sse_parser parser;
    char *scratch;
    int until; /* so many events from now one is answered with `answer` */
    int answer;
    uint64_t sum; /* of what the log does not show */
} side;

static side sides[2];
static sse_quirks quirks;
static guard place;
static size_t scratch_cap;
static int in_place; /* the scratch of the second grows where it is */

static size_t chunk_len(size_t style, size_t left)
{
    static const size_t most[] = {1, 3, 20, 120, 700, 3000, CAP};
    size_t len = 1 + below(most[style % 7]);
    if (style == 7 && left > 1) {
        /* To where an event may end. */
        const char *const at = stream + stream_len - left + 1;
        const char *const end = (const char *)memchr(at, '\n', left - 1);
        len = end != NULL ? (size_t)(end - at) + 2 + below(2) : left;
    }
    return len < left ? len : left;
}

/* ---- What is done to both ---------------------------------------------- */

static int on_event(const sse_event *event, void *user)
{
    side *const s = (side *)user;
    (void)event_log_event(event, &s->log);
    s->sum += event->retry_ms + sse_parser_offset(&s->parser);
    s->until--;
    return s->until == 0 ? s->answer : SSE_GO;
}

static char *new_scratch(int i, size_t cap)
{
    char *const scratch = (char *)malloc(cap);
    if (scratch == NULL) {
        abort();
    }
    memset(scratch, '1' + i, cap);
    return scratch;
}

static void grow(size_t cap)
{
    for (int i = 0; i < 2; i++) {
        side *const s = &sides[i];
        if (i == 1 && in_place) {
            (void)sse_parser_set_scratch(&s->parser, s->scratch, cap);
            continue;
        }
        char *const scratch = new_scratch(i, cap);
        (void)sse_parser_set_scratch(&s->parser, scratch, cap);
        free(s->scratch);
        s->scratch = scratch;
    }
    scratch_cap = cap;
}

/* One setting.  All that is not for the middle of an event is refused there or
 * does no harm. */
static void set(sse_parser *p, size_t which, size_t value)
{
    const int on = value % 2 != 0;
    switch (which) {
    case 0:
        (void)sse_parser_set_overflow(p, (sse_overflow)(value % 4),
                                      event_log_fragment);
        break;
    case 1:
        (void)sse_parser_set_at_end(p, (sse_at_end)(value % 3));
        break;
    case 2:
        sse_parser_on_comment(p, on ? event_log_comment : NULL);
        break;
    case 3:
        sse_parser_on_field(p, on ? event_log_field : NULL);
        break;
    case 4:
        sse_parser_on_dropped(p, on ? event_log_drop : NULL);
        break;
    case 5:
        sse_parser_on_retry(p, on ? event_log_retry : NULL);
        break;
    case 6:
        sse_parser_skip_event(p);
        break;
    case 7:
        (void)sse_parser_set_limits(p, value % 40, 7 + value % 30);
        break;
    case 8:
        (void)sse_parser_set_last_event_id(p, "earlier", value % 8);
        break;
    case 9:
        (void)sse_parser_finish(p, on);
        break;
    default:
        sse_parser_reset(p);
        break;
    }
}

static void set_both(size_t which)
{
    const size_t value = below(1000);
    set(&sides[0].parser, which, value);
    set(&sides[1].parser, which, value);
}

static void open_both(void)
{
    static const size_t caps[] = {256, 300, 600, 3000, 16384};
    scratch_cap = caps[below(5)];
    in_place = once_in(4);
    for (int i = 0; i < 2; i++) {
        side *const s = &sides[i];
        event_log_clear(&s->log);
        s->log.detail = 1;
        s->sum = 0;
        s->scratch = new_scratch(i, i == 1 && in_place ? MOST_SCRATCH + 200
                                                       : scratch_cap);
        (void)sse_parser_init(&s->parser, s->scratch, scratch_cap, on_event,
                              s);
    }
    sse_parser_set_quirks(&sides[1].parser, &quirks);
    for (size_t which = 0; which <= 8; which++) {
        if (which == 1 || (which != 6 && once_in(2))) {
            set_both(which);
        }
    }
}

/* ---- Both say the same ------------------------------------------------- */

static int is_same(void)
{
    const sse_parser *const a = &sides[0].parser;
    const sse_parser *const b = &sides[1].parser;
    size_t a_len = 0;
    size_t b_len = 0;
    uint64_t a_ms = 0;
    uint64_t b_ms = 0;
    const char *const a_id = sse_parser_last_event_id(a, &a_len);
    const char *const b_id = sse_parser_last_event_id(b, &b_len);
    return event_log_same(&sides[0].log, &sides[1].log) && a_len == b_len &&
           memcmp(a_id, b_id, a_len) == 0 &&
           sse_parser_offset(a) == sse_parser_offset(b) &&
           sse_parser_space_needed(a) == sse_parser_space_needed(b) &&
           sse_parser_retry(a, &a_ms) == sse_parser_retry(b, &b_ms) &&
           a_ms == b_ms && sides[0].sum == sides[1].sum;
}

/* Goes on behind an answer.  @return 0 if the stream is over. */
static int follow(sse_status status)
{
    const size_t needed = sse_parser_space_needed(&sides[0].parser);
    if (status == SSE_NEED_SPACE) {
        if (needed <= MOST_SCRATCH && !once_in(3)) {
            grow(needed + below(100));
        } else {
            set_both(6);
        }
    } else if (status == SSE_STOPPED || status == SSE_ERR_TOO_LONG) {
        if (once_in(3)) {
            return 0;
        }
        set_both(10);
    }
    return 1;
}

static void between_feeds(void)
{
    const size_t which = below(12);
    if (which == 11 && scratch_cap < MOST_SCRATCH) {
        grow(scratch_cap + below(200));
    } else if (which < 9 || once_in(10)) {
        set_both(which);
    }
    /* The short ways come and go, too. */
    sse_parser_set_quirks(&sides[0].parser, once_in(5) ? &quirks : NULL);
}

static int feed_both(size_t at, size_t len, size_t *used, sse_status *status)
{
    const char *const bytes = once_in(4)
                                  ? guard_at_begin(&place, stream + at, len)
                                  : guard_at_end(&place, stream + at, len);
    const int until = once_in(3) ? 1 + (int)below(20) : 0;
    const int answer = once_in(40) ? SSE_STOP : SSE_PAUSE;
    const int aside = once_in(20) ? SSE_PAUSE : SSE_GO;
    size_t other = 0;
    for (int i = 0; i < 2; i++) {
        sides[i].until = until;
        sides[i].answer = answer;
        sides[i].log.answer = aside;
    }
    *status = sse_parser_feed(&sides[0].parser, bytes, len, used);
    return sse_parser_feed(&sides[1].parser, bytes, len, &other) == *status &&
           other == *used && is_same();
}

/* @return 0 if there was a difference, or no end of it. */
static int run_round(size_t *feeds)
{
    const size_t set_once_in = once_in(2) ? 1000 : 1 + below(30);
    size_t style = below(8);
    size_t stuck = 0;
    for (size_t at = 0; at < stream_len;) {
        sse_status status = SSE_OK;
        size_t used = 0;
        if (!feed_both(at, chunk_len(style, stream_len - at), &used,
                       &status) || stuck > 30) {
            return 0;
        }
        at += used;
        stuck = used > 0 ? 0 : stuck + 1;
        style = once_in(30) ? below(8) : style;
        ++*feeds;
        if (!follow(status)) {
            break;
        }
        if (once_in(set_once_in)) {
            between_feeds();
        }
    }
    const sse_status end = sse_parser_finish(&sides[0].parser, 1);
    return sse_parser_finish(&sides[1].parser, 1) == end && is_same();
}

static unsigned long from_environment(const char *name, unsigned long usual)
{
    const char *const text = getenv(name);
    return text != NULL && text[0] != '\0' ? strtoul(text, NULL, 0) : usual;
}

int main(void)
{
    const unsigned long rounds = from_environment("SSE_TEST_ROUNDS", ROUNDS);
    const unsigned long seed = from_environment("SSE_TEST_SEED", 1);
    unsigned long round = 0;
    size_t feeds = 0;
    size_t lines = 0;
    int good = 1;
    guard_open(&place, CAP + STREAM_CAP);
    for (; good && round < rounds; round++) {
        random_source mixed = {seed + round};
        chance.state = random_next(&mixed);
        open_both();
        const stream_limits limits = {sse_parser_data_cap(&sides[0].parser),
                                      16, 16, scratch_cap / 2};
        make_stream(&limits);
        good = run_round(&feeds);
        lines += sides[0].log.lines;
        if (!good) {
            check_note("SSE_TEST_SEED=%lu", seed + round);
            check_lines("with short ways", sides[0].log.text,
                        sides[0].log.len);
            check_lines("without", sides[1].log.text, sides[1].log.len);
        }
        free(sides[0].scratch);
        free(sides[1].scratch);
    }
    (void)check_that(good, "%lu streams, all feeds alike", round);
    (void)check_that(feeds > 10 * round && lines > 10 * round,
                     "in which much happened: %lu feeds, %lu lines",
                     (unsigned long)feeds, (unsigned long)lines);
    guard_close(&place);
    event_log_free(&sides[0].log);
    event_log_free(&sides[1].log);
    return check_end();
}
