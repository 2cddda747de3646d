/*
 * ask.h - a chat completion request, read and checked.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_ASK_H
#define CHAT_OFFLINE_ASK_H

#include <jansson.h>

#include "base/buf.h"

struct ask {
    char *model;       /* as asked for; "offline" when untold */
    struct buf system; /* texts of the system messages, joined by blank lines */
    struct buf user;   /* text of the newest user message */
    int stream;        /* not 0: as server-sent events */
    int usage;         /* not 0: with a chunk for the usage */
    long max_tokens;   /* -1: no limit */
    long prompt_tokens; /* words of all messages */
    /* What is wrong; NULL for nothing. */
    const char *message;
    const char *param; /* the member it is about, or NULL */
};

/** Reads a body.  @return 0; -1 with `message` told. */
int ask_read(struct ask *ask, const char *body, size_t len);

/** Gives the memory back. */
void ask_free(struct ask *ask);

#endif /* CHAT_OFFLINE_ASK_H */
