/*
 * fuzz_curl_pause.c - a stream that is paused anywhere delivers every event
 * once, however libcurl hands the kept bytes over again.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first bytes choose how often hooks pause, when one stops, two ways of
 * cutting, and the limit on events; the rest is a stream.  libcurl is played:
 * a chunk whose callback pauses is kept, more may come behind it, and all of
 * it is handed over again in other pieces.
 */
#include "reader.h"

#include "adapters/curl/stream.h"

#include <stdlib.h>
#include <string.h>

/* A stream over the callback, and what its hooks do. */
struct world {
    sse_curl stream;
    event_log log;
    unsigned pause_every, stop_at, calls;
};

static int answer(struct world *w)
{
    w->calls++;
    if (w->stop_at != 0 && w->calls == w->stop_at) {
        return SSE_STOP;
    }
    return w->pause_every != 0 && w->calls % w->pause_every == 0 ? SSE_PAUSE
                                                                 : SSE_GO;
}

static int on_event(const sse_event *event, void *user)
{
    struct world *const w = (struct world *)user;
    event_log_event(event, &w->log);
    return answer(w);
}

static int on_comment(const char *text, size_t len, uint64_t offset,
                      void *user)
{
    struct world *const w = (struct world *)user;
    event_log_comment(text, len, offset, &w->log);
    return answer(w);
}

static int on_dropped(const sse_drop *drop, void *user)
{
    struct world *const w = (struct world *)user;
    event_log_drop(drop, &w->log);
    return answer(w);
}

/* Comments have no limit of their own where they need not be kept, so they are
 * listened to only where nothing is limited. */
static void set_hooks(struct world *w, int limited)
{
    sse_parser *const p = &w->stream.parser;
    if (limited) {
        sse_parser_on_dropped(p, on_dropped);
    } else {
        sse_parser_on_comment(p, on_comment);
    }
}

static void open_stream(struct world *w, size_t longest, int limited)
{
    sse_curl *const s = &w->stream;
    s->mode = SSE_PRIV_STREAM;
    s->config.on_event = on_event;
    s->config.user = w;
    s->config.max_event_size = longest;
    s->scratch.max_event = longest;
    s->scratch.cap = SSE_SCRATCH_MIN;
    s->scratch.at = (char *)fuzz_allocate(s->scratch.cap);
    FUZZ_REQUIRE(sse_parser_init(&s->parser, s->scratch.at, s->scratch.cap,
                                 NULL, w) == SSE_OK);
    FUZZ_REQUIRE(sse_parser_set_overflow(&s->parser, SSE_OVERFLOW_GROW,
                                         NULL) == SSE_OK);
    set_hooks(w, limited);
    FUZZ_REQUIRE(sse_source_init(&s->source, NULL, &s->parser) == SSE_OK);
}

/* Hands over what is there in pieces, until one is not taken.
 * @return bytes taken; `stopped` if the callback ended the transfer. */
static size_t hand_over(struct world *w, struct fuzz_cuts *cuts,
                        const char *bytes, size_t len, int *stopped)
{
    size_t at = 0;
    while (at < len) {
        const size_t n = fuzz_cut(cuts, len - at);
        char *const piece = fuzz_copy(bytes + at, n);
        w->stream.paused = 0;
        const size_t took =
            n == 0 ? 0 : sse_priv_curl_on_body(piece, 1, n, &w->stream);
        free(piece);
        if (took == CURL_WRITEFUNC_PAUSE) {
            FUZZ_REQUIRE(w->stream.paused);
            return at;
        }
        FUZZ_REQUIRE(!w->stream.paused);
        if (took != n) {
            FUZZ_REQUIRE(took == 0 && w->stream.stopped);
            *stopped = 1;
            return at;
        }
        at += n;
    }
    return at;
}

/* The whole transfer.  `arrives` says how much has come when. */
static void transfer(struct world *w, struct fuzz_cuts arrives,
                     struct fuzz_cuts handed, const char *bytes, size_t len)
{
    size_t taken = 0;
    size_t there = 0;
    size_t rounds = 0;
    int stopped = 0;
    while (!stopped && taken < len) {
        there += fuzz_cut(&arrives, len - there);
        taken += hand_over(w, &handed, bytes + taken, there - taken,
                           &stopped);
        /* Each round a hook is called, bytes are taken, or some may come. */
        FUZZ_REQUIRE(rounds++ < 64 * (len + 1));
    }
    FUZZ_REQUIRE(stopped || w->stream.skip == 0);
    FUZZ_REQUIRE(stopped == (w->stop_at != 0 && w->calls >= w->stop_at));
}

/* The same stream through a parser that never pauses, with room for events of
 * the same size. */
static void read_plainly(struct world *w, const char *bytes, size_t len,
                         size_t longest, int limited)
{
    const size_t id_cap = SSE_SCRATCH_MIN / 8;
    const size_t cap = 4 * id_cap + longest;
    char *const scratch = (char *)fuzz_allocate(cap);
    sse_parser *const p = &w->stream.parser;
    size_t used = 0;
    FUZZ_REQUIRE(sse_parser_init(p, scratch, cap, on_event, w) == SSE_OK);
    FUZZ_REQUIRE(sse_parser_set_limits(p, id_cap, id_cap) == SSE_OK);
    FUZZ_REQUIRE(sse_parser_data_cap(p) == longest);
    set_hooks(w, limited);
    const sse_status status = sse_parser_feed(p, bytes, len, &used);
    FUZZ_REQUIRE(status == SSE_OK || status == SSE_STOPPED);
    free(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world played, plain;
    struct fuzz_input input = fuzz_input_of(data, size);
    memset(&played, 0, sizeof played);
    memset(&plain, 0, sizeof plain);
    played.pause_every = fuzz_byte(&input) % 8;
    played.stop_at = fuzz_byte(&input);
    plain.stop_at = played.stop_at;
    const struct fuzz_cuts arrives = fuzz_cuts_of(fuzz_byte(&input));
    const struct fuzz_cuts handed = fuzz_cuts_of(fuzz_byte(&input));
    const unsigned limit = fuzz_byte(&input);
    const size_t longest =
        limit != 0 ? SSE_SCRATCH_MIN + limit : 4 * input.left + 1024;
    open_stream(&played, longest, limit != 0);
    transfer(&played, arrives, handed, input.at, input.left);
    read_plainly(&plain, input.at, input.left, longest, limit != 0);
    FUZZ_REQUIRE(played.calls == plain.calls);
    fuzz_same_logs(&played.log, &plain.log, __FILE__, __LINE__);
    sse_priv_scratch_free(&played.stream.scratch);
    event_log_free(&played.log);
    event_log_free(&plain.log);
    return 0;
}
