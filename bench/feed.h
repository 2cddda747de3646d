/*
 * feed.h - a corpus through a parser, chunk by chunk.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_FEED_H
#define BENCH_FEED_H

#include "corpus.h"

#include <sse/parser.h>

/** Begins where a cache line does: a byte a feed takes up to a fifth longer or
 *  less for where the caller and the parser happen to lie. */
#if defined(__GNUC__)
#define BENCH_AT_LINE __attribute__((aligned(64)))
#else
#define BENCH_AT_LINE
#endif

/** What a callback saw.  Not side by side: compilers would add to both as to
 *  one vector, and then each call waits for the store of the one before for
 *  longer than a short event takes. */
typedef struct tally {
    size_t events;
    const void *apart;
    size_t data_bytes;
} tally;

/** What every callback here does. */
static inline void tally_event(tally *t, const sse_event *event)
{
    t->events++;
    t->data_bytes += event->data_len;
}

/** One pass: what is fed to whom. */
typedef struct feed {
    const corpus *input;
    size_t chunk; /* bytes; 0: one block a feed */
    tally found;
    BENCH_AT_LINE sse_parser parser;
} feed;

/** Prepares a pass over a corpus with libsse's parser. */
void feed_init(feed *f, const corpus *c, size_t chunk);

/** Feeds all of it once more.  @return Bytes the parser used. */
size_t feed_pass(void *feed);

/** Not 0 if one pass, with an empty tally before it, found what the generator
 *  put there; says so on stderr otherwise. */
int feed_is_right(const feed *f, const char *who);

#endif /* BENCH_FEED_H */
