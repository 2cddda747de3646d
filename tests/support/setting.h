/*
 * setting.h - one parser, set up by one policy or another, over one input, in
 * pieces of one size: for tests that ask whether the size matters.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_SETTING_H
#define TESTS_SETTING_H

#include "log.h"

/** How to set the parser up.  Zeroed members mean what libsse does unless
 *  told, but for `scratch`. */
typedef struct setting {
    size_t scratch;        /**< bytes; 0 for 4096 */
    size_t id_cap;         /**< with type_cap: sse_parser_set_limits() */
    size_t type_cap;
    sse_overflow overflow; /**< GROW: doubled each time it is asked for */
    size_t scratch_max;    /**< GROW: the event is skipped rather than more */
    sse_at_end at_end;
    int cut;               /**< the transport did not end cleanly */
    int pull;              /**< sse_parser_next() instead of _feed() */
    int hooks_off;         /**< no hook but the event's, fragment's, drop's */
    int pause;             /**< every hook answers SSE_PAUSE */
} setting;

/** What came of it beside the log. */
typedef struct outcome {
    sse_status status; /**< the error that ended it; SSE_OK if none */
    sse_status finish; /**< of sse_parser_finish(); SSE_OK after an error */
    size_t grown;      /**< scratch at the end, bytes */
} outcome;

/** Feeds @p len bytes in pieces of @p chunk bytes (0: all at once) and logs
 *  what comes, an `end` line last. */
outcome setting_run(const setting *how, const char *input, size_t len,
                    size_t chunk, event_log *log);

/** Checks with check_that() that the log is @p want whole, for every chunk
 *  size from 1 to 17 and for each cut in two, by push, by pull, and with
 *  every hook pausing. */
void setting_check(const char *name, const setting *how, const char *input,
                   size_t len, const char *want);

#endif /* TESTS_SETTING_H */
