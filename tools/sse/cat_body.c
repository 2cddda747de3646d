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

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Larger request bodies are taken for a mistake. */
#define BODY_MAX ((size_t)1 << 30)

static const char media_type[] = "Content-Type: application/json";

/* All of a file or of standard input. */
static int read_whole(struct cat_options *options, int fd, const char *name)
{
    size_t cap = 65536;
    char *body = (char *)malloc(cap);
    size_t len = 0;
    enum input_state state = INPUT_DATA;
    while (body != NULL && state == INPUT_DATA && len <= BODY_MAX) {
        size_t n = 0;
        if (len == cap) {
            char *const larger = (char *)realloc(body, 2 * cap);
            if (larger == NULL) {
                free(body);
                body = NULL;
                break;
            }
            body = larger;
            cap *= 2;
        }
        state = input_read(fd, NULL, body + len, cap - len, &n);
        len += n;
    }
    if (state == INPUT_END && len <= BODY_MAX) {
        options->body = body;
        options->body_len = len;
        return 0;
    }
    if (state == INPUT_FAILED) {
        say("%s: %s", name, strerror(errno));
    } else if (state == INPUT_STOPPED) {
        say("interrupted");
    } else {
        say("%s: too large for a request body", name);
    }
    free(body);
    return -1;
}

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
        const char *const name = value + 1;
        const int fd = input_open(name);
        if (fd < 0) {
            return -1;
        }
        const int done = read_whole(options, fd, input_name(name));
        input_close(fd);
        if (done < 0) {
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
