/*
 * input.h - reading a file or standard input, while watching for the end of
 * the output and for signals.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_INPUT_H
#define SSE_TOOL_INPUT_H

#include "out.h"

#include <stddef.h>

/* What input_read() found. */
enum input_state {
    INPUT_DATA = 0,
    INPUT_END = 1,
    INPUT_FAILED = 2,    /* errno says why */
    INPUT_STOPPED = 3    /* a signal, or the reader of the output is gone */
};

/* Opens a path, or standard input for "-".  The descriptor, or -1 with the
 * reason told on stderr; whether a URL would do as well is told with it. */
int input_open(const char *name, int url_too);
void input_close(int fd);

/* Name for messages. */
const char *input_name(const char *name);

/* Waits for bytes and reads some.  `out` is watched meanwhile: a reader that
 * leaves is noticed although nothing is written; NULL for none. */
enum input_state input_read(int fd, struct out *out, char *buffer, size_t cap,
                            size_t *len);

/* All of a file, or of standard input for "-": allocated, with room for one
 * byte more.  NULL with the reason told on stderr. */
char *input_all(const char *name, size_t most, size_t *len);

#endif /* SSE_TOOL_INPUT_H */
