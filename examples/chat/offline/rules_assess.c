/*
 * rules_assess.c - what is assessed: its words, and the list of it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/json.h"
#include "offline/rules.h"
#include "offline/unit_heads.h"

int rules_is_assessed(struct span text)
{
    return span_has_word(
        text, "exam|exams|examination|examinations|midterm|midterms|mid-term|"
              "final|finals|quiz|quizzes|test|tests|homework|homeworks|"
              "assignment|assignments|project|projects|lab|labs|laboratory|"
              "laboratories|report|reports|participation|presentation|"
              "presentations|paper|papers|essay|essays|problem set|"
              "problem sets|problem sheets|portfolio|thesis|proposal|"
              "coursework|discussion|discussions|journal|reflection|"
              "attendance|exercise|exercises|practical|practicals|viva|"
              "seminar|take-home|capstone|case study|poster|peer review|"
              "critique|reading responses|exercise sheets|demonstration");
}

struct span rules_name_trim(struct span name)
{
    static const char *const articles[] = {"the ", "a ", "an ", "your ",
                                           "one ", "and ", "each "};
    static const char *const tails[] = {"worth", "is", "are", "counts", "count",
                                        "for", "weight", "on", "due", "by",
                                        "of", "weighted", "at"};
    struct span text = span_trim(name);
    for (size_t i = 0; i < 7; i++) {
        if (span_starts(text, articles[i])) {
            text = span_trim(span_from(text, strlen(articles[i])));
        }
    }
    for (size_t before = text.len + 1; text.len < before;) {
        before = text.len;
        text = rules_trim_end(text, ":,;([|=.");
        for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
            const size_t len = strlen(tails[i]);
            if (text.len > len && text.at[text.len - len - 1] == ' ' &&
                span_is(span_from(text, text.len - len), tails[i])) {
                text.len -= len;
            }
        }
    }
    return text;
}

static json_t *find(const json_t *assessments, struct span name)
{
    size_t i;
    json_t *entry;
    json_array_foreach(assessments, i, entry) {
        const json_t *const have = json_object_get(entry, "name");
        if (rules_same(span_of(json_string_value(have),
                               json_string_length(have)), name)) {
            return entry;
        }
    }
    return NULL;
}

static json_t *weight_json(double weight)
{
    const double whole = (double)(long)weight;
    return weight < 0         ? json_null()
           : weight > whole   ? json_real(weight)
                              : json_integer((json_int_t)whole);
}

void rules_assessment_add(json_t *assessments, struct span name, double weight,
                          struct span due)
{
    json_t *entry = find(assessments, name);
    if (entry == NULL) {
        entry = json_object();
        json_put(entry, "name", rules_text(name));
        json_put(entry, "weight_percent", weight_json(weight));
        json_put(entry, "due", rules_text(due));
        (void)json_array_append_new(assessments, entry);
        return;
    }
    if (json_is_null(json_object_get(entry, "weight_percent"))) {
        json_put(entry, "weight_percent", weight_json(weight));
    }
    if (json_is_null(json_object_get(entry, "due"))) {
        json_put(entry, "due", rules_text(due));
    }
}

double rules_weight_of_all(struct span name, struct span behind,
                           double weight)
{
    long count = 0;
    const struct span rest = span_trim(behind);
    const size_t len = unit_number_read(name, &count);
    const int several = len > 0 && len < name.len && name.at[len] == ' ' &&
                        count > 1 && (double)count * weight <= 100;
    return several && span_find_word(span_first(rest, 5), "each") == 0
               ? (double)count * weight
               : weight;
}

void rules_assessments_share(json_t *assessments)
{
    double sum = 0;
    size_t i;
    json_t *entry;
    json_array_foreach(assessments, i, entry) {
        sum += json_number_value(json_object_get(entry, "weight_percent"));
    }
    json_array_foreach(assessments, i, entry) {
        const double points =
            json_number_value(json_object_get(entry, "weight_percent"));
        const double tenths = points * 1000 / sum + 0.5;
        json_put(entry, "weight_percent",
                 weight_json((double)(long)tenths / 10));
    }
}
