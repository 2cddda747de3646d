/*
 * test_json_chars.c - strings unescaped whole, in pieces, and across strings.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/json.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/rows.h"

#define LOST "\xEF\xBF\xBD"
#define SMILE "\xF0\x9F\x98\x80"

/* A text as several strings behind each other, and what they mean together;
 * most rows have one. */
typedef struct chars_row {
    const char *name;
    const char *strings[4]; /* with quotation marks */
    const char *text;
    size_t len;
} chars_row;

#define MEANS(text) text, sizeof(text) - 1

static chars_row rows[] = {
    {"empty", {"\"\""}, MEANS("")},
    {"plain", {"\"hello\""}, MEANS("hello")},
    {"short escapes", {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""},
     MEANS("\"\\/\b\f\n\r\t")},
    {"NUL", {"\"a\\u0000b\""}, MEANS("a\0b")},
    {"one byte", {"\"\\u0041\\u007f\""}, MEANS("A\x7F")},
    {"two bytes", {"\"\\u0080\\u07FF\""}, MEANS("\xC2\x80\xDF\xBF")},
    {"three bytes", {"\"\\u0800\\uffff\""}, MEANS("\xE0\xA0\x80\xEF\xBF\xBF")},
    {"around the surrogates", {"\"\\ud7ff\\ue000\""},
     MEANS("\xED\x9F\xBF\xEE\x80\x80")},
    {"four bytes", {"\"\\ud800\\udc00\\uDBFF\\uDFFF\""},
     MEANS("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF")},
    {"a smile", {"\"a\\ud83d\\ude00b\""}, MEANS("a" SMILE "b")},
    {"raw beyond ASCII", {"\"\xC3\xA4" SMILE "\xE6\xBC\xA2\""},
     MEANS("\xC3\xA4" SMILE "\xE6\xBC\xA2")},
    {"raw and escaped in turns", {"\"a\\nb\\u00e4\xC3\xA4\\tc\""},
     MEANS("a\nb\xC3\xA4\xC3\xA4\tc")},
    {"a high half before text", {"\"\\ud83dx\""}, MEANS(LOST "x")},
    {"a high half before an escape", {"\"\\ud83d\\n\""}, MEANS(LOST "\n")},
    {"a high half before u", {"\"\\ud83d\\u0041\""}, MEANS(LOST "A")},
    {"two high halves", {"\"\\ud83d\\ud83d\""}, MEANS(LOST LOST)},
    {"a high half before a pair", {"\"\\ud83d\\ud83d\\ude00\""},
     MEANS(LOST SMILE)},
    {"a high half at the end", {"\"a\\ud83d\""}, MEANS("a" LOST)},
    {"a low half", {"\"\\ude00\""}, MEANS(LOST)},
    {"a low half behind a pair", {"\"\\ud83d\\ude00\\ude00\""},
     MEANS(SMILE LOST)},
    {"the wrong order", {"\"\\ude00\\ud83d\""}, MEANS(LOST LOST)},
    {"an escaped backslash before u", {"\"\\\\u0041\""}, MEANS("\\u0041")},
    {"a pair across two strings", {"\"a\\ud83d\"", "\"\\ude00b\""},
     MEANS("a" SMILE "b")},
    {"a pair across an empty string", {"\"\\ud83d\"", "\"\"", "\"\\ude00\""},
     MEANS(SMILE)},
    {"pairs across three strings",
     {"\"\\ud83d\"", "\"\\ude00\\ud83d\"", "\"\\ude00\""}, MEANS(SMILE SMILE)},
    {"half a pair, then text", {"\"\\ud83d\"", "\"x\""}, MEANS(LOST "x")},
    {"half a pair, then an escape", {"\"\\ud83d\"", "\"\\n\""},
     MEANS(LOST "\n")},
    {"half a pair, then another", {"\"\\ud83d\"", "\"\\ud83d\""},
     MEANS(LOST LOST)},
    {"low half in a second string", {"\"a\"", "\"\\ude00\""}, MEANS("a" LOST)},
};

