/*
 * facts.c - what a language model found in one chunk, brought into shape.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

#define TEXT_MAX 400 /* bytes of one text */
#define LIST_MAX 100 /* entries of one list */

const char *const facts_course[4] = {"code", "title", "instructor", "term"};

static int is_space(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* A text that says something, trimmed; otherwise null. */
static json_t *text_of(const json_t *value)
{
    if (!json_is_string(value)) {
        return json_null();
    }
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    while (len > 0 && is_space(text[len - 1])) {
        len--;
    }
    while (len > 0 && is_space(*text)) {
        text++;
        len--;
    }
    if (len > TEXT_MAX) {
        len = utf8_floor(text, TEXT_MAX);
    }
    return len > 0 ? json_text_of(text, len) : json_null();
}

/* A number, also one in a text such as "20 %" or "Week 3"; otherwise null. */
static json_t *number_of(const json_t *value)
{
    double number = json_number_value(value);
    if (json_is_string(value)) {
        const char *text = json_string_value(value);
        const char *digit = strpbrk(text, "0123456789");
        if (digit == NULL) {
            return json_null();
        }
        number = strtod(digit, NULL);
    } else if (!json_is_number(value)) {
        return json_null();
    }
    if (!(number >= 0 && number <= 1e6)) {
        return json_null();
    }
    double whole = (double)(long)number;
    return number > whole ? json_real(number) : json_integer((long)number);
}

static json_t *texts_of(const json_t *list)
{
    json_t *made = json_array();
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value) {
        json_t *text = text_of(value);
        if (json_is_string(text) && json_array_size(made) < LIST_MAX) {
            (void)json_array_append_new(made, text);
        }
    }
    return made;
}

static json_t *unit_of(const json_t *value)
{
    json_t *unit = json_object();
    json_put(unit, "number", number_of(json_object_get(value, "number")));
    json_put(unit, "title", text_of(json_object_get(value, "title")));
    json_put(unit, "topics", texts_of(json_object_get(value, "topics")));
    return unit;
}

static json_t *assessment_of(const json_t *value)
{
    json_t *made = json_object();
    json_put(made, "name", text_of(json_object_get(value, "name")));
    json_put(made, "weight_percent",
             number_of(json_object_get(value, "weight_percent")));
    json_put(made, "due", text_of(json_object_get(value, "due")));
    return made;
}

/* Some models give a book as an object: its author and title are joined. */
static json_t *book_of(const json_t *value)
{
    if (!json_is_object(value)) {
        return text_of(value);
    }
    json_t *title = text_of(json_object_get(value, "title"));
    json_t *author = text_of(json_object_get(value, "author"));
    if (!json_is_string(title) || !json_is_string(author)) {
        json_decref(author);
        return title;
    }
    json_t *both = json_pack_checked("s++", json_string_value(author), ": ",
                                     json_string_value(title));
    json_decref(title);
    json_decref(author);
    return both;
}

/* Entries that say nothing are left out. */
static json_t *list_of(const json_t *list, json_t *(*one)(const json_t *value),
                       const char *required)
{
    json_t *made = json_array();
    size_t i;
    json_t *value;
    json_array_foreach(list, i, value) {
        json_t *entry = one(value);
        json_t *head = required != NULL ? json_object_get(entry, required)
                                        : entry;
        if (json_is_string(head) && json_array_size(made) < LIST_MAX) {
            (void)json_array_append_new(made, entry);
        } else {
            json_decref(entry);
        }
    }
    return made;
}

static json_t *shape(const json_t *raw)
{
    json_t *course = json_object();
    const json_t *from = json_object_get(raw, "course");
    for (size_t i = 0; i < 4; i++) {
        json_put(course, facts_course[i],
                 text_of(json_object_get(from, facts_course[i])));
    }
    json_t *facts = json_object();
    json_put(facts, "course", course);
    json_put(facts, "units",
             list_of(json_object_get(raw, "units"), unit_of, "title"));
    json_put(facts, "assessments", list_of(json_object_get(raw, "assessments"),
                                           assessment_of, "name"));
    json_put(facts, "books",
             list_of(json_object_get(raw, "books"), book_of, NULL));
    return facts;
}

json_t *facts_none(void)
{
    return shape(NULL);
}

json_t *facts_read(const char *text, size_t len)
{
    const char *open = (const char *)memchr(text, '{', len);
    while (len > 0 && text[len - 1] != '}') {
        len--;
    }
    if (open == NULL || open >= text + len) {
        return NULL;
    }
    json_error_t error;
    json_t *raw = json_loadb(open, (size_t)(text + len - open), 0, &error);
    if (!json_is_object(raw)) {
        json_decref(raw);
        return NULL;
    }
    json_t *facts = shape(raw);
    json_decref(raw);
    return facts;
}
