/*
 * fuzz_llm.c - a stream of a language model reads the same however it is cut,
 * paused or split into fragments; no text is invented; one verdict.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first byte chooses the dialect (low two bits), whether what is no JSON
 * is ignored (bit 2) and whether the body ends uncleanly (bit 3); the second
 * how the stream is cut; the third how often the hook pauses; the fourth after
 * how many deltas it stops.  The rest is the stream.
 */
#include "decoder.h"

#include <sse/llm.h>
#include <sse/parser.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct choices {
    sse_llm_dialect dialect;
    int lenient, clean;
    unsigned cuts, pause_every, stop_after;
    size_t room; /* of the parser */
};

/* One reading, and what it handed out. */
struct reading {
    struct fuzz_text deltas; /* each on a line of its own */
    struct fuzz_text joined; /* runs of one kind and place as one */
    char place[64];          /* of the run under way */
    const struct choices *choices;
    const struct fuzz_text *raw, *decoded;
    unsigned count, called;
    size_t bytes; /* of text, finish reasons not counted */
    int stopped, dropped;
    sse_llm_verdict verdict;
    int unreadable; /* the reader gave up */
};

static void add(struct fuzz_text *text, const char *string)
{
    fuzz_text_add(text, string, strlen(string));
}

/* Not 0 if the bytes occur in the text. */
static int occurs(const struct fuzz_text *text, const char *bytes, size_t len)
{
    for (size_t i = 0; len <= text->len && i <= text->len - len; i++) {
        if (memcmp(text->bytes + i, bytes, len) == 0) {
            return 1;
        }
    }
    return len == 0;
}

/* Text comes from the stream: unescaped, or as it stands where arguments are
 * an object.  Characters beyond U+07FF, which two strings may make together,
 * are not looked for. */
static void check_text(const struct reading *r, const sse_llm_delta *delta)
{
    struct fuzz_text again = {0};
    FUZZ_REQUIRE(delta->text_len > 0);
    FUZZ_REQUIRE(fuzz_decode(delta->text, delta->text_len, &again) == 0);
    fuzz_text_free(&again);
    for (size_t i = 0; i < delta->text_len; i++) {
        const unsigned char byte = (unsigned char)delta->text[i];
        if (byte >= 0xE0 || byte == '\n') {
            return;
        }
    }
    FUZZ_REQUIRE(delta->kind == SSE_LLM_FINISH ||
                 occurs(r->decoded, delta->text, delta->text_len) ||
                 occurs(r->raw, delta->text, delta->text_len));
}

static int on_delta(const sse_llm_delta *delta, void *user)
{
    struct reading *const r = (struct reading *)user;
    char place[64];
    FUZZ_REQUIRE(!r->stopped);
    r->called++;
    (void)snprintf(place, sizeof place, "\n%d %u %u ", (int)delta->kind,
                   (unsigned)delta->choice, (unsigned)delta->call);
    const int whole = delta->kind == SSE_LLM_TOOL_CALL ||
                      delta->kind == SSE_LLM_FINISH;
    add(&r->deltas, place);
    if (whole || strcmp(place, r->place) != 0) {
        add(&r->joined, place);
    }
    memcpy(r->place, place, sizeof place);
    if (delta->kind == SSE_LLM_TOOL_CALL) {
        FUZZ_REQUIRE(delta->id_len + delta->name_len > 0);
        fuzz_text_add(&r->deltas, delta->id, delta->id_len);
        fuzz_text_add(&r->deltas, delta->name, delta->name_len);
        fuzz_text_add(&r->joined, delta->id, delta->id_len);
        fuzz_text_add(&r->joined, delta->name, delta->name_len);
    } else {
        check_text(r, delta);
        fuzz_text_add(&r->deltas, delta->text, delta->text_len);
        fuzz_text_add(&r->joined, delta->text, delta->text_len);
    }
    if (delta->kind != SSE_LLM_FINISH) {
        r->count++;
        r->bytes += delta->text_len;
    }
    if (r->choices->stop_after != 0 && r->called == r->choices->stop_after) {
        r->stopped = 1;
        return SSE_STOP;
    }
    return r->choices->pause_every != 0 &&
                   r->called % r->choices->pause_every == 0
               ? SSE_PAUSE
               : SSE_GO;
}

/* The parser's hooks have the reader as their user pointer, so what was
 * dropped is noted here. */
static struct reading *current;

static int on_dropped(const sse_drop *drop, void *user)
{
    current->dropped = 1;
    return sse_llm_on_dropped(drop, user);
}

