/*
 * test_rows.c - rows of lines of one kind, which long chunks are read in, say
 * what the grammar says line by line: push use has rows, pull use has none.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"
#include "tests/support/log.h"
#include "tests/support/random.h"

#include <sse/sse.h>

#include <string.h>

#define STREAMS 400
#define STREAM_MAX 24576
#define ROW_MAX 60

static char stream[STREAM_MAX + 4096];
static char scratch[4096];

/* What rows are made of: `~` is a text of a length that differs, `|` a line
 * end, `0` a NUL byte. */
static const char *const rows[] = {
    "data: ~||",
    "data: ~|data: ~|data: ~||",
    "data: ~|data: ~|data: ~|data: ~|data: ~|data: ~|data: ~||",
    "event: ~|data: ~||",
    "id: ~|data: ~||",
    "id: ~|event: ~|data: ~||",
    "event: ~|id: ~|data: ~||",
    "id: ~|event: ~|data: ~|data: ~||",
    "data: ~|id: ~|event: ~||",
    "data: ~|data: ~|id: ~||",
    "id: a0b|data: ~||",
    "event: ~|id: a0b|data: ~||",
    "data: ~||event: ~|data: ~||",
    "id: ~|data: ~||:~||",
    "id: |data: ~||",
    "id|data: ~||",
    "id: ~||",
    "event: ~||",
    "event: |data: ~||",
    "retry: 7|data: ~||",
    "data:~|data: ~||",
    "data: ~|data:~||",
    "data: ~|: ~|data: ~||",
    "data: ~|none: ~||",
    ":~||",
    ":||",
    "||",
    "|",
};

#define ROW_COUNT (sizeof rows / sizeof rows[0])

/* Short texts most of the time, and such as are near to the limits. */
static size_t text_len(random_source *random)
{
    switch (random_below(random, 8)) {
    case 0:
        return 70 + random_below(random, 20);
    case 1:
        return random_below(random, 400);
    default:
        return random_below(random, 20);
    }
}

static size_t put_shape(char *to, const char *shape, const char *line_end,
                        random_source *random)
{
    size_t len = 0;
    for (; *shape != '\0'; shape++) {
        if (*shape == '|') {
            memcpy(to + len, line_end, strlen(line_end));
            len += strlen(line_end);
        } else if (*shape == '~') {
            for (size_t left = text_len(random); left > 0; left--) {
                to[len++] = (char)('a' + random_below(random, 26));
            }
        } else {
            to[len++] = *shape == '0' ? '\0' : *shape;
        }
    }
    return len;
}

static size_t make_stream(random_source *random)
{
    static const char *const line_ends[] = {"\n", "\n", "\r\n", "\r"};
    size_t len = 0;
    while (len < STREAM_MAX - 4096) {
        const char *const shape = rows[random_below(random, ROW_COUNT)];
        const char *const line_end = line_ends[random_below(random, 4)];
        const size_t often = 1 + random_below(random, ROW_MAX);
        for (size_t i = 0; i < often && len < STREAM_MAX - 4096; i++) {
            len += put_shape(stream + len, shape, line_end, random);
        }
    }
    return len;
}

/* How a parser is set up. */
static const struct limits {
    size_t scratch, id, type;
} limits[] = {{4096, 512, 256}, {256, 32, 32}, {256, 8, 100}, {256, 4, 16}};

static void set_up(sse_parser *p, const struct limits *how, sse_event_fn fn,
                   event_log *log)
{
    event_log_clear(log);
    log->detail = 1;
    (void)sse_parser_init(p, scratch, how->scratch, fn, log);
    (void)sse_parser_set_limits(p, how->id, how->type);
    sse_parser_on_dropped(p, event_log_drop);
}

static void push(const struct limits *how, size_t len, size_t chunk,
                 event_log *log)
{
    sse_parser p;
    set_up(&p, how, event_log_event, log);
    for (size_t at = 0; at < len;) {
        const size_t n = len - at < chunk ? len - at : chunk;
        size_t used = 0;
        (void)sse_parser_feed(&p, stream + at, n, &used);
        at += n;
    }
}

static void pull(const struct limits *how, size_t len, event_log *log)
{
    sse_parser p;
    sse_event event;
    const char *at = stream;
    set_up(&p, how, NULL, log);
    while (sse_parser_next(&p, &at, &len, &event) == SSE_OK) {
        (void)event_log_event(&event, log);
    }
}

static void test_streams(void)
{
    random_source random = {20261122};
    event_log pushed = {0};
    event_log pulled = {0};
    for (size_t k = 0; k < sizeof limits / sizeof limits[0]; k++) {
        size_t good = 0;
        size_t lines = 0;
        for (int i = 0; i < STREAMS; i++) {
            const size_t len = make_stream(&random);
            const size_t chunk = random_once_in(&random, 2)
                                     ? len
                                     : 513 + random_below(&random, 8192);
            push(&limits[k], len, chunk, &pushed);
            pull(&limits[k], len, &pulled);
            good += (size_t)(event_log_same(&pushed, &pulled) != 0);
            lines += pulled.lines;
        }
        (void)check_that(good == STREAMS && lines > STREAMS,
                         "scratch of %u, id of %u, type of %u",
                         (unsigned)limits[k].scratch, (unsigned)limits[k].id,
                         (unsigned)limits[k].type);
    }
    event_log_free(&pushed);
    event_log_free(&pulled);
}

typedef struct range {
    const sse_parser *parser;
    const char *from, *to;
    int within, calls, offsets;
} range;

static int look_where(const sse_event *event, void *user)
{
    range *const r = (range *)user;
    r->calls++;
    r->within += event->data >= r->from && event->data < r->to;
    r->offsets += event->offset == sse_parser_offset(r->parser);
    return SSE_GO;
}

/* One data line that lies whole in the chunk is not copied. */
static void test_in_place(void)
{
    static const struct shape {
        const char *text;
        int in_place;
    } shapes[] = {
        {"data: one|data: two||", 0},
        {"data: one|data: two|id: 1||", 0},
        {"data: one||", 1},
        {"data: one|id: 1||", 1},
        {"data: one|event: a|id: 1||", 1},
        {"data: one|: nothing||", 1},
        {"id: 1|event: a|data: one||", 1},
    };
    random_source random = {1};
    for (size_t i = 0; i < 2 * sizeof shapes / sizeof shapes[0]; i++) {
        const struct shape *const s = &shapes[i / 2];
        const char *const line_end = i % 2 != 0 ? "\r\n" : "\n";
        size_t len = 0;
        size_t used = 0;
        int events = 0;
        for (; len < STREAM_MAX - 4096; events++) {
            len += put_shape(stream + len, s->text, line_end, &random);
        }
        sse_parser p;
        range r = {&p, stream, stream + len, 0, 0, 0};
        (void)sse_parser_init(&p, scratch, sizeof scratch, look_where, &r);
        (void)sse_parser_feed(&p, stream, len, &used);
        (void)check_that(r.calls == events && r.offsets == events &&
                             r.within == s->in_place * events,
                         "shape %u is %s", (unsigned)i,
                         s->in_place ? "read in place" : "joined");
    }
}

int main(void)
{
    test_streams();
    test_in_place();
    return check_end();
}
