/*
 * fuzz_json.c - the JSON cursor takes what RFC 8259 takes, and all ways to
 * read the same text agree.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first byte chooses the room that strings are unescaped into; the rest
 * is a text.
 */
#include "decoder.h"
#include "json_oracle.h"

#include <sse/json.h>

#include <stdlib.h>
#include <string.h>

/* ---- strings ---- */

/* Unescaped whole; the block is to be freed. */
static char *unescape(const sse_json_value *value, size_t *len)
{
    char *const dst = (char *)fuzz_allocate(value->len);
    FUZZ_REQUIRE(sse_json_unescape(value, dst, value->len, len) == SSE_OK);
    FUZZ_REQUIRE(*len <= value->len);
    return dst;
}

/* Unescaped `room` bytes at a time, each time whole characters. */
static void check_string(const sse_json_value *value, size_t room)
{
    struct fuzz_text parts = {0}, decoded = {0};
    sse_json_chars chars;
    char *const dst = (char *)fuzz_allocate(room);
    size_t written = 0;
    size_t len = 0;
    char *const whole = unescape(value, &len);
    memset(&chars, 0, sizeof chars);
    sse_json_chars_start(&chars, value);
    sse_status status = SSE_NEED_SPACE;
    while (status == SSE_NEED_SPACE) {
        status = sse_json_chars_read(&chars, dst, room, &written);
        FUZZ_REQUIRE(status == SSE_OK || status == SSE_NEED_SPACE);
        FUZZ_REQUIRE(status == SSE_OK || written > 0);
        decoded.len = 0;
        FUZZ_REQUIRE(fuzz_decode(dst, written, &decoded) == 0);
        fuzz_text_add(&parts, dst, written);
    }
    FUZZ_REQUIRE(sse_json_chars_finish(&chars, dst, room, &written) ==
                 SSE_OK);
    fuzz_text_add(&parts, dst, written);
    FUZZ_REQUIRE(fuzz_same(parts.bytes, parts.len, whole, len));
    FUZZ_REQUIRE((value->flags & SSE_JSON_ESCAPED) != 0 ||
                 fuzz_same(value->text, value->len, whole, len));
    fuzz_text_free(&parts);
    fuzz_text_free(&decoded);
    free(whole);
    free(dst);
}

/* ---- tokens ---- */

/* An integer that was read is written like that. */
static void check_number(const sse_json_value *value)
{
    int64_t number = 0;
    char digits[24];
    if (sse_json_integer(value, &number) != SSE_OK) {
        return;
    }
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + (int)(left % 10));
        left /= 10;
    } while (left > 0);
    if (value->text[0] == '-') {
        digits[--at] = '-';
    }
    FUZZ_REQUIRE(fuzz_same(digits + at, sizeof digits - at, value->text,
                           value->len));
}

/* Adds the token to a text without white space; `last` is the kind of the one
 * before it. */
static void add_token(struct fuzz_text *out, const sse_json_value *token,
                      sse_json_kind last)
{
    const int closes = token->kind == SSE_JSON_ARRAY_END ||
                       token->kind == SSE_JSON_OBJECT_END;
    const int quoted =
        token->kind == SSE_JSON_STRING || token->kind == SSE_JSON_NAME;
    if (last == SSE_JSON_NAME) {
        fuzz_text_add(out, ":", 1);
    } else if (!closes && last != SSE_JSON_NONE && last != SSE_JSON_ARRAY &&
               last != SSE_JSON_OBJECT) {
        fuzz_text_add(out, ",", 1);
    }
    fuzz_text_add(out, "\"", (size_t)quoted);
    fuzz_text_add(out, token->text, token->len);
    fuzz_text_add(out, "\"", (size_t)quoted);
}

/* Reads all tokens, checks each, and writes them down again. */
static sse_status walk(const char *text, size_t len, size_t room,
                       struct fuzz_text *out, size_t *tokens)
{
    sse_json json;
    sse_json_value token;
    sse_json_kind last = SSE_JSON_NONE;
    size_t behind = 0;
    sse_json_init(&json, text, len);
    for (;;) {
        const sse_status status = sse_json_next(&json, &token);
        FUZZ_REQUIRE(sse_json_offset(&json) <= len);
        if (status != SSE_OK) {
            FUZZ_REQUIRE(sse_json_next(&json, &token) == status);
            FUZZ_REQUIRE(token.kind == SSE_JSON_NONE);
            return status;
        }
        if (token.kind == SSE_JSON_END) {
            FUZZ_REQUIRE(sse_json_offset(&json) == len);
            return SSE_OK;
        }
        FUZZ_REQUIRE(token.offset >= behind && token.offset <= len &&
                     token.len <= len - token.offset &&
                     token.text == text + token.offset);
        behind = token.offset + token.len;
        add_token(out, &token, last);
        last = token.kind;
        ++*tokens;
        if (token.kind == SSE_JSON_STRING || token.kind == SSE_JSON_NAME) {
            check_string(&token, room);
        } else if (token.kind == SSE_JSON_NUMBER) {
            check_number(&token);
        }
    }
}