static sse_json_value string_of(const char *text)
{
    sse_json json;
    sse_json_value value;
    sse_json_init(&json, text, strlen(text));
    assert_int_equal(sse_json_next(&json, &value), SSE_OK);
    assert_int_equal(value.kind, SSE_JSON_STRING);
    return value;
}

/* Not 0 if the bytes are whole characters: a string of them is JSON. */
static int is_whole(const char *text, size_t len)
{
    char quoted[32] = "\"";
    size_t used = 1;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] >= 0x80) {
            quoted[used++] = text[i];
        }
    }
    quoted[used++] = '"';
    return sse_json_check(quoted, used, NULL) == SSE_OK;
}

/* Reads all strings of a row with pieces of @p cap bytes. */
static void run_pieces(const chars_row *row, size_t cap)
{
    char all[64];
    size_t used = 0;
    sse_json_chars chars;
    memset(&chars, 0, sizeof chars);
    char *const piece = (char *)malloc(cap);
    assert_non_null(piece);
    size_t got = 0;
    for (size_t i = 0; i < 4 && row->strings[i] != NULL; i++) {
        const sse_json_value value = string_of(row->strings[i]);
        sse_json_chars_start(&chars, &value);
        sse_status more = SSE_NEED_SPACE;
        while (more == SSE_NEED_SPACE) {
            more = sse_json_chars_read(&chars, piece, cap, &got);
            assert_true(got <= cap);
            assert_true(more == SSE_OK || got > 0);
            assert_true(is_whole(piece, got));
            memcpy(all + used, piece, got);
            used += got;
        }
        assert_int_equal(more, SSE_OK);
    }
    assert_int_equal(sse_json_chars_finish(&chars, piece, cap, &got), SSE_OK);
    memcpy(all + used, piece, got);
    used += got;
    assert_int_equal(used, row->len);
    assert_memory_equal(all, row->text, row->len);
    assert_int_equal(sse_json_chars_finish(&chars, piece, cap, &got), SSE_OK);
    assert_int_equal(got, 0);
    free(piece);
}

static void run_row(void **state)
{
    const chars_row *const row = (const chars_row *)*state;
    for (size_t cap = 4; cap <= 32; cap++) {
        run_pieces(row, cap);
    }
    if (row->strings[1] != NULL) {
        return;
    }
    const sse_json_value value = string_of(row->strings[0]);
    for (size_t cap = 0; cap <= value.len; cap++) {
        char *const dst = (char *)malloc(cap > 0 ? cap : 1);
        assert_non_null(dst);
        size_t written = 99;
        const sse_status status = sse_json_unescape(&value, dst, cap, &written);
        assert_int_equal(status, cap < row->len ? SSE_ERR_NO_SPACE : SSE_OK);
        assert_int_equal(written, cap < row->len ? 0 : row->len);
        assert_true(status != SSE_OK || row->len == 0 ||
                    memcmp(dst, row->text, row->len) == 0);
        free(dst);
    }
}

