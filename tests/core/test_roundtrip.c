/*
 * test_roundtrip.c - what is written reads back as the same event.
 *
 * Random events, the same on every machine, are written one behind the other,
 * and the stream is read again at random cuts, by the library and by the
 * reference.  Line ends in data come back as LF; nothing else changes, and no
 * type or id makes a field of its own: where one could, it is refused.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"
#include "tests/support/drive.h"
#include "tests/support/random.h"
#include "tests/support/reference.h"
#include "tests/support/streams.h"

#include <sse/sse.h>

#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS = 8000,
    EVENTS = 6,     /* in one stream, at most */
    TEXT = 200,     /* of one member, at most */
    PIECES = 600,
    WIRE = 65536,
    SCRATCH = 65536
};

static char wire[WIRE];
static char scratch[SCRATCH];
static char type_text[TEXT], data_text[TEXT], id_text[TEXT];

/* The names of what can go wrong: each is one test point. */
enum {
    SIZE_IS_WRITTEN,
    SHORT_IS_REFUSED,
    GATHER_IS_WRITE,
    FORBIDDEN_IS_REFUSED,
    READS_BACK,
    REFERENCE_AGREES,
    PROPERTIES
};

static const char *const names[PROPERTIES] = {
    "the size foretold is the size written",
    "a byte too little room: nothing is written, none is touched",
    "the gathered form has the same bytes",
    "line ends and NUL in type and id are refused, and nothing is written",
    "what was written reads back",
    "the reference reads the same"};

static int failed[PROPERTIES];
static unsigned long tried[PROPERTIES];

static void expect(int property, int truth, const sse_event *event)
{
    tried[property]++;
    if (truth || failed[property]) {
        return;
    }
    failed[property] = 1;
    event_log log;
    memset(&log, 0, sizeof log);
    log.detail = 1;
    event_log_event(event, &log);
    check_lines(names[property], log.text, log.len);
    event_log_free(&log);
}

/* ---- random events ---- */

static size_t make_text(random_source *source, char *text)
{
    const size_t len = random_once_in(source, 6) ? random_below(source, TEXT)
                                                 : random_below(source, 12);
    random_value(source, text, len);
    return len;
}

/* A type or an id: what a stream cannot carry is put into some of them. */
static int make_name(random_source *source, char *text, size_t *len)
{
    static const char forbidden[] = {'\r', '\n', '\0'};
    *len = make_text(source, text);
    for (size_t at = 0; at < *len; at++) {
        if (text[at] == '\0') {
            text[at] = '0';
        }
    }
    if (*len == 0 || !random_once_in(source, 20)) {
        return 1;
    }
    text[random_below(source, *len)] = forbidden[random_below(source, 3)];
    return 0;
}

/* Data, with line ends strewn in. */
static size_t make_data(random_source *source, char *text)
{
    static const char ends[] = {'\r', '\n', '\n', '\r'};
    const size_t len = make_text(source, text);
    if (random_once_in(source, 2)) {
        const size_t step = 1 + random_below(source, 12);
        size_t at = random_below(source, step);
        while (at < len) {
            text[at] = ends[random_below(source, sizeof ends)];
            at += 1 + random_below(source, step);
        }
    }
    return len;
}

/* Returns 0 if the event holds what a stream cannot carry. */
static int make_event(random_source *source, sse_event *event)
{
    memset(event, 0, sizeof *event);
    event->fields = 1u + (uint32_t)random_below(source, 15);
    if (!random_once_in(source, 8)) {
        event->fields |= SSE_FIELD_DATA;
    }
    const int good_type = make_name(source, type_text, &event->type_len);
    const int good_id = make_name(source, id_text, &event->id_len);
    event->type = type_text;
    event->id = id_text;
    event->data = data_text;
    event->data_len = make_data(source, data_text);
    event->retry_ms = random_next(source) >> random_below(source, 64);
    return (good_type || (event->fields & SSE_FIELD_TYPE) == 0) &&
           (good_id || (event->fields & SSE_FIELD_ID) == 0);
}

/* ---- what is to come back ---- */

/* The state of a reader, and its log. */
typedef struct reader {
    event_log log;
    char id[TEXT];
    size_t id_len;
} reader;

/* CR and CRLF to LF. */
static size_t normalise(const char *data, size_t len, char *out)
{
    size_t out_len = 0;
    for (size_t at = 0; at < len; at++) {
        char byte = data[at];
        if (byte == '\n' && at > 0 && data[at - 1] == '\r') {
            continue;
        }
        if (byte == '\r') {
            byte = '\n';
        }
        out[out_len] = byte;
        out_len++;
    }
    return out_len;
}

static void foretell(reader *r, const sse_event *event, size_t offset)
{
    char data[TEXT];
    if ((event->fields & SSE_FIELD_ID) != 0) {
        memcpy(r->id, event->id, event->id_len);
        r->id_len = event->id_len;
    }
    if ((event->fields & SSE_FIELD_DATA) == 0) {
        return;
    }
    sse_event back = *event;
    if ((event->fields & SSE_FIELD_TYPE) == 0 || event->type_len == 0) {
        back.type = "message";
        back.type_len = strlen("message");
    }
    back.data = data;
    back.data_len = normalise(event->data, event->data_len, data);
    back.id = r->id;
    back.id_len = r->id_len;
    back.offset = offset;
    event_log_event(&back, &r->log);
}

/* ---- writing ---- */

