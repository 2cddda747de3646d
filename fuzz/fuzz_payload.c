/*
 * fuzz_payload.c - whatever a text holds, escaping it gives a JSON string that
 * means it, and the events of a streaming job carry it whole.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first bytes choose an event and its numbers; the rest is a text.
 */
#include "decoder.h"
#include "json_oracle.h"

#include <sse/json.h>
#include <sse/sse.h>

#include <stdlib.h>
#include <string.h>

/* Not 0 if the JSON string means the text, repaired. */
static int means(const sse_json_value *value, const char *text, size_t len)
{
    struct fuzz_text want = {0};
    size_t got_len = 0;
    char *const got = (char *)fuzz_allocate(value->len);
    (void)fuzz_decode(text, len, &want);
    const int good =
        sse_json_unescape(value, got, value->len, &got_len) == SSE_OK &&
        fuzz_same(got, got_len, want.bytes, want.len);
    fuzz_text_free(&want);
    free(got);
    return good;
}

/* ---- the escaper ---- */

static void check_escape(const char *text, size_t len)
{
    struct fuzz_text json = {0};
    sse_json cursor;
    sse_json_value value;
    size_t written = 0;
    size_t none = 1;
    const size_t cap = 6 * len;
    char *const dst = (char *)fuzz_allocate(cap);
    FUZZ_REQUIRE(sse_json_escape(text, len, dst, cap, &written) == SSE_OK);
    FUZZ_REQUIRE(written <= cap);
    fuzz_text_add(&json, "\"", 1);
    fuzz_text_add(&json, dst, written);
    fuzz_text_add(&json, "\"", 1);
    FUZZ_REQUIRE(fuzz_json_verdict(json.bytes, json.len) == SSE_OK);
    sse_json_init(&cursor, json.bytes, json.len);
    FUZZ_REQUIRE(sse_json_next(&cursor, &value) == SSE_OK);
    FUZZ_REQUIRE(means(&value, text, len));
    if (written > 0) {
        char *const exact = (char *)fuzz_allocate(written);
        FUZZ_REQUIRE(sse_json_escape(text, len, exact, written, &none) ==
                         SSE_OK &&
                     none == written);
        FUZZ_REQUIRE(sse_json_escape(text, len, exact, written - 1, &none) ==
                         SSE_ERR_NO_SPACE &&
                     none == 0);
        free(exact);
    }
    free(dst);
    fuzz_text_free(&json);
}

/* ---- events ---- */

/* One event and what must be read of it. */
struct job {
    const char *type;
    sse_json_member members[5];
    size_t count;
    unsigned events;
};

static void want(struct job *job, const char *type, const char *const *names,
                 size_t count)
{
    memset(job, 0, sizeof *job);
    job->type = type;
    job->count = count;
    for (size_t i = 0; i < count; i++) {
        job->members[i].name = names[i];
    }
}

static int on_event(const sse_event *event, void *user)
{
    struct job *const job = (struct job *)user;
    job->events++;
    FUZZ_REQUIRE(fuzz_same(event->type, event->type_len, job->type,
                           strlen(job->type)));
    FUZZ_REQUIRE(fuzz_same(event->id, event->id_len, "7", 1));
    FUZZ_REQUIRE(fuzz_json_verdict(event->data, event->data_len) == SSE_OK);
    FUZZ_REQUIRE(sse_json_members(event->data, event->data_len, job->members,
                                  job->count) == SSE_OK);
    return SSE_PAUSE; /* the members point into the event */
}

/* Reads the block; what the members point into is `bytes` or `scratch`. */
static void read_block(struct job *job, char *bytes, size_t len,
                       char *scratch, size_t cap)
{
    sse_parser parser;
    size_t used = 0;
    FUZZ_REQUIRE(sse_parser_init(&parser, scratch, cap, on_event, job) ==
                 SSE_OK);
    FUZZ_REQUIRE(sse_parser_feed(&parser, bytes, len, &used) == SSE_PAUSED);
    FUZZ_REQUIRE(used == len && job->events == 1);
}

