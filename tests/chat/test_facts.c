/*
 * test_facts.c - facts of chunks are brought into shape and merged.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "service/facts.h"
#include "service/merge.h"
#include "service/spelling.h"
#include "support/rows.h"

#define NONE                                                                   \
    "\"course\":{\"code\":null,\"title\":null,\"instructor\":null,"            \
    "\"term\":null}"

struct reading {
    const char *name;
    const char *text;
    const char *facts; /* NULL: none can be read */
};

static const struct reading readings[] = {
    {"empty object", "{}",
     "{" NONE ",\"units\":[],\"assessments\":[],\"books\":[]}"},
    {"nothing", "", NULL},
    {"words", "I am sorry.", NULL},
    {"braces the wrong way round", "} {", NULL},
    {"list", "[1,2]", NULL},
    {"cut", "{\"units\":[", NULL},
    {"words around", "Sure: {\"books\":[\"B\"]} Anything else?",
     "{" NONE ",\"units\":[],\"assessments\":[],\"books\":[\"B\"]}"},
    {"fence around", "```json\n{\"books\":[\"B\"]}\n```",
     "{" NONE ",\"units\":[],\"assessments\":[],\"books\":[\"B\"]}"},
    {"course", "{\"course\":{\"code\":\" CS1 \",\"title\":\"\",\"x\":1}}",
     "{\"course\":{\"code\":\"CS1\",\"title\":null,\"instructor\":null,"
     "\"term\":null},\"units\":[],\"assessments\":[],\"books\":[]}"},
    {"course that is none", "{\"course\":\"CS1\",\"units\":{}}",
     "{" NONE ",\"units\":[],\"assessments\":[],\"books\":[]}"},
    {"numbers in texts",
     "{\"units\":[{\"number\":\"Week 3\",\"title\":\"T\"},"
     "{\"number\":\"three\",\"title\":\"U\"},{\"number\":-1,\"title\":\"V\"}],"
     "\"assessments\":[{\"name\":\"A\",\"weight_percent\":\"12.5%\"}]}",
     "{" NONE ",\"units\":[{\"number\":3,\"title\":\"T\",\"topics\":[]},"
     "{\"number\":null,\"title\":\"U\",\"topics\":[]},"
     "{\"number\":null,\"title\":\"V\",\"topics\":[]}],\"assessments\":["
     "{\"name\":\"A\",\"weight_percent\":12.5,\"due\":null}],\"books\":[]}"},
    {"entries that say nothing",
     "{\"units\":[{\"number\":1},5,null],\"assessments\":[{}],"
     "\"books\":[\"\",{},{\"title\":\"T\"},{\"author\":\"A\"}]}",
     "{" NONE ",\"units\":[],\"assessments\":[],\"books\":[\"T\"]}"},
};

static void test_reading(void **state)
{
    const struct reading *row = (const struct reading *)*state;
    json_t *facts = facts_read(row->text, strlen(row->text));
    if (row->facts == NULL) {
        assert_null(facts);
        return;
    }
    assert_non_null(facts);
    char *text = json_text(facts);
    assert_string_equal(text, row->facts);
    free(text);
}

static void test_reading_bounds_texts_and_lists(void **state)
{
    json_t *units = json_array();
    char title[1000];
    (void)state;
    /* Characters of two bytes: none is cut. */
    for (size_t i = 0; i < sizeof title - 1; i++) {
        title[i] = i % 2 == 0 ? '\xC3' : '\xA9';
    }
    title[998] = '\0';
    for (int i = 0; i < 300; i++) {
        (void)json_array_append_new(
            units, json_pack_checked("{s:i,s:s}", "number", i, "title", title));
    }
    char *text = json_text(json_pack_checked("{s:o}", "units", units));
    json_t *facts = facts_read(text, strlen(text));
    json_t *list = json_object_get(facts, "units");
    assert_int_equal(json_array_size(list), 100);
    assert_int_equal(json_string_length(json_object_get(
                         json_array_get(list, 0), "title")),
                     400);
    json_decref(facts);
    free(text);
}

/* ---- Merging ---- */

static json_t *facts_of(const char *text)
{
    json_t *facts = facts_read(text, strlen(text));
    assert_non_null(facts);
    return facts;
}

static const char document[] = "Alpha\nBeta\nGamma\nDelta\n";
static const struct chunk chunks[3] = {
    {0, 11, 1, 2}, {6, 11, 2, 3}, {17, 6, 4, 4}};

static json_t *merge(const char *a, const char *b, const char *c)
{
    const char *const texts[3] = {a, b, c};
    json_t *facts[3];
    for (size_t i = 0; i < 3; i++) {
        facts[i] = texts[i] != NULL ? facts_of(texts[i]) : NULL;
    }
    json_t *result = merge_facts(facts, chunks, 3, document, "d.md");
    for (size_t i = 0; i < 3; i++) {
        json_decref(facts[i]);
    }
    return result;
}

static void check(json_t *result, const char *name, const char *want)
{
    char *text = json_text(json_incref(json_object_get(result, name)));
    assert_string_equal(text, want);
    free(text);
}