static void test_missing_pointers_and_space(void **state)
{
    (void)state;
    sse_json_chars chars;
    memset(&chars, 0, sizeof chars);
    const sse_json_value value = string_of("\"a\\ud83d\"");
    char dst[8];
    size_t written = 9;
    sse_json_chars_start(NULL, &value);
    sse_json_chars_start(&chars, &value);
    assert_int_equal(sse_json_chars_read(&chars, dst, 3, &written),
                     SSE_ERR_NO_SPACE);
    assert_int_equal(written, 0);
    assert_int_equal(sse_json_chars_read(&chars, NULL, 8, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_json_chars_read(NULL, dst, 8, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_json_chars_read(&chars, dst, 8, NULL),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_json_chars_read(&chars, dst, 8, &written), SSE_OK);
    assert_int_equal(written, 1);
    assert_int_equal(sse_json_chars_finish(&chars, dst, 2, &written),
                     SSE_ERR_NO_SPACE);
    assert_int_equal(sse_json_chars_finish(&chars, NULL, 8, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_json_chars_finish(NULL, dst, 8, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_json_chars_finish(&chars, dst, 8, NULL),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_json_chars_finish(&chars, dst, 3, &written), SSE_OK);
    assert_int_equal(written, 3);
}

static void test_other_values_are_no_strings(void **state)
{
    (void)state;
    sse_json json;
    sse_json_value value;
    sse_json_chars chars;
    char dst[8];
    size_t written = 9;
    sse_json_init(&json, "12", 2);
    assert_int_equal(sse_json_next(&json, &value), SSE_OK);
    assert_int_equal(sse_json_unescape(&value, dst, 8, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_json_unescape(NULL, dst, 8, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_json_unescape(&value, dst, 8, NULL), SSE_ERR_INVALID);
    memset(&chars, 0, sizeof chars);
    sse_json_chars_start(&chars, &value);
    assert_int_equal(sse_json_chars_read(&chars, dst, 8, &written), SSE_OK);
    assert_int_equal(written, 0);
    sse_json_chars_start(&chars, NULL);
    assert_int_equal(sse_json_chars_read(&chars, dst, 8, &written), SSE_OK);
    assert_int_equal(written, 0);
}

static void test_no_room_but_for_nothing(void **state)
{
    (void)state;
    size_t written = 9;
    sse_json_value value = string_of("\"a\"");
    assert_int_equal(sse_json_unescape(&value, NULL, 8, &written),
                     SSE_ERR_INVALID);
    assert_int_equal(sse_json_unescape(&value, NULL, 0, &written),
                     SSE_ERR_NO_SPACE);
    value = string_of("\"\"");
    assert_int_equal(sse_json_unescape(&value, NULL, 0, &written), SSE_OK);
    assert_int_equal(written, 0);
}

static void test_names_are_strings(void **state)
{
    (void)state;
    sse_json json;
    sse_json_value value;
    char dst[8];
    size_t written = 9;
    sse_json_init(&json, "{\"\\u0061\":1}", 12);
    assert_int_equal(sse_json_next(&json, &value), SSE_OK);
    assert_int_equal(sse_json_next(&json, &value), SSE_OK);
    assert_int_equal(value.kind, SSE_JSON_NAME);
    assert_int_equal(sse_json_unescape(&value, dst, 8, &written), SSE_OK);
    assert_int_equal(written, 1);
    assert_int_equal(dst[0], 'a');
}

/* A value made by hand that is no UTF-8 is cut where no character begins. */
static void test_tail_bytes_alone_are_read(void **state)
{
    (void)state;
    const sse_json_value value = {SSE_JSON_STRING, 0,
                                  "\x80\x80\x80\x80\x80\x80", 6, 0};
    sse_json_chars chars;
    char dst[4];
    size_t written = 0;
    memset(&chars, 0, sizeof chars);
    sse_json_chars_start(&chars, &value);
    assert_int_equal(sse_json_chars_read(&chars, dst, 4, &written),
                     SSE_NEED_SPACE);
    assert_int_equal(written, 4);
    assert_int_equal(sse_json_chars_read(&chars, dst, 4, &written), SSE_OK);
    assert_int_equal(written, 2);
}

/* A value made by hand with a cut escape is read no further than it goes. */
static void test_cut_escapes_end_the_string(void **state)
{
    (void)state;
    const char *const texts[] = {"a\\", "a\\u", "a\\u12", "a\\u123"};
    for (size_t i = 0; i < 4; i++) {
        const sse_json_value value = {SSE_JSON_STRING, SSE_JSON_ESCAPED,
                                      texts[i], strlen(texts[i]), 0};
        char dst[8];
        size_t written = 0;
        assert_int_equal(sse_json_unescape(&value, dst, 8, &written), SSE_OK);
        assert_int_equal(written, 1);
    }
}

#define ROW_COUNT (sizeof rows / sizeof rows[0])
#define SINGLE 6 /* tests that are no rows */

int main(void)
{
    static struct CMUnitTest tests[ROW_COUNT + SINGLE] = {
        cmocka_unit_test(test_missing_pointers_and_space),
        cmocka_unit_test(test_other_values_are_no_strings),
        cmocka_unit_test(test_cut_escapes_end_the_string),
        cmocka_unit_test(test_no_room_but_for_nothing),
        cmocka_unit_test(test_names_are_strings),
        cmocka_unit_test(test_tail_bytes_alone_are_read),
    };
    (void)FILL_ROWS(tests + SINGLE, rows, name, run_row);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
