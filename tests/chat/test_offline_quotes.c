/*
 * test_offline_quotes.c - which passages answer a question, and what is quoted
 * of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "offline/pieces.h"
#include "offline/quotes.h"
#include "offline/words.h"

#define P(document, place, text)                                               \
    "<passage n=\"1\" document=\"" document "\" place=\"" place "\">\n" text   \
    "\n</passage>\n"
#define PROMPT(passages)                                                       \
    "Answer briefly.\n\n<passages>\n" passages "</passages>"

static char *answer_to(const char *question, const char *prompt)
{
    struct quote quotes[QUOTES_MAX];
    struct buf answer;
    memset(&answer, 0, sizeof answer);
    char *const copy = (char *)malloc(strlen(prompt) + 1);
    assert_non_null(copy);
    memcpy(copy, prompt, strlen(prompt));
    const size_t count =
        quotes_read(span_of(copy, strlen(prompt)), quotes);
    quotes_answer(span_text(question), quotes, count, &answer);
    free(copy);
    return answer.at;
}

/* The quoted part must be this. */
static void expect(const char *question, const char *prompt, const char *want)
{
    char *const answer = answer_to(question, prompt);
    const char *const quoted = strstr(answer, "best.\n");
    assert_non_null(strstr(answer, "no language model is configured"));
    assert_non_null(quoted);
    assert_string_equal(quoted + 6, want);
    free(answer);
}

static void test_the_matching_passage_is_quoted(void **state)
{
    (void)state;
    expect("How long may a cat sleep?",
           PROMPT(P("a.md", "lines 1-2", "Dogs bark.\nDogs eat.")
                      P("b.md", "line 7", "Cats sleep for 16 hours.")),
           "\n**b.md**, line 7:\n\n> Cats sleep for 16 hours.\n");
}

static void test_the_best_come_first_and_the_weak_not_at_all(void **state)
{
    (void)state;
    expect("late homework penalty",
           PROMPT(P("a", "line 1", "Homework is fun.")
                      P("b", "line 2", "Late homework: a penalty of 10%.")
                          P("c", "line 3", "The penalty for late reports.")
                              P("d", "line 4", "Nothing.")),
           "\n**b**, line 2:\n\n> Late homework: a penalty of 10%.\n"
           "\n**c**, line 3:\n\n> The penalty for late reports.\n");
}

static void test_a_rare_word_tells_more(void **state)
{
    (void)state;
    expect("exam in the aula",
           PROMPT(P("a", "line 1", "The exam is on Monday.")
                      P("b", "line 2", "The exam takes an hour.")
                          P("c", "line 3", "The aula is locked.")
                              P("d", "line 4", "One exam each.")),
           "\n**c**, line 3:\n\n> The aula is locked.\n"
           "\n**a**, line 1:\n\n> The exam is on Monday.\n"
           "\n**b**, line 2:\n\n> The exam takes an hour.\n");
}

static void test_marks_beside_a_word_do_not_matter(void **state)
{
    (void)state;
    expect("\xC2\xABmidterm\xC2\xBB?",
           PROMPT(P("a", "line 1", "The \xE2\x80\x9Cmidterm\xE2\x80\x9D"
                                   "\xE2\x80\x94soon.")),
           "\n**a**, line 1:\n\n> The \xE2\x80\x9Cmidterm\xE2\x80\x9D"
           "\xE2\x80\x94soon.\n");
    expect("Wann ist die Pr\xC3\xBC" "fung?",
           PROMPT(P("a", "line 1", "Die Pr\xC3\xBC" "fung ist im Mai.")),
           "\n**a**, line 1:\n\n> Die Pr\xC3\xBC" "fung ist im Mai.\n");
}

static void test_forms_of_a_word_match(void **state)
{
    (void)state;
    expect("exams?", PROMPT(P("a", "line 1", "The examination is hard.")),
           "\n**a**, line 1:\n\n> The examination is hard.\n");
    expect("policies",
           PROMPT(P("a", "line 1", "Our policy: be kind.")),
           "\n**a**, line 1:\n\n> Our policy: be kind.\n");
}

static void test_only_the_paragraph_that_matters_is_quoted(void **state)
{
    (void)state;
    expect("dragons",
           PROMPT(P("a", "lines 10-18",
                    "# Beasts\n\nDogs bark.\nDogs run.\n\nDragons fly.\nThey "
                    "burn.\n\nEnd.")),
           "\n**a**, lines 15-16:\n\n> Dragons fly.\n> They burn.\n");
}

static void test_a_heading_comes_with_what_is_below(void **state)
{
    (void)state;
    expect("books?",
           PROMPT(P("a", "lines 1-8",
                    "Before.\n\n## Books\n\nRequired:\n\n- One\n- Two")),
           "\n**a**, lines 3-8:\n\n> ## Books\n>\n> Required:\n>\n> - One\n"
           "> - Two\n");
}

static void test_a_paragraph_comes_with_its_heading(void **state)
{
    (void)state;
    expect("dragons",
           PROMPT(P("a", "lines 1-5", "Dogs.\n\n## Beasts\n\nDragons fly.")),
           "\n**a**, lines 3-5:\n\n> ## Beasts\n>\n> Dragons fly.\n");
}

