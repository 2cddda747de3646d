/*
 * replay_options.c - the command line of `sse replay`.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "replay.h"

#include "flags.h"
#include "say.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

enum {
    FLAG_HELP = 1, FLAG_SPEED, FLAG_GAP, FLAG_CHUNK, FLAG_CRLF, FLAG_LOOP,
    FLAG_STALL, FLAG_END, FLAG_CUT, FLAG_RESET, FLAG_LISTEN,
    /* From here on for --listen alone. */
    FLAG_MAX_CONNS, FLAG_FAULTS, FLAG_STATUS, FLAG_HEADER, FLAG_HTML,
    FLAG_IGNORE_ID, FLAG_VERBOSE, FLAG_COUNT
};

static const struct flag table[] = {
    {"--help", 'h', 0, FLAG_HELP},
    {"--speed", '\0', 1, FLAG_SPEED},
    {"--gap", '\0', 1, FLAG_GAP},
    {"--chunk", '\0', 1, FLAG_CHUNK},
    {"--crlf", '\0', 0, FLAG_CRLF},
    {"--loop", '\0', 0, FLAG_LOOP},
    {"--stall", '\0', 1, FLAG_STALL},
    {"--end", '\0', 1, FLAG_END},
    {"--cut", '\0', 1, FLAG_CUT},
    {"--reset", '\0', 1, FLAG_RESET},
    {"--listen", '\0', 1, FLAG_LISTEN},
    {"--max-conns", '\0', 1, FLAG_MAX_CONNS},
    {"--faults", '\0', 1, FLAG_FAULTS},
    {"--status", '\0', 1, FLAG_STATUS},
    {"--header", 'H', 1, FLAG_HEADER},
    {"--html", '\0', 0, FLAG_HTML},
    {"--ignore-last-event-id", '\0', 0, FLAG_IGNORE_ID},
    {"--verbose", 'v', 0, FLAG_VERBOSE},
    {NULL, '\0', 0, 0},
};

struct reading {
    struct replay_options *options;
    struct flags flags;
    unsigned char given[FLAG_COUNT];
};

static void set_switch(struct replay_options *options, int id)
{
    switch (id) {
    case FLAG_CRLF:
        options->wish.crlf = 1;
        break;
    case FLAG_LOOP:
        options->loop = 1;
        break;
    case FLAG_HTML:
        options->html = 1;
        break;
    case FLAG_IGNORE_ID:
        options->ignore_last_id = 1;
        break;
    default:
        options->verbose = 1;
        break;
    }
}

static int set_number(struct reading *reading, int id, const char *value)
{
    struct replay_options *const options = reading->options;
    const struct flags *const flags = &reading->flags;
    uint64_t number = 0;
    switch (id) {
    case FLAG_GAP:
        if (flags_number(flags, id, value, 0, UINT32_MAX, &number) < 0) {
            return -1;
        }
        options->wish.has_gap = 1;
        options->wish.gap_us = number * 1000;
        return 0;
    case FLAG_CHUNK:
        if (flags_number(flags, id, value, 1, 1 << 30, &number) < 0) {
            return -1;
        }
        options->wish.chunk = (size_t)number;
        return 0;
    case FLAG_STATUS:
        if (flags_number(flags, id, value, 200, 599, &number) < 0) {
            return -1;
        }
        options->status = (int)number;
        return 0;
    case FLAG_MAX_CONNS:
        return flags_number(flags, id, value, 1, UINT64_MAX - 1,
                            &options->max_conns);
    default:
        return flags_number(flags, id, value, 0, UINT64_MAX - 1,
                            &options->fault_conns);
    }
}

static int set_value(struct reading *reading, int id, const char *value)
{
    struct replay_options *const options = reading->options;
    struct plan_wish *const wish = &options->wish;
    switch (id) {
    case FLAG_SPEED:
        return replay_set_speed(&options->speed, value);
    case FLAG_STALL:
        return replay_set_stall(wish, value);
    case FLAG_END:
        return replay_set_place(&wish->ends[PLAN_END], "--end", value);
    case FLAG_CUT:
        return replay_set_place(&wish->ends[PLAN_CUT], "--cut", value);
    case FLAG_RESET:
        return replay_set_place(&wish->ends[PLAN_RESET], "--reset", value);
    case FLAG_LISTEN:
        return replay_set_listen(options, value);
    case FLAG_HEADER:
        return replay_add_header(options, value);
    default:
        return set_number(reading, id, value);
    }
}

static int set_flag(struct reading *reading, int id, const char *value)
{
    reading->given[id] = 1;
    if (value == NULL) {
        set_switch(reading->options, id);
        return 0;
    }
    return set_value(reading, id, value);
}

static int check(const struct reading *reading)
{
    const struct replay_options *const options = reading->options;
    for (int id = FLAG_MAX_CONNS; id < FLAG_COUNT; id++) {
        if (reading->given[id] && !options->listens) {
            say("replay: %s is for --listen",
                flags_name(&reading->flags, id));
            return -1;
        }
    }
    if (options->html && options->source != NULL) {
        say("replay: --html is the answer itself; leave %s out",
            options->source);
        return -1;
    }
    return 0;
}

static int set_source(struct replay_options *options, const char *text)
{
    if (options->source != NULL) {
        say("replay: one recording at a time, not both %s and %s",
            options->source, text);
        return -1;
    }
    options->source = text;
    return value_file("replay", text);
}

enum replay_read replay_options_read(struct replay_options *options, int argc,
                                     char *const *argv)
{
    struct reading reading;
    const char *value = NULL;
    memset(&reading, 0, sizeof reading);
    memset(options, 0, sizeof *options);
    options->speed = 1;
    options->max_conns = UINT64_MAX;
    options->fault_conns = UINT64_MAX;
    reading.options = options;
    flags_init(&reading.flags, "replay", table, argc, argv);
    for (;;) {
        const int id = flags_next(&reading.flags, &value);
        if (id == FLAGS_END) {
            break;
        }
        if (id == FLAG_HELP) {
            return REPLAY_READ_HELP;
        }
        if (id == FLAGS_ERROR ||
            (id == FLAGS_OPERAND && set_source(options, value) < 0) ||
            (id > 0 && set_flag(&reading, id, value) < 0)) {
            return REPLAY_READ_USAGE;
        }
    }
    if (check(&reading) < 0) {
        return REPLAY_READ_USAGE;
    }
    if (options->source == NULL && !options->html) {
        options->source = "-";
    }
    return REPLAY_READ_OK;
}

void replay_options_free(struct replay_options *options)
{
    for (size_t i = 0; i < options->header_count; i++) {
        /* The name begins what was copied; the member is const for readers. */
        union {
            const char *name;
            char *copy;
        } header;
        header.name = options->headers[i].name;
        free(header.copy);
    }
    free(options->headers);
}
