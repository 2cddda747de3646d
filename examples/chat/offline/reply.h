/*
 * reply.h - a streamed answer on its way; for reply.c and reply_blocks.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_REPLY_H
#define CHAT_OFFLINE_REPLY_H

#include "offline/parts.h"

#define REPLY_ID_CAP 40

/* What is sent next. */
enum phase { PHASE_ROLE, PHASE_TEXT, PHASE_FINISH, PHASE_USAGE, PHASE_DONE,
             PHASE_END };

struct reply {
    struct chat_offline *offline;
    struct reply *next, **link; /* of the list of all */
    sse_stream *stream;
    sse_timer timer;
    struct answer answer;
    struct buf out;    /* bytes of the block under way */
    size_t out_at;     /* those already written */
    size_t at;         /* bytes of the text already sent */
    long sent;         /* pieces of it */
    long halfway;      /* pieces before a fault in mid-answer */
    enum phase phase;
    enum mishap mishap;
    int usage;
    long prompt_tokens;
    char *model;
    char id[REPLY_ID_CAP];
    int64_t created;
};

/** Not 0 if the fault of this answer happens now. */
int reply_is_midway(const struct reply *reply);

/** Makes the next block.  @return not 0 if nothing is sent any more. */
int reply_next_block(struct reply *reply);

#endif /* CHAT_OFFLINE_REPLY_H */