static void test_a_long_table_is_cut_around_its_best_row(void **state)
{
    (void)state;
    struct buf prompt;
    memset(&prompt, 0, sizeof prompt);
    (void)buf_add_text(&prompt, "<passages><passage n=\"1\" document=\"a\" "
                                "place=\"lines 1-100\">\n");
    for (int i = 0; i < 100; i++) {
        (void)buf_add_format(&prompt, "| row %d | %s | some more words |\n", i,
                             i == 60 ? "dragons" : "dogs");
    }
    (void)buf_add_text(&prompt, "</passage></passages>");
    char *const answer = answer_to("dragons", prompt.at);
    assert_non_null(strstr(answer, "> | row 60 | dragons |"));
    assert_null(strstr(answer, "row 10 "));
    assert_true(strlen(answer) < 1200);
    free(answer);
    buf_free(&prompt);
}

static void test_a_place_that_does_not_fit_stays(void **state)
{
    (void)state;
    static const char *const places[] = {"page 3", "lines 1-9", "lines x-y",
                                         "lines 5", "lines 1-2-3", ""};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct buf prompt;
        struct buf want;
        memset(&prompt, 0, sizeof prompt);
        memset(&want, 0, sizeof want);
        (void)buf_add_format(&prompt,
                             "<passages><passage document=\"a\" place=\"%s\">"
                             "\nDogs.\n\nDragons.\n</passage></passages>",
                             places[i]);
        (void)buf_add_format(&want, "\n**a**, %s:\n\n> Dragons.\n", places[i]);
        expect("dragons", prompt.at, want.at);
        buf_free(&prompt);
        buf_free(&want);
    }
}

static void test_broken_prompts_are_survived(void **state)
{
    (void)state;
    const char prompt[] = PROMPT(P("a", "lines 1-2", "Dogs.\nDragons.")
                                     P("b", "line 3", "< /x> dragons"));
    for (size_t len = 0; len < sizeof prompt; len++) {
        char *const cut = (char *)malloc(len + 1);
        assert_non_null(cut);
        memcpy(cut, prompt, len);
        cut[len] = '\0';
        free(answer_to("dragons", cut));
        free(cut);
    }
    expect("dragons", prompt,
           "\n**a**, lines 1-2:\n\n> Dogs.\n> Dragons.\n"
           "\n**b**, line 3:\n\n> </x> dragons\n");
}

static void test_questions_without_an_answer(void **state)
{
    (void)state;
    static const char *const questions[] = {"", "?", "rockets", "\xC3\xA4",
                                            "a"};
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        char *const answer = answer_to(
            questions[i], PROMPT(P("a", "line 1", "Dogs bark.")));
        assert_non_null(strstr(answer, "I found no passage"));
        free(answer);
    }
}

static void test_only_so_many_passages_are_read(void **state)
{
    (void)state;
    struct quote quotes[QUOTES_MAX];
    struct buf prompt;
    memset(&prompt, 0, sizeof prompt);
    (void)buf_add_text(&prompt, "<passages>");
    for (int i = 0; i < QUOTES_MAX + 5; i++) {
        (void)buf_add_text(&prompt, P("a", "line 1", "x"));
    }
    assert_int_equal(quotes_read(span_of(prompt.at, prompt.len), quotes),
                     QUOTES_MAX);
    buf_free(&prompt);
}

static void test_pieces_cut_no_character(void **state)
{
    (void)state;
    struct buf text;
    memset(&text, 0, sizeof text);
    for (int i = 0; i < 100; i++) {
        (void)buf_add_text(&text, i % 7 == 0 ? " w\xC3\xA4" : "\xE6\xBC\xA2");
    }
    (void)buf_add_text(&text, " \n end ");
    for (int kind = 0; kind < 2; kind++) {
        size_t at = 0;
        long count = 0;
        while (at < text.len) {
            const size_t len =
                piece_len(text.at, text.len, at, (enum piece_kind)kind);
            assert_true(len > 0 && len <= 64 && at + len <= text.len);
            at += len;
            count++;
            assert_true(at == text.len ||
                        ((unsigned char)text.at[at] & 0xC0) != 0x80);
        }
        assert_int_equal(
            pieces_count(text.at, text.len, (enum piece_kind)kind), count);
    }
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_matching_passage_is_quoted),
        cmocka_unit_test(test_the_best_come_first_and_the_weak_not_at_all),
        cmocka_unit_test(test_a_rare_word_tells_more),
        cmocka_unit_test(test_marks_beside_a_word_do_not_matter),
        cmocka_unit_test(test_forms_of_a_word_match),
        cmocka_unit_test(test_only_the_paragraph_that_matters_is_quoted),
        cmocka_unit_test(test_a_heading_comes_with_what_is_below),
        cmocka_unit_test(test_a_paragraph_comes_with_its_heading),
        cmocka_unit_test(test_a_long_table_is_cut_around_its_best_row),
        cmocka_unit_test(test_a_place_that_does_not_fit_stays),
        cmocka_unit_test(test_broken_prompts_are_survived),
        cmocka_unit_test(test_questions_without_an_answer),
        cmocka_unit_test(test_only_so_many_passages_are_read),
        cmocka_unit_test(test_pieces_cut_no_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