static void test_merge_of_units(void **state)
{
    json_t *result = merge(
        "{\"units\":[{\"number\":1,\"title\":\"Tea\",\"topics\":[\"x\"]},"
        "{\"title\":\"Late\",\"topics\":[]}]}",
        "{\"units\":[{\"number\":1,\"title\":\"Tea, again\",\"topics\":"
        "[\"X!\",\"y\"]},{\"number\":2,\"title\":\"Tea\"}]}",
        "{\"units\":[{\"number\":9,\"title\":\"late\"},{\"title\":\"TEA\","
        "\"topics\":[\"z\"]}]}");
    (void)state;
    check(result, "units",
          "[{\"number\":1,\"title\":\"Tea\",\"topics\":[\"x\",\"y\",\"z\"]},"
          "{\"number\":9,\"title\":\"Late\",\"topics\":[]},"
          "{\"number\":2,\"title\":\"Tea\",\"topics\":[]}]");
    json_decref(result);
}

static void test_merge_fills_in(void **state)
{
    json_t *result =
        merge("{\"course\":{\"code\":\"C1\"},\"assessments\":[{\"name\":"
              "\"Final exam\"}],\"books\":[\"K & R\"]}",
              NULL,
              "{\"course\":{\"code\":\"C2\",\"term\":\"Fall\"},"
              "\"assessments\":[{\"name\":\"final-exam\",\"weight_percent\":"
              "40,\"due\":\"May\"},{\"name\":\"Essay\"}],\"books\":"
              "[\"k&r\",\"Other\"]}");
    (void)state;
    check(result, "course",
          "{\"code\":\"C1\",\"title\":null,\"instructor\":null,"
          "\"term\":\"Fall\"}");
    check(result, "assessments",
          "[{\"name\":\"Final exam\",\"weight_percent\":40,\"due\":\"May\"},"
          "{\"name\":\"Essay\",\"weight_percent\":null,\"due\":null}]");
    check(result, "books", "[\"K & R\",\"Other\"]");
    json_decref(result);
}

static void test_merge_keeps_places(void **state)
{
    json_t *result = merge("{\"books\":[\"Beta\",\"None\"]}",
                           "{\"books\":[\"beta\",\"Gamma\"]}",
                           "{\"course\":{\"title\":\"Delta\"}}");
    (void)state;
    check(result, "sources",
          "[{\"fact\":\"/books/0\",\"document\":\"d.md\",\"chunk\":0,"
          "\"first_line\":2,\"last_line\":2},"
          "{\"fact\":\"/books/1\",\"document\":\"d.md\",\"chunk\":0,"
          "\"first_line\":1,\"last_line\":2},"
          "{\"fact\":\"/books/0\",\"document\":\"d.md\",\"chunk\":1,"
          "\"first_line\":2,\"last_line\":2},"
          "{\"fact\":\"/books/2\",\"document\":\"d.md\",\"chunk\":1,"
          "\"first_line\":3,\"last_line\":3},"
          "{\"fact\":\"/course/title\",\"document\":\"d.md\",\"chunk\":2,"
          "\"first_line\":4,\"last_line\":4}]");
    json_decref(result);
}

static void test_names_are_found_however_they_are_spelt(void **state)
{
    static const char text[] = "# The *Art* of\n  Programming, 2nd ed.\nArtful";
    static const struct {
        const char *name;
        size_t at, len;
    } rows[] = {
        {"The Art of Programming", 2, 26}, {"the-art OF programming", 2, 26},
        {"Art", 7, 3},   {"2nd ed", 30, 6}, {"Artful", 38, 6},
        {"The Art of", 2, 12}, {"Program", 0, 0}, {"rt of", 0, 0},
        {"", 0, 0},      {"*", 0, 0},       {"Artful thing", 0, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char key[SPELLING_MAX];
        size_t at;
        size_t len = spelling_find(text, sizeof text - 1,
                                   spelling_key(rows[i].name, key), &at);
        assert_int_equal(len, rows[i].len);
        if (len > 0) {
            assert_int_equal(at, rows[i].at);
        }
    }
}

static void test_merge_is_bounded(void **state)
{
    enum { MANY = 3000 };
    json_t **facts = (json_t **)calloc(MANY, sizeof *facts);
    struct chunk *list = (struct chunk *)calloc(MANY, sizeof *list);
    (void)state;
    for (int i = 0; i < MANY; i++) {
        facts[i] = facts_none();
        for (int k = 0; k < 20; k++) {
            json_t *book = json_sprintf("Book %d of chunk %d", k, i);
            (void)json_array_append_new(json_object_get(facts[i], "books"),
                                        book);
        }
        list[i].first_line = 1;
        list[i].last_line = 1;
    }
    json_t *result = merge_facts(facts, list, MANY, "", "d.md");
    char *text = json_text(result);
    assert_in_range(strlen(text), 10000, 200000);
    free(text);
    for (int i = 0; i < MANY; i++) {
        json_decref(facts[i]);
    }
    free(facts);
    free(list);
}

#define READINGS (sizeof readings / sizeof readings[0])

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_reading_bounds_texts_and_lists),
        cmocka_unit_test(test_merge_of_units),
        cmocka_unit_test(test_merge_fills_in),
        cmocka_unit_test(test_merge_keeps_places),
        cmocka_unit_test(test_names_are_found_however_they_are_spelt),
        cmocka_unit_test(test_merge_is_bounded),
    };
    enum { OTHERS = sizeof others / sizeof others[0] };
    struct CMUnitTest tests[READINGS + OTHERS];
    struct reading rows[READINGS];
    memcpy(rows, readings, sizeof rows);
    (void)FILL_ROWS(tests, rows, name, test_reading);
    memcpy(tests + READINGS, others, sizeof others);
    return cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}
