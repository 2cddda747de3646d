/*
 * flags.h - reading a command line by a table.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_FLAGS_H
#define SSE_TOOL_FLAGS_H

#include <stdint.h>

/* One flag.  `--name VALUE` and `--name=VALUE`, `-x VALUE` and `-xVALUE`. */
struct flag {
    const char *name; /* with its dashes; NULL ends a table */
    char letter;      /* short form, or '\0' */
    int takes_value;
    int id; /* the caller's, above 0 */
};

/* Where the reading stands. */
struct flags {
    const char *command; /* the subcommand, for messages */
    const struct flag *table;
    int argc;
    char *const *argv;
    int at;
    int only_operands;   /* behind `--` */
    const char *letters; /* rest of a group of short flags */
};

/* What flags_next() found. */
enum {
    FLAGS_END = 0,
    FLAGS_OPERAND = -1,
    FLAGS_ERROR = -2 /* already told on stderr */
};

void flags_init(struct flags *flags, const char *command,
                const struct flag *table, int argc, char *const *argv);

/* The next flag's id with its value (NULL if it takes none), FLAGS_OPERAND
 * with the operand as value, FLAGS_END or FLAGS_ERROR. */
int flags_next(struct flags *flags, const char **value);

/* Name of a flag for messages, e.g. "--chunk". */
const char *flags_name(const struct flags *flags, int id);

/* Reads a whole decimal number between two bounds.  0, or -1 with the reason
 * told on stderr. */
int flags_number(const struct flags *flags, int id, const char *value,
                 uint64_t least, uint64_t most, uint64_t *number);

#endif /* SSE_TOOL_FLAGS_H */
