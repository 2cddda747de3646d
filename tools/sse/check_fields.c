/*
 * check_fields.c - fields that nobody knows, and what they may be meant to be.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "check.h"

#include "near.h"

#include <string.h>
#include <strings.h>

static const char *const known[] = {"data", "event", "id", "retry"};
#define KNOWN (sizeof known / sizeof known[0])

/* The field that a name is nearly, and why it is not.  NULL if there is
 * none. */
static const char *near(const char *name, size_t len, const char **why)
{
    size_t from = 0;
    size_t to = len;
    if (len >= 3 && memcmp(name, "\xEF\xBB\xBF", 3) == 0) {
        from = 3;
    }
    while (from < to && (name[from] == ' ' || name[from] == '\t')) {
        from++;
    }
    while (to > from && (name[to - 1] == ' ' || name[to - 1] == '\t')) {
        to--;
    }
    for (size_t i = 0; i < KNOWN; i++) {
        const size_t known_len = strlen(known[i]);
        if (to - from == known_len &&
            strncasecmp(name + from, known[i], known_len) == 0) {
            *why = len - (to - from) == 0 ? "names are case-sensitive"
                   : name[0] == '\xEF'    ? "a byte order mark counts only "
                                            "at the very beginning"
                                          : "no white space may stand around "
                                            "a name";
            return known[i];
        }
    }
    for (size_t i = 0; i < KNOWN; i++) {
        /* Two letters are too short to be told apart. */
        if (strlen(known[i]) > 2 && near_word(name + from, to - from,
                                              known[i], strlen(known[i]))) {
            *why = "it differs by a letter";
            return known[i];
        }
    }
    return NULL;
}

static int is_chunk_size(const char *name, size_t len)
{
    return len > 0 && len <= 8 &&
           strspn(name, "0123456789abcdefABCDEF") >= len;
}

static int is_white(const char *name, size_t len)
{
    size_t at = 0;
    while (at < len && (name[at] == ' ' || name[at] == '\t')) {
        at++;
    }
    return at == len;
}

size_t check_name(const struct check *check)
{
    const size_t kept = check->line_len < CHECK_PREFIX
                            ? (size_t)check->line_len : CHECK_PREFIX;
    const char *const colon =
        (const char *)memchr(check->prefix, ':', kept);
    return colon != NULL ? (size_t)(colon - check->prefix) : kept;
}

void check_field(struct check *check, const char *name, size_t name_len)
{
    struct check_report *const report = &check->report;
    const uint64_t line = check->line;
    const uint64_t at = check->line_at;
    const int shown = (int)(name_len < 40 ? name_len : 40);
    const char *why = NULL;
    const char *const meant = near(name, name_len, &why);
    char text[64];
    memcpy(text, name, (size_t)shown);
    text[shown] = '\0';
    if (line == 1 && strncmp(text, "sse-record ", 11) == 0) {
        check_find(report, CHECK_TEXT, line, at,
                   "this is a recording; `sse replay --speed 0 FILE | sse "
                   "check` looks at the stream in it");
    } else if (meant != NULL) {
        check_find(report, CHECK_NEAR_FIELD, line, at,
                   "\"%s\" is no field and is ignored; \"%s\" is meant? %s",
                   text, meant, why);
    } else if (name_len > 0 && (name[0] == '{' || name[0] == '[')) {
        check_find(report, CHECK_JSON, line, at,
                   "JSON without \"data:\" in front of it is ignored");
    } else if (name_len > 0 && name[0] == '<') {
        check_find(report, CHECK_HTML, line, at,
                   "this looks like HTML: \"%s\"", text);
    } else if (name_len == 5 && memcmp(name, "error", 5) == 0) {
        check_find(report, CHECK_NEAR_FIELD, line, at,
                   "\"error\" is no field: browsers never see this failure; "
                   "it belongs into data");
    } else if (!check->has_colon && is_white(name, name_len)) {
        check_find(report, CHECK_TEXT, line, at,
                   "a line of white space is ignored; it is no blank line "
                   "and ends no event");
    } else if (!check->has_colon) {
        check_find(report, CHECK_TEXT, line, at,
                   is_chunk_size(text, name_len)
                       ? "\"%s\" is ignored: the size of an HTTP chunk? "
                         "The framing does not belong to the stream"
                       : "\"%s\" has no colon and is ignored: text that "
                         "lost its \"data:\"?", text);
    } else {
        check_find(report, CHECK_UNKNOWN_FIELD, line, at,
                   "\"%s\" is a field that readers ignore", text);
    }
}
