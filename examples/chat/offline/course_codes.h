/*
 * course_codes.h - codes and titles of courses.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_COURSE_CODES_H
#define CHAT_OFFLINE_COURSE_CODES_H

#include "offline/span.h"

/** Bytes of a course code at the start: "CS 342", "MATH-101", "PHYS2410A",
 *  "6.006".  0 if there is none. */
size_t course_code_len(struct span text);

/** A title without what it is called beside its name: "Syllabus". */
struct span course_title_trim(struct span title);

#endif /* CHAT_OFFLINE_COURSE_CODES_H */
