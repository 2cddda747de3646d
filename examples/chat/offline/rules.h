/*
 * rules.h - the rules of syllabus.h, one file for each kind of fact.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_RULES_H
#define CHAT_OFFLINE_RULES_H

#include <jansson.h>

#include "offline/outline.h"

/** Fills in code, title, instructor and term.
 *  @param top       Not 0 if the outline begins with the document.
 *  @param syllabus  Not 0 if other facts were found, so that a title without
 *                   a course code may be believed. */
void rules_course(const struct outline *outline, int top, int syllabus,
                  json_t *course);

/** Adds the units with their topics. */
void rules_units(const struct outline *outline, json_t *units);

/** Not 0 for the head of a unit: "Unit 3: Streaming".  @param heading  Not 0
 *  if the line is one. */
int rules_is_unit(struct span text, int heading);

/** Adds what is assessed, from tables, lists, headings and sentences. */
void rules_assessments(const struct outline *outline, json_t *assessments);

/** The part of rules_assessments() that reads sentences. */
void rules_assessments_prose(const struct outline *outline,
                             json_t *assessments);

/** Adds one assessment, or what it tells anew of one that is there.
 *  @param weight  Negative when untold.  @param due  Empty when untold. */
void rules_assessment_add(json_t *assessments, struct span name, double weight,
                          struct span due);

/** The weight of several of a kind: of "two essays (20% each)" 40.
 *  @param behind  What stands behind the weight. */
double rules_weight_of_all(struct span name, struct span behind,
                           double weight);

/** Turns the points that stand in place of weights into shares of their sum. */
void rules_assessments_share(json_t *assessments);

/** Not 0 if these words name something that is assessed. */
int rules_is_assessed(struct span text);

/** A name without articles, numbering and what trails behind it. */
struct span rules_name_trim(struct span name);

/** Adds the books. */
void rules_books(const struct outline *outline, json_t *books);

/** Which column of a table's header holds one of these words, the whole of it
 *  or a part; @p none if none. */
size_t rules_column(const struct row *header, const char *words, size_t none);

/** Without white space, dashes and these marks at the start or at the end. */
struct span rules_trim_start(struct span text, const char *marks);
struct span rules_trim_end(struct span text, const char *marks);

/** A text as JSON, or null if there is none or it is no UTF-8. */
json_t *rules_text(struct span text);

/** Appends a text to a list, if there is one. */
void rules_text_add(json_t *list, struct span text);

/** Not 0 if both have the same letters and digits, ASCII ones without regard to
 *  case. */
int rules_same(struct span a, struct span b);

/**
 * Reads "name: value" in a line, or in a table's row of two cells.
 *
 * @return not 0 if the row is that.
 */
int rules_pair(const struct row *row, struct span *name, struct span *value);

#endif /* CHAT_OFFLINE_RULES_H */
