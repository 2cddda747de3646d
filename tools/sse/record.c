/*
 * record.c - the subcommand `sse record`: keeps a stream with its timing.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "fetch.h"
#include "replay.h"
#include "say.h"
#include "stop.h"
#include "tape.h"
#include "tool.h"

#include <sse/parser.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FLAG_OUTPUT = FETCH_FLAGS };

static const struct flag table[] = {
    FETCH_TABLE,
    {"--output", 'o', 1, FLAG_OUTPUT},
    {NULL, '\0', 0, 0},
};

/* One recording. */
struct record {
    struct fetch fetch;
    struct out out;
    const char *path; /* NULL: standard output */
    int created;      /* the file was not there before */
    int begun;        /* what the file held is gone */
    uint64_t began_us;
    int wrong_answer; /* the response is no event stream */
    int status;
    sse_parser parser;
    char scratch[4096];
};

static int own_flag(const struct flags *flags, int id, const char *value,
                    void *user)
{
    (void)id;
    if (*value == '\0') {
        say("%s: the name of the output is empty; name a file, or `-`",
            flags->command);
        return -1;
    }
    ((struct record *)user)->path = strcmp(value, "-") == 0 ? NULL : value;
    return 0;
}

/* Header fields that say something of the connection or of a person. */
static int is_left_out(const char *line, size_t len)
{
    static const char *const names[] = {
        "connection", "keep-alive", "transfer-encoding", "content-length",
        "upgrade", "date", "set-cookie", "trailer", "te"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == len && strncasecmp(names[i], line, len) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Keeps each header on a line of its own, and notes what the answer is. */
static void put_headers(struct record *record, const struct fetch_head *head)
{
    static const char type[] = "content-type";
    static const char stream[] = "text/event-stream";
    size_t count = 0;
    record->wrong_answer = 1;
    for (size_t at = 0; at < head->len;) {
        const char *const line = head->text + at;
        const char *const end =
            (const char *)memchr(line, '\n', head->len - at);
        size_t len = end != NULL ? (size_t)(end - line) : head->len - at;
        at += len + 1;
        len -= len > 0 && line[len - 1] == '\r';
        const char *const colon = (const char *)memchr(line, ':', len);
        if (colon == NULL || memchr(line, '\0', len) != NULL ||
            is_left_out(line, (size_t)(colon - line)) ||
            count == TAPE_HEADERS_MAX) {
            continue;
        }
        count++;
        tape_put_head(&record->out, "header", line, len);
        if ((size_t)(colon - line) == sizeof type - 1 &&
            strncasecmp(line, type, sizeof type - 1) == 0) {
            const char *value = colon + 1;
            while (value < line + len && *value == ' ') {
                value++;
            }
            record->wrong_answer =
                (size_t)(line + len - value) < sizeof stream - 1 ||
                strncasecmp(value, stream, sizeof stream - 1) != 0;
        }
    }
}

/* The URL, without the credentials that may stand in it. */
static void put_source(struct record *record)
{
    const char *const source = record->fetch.request.source;
    const char *const host = strstr(source, "://");
    const char *from = source;
    out_text(&record->out, TAPE_MAGIC TAPE_VERSION "\nsource: ");
    if (record->fetch.request.is_url && host != NULL) {
        const size_t authority = strcspn(host + 3, "/?#");
        for (size_t i = 0; i < authority; i++) {
            if (host[3 + i] == '@') {
                from = host + 4 + i;
            }
        }
        if (from != source) {
            out_put(&record->out, source, (size_t)(host + 3 - source));
        }
    }
    /* A line holds it, or not at all. */
    out_put(&record->out, from, strcspn(from, "\r\n"));
    out_text(&record->out, "\n");
}

/* What the file held goes once there is something to put in its place. */
static void begin(struct record *record)
{
    if (!record->begun && record->path != NULL) {
        /* Refused for a pipe, which holds nothing. */
        (void)(ftruncate(record->out.fd, 0) < 0);
    }
    record->begun = 1;
}

static int on_head(const struct fetch_head *head, void *user)
{
    struct record *const record = (struct record *)user;
    char status[16];
    begin(record);
    record->status = head->status;
    const int len = snprintf(status, sizeof status, "%d", head->status);
    tape_put_head(&record->out, "status", status, (size_t)len);
    put_headers(record, head);
    out_text(&record->out, "\n");
    return out_flush(&record->out);
}

static int on_bytes(const char *bytes, size_t len, void *user)
{
    struct record *const record = (struct record *)user;
    size_t consumed = 0;
    begin(record);
    tape_put(&record->out, replay_now_us() - record->began_us, bytes, len);
    (void)sse_parser_feed(&record->parser, bytes, len, &consumed);
    return record->out.state != OUT_OPEN;
}

static int is_input(const struct record *record, int fd)
{
    const char *const source = record->fetch.request.source;
    struct stat in;
    struct stat out;
    const int is_file =
        !record->fetch.request.is_url &&
        (strcmp(source, "-") == 0 ? fstat(STDIN_FILENO, &in)
                                  : stat(source, &in)) == 0 &&
        S_ISREG(in.st_mode);
    return is_file && fstat(fd, &out) == 0 && in.st_dev == out.st_dev &&
           in.st_ino == out.st_ino;
}

/* A file that was made for nothing goes again. */
static void close_output(const struct record *record)
{
    if (record->path != NULL) {
        (void)close(record->out.fd);
        if (record->created && !record->begun) {
            (void)unlink(record->path);
        }
    }
}

/* TOOL_OK, or the exit code with the reason told. */
static int open_output(struct record *record)
{
    int fd = STDOUT_FILENO;
    if (record->path != NULL) {
        const int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
        fd = open(record->path, flags | O_EXCL, 0666);
        record->created = fd >= 0;
        if (fd < 0 && errno == EEXIST) {
            fd = open(record->path, flags, 0666);
        }
        if (fd < 0) {
            say("%s: %s", record->path, strerror(errno));
            return TOOL_FAILED;
        }
    }
    out_init(&record->out, fd);
    if (record->path != NULL && is_input(record, fd)) {
        say("record: %s is the input, too", record->path);
        close_output(record);
        return TOOL_USAGE;
    }
    return TOOL_OK;
}

/* The exit code; the reason may become another one. */
static int code_of(struct record *record, enum fetch_end end, char *reason,
                   size_t cap)
{
    switch (end) {
    case FETCH_STOPPED:
        if (record->out.state != OUT_OPEN) {
            return out_exit(&record->out);
        }
        return stop_asked() != 0 ? TOOL_SIGNAL + stop_asked() : TOOL_OK;
    case FETCH_CLEAN:
        if (record->status != 0 &&
            (record->status != 200 || record->wrong_answer)) {
            (void)snprintf(reason, cap, record->status != 200
                           ? "HTTP status %d; recorded all the same"
                           : "status %d, but no text/event-stream; recorded "
                             "all the same", record->status);
            return TOOL_FAILED;
        }
        if (sse_parser_finish(&record->parser, 1) == SSE_INCOMPLETE) {
            (void)snprintf(reason, cap,
                           "the stream ended in the middle of an event");
            return TOOL_CUT;
        }
        return TOOL_OK;
    case FETCH_CUT:
    case FETCH_FAILED:
        return TOOL_FAILED;
    case FETCH_USAGE:
        break;
    }
    return TOOL_USAGE;
}

static int record_stream(struct record *record)
{
    const struct fetch_hooks hooks = {on_head, on_bytes, record};
    char reason[1024];
    const int opened = open_output(record);
    if (opened != TOOL_OK) {
        return opened;
    }
    (void)sse_parser_init(&record->parser, record->scratch,
                          sizeof record->scratch, NULL, NULL);
    record->fetch.out = &record->out;
    put_source(record);
    if (!record->fetch.request.is_url) {
        out_text(&record->out, "\n");
    }
    record->began_us = replay_now_us();
    const enum fetch_end end =
        fetch_run(&record->fetch, &hooks, reason, sizeof reason);
    int code = code_of(record, end, reason, sizeof reason);
    if (!record->fetch.request.is_url ? end != FETCH_FAILED
                                      : record->status != 0) {
        begin(record);
        tape_put_end(&record->out, replay_now_us() - record->began_us,
                     end == FETCH_CLEAN ? TAPE_CLEAN
                     : end == FETCH_CUT ? TAPE_CUT : TAPE_STOPPED);
    }
    if (record->out.state == OUT_FAILED) {
        (void)snprintf(reason, sizeof reason, "writing the output: %s",
                       out_reason(&record->out));
        code = TOOL_FAILED;
    }
    close_output(record);
    if (*reason != '\0') {
        say("%s", reason);
    }
    return code;
}

static int run(int argc, char *const *argv)
{
    static struct record record;
    if (stop_watch() < 0) {
        say("%s", strerror(errno));
        return TOOL_FAILED;
    }
    const enum cat_read end = fetch_read(&record.fetch, "record", table, argc,
                                         argv, own_flag, &record);
    const int code = end == CAT_READ_OK ? record_stream(&record)
                                        : cat_read_exit(end, record_help);
    fetch_free(&record.fetch);
    return code;
}

const struct tool_command tool_record = {
    "record", "keep a stream with its timing", record_help, run};
