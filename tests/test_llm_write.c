/*
 * test_llm_write.c - chunks a server writes, to the byte and read back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_llm_rows.h"

#define HEAD                                                                   \
    "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":7," \
    "\"model\":\"m\",\"choices\":["

static sse_llm_chunk chunk_of(void)
{
    sse_llm_chunk chunk;
    memset(&chunk, 0, sizeof chunk);
    chunk.id = "c1";
    chunk.model = "m";
    chunk.created = 7;
    return chunk;
}

/* Writes into memory of every size up to what it takes; all smaller ones must
 * be refused. */
static void expect_chunk(const sse_llm_chunk *chunk, const char *want)
{
    const size_t len = strlen(want);
    for (size_t cap = 1; cap <= len + 1; cap++) {
        char *const dst = (char *)malloc(cap);
        assert_non_null(dst);
        size_t written = 99;
        const sse_status status =
            sse_llm_openai_chunk_write(chunk, dst, cap, &written);
        if (cap < len) {
            assert_int_equal(status, SSE_ERR_NO_SPACE);
            assert_int_equal(written, 0);
        } else {
            assert_int_equal(status, SSE_OK);
            assert_int_equal(written, len);
            assert_memory_equal(dst, want, len);
        }
        free(dst);
    }
}

static void test_role(void **state)
{
    (void)state;
    sse_llm_chunk chunk = chunk_of();
    chunk.role = "assistant";
    chunk.text = "";
    expect_chunk(&chunk,
                 HEAD "{\"index\":0,\"delta\":{\"role\":\"assistant\","
                      "\"content\":\"\"},\"finish_reason\":null}]}\n\n");
}

static void test_text_is_escaped(void **state)
{
    (void)state;
    sse_llm_chunk chunk = chunk_of();
    chunk.choice = 2;
    chunk.usage_asked = 1;
    chunk.text = "a\n\r\"\\\x01\xC3\xA4\xFF";
    chunk.text_len = 9;
    expect_chunk(&chunk,
                 HEAD "{\"index\":2,\"delta\":{\"content\":\"a\\n\\r\\\"\\\\"
                      "\\u0001\xC3\xA4\xEF\xBF\xBD\"},\"finish_reason\":null}]"
                      ",\"usage\":null}\n\n");
}

static void test_reasoning(void **state)
{
    (void)state;
    sse_llm_chunk chunk = chunk_of();
    chunk.text = "a";
    chunk.text_len = 1;
    chunk.reasoning = "b";
    chunk.reasoning_len = 1;
    expect_chunk(&chunk, HEAD "{\"index\":0,\"delta\":{\"content\":\"a\","
                              "\"reasoning_content\":\"b\"},"
                              "\"finish_reason\":null}]}\n\n");
}

static void test_tool_pieces(void **state)
{
    (void)state;
    sse_llm_chunk chunk = chunk_of();
    sse_llm_tool_piece tool;
    memset(&tool, 0, sizeof tool);
    tool.index = 1;
    tool.id = "call";
    tool.name = "f";
    tool.arguments = "";
    chunk.tool = &tool;
    chunk.role = "assistant";
    expect_chunk(&chunk,
                 HEAD "{\"index\":0,\"delta\":{\"role\":\"assistant\","
                      "\"tool_calls\":[{\"index\":1,\"id\":\"call\",\"type\":"
                      "\"function\",\"function\":{\"name\":\"f\","
                      "\"arguments\":\"\"}}]},\"finish_reason\":null}]}\n\n");
    tool.id = NULL;
    tool.name = NULL;
    tool.arguments = "{\"";
    tool.arguments_len = 2;
    chunk.role = NULL;
    expect_chunk(&chunk,
                 HEAD "{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":1,"
                      "\"function\":{\"arguments\":\"{\\\"\"}}]},"
                      "\"finish_reason\":null}]}\n\n");
    tool.name = "f";
    tool.arguments = NULL;
    expect_chunk(&chunk,
                 HEAD "{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":1,"
                      "\"function\":{\"name\":\"f\"}}]},"
                      "\"finish_reason\":null}]}\n\n");
}

static void test_finish(void **state)
{
    (void)state;
    sse_llm_chunk chunk = chunk_of();
    chunk.finish_reason = "stop";
    expect_chunk(&chunk, HEAD "{\"index\":0,\"delta\":{},"
                              "\"finish_reason\":\"stop\"}]}\n\n");
}