static void feed(sse_parser *parser, const char *stream, size_t len,
                 unsigned choice)
{
    struct fuzz_cuts cuts = fuzz_cuts_of(choice);
    size_t at = 0;
    sse_status status = SSE_OK;
    while (at < len && status >= 0 && status != SSE_STOPPED) {
        const size_t cut = fuzz_cut(&cuts, len - at);
        char *const piece = fuzz_copy(stream + at, cut);
        size_t used = 0;
        status = sse_parser_feed(parser, piece, cut, &used);
        FUZZ_REQUIRE(used <= cut);
        free(piece);
        at += used;
    }
}

static void add_report(struct reading *r, const sse_llm_report *report)
{
    char line[512];
    const sse_llm_usage *const usage = &report->usage;
    (void)snprintf(line, sizeof line, "\n%d %d %lld %lld %lld %lld %lld %lld ",
                   (int)report->verdict, report->terminal_mark,
                   (long long)usage->prompt_tokens,
                   (long long)usage->completion_tokens,
                   (long long)usage->total_tokens,
                   (long long)usage->cached_tokens,
                   (long long)usage->reasoning_tokens,
                   (long long)report->sequence_number);
    add(&r->joined, line);
    add(&r->joined, report->finish_reason);
    add(&r->joined, "\n");
    add(&r->joined, report->id);
    add(&r->joined, "\n");
    add(&r->joined, report->model);
}

/* What is seen only where events are whole. */
static void add_details(struct reading *r, const sse_llm_report *report)
{
    char line[160];
    const sse_llm_counts *const counts = &report->counts;
    (void)snprintf(line, sizeof line, "\n%llu %llu %llu %llu %llu ",
                   (unsigned long long)counts->events,
                   (unsigned long long)counts->deltas,
                   (unsigned long long)counts->unknown,
                   (unsigned long long)counts->malformed,
                   (unsigned long long)counts->after_end);
    add(&r->deltas, line);
    add(&r->deltas, report->error.code);
    add(&r->deltas, "\n");
    add(&r->deltas, report->error.type);
    add(&r->deltas, "\n");
    add(&r->deltas, report->error.message);
}

static void check_end(struct reading *r, sse_llm *llm)
{
    sse_llm_report report;
    r->verdict = sse_llm_finish(llm, r->choices->clean);
    FUZZ_REQUIRE(r->verdict != SSE_LLM_PENDING);
    FUZZ_REQUIRE(sse_llm_finish(llm, !r->choices->clean) == r->verdict);
    sse_llm_report_get(llm, &report);
    FUZZ_REQUIRE(report.verdict == r->verdict);
    FUZZ_REQUIRE(report.counts.deltas == r->count);
    FUZZ_REQUIRE(r->verdict == SSE_LLM_FAILED || report.error.code[0] == '\0');
    FUZZ_REQUIRE(r->verdict != SSE_LLM_CANCELLED || r->stopped);
    FUZZ_REQUIRE(r->verdict != SSE_LLM_TRUNCATED || r->count > 0);
    r->unreadable = strcmp(report.error.type, "reader") == 0;
    const unsigned called = r->called;
    static const char more[] = "{\"choices\":[{\"text\":\"a\"}]}";
    const sse_event late = sse_event_of_data(more, sizeof more - 1);
    (void)sse_llm_event(llm, &late);
    FUZZ_REQUIRE(r->called == called);
    add_report(r, &report);
    add_details(r, &report);
}

static void read_stream(struct reading *r, const struct choices *choices,
                        sse_overflow policy, const char *stream, size_t len)
{
    char scratch[SSE_LLM_SCRATCH_MIN];
    sse_llm llm;
    sse_parser parser;
    char *const room = (char *)fuzz_allocate(choices->room);
    r->choices = choices;
    current = r;
    FUZZ_REQUIRE(sse_llm_init(&llm, choices->dialect, scratch, sizeof scratch,
                              on_delta, r) == SSE_OK);
    sse_llm_set_lenient(&llm, choices->lenient);
    FUZZ_REQUIRE(sse_parser_init(&parser, room, choices->room,
                                 sse_llm_on_event, &llm) == SSE_OK);
    FUZZ_REQUIRE(sse_parser_set_overflow(&parser, policy,
                                         sse_llm_on_fragment) == SSE_OK);
    sse_parser_on_field(&parser, sse_llm_on_field);
    sse_parser_on_dropped(&parser, on_dropped);
    feed(&parser, stream, len, choices->cuts);
    (void)sse_parser_finish(&parser, choices->clean);
    check_end(r, &llm);
    free(room);
}

static void close_reading(struct reading *r)
{
    fuzz_text_free(&r->deltas);
    fuzz_text_free(&r->joined);
}

