/*
 * cat_options.c - the command line of `sse cat`.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "cat.h"

#include "cat_body.h"
#include "cat_values.h"
#include "flags.h"
#include "say.h"
#include "stop.h"
#include "tool.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Which sources a flag makes sense for. */
enum { FOR_ALL = 0, FOR_URLS = 1, FOR_FILES = 2 };

enum {
    FLAG_HELP = 1, FLAG_JSON, FLAG_BASE64, FLAG_TRACE, FLAG_VERBOSE,
    FLAG_CHUNK, FLAG_MAX_EVENTS, FLAG_MAX_EVENT_SIZE, FLAG_UNTIL_TYPE,
    FLAG_UNTIL_DATA, FLAG_LAST_ID, FLAG_HEADER, FLAG_METHOD, FLAG_BODY,
    FLAG_TRANSPORT, FLAG_RETRY, FLAG_MAX_RETRY, FLAG_IDLE, FLAG_CONNECT,
    FLAG_MAX_RECONNECTS, FLAG_NO_RECONNECT, FLAG_COUNT
};

static const struct flag table[] = {
    {"--help", 'h', 0, FLAG_HELP},
    {"--json", '\0', 0, FLAG_JSON},
    {"--base64", '\0', 0, FLAG_BASE64},
    {"--trace", '\0', 0, FLAG_TRACE},
    {"--verbose", 'v', 0, FLAG_VERBOSE},
    {"--chunk", '\0', 1, FLAG_CHUNK},
    {"--max-events", '\0', 1, FLAG_MAX_EVENTS},
    {"--max-event-size", '\0', 1, FLAG_MAX_EVENT_SIZE},
    {"--until-type", '\0', 1, FLAG_UNTIL_TYPE},
    {"--until-data", '\0', 1, FLAG_UNTIL_DATA},
    {"--last-event-id", '\0', 1, FLAG_LAST_ID},
    {"--header", 'H', 1, FLAG_HEADER},
    {"--request", 'X', 1, FLAG_METHOD},
    {"--data", 'd', 1, FLAG_BODY},
    {"--transport", '\0', 1, FLAG_TRANSPORT},
    {"--retry-ms", '\0', 1, FLAG_RETRY},
    {"--max-retry-ms", '\0', 1, FLAG_MAX_RETRY},
    {"--idle-timeout", '\0', 1, FLAG_IDLE},
    {"--connect-timeout", '\0', 1, FLAG_CONNECT},
    {"--max-reconnects", '\0', 1, FLAG_MAX_RECONNECTS},
    {"--no-reconnect", '\0', 0, FLAG_NO_RECONNECT},
    {NULL, '\0', 0, 0},
};

static int scope_of(int id)
{
    if (id == FLAG_CHUNK) {
        return FOR_FILES;
    }
    return id >= FLAG_HEADER ? FOR_URLS : FOR_ALL;
}

/* State of one reading: what was given, for the checks at the end. */
struct reading {
    struct cat_options *options;
    struct flags flags;
    unsigned char given[FLAG_COUNT];
    const char *body; /* argument of -d */
};

static void set_defaults(struct cat_options *options)
{
    memset(options, 0, sizeof *options);
    options->command = "cat";
    options->max_events = UINT64_MAX;
    options->max_event_size = UINT64_C(64) << 20;
    options->reconnect = 1;
    options->max_reconnects = UINT64_MAX;
    options->retry_ms = 3000;
    options->max_retry_ms = 30000;
    options->connect_timeout_ms = 10000;
}

static int set_milliseconds(const struct reading *reading, int id,
                            const char *value, uint32_t *ms)
{
    uint64_t number = 0;
    if (flags_number(&reading->flags, id, value, 0, UINT32_MAX, &number) < 0) {
        return -1;
    }
    *ms = (uint32_t)number;
    return 0;
}

static int set_number(struct reading *reading, int id, const char *value)
{
    struct cat_options *const options = reading->options;
    const struct flags *const flags = &reading->flags;
    uint64_t number = 0;
    switch (id) {
    case FLAG_CHUNK:
        if (flags_number(flags, id, value, 1, 1 << 30, &number) < 0) {
            return -1;
        }
        options->chunk = (size_t)number;
        return 0;
    case FLAG_MAX_EVENTS:
        return flags_number(flags, id, value, 1, UINT64_MAX,
                            &options->max_events);
    case FLAG_MAX_EVENT_SIZE:
        return flags_number(flags, id, value, 1, SIZE_MAX / 8,
                            &options->max_event_size);
    case FLAG_MAX_RECONNECTS:
        return flags_number(flags, id, value, 0, UINT64_MAX - 1,
                            &options->max_reconnects);
    case FLAG_RETRY:
        return set_milliseconds(reading, id, value, &options->retry_ms);
    case FLAG_MAX_RETRY:
        return set_milliseconds(reading, id, value, &options->max_retry_ms);
    case FLAG_IDLE:
        return set_milliseconds(reading, id, value, &options->idle_timeout_ms);
    default:
        return set_milliseconds(reading, id, value,
                                &options->connect_timeout_ms);
    }
}

