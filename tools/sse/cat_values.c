/*
 * cat_values.c - values of the flags of `sse cat` that take more than a number.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "cat_values.h"

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
    if (scheme != NULL && !value_is_url(text) && strchr(text, '/') == scheme + 1) {
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

int cat_add_header(struct cat_options *options, const char *line)
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
