/*
 * hub_reading.h - what a subscriber's bytes say to a slow reader, held against
 * all that was published.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_HUB_READING_H
#define FUZZ_HUB_READING_H

#include "fuzz.h"

struct published {
    unsigned topic, number;
    char id[24];
};

struct sub {
    struct fuzz_text wire;
    size_t credit;
    unsigned topics;    /* bits */
    unsigned start;     /* number of the last event before, as asked for */
    int asks, knows;    /* came with an id; with one of an event */
    int raw, was_ended;
    char asked[24];
};

/** All that was published. */
struct history {
    struct published list[400];
    unsigned count;
    int may_skip; /* who falls behind goes on behind a gap */
};

/**
 * Reads all bytes that a subscriber got: whole chunks, whole blocks, each event
 * of its topics once and in order, and behind a gap nothing left out.
 *
 * @param to_the_end  Not 0: it has got all there is.
 */
void hub_reading_check(const struct history *history, const struct sub *sub,
                       int to_the_end);

#endif /* FUZZ_HUB_READING_H */