static int set_text(struct reading *reading, int id, const char *value)
{
    struct cat_options *const options = reading->options;
    switch (id) {
    case FLAG_UNTIL_TYPE:
        if (*value == '\0') {
            say("cat: --until-type wants a type; events that name none have "
                "the type message");
            return -1;
        }
        options->until_type = value;
        return 0;
    case FLAG_UNTIL_DATA:
        options->until_data = value;
        return 0;
    case FLAG_LAST_ID:
        if (strpbrk(value, "\r\n") != NULL || strlen(value) > CAT_NAME_MAX) {
            say("cat: --last-event-id wants one line of at most %llu "
                "bytes", (unsigned long long)CAT_NAME_MAX);
            return -1;
        }
        options->last_event_id = value;
        return 0;
    case FLAG_HEADER:
        return cat_add_header(options, value);
    case FLAG_METHOD:
        return cat_set_method(options, value);
    case FLAG_BODY:
        if (reading->body != NULL) {
            say("cat: -d was given twice; one request has one body");
            return -1;
        }
        reading->body = value;
        return 0;
    default:
        return cat_set_transport(options, value);
    }
}

static void set_switch(struct cat_options *options, int id)
{
    switch (id) {
    case FLAG_JSON:
        options->form = options->form == PRINT_BASE64 ? PRINT_BASE64
                                                      : PRINT_JSON;
        break;
    case FLAG_BASE64:
        options->form = PRINT_BASE64;
        break;
    case FLAG_TRACE:
        options->trace = 1;
        break;
    case FLAG_NO_RECONNECT:
        options->reconnect = 0;
        break;
    default:
        options->verbose = 1;
        break;
    }
}

/* One flag that is not --help. */
static int set_flag(struct reading *reading, int id, const char *value)
{
    reading->given[id] = 1;
    if (value == NULL) {
        set_switch(reading->options, id);
        return 0;
    }
    if (id == FLAG_CHUNK || id == FLAG_MAX_EVENTS ||
        id == FLAG_MAX_EVENT_SIZE ||
        (id >= FLAG_RETRY && id <= FLAG_MAX_RECONNECTS)) {
        return set_number(reading, id, value);
    }
    return set_text(reading, id, value);
}

/* Flags that the source has no use for are mistakes, better told than
 * swallowed. */
static int check_scopes(const struct reading *reading)
{
    const int wrong = reading->options->is_url ? FOR_FILES : FOR_URLS;
    for (int id = 1; id < FLAG_COUNT; id++) {
        if (reading->given[id] && scope_of(id) == wrong) {
            say("cat: %s is for %s, and %s is none",
                flags_name(&reading->flags, id),
                wrong == FOR_URLS ? "URLs (http://..., https://...)"
                                  : "files and standard input",
                reading->options->source);
            return -1;
        }
    }
    if (reading->options->transport == CAT_SOCK &&
        strncasecmp(reading->options->source, "https:", 6) == 0) {
        say("cat: --transport sock has no TLS and reads http:// alone; leave "
            "it out for %s", reading->options->source);
        return -1;
    }
    return 0;
}

enum cat_read cat_options_read(struct cat_options *options, int argc,
                               char *const *argv)
{
    struct reading reading;
    const char *value = NULL;
    memset(&reading, 0, sizeof reading);
    set_defaults(options);
    reading.options = options;
    flags_init(&reading.flags, "cat", table, argc, argv);
    for (;;) {
        const int id = flags_next(&reading.flags, &value);
        if (id == FLAGS_END) {
            break;
        }
        if (id == FLAG_HELP) {
            return CAT_READ_HELP;
        }
        const int done = id == FLAGS_OPERAND ? cat_set_source(options, value)
                         : id > 0            ? set_flag(&reading, id, value)
                                             : -1;
        if (done < 0) {
            return done == CAT_UNREAD ? CAT_READ_FAILED : CAT_READ_USAGE;
        }
    }
    if (options->source == NULL) {
        options->source = "-";
    }
    if (options->trace && options->form == PRINT_PLAIN) {
        options->form = PRINT_JSON;
    }
    if (check_scopes(&reading) < 0) {
        return CAT_READ_USAGE;
    }
    if (reading.body != NULL && cat_body_read(options, reading.body) < 0) {
        return CAT_READ_FAILED;
    }
    return CAT_READ_OK;
}

void cat_options_free(struct cat_options *options)
{
    free(options->headers);
    free(options->header_file);
    free(options->body);
}

int cat_read_exit(enum cat_read end, const char *help)
{
    switch (end) {
    case CAT_READ_HELP:
        return tool_print(help);
    case CAT_READ_FAILED:
        return stop_asked() != 0 ? TOOL_SIGNAL + stop_asked() : TOOL_FAILED;
    case CAT_READ_USAGE:
    case CAT_READ_OK:
        break;
    }
    return TOOL_USAGE;
}
