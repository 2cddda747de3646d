/*
 * test_texts.c - how sse-chat cuts documents and words prompts.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "service/chunks.h"
#include "service/lines.h"
#include "service/passages.h"
#include "service/prompt.h"

/* ---- UTF-8 ---- */

static void test_utf8_strict(void **state)
{
    static const struct {
        const char *text;
        int valid;
    } rows[] = {
        {"", 1},
        {"plain", 1},
        {"\xC3\xA9", 1},
        {"\xE2\x82\xAC", 1},
        {"\xF0\x9F\x98\x80", 1},
        {"\xF4\x8F\xBF\xBF", 1},
        {"\xED\x9F\xBF", 1},
        {"\xEE\x80\x80", 1},
        {"\x80", 0},
        {"a\xC3", 0},
        {"\xC0\xAF", 0},
        {"\xC1\xBF", 0},
        {"\xE0\x9F\xBF", 0},
        {"\xED\xA0\x80", 0},
        {"\xF0\x8F\xBF\xBF", 0},
        {"\xF4\x90\x80\x80", 0},
        {"\xF5\x80\x80\x80", 0},
        {"\xE2\x82", 0},
        {"\xE2\x82z", 0},
        {"\xFF", 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(utf8_valid(rows[i].text, strlen(rows[i].text)),
                         rows[i].valid);
    }
}

static void test_utf8_floor_cuts_between_characters(void **state)
{
    static const char text[] = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";
    static const size_t floors[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
    (void)state;
    for (size_t len = 0; len < sizeof text; len++) {
        assert_int_equal(utf8_floor(text, len), floors[len]);
    }
}

/* ---- Lines ---- */

static void test_lines_of_every_kind(void **state)
{
    static const char text[] = "a\r\nb\rc\n\n# d\n####### e\n#f\n  \t";
    static const char *const lines[] = {"a", "b", "c", "", "# d", "####### e",
                                        "#f", "  \t"};
    struct line line;
    size_t count = 0;
    (void)state;
    memset(&line, 0, sizeof line);
    while (line_next(text, sizeof text - 1, &line)) {
        assert_int_equal(line.len, strlen(lines[count]));
        assert_memory_equal(text + line.start, lines[count], line.len);
        assert_int_equal(line.number, count + 1);
        assert_int_equal(line_heading(text, &line), count == 4);
        assert_int_equal(line_blank(text, &line), count == 3 || count == 7);
        count++;
    }
    assert_int_equal(count, 8);
    assert_int_equal(line_count(text, sizeof text - 1), 7);
}

/* ---- Documents to cut ---- */

/* A text of headings, paragraphs, long lines and characters of every width,
 * the same for the same seed. */
static void make_document(struct buf *out, unsigned seed, size_t len)
{
    static const char *const words[] = {"tea",   "K\xC3\xB6ln",
                                        "\xE2\x82\xAC", "\xF0\x9F\x98\x80",
                                        "a",     "considerably"};
    while (out->len < len) {
        seed = seed * 1103515245u + 12345u;
        unsigned dice = seed >> 16;
        (void)buf_add_text(out, words[dice % 6]);
        unsigned kind = (dice >> 4) % 64;
        (void)buf_add_text(out, kind == 0   ? "\n\n## Heading\n\n"
                                : kind < 3  ? ".\n\n"
                                : kind < 6  ? ".\n"
                                : kind < 9  ? ". "
                                : kind == 9 ? "\r\n"
                                : kind < 60 ? " "
                                            : "");
    }
}

static int64_t line_at(const char *text, size_t at)
{
    return 1 + line_count(text, at);
}

/* Every byte that is no white space is in exactly one passage, in order. */
static void check_passages(const char *text, size_t len)
{
    size_t count;
    struct passage *list = passages_cut(text, len, &count);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t start = (size_t)(list[i].text - text);
        for (; at < start; at++) {
            assert_non_null(strchr(" \t\r\n", text[at]));
        }
        assert_int_equal(at, start);
        assert_true(list[i].len > 0 && list[i].len <= 1200);
        assert_true(utf8_valid(list[i].text, list[i].len));
        assert_int_equal(list[i].first_line, line_at(text, start));
        assert_int_equal(list[i].last_line,
                         line_at(text, start + list[i].len - 1));
        at = start + list[i].len;
    }
    for (; at < len; at++) {
        assert_non_null(strchr(" \t\r\n", text[at]));
    }
    free(list);
}

static void test_passages_cover_the_document(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 40; seed++) {
        struct buf text;
        memset(&text, 0, sizeof text);
        make_document(&text, seed, seed * 700);
        check_passages(text.at, text.len);
        buf_free(&text);
    }
    struct buf solid;
    memset(&solid, 0, sizeof solid);
    for (int i = 0; i < 3000; i++) {
        (void)buf_add_text(&solid, "\xE2\x82\xAC");
    }
    check_passages(solid.at, solid.len);
    buf_free(&solid);
    check_passages("", 0);
    check_passages(" \n \n", 4);
    check_passages("one", 3);
}

static void test_passages_begin_at_headings(void **state)
{
    struct buf text;
    size_t count;
    (void)state;
    memset(&text, 0, sizeof text);
    for (int i = 0; i < 3; i++) {
        (void)buf_add_format(&text, "# Part %d\n\n", i);
        for (int k = 0; k < 10; k++) {
            (void)buf_add_text(&text, "Some words about the part of it.\n");
        }
        (void)buf_add_text(&text, "\n");
    }
    struct passage *list = passages_cut(text.at, text.len, &count);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        assert_memory_equal(list[i].text, "# Part ", 7);
        assert_int_equal(list[i].first_line, 1 + 13 * (int)i);
        assert_int_equal(list[i].last_line, 12 + 13 * (int)i);
    }
    free(list);
    buf_free(&text);
}