/* The value of four hexadecimal digits, or -1. */
static long hex(const char *at, size_t left)
{
    char digits[5] = {0};
    char *end = NULL;
    if (left < 4) {
        return -1;
    }
    memcpy(digits, at, 4);
    const long value = strtol(digits, &end, 16);
    return strspn(digits, "0123456789abcdefABCDEF") == 4 ? value : -1;
}

/* The stream with all that looks like an escape of JSON undone, but for those
 * beyond U+07FF, which are not looked for. */
static void undo_escapes(const char *at, size_t left, struct fuzz_text *out)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    while (left > 0) {
        const char *const found =
            *at == '\\' && left > 1 && at[1] != '\0' ? strchr(from, at[1])
                                                     : NULL;
        const long code =
            *at == '\\' && left > 1 && at[1] == 'u' ? hex(at + 2, left - 2)
                                                    : -1;
        size_t used = 1;
        if (code >= 0) {
            const char two[] = {(char)(0xC0 | code >> 6),
                                (char)(0x80 | (code & 0x3F))};
            const char one = (char)code;
            if (code < 0x80) {
                fuzz_text_add(out, &one, 1);
            } else if (code < 0x800) {
                fuzz_text_add(out, two, 2);
            }
            used = 6;
        } else if (found != NULL) {
            fuzz_text_add(out, to + (found - from), 1);
            used = 2;
        } else {
            fuzz_text_add(out, at, 1);
        }
        at += used;
        left -= used;
    }
}

static int on_event(const sse_event *event, void *user)
{
    int *const broken = (int *)user;
    *broken |= sse_json_check(event->data, event->data_len, NULL) != SSE_OK &&
               !fuzz_same(event->data, event->data_len, "[DONE]", 6);
    return SSE_GO;
}

/* Not 0 if all payloads are JSON: what is left out is not checked for it. */
static int is_valid(const struct choices *choices, const char *stream,
                    size_t len)
{
    int broken = 0;
    sse_parser parser;
    char *const room = (char *)fuzz_allocate(choices->room);
    FUZZ_REQUIRE(sse_parser_init(&parser, room, choices->room, on_event,
                                 &broken) == SSE_OK);
    feed(&parser, stream, len, 0);
    free(room);
    return !broken;
}

/* What comes in fragments either says the same or that it could not. */
static void check_fragments(const struct choices *choices,
                            const struct reading *whole, const char *stream,
                            size_t len)
{
    struct choices small = *choices;
    struct reading r;
    small.room = SSE_SCRATCH_MIN + choices->cuts;
    memset(&r, 0, sizeof r);
    r.raw = whole->raw;
    r.decoded = whole->decoded;
    read_stream(&r, &small, SSE_OVERFLOW_FRAGMENTS, stream, len);
    if (!r.dropped && !r.unreadable && !whole->unreadable &&
        is_valid(choices, stream, len)) {
        FUZZ_REQUIRE(fuzz_same(r.joined.bytes, r.joined.len,
                               whole->joined.bytes, whole->joined.len));
    }
    close_reading(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    const unsigned mode = fuzz_byte(&input);
    struct choices choices = {(sse_llm_dialect)(mode % 4 + 1),
                              (mode & 4) != 0,
                              (mode & 8) == 0,
                              fuzz_byte(&input),
                              fuzz_byte(&input) % 16,
                              fuzz_byte(&input) % 64,
                              input.left + 4096};
    struct choices plain = choices;
    struct fuzz_text decoded = {0};
    struct fuzz_text raw = {0};
    struct reading whole, cut;
    plain.cuts = plain.pause_every = 0;
    fuzz_text_add(&raw, input.at, input.left);
    undo_escapes(input.at, input.left, &decoded);
    memset(&whole, 0, sizeof whole);
    memset(&cut, 0, sizeof cut);
    whole.raw = cut.raw = &raw;
    whole.decoded = cut.decoded = &decoded;

    read_stream(&whole, &plain, SSE_OVERFLOW_SKIP, input.at, input.left);
    read_stream(&cut, &choices, SSE_OVERFLOW_SKIP, input.at, input.left);
    FUZZ_REQUIRE(fuzz_same(whole.joined.bytes, whole.joined.len,
                           cut.joined.bytes, cut.joined.len));
    FUZZ_REQUIRE(fuzz_same(whole.deltas.bytes, whole.deltas.len,
                           cut.deltas.bytes, cut.deltas.len));
    FUZZ_REQUIRE(whole.bytes <= input.left);
    check_fragments(&plain, &whole, input.at, input.left);

    close_reading(&whole);
    close_reading(&cut);
    fuzz_text_free(&decoded);
    fuzz_text_free(&raw);
    return 0;
}
