/*
 * test_offline_stream.c - answers of the offline upstream on their way: pace,
 * back-pressure, hang-up, and every fault.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "test_offline_rig.h"

#include "base/json.h"
#include "support/rows.h"

#define USER "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]"
#define ANSWER                                                                 \
    "I am the offline assistant: no language model is configured, so I can "  \
    "only quote your documents. I found no passage that matches your "        \
    "question. Add a document that covers it, or ask with words that stand "  \
    "in one."

/* How the connection ends. */
enum ending { CLEAN, CLOSED, RESET, OPEN };

typedef struct fault_row {
    const char *name;
    enum ending ending;
    sse_llm_verdict verdict;
    int part;          /* 0: all of the text comes, 1: half, 2: none */
    const char *error; /* what the stream says went wrong */
} fault_row;

#define ASKED_FOR "A fault that was asked for."

static fault_row rows[] = {
    {"cut", CLOSED, SSE_LLM_TRUNCATED, 1, ""},
    {"reset", RESET, SSE_LLM_TRUNCATED, 1, ""},
    {"stall", OPEN, SSE_LLM_TRUNCATED, 1, ""},
    {"no-end", CLEAN, SSE_LLM_TRUNCATED, 1, ""},
    {"no-finish", CLEAN, SSE_LLM_COMPLETE, 0, ""},
    {"no-done", CLEAN, SSE_LLM_COMPLETE, 0, ""},
    {"length", CLEAN, SSE_LLM_LENGTH, 0, ""},
    {"filter", CLEAN, SSE_LLM_REFUSED, 0, ""},
    {"empty", CLEAN, SSE_LLM_COMPLETE, 2, ""},
    {"error-first", CLEAN, SSE_LLM_FAILED, 2, ASKED_FOR},
    {"error-midstream", CLEAN, SSE_LLM_FAILED, 1, ASKED_FOR},
    {"error-field", CLEAN, SSE_LLM_FAILED, 1, ASKED_FOR},
    {"bad-json", CLEAN, SSE_LLM_FAILED, 1, "a payload is no JSON"},
    {"crlf", CLEAN, SSE_LLM_COMPLETE, 0, ""},
    {"bytewise", CLEAN, SSE_LLM_COMPLETE, 0, ""},
};

static void expect_text(const struct heard *heard, int part)
{
    const char *const text = buf_text(&heard->text);
    if (part == 0) {
        assert_string_equal(text, ANSWER);
    } else if (part == 2) {
        assert_string_equal(text, "");
    } else {
        assert_true(heard->text.len > 0 &&
                    heard->text.len < strlen(ANSWER));
        assert_memory_equal(text, ANSWER, heard->text.len);
    }
}

static void run_fault(struct rig *rig, const fault_row *row, const char *head,
                      const char *body)
{
    struct heard heard;
    ask(rig, head, body);
    if (row->ending == OPEN) {
        until_heard(rig, "found");
        for (int i = 0; i < 20; i++) {
            turn(rig);
        }
        assert_false(net_ended(&rig->peer));
    } else {
        until_ended(rig);
    }
    assert_int_equal(status_of(rig), 200);
    assert_int_equal(rig->peer.reset != 0, row->ending == RESET);
    understand(rig, &heard);
    assert_int_equal(heard.clean, row->ending == CLEAN);
    assert_int_equal(heard.verdict, row->verdict);
    assert_string_equal(heard.error, row->error);
    expect_text(&heard, row->part);
    buf_free(&heard.text);
    net_close(&rig->peer);
}

/* By header and by model, with and without a delay. */
static void test_fault(void **state)
{
    const fault_row *const row = (const fault_row *)*state;
    static const char *const delays[] = {"0", "1"};
    for (int i = 0; i < 2; i++) {
        struct rig rig;
        char head[256];
        char body[256];
        rig_open(&rig, delays[i]);
        (void)snprintf(head, sizeof head, POST "X-Offline-Fault: %s\r\n",
                       row->name);
        run_fault(&rig, row, head, "{\"stream\":true," USER "}");
        (void)snprintf(body, sizeof body,
                       "{\"stream\":true,\"model\":\"offline-fault-%s\"," USER
                       "}", row->name);
        run_fault(&rig, row, POST, body);
        rig_close(&rig);
    }
}

static void test_line_ends_of_crlf(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    struct buf bytes;
    memset(&bytes, 0, sizeof bytes);
    talk(rig, POST "X-Offline-Fault: crlf\r\n", "{\"stream\":true," USER "}");
    assert_true(unchunk(rig, &bytes));
    for (size_t i = 0; i < bytes.len; i++) {
        assert_true(bytes.at[i] != '\n' ||
                    (i > 0 && bytes.at[i - 1] == '\r'));
    }
    buf_free(&bytes);
    net_close(&rig->peer);
}

static void test_faults_that_are_whole_answers(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    static const struct {
        const char *name;
        int status;
        const char *hears;
    } whole[] = {
        {"html", 200, "Content-Type: text/html\r\n"},
        {"429", 429, "Retry-After: 1\r\n"},
        {"500", 500, "\"type\":\"server_error\""},
        {"503", 503, "Retry-After: 1\r\n"},
        {"401", 401, "\"code\":\"offline_fault\""},
        {"flaky", 503, "Retry-After: 1\r\n"},
        {"flaky", 503, "\"error\""},
        {"flaky", 200, "[DONE]"},
        {"flaky", 503, "\"error\""},
    };
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        char head[256];
        (void)snprintf(head, sizeof head, POST "X-Offline-Fault: %s\r\n",
                       whole[i].name);
        talk(rig, head, "{\"stream\":true," USER "}");
        assert_int_equal(status_of(rig), whole[i].status);
        assert_true(net_heard(&rig->peer, whole[i].hears));
        net_close(&rig->peer);
    }
}

