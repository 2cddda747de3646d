/*
 * syllabus.c - facts of a course, found in its syllabus by rule.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/syllabus.h"

#include "base/json.h"
#include "offline/rules.h"

json_t *syllabus_read(struct span text, int top)
{
    struct outline outline;
    json_t *const course =
        json_pack_checked("{s:n,s:n,s:n,s:n}", "code", "title", "instructor",
                          "term");
    json_t *const units = json_array();
    json_t *const assessments = json_array();
    json_t *const books = json_array();
    outline_read(&outline, text, top);
    rules_units(&outline, units);
    rules_assessments(&outline, assessments);
    rules_books(&outline, books);
    rules_course(&outline, top,
                 json_array_size(units) + json_array_size(assessments) > 0,
                 course);
    outline_free(&outline);
    json_t *const facts = json_object();
    json_put(facts, "course", course);
    json_put(facts, "units", units);
    json_put(facts, "assessments", assessments);
    json_put(facts, "books", books);
    return facts;
}
