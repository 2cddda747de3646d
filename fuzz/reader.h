/*
 * reader.h - a parser that logs what it says, for targets that compare logs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_READER_H
#define FUZZ_READER_H

#include "fuzz.h"

#include "support/log.h"

#include <sse/sse.h>

/** How a stream is to be read. */
struct fuzz_options {
    size_t scratch_cap;
    unsigned cuts;        /* as fuzz_cuts_of() */
    unsigned pause_every; /* hooks; 0: never */
    size_t id_cap, type_cap;
    sse_overflow overflow;
    sse_at_end at_end;
    int clean;
    int has_id;
    int plain;            /* nobody listens to comments and unknown fields */
    int counts;           /* quirks are counted */
    size_t most_cap;      /* grow: what needs more is given up; 0: nothing */
};

/** Bytes that fuzz_options_of() reads. */
enum { FUZZ_CHOICES = 4 };

/** Options from bytes: scratch, cuts, pauses and limits, policies. */
struct fuzz_options fuzz_options_of(struct fuzz_input *input);

/** One parser, its scratch and its log. */
struct fuzz_reader {
    sse_parser parser;
    char *scratch;
    size_t scratch_cap, most_cap;
    unsigned pause_every, calls;
    sse_overflow overflow;
    sse_quirks quirks;
    event_log log;
};

/** Prepares a reader, for sse_parser_next() if @p pull. */
void fuzz_reader_open(struct fuzz_reader *reader,
                      const struct fuzz_options *options, int pull);

/** Feeds one chunk to its end, through pauses and grown scratches.  Returns 0
 *  once the parser takes no more. */
int fuzz_reader_feed(struct fuzz_reader *reader, const char *chunk, size_t len,
                     int pull);

/** Tells the parser that the stream ended.  Returns whether something of it
 *  was lost. */
int fuzz_reader_finish(struct fuzz_reader *reader, int clean, int pull);

/** Reads a whole stream, cut and ended as the options say, each chunk in a
 *  block of its own; the log gets its `end` line. */
void fuzz_reader_run(struct fuzz_reader *reader,
                     const struct fuzz_options *options, const char *stream,
                     size_t len, int pull);

/** Ends the program with both logs unless they are the same. */
void fuzz_same_logs(const event_log *got, const event_log *want,
                    const char *file, int line);

/** Gives the memory back. */
void fuzz_reader_close(struct fuzz_reader *reader);

#endif /* FUZZ_READER_H */