static void test_usage(void **state)
{
    (void)state;
    sse_llm_chunk chunk = chunk_of();
    sse_llm_usage usage = {9, 3, -1, -1, -1};
    chunk.usage = &usage;
    chunk.created = -7;
    expect_chunk(&chunk,
                 "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\","
                 "\"created\":-7,\"model\":\"m\",\"choices\":[],\"usage\":{"
                 "\"prompt_tokens\":9,\"completion_tokens\":3,"
                 "\"total_tokens\":12}}\n\n");
    usage.prompt_tokens = -1;
    usage.total_tokens = INT64_MAX;
    usage.cached_tokens = 0;
    usage.reasoning_tokens = 2;
    chunk.created = 7;
    expect_chunk(&chunk,
                 HEAD "],\"usage\":{\"prompt_tokens\":0,"
                      "\"completion_tokens\":3,"
                      "\"total_tokens\":9223372036854775807,"
                      "\"prompt_tokens_details\":{\"cached_tokens\":0},"
                      "\"completion_tokens_details\":{\"reasoning_tokens\":2}}"
                      "}\n\n");
}

static void test_error_and_last(void **state)
{
    (void)state;
    char dst[128];
    size_t written = 0;
    sse_llm_error error = {NULL, "server_error", "a \"b\""};
    const char *const want = "data: {\"error\":{\"message\":\"a \\\"b\\\"\","
                             "\"type\":\"server_error\",\"param\":null,"
                             "\"code\":null}}\n\n";
    assert_int_equal(sse_llm_openai_error_write(&error, dst, 128, &written),
                     SSE_OK);
    assert_int_equal(written, strlen(want));
    assert_memory_equal(dst, want, written);
    assert_int_equal(sse_llm_openai_error_write(&error, dst, 40, &written),
                     SSE_ERR_NO_SPACE);
    assert_int_equal(written, 0);
    assert_int_equal(sse_llm_openai_done_write(dst, 14, &written), SSE_OK);
    assert_memory_equal(dst, "data: [DONE]\n\n", 14);
    assert_int_equal(sse_llm_openai_done_write(dst, 13, &written),
                     SSE_ERR_NO_SPACE);
}

static void test_missing_pointers(void **state)
{
    (void)state;
    char dst[512];
    size_t written = 9;
    sse_llm_chunk chunk = chunk_of();
    sse_llm_error error = {NULL, NULL, NULL};
    assert_int_equal(sse_llm_openai_chunk_write(NULL, dst, 512, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(written, 0);
    assert_int_equal(sse_llm_openai_chunk_write(&chunk, NULL, 0, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_llm_openai_chunk_write(&chunk, dst, 512, NULL),
                     SSE_ERR_INVALID);
    chunk.id = NULL;
    assert_int_equal(sse_llm_openai_chunk_write(&chunk, dst, 512, &written),
                     SSE_ERR_INVALID);
    chunk.id = "i";
    chunk.model = NULL;
    assert_int_equal(sse_llm_openai_chunk_write(&chunk, dst, 512, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_llm_openai_error_write(NULL, dst, 512, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_llm_openai_error_write(&error, NULL, 0, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_llm_openai_error_write(&error, dst, 512, NULL),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_llm_openai_done_write(NULL, 0, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_llm_openai_done_write(dst, 512, NULL),
                     SSE_ERR_INVALID);
}

/* Appends a chunk to a stream. */
static void append(char *stream, size_t *len, const sse_llm_chunk *chunk)
{
    size_t written = 0;
    assert_int_equal(sse_llm_openai_chunk_write(chunk, stream + *len,
                                                4096 - *len, &written),
                     SSE_OK);
    *len += written;
}

static void test_round_trip(void **state)
{
    (void)state;
    char stream[4097];
    size_t len = 0;
    size_t written = 0;
    const sse_llm_usage usage = {3, 2, 5, -1, -1};
    sse_llm_chunk chunk = chunk_of();
    chunk.usage_asked = 1;
    chunk.role = "assistant";
    chunk.text = "";
    append(stream, &len, &chunk);
    chunk.role = NULL;
    chunk.text = "two\n\nlines, \xF0\x9F\x98\x80";
    chunk.text_len = strlen(chunk.text);
    append(stream, &len, &chunk);
    chunk.text = NULL;
    chunk.finish_reason = "length";
    append(stream, &len, &chunk);
    chunk.usage = &usage;
    append(stream, &len, &chunk);
    assert_int_equal(sse_llm_openai_done_write(stream + len, 4096 - len,
                                               &written),
                     SSE_OK);
    len += written;
    stream[len] = '\0';
    llm_row row = {"", stream,
                   "text 0 two\n\nlines, \xF0\x9F\x98\x80\nfinish 0 length\n"
                   "length marked reason=length id=c1 model=m prompt=3 "
                   "completion=2 total=5",
                   0};
    void *one = &row;
    run_llm_row(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_role),
        cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_reasoning),
        cmocka_unit_test(test_tool_pieces),
        cmocka_unit_test(test_finish),
        cmocka_unit_test(test_usage),
        cmocka_unit_test(test_error_and_last),
        cmocka_unit_test(test_missing_pointers),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
