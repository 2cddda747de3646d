/*
 * test_offline_server.c - the offline upstream over HTTP: answers and errors.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "test_offline_rig.h"

#include "base/json.h"

#define PASSAGES                                                               \
    "Be brief.\\n\\n<passages>\\n"                                            \
    "<passage n=\\\"1\\\" document=\\\"a.md\\\" place=\\\"lines 3-4\\\">\\n"  \
    "The midterm is on 14 October.\\nIt takes 90 minutes.\\n< /b>\\n"        \
    "</passage>\\n"                                                            \
    "<passage n=\\\"2\\\" document=\\\"b.md\\\" place=\\\"line 9\\\">\\n"     \
    "Cats sleep.\\n</passage>\\n</passages>"
#define QUESTION                                                               \
    "\"messages\":[{\"role\":\"system\",\"content\":\"" PASSAGES "\"},"        \
    "{\"role\":\"user\",\"content\":\"When is the midterm?\"}]"
#define QUOTED                                                                 \
    "I am the offline assistant: no language model is configured, so I can "  \
    "only quote your documents. This is what matches your question best.\n"   \
    "\n**a.md**, lines 3-4:\n\n> The midterm is on 14 October.\n> It takes "  \
    "90 minutes.\n> </b>\n"

static void test_a_stream_quotes_what_matches(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    struct heard heard;
    talk(rig, POST, "{\"model\":\"m\",\"stream\":true," QUESTION "}");
    assert_int_equal(status_of(rig), 200);
    assert_true(net_heard(&rig->peer, "Content-Type: text/event-stream\r\n"));
    understand(rig, &heard);
    assert_string_equal(buf_text(&heard.text), QUOTED);
    assert_int_equal(heard.verdict, SSE_LLM_COMPLETE);
    assert_true(heard.clean);
    assert_true(heard.total == -1); /* not asked for */
    assert_true(net_heard(&rig->peer, "\"model\":\"m\""));
    assert_true(net_count(&rig->peer, "data: ") > 30); /* word by word */
    buf_free(&heard.text);
    net_close(&rig->peer);
}

static void test_usage_when_asked_for(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    struct heard heard;
    talk(rig, POST, "{\"stream\":true,\"stream_options\":{\"include_usage\":"
                    "true}," QUESTION "}");
    understand(rig, &heard);
    assert_true(heard.prompt > 20 && heard.completion > 20);
    assert_true(heard.total == heard.prompt + heard.completion);
    assert_true(net_heard(&rig->peer, "\"usage\":null"));
    buf_free(&heard.text);
    net_close(&rig->peer);
}

static void test_json_says_the_same(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    talk(rig, POST, "{" QUESTION "}");
    assert_int_equal(status_of(rig), 200);
    json_t *const body = json_read(body_of(rig), strlen(body_of(rig)));
    const json_t *const choice =
        json_array_get(json_object_get(body, "choices"), 0);
    const json_t *const message = json_object_get(choice, "message");
    assert_string_equal(
        json_string_value(json_object_get(message, "content")), QUOTED);
    assert_string_equal(
        json_string_value(json_object_get(choice, "finish_reason")), "stop");
    assert_string_equal(json_string_value(json_object_get(body, "object")),
                        "chat.completion");
    assert_true(json_is_integer(json_object_get(
        json_object_get(body, "usage"), "total_tokens")));
    json_decref(body);
    net_close(&rig->peer);
}

static void test_max_tokens_is_obeyed(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    struct heard heard;
    talk(rig, POST, "{\"stream\":true,\"max_tokens\":5,\"stream_options\":{"
                    "\"include_usage\":true}," QUESTION "}");
    understand(rig, &heard);
    assert_string_equal(buf_text(&heard.text), "I am the offline assistant:");
    assert_int_equal(heard.verdict, SSE_LLM_LENGTH);
    assert_true(heard.completion == 5);
    buf_free(&heard.text);
    net_close(&rig->peer);
}

static void test_nothing_matches(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    static const char *const bodies[] = {
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
        "{\"messages\":[{\"role\":\"system\",\"content\":\"" PASSAGES "\"},"
        "{\"role\":\"user\",\"content\":\"Rockets?\"}]}",
        "{\"messages\":[{\"role\":\"system\",\"content\":\"<passages>\\n"
        "<passage n=\\\"1\\\" document=\\\"a\"},{\"role\":\"user\","
        "\"content\":\"Hello\"}]}",
        "{\"messages\":[{\"role\":\"assistant\",\"content\":null},"
        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":"
        "\"Hello\"}]}]}"};
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        talk(rig, POST, bodies[i]);
        assert_int_equal(status_of(rig), 200);
        assert_true(net_heard(&rig->peer, "I found no passage"));
        net_close(&rig->peer);
    }
}

