/*
 * cat_values.c - values of the flags of `sse cat` that take more than a number.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "cat_values.h"

#include "input.h"
#include "say.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

int cat_set_source(struct cat_options *options, const char *text)
{
    const char *const scheme = strstr(text, "://");
    if (options->source != NULL) {
        say("%s: one source at a time, not both %s and %s",
            options->command, options->source, text);
        return -1;
    }
    if (*text == '\0') {
        say("%s: the name of the source is empty; name a file, `-` or a "
            "URL", options->command);
        return -1;
    }
    if (scheme != NULL && !value_is_url(text) &&
        strchr(text, '/') == scheme + 1) {
        say("%s: %s: only http:// and https:// URLs can be read",
            options->command, text);
        return -1;
    }
    options->source = text;
    options->is_url = value_is_url(text);
    for (const char *at = text; options->is_url && *at != '\0'; at++) {
        if ((unsigned char)*at <= 0x20 || *at == 0x7F) {
            say("%s: %s: a URL holds no white space (%%20 is a space) and no "
                "control characters", options->command, text);
            return -1;
        }
    }
    return 0;
}

/* Most bytes of a file with headers. */
#define HEADER_FILE 65536

static int add_line(struct cat_options *options, const char *line)
{
    if (value_header_name(line, ":;") == 0) {
        say("%s: -H wants \"Name: value\" on one line, not \"%s\"",
            options->command, line);
        return -1;
    }
    const char **const headers = (const char **)realloc(
        options->headers, (options->header_count + 1) * sizeof *headers);
    if (headers == NULL) {
        say("%s: out of memory", options->command);
        return -1;
    }
    options->headers = headers;
    options->headers[options->header_count++] = line;
    return 0;
}

/* Each line of a file that is not empty. */
static int add_file(struct cat_options *options, const char *name)
{
    size_t len = 0;
    if (options->header_file != NULL) {
        say("%s: one file of headers is enough, @%s is the second",
            options->command, name);
        return -1;
    }
    if (value_file(options->command, name) < 0) {
        return -1;
    }
    char *at = options->header_file = input_all(name, HEADER_FILE, &len);
    if (at == NULL) {
        return CAT_UNREAD;
    }
    at[len] = '\0';
    if (strlen(at) != len) {
        say("%s: no header has a NUL in it, but %s does", options->command,
            name);
        return -1;
    }
    while (*at != '\0') {
        char *const end = at + strcspn(at, "\r\n");
        char *const next = *end != '\0' ? end + 1 : end;
        *end = '\0';
        if (end != at && add_line(options, at) < 0) {
            return -1;
        }
        at = next;
    }
    return 0;
}

int cat_add_header(struct cat_options *options, const char *text)
{
    return *text == '@' ? add_file(options, text + 1)
                        : add_line(options, text);
}

int cat_set_method(struct cat_options *options, const char *text)
{
    if (!value_is_token(text, strlen(text))) {
        say("%s: -X wants a method such as GET or POST, not \"%s\"",
            options->command, text);
        return -1;
    }
    options->method = text;
    return 0;
}

int cat_set_transport(struct cat_options *options, const char *text)
{
    if (strcmp(text, "curl") != 0 && strcmp(text, "sock") != 0) {
        say("%s: --transport is curl or sock, not \"%s\"",
            options->command, text);
        return -1;
    }
    options->transport = strcmp(text, "sock") == 0 ? CAT_SOCK : CAT_CURL;
    return 0;
}