static void test_silence(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    ask(rig, POST "X-Offline-Fault: silent\r\n", "{\"stream\":true," USER "}");
    for (int i = 0; i < 20; i++) {
        turn(rig);
    }
    assert_false(net_ended(&rig->peer));
    assert_int_equal(rig->peer.len, 0);
    net_close(&rig->peer);
}

static void test_words_come_one_by_one(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    struct rig slow;
    (void)rig;
    rig_open(&slow, "60");
    const uint64_t start = sse_loop_now_ms(slow.loop);
    ask(&slow, POST, "{\"stream\":true,\"max_tokens\":8," USER "}");
    until_heard(&slow, "\"I\"");
    assert_false(net_heard(&slow.peer, "\" offline\""));
    until_ended(&slow);
    assert_true(sse_loop_now_ms(slow.loop) - start >= 7 * 60);
    net_close(&slow.peer);
    rig_close(&slow);
}

/* Turns until no answer is under way. */
static void until_forgotten(struct rig *rig)
{
    const uint64_t end = sse_loop_now_ms(rig->loop) + WAIT_MS;
    while (rig->offline->replies != NULL) {
        assert_true(sse_loop_now_ms(rig->loop) < end);
        turn(rig);
    }
}

static void test_a_hang_up_ends_the_answer(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    struct rig slow;
    (void)rig;
    rig_open(&slow, "20");
    const size_t before = net_descriptors();
    for (int i = 0; i < 20; i++) {
        ask(&slow, POST, "{\"stream\":true," USER "}");
        until_heard(&slow, "\"I\"");
        assert_non_null(slow.offline->replies);
        if (i % 2 == 0) {
            net_close(&slow.peer);
        } else {
            net_break(&slow.peer);
        }
        until_forgotten(&slow);
    }
    assert_int_equal(net_descriptors(), before);
    rig_close(&slow);
}

static void test_closing_ends_all_answers(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    struct rig slow;
    net_peer peers[3];
    (void)rig;
    rig_open(&slow, "200");
    for (int i = 0; i < 3; i++) {
        ask(&slow, POST, "{\"stream\":true," USER "}");
        until_heard(&slow, "\"I\"");
        peers[i] = slow.peer;
    }
    rig_close(&slow);
    for (int i = 0; i < 3; i++) {
        assert_true(net_waits_for_the_end(&peers[i]));
        net_close(&peers[i]);
    }
}

/* A question whose answer is a megabyte of JSON. */
static char *long_question(void)
{
    struct buf text;
    memset(&text, 0, sizeof text);
    (void)buf_add_text(&text, "### Unit 1: Long\n\n");
    for (int i = 0; i < 40000; i++) {
        (void)buf_add_format(&text, "- topic number %d\n", i);
    }
    char *const body = json_text(json_pack_checked(
        "{s:b,s:[{s:s,s:s},{s:s,s:s}]}", "stream", 1, "messages", "role",
        "system", "content", "Task: syllabus-extraction", "role", "user",
        "content", buf_text(&text)));
    buf_free(&text);
    return body;
}

static void test_a_reader_that_stops_stops_the_answer(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    struct heard heard;
    char *const body = long_question();
    ask_slowly(rig, POST, body, NET_SMALL_BUFFER);
    /* Nothing is read: what the system takes fills up, then the queue. */
    sse_server_stats stats;
    uint64_t quiet = 0;
    const uint64_t end = sse_loop_now_ms(rig->loop) + WAIT_MS;
    while (quiet < 20) {
        const uint64_t before = sse_loop_now_ms(rig->loop);
        assert_int_equal(sse_loop_turn(rig->loop, 20), SSE_OK);
        quiet = sse_loop_now_ms(rig->loop) - before >= 20 ? quiet + 1 : 0;
        assert_true(sse_loop_now_ms(rig->loop) < end);
    }
    assert_non_null(rig->offline->replies);
    sse_server_get_stats(rig->offline->server, &stats);
    assert_int_equal(stats.streams, 1);
    /* Then all of it. */
    until_ended(rig);
    understand(rig, &heard);
    assert_true(heard.clean);
    assert_int_equal(heard.verdict, SSE_LLM_COMPLETE);
    assert_true(heard.text.len > 700000);
    json_t *const facts = json_read(heard.text.at, heard.text.len);
    assert_non_null(facts);
    const json_t *const unit =
        json_array_get(json_object_get(facts, "units"), 0);
    assert_int_equal(json_array_size(json_object_get(unit, "topics")), 40000);
    json_decref(facts);
    buf_free(&heard.text);
    free(body);
    net_close(&rig->peer);
}

#define ROW_COUNT (sizeof rows / sizeof rows[0])
#define OTHERS 7

int main(void)
{
    static struct CMUnitTest tests[OTHERS + ROW_COUNT] = {
        TEST(test_line_ends_of_crlf),
        TEST(test_faults_that_are_whole_answers),
        TEST(test_silence),
        TEST(test_words_come_one_by_one),
        TEST(test_a_hang_up_ends_the_answer),
        TEST(test_closing_ends_all_answers),
        TEST(test_a_reader_that_stops_stops_the_answer),
    };
    (void)FILL_ROWS(tests + OTHERS, rows, name, test_fault);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
