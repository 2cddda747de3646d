/*
 * main.c - the command `sse`: which subcommand, help and version.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "near.h"
#include "out.h"
#include "say.h"
#include "tool.h"

#include "libsse/scan.h"

#include <sse/version.h>

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct tool_command *const commands[] = {
    &tool_cat,    &tool_check,  &tool_emit,
    &tool_record, &tool_replay, &tool_serve};

#define COMMANDS (sizeof commands / sizeof commands[0])

static const struct tool_command *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

/* What was written, and the exit code for it. */
static int finish(struct out *out)
{
    if (out_flush(out) != 0 && out->state != OUT_GONE) {
        say("writing the output: %s", out_reason(out));
    }
    return out_exit(out);
}

int tool_print(const char *text)
{
    struct out out;
    out_init(&out, STDOUT_FILENO);
    out_text(&out, text);
    return finish(&out);
}

int tool_print_url(const char *before, const char *address, unsigned port,
                   const char *after)
{
    static struct out out;
    const int bracket = strchr(address, ':') != NULL;
    out_init(&out, STDOUT_FILENO);
    out_text(&out, before);
    out_text(&out, bracket ? "http://[" : "http://");
    out_text(&out, address);
    out_text(&out, bracket ? "]:" : ":");
    out_number(&out, port);
    out_text(&out, after);
    (void)finish(&out);
    return out.state == OUT_FAILED ? -1 : 0;
}

static int print_help(void)
{
    struct out out;
    out_init(&out, STDOUT_FILENO);
    out_text(&out, "usage: sse COMMAND [ARGUMENTS]\n"
                   "\n"
                   "Server-sent events on the command line.\n"
                   "\n");
    for (size_t i = 0; i < COMMANDS; i++) {
        static const char blank[] = "        ";
        const size_t len = strlen(commands[i]->name);
        out_text(&out, "  sse ");
        out_text(&out, commands[i]->name);
        out_text(&out, blank + (len < 8 ? len : 8));
        out_text(&out, commands[i]->brief);
        out_text(&out, "\n");
    }
    out_text(&out, "\n"
                   "`sse COMMAND --help` (or `sse help COMMAND`) lists flags "
                   "and exit codes.\n"
                   "\n"
                   "  -h, --help     this text\n"
                   "  -V, --version  the version\n");
    return finish(&out);
}

static int print_version(void)
{
    struct out out;
    out_init(&out, STDOUT_FILENO);
    out_text(&out, "sse ");
    out_text(&out, sse_version());
    out_text(&out, "\n");
    return finish(&out);
}

static int unknown(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (near_word(name, strlen(name), commands[i]->name,
                      strlen(commands[i]->name))) {
            say("there is no subcommand \"%s\"; did you mean \"%s\"?", name,
                commands[i]->name);
            return TOOL_USAGE;
        }
    }
    say("there is no %s \"%s\"; `sse --help` lists what there is",
        name[0] == '-' ? "flag" : "subcommand", name);
    return TOOL_USAGE;
}

static int help_on(int argc, char *const *argv)
{
    if (argc == 0 || strcmp(argv[0], "help") == 0 ||
        strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
        return print_help();
    }
    const struct tool_command *const command = find(argv[0]);
    return command != NULL ? tool_print(command->help) : unknown(argv[0]);
}

/* A standard descriptor that is closed would be given to the next file or
 * socket, and messages would end up there.  Opened the wrong way round, so
 * that using it still fails. */
static void hold_standard_descriptors(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

/* The variant of the scan that SSE_SCAN asks for, for tests and benchmarks. */
static int choose_scan(void)
{
    const char *const name = getenv("SSE_SCAN");
    if (name == NULL || name[0] == '\0') {
        return TOOL_OK;
    }
#ifndef SSE_NO_SIMD
    for (int i = SSE_PRIV_LEVEL_SWAR; i < SSE_PRIV_LEVELS; i++) {
        const sse_priv_level level = (sse_priv_level)i;
        if (strcmp(name, sse_priv_scan_name(level)) == 0 &&
            sse_priv_scan_force(level)) {
            return TOOL_OK;
        }
    }
#endif
    say("SSE_SCAN=%s: this processor and this build have no such variant",
        name);
    return TOOL_USAGE;
}

int main(int argc, char **argv)
{
    hold_standard_descriptors();
    /* A closed pipe is told by the write; out_exit() says what it means. */
    (void)signal(SIGPIPE, SIG_IGN);
    if (choose_scan() != TOOL_OK) {
        return TOOL_USAGE;
    }
    if (argc < 2) {
        say("name a subcommand; `sse --help` lists them");
        return TOOL_USAGE;
    }
    const char *const name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        return print_help();
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        return print_version();
    }
    if (strcmp(name, "help") == 0) {
        return help_on(argc - 2, argv + 2);
    }
    const struct tool_command *const command = find(name);
    return command != NULL ? command->run(argc - 2, argv + 2) : unknown(name);
}