static void test_refusal(const sse_event *event, char *dst)
{
    size_t size = 1;
    size_t count = 1;
    size_t written = 1;
    sse_piece pieces[1];
    dst[0] = 'x';
    expect(FORBIDDEN_IS_REFUSED,
           sse_event_size(event, &size) == SSE_ERR_CHARACTER && size == 0 &&
               sse_event_write(event, dst, TEXT * 8, &written) ==
                   SSE_ERR_CHARACTER &&
               written == 0 && dst[0] == 'x' &&
               sse_event_gather(event, pieces, 1, &count) ==
                   SSE_ERR_CHARACTER &&
               count == 0,
           event);
}

static int is_untouched(const char *bytes, size_t len)
{
    size_t at = 0;
    while (at < len && bytes[at] == '\x5A') {
        at++;
    }
    return at == len;
}

static int gathers(const sse_event *event, const char *bytes, size_t len)
{
    static sse_piece pieces[PIECES];
    size_t count = 0;
    if (sse_event_gather(event, pieces, PIECES, &count) != SSE_OK) {
        return 0;
    }
    size_t at = 0;
    for (size_t piece = 0; piece < count; piece++) {
        const size_t piece_len = pieces[piece].len;
        if (piece_len > len - at ||
            memcmp(bytes + at, pieces[piece].base, piece_len) != 0) {
            return 0;
        }
        at += piece_len;
    }
    return at == len;
}

/* Returns the bytes written. */
static size_t write_event(const sse_event *event, char *dst, guard *place)
{
    size_t size = 0;
    size_t written = 1;
    const sse_status foretold = sse_event_size(event, &size);
    char *room = guard_at_end(place, dst, 0) - (size > 0 ? size - 1 : 0);
    memset(room, 0x5A, size > 0 ? size - 1 : 0);
    expect(SHORT_IS_REFUSED,
           sse_event_write(event, room, size - 1, &written) ==
                   SSE_ERR_NO_SPACE &&
               written == 0 && is_untouched(room, size - 1),
           event);
    room = guard_at_end(place, dst, 0) - size;
    const sse_status status = sse_event_write(event, room, size, &written);
    expect(SIZE_IS_WRITTEN,
           foretold == SSE_OK && status == SSE_OK && written == size, event);
    expect(GATHER_IS_WRITE, gathers(event, room, written), event);
    memcpy(dst, room, written);
    return written;
}

/* ---- reading ---- */

static size_t make_cuts(random_source *source, size_t len, size_t *cuts)
{
    const size_t step = 1 + random_below(source, 60);
    size_t count = 0;
    size_t at = 0;
    while (random_once_in(source, 50) == 0) {
        at += random_below(source, step + 1);
        if (at > len || count == WIRE) {
            break;
        }
        cuts[count] = at;
        count++;
    }
    return count;
}

/* Of a log only the events and the end: comments and retries between them were
 * not foretold. */
static void keep_events(event_log *log)
{
    size_t kept = 0;
    size_t at = 0;
    while (at < log->len) {
        const char *line = log->text + at;
        const char *end = (const char *)memchr(line, '\n', log->len - at);
        const size_t len = (size_t)(end - line) + 1;
        const char *word = (const char *)memchr(line, ' ', len);
        if (word == NULL || memcmp(word, " retry ", 7) != 0) {
            memmove(log->text + kept, line, len);
            kept += len;
        }
        at += len;
    }
    log->len = kept;
}

static void read_back(const reader *r, random_source *source, guard *place,
                      size_t len, const sse_event *last)
{
    static size_t cuts[WIRE];
    static event_log said;
    said.detail = 1;
    drive how;
    memset(&how, 0, sizeof how);
    how.scratch = scratch;
    how.scratch_cap = sizeof scratch;
    how.place = place;
    how.pull = random_once_in(source, 2);
    how.cuts = cuts;
    how.cut_count = make_cuts(source, len, cuts);
    event_log_clear(&said);
    drive_stream(&how, wire, len, &said);
    keep_events(&said);
    expect(READS_BACK, event_log_same(&r->log, &said), last);

    const reference_rules rules = reference_standard();
    event_log_clear(&said);
    reference_run(&rules, wire, len, &said);
    keep_events(&said);
    expect(REFERENCE_AGREES, event_log_same(&r->log, &said), last);
}

static void test_stream(random_source *source, guard *place, reader *r)
{
    size_t len = 0;
    sse_event event;
    r->id_len = 0;
    event_log_clear(&r->log);
    for (size_t left = 1 + random_below(source, EVENTS); left > 0; left--) {
        if (!make_event(source, &event)) {
            test_refusal(&event, wire + len);
            continue;
        }
        len += write_event(&event, wire + len, place);
        foretell(r, &event, len);
    }
    event_log_end(&r->log, r->id, r->id_len, 0);
    read_back(r, source, place, len, &event);
}

int main(void)
{
    const char *seed = getenv("SSE_TEST_SEED");
    random_source source = {seed != NULL ? strtoul(seed, NULL, 0) : 21};
    guard place;
    guard_open(&place, WIRE);
    static reader r;
    r.log.detail = 1;
    for (unsigned long round = 0; round < ROUNDS; round++) {
        test_stream(&source, &place, &r);
    }
    for (int property = 0; property < PROPERTIES; property++) {
        check_that(!failed[property] && tried[property] > 0, "%s: %lu",
                   names[property], tried[property]);
    }
    guard_close(&place);
    event_log_free(&r.log);
    return check_end();
}
