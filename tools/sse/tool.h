/*
 * tool.h - what every subcommand of `sse` shares: its table and exit codes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_H
#define SSE_TOOL_H

/* Exit codes: the same for every subcommand. */
enum tool_exit {
    TOOL_OK = 0,        /* the end that was asked for */
    TOOL_FAILED = 1,    /* the stream, the input or the output failed */
    TOOL_USAGE = 2,     /* the command line is wrong; nothing was done */
    TOOL_CUT = 3,       /* a clean end in the middle of an event */
    TOOL_SIGNAL = 128   /* plus the number of the signal */
};

/* One subcommand.  `run` gets what stands behind the subcommand's name. */
struct tool_command {
    const char *name;
    const char *brief; /* one line for `sse --help` */
    const char *help;  /* what `sse NAME --help` prints */
    int (*run)(int argc, char *const *argv);
};

extern const struct tool_command tool_cat;
extern const struct tool_command tool_check;
extern const struct tool_command tool_emit;
extern const struct tool_command tool_record;
extern const struct tool_command tool_replay;
extern const struct tool_command tool_serve;

/* Prints a text on stdout.  The exit code: a full disk is a failure here as
 * everywhere else. */
int tool_print(const char *text);

/* Prints the URL of a server between two texts.  0, or -1 with the reason told
 * on stderr; a reader that is gone already is no failure. */
int tool_print_url(const char *before, const char *address, unsigned port,
                   const char *after);

#endif /* SSE_TOOL_H */
