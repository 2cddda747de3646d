/*
 * cat_body.c - the body of a request: the value of -d.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "cat_body.h"

#include "cat_values.h"
#include "input.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Larger request bodies are taken for a mistake. */
#define BODY_MAX ((size_t)1 << 30)

static const char media_type[] = "Content-Type: application/json";

static int has_media_type(const struct cat_options *options)
{
    const size_t len = strlen("Content-Type");
    for (size_t i = 0; i < options->header_count; i++) {
        const char *const line = options->headers[i];
        if (strncasecmp(line, media_type, len) == 0 &&
            (line[len] == ':' || line[len] == ';')) {
            return 1;
        }
    }
    return 0;
}

int cat_body_read(struct cat_options *options, const char *value)
{
    if (value[0] == '@') {
        options->body = input_all(value + 1, BODY_MAX, &options->body_len);
        if (options->body == NULL) {
            return -1;
        }
    } else {
        const size_t len = strlen(value);
        options->body = (char *)malloc(len + 1);
        if (options->body == NULL) {
            say("out of memory");
            return -1;
        }
        memcpy(options->body, value, len + 1);
        options->body_len = len;
    }
    return has_media_type(options) ? 0 : cat_add_header(options, media_type);
}
