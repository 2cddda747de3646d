/*
 * chat.h - a message goes in, its answer comes out and is kept.
 *
 * SPDX-License-Identifier: MIT
 *
 * The order of things: the message and the row of its answer are committed;
 * then the caller hears of it; then passages are looked up and the upstream is
 * asked; text is handed on and checkpointed as it comes; the whole answer is
 * committed; then the caller hears of the end.  No word of HTTP here.
 */
#ifndef CHAT_SERVICE_CHAT_H
#define CHAT_SERVICE_CHAT_H

#include <sse/sock.h>

#include "llm/upstream.h"
#include "store/calls.h"

#define CHAT_HISTORY 10                  /* newest messages sent along */
#define CHAT_ANSWER_MAX ((size_t)1 << 20) /* bytes of the longest answer */
#define CHAT_CHECKPOINT_BYTES 4096
#define CHAT_CHECKPOINT_MS 1000

struct chat;
struct chat_run;

/** What a message led to. */
enum chat_result {
    CHAT_STARTED,   /* an answer is under way: `run` */
    CHAT_REPEATED,  /* the key was used before; that answer stands */
    CHAT_NOT_FOUND, /* no such session */
    CHAT_BUSY,      /* the session has an answer under way */
    CHAT_CONFLICT,  /* the key was used for another message */
    CHAT_UNSAVED    /* the database failed: nothing has happened */
};

struct chat_reply {
    enum chat_result result;
    struct chat_run *run;            /* CHAT_STARTED */
    const struct answer_row *answer; /* CHAT_STARTED, _REPEATED; borrowed */
};

/** How an answer ended. */
struct chat_end {
    enum answer_status status;
    const char *finish_reason; /* NULL if there is none */
    struct token_usage usage;
    const char *code;    /* NULL if it came to an end or was stopped */
    const char *message; /* for people */
    const char *stage;   /* upstream, stream or persist */
    int retryable;
};

/** Who listens to an answer. */
struct chat_sink {
    /** The next piece of text.  @return not 0 to pause the upstream, until
     *  chat_run_resume(). */
    int (*text)(void *user, const char *text, size_t len);
    /** The end; the run is gone for the listener. */
    void (*end)(void *user, const struct chat_end *end);
};

struct chat_message {
    int64_t user_seq;
    struct id session;
    const char *content; /* well-formed UTF-8; copied */
    size_t content_len;
    const char *key;     /* NULL for none; copied */
};

struct chat_stats {
    uint64_t running;
    uint64_t ended[6]; /* by answer_status */
    uint64_t unsaved;  /* answers whose last save failed at first */
};

struct chat *chat_open(sse_loop *loop, struct store *store,
                       struct upstream *upstream);

/** Gives up the answers under way: stored as truncated, and told so. */
void chat_stop(struct chat *chat);

/** Frees, when no call to the store is pending and before the upstream is
 *  closed.  Runs that are left are dropped; their rows end at the next
 *  start. */
void chat_close(struct chat *chat);

void chat_get_stats(const struct chat *chat, struct chat_stats *stats);

/** Counters of the upstream that is asked. */
void chat_get_upstream_stats(const struct chat *chat,
                             struct upstream_stats *stats);

/**
 * Sends a message.
 *
 * @param reply  Called once, later.  For CHAT_STARTED it gives the run its
 *               listener by chat_run_listen() before it returns.
 */
void chat_send(struct chat *chat, const struct chat_message *message,
               void (*reply)(void *user, const struct chat_reply *reply),
               void *user);

void chat_run_listen(struct chat_run *run, const struct chat_sink *sink,
                     void *user);

/** The listener takes text again. */
void chat_run_resume(struct chat_run *run);

/** Stops an answer: the upstream's connection is closed now, the end is told
 *  once what has come is saved as cancelled. */
void chat_run_cancel(struct chat_run *run);

#endif /* CHAT_SERVICE_CHAT_H */
