/*
 * written.h - a corpus through the writer, event by event.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_WRITTEN_H
#define BENCH_WRITTEN_H

#include "corpus.h"

/** More than any event takes. */
#define WRITTEN_EVENT_MAX ((size_t)80 * 1024)

/** Where events are written, from its beginning again where little is left:
 *  what is measured stays in the cache.  An event at its worst, all of it line
 *  ends, would still fit behind any place that is used. */
extern char written_out[];

/** The next place behind one where @p written bytes were written. */
size_t written_next(size_t at, size_t written);

/** Writes all events of a corpus.  @return Bytes. */
size_t written_pass(void *corpus);

/** The same into exactly as much room as each event takes. */
size_t written_pass_tight(void *corpus);

#endif /* BENCH_WRITTEN_H */
