/*
 * drive.h - a stream through the library, cut as told, to an event log.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_DRIVE_H
#define TESTS_DRIVE_H

#include "guard.h"
#include "log.h"

#include <sse/parser.h>

#include <stddef.h>

/** How a stream goes through the library.  Zeroed but for the scratch: whole,
 *  pushed, with the default limits and policies. */
typedef struct drive {
    char *scratch;      /**< required */
    size_t scratch_cap; /**< bytes */
    size_t id_cap;      /**< limits, if type_cap is not 0 */
    size_t type_cap;
    sse_overflow overflow; /**< fragments go to the log; wanted space is given
                                from the heap */
    sse_at_end at_end;
    int cut_off;        /**< not 0: the end is not a clean one */
    int pull;           /**< not 0: sse_parser_next() instead of feed */
    int pause;          /**< not 0: every hook answers SSE_PAUSE */
    int empty_feeds;    /**< not 0: feeds without bytes around each chunk */
    const size_t *cuts; /**< where chunks end, rising; the last chunk ends with
                             the stream */
    size_t cut_count;
    guard *place;       /**< each chunk is copied here; NULL to feed in place */
    int at_begin;       /**< not 0: behind the unreadable page, not before */
    const char *id;     /**< last event ID to begin with */
    size_t id_len;      /**< bytes */
} drive;

/** What the parser knows at the end. */
typedef struct drive_result {
    sse_status end;     /**< of sse_parser_finish() */
    int has_retry;      /**< as sse_parser_retry() */
    uint64_t retry_ms;
    size_t data_cap;    /**< as sse_parser_data_cap() */
} drive_result;

/**
 * Reads a whole stream and writes what happens to the log, its last line
 * included.  Whatever the library answers that it may not answer stands in the
 * log as a line that begins with "unexpected", so that no comparison of logs
 * holds any more.
 */
drive_result drive_stream(const drive *how, const char *stream, size_t len,
                          event_log *log);

#endif /* TESTS_DRIVE_H */
