/*
 * far_side.h - the server that the streams come from, a process of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_STREAMS_FAR_SIDE_H
#define BENCH_STREAMS_FAR_SIDE_H

#include <stddef.h>

/** Bytes of data in each event: a chunk of a chat completion has as many. */
#define FAR_SIDE_DATA 250

struct far_side {
    int pipe;      /* a byte: one event to each stream; closed: the end */
    unsigned port;
};

/**
 * Starts it.  `/` is a stream that begins with a comment and gets its events
 * by `pipe`; `/short` one of a single event, which ends cleanly, is cut, or is
 * reset, in turn.
 *
 * @return Not 0 if it listens.
 */
int far_side_start(struct far_side *far, size_t streams);

/** One event to each stream. */
int far_side_tick(const struct far_side *far);

/** Ends it and waits for that. */
void far_side_stop(struct far_side *far);

#endif /* BENCH_STREAMS_FAR_SIDE_H */