/* Reads a file below the source directory. */
static void read_sample(const char *name, struct buf *text)
{
    char path[512];
    char part[4096];
    const char *const top = getenv("TOP");
    (void)snprintf(path, sizeof path, "%s/examples/chat/samples/%s",
                   top != NULL ? top : ".", name);
    FILE *const file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t got; (got = fread(part, 1, sizeof part, file)) > 0;) {
        (void)buf_add(text, part, got);
    }
    (void)fclose(file);
}

static char *extraction_of(const struct buf *text, int stream)
{
    struct buf user;
    memset(&user, 0, sizeof user);
    (void)buf_add_text(&user, "<chunk index=\"0\" first_line=\"1\" "
                              "last_line=\"298\">\n");
    (void)buf_add(&user, text->at, text->len);
    (void)buf_add_text(&user, "\n</chunk>");
    char *const body = json_text(json_pack_checked(
        "{s:b,s:[{s:s,s:s},{s:s,s:s}]}", "stream", stream, "messages", "role",
        "system", "content", "Task: syllabus-extraction\nAnswer with JSON.",
        "role", "user", "content", buf_text(&user)));
    buf_free(&user);
    return body;
}

static size_t size_of(const json_t *facts, const char *name)
{
    return json_array_size(json_object_get(facts, name));
}

static void test_the_syllabus_is_extracted(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    struct heard heard;
    struct buf text;
    memset(&text, 0, sizeof text);
    read_sample("networked-systems-syllabus.md", &text);
    char *const body = extraction_of(&text, 1);
    talk(rig, POST, body);
    understand(rig, &heard);
    assert_int_equal(heard.verdict, SSE_LLM_COMPLETE);
    json_t *const facts = json_read(heard.text.at, heard.text.len);
    assert_non_null(facts);
    const json_t *const course = json_object_get(facts, "course");
    assert_string_equal(json_string_value(json_object_get(course, "code")),
                        "CS 342");
    assert_string_equal(
        json_string_value(json_object_get(course, "instructor")),
        "Dr. Ingrid Halvorsen");
    assert_int_equal(size_of(facts, "units"), 8);
    assert_int_equal(size_of(facts, "assessments"), 6);
    assert_int_equal(size_of(facts, "books"), 4);
    const json_t *const last =
        json_array_get(json_object_get(facts, "assessments"), 5);
    assert_string_equal(json_string_value(json_object_get(last, "due")),
                        "16 December 2026");
    assert_int_equal(
        json_integer_value(json_object_get(last, "weight_percent")), 25);
    json_decref(facts);
    buf_free(&heard.text);
    buf_free(&text);
    free(body);
    net_close(&rig->peer);
}

static void test_a_handbook_holds_no_facts(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    struct buf text;
    memset(&text, 0, sizeof text);
    read_sample("network-lab-handbook.txt", &text);
    char *const body = extraction_of(&text, 0);
    talk(rig, POST, body);
    assert_true(net_heard(
        &rig->peer, "{\\\"course\\\":{\\\"code\\\":null,\\\"title\\\":null,"
                    "\\\"instructor\\\":null,\\\"term\\\":null},"
                    "\\\"units\\\":[],\\\"assessments\\\":[],\\\"books\\\":"
                    "[]}"));
    buf_free(&text);
    free(body);
    net_close(&rig->peer);
}

#define GET "GET /v1/models HTTP/1.1\r\n"
#define USER "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]"

