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

static int read_source(const struct cat_options *options)
{
    struct print print;
    struct cat_take take = {options, &print, 0, CAT_END_NOT};
    print_init(&print, STDOUT_FILENO, options->form, options->trace);
    if (!options->is_url) {
        return cat_file(options, &take);
    }
    if (options->transport == CAT_SOCK) {
        return cat_sock(options, &take);
    }
    return cat_curl(options, &take);
}

static int run(int argc, char *const *argv)
{
    struct cat_options options;
    if (stop_watch() < 0) {
        say("%s", strerror(errno));
        return TOOL_FAILED;
    }
    const enum cat_read end = cat_options_read(&options, argc, argv);
    const int code = end == CAT_READ_OK ? read_source(&options)
                                        : cat_read_exit(end, cat_help);
    cat_options_free(&options);
    return code;
}

const struct tool_command tool_cat = {
    "cat", "print the events of a URL, a file or standard input", cat_help,
    run};