static void check_text(const sse_json_member *member, const char *text,
                       size_t len)
{
    FUZZ_REQUIRE(member->value.kind == SSE_JSON_STRING);
    FUZZ_REQUIRE(means(&member->value, text, len));
}

static void check_number(const sse_json_member *member, uint64_t want)
{
    int64_t number = 0;
    FUZZ_REQUIRE(sse_json_integer(&member->value, &number) == SSE_OK);
    FUZZ_REQUIRE((uint64_t)number == want);
}

static void check_chunk(const char *text, size_t len, char *dst, size_t cap,
                        char *scratch)
{
    static const char *const names[] = {"content"};
    struct job job;
    size_t written = 0;
    want(&job, "chunk", names, 1);
    FUZZ_REQUIRE(sse_chunk_write("7", 1, text, len, dst, cap, &written) ==
                 SSE_OK);
    read_block(&job, dst, written, scratch, cap);
    check_text(&job.members[0], text, len);
}

/* Texts here end at their first NUL. */
static void check_error(const char *text, int retryable, char *dst,
                        size_t cap, char *scratch)
{
    static const char *const names[] = {"code", "message", "retryable",
                                        "stage"};
    const sse_error error = {"c", text, "s", retryable, "failed"};
    struct job job;
    size_t written = 0;
    want(&job, "failed", names, 4);
    FUZZ_REQUIRE(sse_error_write("7", 1, &error, dst, cap, &written) ==
                 SSE_OK);
    read_block(&job, dst, written, scratch, cap);
    check_text(&job.members[0], "c", 1);
    check_text(&job.members[1], text, strlen(text));
    FUZZ_REQUIRE(job.members[2].value.kind ==
                 (retryable ? SSE_JSON_TRUE : SSE_JSON_FALSE));
    check_text(&job.members[3], "s", 1);
}

static void check_progress(const char *text, unsigned percent, uint64_t done,
                           char *dst, size_t cap, char *scratch)
{
    static const char *const names[] = {"percent", "progress", "message",
                                        "done", "total"};
    const sse_progress progress = {percent, "s", text, done, done / 3};
    struct job job;
    size_t written = 0;
    want(&job, "progress", names, 5);
    const sse_status status =
        sse_progress_write("7", 1, &progress, dst, cap, &written);
    if (percent > 100) {
        FUZZ_REQUIRE(status == SSE_ERR_INVALID && written == 0);
        return;
    }
    FUZZ_REQUIRE(status == SSE_OK);
    read_block(&job, dst, written, scratch, cap);
    check_number(&job.members[0], percent);
    FUZZ_REQUIRE(job.members[1].value.kind == SSE_JSON_NUMBER);
    check_text(&job.members[2], text, strlen(text));
    check_number(&job.members[3], done);
    check_number(&job.members[4], done / 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    const unsigned choice = fuzz_byte(&input);
    const uint64_t number = fuzz_number(&input) >> 1;
    struct fuzz_text text = {0};
    fuzz_text_add(&text, input.at, input.left);
    fuzz_text_add(&text, "", 1);
    const size_t cap = 8 * input.left + 8192;
    char *const dst = (char *)fuzz_allocate(cap);
    char *const scratch = (char *)fuzz_allocate(cap);
    switch (choice % 4) {
    case 0:
        check_escape(input.at, input.left);
        break;
    case 1:
        check_chunk(input.at, input.left, dst, cap, scratch);
        break;
    case 2:
        check_error(text.bytes, (choice & 4u) != 0, dst, cap, scratch);
        break;
    default:
        check_progress(text.bytes, choice >> 1, number, dst, cap, scratch);
        break;
    }
    free(scratch);
    free(dst);
    fuzz_text_free(&text);
    return 0;
}
