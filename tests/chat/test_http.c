/*
 * test_http.c - the parts of sse-chat's HTTP side that need no connection.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <sse/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "http/events.h"
#include "http/identity.h"
#include "http/limits.h"
#include "llm/request.h"

/* ---- Identity ---- */

static void test_tokens_of_headers(void **state)
{
    static const struct {
        const char *authorization, *cookie;
        enum token_source source;
        const char *token;
    } rows[] = {
        {NULL, NULL, TOKEN_NONE, NULL},
        {"Bearer abc", NULL, TOKEN_BEARER, "abc"},
        {"bearer   abc", "sse_chat=x", TOKEN_BEARER, "abc"},
        {"Bearer ", "sse_chat=x", TOKEN_NONE, NULL},
        {"Basic abc", "sse_chat=x", TOKEN_NONE, NULL},
        {NULL, "sse_chat=abc", TOKEN_COOKIE, "abc"},
        {NULL, "a=b; sse_chat=abc; c=d", TOKEN_COOKIE, "abc"},
        {NULL, "a=b;sse_chat=abc;sse_chat=d", TOKEN_COOKIE, "abc"},
        {NULL, "xsse_chat=abc", TOKEN_NONE, NULL},
        {NULL, "sse_chatx=abc", TOKEN_NONE, NULL},
        {NULL, "a=sse_chat=abc", TOKEN_NONE, NULL},
        {NULL, "sse_chat", TOKEN_NONE, NULL},
        {NULL, "sse_chat=", TOKEN_NONE, NULL},
        {NULL, ";;; ;", TOKEN_NONE, NULL},
        {NULL, "", TOKEN_NONE, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *token = NULL;
        size_t len = 0;
        assert_int_equal(identity_token(rows[i].authorization, rows[i].cookie,
                                        &token, &len),
                         rows[i].source);
        if (rows[i].source != TOKEN_NONE) {
            assert_int_equal(len, strlen(rows[i].token));
            assert_memory_equal(token, rows[i].token, len);
        }
    }
}

static void test_origins(void **state)
{
    static const struct {
        const char *origin, *host;
        int same;
    } rows[] = {
        {"http://127.0.0.1:8080", "127.0.0.1:8080", 1},
        {"http://LOCALHOST:8080", "localhost:8080", 1},
        {"https://chat.example", "chat.example", 1},
        {"https://chat.example:443", "chat.example", 1},
        {"http://chat.example", "chat.example:80", 1},
        {"http://[::1]:8080", "[::1]:8080", 1},
        {"http://127.0.0.1:8081", "127.0.0.1:8080", 0},
        {"http://127.0.0.1", "127.0.0.1:8080", 0},
        {"http://chat.example", "chat.example:443", 0},
        {"http://evil.chat.example", "chat.example", 0},
        {"http://chat.example.evil", "chat.example", 0},
        {"null", "null", 0},
        {"", "", 0},
        {"http://", "", 0},
        {"http://a", NULL, 0},
        {"ftp://a", "a", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(identity_same_origin(rows[i].origin, rows[i].host),
                         rows[i].same);
    }
}

static void test_hosts(void **state)
{
    static const struct {
        const char *host;
        int allowed;
    } rows[] = {
        {"127.0.0.1", 1},     {"127.0.0.1:8080", 1}, {"[::1]:8080", 1},
        {"localhost", 1},     {"LOCALHOST:80", 1},   {"a.localhost", 1},
        {"chat.example", 1},  {"Chat.Example:1", 1}, {"10.0.0.7", 1},
        {"notlocalhost", 0},  {"localhost.evil", 0}, {"1.2.3.4.evil", 0},
        {"evil", 0},          {"xchat.example", 0},  {"", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(identity_host_allowed(rows[i].host, "chat.example"),
                         rows[i].allowed);
    }
    assert_false(identity_host_allowed("chat.example", NULL));
}

/* ---- Limits ---- */

static void test_limits(void **state)
{
    struct limits *limits = (struct limits *)calloc(1, sizeof *limits);
    (void)state;
    for (int64_t user = 1; user <= 125; user++) {
        for (int i = 0; i < LIMIT_STREAMS_A_USER; i++) {
            assert_int_equal(limits_take(limits, user), 0);
        }
        assert_int_equal(limits_take(limits, user), 429);
    }
    assert_int_equal(limits->streams, LIMIT_STREAMS);
    assert_int_equal(limits_take(limits, 126), 503);
    assert_false(limits_hold(limits, 126));
    limits_give(limits, 7);
    assert_int_equal(limits_take(limits, 126), 0);
    limits_give(limits, 126);
    assert_true(limits_hold(limits, 9));
    assert_int_equal(limits_take(limits, 9), 429);
    limits_give(limits, 9);
    for (int64_t user = 1; user <= 125; user++) {
        for (int i = 0; i < LIMIT_STREAMS_A_USER; i++) {
            if (user != 7 || i > 0) {
                limits_give(limits, user);
            }
        }
    }
    assert_int_equal(limits->streams, 0);
    assert_int_equal(limits->user_count, 0);
    limits_give(limits, 1);
    assert_int_equal(limits->streams, 0);
    free(limits);
}

/* ---- Events ---- */

static sse_event parse_one(sse_parser *parser, char *scratch, size_t cap,
                           const struct buf *bytes)
{
    const char *at = bytes->at;
    size_t left = bytes->len;
    sse_event event;
    assert_int_equal(sse_parser_init(parser, scratch, cap, NULL, NULL),
                     SSE_OK);
    assert_int_equal(sse_parser_next(parser, &at, &left, &event), SSE_OK);
    assert_int_equal(left, 0);
    return event;
}

static void test_events_are_told_again(void **state)
{
    struct events events;
    struct buf out;
    sse_parser parser;
    char scratch[1024];
    (void)state;
    memset(&out, 0, sizeof out);
    events_init(&events, "failure");
    assert_int_equal(events_add(&events, EVENT_START, "{}", 2), 0);
    assert_int_equal(events_add(&events, EVENT_TEXT, "a\n\"b", 4), 0);
    assert_int_equal(events_add(&events, EVENT_ERROR, "{\"x\":1}", 7), 0);
    assert_int_equal(events.count, 3);
    events_write(&events, 0, &out);
    sse_event event = parse_one(&parser, scratch, sizeof scratch, &out);
    assert_memory_equal(event.type, "start", event.type_len);
    assert_memory_equal(event.data, "{}", event.data_len);
    assert_true(event.retry_ms >= 1000 && event.retry_ms < 2000);
    assert_int_equal(event.id_len, strlen(events.nonce) + 2);
    buf_clear(&out);
    events_write(&events, 1, &out);
    event = parse_one(&parser, scratch, sizeof scratch, &out);
    assert_memory_equal(event.type, "chunk", event.type_len);
    assert_int_equal(event.data_len, 20);
    assert_memory_equal(event.data, "{\"content\":\"a\\n\\\"b\"}", 20);
    buf_clear(&out);
    events_write(&events, 2, &out);
    event = parse_one(&parser, scratch, sizeof scratch, &out);
    assert_memory_equal(event.type, "failure", event.type_len);
    assert_memory_equal(event.data, "{\"x\":1}", event.data_len);
    char id[64];
    memcpy(id, event.id, event.id_len);
    id[event.id_len] = '\0';
    assert_int_equal(events_after(&events, id), 3);
    assert_int_equal(events_bytes_from(&events, 1), 11);
    /* Nothing is lost by giving back the room. */
    assert_int_equal(events_settle(&events), 14 + 3 * sizeof(uint32_t));
    assert_int_equal(events_bytes_from(&events, 1), 11);
    assert_int_equal(events_add(&events, EVENT_DONE, "{}", 2), 0);
    assert_int_equal(events_bytes_from(&events, 3), 2);
    buf_free(&out);
    events_free(&events);
}

static void test_events_have_ids_of_their_own(void **state)
{
    struct events events;
    static const char *const tails[] = {"", "-", "-0", "-4", "-01", "-1x",
                                        "- 1", "+1", "-18446744073709551617"};
    char id[64];
    (void)state;
    events_init(&events, "error");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(events_add(&events, EVENT_CHUNK, "{}", 2), 0);
    }
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        strcpy(id, events.nonce);
        strcat(id, tails[i]);
        assert_int_equal(events_after(&events, id), 0);
    }
    strcpy(id, events.nonce);
    strcat(id, "-2");
    assert_int_equal(events_after(&events, id), 2);
    id[0] = id[0] == 'a' ? 'b' : 'a';
    assert_int_equal(events_after(&events, id), 0);
    assert_int_equal(events_after(&events, NULL), 0);
    events_free(&events);
}

static void test_events_cut_long_text_between_characters(void **state)
{
    struct events events;
    struct buf text;
    (void)state;
    memset(&text, 0, sizeof text);
    for (int i = 0; i < 4000; i++) {
        (void)buf_add_text(&text, "\xE2\x82\xAC");
    }
    events_init(&events, "error");
    assert_int_equal(events_add(&events, EVENT_TEXT, text.at, text.len), 0);
    assert_int_equal(events.count, 3);
    assert_int_equal(events_bytes_from(&events, 1), 12000 - 4095);
    buf_free(&text);
    char *huge = (char *)calloc(1, EVENTS_MAX);
    assert_int_equal(events_add(&events, EVENT_TEXT, huge, EVENTS_MAX), -1);
    assert_int_equal(events.count, 3);
    free(huge);
    events_free(&events);
}

/* ---- Ids, logs, times ---- */

static void test_ids(void **state)
{
    struct id_maker maker = {0};
    struct id last = {""};
    struct id id;
    (void)state;
    for (int i = 0; i < 1000; i++) {
        id_make(&maker, 1700000000000 - i, &id);
        assert_int_equal(strlen(id.text), ID_LEN);
        assert_true(strcmp(id.text, last.text) > 0);
        last = id;
    }
    assert_true(id_read(id.text, ID_LEN, &last));
    assert_true(id_same(&id, &last));
    assert_false(id_read(id.text, ID_LEN - 1, &last));
    id.text[3] = 'G';
    assert_false(id_read(id.text, ID_LEN, &last));
    char a[TOKEN_LEN + 1];
    char b[TOKEN_LEN + 1];
    token_make(a);
    token_make(b);
    assert_int_equal(strlen(a), TOKEN_LEN);
    assert_string_not_equal(a, b);
}

static void test_hash_is_sha_256(void **state)
{
    unsigned char hash[TOKEN_HASH_LEN];
    char hex[2 * TOKEN_HASH_LEN + 1];
    (void)state;
    token_hash("abc", 3, hash);
    hex_write(hex, hash, sizeof hash);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
                             "b00361a396177a9cb410ff61f20015ad");
}

