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
#include "tests/support/events.h"
#include "tests/support/random.h"
#include "tests/support/reference.h"

#include <sse/sse.h>

#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS = 8000,
    EVENTS = 6,     /* in one stream, at most */
    PIECES = 600,
    WIRE = 65536,
    SCRATCH = 65536
};

static char wire[WIRE];
static char scratch[SCRATCH];

/* The names of what can go wrong: each is one test point. */
enum {
    SIZE_IS_WRITTEN,
    SHORT_IS_REFUSED,
    GATHER_IS_WRITE,
    PIECES_ARE_WRITE,
    FORBIDDEN_IS_REFUSED,
    READS_BACK,
    REFERENCE_AGREES,
    PROPERTIES
};

static const char *const names[PROPERTIES] = {
    "the size foretold is the size written",
    "a byte too little room: nothing is written, none is touched",
    "the gathered form has the same bytes",
    "written in pieces, however cut, it has the same bytes",
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

/* ---- what is to come back ---- */

/* The state of a reader, and its log. */
typedef struct reader {
    event_log log;
    char id[EVENT_TEXT];
    size_t id_len;
} reader;

static void foretell(reader *r, const sse_event *event, size_t offset)
{
    char data[EVENT_TEXT];
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
    back.data_len = random_event_normalise(event->data, event->data_len, data);
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
               sse_event_write(event, dst, WIRE / 8, &written) ==
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

/* The data of an event through sse_writer_data(), into small rooms.  Returns
 * the bytes behind it, or NULL. */
static char *write_data(sse_writer *writer, const sse_event *event, char *to,
                        random_source *source)
{
    size_t at = 0;
    while (at < event->data_len) {
        const size_t rest = event->data_len - at;
        const size_t most = 1 + random_below(source, 40);
        const size_t step = 1 + random_below(source, most);
        size_t piece = step < rest ? step : rest;
        sse_status status = SSE_NEED_SPACE;
        while (status == SSE_NEED_SPACE) {
            size_t consumed = 0;
            size_t written = 0;
            status = sse_writer_data(writer, event->data + at, piece,
                                     &consumed, to,
                                     8 + random_below(source, 20), &written);
            if (consumed > piece ||
                (status == SSE_NEED_SPACE && written == 0)) {
                return NULL;
            }
            to += written;
            at += consumed;
            piece -= consumed;
        }
        if (status != SSE_OK || piece > 0) {
            return NULL;
        }
    }
    return to;
}

static void test_pieces(const sse_event *event, const char *bytes, size_t len,
                        random_source *source)
{
    static char out[WIRE];
    sse_writer writer;
    size_t written = 0;
    if ((event->fields & SSE_FIELD_DATA) == 0) {
        return;
    }
    char *to = out;
    int good = sse_writer_begin(&writer, event, to, sizeof out, &written) ==
               SSE_OK;
    to += written;
    to = good ? write_data(&writer, event, to, source) : NULL;
    good = to != NULL && sse_writer_end(&writer, to, 8, &written) == SSE_OK &&
           (size_t)(to - out) + written == len && memcmp(out, bytes, len) == 0;
    expect(PIECES_ARE_WRITE, good, event);
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
    random_event made;
    r->id_len = 0;
    event_log_clear(&r->log);
    for (size_t left = 1 + random_below(source, EVENTS); left > 0; left--) {
        if (!random_event_make(&made, source)) {
            test_refusal(&made.event, wire + len);
            continue;
        }
        const size_t written = write_event(&made.event, wire + len, place);
        test_pieces(&made.event, wire + len, written, source);
        len += written;
        foretell(r, &made.event, len);
    }
    event_log_end(&r->log, r->id, r->id_len, 0);
    read_back(r, source, place, len, &made.event);
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
