/*
 * test_json_cursor.c - tokens, whole values, members, depth, integers.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/json.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const kinds[] = {"none",   "null",   "false", "true",
                                    "number", "string", "[",     "{",
                                    "name",   "]",      "}",     "end"};

/* Prints the tokens of a text as `kind@offset:text`, one behind the other. */
static void print_tokens(const char *text, char *log, size_t cap)
{
    sse_json json;
    sse_json_value token;
    size_t used = 0;
    sse_json_init(&json, text, strlen(text));
    do {
        const sse_status status = sse_json_next(&json, &token);
        const int wrote =
            status != SSE_OK
                ? snprintf(log + used, cap - used, " error@%u",
                           (unsigned)sse_json_offset(&json))
                : snprintf(log + used, cap - used, "%s%s@%u:%.*s",
                           used > 0 ? " " : "", kinds[token.kind],
                           (unsigned)token.offset, (int)token.len,
                           token.len > 0 ? token.text : "");
        assert_true(wrote > 0 && (size_t)wrote < cap - used);
        used += (size_t)wrote;
        if (status != SSE_OK) {
            return;
        }
    } while (token.kind != SSE_JSON_END);
}

static void test_cursor_tells_every_token(void **state)
{
    (void)state;
    char log[512];
    print_tokens(" {\"a\\n\" : [1, -2.5e3 ,\"x\"],\"b\":{} , \"c\":null}\n",
                 log, sizeof log);
    assert_string_equal(log,
                        "{@1:{ name@3:a\\n [@10:[ number@11:1 number@14:-2.5e3 "
                        "string@23:x ]@25:] name@28:b {@31:{ }@32:} name@37:c "
                        "null@40:null }@44:} end@46:");
    print_tokens("true", log, sizeof log);
    assert_string_equal(log, "true@0:true end@4:");
    print_tokens("[false,tru]", log, sizeof log);
    assert_string_equal(log, "[@0:[ false@1:false error@10");
}

static void test_cursor_error_is_sticky(void **state)
{
    (void)state;
    sse_json json;
    sse_json_value token;
    sse_json_init(&json, "[,1]", 4);
    assert_int_equal(sse_json_next(&json, &token), SSE_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sse_json_next(&json, &token), SSE_ERR_PROTOCOL);
        assert_int_equal(token.kind, SSE_JSON_NONE);
        assert_int_equal(sse_json_offset(&json), 1);
        assert_int_equal(sse_json_next_value(&json, &token), SSE_ERR_PROTOCOL);
    }
}

static void test_cursor_end_repeats(void **state)
{
    (void)state;
    sse_json json;
    sse_json_value token;
    sse_json_init(&json, "1", 1);
    assert_int_equal(sse_json_next(&json, &token), SSE_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sse_json_next(&json, &token), SSE_OK);
        assert_int_equal(token.kind, SSE_JSON_END);
    }
}

static void test_cursor_flags_escapes(void **state)
{
    (void)state;
    sse_json json;
    sse_json_value token;
    sse_json_init(&json, "[\"a\",\"\\u0061\"]", 14);
    assert_int_equal(sse_json_next(&json, &token), SSE_OK);
    assert_int_equal(sse_json_next(&json, &token), SSE_OK);
    assert_int_equal(token.flags, 0);
    assert_int_equal(sse_json_next(&json, &token), SSE_OK);
    assert_int_equal(token.flags, SSE_JSON_ESCAPED);
}

static void test_cursor_copy_goes_on_independently(void **state)
{
    (void)state;
    sse_json json;
    sse_json_value token;
    sse_json_init(&json, "[1,2]", 5);
    assert_int_equal(sse_json_next(&json, &token), SSE_OK);
    sse_json copy = json;
    assert_int_equal(sse_json_next(&json, &token), SSE_OK);
    assert_int_equal(sse_json_next(&json, &token), SSE_OK);
    assert_memory_equal(token.text, "2", 1);
    assert_int_equal(sse_json_next(&copy, &token), SSE_OK);
    assert_memory_equal(token.text, "1", 1);
}

static void test_next_value_is_whole(void **state)
{
    (void)state;
    const char *const text = "[ {\"a\":[1,{}]} , [ ] , \"s\" ]";
    sse_json json;
    sse_json_value value;
    sse_json_init(&json, text, strlen(text));
    assert_int_equal(sse_json_next(&json, &value), SSE_OK);
    assert_int_equal(sse_json_next_value(&json, &value), SSE_OK);
    assert_int_equal(value.kind, SSE_JSON_OBJECT);
    assert_int_equal(value.offset, 2);
    assert_int_equal(value.len, 12);
    assert_memory_equal(value.text, "{\"a\":[1,{}]}", 12);
    assert_int_equal(sse_json_next_value(&json, &value), SSE_OK);
    assert_int_equal(value.kind, SSE_JSON_ARRAY);
    assert_int_equal(value.len, 3);
    assert_int_equal(sse_json_next_value(&json, &value), SSE_OK);
    assert_int_equal(value.kind, SSE_JSON_STRING);
    assert_int_equal(sse_json_next_value(&json, &value), SSE_OK);
    assert_int_equal(value.kind, SSE_JSON_ARRAY_END);
    assert_int_equal(sse_json_next_value(&json, &value), SSE_OK);
    assert_int_equal(value.kind, SSE_JSON_END);
}

