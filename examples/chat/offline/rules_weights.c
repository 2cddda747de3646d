/*
 * rules_weights.c - what is assessed, in tables, lists and headings.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/json.h"
#include "offline/dates.h"
#include "offline/rules.h"
#include "offline/weights.h"

#define NAME_MAX_LEN 100
#define LINE_MAX 240 /* bytes of a line; a longer one is a paragraph */
#define DUE_MAX 120

/* Not 0 for what stands in a list of weights and is none. */
static int is_other(struct span name)
{
    return span_is_word(name, "total|sum|overall|all|grand total|a|b|c|d|e|f|"
                              "a+|a-|b+|b-|c+|c-|d+|d-|pass|fail|distinction|"
                              "merit|credit|honours") ||
           span_has_word(name, "late|penalty|penalties|deduction|bonus|extra|"
                               "per day|a day|pass|passing|minimum|at least|"
                               "discount|similarity|total");
}

static int has_letters(struct span name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (span_is_letter(name.at[i]) && !span_is_digit(name.at[i])) {
            return 1;
        }
    }
    return 0;
}

/* Adds the rows of a table with a column of weights. */
static void add_table(const struct outline *outline, size_t at,
                      enum weight_unit unit, json_t *assessments)
{
    const struct row *const header = &outline->rows[at];
    const size_t none = OUTLINE_CELLS;
    static const char *const heads[] = {
        "weight|weights|weighting|%|percent|percentage|share|% of grade|worth|"
        "value|proportion|grade %",
        "points|pts|marks|max points|possible points"};
    const size_t weight = rules_column(header, heads[unit], none);
    size_t name = rules_column(
        header, "assessment|assessments|component|item|task|activity|element|"
                "assignment|requirement|deliverable|evaluation|name|what|"
                "graded work|type", none);
    const size_t due = rules_column(header, "due|due date|date|deadline|when|"
                                            "dates|deadlines|week", none);
    if (weight == none || header->area == AREA_SCALE ||
        (unit == WEIGHT_POINTS && header->area != AREA_ASSESS)) {
        return;
    }
    name = name == none || name == weight ? (weight == 0 ? 1 : 0) : name;
    for (size_t i = at + 1; i < outline->count &&
                            outline->rows[i].kind == ROW_CELLS; i++) {
        const struct row *const row = &outline->rows[i];
        double value = -1;
        if (name >= row->cell_count || weight >= row->cell_count ||
            !weight_read(row->cells[weight], unit, &value) ||
            !has_letters(row->cells[name]) || is_other(row->cells[name])) {
            continue;
        }
        const int dated = due < row->cell_count && due != name &&
                          !span_is_word(row->cells[due], "-|\xE2\x80\x93|"
                                        "\xE2\x80\x94|n/a|none|tba|tbd");
        rules_assessment_add(assessments, row->cells[name], value,
                             dated ? row->cells[due] : span_text(""));
    }
}

/* The time in a piece of text: a date, what follows "due", or a few words such
 * as "every week". */
static struct span due_in(struct span text)
{
    struct span date;
    if (date_find(text, &date) < text.len) {
        return date;
    }
    const size_t due = span_find_word(text, "due");
    if (due < text.len) {
        struct span rest = span_trim(span_from(text, due + 3));
        rest = rules_trim_start(rest, ":,");
        size_t len = 0;
        while (len < rest.len && strchr(".;)", rest.at[len]) == NULL) {
            len++;
        }
        return len <= 60 ? span_trim(span_first(rest, len)) : span_text("");
    }
    const struct span bare =
        rules_trim_end(rules_trim_start(text, ",:().;"), ").;");
    const int says = bare.len <= 40 &&
                     span_has_word(bare, "week|weeks|weekly|biweekly|every|"
                                         "throughout|daily|ongoing|"
                                         "end of term|finals week|exam period");
    return says ? bare : span_text("");
}

/* Cuts a date, and the day and preposition before it, off the end of a name:
 * "Midterm, Friday, October 14". */
static struct span without_date(struct span name)
{
    struct span date;
    size_t at = date_find(name, &date);
    if (at == name.len) {
        return name;
    }
    struct span text = rules_name_trim(span_first(name, at));
    static const char *const days[] = {"monday", "tuesday", "wednesday",
                                       "thursday", "friday", "saturday",
                                       "sunday", "mon", "tue", "wed", "thu",
                                       "fri", "sat", "sun"};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        const size_t len = strlen(days[i]);
        if (text.len > len &&
            !span_is_letter(text.at[text.len - len - 1]) &&
            span_is(span_from(text, text.len - len), days[i])) {
            text.len -= len;
            break;
        }
    }
    return rules_name_trim(text);
}

/* Reads one piece of a line that has one weight.
 * @return not 0 if it told an assessment. */
