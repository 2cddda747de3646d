/*
 * report.h - figures as a table or as lines of JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "corpus.h"
#include "measure.h"
#include "options.h"

/** What one pass did. */
typedef struct report_row {
    const corpus *input;
    size_t bytes; /* read or written */
    size_t units; /* events, blocks or entries */
    const char *unit;
    const contender *list; /* ours first, then what it is compared with */
    size_t count;
    unsigned disturbed; /* runs */
} report_row;

/** Prints a row, with the head of the table before the first one. */
void report(const options *o, const report_row *row);

/** Ends a row of a table: tells how many of its runs somebody disturbed. */
void report_end(unsigned disturbed);

#endif /* BENCH_REPORT_H */
