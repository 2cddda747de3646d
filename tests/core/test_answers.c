/*
 * test_answers.c - what the event hook answers holds at once, whatever shape
 * the event has, wherever it stands and however much follows in the chunk.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"

#include <sse/sse.h>

#include <stdio.h>
#include <string.h>

static const char *const shapes[] = {
    "data: a\n\n",
    "data: a\ndata: b\n\n",
    "data: a\ndata: b\ndata: c\n\n",
    "data: a\n: x\ndata: b\n\n",
    "event: e\ndata: a\n\n",
    "event: e\ndata: a\ndata: b\n\n",
    "data: a\nevent: e\n\n",
    "id: 7\ndata: a\n\n",
    "data: a\nid: 7\n\n",
    "id: 7\nevent: e\ndata: a\ndata: b\n\n",
    "data:a\n\n",
    "data\n\n",
    "data: a\nunknown: x\n\n",
    "retry: 5\ndata: a\n\n",
    "data: a\r\n\r\n",
    "data: a\r\ndata: b\r\n\r\n",
    "id: 7\r\ndata: a\r\n\r\n",
    "data: a\r\r",
    "data: a\rdata: b\r\r",
};

#define SHAPE_COUNT (sizeof shapes / sizeof shapes[0])
#define STREAM_MAX 4096

typedef struct hearing {
    int calls;
    int answer;
    int at; /* which call gets the answer */
} hearing;

static int on_event(const sse_event *event, void *user)
{
    hearing *const h = (hearing *)user;
    (void)event;
    h->calls++;
    return h->calls == h->at ? h->answer : SSE_GO;
}

/* Feeds a stream whose second event has the shape, and answers there.  Not 0
 * if nothing was delivered behind it until the rest was fed. */
static int holds(const char *shape, int answer, int many)
{
    static char stream[STREAM_MAX];
    char scratch[1024];
    sse_parser parser;
    hearing h = {0, answer, 2};
    size_t used = 0;
    size_t len = (size_t)snprintf(stream, sizeof stream, "data: first\n\n%s",
                                  shape);
    const size_t before = len;
    for (int i = 0; i < many; i++) {
        len += (size_t)snprintf(stream + len, sizeof stream - len,
                                "data: and many more of them\n\n");
    }
    if (sse_parser_init(&parser, scratch, sizeof scratch, on_event, &h) !=
        SSE_OK) {
        return 0;
    }
    const sse_status status = sse_parser_feed(&parser, stream, len, &used);
    if (h.calls != 2 || used > before || before - used > 1 ||
        status != (answer == SSE_PAUSE ? SSE_PAUSED : SSE_STOPPED)) {
        return 0;
    }
    size_t rest = 0;
    const sse_status more =
        sse_parser_feed(&parser, stream + used, len - used, &rest);
    return answer == SSE_PAUSE
               ? more == SSE_OK && h.calls == 2 + many && used + rest == len
               : more == SSE_STOPPED && h.calls == 2;
}

int main(void)
{
    static const int follow[] = {0, 1, 3, 100};
    for (size_t i = 0; i < SHAPE_COUNT; i++) {
        for (size_t k = 0; k < sizeof follow / sizeof follow[0]; k++) {
            (void)check_that(holds(shapes[i], SSE_PAUSE, follow[k]) &&
                                 holds(shapes[i], SSE_STOP, follow[k]),
                             "shape %u, %d events behind", (unsigned)i,
                             follow[k]);
        }
    }
    return check_end();
}
