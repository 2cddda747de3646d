/*
 * test_offline_rows.h - texts, and the facts that rules must find in them.
 *
 * A row's facts are written one on each line, in the order code, title,
 * instructor, term, unit, assess, book; what is not there must not be found.
 *
 *   code CS 342
 *   unit 1 Title: topic; topic          "unit -" without a number
 *   assess Name | 25 | October 14, 2026    "-" for what is untold
 *   book Author, Title, 2021
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_CHAT_OFFLINE_ROWS_H
#define TESTS_CHAT_OFFLINE_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "offline/syllabus.h"
#include "support/rows.h"

typedef struct offline_row {
    const char *name;
    const char *text;
    const char *facts;
} offline_row;

static inline const char *word_of(const json_t *object, const char *name)
{
    const char *const text =
        json_string_value(json_object_get(object, name));
    return text != NULL ? text : "-";
}

static inline void print_unit(struct buf *out, const json_t *unit)
{
    const json_t *const number = json_object_get(unit, "number");
    (void)buf_add_text(out, "unit ");
    if (json_is_integer(number)) {
        (void)buf_add_format(out, "%d", (int)json_integer_value(number));
    } else {
        (void)buf_add_text(out, "-");
    }
    (void)buf_add_format(out, " %s", word_of(unit, "title"));
    size_t i;
    json_t *topic;
    json_array_foreach(json_object_get(unit, "topics"), i, topic) {
        (void)buf_add_format(out, "%s %s", i == 0 ? ":" : ";",
                             json_string_value(topic));
    }
    (void)buf_add_text(out, "\n");
}

static inline void print_assessment(struct buf *out, const json_t *entry)
{
    const json_t *const weight = json_object_get(entry, "weight_percent");
    (void)buf_add_format(out, "assess %s | ", word_of(entry, "name"));
    if (json_is_number(weight)) {
        (void)buf_add_format(out, "%g", json_number_value(weight));
    } else {
        (void)buf_add_text(out, "-");
    }
    (void)buf_add_format(out, " | %s\n", word_of(entry, "due"));
}

static inline void print_facts(struct buf *out, const json_t *facts)
{
    static const char *const names[] = {"code", "title", "instructor", "term"};
    const json_t *const course = json_object_get(facts, "course");
    size_t i;
    json_t *entry;
    for (i = 0; i < 4; i++) {
        if (json_is_string(json_object_get(course, names[i]))) {
            (void)buf_add_format(out, "%s %s\n", names[i],
                                 word_of(course, names[i]));
        }
    }
    json_array_foreach(json_object_get(facts, "units"), i, entry) {
        print_unit(out, entry);
    }
    json_array_foreach(json_object_get(facts, "assessments"), i, entry) {
        print_assessment(out, entry);
    }
    json_array_foreach(json_object_get(facts, "books"), i, entry) {
        (void)buf_add_format(out, "book %s\n", json_string_value(entry));
    }
}

/* Reads memory that ends where the text ends. */
static inline void expect_facts(const char *text, size_t len, int top,
                                const char *want)
{
    struct buf found;
    memset(&found, 0, sizeof found);
    char *const copy = (char *)malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    memcpy(copy, text, len);
    json_t *const facts = syllabus_read(span_of(copy, len), top);
    free(copy);
    print_facts(&found, facts);
    json_decref(facts);
    assert_string_equal(buf_text(&found), want);
    buf_free(&found);
}

static inline void run_offline_row(void **state)
{
    const offline_row *const row = (const offline_row *)*state;
    expect_facts(row->text, strlen(row->text), 1, row->facts);
    /* Line ends of any kind say the same. */
    struct buf crlf;
    memset(&crlf, 0, sizeof crlf);
    for (const char *at = row->text; *at != '\0'; at++) {
        (void)buf_add_text(&crlf, *at == '\n' ? "\r" : "");
        (void)buf_add(&crlf, at, 1);
    }
    expect_facts(buf_text(&crlf), crlf.len, 1, row->facts);
    buf_free(&crlf);
}

/* Runs one test for each row. */
static inline int run_offline_rows(const char *group, offline_row *rows,
                                   size_t count)
{
    return RUN_ROWS(group, rows, count, name, run_offline_row);
}

#endif /* TESTS_CHAT_OFFLINE_ROWS_H */
