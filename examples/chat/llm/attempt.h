/*
 * attempt.h - one HTTP request to the upstream, and the reading of its answer.
 *
 * SPDX-License-Identifier: MIT
 *
 * An attempt ends for its owner as soon as the answer is known to be over; the
 * transfer may live on for a moment, so that its connection gets back into the
 * pool.
 */
#ifndef CHAT_ATTEMPT_H
#define CHAT_ATTEMPT_H

#include <common/curl_loop.h>
#include <sse/curl.h>
#include <sse/llm.h>

#include "llm/upstream.h"

struct attempt;

/** What an attempt came to. */
struct attempt_end {
    struct upstream_end end;
    int again;               /* not 0: a further attempt may help */
    uint64_t retry_after_ms; /* not before; SSE_NEVER if not told */
};

struct attempt_config {
    sse_loop *loop;
    curl_loop *curl;
    const char *url;
    const char *api_key;
    const char *body;
    uint32_t idle_ms;
    int direct;
    /** As in struct upstream_hooks. */
    int (*text)(void *user, const char *text, size_t len);
    /** The answer is over: the owner is not called again. */
    void (*end)(void *user, const struct attempt_end *end);
    void *user;
    /** The transfer is over as well, and the attempt is gone. */
    void (*gone)(void *gone_user, struct attempt *attempt);
    void *gone_user;
};

/** Sends the request.  @return NULL for want of resources; no hook is called
 *  then.  Otherwise not before this has returned. */
struct attempt *attempt_start(const struct attempt_config *config);

/** Goes on after a pause. */
void attempt_resume(struct attempt *attempt);

/** The owner gives it up: only `gone` is called any more, soon.  Possible from
 *  inside the text hook. */
void attempt_cancel(struct attempt *attempt);

/** Ends it at once: `gone` is called before this returns, `end` is not.  Not
 *  from inside a hook. */
void attempt_close(struct attempt *attempt);

#endif /* CHAT_ATTEMPT_H */
