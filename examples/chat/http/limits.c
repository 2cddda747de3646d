/*
 * limits.c - how many streams one user and all users may have.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/limits.h"

/* At most LIMIT_STREAMS users have streams: a look at each is quick. */
static struct limit_user *find(struct limits *limits, int64_t user_seq)
{
    for (size_t i = 0; i < limits->user_count; i++) {
        if (limits->users[i].seq == user_seq) {
            return &limits->users[i];
        }
    }
    return NULL;
}

int limits_hold(struct limits *limits, int64_t user_seq)
{
    struct limit_user *user = find(limits, user_seq);
    if (limits->streams == LIMIT_STREAMS) {
        return 0;
    }
    if (user == NULL) {
        user = &limits->users[limits->user_count++];
        user->seq = user_seq;
        user->streams = 0;
    }
    user->streams++;
    limits->streams++;
    return 1;
}

int limits_take(struct limits *limits, int64_t user_seq)
{
    const struct limit_user *user = find(limits, user_seq);
    if (user != NULL && user->streams >= LIMIT_STREAMS_A_USER) {
        return 429;
    }
    return limits_hold(limits, user_seq) ? 0 : 503;
}

void limits_give(struct limits *limits, int64_t user_seq)
{
    struct limit_user *user = find(limits, user_seq);
    if (user == NULL) {
        return;
    }
    limits->streams--;
    if (--user->streams == 0) {
        *user = limits->users[--limits->user_count];
    }
}
