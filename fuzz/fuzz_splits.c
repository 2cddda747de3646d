/*
 * fuzz_splits.c - however a stream is cut, the parser says the same.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first four bytes choose scratch, cuts, pauses, limits and policies; all
 * that follow are the stream.  It is read whole, cut with pauses, and cut by
 * pulling; the logs must be the same text, and the same as the log of the
 * literal reference wherever that knows the policy.  So must the counters, and
 * those of line ends must be right.
 */
#include "oracle.h"

#include <string.h>

/* A line that ends the stream by the stop policy counts if its head was seen
 * before: where all of it comes at once, nothing of it was. */
static void same(const struct fuzz_reader *got,
                 const struct fuzz_reader *want)
{
    fuzz_same_logs(&got->log, &want->log, __FILE__, __LINE__);
    FUZZ_REQUIRE(want->overflow == SSE_OVERFLOW_STOP ||
                 memcmp(&got->quirks, &want->quirks, sizeof got->quirks) ==
                     0);
}

/* Line ends, counted once more. */
static void check_line_ends(const sse_quirks *quirks, const char *stream,
                            size_t len)
{
    uint64_t lf = 0, cr = 0, crlf = 0;
    for (size_t at = 0; at < len; at++) {
        if (stream[at] == '\n') {
            lf++;
        } else if (stream[at] == '\r') {
            const int pair = at + 1 < len && stream[at + 1] == '\n';
            cr += pair ? 0u : 1u;
            crlf += pair ? 1u : 0u;
            at += pair ? 1u : 0u;
        }
    }
    FUZZ_REQUIRE(quirks->lf == lf && quirks->cr == cr &&
                 quirks->crlf == crlf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < FUZZ_CHOICES) {
        return 0;
    }
    struct fuzz_input input = fuzz_input_of(data, size);
    const struct fuzz_options cut = fuzz_options_of(&input);
    struct fuzz_options whole = cut;
    whole.cuts = 0;
    whole.pause_every = 0;
    struct fuzz_reader first, second, third;

    fuzz_reader_open(&first, &whole, 0);
    fuzz_reader_run(&first, &whole, input.at, input.left, 0);

    fuzz_reader_open(&second, &cut, 0);
    fuzz_reader_run(&second, &cut, input.at, input.left, 0);
    same(&second, &first);

    fuzz_reader_open(&third, &cut, 1);
    fuzz_reader_run(&third, &cut, input.at, input.left, 1);
    same(&third, &first);

    if (whole.counts && whole.overflow != SSE_OVERFLOW_STOP) {
        check_line_ends(&first.quirks, input.at, input.left);
    }
    if (fuzz_oracle_knows(&first, &whole, input.at, input.left)) {
        fuzz_oracle_compare(&first, &whole, input.at, input.left);
    }
    fuzz_reader_close(&first);
    fuzz_reader_close(&second);
    fuzz_reader_close(&third);
    return 0;
}