static int take_piece(json_t *assessments, struct span piece,
                      const struct weight *weight, int relaxed)
{
    const struct span before = span_first(piece, weight->at);
    struct span behind = span_from(piece, weight->end);
    struct span name = without_date(rules_name_trim(before));
    const size_t colon = span_find(name, ": ");
    if (colon < name.len && rules_is_assessed(span_from(name, colon))) {
        name = rules_name_trim(span_from(name, colon + 2)); /* "Grading: lab" */
    }
    if (name.len == 0) { /* "25% Midterm exam, October 14" */
        struct span text = rules_trim_start(behind, ":)],");
        if (span_starts(text, "for ") || span_starts(text, "on ")) {
            text = span_from(text, span_find(text, " "));
        }
        size_t len = 0;
        while (len < text.len && strchr(",;(:", text.at[len]) == NULL &&
               !(span_dash(text, len) > 0 && len > 0 &&
                 text.at[len - 1] == ' ')) {
            len++;
        }
        name = without_date(rules_name_trim(span_first(text, len)));
        behind = span_from(text, len);
    }
    if (name.len == 0 || name.len > NAME_MAX_LEN || is_other(name) ||
        (!relaxed && !rules_is_assessed(name)) ||
        !span_is_letter(name.at[0])) {
        return 0;
    }
    struct span due = due_in(behind);
    if (due.len == 0) {
        struct span date;
        (void)date_find(before, &date);
        due = date;
    }
    rules_assessment_add(assessments, name,
                         rules_weight_of_all(name,
                                             span_from(piece, weight->end),
                                             weight->value),
                         due.len <= DUE_MAX ? due : span_text(""));
    return 1;
}

/* Reads a line such as "Midterm exam 25% - October 14, 2026", or several
 * behind each other: "Homework 20%, midterm 30%, final 50%". */
static int take_line(json_t *assessments, struct span line,
                     enum weight_unit unit, int relaxed)
{
    struct weight weight;
    struct weight next;
    int told = 0;
    size_t start = 0;
    if (line.len > LINE_MAX || !weight_find(line, unit, 0, &weight)) {
        return 0;
    }
    const int leads = span_trim(span_first(line, weight.at)).len == 0;
    for (int more = 1; more; weight = next) {
        more = weight_find(line, unit, weight.end, &next);
        size_t end = line.len;
        if (more) {
            end = leads ? next.at : weight.end;
            while (!leads && end < next.at &&
                   strchr(") ,;", line.at[end]) != NULL) {
                end++;
            }
        }
        struct weight here = weight;
        here.at -= start;
        here.end -= start;
        told |= take_piece(assessments, span_of(line.at + start, end - start),
                           &here, relaxed);
        start = end;
    }
    return told;
}

/* Looks below an assessment without a date for a line that tells it. */
static void due_below(const struct outline *outline, size_t at,
                      enum weight_unit unit, json_t *assessments)
{
    const size_t count = json_array_size(assessments);
    json_t *const entry = json_array_get(assessments, count - 1);
    if (!json_is_null(json_object_get(entry, "due"))) {
        return;
    }
    const struct row *const head = &outline->rows[at];
    for (size_t i = at + 1; i < outline->count && i <= at + 4; i++) {
        const struct row *const row = &outline->rows[i];
        struct weight weight;
        if (row->kind == ROW_HEADING || row->kind == ROW_CELLS ||
            (head->kind != ROW_HEADING && row->indent <= head->indent) ||
            weight_find(row->text, unit, 0, &weight)) {
            return;
        }
        if (row->kind != ROW_BLANK &&
            span_has_word(span_first(row->text, 40),
                          "due|date|deadline|takes place|held on")) {
            const struct span due = due_in(row->text);
            if (due.len > 0) {
                json_put(entry, "due", rules_text(due));
                return;
            }
        }
    }
}

/* Adds what lists, headings and short lines say.  @return how many lines. */
static size_t add_lines(const struct outline *outline, enum weight_unit unit,
                        json_t *assessments)
{
    size_t lines = 0;
    for (size_t i = 0; i < outline->count; i++) {
        const struct row *const row = &outline->rows[i];
        if (row->kind == ROW_BLANK || row->kind == ROW_CELLS ||
            row->area == AREA_SCALE || row->area == AREA_UNITS ||
            (unit == WEIGHT_POINTS && row->area != AREA_ASSESS) ||
            (row->kind == ROW_TEXT &&
             (row->text.len > 120 ||
              row->text.at[row->text.len - 1] == '.'))) {
            continue;
        }
        const int relaxed = row->area == AREA_ASSESS && row->kind != ROW_TEXT;
        const size_t before = json_array_size(assessments);
        if (take_line(assessments, row->text, unit, relaxed)) {
            lines++;
            if (json_array_size(assessments) == before + 1) {
                due_below(outline, i, unit, assessments);
            }
        }
    }
    return lines;
}

static size_t add_all(const struct outline *outline, enum weight_unit unit,
                      json_t *assessments)
{
    for (size_t i = 0; i < outline->count; i++) {
        if (outline->rows[i].kind == ROW_CELLS && outline->rows[i].first) {
            add_table(outline, i, unit, assessments);
        }
    }
    /* The same thing has another name in a sentence below its table. */
    return json_array_size(assessments) < 2
               ? add_lines(outline, unit, assessments)
               : json_array_size(assessments);
}

void rules_assessments(const struct outline *outline, json_t *assessments)
{
    if (add_all(outline, WEIGHT_PERCENT, assessments) < 2) {
        rules_assessments_prose(outline, assessments);
    }
    if (json_array_size(assessments) > 0) {
        return;
    }
    if (add_all(outline, WEIGHT_POINTS, assessments) < 2) {
        (void)json_array_clear(assessments); /* points of something else */
    } else {
        rules_assessments_share(assessments);
    }
}
