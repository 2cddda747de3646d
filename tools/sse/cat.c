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
        code = tool_print(cat_help);
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
    "cat", "print the events of a URL, a file or standard input", cat_help,
    run};
