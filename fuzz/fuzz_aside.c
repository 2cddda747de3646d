/*
 * fuzz_aside.c - comments, keep-alives and reconnection times that are written
 * are just that to a reader, wherever between blocks they stand.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first bytes choose what is written, in which form and with how little
 * room too little; the rest is the text of a comment.
 */
#include "fuzz.h"

#include <sse/sse.h>

#include <stdlib.h>
#include <string.h>

/* What the reader hears. */
struct heard {
    struct fuzz_text comments; /* each with a LF behind it */
    unsigned events, retries;
    uint64_t retry_ms;
};

static int on_event(const sse_event *event, void *user)
{
    struct heard *const heard = (struct heard *)user;
    heard->events++;
    FUZZ_REQUIRE(fuzz_same(event->data, event->data_len, "d", 1));
    FUZZ_REQUIRE(fuzz_same(event->type, event->type_len, "message", 7));
    FUZZ_REQUIRE(fuzz_same(event->id, event->id_len, "1", 1));
    return SSE_GO;
}

static int on_comment(const char *text, size_t len, uint64_t offset,
                      void *user)
{
    struct heard *const heard = (struct heard *)user;
    (void)offset;
    fuzz_text_add(&heard->comments, text, len);
    fuzz_text_add(&heard->comments, "\n", 1);
    return SSE_GO;
}

static int on_retry(uint64_t retry_ms, uint64_t offset, void *user)
{
    struct heard *const heard = (struct heard *)user;
    (void)offset;
    heard->retries++;
    heard->retry_ms = retry_ms;
    return SSE_GO;
}

static int on_field(const char *name, size_t name_len, const char *value,
                    size_t value_len, uint64_t offset, void *user)
{
    (void)name;
    (void)name_len;
    (void)value;
    (void)value_len;
    (void)offset;
    (void)user;
    return SSE_STOP;
}

/* Between an event with an id and one without. */
static void read_back(const char *bytes, size_t len, struct heard *heard)
{
    static const char first[] = "id:1\ndata:d\n\n";
    static const char last[] = "data:d\n\n";
    struct fuzz_text stream = {0};
    sse_parser parser;
    size_t used = 0;
    fuzz_text_add(&stream, first, sizeof first - 1);
    fuzz_text_add(&stream, bytes, len);
    fuzz_text_add(&stream, last, sizeof last - 1);
    const size_t cap = stream.len + 8192;
    char *const scratch = (char *)fuzz_allocate(cap);
    memset(heard, 0, sizeof *heard);
    FUZZ_REQUIRE(sse_parser_init(&parser, scratch, cap, on_event, heard) ==
                 SSE_OK);
    sse_parser_on_comment(&parser, on_comment);
    sse_parser_on_retry(&parser, on_retry);
    sse_parser_on_field(&parser, on_field);
    FUZZ_REQUIRE(sse_parser_feed(&parser, stream.bytes, stream.len, &used) ==
                 SSE_OK);
    FUZZ_REQUIRE(used == stream.len && heard->events == 2);
    free(scratch);
    fuzz_text_free(&stream);
}

/* The text as lines, each with a LF behind it. */
static void split(const char *text, size_t len, struct fuzz_text *lines)
{
    for (size_t at = 0; at < len; at++) {
        if (text[at] == '\r' || text[at] == '\n') {
            at += text[at] == '\r' && at + 1 < len && text[at + 1] == '\n';
            fuzz_text_add(lines, "\n", 1);
        } else {
            fuzz_text_add(lines, text + at, 1);
        }
    }
    fuzz_text_add(lines, "\n", 1);
}

/* How one of the three is written. */
struct aside {
    unsigned kind;
    sse_block_form form;
    uint64_t retry_ms;
    const char *text;
    size_t len;
};

static sse_status write_aside(const struct aside *a, char *dst, size_t cap,
                              size_t *written)
{
    switch (a->kind) {
    case 0:
        return sse_retry_write(a->retry_ms, a->form, dst, cap, written);
    case 1:
        return sse_keep_alive_write(a->form, dst, cap, written);
    default:
        return sse_comment_write(a->text, a->len, a->form, dst, cap, written);
    }
}

static void check(const struct aside *a, const char *bytes, size_t len)
{
    struct heard heard;
    struct fuzz_text want = {0};
    if (a->kind != 0) {
        split(a->text, a->kind == 1 ? 0 : a->len, &want);
    }
    read_back(bytes, len, &heard);
    FUZZ_REQUIRE(fuzz_same(heard.comments.bytes, heard.comments.len,
                           want.bytes, want.len));
    FUZZ_REQUIRE(heard.retries == (a->kind == 0));
    FUZZ_REQUIRE(a->kind != 0 || heard.retry_ms == a->retry_ms);
    FUZZ_REQUIRE(bytes[len - 1] == '\n');
    FUZZ_REQUIRE((len > 1 && bytes[len - 2] == '\n') ==
                 (a->form == SSE_BLOCK_TWO_LINES));
    fuzz_text_free(&want);
    fuzz_text_free(&heard.comments);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    const unsigned choice = fuzz_byte(&input);
    struct aside a;
    a.kind = choice % 4;
    a.form = (choice & 4u) != 0 ? SSE_BLOCK_TWO_LINES : SSE_BLOCK_ONE_LINE;
    a.retry_ms = fuzz_number(&input);
    const size_t less = fuzz_below(&input, 65536);
    a.text = input.at;
    a.len = input.left;

    const size_t cap = 2 * a.len + 64;
    char *const dst = (char *)fuzz_allocate(cap);
    size_t len = 0;
    FUZZ_REQUIRE(write_aside(&a, dst, cap, &len) == SSE_OK && len > 0);
    const size_t room = len - 1 - less % len;
    char *const small = (char *)fuzz_allocate(room);
    size_t none = 1;
    FUZZ_REQUIRE(write_aside(&a, small, room, &none) == SSE_ERR_NO_SPACE);
    FUZZ_REQUIRE(none == 0);
    free(small);
    char *const exact = (char *)fuzz_allocate(len);
    FUZZ_REQUIRE(write_aside(&a, exact, len, &none) == SSE_OK && none == len);
    check(&a, exact, len);
    free(exact);
    free(dst);
    return 0;
}
