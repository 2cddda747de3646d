/*
 * syllabus.h - facts of a course, found in its syllabus by rule.
 *
 * SPDX-License-Identifier: MIT
 *
 * Reads Markdown and plain text.  Each rule knows one way in which people
 * write a fact down; what none of them knows is left out, because a missing
 * fact is seen and a wrong one is believed.  The same text always gives the
 * same facts.
 */
#ifndef CHAT_OFFLINE_SYLLABUS_H
#define CHAT_OFFLINE_SYLLABUS_H

#include <jansson.h>

#include "offline/span.h"

/**
 * Finds what one part of a syllabus says.
 *
 * @param text  Well-formed UTF-8.
 * @param top   Not 0 if it begins with the document's first line.
 * @return {"course":{"code","title","instructor","term"},
 *          "units":[{"number","title","topics":[]}],
 *          "assessments":[{"name","weight_percent","due"}],
 *          "books":[]}, what is unknown null or empty.
 */
json_t *syllabus_read(struct span text, int top);

#endif /* CHAT_OFFLINE_SYLLABUS_H */