/* Writes a text that nests @p depth containers, arrays and objects mixed. */
static size_t nest(char *text, uint32_t depth)
{
    size_t len = 0;
    for (uint32_t i = 0; i < depth; i++) {
        const char *const open = i % 3 == 0 ? "{\"a\":" : "[";
        memcpy(text + len, open, strlen(open));
        len += strlen(open);
    }
    text[len++] = '1';
    for (uint32_t i = depth; i > 0; i--) {
        text[len++] = (i - 1) % 3 == 0 ? '}' : ']';
    }
    return len;
}

static void test_depth_is_capped(void **state)
{
    (void)state;
    char text[8 * SSE_JSON_DEPTH_MAX];
    size_t at = 0;
    for (uint32_t depth = 0; depth <= SSE_JSON_DEPTH_MAX; depth++) {
        assert_int_equal(sse_json_check(text, nest(text, depth), &at), SSE_OK);
    }
    const size_t len = nest(text, SSE_JSON_DEPTH_MAX + 1);
    assert_int_equal(sse_json_check(text, len, &at), SSE_ERR_LIMIT);
    memset(text, '[', sizeof text);
    assert_int_equal(sse_json_check(text, sizeof text, &at), SSE_ERR_LIMIT);
    assert_int_equal(at, SSE_JSON_DEPTH_MAX);
    sse_json json;
    sse_json_value value;
    sse_json_init(&json, text, sizeof text);
    assert_int_equal(sse_json_next_value(&json, &value), SSE_ERR_LIMIT);
    assert_int_equal(value.kind, SSE_JSON_NONE);
}

static void test_members_in_one_pass(void **state)
{
    (void)state;
    const char *const text = " {\"x\":{\"a\":1},\"a\":[2],\"\\u0062\":\"3\","
                             "\"c\":null,\"a\":4} ";
    sse_json_member members[] = {
        {.name = "a"}, {.name = "b"}, {.name = "c"}, {.name = "d"}};
    assert_int_equal(sse_json_members(text, strlen(text), members, 4), SSE_OK);
    assert_int_equal(members[0].value.kind, SSE_JSON_NUMBER); /* the last */
    assert_memory_equal(members[0].value.text, "4", 1);
    assert_int_equal(members[1].value.kind, SSE_JSON_STRING);
    assert_int_equal(members[2].value.kind, SSE_JSON_NULL);
    assert_int_equal(members[3].value.kind, SSE_JSON_NONE);
    assert_ptr_equal(text + members[1].value.offset, members[1].value.text);
    assert_int_equal(sse_json_members(text, strlen(text), NULL, 0), SSE_OK);
}

static void test_members_checks_all_of_it(void **state)
{
    (void)state;
    sse_json_member one = {.name = "a"};
    assert_int_equal(sse_json_members("{\"a\":1,\"b\":tru}", 15, &one, 1),
                     SSE_ERR_PROTOCOL);
    assert_int_equal(sse_json_members("{\"a\":1} x", 9, &one, 1),
                     SSE_ERR_PROTOCOL);
    assert_int_equal(sse_json_members("[{\"a\":1}]", 9, &one, 1),
                     SSE_ERR_PROTOCOL);
    assert_int_equal(one.value.kind, SSE_JSON_NONE);
    assert_int_equal(sse_json_members("\"a\"", 3, &one, 1), SSE_ERR_PROTOCOL);
    assert_int_equal(sse_json_members("", 0, &one, 1), SSE_ERR_PROTOCOL);
    assert_int_equal(sse_json_members(NULL, 1, &one, 1), SSE_ERR_INVALID);
    assert_int_equal(sse_json_members("{}", 2, NULL, 1), SSE_ERR_INVALID);
    assert_int_equal(sse_json_members("{}", 2, NULL, 0), SSE_OK);
    assert_int_equal(sse_json_members(NULL, 0, &one, 1), SSE_ERR_PROTOCOL);
}

