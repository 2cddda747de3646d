/*
 * cat_file.c - `sse cat` on files and standard input.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cat.h"

#include "input.h"
#include "say.h"
#include "tape.h"
#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ_SIZE 65536

/* A parser whose scratch grows. */
struct reader {
    sse_parser parser;
    char *scratch;
    size_t cap;
    size_t most; /* the scratch does not grow beyond */
};

/* A comment may stand inside an event, so there is room for both. */
static size_t scratch_max(uint64_t max_event_size)
{
    const uint64_t room = (SIZE_MAX - CAT_SCRATCH_START) / 2;
    const uint64_t data = max_event_size < room ? max_event_size : room;
    return CAT_SCRATCH_START + 2 * (size_t)data;
}

static sse_status reader_open(struct reader *reader, struct cat_take *take)
{
    const char *const id = take->options->last_event_id;
    reader->cap = CAT_SCRATCH_START;
    reader->most = scratch_max(take->options->max_event_size);
    reader->scratch = (char *)malloc(reader->cap);
    if (reader->scratch == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    sse_status status = sse_parser_init(&reader->parser, reader->scratch,
                                        reader->cap, cat_take_event, take);
    if (status == SSE_OK) {
        status = sse_parser_set_limits(&reader->parser, CAT_NAME_MAX,
                                       CAT_NAME_MAX);
    }
    if (status == SSE_OK) {
        status = sse_parser_set_overflow(&reader->parser, SSE_OVERFLOW_GROW,
                                         NULL);
    }
    if (status == SSE_OK && id != NULL) {
        status = sse_parser_set_last_event_id(&reader->parser, id, strlen(id));
    }
    return status == SSE_OK ? cat_take_setup(&reader->parser, take) : status;
}

/* Twice the scratch, or what is needed; what is larger still is skipped. */
static sse_status grow(struct reader *reader)
{
    const size_t needed = sse_parser_space_needed(&reader->parser);
    if (needed > reader->most) {
        sse_parser_skip_event(&reader->parser);
        return SSE_OK;
    }
    size_t cap = reader->cap > reader->most / 2 ? reader->most
                                                : 2 * reader->cap;
    cap = cap < needed ? needed : cap;
    char *const scratch = (char *)malloc(cap);
    if (scratch == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    const sse_status status =
        sse_parser_set_scratch(&reader->parser, scratch, cap);
    if (status != SSE_OK) {
        free(scratch);
        return status;
    }
    free(reader->scratch);
    reader->scratch = scratch;
    reader->cap = cap;
    return SSE_OK;
}

/* Feeds all of it, `chunk` bytes at a time. */
static sse_status feed(struct reader *reader, const char *bytes, size_t len,
                       size_t chunk)
{
    size_t at = 0;
    while (at < len) {
        const size_t n = chunk > 0 && chunk < len - at ? chunk : len - at;
        const size_t end = at + n;
        while (at < end) {
            size_t consumed = 0;
            sse_status status = sse_parser_feed(&reader->parser, bytes + at,
                                                end - at, &consumed);
            at += consumed;
            if (status == SSE_NEED_SPACE) {
                status = grow(reader);
            }
            if (status != SSE_OK) {
                return status;
            }
        }
    }
    return SSE_OK;
}

/* Is this a recording?  `seen` counts the bytes of its first line that came so
 * far, and stays SIZE_MAX once one was different. */
static int is_recording(const char *bytes, size_t len, size_t *seen)
{
    static const char first[] = TAPE_MAGIC;
    for (size_t i = 0; i < len && *seen < sizeof first - 1; i++) {
        *seen = bytes[i] == first[*seen] ? *seen + 1 : SIZE_MAX;
    }
    return *seen == sizeof first - 1;
}

/* Reads to the end, whatever it is.  The exit code and the reason. */
static int read_all(int fd, struct reader *reader, struct cat_take *take,
                    char *buffer, char *reason, size_t reason_cap)
{
    const struct cat_options *const options = take->options;
    const char *const name = input_name(options->source);
    size_t seen = 0;
    for (;;) {
        size_t len = 0;
        const enum input_state state =
            input_read(fd, &take->print->out, buffer,
                       options->chunk > READ_SIZE ? options->chunk : READ_SIZE,
                       &len);
        sse_status status = SSE_OK;
        if (state == INPUT_FAILED) {
            (void)snprintf(reason, reason_cap, "%s: %s", name,
                           strerror(errno));
            return TOOL_FAILED;
        }
        if (state == INPUT_DATA && is_recording(buffer, len, &seen)) {
            (void)snprintf(reason, reason_cap,
                           "%s is a recording; `sse replay --speed 0 %s | sse "
                           "cat` prints its events", name, options->source);
            return TOOL_FAILED;
        }
        if (state == INPUT_DATA) {
            status = feed(reader, buffer, len, options->chunk);
        } else if (state == INPUT_END) {
            status = sse_parser_finish(&reader->parser, 1);
        }
        const int own = cat_take_own_end(take, reason, reason_cap);
        if (own >= 0) {
            return own;
        }
        if (status == SSE_INCOMPLETE) {
            (void)snprintf(reason, reason_cap,
                           "%s ends in the middle of an event", name);
            return TOOL_CUT;
        }
        if (status != SSE_OK) {
            (void)snprintf(reason, reason_cap, "%s: %s", name,
                           sse_strerror(status));
            return TOOL_FAILED;
        }
        if (state == INPUT_END) {
            (void)snprintf(reason, reason_cap, "end of %s",
                           strcmp(options->source, "-") == 0 ? name : "file");
            return TOOL_OK;
        }
    }
}

int cat_file(const struct cat_options *options, struct cat_take *take)
{
    char reason[4400];
    const int fd = input_open(options->source, 1);
    if (fd < 0) {
        return TOOL_FAILED;
    }
    struct reader reader;
    memset(&reader, 0, sizeof reader);
    char *const buffer = (char *)malloc(
        options->chunk > READ_SIZE ? options->chunk : READ_SIZE);
    const sse_status status =
        buffer != NULL ? reader_open(&reader, take) : SSE_ERR_NO_MEMORY;
    int code = TOOL_FAILED;
    if (status == SSE_OK) {
        size_t id_len = 0;
        code = read_all(fd, &reader, take, buffer, reason, sizeof reason);
        const char *const id =
            sse_parser_last_event_id(&reader.parser, &id_len);
        code = cat_take_finish(take, id, id_len, code, reason);
    } else {
        say("%s", sse_strerror(status));
    }
    free(buffer);
    free(reader.scratch);
    input_close(fd);
    return code;
}
