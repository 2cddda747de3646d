/*
 * reader.h - a parser that logs what it says, for targets that compare logs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_READER_H
#define FUZZ_READER_H

#include "support/log.h"

#include <sse/sse.h>

#include <stddef.h>

/** Ends the program unless @p truth holds, whatever NDEBUG says. */
#define FUZZ_REQUIRE(truth)                                                    \
    ((truth) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #truth, NULL, NULL))

/** How a stream is to be read. */
struct fuzz_options {
    size_t scratch_cap;
    unsigned cuts;        /* 0: whole; otherwise the seed of chunk sizes */
    unsigned pause_every; /* hooks; 0: never */
    size_t id_cap, type_cap;
    sse_overflow overflow;
    sse_at_end at_end;
    int clean;
    int has_id;
};

/** One parser, its scratch and its log. */
struct fuzz_reader {
    sse_parser parser;
    char *scratch;
    size_t scratch_cap;
    unsigned pause_every, calls;
    sse_overflow overflow;
    event_log log;
};

/** Says what does not hold, with both logs if there are any, and ends the
 *  program. */
void fuzz_broken(const char *file, int line, const char *what,
                 const event_log *got, const event_log *want);

/** Memory, or the end of the program; size 0 is allowed. */
void *fuzz_allocate(size_t size);

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

/** Gives the memory back. */
void fuzz_reader_close(struct fuzz_reader *reader);

#endif /* FUZZ_READER_H */
