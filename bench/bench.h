/*
 * bench.h - what sse-bench measures, one corpus at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "corpus.h"
#include "options.h"

/** Each checks its result against what the generator knows and prints a row.
 *  @return 0, or -1 after a message. */
typedef int bench_fn(const options *o, const corpus *c);

bench_fn bench_parse;
bench_fn bench_write;
bench_fn bench_scan;

/** Reads and writes a corpus once in each way, in bench_counted() alone, and
 *  prints a line about each: a profiler counts the instructions of that
 *  function. */
bench_fn bench_count;

/** Prints the stream as it is; for other programs to read. */
bench_fn bench_corpus;

/** Those that need no corpus. */
typedef int bench_alone_fn(const options *o);

bench_alone_fn bench_growth;
bench_alone_fn bench_limits;

#endif /* BENCH_BENCH_H */
