/*
 * limits.h - how many streams one user and all users may have.
 *
 * SPDX-License-Identifier: MIT
 *
 * A stream counts while somebody reads it.  An answer that runs on without a
 * reader counts as well, so that leaving is no way around the limit.
 */
#ifndef CHAT_LIMITS_H
#define CHAT_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#define LIMIT_STREAMS_A_USER 8
#define LIMIT_STREAMS 1000

struct limit_user {
    int64_t seq;
    size_t streams;
};

/** All zero to start. */
struct limits {
    struct limit_user users[LIMIT_STREAMS]; /* those with streams, packed */
    size_t user_count;
    size_t streams;
};

/** Takes a place for a stream.  @return 0, or the HTTP status that says why
 *  not. */
int limits_take(struct limits *limits, int64_t user_seq);

/** Takes a place for a stream that is there already, and may so pass the
 *  user's limit.  @return not 0 if it was taken, and is to be given back. */
int limits_hold(struct limits *limits, int64_t user_seq);

/** Gives a place back. */
void limits_give(struct limits *limits, int64_t user_seq);

#endif /* CHAT_LIMITS_H */