static void test_missing_pointers(void **state)
{
    (void)state;
    sse_json json;
    sse_json_value value;
    int64_t number = 0;
    sse_json_init(NULL, "1", 1);
    sse_json_init(&json, NULL, 1);
    assert_int_equal(sse_json_next(&json, &value), SSE_ERR_PROTOCOL);
    assert_int_equal(sse_json_next(&json, NULL), SSE_ERR_INVALID);
    assert_int_equal(sse_json_next(NULL, &value), SSE_ERR_INVALID);
    assert_int_equal(sse_json_next_value(NULL, &value), SSE_ERR_INVALID);
    assert_int_equal(sse_json_offset(NULL), 0);
    assert_int_equal(sse_json_check(NULL, 1, NULL), SSE_ERR_INVALID);
    assert_int_equal(sse_json_check(NULL, 0, NULL), SSE_ERR_PROTOCOL);
    assert_int_equal(sse_json_check("1", 1, NULL), SSE_OK);
    assert_int_equal(sse_json_equals(NULL, "a"), 0);
    assert_int_equal(sse_json_integer(NULL, &number), SSE_ERR_INVALID);
    sse_json_init(&json, "1", 1);
    assert_int_equal(sse_json_next(&json, &value), SSE_OK);
    assert_int_equal(sse_json_integer(&value, NULL), SSE_ERR_INVALID);
    value.len = 0; /* as no number that was read */
    assert_int_equal(sse_json_integer(&value, &number), SSE_ERR_INVALID);
}

/* Reads the one value of a text. */
static sse_json_value value_of(const char *text)
{
    sse_json json;
    sse_json_value value;
    sse_json_init(&json, text, strlen(text));
    assert_int_equal(sse_json_next_value(&json, &value), SSE_OK);
    return value;
}

static void test_integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        sse_status status;
        int64_t number;
    } rows[] = {
        {"0", SSE_OK, 0},
        {"-0", SSE_OK, 0},
        {"7", SSE_OK, 7},
        {"-1", SSE_OK, -1},
        {"9223372036854775807", SSE_OK, INT64_MAX},
        {"-9223372036854775807", SSE_OK, -INT64_MAX},
        {"-9223372036854775808", SSE_OK, INT64_MIN},
        {"9223372036854775808", SSE_ERR_INVALID, 0},
        {"-9223372036854775809", SSE_ERR_INVALID, 0},
        {"18446744073709551616", SSE_ERR_INVALID, 0},
        {"99999999999999999999999999", SSE_ERR_INVALID, 0},
        {"1.0", SSE_ERR_INVALID, 0},
        {"1e2", SSE_ERR_INVALID, 0},
        {"\"1\"", SSE_ERR_INVALID, 0},
        {"null", SSE_ERR_INVALID, 0},
        {"[1]", SSE_ERR_INVALID, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const sse_json_value value = value_of(rows[i].text);
        int64_t number = 42;
        assert_int_equal(sse_json_integer(&value, &number), rows[i].status);
        const int64_t want = rows[i].status == SSE_OK ? rows[i].number : 42;
        assert_true(number == want);
    }
}

static void test_equals(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *text;
        int same;
    } rows[] = {
        {"\"\"", "", 1},
        {"\"a\"", "a", 1},
        {"\"a\"", "", 0},
        {"\"\"", "a", 0},
        {"\"a\"", "ab", 0},
        {"\"ab\"", "a", 0},
        {"\"a\"", "b", 0},
        {"\"\\u0061\"", "a", 1},
        {"\"\\u0061\"", "b", 0},
        {"\"\\u0061b\"", "a", 0},
        {"\"\\u0061\"", "ab", 0},
        {"\"\\u00e4\"", "\xC3\xA4", 1},
        {"\"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80", 1},
        {"\"\\ud83d\"", "\xEF\xBF\xBD", 1},
        {"\"\\ud83d\"", "\xEF\xBF\xBC", 0},
        {"\"a\\u0000\"", "a", 0},
        {"\"0123456789012345678901234567890\\n123456789\"",
         "0123456789012345678901234567890\n123456789", 1},
        {"\"0123456789012345678901234567890\\n123456789\"",
         "0123456789012345678901234567890\n12345678", 0},
        {"1", "1", 0},
        {"null", "null", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const sse_json_value value = value_of(rows[i].json);
        assert_int_equal(sse_json_equals(&value, rows[i].text) != 0,
                         rows[i].same);
    }
    const sse_json_value value = value_of("\"a\"");
    assert_int_equal(sse_json_equals(&value, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cursor_tells_every_token),
        cmocka_unit_test(test_cursor_error_is_sticky),
        cmocka_unit_test(test_cursor_end_repeats),
        cmocka_unit_test(test_cursor_flags_escapes),
        cmocka_unit_test(test_cursor_copy_goes_on_independently),
        cmocka_unit_test(test_next_value_is_whole),
        cmocka_unit_test(test_depth_is_capped),
        cmocka_unit_test(test_members_in_one_pass),
        cmocka_unit_test(test_members_checks_all_of_it),
        cmocka_unit_test(test_missing_pointers),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_equals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
