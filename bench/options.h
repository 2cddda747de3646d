/*
 * options.h - the command line of sse-bench.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stddef.h>

/** What is asked for. */
typedef struct options {
    const char *mode; /* "parse" and so on */
    size_t first, last; /* kinds of corpus: from, and up to but without */
    size_t chunk;       /* bytes of a feed; 0: one block a feed */
    size_t size;        /* bytes of a corpus, at least */
    unsigned runs;
    int json;
} options;

/** Reads what stands behind the mode.
 *  @return 0, or -1 after a message. */
int options_read(options *o, int argc, char *const *argv);

/** A message on stderr, for a wrong command line.  @return -1. */
int options_wrong(const char *what, const char *word);

#endif /* BENCH_OPTIONS_H */
