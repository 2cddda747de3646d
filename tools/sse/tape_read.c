/*
 * tape_read.c - reading recordings, and plain streams in their place.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tape.h"

#include "input.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

/* A recording is held in memory while it is replayed. */
#define FILE_MAX ((size_t)1 << 30)

/* Where the reading of a file stands. */
struct reading {
    struct tape *tape;
    const char *name; /* for messages */
    size_t len;       /* of the file */
    size_t at;
    size_t cap;       /* pieces there is room for */
};

static int wrong(const struct reading *reading, size_t at, const char *what)
{
    say("%s, byte %llu: %s", input_name(reading->name), (unsigned long long)at,
        what);
    return -1;
}

/* The next line, its line feed replaced by a NUL.  NULL at the end. */
static char *next_line(struct reading *reading)
{
    char *const line = reading->tape->file + reading->at;
    char *const end =
        (char *)memchr(line, '\n', reading->len - reading->at);
    if (end == NULL) {
        return NULL;
    }
    *end = '\0';
    reading->at += (size_t)(end - line) + 1;
    return line;
}

/* Reads digits and moves behind them.  0, or -1. */
static int digits(const char **text, uint64_t most, uint64_t *number)
{
    const char *at = *text;
    uint64_t n = 0;
    while (*at >= '0' && *at <= '9') {
        const unsigned digit = (unsigned)(*at - '0');
        if (n > (most - digit) / 10) {
            return -1;
        }
        n = n * 10 + digit;
        at++;
    }
    if (at == *text) {
        return -1;
    }
    *text = at;
    *number = n;
    return 0;
}

/* "Name: value": cut in two in its place. */
static int head_header(struct reading *reading, char *text, size_t at)
{
    struct tape *const tape = reading->tape;
    char *const colon = strchr(text, ':');
    if (colon == NULL || colon == text) {
        return wrong(reading, at, "a header wants \"Name: value\"");
    }
    if (tape->header_count == TAPE_HEADERS_MAX) {
        return wrong(reading, at, "too many headers");
    }
    *colon = '\0';
    const char *value = colon + 1;
    value += *value == ' ';
    sse_http_header *const header = &tape->headers[tape->header_count++];
    header->name = text;
    header->value = value;
    return 0;
}

static int head_line(struct reading *reading, char *line, size_t at)
{
    if (strncmp(line, "status: ", 8) == 0) {
        const char *text = line + 8;
        uint64_t status = 0;
        if (digits(&text, 599, &status) < 0 || *text != '\0' ||
            status < 200) {
            return wrong(reading, at, "a status is a number from 200 to 599");
        }
        reading->tape->status = (int)status;
        return 0;
    }
    if (strncmp(line, "header: ", 8) == 0) {
        return head_header(reading, line + 8, at);
    }
    if (strchr(line, ':') == NULL) {
        return wrong(reading, at, "a line of the head wants \"name: value\"");
    }
    return 0;
}

static int read_head(struct reading *reading)
{
    const char *const first = next_line(reading);
    if (first == NULL ||
        strcmp(first + strlen(TAPE_MAGIC), TAPE_VERSION) != 0) {
        return wrong(reading, 0, "a recording of a version that this sse does "
                                 "not know; it reads version " TAPE_VERSION);
    }
    for (;;) {
        const size_t at = reading->at;
        char *const line = next_line(reading);
        if (line == NULL) {
            return wrong(reading, at, "the recording ends within its head");
        }
        if (*line == '\0') {
            return 0;
        }
        if (head_line(reading, line, at) < 0) {
            return -1;
        }
    }
}

static int add_piece(struct reading *reading, uint64_t at_us, size_t end)
{
    struct tape *const tape = reading->tape;
    if (tape->count == reading->cap) {
        const size_t cap = reading->cap > 0 ? 2 * reading->cap : 256;
        struct tape_piece *const larger = (struct tape_piece *)realloc(
            tape->pieces, cap * sizeof *larger);
        if (larger == NULL) {
            say("%s: out of memory", input_name(reading->name));
            return -1;
        }
        tape->pieces = larger;
        reading->cap = cap;
    }
    tape->pieces[tape->count].at_us = at_us;
    tape->pieces[tape->count].end = end;
    tape->count++;
    return 0;
}

/* How it ended; nothing may follow. */
static int read_end(struct reading *reading, const char *word, size_t at)
{
    static const char *const words[] = {"end", "cut", "stopped"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(word, words[i]) == 0) {
            reading->tape->end = (enum tape_end)i;
            if (reading->at < reading->len) {
                return wrong(reading, reading->at,
                             "there is more behind the end of the recording");
            }
            return 0;
        }
    }
    return wrong(reading, at, "a record wants \"@TIME LENGTH\", or \"end\", "
                              "\"cut\" or \"stopped\" in place of the length");
}

/* All records: their bytes are moved together, over the lines between. */
static int read_records(struct reading *reading)
{
    struct tape *const tape = reading->tape;
    char *const body = tape->file + reading->at;
    size_t len = 0;
    tape->bytes = body;
    for (;;) {
        const size_t at = reading->at;
        const char *line = next_line(reading);
        uint64_t bytes = 0;
        uint64_t at_us = 0;
        if (line == NULL) {
            return wrong(reading, at, "the recording is cut short (a last "
                                      "line \"@TIME cut\" would end it)");
        }
        line++;
        if (line[-1] != '@' || digits(&line, UINT64_MAX / 2, &at_us) < 0 ||
            *line != ' ') {
            return read_end(reading, "", at);
        }
        if (at_us < tape->end_us) {
            return wrong(reading, at, "the time goes back");
        }
        tape->end_us = at_us;
        line++;
        if (digits(&line, SIZE_MAX / 2, &bytes) < 0 || *line != '\0') {
            tape->len = len;
            return read_end(reading, line, at);
        }
        if (bytes >= reading->len - reading->at) {
            return wrong(reading, at,
                         "the recording is cut short within this record");
        }
        memmove(body + len, tape->file + reading->at, (size_t)bytes);
        reading->at += (size_t)bytes;
        if (tape->file[reading->at] != '\n') {
            return wrong(reading, reading->at,
                         "no line end behind the bytes of a record");
        }
        reading->at++;
        len += (size_t)bytes;
        if (bytes > 0 && add_piece(reading, at_us, len) < 0) {
            return -1;
        }
    }
}

int tape_read(struct tape *tape, const char *name)
{
    struct reading reading = {tape, name, 0, 0, 0};
    memset(tape, 0, sizeof *tape);
    tape->status = 200;
    tape->file = input_all(name, FILE_MAX, &reading.len);
    if (tape->file == NULL) {
        return -1;
    }
    const size_t magic = strlen(TAPE_MAGIC);
    if (reading.len < magic || memcmp(tape->file, TAPE_MAGIC, magic) != 0) {
        tape->bytes = tape->file;
        tape->len = reading.len;
        return 0;
    }
    tape->recorded = 1;
    return read_head(&reading) < 0 ? -1 : read_records(&reading);
}

void tape_free(struct tape *tape)
{
    free(tape->pieces);
    free(tape->file);
}