/* Chunks follow each other with little in common and nothing left out, and
 * end behind a sentence, a paragraph or a heading wherever the text has one. */
static void check_chunks(const char *text, size_t len)
{
    size_t count;
    struct chunk *list = chunks_cut(text, len, &count);
    size_t end = 0;
    for (size_t i = 0; i < count; i++) {
        const struct chunk *chunk = &list[i];
        assert_true(chunk->len > 0 && chunk->len <= CHUNK_MAX);
        assert_true(i + 1 == count || chunk->len >= CHUNK_MIN);
        assert_true(chunk->start <= end);
        assert_true(end - chunk->start <= CHUNK_OVERLAP);
        assert_true(chunk->start + chunk->len > end);
        end = chunk->start + chunk->len;
        assert_true(utf8_valid(text + chunk->start, chunk->len));
        assert_int_equal(chunk->first_line, line_at(text, chunk->start));
        assert_int_equal(chunk->last_line, line_at(text, end - 1));
        if (i + 1 < count) {
            assert_non_null(strchr(".?! \n", text[end - 1]));
        }
    }
    for (; end < len; end++) {
        assert_non_null(strchr(" \t\r\n", text[end]));
    }
    free(list);
}

static void test_chunks_cover_the_document(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 40; seed++) {
        struct buf text;
        memset(&text, 0, sizeof text);
        make_document(&text, seed, seed * 2500);
        check_chunks(text.at, text.len);
        buf_free(&text);
    }
    check_chunks("", 0);
    check_chunks(" \n\t", 3);
    check_chunks("one", 3);
}

/* ---- Prompts ---- */

static void test_words_of_a_question(void **state)
{
    static const char question[] =
        "When is the MIDTERM exam, and what's its weight? The midterm! "
        "K\xC3\xB6ln 42 x";
    static const char *const want[] = {"midterm", "exam", "weight",
                                       "k\xC3\xB6ln", "42"};
    char words[PROMPT_WORDS][PROMPT_WORD_MAX];
    size_t count = prompt_words(question, sizeof question - 1, words);
    (void)state;
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(words[i], want[i]);
    }
    char many[4000];
    size_t len = 0;
    for (int i = 0; i < 300; i++) {
        len += (size_t)snprintf(many + len, sizeof many - len, "w%d ", i);
    }
    assert_int_equal(prompt_words(many, len, words), PROMPT_WORDS);
    memset(many, 'y', sizeof many);
    assert_int_equal(prompt_words(many, sizeof many, words), 0);
    assert_int_equal(prompt_words("", 0, words), 0);
}

static void test_prompt_of_a_chat(void **state)
{
    struct message_row history[2];
    struct found_passage passages[3] = {
        {"a \"b\" <c>.md", "Text </passage> more.", 3, 3},
        {"big.md", NULL, 1, 9},
        {"d.md", "Last.", 40, 52}};
    char *big = (char *)calloc(1, PROMPT_PASSAGE_BYTES + 1);
    (void)state;
    memset(big, 'b', PROMPT_PASSAGE_BYTES);
    passages[1].text = big;
    memset(history, 0, sizeof history);
    history[0].content = "Q";
    history[0].content_len = 1;
    history[1].assistant = 1;
    history[1].content = "A";
    history[1].content_len = 1;
    json_t *messages = prompt_chat(history, 2, passages, 3);
    assert_int_equal(json_array_size(messages), 3);
    const char *system = json_string_value(
        json_object_get(json_array_get(messages, 0), "content"));
    assert_non_null(strstr(
        system, "\n<passages>\n<passage n=\"1\" document=\"a 'b' 'c'.md\""
                " place=\"line 3\">\nText < /passage> more.\n</passage>\n"
                "<passage n=\"2\" document=\"d.md\" place=\"lines 40-52\">\n"
                "Last.\n</passage>\n</passages>"));
    assert_string_equal(json_string_value(json_object_get(
                            json_array_get(messages, 2), "role")),
                        "assistant");
    json_decref(messages);
    messages = prompt_chat(history, 1, passages, 0);
    assert_null(strstr(json_string_value(json_object_get(
                           json_array_get(messages, 0), "content")),
                       "<passage"));
    json_decref(messages);
    free(big);
}

static void test_prompt_of_a_chunk(void **state)
{
    static const char text[] = "zero\none\ntwo\n";
    struct chunk chunk = {5, 8, 2, 3};
    json_t *messages = prompt_extract(text, &chunk, 7);
    (void)state;
    assert_int_equal(json_array_size(messages), 2);
    const char *system = json_string_value(
        json_object_get(json_array_get(messages, 0), "content"));
    assert_memory_equal(system, "Task: syllabus-extraction\n", 26);
    assert_string_equal(
        json_string_value(
            json_object_get(json_array_get(messages, 1), "content")),
        "<chunk index=\"7\" first_line=\"2\" last_line=\"3\">\none\ntwo\n\n"
        "</chunk>");
    json_decref(messages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8_strict),
        cmocka_unit_test(test_utf8_floor_cuts_between_characters),
        cmocka_unit_test(test_lines_of_every_kind),
        cmocka_unit_test(test_passages_cover_the_document),
        cmocka_unit_test(test_passages_begin_at_headings),
        cmocka_unit_test(test_chunks_cover_the_document),
        cmocka_unit_test(test_words_of_a_question),
        cmocka_unit_test(test_prompt_of_a_chat),
        cmocka_unit_test(test_prompt_of_a_chunk),
    };
    return cmocka_run_group_tests_name("texts", tests, NULL, NULL);
}
