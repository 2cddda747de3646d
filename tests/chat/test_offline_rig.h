/*
 * test_offline_rig.h - the offline upstream on a loop, and a client beside it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_CHAT_OFFLINE_RIG_H
#define TESTS_CHAT_OFFLINE_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sse/llm.h>
#include <sse/parser.h>

#include "base/buf.h"
#include "offline/offline.h"
#include "offline/parts.h"
#include "support/net.h"

#define WAIT_MS 60000 /* for what must happen */

struct rig {
    sse_loop *loop;
    struct chat_offline *offline;
    uint16_t port;
    net_peer peer;
};

/* What a client makes of an answer. */
struct heard {
    struct buf text;
    sse_llm_verdict verdict;
    int64_t prompt, completion, total;
    char error[128];
    int clean; /* the last chunk came */
};

static inline void rig_open(struct rig *rig, const char *delay)
{
    memset(rig, 0, sizeof *rig);
    assert_int_equal(setenv("SSE_CHAT_OFFLINE_DELAY_MS", delay, 1), 0);
    assert_int_equal(sse_loop_open(&rig->loop), SSE_OK);
    assert_int_equal(chat_offline_open(rig->loop, &rig->offline, &rig->port),
                     SSE_OK);
}

static inline void rig_close(struct rig *rig)
{
    chat_offline_close(rig->offline);
    sse_loop_close(rig->loop);
}

static inline int set_up(void **state)
{
    struct rig *const rig = (struct rig *)calloc(1, sizeof *rig);
    assert_non_null(rig);
    rig_open(rig, "0");
    *state = rig;
    return 0;
}

static inline int tear_down(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    rig_close(rig);
    free(rig);
    return 0;
}

static inline void turn(struct rig *rig)
{
    assert_int_equal(sse_loop_turn(rig->loop, 5), SSE_OK);
}

/* Turns the loop until a text is heard. */
static inline void until_heard(struct rig *rig, const char *text)
{
    const uint64_t end = sse_loop_now_ms(rig->loop) + WAIT_MS;
    while (!net_heard(&rig->peer, text)) {
        assert_true(sse_loop_now_ms(rig->loop) < end);
        assert_false(rig->peer.eof || rig->peer.reset);
        turn(rig);
    }
}

static inline void until_ended(struct rig *rig)
{
    const uint64_t end = sse_loop_now_ms(rig->loop) + WAIT_MS;
    while (!net_ended(&rig->peer)) {
        assert_true(sse_loop_now_ms(rig->loop) < end);
        turn(rig);
    }
}

/* Connects and says a whole request.  @param rcvbuf  0 for the usual. */
static inline void ask_slowly(struct rig *rig, const char *head,
                              const char *body, int rcvbuf)
{
    char length[128];
    assert_true(net_open(&rig->peer, rig->port, rcvbuf));
    assert_true(net_say(&rig->peer, head));
    (void)snprintf(length, sizeof length,
                   "Host: x\r\nConnection: close\r\nContent-Length: %zu"
                   "\r\n\r\n",
                   strlen(body));
    assert_true(net_say(&rig->peer, length));
    size_t said = 0;
    while (said < strlen(body)) {
        said += net_send(&rig->peer, body + said, strlen(body) - said);
        turn(rig);
    }
}

static inline void ask(struct rig *rig, const char *head, const char *body)
{
    ask_slowly(rig, head, body, 0);
}

#define POST                                                                   \
    "POST /v1/chat/completions HTTP/1.1\r\nContent-Type: application/json\r\n"

/* Sends a request and hears all of its answer. */
static inline void talk(struct rig *rig, const char *head, const char *body)
{
    ask(rig, head, body);
    until_ended(rig);
}

/* The status of the answer heard. */
static inline int status_of(const struct rig *rig)
{
    return rig->peer.len > 12 ? atoi(rig->peer.bytes + 9) : 0;
}

/* The body of the answer heard, behind its head. */
static inline const char *body_of(const struct rig *rig)
{
    const char *const end = strstr(rig->peer.bytes, "\r\n\r\n");
    assert_non_null(end);
    return end + 4;
}

/* Takes the chunked framing off.  @return not 0 if the last chunk came. */
static inline int unchunk(const struct rig *rig, struct buf *out)
{
    const char *at = body_of(rig);
    for (;;) {
        char *next = NULL;
        const unsigned long len = strtoul(at, &next, 16);
        if (next == at || strncmp(next, "\r\n", 2) != 0) {
            return 0;
        }
        at = next + 2;
        if (len == 0) {
            return 1;
        }
        const size_t left =
            rig->peer.len - (size_t)(at - rig->peer.bytes);
        (void)buf_add(out, at, len < left ? len : left);
        if (len + 2 > left) {
            return 0;
        }
        at += len + 2;
    }
}

static inline int on_delta(const sse_llm_delta *delta, void *user)
{
    struct heard *const heard = (struct heard *)user;
    if (delta->kind == SSE_LLM_TEXT) {
        (void)buf_add(&heard->text, delta->text, delta->text_len);
    }
    return SSE_GO;
}

/* Reads the stream heard, as a client would. */
static inline void understand(const struct rig *rig, struct heard *heard)
{
    static char room[1 << 16];
    static char scratch[4096];
    sse_parser parser;
    sse_llm llm;
    sse_llm_report report;
    struct buf bytes;
    size_t used = 0;
    memset(&bytes, 0, sizeof bytes);
    memset(heard, 0, sizeof *heard);
    heard->clean = unchunk(rig, &bytes);
    assert_int_equal(sse_llm_init(&llm, SSE_LLM_OPENAI_CHAT, scratch,
                                  sizeof scratch, on_delta, heard),
                     SSE_OK);
    assert_int_equal(sse_parser_init(&parser, room, sizeof room,
                                     sse_llm_on_event, &llm),
                     SSE_OK);
    sse_parser_on_field(&parser, sse_llm_on_field);
    (void)sse_parser_feed(&parser, buf_text(&bytes), bytes.len, &used);
    (void)sse_parser_finish(&parser, heard->clean);
    heard->verdict = sse_llm_finish(&llm, heard->clean);
    sse_llm_report_get(&llm, &report);
    heard->prompt = report.usage.prompt_tokens;
    heard->completion = report.usage.completion_tokens;
    heard->total = report.usage.total_tokens;
    (void)snprintf(heard->error, sizeof heard->error, "%s",
                   report.error.message);
    buf_free(&bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif /* TESTS_CHAT_OFFLINE_RIG_H */