static void test_logs_quote(void **state)
{
    char line[64];
    (void)state;
    assert_string_equal(log_quote(line, sizeof line, "a\n\x1b[0m\xC3", 7, NULL),
                        "a\\x0A\\x1B[0m\\xC3");
    assert_string_equal(
        log_quote(line, sizeof line, "key sk-1, sk-1", 14, "sk-1"),
        "key ***, ***");
    assert_string_equal(
        log_quote(line, sizeof line, "cut: sk-secre", 13, "sk-secret"),
        "cut: ***");
    assert_string_equal(log_quote(line, sizeof line, "a sk", 4, "sk-secret"),
                        "a sk");
    assert_string_equal(log_quote(line, sizeof line, "ab abc", 6, "abc"),
                        "ab ***");
    assert_string_equal(log_quote(line, 10, "aaaaaaaaaaaaaaaa", 16, ""),
                        "aaaaa");
}

static void test_times(void **state)
{
    char text[CLOCK_TEXT];
    (void)state;
    clock_write(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000Z");
    clock_write(1772357400250, text);
    assert_string_equal(text, "2026-03-01T09:30:00.250Z");
}

/* ---- The upstream's URL ---- */

static void test_urls(void **state)
{
    static const struct {
        const char *base, *agent, *url;
    } rows[] = {
        {"http://h:1", NULL, "http://h:1/v1/chat/completions"},
        {"http://h:1/", NULL, "http://h:1/v1/chat/completions"},
        {"http://h:1/v1", NULL, "http://h:1/v1/chat/completions"},
        {"http://h:1/v1/", NULL, "http://h:1/v1/chat/completions"},
        {"https://h/api/v3", NULL, "https://h/api/v3/chat/completions"},
        {"http://h/v1/chat/completions", NULL,
         "http://h/v1/chat/completions"},
        {"http://h/v1/chat/completions/", NULL,
         "http://h/v1/chat/completions"},
        {"http://h/x?v=1", NULL, "http://h/x/chat/completions?v=1"},
        {"http://h/x?v=1#f", NULL, "http://h/x/chat/completions?v=1"},
        {"http://h", "a-1", "http://h/v2/gen-ai/agents/a-1/chat/completions"},
        {"http://h/", "a", "http://h/v2/gen-ai/agents/a/chat/completions"},
        {"http://h", "a/b", NULL},
        {"http://h", "", NULL},
    };
    char url[128];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int status =
            request_url(rows[i].base, rows[i].agent, url, sizeof url);
        assert_int_equal(status, rows[i].url != NULL ? 0 : -1);
        if (status == 0) {
            assert_string_equal(url, rows[i].url);
        }
    }
    assert_int_equal(request_url("http://host", NULL, url, 20), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens_of_headers),
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_hosts),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_events_are_told_again),
        cmocka_unit_test(test_events_have_ids_of_their_own),
        cmocka_unit_test(test_events_cut_long_text_between_characters),
        cmocka_unit_test(test_ids),
        cmocka_unit_test(test_hash_is_sha_256),
        cmocka_unit_test(test_logs_quote),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_urls),
    };
    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