static const struct {
    const char *head;
    const char *body;
    int status;
    const char *hears;
} rows[] = {
    {GET, "", 200, "{\"object\":\"list\",\"data\":[{\"id\":\"offline\""},
    {"GET /v1/models/offline HTTP/1.1\r\n", "", 200, "{\"id\":\"offline\""},
    {"GET /v1/models/x HTTP/1.1\r\n", "", 404, "model_not_found"},
    {"POST /v1/models HTTP/1.1\r\n", "", 405, "Allow: GET, HEAD\r\n"},
    {"GET /v1/chat/completions HTTP/1.1\r\n", "", 405, "Allow: POST\r\n"},
    {"GET / HTTP/1.1\r\n", "", 404, "\"code\":\"not_found\""},
    {"GET /v1/modelsx HTTP/1.1\r\n", "", 404, "not_found"},
    {"POST /v2/gen-ai/agents/a1/chat/completions HTTP/1.1\r\n"
     "Content-Type: application/json\r\n", "{" USER "}", 200,
     "chat.completion"},
    {"POST /v2/gen-ai/agents//chat/completions HTTP/1.1\r\n", "", 404,
     "not_found"},
    {"POST /v1/chat/completions HTTP/1.1\r\n", "{" USER "}", 415,
     "unsupported_media_type"},
    {"POST /v1/chat/completions HTTP/1.1\r\nContent-Type: text/plain\r\n",
     "{" USER "}", 415, "invalid_request_error"},
    {"POST /v1/chat/completions HTTP/1.1\r\n"
     "Content-Type: Application/JSON; charset=utf-8\r\n", "{" USER "}", 200,
     "chat.completion"},
    {POST, "", 400, "not valid JSON"},
    {POST, "{", 400, "not valid JSON"},
    {POST, "{" USER "} x", 400, "not valid JSON"},
    {POST, "[]", 400, "must be a JSON object"},
    {POST, "{}", 400, "\"param\":\"messages\""},
    {POST, "{\"messages\":[]}", 400, "\"param\":\"messages\""},
    {POST, "{\"messages\":{}}", 400, "\"param\":\"messages\""},
    {POST, "{\"messages\":[1]}", 400, "needs a role"},
    {POST, "{\"messages\":[{\"role\":\"boss\",\"content\":\"a\"}]}", 400,
     "needs a role"},
    {POST, "{\"messages\":[{\"role\":\"user\",\"content\":1}]}", 400,
     "must be text"},
    {POST, "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":"
           "\"image_url\"}]}]}", 400, "must be text"},
    {POST, "{\"model\":7," USER "}", 400, "\"param\":\"model\""},
    {POST, "{\"stream\":1," USER "}", 400, "\"param\":\"stream\""},
    {POST, "{\"stream_options\":{}," USER "}", 400, "stream_options"},
    {POST, "{\"stream\":true,\"stream_options\":1," USER "}", 400,
     "stream_options"},
    {POST, "{\"n\":2," USER "}", 400, "\"param\":\"n\""},
    {POST, "{\"max_tokens\":0," USER "}", 400, "\"param\":\"max_tokens\""},
    {POST, "{\"max_completion_tokens\":\"5\"," USER "}", 400, "positive"},
    {POST, "{\"model\":\"offline-fault-nope\"," USER "}", 400,
     "unknown_fault"},
    {POST "X-Offline-Fault: nope\r\n", "{" USER "}", 400, "unknown_fault"},
    {"BREW / HTTP/9.9\r\n", "", 505, "{\"error\":{\"message\":"},
    {"GET /v1/models HTTP/1.1\r\nBad Header: x\r\n", "", 400,
     "{\"error\":{\"message\":\"The request is malformed.\""},
};

static void test_requests_and_their_status(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        talk(rig, rows[i].head, rows[i].body);
        if (status_of(rig) != rows[i].status ||
            !net_heard(&rig->peer, rows[i].hears)) {
            print_error("row %zu: %s", i, rig->peer.bytes);
            fail();
        }
        net_close(&rig->peer);
    }
}

static void test_a_large_body_is_refused(void **state)
{
    struct rig *const rig = (struct rig *)*state;
    assert_true(net_open(&rig->peer, rig->port, 0));
    assert_true(net_say(&rig->peer, POST "Host: x\r\nContent-Length: 4194305"
                                         "\r\n\r\n"));
    until_heard(rig, "The body is too large.");
    assert_int_equal(status_of(rig), 413);
    net_close(&rig->peer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_stream_quotes_what_matches),
        TEST(test_usage_when_asked_for),
        TEST(test_json_says_the_same),
        TEST(test_max_tokens_is_obeyed),
        TEST(test_nothing_matches),
        TEST(test_the_syllabus_is_extracted),
        TEST(test_a_handbook_holds_no_facts),
        TEST(test_requests_and_their_status),
        TEST(test_a_large_body_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
