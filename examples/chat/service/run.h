/*
 * run.h - one answer under way, shared by the files of the chat service.
 *
 * SPDX-License-Identifier: MIT
 *
 * The store runs calls in the order they are submitted and brings them back in
 * that order, so when the end of a run is saved nothing else of it is pending.
 */
#ifndef CHAT_RUN_H
#define CHAT_RUN_H

#include "base/buf.h"
#include "service/chat.h"

enum run_state {
    RUN_SEARCHING, /* for passages */
    RUN_ASKING,    /* the upstream */
    RUN_SAVING     /* the end is known */
};

struct chat {
    sse_loop *loop;
    struct store *store;
    struct upstream *upstream;
    struct chat_run *runs;
    struct chat_stats stats;
};

struct chat_run {
    struct chat *chat;
    struct chat_run *next, *prev;
    enum run_state state;
    struct store_send *sent; /* the history, until the upstream is asked */
    struct upstream_call *call; /* while RUN_ASKING */
    struct chat_sink sink;
    void *user;
    int listened;           /* the sink wants to hear */
    int64_t answer_seq;
    struct buf text;
    size_t saved;           /* bytes of it submitted as a checkpoint */
    int saving;             /* a checkpoint is on its way */
    sse_timer timer;        /* checkpoints; then attempts to save the end */
    uint64_t begun_ms;
    struct answer_timing timing;
    struct chat_end end;
};

/** Takes a message that was sent; `sent` is taken over. */
struct chat_run *run_new(struct chat *chat, struct store_send *sent,
                         uint64_t begun_ms);

/** Looks for passages, then asks the upstream. */
void run_begin(struct chat_run *run);

/** Ends a run as `end.status` and so on say, without usage. */
void run_give_up(struct chat_run *run);

/** Frees a run, whatever becomes of its row. */
void run_free(struct chat_run *run);

/** Saves the text so far, unless that is done or under way. */
void run_checkpoint(struct chat_run *run);

/** The answer is over and `end` filled in: saves it, tells it, frees the
 *  run. */
void run_finish(struct chat_run *run);

#endif /* CHAT_RUN_H */
