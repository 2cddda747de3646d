/*
 * parts.h - what the files of the offline upstream share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_PARTS_H
#define CHAT_OFFLINE_PARTS_H

#include <sse/sock.h>

#include "base/buf.h"
#include "offline/ask.h"
#include "offline/mishap.h"
#include "offline/pieces.h"

struct reply;

struct chat_offline {
    sse_loop *loop;
    sse_server *server;
    struct reply *replies; /* streams under way */
    uint32_t delay_ms;     /* between two words */
    unsigned long answers; /* so far, for ids */
    unsigned flaky;        /* requests with that fault so far */
};

/** An answer, ready to be sent. */
struct answer {
    struct buf text;
    enum piece_kind kind;
    long tokens;         /* of the text that is sent */
    size_t len;          /* bytes of the text that are sent */
    const char *finish;  /* the finish reason, a constant */
};

/** Makes the answer to a request. */
void answer_make(struct answer *answer, const struct ask *ask,
                 enum mishap mishap);

/** Answers with an error in OpenAI's shape.
 *  @param param, code  NULL for null. */
void offline_refuse(sse_request *request, int status, const char *message,
                    const char *param, const char *code);

/** Answers with the whole answer as JSON; frees it. */
void reply_whole(struct chat_offline *offline, sse_request *request,
                 const struct ask *ask, struct answer *answer);

/** Answers with a stream; takes the answer over. */
void reply_stream(struct chat_offline *offline, sse_request *request,
                  const struct ask *ask, struct answer *answer,
                  enum mishap mishap);

#endif /* CHAT_OFFLINE_PARTS_H */