/* ---- values ---- */

/* The last of the members of that name, found the slow way. */
static sse_json_value slow_member(const char *text, size_t len,
                                  const char *name)
{
    sse_json json;
    sse_json_value token, value, found;
    memset(&found, 0, sizeof found);
    sse_json_init(&json, text, len);
    (void)sse_json_next(&json, &token);
    for (;;) {
        FUZZ_REQUIRE(sse_json_next(&json, &token) == SSE_OK);
        if (token.kind != SSE_JSON_NAME) {
            return found;
        }
        FUZZ_REQUIRE(sse_json_next_value(&json, &value) == SSE_OK);
        if (sse_json_equals(&token, name)) {
            found = value;
        }
    }
}

/* The first member of a valid object, and one that is not there. */
static void check_members(const char *text, size_t len)
{
    sse_json json;
    sse_json_value token;
    sse_json_init(&json, text, len);
    if (sse_json_next(&json, &token) != SSE_OK ||
        token.kind != SSE_JSON_OBJECT) {
        FUZZ_REQUIRE(sse_json_members(text, len, NULL, 0) ==
                     SSE_ERR_PROTOCOL);
        return;
    }
    char *name = NULL;
    size_t name_len = 0;
    if (sse_json_next(&json, &token) == SSE_OK &&
        token.kind == SSE_JSON_NAME) {
        name = unescape(&token, &name_len);
    }
    struct fuzz_text wanted = {0};
    fuzz_text_add(&wanted, name, name_len);
    fuzz_text_add(&wanted, "", 1);
    sse_json_member members[2];
    members[0].name = wanted.bytes;
    members[1].name = "\x01";
    FUZZ_REQUIRE(sse_json_members(text, len, members, 2) == SSE_OK);
    for (int i = 0; i < 2; i++) {
        const sse_json_value want = slow_member(text, len, members[i].name);
        FUZZ_REQUIRE(members[i].value.kind == want.kind);
        FUZZ_REQUIRE(members[i].value.text == want.text &&
                     members[i].value.len == want.len);
    }
    fuzz_text_free(&wanted);
    free(name);
}

/* The outermost value as one. */
static void check_value(const char *text, size_t len, sse_status want)
{
    sse_json json;
    sse_json_value value, end;
    size_t offset = 0;
    FUZZ_REQUIRE(sse_json_check(text, len, &offset) == want);
    FUZZ_REQUIRE(offset <= len);
    sse_json_init(&json, text, len);
    sse_status status = sse_json_next_value(&json, &value);
    if (status == SSE_OK) {
        status = sse_json_next(&json, &end);
        FUZZ_REQUIRE(status != SSE_OK || end.kind == SSE_JSON_END);
        FUZZ_REQUIRE((value.kind != SSE_JSON_ARRAY &&
                      value.kind != SSE_JSON_OBJECT) ||
                     fuzz_json_verdict(value.text, value.len) == SSE_OK);
    }
    FUZZ_REQUIRE(status == want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    const size_t room = 4 + fuzz_byte(&input) % 64;
    char *const text = fuzz_copy(input.at, input.left);
    const size_t len = input.left;
    struct fuzz_text plain = {0}, again = {0};
    size_t tokens = 0;
    size_t tokens_again = 0;

    const sse_status want = fuzz_json_verdict(text, len);
    FUZZ_REQUIRE(walk(text, len, room, &plain, &tokens) == want);
    check_value(text, len, want);
    if (want == SSE_OK) {
        check_members(text, len);
        FUZZ_REQUIRE(walk(plain.bytes, plain.len, room, &again,
                          &tokens_again) == SSE_OK);
        FUZZ_REQUIRE(tokens_again == tokens);
        FUZZ_REQUIRE(fuzz_same(again.bytes, again.len, plain.bytes,
                               plain.len));
    }
    fuzz_text_free(&plain);
    fuzz_text_free(&again);
    free(text);
    return 0;
}
