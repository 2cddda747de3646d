/*
 * facts.h - what a language model found in one chunk, brought into shape.
 *
 * SPDX-License-Identifier: MIT
 *
 * {"course":{"code","title","instructor","term"},
 *  "units":[{"number","title","topics":[]}],
 *  "assessments":[{"name","weight_percent","due"}],
 *  "books":[]}
 *
 * Unknown members are null or empty, texts are trimmed and bounded, numbers
 * are numbers.  What has another shape is left out.
 */
#ifndef CHAT_FACTS_H
#define CHAT_FACTS_H

#include <jansson.h>
#include <stddef.h>

/** The members of "course". */
extern const char *const facts_course[4];

/**
 * Reads an answer: the first JSON object in it, whatever stands around.
 *
 * @return The facts in the shape above; NULL if there is no object.
 */
json_t *facts_read(const char *text, size_t len);

/** Nothing at all, in the shape above. */
json_t *facts_none(void);

#endif /* CHAT_FACTS_H */
