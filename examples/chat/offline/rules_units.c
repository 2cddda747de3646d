/*
 * rules_units.c - what the course goes through, unit by unit.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/json.h"
#include "offline/dates.h"
#include "offline/rules.h"
#include "offline/unit_heads.h"

#define TOPIC_MAX 200

/* A title on a line of its own under "Week 3". */
static struct span title_below(const struct outline *outline, size_t at)
{
    for (size_t i = at + 1; i < outline->count; i++) {
        const struct row *const row = &outline->rows[i];
        if (row->kind == ROW_BLANK) {
            continue;
        }
        const int fits = row->kind == ROW_TEXT && row->text.len <= 80 &&
                         strchr(".:;", row->text.at[row->text.len - 1]) == NULL;
        return fits ? row->text : span_text("");
    }
    return span_text("");
}

/* Not 0 for what stands among topics and is none: readings, deadlines. */
static int is_remark(struct span text)
{
    static const char words[] =
        "reading|readings|read|due|deadline|homework|assignment|assignments|"
        "quiz|exam|examination|midterm|lab|laboratory|note|hand in|submit|"
        "no class|problem set|video|slides|learning outcomes|objectives";
    const size_t colon = span_find(text, ":");
    const struct span label = span_first(text, colon);
    struct span date;
    if (colon < text.len && label.len <= 24 && span_has_word(label, words)) {
        return 1;
    }
    return span_has_word(text, "due|deadline|no class|submit|hand in") ||
           (date_find(text, &date) == 0 && date.len == text.len);
}

static void add_topic(json_t *topics, struct span text)
{
    struct span topic = span_trim(text);
    while (topic.len > 0 && strchr(";,.", topic.at[topic.len - 1]) != NULL) {
        topic.len--;
    }
    if (topic.len > 0 && topic.len <= TOPIC_MAX && !is_remark(topic)) {
        rules_text_add(topics, topic);
    }
}

/* Adds topics that stand behind each other in one line. */
static void add_topics(json_t *topics, struct span text)
{
    const char *const marks =
        memchr(text.at, ';', text.len) != NULL ? ";" : ",";
    struct span rest = text;
    while (rest.len > 0) {
        size_t len = span_find(rest, marks);
        add_topic(topics, span_first(rest, len));
        rest = span_from(rest, len + 1);
    }
}

/* Bytes of "3.2 " in front of a topic of unit 3; 0 if it is none. */
static size_t topic_number(struct span text, long unit)
{
    long first = -1;
    long second = -1;
    const size_t head = span_number(text, &first);
    if (head == 0 || first != unit || head + 1 >= text.len ||
        text.at[head] != '.') {
        return 0;
    }
    const size_t tail = span_number(span_from(text, head + 1), &second);
    const size_t len = head + 1 + tail;
    return tail > 0 && len < text.len && text.at[len] == ' ' ? len + 1 : 0;
}

/* Collects what is listed below a unit's head, up to the next heading. */
static void topics_below(const struct outline *outline, size_t at,
                         long number, json_t *topics)
{
    for (size_t i = at + 1; i < outline->count; i++) {
        const struct row *const row = &outline->rows[i];
        struct span name;
        struct span value;
        const size_t numbered =
            row->kind == ROW_BLANK ? 0 : topic_number(row->text, number);
        if (numbered > 0) {
            add_topic(topics, span_from(row->text, numbered));
            continue;
        }
        if (row->kind == ROW_HEADING || row->kind == ROW_CELLS ||
            (outline->rows[at].kind == ROW_ITEM && row->kind == ROW_ITEM &&
             row->indent <= outline->rows[at].indent) ||
            (row->kind != ROW_BLANK && rules_is_unit(row->text, 0))) {
            return;
        }
        if (row->kind == ROW_BLANK) {
            continue;
        }
        if (rules_pair(row, &name, &value) &&
            span_is_word(name, "topics|topics include|topic|contents|content|"
                               "themes|we cover|covers")) {
            add_topics(topics, value);
        } else if (row->kind == ROW_ITEM) {
            add_topic(topics, row->text);
        }
    }
}

static int known_number(const json_t *units, long number)
{
    size_t i;
    json_t *unit;
    json_array_foreach(units, i, unit) {
        const json_t *const have = json_object_get(unit, "number");
        if (number >= 0 && json_is_integer(have) &&
            json_integer_value(have) == number) {
            return 1;
        }
    }
    return 0;
}

static json_t *unit_new(json_t *units, long number, struct span title)
{
    json_t *const unit = json_object();
    json_t *const topics = json_array();
    json_put(unit, "number", number >= 0 ? json_integer(number) : json_null());
    json_put(unit, "title", rules_text(title));
    json_put(unit, "topics", topics);
    (void)json_array_append_new(units, unit);
    return topics;
}

static int head_at(const struct outline *outline, size_t at,
                   struct unit_head *head)
{
    const struct row *const row = &outline->rows[at];
    return row->kind != ROW_BLANK && row->kind != ROW_CELLS &&
           unit_head_read(row->text, row->kind == ROW_HEADING, head);
}

/* Adds the units of one family. */
static void add_family(const struct outline *outline, int family,
                       json_t *units)
{
    for (size_t i = 0; i < outline->count; i++) {
        struct unit_head head;
        if (!head_at(outline, i, &head) || head.family != family ||
            known_number(units, head.number)) {
            continue;
        }
        if (head.title.len == 0) {
            head.title = title_below(outline, i);
        }
        if (head.title.len == 0) {
            head.title = outline->rows[i].text;
        }
        topics_below(outline, i, head.number,
                     unit_new(units, head.number, head.title));
    }
}

/* The number in a cell such as "3", "Week 3" or "3-4". */
static long cell_number(struct span cell)
{
    long number = -1;
    size_t at = 0;
    while (at < cell.len && !span_is_digit(cell.at[at])) {
        at++;
    }
    struct span date;
    if (date_find(cell, &date) < cell.len ||
        unit_number_read(span_from(cell, at), &number) == 0) {
        return -1;
    }
    return number;
}

/* Adds the rows of a table that lists units. */
static void add_table(const struct outline *outline, size_t at, json_t *units)
{
    const struct row *const header = &outline->rows[at];
    const size_t none = header->cell_count;
    const size_t number = rules_column(
        header, "unit|week|module|lecture|session|chapter|no|no.|#|wk", none);
    size_t title = rules_column(header, "title|theme|subject|unit title", none);
    size_t topic = rules_column(
        header, "topic|topics|content|contents|material covered", none);
    if (title == none || title == number) {
        title = topic;
        topic = none;
    }
    if (number == none || title == none || title == number) {
        return;
    }
    for (size_t i = at + 1; i < outline->count &&
                            outline->rows[i].kind == ROW_CELLS; i++) {
        const struct row *const row = &outline->rows[i];
        const long told =
            number < row->cell_count ? cell_number(row->cells[number]) : -1;
        if (title >= row->cell_count || told < 0 ||
            row->cells[title].len == 0 || is_remark(row->cells[title]) ||
            known_number(units, told)) {
            continue;
        }
        json_t *const topics = unit_new(units, told, row->cells[title]);
        if (topic < row->cell_count) {
            add_topics(topics, row->cells[topic]);
        }
    }
}

void rules_units(const struct outline *outline, json_t *units)
{
    add_family(outline, 0, units);
    for (size_t i = 0; json_array_size(units) == 0 && i < outline->count;
         i++) {
        if (outline->rows[i].kind == ROW_CELLS && outline->rows[i].first) {
            add_table(outline, i, units);
        }
    }
    if (json_array_size(units) == 0) {
        add_family(outline, 1, units);
    }
}
