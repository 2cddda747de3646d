/*
 * json.h - a few hands for jansson, so that no call of it goes unchecked.
 *
 * SPDX-License-Identifier: MIT
 *
 * What can only fail for want of memory ends the process, see mem.h.
 */
#ifndef CHAT_JSON_H
#define CHAT_JSON_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/** json_pack() that never answers NULL.  The format is a constant; a mistake
 *  in it, or text that is no UTF-8, ends the process. */
json_t *json_pack_checked(const char *format, ...);

/** Puts a value into an object, taking it over; NULL is null. */
void json_put(json_t *object, const char *name, json_t *value);

/** A string, or null for NULL.  Text from outside may be ill-formed UTF-8; then
 *  it is null, too. */
json_t *json_text_or_null(const char *text);

/** A string of given length, or null if it is ill-formed UTF-8. */
json_t *json_text_of(const char *text, size_t len);

/** A number, or null for a negative one. */
json_t *json_number_or_null(int64_t number);

/** A time as RFC 3339, or null for a negative one. */
json_t *json_time_or_null(int64_t ms);

/** The compact text of a value, which is taken over.  free() it. */
char *json_text(json_t *value);

/** Reads JSON: strict, one value and nothing behind it, no member twice.
 *  @return NULL if it is not that. */
json_t *json_read(const char *text, size_t len);

#endif /* CHAT_JSON_H */
