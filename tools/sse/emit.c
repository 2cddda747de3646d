/*
 * emit.c - the subcommand `sse emit`: lines of JSON to an event stream.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "emit.h"

#include "flags.h"
#include "input.h"
#include "say.h"
#include "stop.h"
#include "tool.h"
#include "values.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Longer lines are refused rather than let the memory of a machine run out. */
#define LINE_MAX_BYTES ((size_t)1 << 30)

#define READ_SIZE 65536

static const char help[] =
    "usage: sse emit [FILE | -]\n"
    "\n"
    "Writes an event stream out of what `sse cat --json`, `--base64` or\n"
    "`--trace` prints: one JSON object a line, from a file or standard input.\n"
    "Read again, the stream gives the same lines (but for state lines, which\n"
    "tell of connections).\n"
    "\n"
    "  {\"data\":T}            an event; with it \"type\":T, \"id\":T (the\n"
    "                        last event ID: written where it changes)\n"
    "                        and \"retry\":N may stand\n"
    "  {\"retry\":N}           a reconnection time in milliseconds\n"
    "  {\"comment\":T}         a comment\n"
    "  {\"field\":T,\"value\":T} a field that readers do not know\n"
    "  {\"final_id\":T}        the last event ID, if no event brought it\n"
    "  {\"state\":...}         read over\n"
    "\n"
    "Each text T may instead come as base64: \"data_b64\" and so on.\n"
    "\n"
    "  -h, --help            this text\n"
    "\n"
    "Exit status\n"
    "  0    end of input; nothing is said\n"
    "  1    a line is wrong (its number and column are told), or reading\n"
    "       or writing failed\n"
    "  2    the command line is wrong\n"
    "  130  SIGINT\n";

/* One run. */
struct emit {
    const char *name; /* of the input, for messages */
    int fd;
    struct out out;
    struct emit_writer writer;
    struct emit_record record;
    char *line; /* bytes read and not yet used */
    size_t len;
    size_t cap;
    size_t scanned; /* how many of them hold no line end */
    unsigned long long number; /* of the line, from 1 */
};

static int is_blank(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
            return 0;
        }
    }
    return 1;
}

/* One line, without its end. */
static int take_line(struct emit *emit, const char *line, size_t len)
{
    struct emit_error error;
    emit->number++;
    if (is_blank(line, len)) {
        return 0;
    }
    if (emit_record_read(&emit->record, line, len, &error) == 0 &&
        emit_write(&emit->writer, &emit->record, &error) == 0) {
        return emit->out.state == OUT_OPEN ? 0 : -1;
    }
    if (error.column > 0) {
        say("%s, line %llu, column %llu: %s", emit->name, emit->number,
            (unsigned long long)error.column, error.text);
    } else {
        say("%s, line %llu: %s", emit->name, emit->number, error.text);
    }
    return -1;
}

/* All whole lines of what was read. */
static int take_lines(struct emit *emit)
{
    size_t from = 0;
    for (;;) {
        const char *const end = (const char *)memchr(
            emit->line + emit->scanned, '\n', emit->len - emit->scanned);
        if (end == NULL) {
            break;
        }
        const size_t at = (size_t)(end - emit->line);
        if (stop_asked() != 0 ||
            take_line(emit, emit->line + from, at - from) < 0) {
            return -1;
        }
        from = at + 1;
        emit->scanned = from;
    }
    if (from > 0) {
        emit->len -= from;
        memmove(emit->line, emit->line + from, emit->len);
    }
    emit->scanned = emit->len;
    return 0;
}

/* Room for one more reading. */
static int reserve(struct emit *emit)
{
    if (emit->cap - emit->len >= READ_SIZE) {
        return 0;
    }
    if (emit->len > LINE_MAX_BYTES) {
        say("%s, line %llu: longer than %llu bytes", emit->name,
            emit->number + 1, (unsigned long long)LINE_MAX_BYTES);
        return -1;
    }
    const size_t cap = 2 * emit->cap + 2 * (size_t)READ_SIZE;
    char *const larger = (char *)realloc(emit->line, cap);
    if (larger == NULL) {
        say("%s, line %llu: out of memory", emit->name, emit->number + 1);
        return -1;
    }
    emit->line = larger;
    emit->cap = cap;
    return 0;
}

/* Reads to the end.  0, or -1; what is wrong with the input has been told. */
static int read_all(struct emit *emit)
{
    for (;;) {
        size_t n = 0;
        if (reserve(emit) < 0) {
            return -1;
        }
        switch (input_read(emit->fd, &emit->out, emit->line + emit->len,
                           READ_SIZE, &n)) {
        case INPUT_DATA:
            emit->len += n;
            if (take_lines(emit) < 0) {
                return -1;
            }
            break;
        case INPUT_END:
            return emit->len > 0 ? take_line(emit, emit->line, emit->len) : 0;
        case INPUT_FAILED:
            say("%s: %s", emit->name, strerror(errno));
            return -1;
        case INPUT_STOPPED:
            return -1;
        }
    }
}

/* What was written stays a whole stream, however the input ended. */
static int finish(struct emit *emit, int failed)
{
    emit_writer_end(&emit->writer);
    if (emit->out.state == OUT_FAILED) {
        say("writing the output: %s", out_reason(&emit->out));
        return TOOL_FAILED;
    }
    if (stop_asked() != 0) {
        say("interrupted");
        return TOOL_SIGNAL + stop_asked();
    }
    return failed && emit->out.state == OUT_OPEN ? TOOL_FAILED : TOOL_OK;
}

static int emit_from(const char *source)
{
    static struct emit emit;
    emit.fd = input_open(source, 0);
    if (emit.fd < 0) {
        return TOOL_FAILED;
    }
    emit.name = input_name(source);
    out_init(&emit.out, STDOUT_FILENO);
    emit_writer_init(&emit.writer, &emit.out);
    const int failed = read_all(&emit) < 0;
    const int code = finish(&emit, failed);
    emit_writer_free(&emit.writer);
    free(emit.record.buffer);
    free(emit.line);
    input_close(emit.fd);
    return code;
}

static int run(int argc, char *const *argv)
{
    static const struct flag table[] = {{"--help", 'h', 0, 1},
                                        {NULL, '\0', 0, 0}};
    struct flags flags;
    const char *source = NULL;
    const char *value = NULL;
    flags_init(&flags, "emit", table, argc, argv);
    for (;;) {
        const int id = flags_next(&flags, &value);
        if (id == FLAGS_END) {
            break;
        }
        if (id == FLAGS_ERROR) {
            return TOOL_USAGE;
        }
        if (id != FLAGS_OPERAND) {
            return tool_print(help);
        }
        if (source != NULL) {
            say("emit: one input at a time, not both %s and %s", source,
                value);
            return TOOL_USAGE;
        }
        if (value_file("emit", value) < 0) {
            return TOOL_USAGE;
        }
        source = value;
    }
    if (stop_watch() < 0) {
        say("%s", strerror(errno));
        return TOOL_FAILED;
    }
    return emit_from(source != NULL ? source : "-");
}

const struct tool_command tool_emit = {
    "emit", "write an event stream out of what `sse cat --json` prints", help,
    run};
