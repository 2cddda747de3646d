/*
 * cat.c - the subcommand `sse cat`: prints the events of a stream.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cat.h"

#include "stop.h"
#include "say.h"
#include "tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: sse cat [FLAGS] [URL | FILE | -]\n"
    "\n"
    "Prints the events of a text/event-stream as they come, each at once: from\n"
    "an http or https URL, a file, or standard input (`-`, the default).  From\n"
    "a URL it connects again when the stream ends, as a browser does, and goes\n"
    "on behind the last event ID.\n"
    "\n"
    "What is printed\n"
    "  (nothing)            for people: type, id and data; in columns and in\n"
    "                       colour on a terminal (not if NO_COLOR is set),\n"
    "                       separated by tabs in a pipe\n"
    "  --json               an object a line: type, data, id (\"\" when none);\n"
    "                       ill-formed UTF-8 becomes U+FFFD\n"
    "  --base64             the same with type_b64, data_b64, id_b64: the exact\n"
    "                       bytes\n"
    "  --trace              further lines, as JSON: {\"retry\":N}, {\"comment\":T},\n"
    "                       {\"field\":T,\"value\":T} for unknown fields,\n"
    "                       {\"state\":T,...} for a URL: connecting, open, waiting,\n"
    "                       closed; and last {\"final_id\":T}\n"
    "  -v, --verbose        on stderr: states, headers, planned retries and why\n"
    "\n"
    "When it ends\n"
    "  --max-events N       after N events\n"
    "  --until-type T       after an event of this type\n"
    "  --until-data D       after an event with exactly this data\n"
    "\n"
    "Limits\n"
    "  --max-event-size BYTES   a larger event is skipped and told on stderr\n"
    "                       (64 MiB; memory is taken as needed)\n"
    "  --last-event-id ID   the last event ID to begin with\n"
    "  --chunk N            feeds a file or standard input N bytes at a time\n"
    "\n"
    "URLs\n"
    "  -H, --header LINE    a request header, \"Name: value\"; may be repeated\n"
    "  -X, --request METHOD the request method\n"
    "  -d, --data BODY      sends BODY, or @FILE or @- as it is; implies POST and\n"
    "                       a JSON media type unless -X or -H say otherwise\n"
    "  --retry-ms MS        reconnection time until the stream names one (3000)\n"
    "  --max-retry-ms MS    longest reconnection time and backoff (30000)\n"
    "  --max-reconnects N   fails after N reconnections in all (no limit)\n"
    "  --no-reconnect       one connection is all\n"
    "  --connect-timeout MS name look-up, connection and TLS (10000; 0: none)\n"
    "  --idle-timeout MS    a silent stream counts as broken (0: no limit)\n"
    "  --transport curl|sock    libcurl, or plain sockets (http alone)\n"
    "\n"
    "Exit status\n"
    "  0    the end that was asked for: end of file, --until, --max-events,\n"
    "       204, a clean end under --no-reconnect or of a POST\n"
    "  1    the stream failed: status, media type, connection, limits, output\n"
    "  2    the command line is wrong\n"
    "  3    a clean end in the middle of an event\n"
    "  130  SIGINT\n"
    "The last line on stderr says why.\n";

static int read_source(const struct cat_options *options,
                       struct cat_take *take)
{
    if (!options->is_url) {
        return cat_file(options, take);
    }
    if (options->transport == CAT_SOCK) {
        return cat_sock(options, take);
    }
    return cat_curl(options, take);
}

static int run(int argc, char *const *argv)
{
    struct cat_options options;
    int code = TOOL_USAGE;
    if (stop_watch() < 0) {
        say("%s", strerror(errno));
        return TOOL_FAILED;
    }
    switch (cat_options_read(&options, argc, argv)) {
    case CAT_READ_HELP:
        code = tool_print(help);
        break;
    case CAT_READ_OK: {
        struct print print;
        struct cat_take take = {&options, &print, 0, CAT_END_NOT};
        print_init(&print, STDOUT_FILENO, options.form, options.trace);
        code = read_source(&options, &take);
        break;
    }
    case CAT_READ_FAILED:
        code = stop_asked() != 0 ? TOOL_SIGNAL + stop_asked() : TOOL_FAILED;
        break;
    case CAT_READ_USAGE:
        break;
    }
    cat_options_free(&options);
    return code;
}

const struct tool_command tool_cat = {
    "cat", "print the events of a URL, a file or standard input", help, run};
