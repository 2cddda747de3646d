/*
 * replay_values.c - values of the flags of `sse replay`.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "replay.h"

#include "say.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

/* Reads a whole number up to an end or a comma.  NULL if there is none. */
static const char *read_number(const char *text, uint64_t *number)
{
    uint64_t n = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++) {
        const unsigned digit = (unsigned)(*at - '0');
        if (n > (UINT64_MAX / 2000 - digit) / 10) {
            return NULL;
        }
        n = n * 10 + digit;
    }
    *number = n;
    return at == text ? NULL : at;
}

/* [event:][-]N */
static const char *read_place(struct plan_place *place, const char *text)
{
    memset(place, 0, sizeof *place);
    place->given = 1;
    if (strncmp(text, "event:", 6) == 0) {
        place->events = 1;
        text += 6;
    }
    if (*text == '-') {
        place->from_end = 1;
        text++;
    }
    return read_number(text, &place->count);
}

int replay_set_place(struct plan_place *place, const char *flag,
                     const char *text)
{
    const char *const end = read_place(place, text);
    if (end == NULL || *end != '\0') {
        say("replay: %s wants a place: N bytes, -N bytes before the end, "
            "event:N or event:-N, not \"%s\"", flag, text);
        return -1;
    }
    return 0;
}

int replay_set_stall(struct plan_wish *wish, const char *text)
{
    const char *end = read_place(&wish->stall, text);
    uint64_t ms = 0;
    wish->stall_us = PLAN_NEVER;
    if (end != NULL && *end == ',') {
        end = read_number(end + 1, &ms);
        wish->stall_us = ms * 1000;
    }
    if (end == NULL || *end != '\0') {
        say("replay: --stall wants a place as --cut does, and a comma and "
            "milliseconds behind it unless it is for good, not \"%s\"", text);
        return -1;
    }
    return 0;
}

int replay_set_speed(double *speed, const char *text)
{
    const size_t whole = strspn(text, "0123456789");
    const size_t part =
        text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    const size_t len = whole + (part > 0 ? part + 1 : 0);
    if (whole == 0 || text[len] != '\0' || len > 18) {
        say("replay: --speed wants a number such as 2 or 0.5, or 0 for no "
            "waiting, not \"%s\"", text);
        return -1;
    }
    *speed = strtod(text, NULL);
    return 0;
}

int replay_set_listen(struct replay_options *options, const char *text)
{
    options->listens = 1;
    return value_listen("replay", text, options->address, &options->port);
}

int replay_add_header(struct replay_options *options, const char *line)
{
    const size_t name = value_header_name(line, ":");
    if (name == 0) {
        say("replay: --header wants \"Name: value\", not \"%s\"", line);
        return -1;
    }
    sse_http_header *const headers = (sse_http_header *)realloc(
        options->headers, (options->header_count + 1) * sizeof *headers);
    char *const copy = strdup(line);
    if (headers != NULL) {
        options->headers = headers;
    }
    if (headers == NULL || copy == NULL) {
        free(copy);
        say("replay: out of memory");
        return -1;
    }
    char *value = copy + name;
    *value++ = '\0';
    value += strspn(value, " \t");
    headers[options->header_count].name = copy;
    headers[options->header_count].value = value;
    options->header_count++;
    return 0;
}
