/*
 * test_json_bytes.c - RFC 8259, byte by byte: which of all bytes may stand in
 * each place of the grammar, and which sequences of bytes are characters.
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

#define WS " \t\n\r"
#define DIGITS "0123456789"
#define HEX DIGITS "abcdefABCDEF"
/* Every character of ASCII that stands for itself within a string. */
#define PLAIN                                                                  \
    " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ"               \
    "[]^_`abcdefghijklmnopqrstuvwxyz{|}~\x7F"

/* A place, and the bytes that make a text of it.  NUL never does. */
typedef struct place {
    const char *name;
    const char *before, *behind;
    const char *allowed;
} place;

static place places[] = {
    {"alone", "", "", DIGITS},
    {"before a number", "", "1", WS "-123456789"},
    {"behind a number", "1", "", WS DIGITS},
    {"between two digits", "1", "1", DIGITS ".eE"},
    {"behind a zero", "0", "", WS},
    {"behind a zero, digits behind", "0", "1", ".eE"},
    {"behind a minus", "-", "", DIGITS},
    {"behind a minus and zero", "-0", "", WS},
    {"behind a point", "1.", "", DIGITS},
    {"within a fraction", "1.2", "3", DIGITS "eE"},
    {"behind a fraction", "1.2", "", WS DIGITS},
    {"behind e", "1e", "", DIGITS},
    {"between e and a digit", "1e", "1", DIGITS "+-"},
    {"behind the sign of an exponent", "1e-", "", DIGITS},
    {"within an exponent", "1e2", "3", DIGITS},
    {"behind an exponent", "1E+2", "", WS DIGITS},
    {"in a string", "\"", "\"", PLAIN},
    {"in a string, behind text", "\"abcdefghijklmnop", "q\"", PLAIN},
    {"in a name", "{\"", "\":1}", PLAIN},
    {"behind a backslash", "\"\\", "\"", "\"\\/bfnrt"},
    {"behind a backslash, four digits behind", "\"\\", "0041\"",
     "\"\\/bfnrtu"},
    {"first digit of u", "\"\\u", "041\"", HEX},
    {"second digit of u", "\"\\u0", "41\"", HEX},
    {"third digit of u", "\"\\u00", "1\"", HEX},
    {"fourth digit of u", "\"\\u004", "\"", HEX},
    {"the end of a string", "\"a", "", "\""},
    {"behind a string", "\"\"", "", WS},
    {"in an array", "[", "]", WS DIGITS},
    {"the end of an empty array", "[", "", "]"},
    {"the end of an array", "[1", "", "]"},
    {"between two elements", "[1", "2]", "," DIGITS ".eE"},
    {"between two strings", "[\"\"", "\"\"]", ","},
    {"behind a comma", "[1,", "]", DIGITS},
    {"behind an array", "[]", "", WS},
    {"in an object", "{", "}", WS},
    {"the end of an empty object", "{", "", "}"},
    {"the end of an object", "{\"a\":1", "", "}"},
    {"behind a name", "{\"a\"", "1}", ":"},
    {"behind a name and a colon", "{\"a\":", "}", DIGITS},
    {"around a colon", "{\"a\"", ":1}", WS},
    {"before a value", "{\"a\":", "true}", WS},
    {"between two members", "{\"a\":true", "\"b\":1}", ","},
    {"behind a comma between members", "{\"a\":1,", "\"b\":1}", WS},
    {"before a name", "{", "\"a\":1}", WS},
    {"the opening mark of a name", "{", "a\":1}", "\""},
    {"behind an object", "{}", "", WS},
    {"n", "", "ull", "n"},
    {"u of null", "n", "ll", "u"},
    {"l of null", "nu", "l", "l"},
    {"the end of null", "nul", "", "l"},
    {"behind null", "null", "", WS},
    {"t", "", "rue", "t"},
    {"r of true", "t", "ue", "r"},
    {"u of true", "tr", "e", "u"},
    {"the end of true", "tru", "", "e"},
    {"behind true", "true", "", WS},
    {"f", "", "alse", "f"},
    {"a of false", "f", "lse", "a"},
    {"l of false", "fa", "se", "l"},
    {"s of false", "fal", "e", "s"},
    {"the end of false", "fals", "", "e"},
    {"behind false", "false", "", WS},
};

/* Whether a text is JSON, read where its memory ends. */
static int is_json(const char *text, size_t len)
{
    char *const copy = (char *)malloc(len);
    assert_non_null(copy);
    memcpy(copy, text, len);
    const sse_status status = sse_json_check(copy, len, NULL);
    free(copy);
    assert_true(status == SSE_OK || status == SSE_ERR_PROTOCOL);
    return status == SSE_OK;
}

static void run_place(void **state)
{
    const place *const here = (const place *)*state;
    const size_t before = strlen(here->before);
    const size_t behind = strlen(here->behind);
    char text[64];
    memcpy(text, here->before, before);
    memcpy(text + before + 1, here->behind, behind);
    for (int byte = 0; byte < 256; byte++) {
        text[before] = (char)byte;
        const int want = byte != 0 && strchr(here->allowed, byte) != NULL;
        assert_int_equal(is_json(text, before + 1 + behind), want);
    }
}

/* Bytes a character has by its first one, and the range of its second: table
 * 3-7 of the Unicode Standard, row by row. */
static const struct {
    int from, to, len, low, high;
} table[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF}, {0xED, 0xED, 3, 0x80, 0x9F},
    {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

/* Length of a character beyond ASCII with these first two bytes, or 0. */
static int length_of(int first, int second)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (first >= table[i].from && first <= table[i].to) {
            return second >= table[i].low && second <= table[i].high
                       ? table[i].len
                       : 0;
        }
    }
    return 0;
}

/* All pairs of bytes of which one is beyond ASCII, with up to three good ones
 * behind. */
static void test_pairs_of_bytes(void **state)
{
    (void)state;
    for (int pair = 0; pair < 65536; pair++) {
        const int first = pair >> 8;
        const int second = pair & 255;
        char text[8] = {'"', (char)first, (char)second};
        if (first < 0x80) {
            continue;
        }
        const int len = length_of(first, second);
        for (int tail = 0; tail < 3; tail++) {
            memset(text + 3, 0x80, (size_t)tail);
            text[3 + tail] = '"';
            assert_int_equal(is_json(text, (size_t)tail + 4), len == 2 + tail);
        }
    }
}

/* The third and the fourth byte of a character. */
static void test_last_bytes(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        char three[] = {'"', '\xE1', '\x80', (char)byte, '"'};
        char four[] = {'"', '\xF1', '\x80', '\x80', (char)byte, '"'};
        char within[] = {'"', '\xF1', '\x80', (char)byte, '\x80', '"'};
        const int want = byte >= 0x80 && byte <= 0xBF;
        assert_int_equal(is_json(three, sizeof three), want);
        assert_int_equal(is_json(four, sizeof four), want);
        assert_int_equal(is_json(within, sizeof within), want);
    }
}

#define PLACE_COUNT (sizeof places / sizeof places[0])

int main(void)
{
    struct CMUnitTest tests[PLACE_COUNT + 2];
    (void)FILL_ROWS(tests, places, name, run_place);
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_pairs_of_bytes),
        cmocka_unit_test(test_last_bytes),
    };
    memcpy(tests + PLACE_COUNT, others, sizeof others);
    return cmocka_run_group_tests_name("json bytes", tests, NULL, NULL);
}
