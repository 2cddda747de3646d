/*
 * json.c - a few hands for jansson, so that no call of it goes unchecked.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static void *check(void *made)
{
    if (made == NULL) {
        fputs("sse-chat: out of memory for JSON\n", stderr);
        abort();
    }
    return made;
}

json_t *json_pack_checked(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    json_error_t error;
    json_t *value = json_vpack_ex(&error, 0, format, args);
    va_end(args);
    return (json_t *)check(value);
}

void json_put(json_t *object, const char *name, json_t *value)
{
    if (value == NULL) {
        value = json_null();
    }
    if (json_object_set_new(object, name, value) != 0) {
        (void)check(NULL);
    }
}

json_t *json_text_or_null(const char *text)
{
    return text != NULL ? json_text_of(text, strlen(text)) : json_null();
}

json_t *json_text_of(const char *text, size_t len)
{
    json_t *value = json_stringn(len > 0 ? text : "", len);
    return value != NULL ? value : json_null();
}

json_t *json_number_or_null(int64_t number)
{
    return number < 0 ? json_null()
                      : (json_t *)check(json_integer((json_int_t)number));
}

json_t *json_time_or_null(int64_t ms)
{
    char text[CLOCK_TEXT];
    if (ms < 0) {
        return json_null();
    }
    clock_write(ms, text);
    return (json_t *)check(json_string(text));
}

char *json_text(json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY |
                                       JSON_REAL_PRECISION(15));
    json_decref(value);
    return (char *)check(text);
}

/* jansson bounds nesting at 2048, which its own recursion can carry. */
json_t *json_read(const char *text, size_t len)
{
    json_error_t error;
    return json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
}
