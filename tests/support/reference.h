/*
 * reference.h - the slow, literal event stream parser that the library is
 * measured against.
 *
 * It takes the whole stream at once and goes through the steps of the HTML
 * Standard, "Parsing an event stream" and "Interpreting an event stream", in
 * their order, with a buffer for each buffer the standard names.  It shares no
 * code with the library; only the shapes of what is reported are the same.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include "log.h"

#include <sse/parser.h>

#include <stddef.h>
#include <stdint.h>

/** What the standard leaves open, and the limits a reader has who does not
 *  own endless memory. */
typedef struct reference_rules {
    size_t data_cap;   /**< larger joined data: the event is dropped */
    int fragments;     /**< not 0: it is reported as fragments instead */
    size_t id_cap;     /**< a longer id: the field is ignored */
    size_t type_cap;   /**< a longer event type: the event is dropped */
    size_t line_room;  /**< a comment or unknown field that is longer than
                            this less the data before it is dropped */
    sse_at_end at_end; /**< what becomes of an event cut by a clean end */
    int clean;         /**< not 0 if the end is a clean one */
    const char *id;    /**< last event ID from an earlier connection */
    size_t id_len;     /**< bytes */
} reference_rules;

/** What is left to know behind the log. */
typedef struct reference_result {
    int incomplete;    /**< something was lost at the end of the stream */
    int has_retry;     /**< not 0 if the stream set a reconnection time */
    uint64_t retry_ms; /**< the last one */
} reference_result;

/** The standard's rules: no limit, unfinished events are discarded, nothing is
 *  known from earlier. */
reference_rules reference_standard(void);

/** Reads a whole stream and writes what happens to the log, its last line
 *  included. */
reference_result reference_run(const reference_rules *rules,
                               const char *stream, size_t len,
                               event_log *log);

#endif /* TESTS_REFERENCE_H */
