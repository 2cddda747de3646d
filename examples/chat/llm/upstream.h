/*
 * upstream.h - asks a language model and hands its answer on as it comes.
 *
 * SPDX-License-Identifier: MIT
 *
 * Speaks OpenAI Chat Completions to one endpoint, over at most
 * UPSTREAM_CONNECTIONS pooled connections.  What asks for more waits its turn
 * here, and people come before batches.  All of it belongs to the loop's
 * thread.
 */
#ifndef CHAT_UPSTREAM_H
#define CHAT_UPSTREAM_H

#include <jansson.h>
#include <sse/llm.h>
#include <sse/sock.h>

/** Requests at a time, and so connections. */
#define UPSTREAM_CONNECTIONS 20

struct upstream;
struct upstream_call;

struct upstream_config {
    const char *url;     /* base or whole URL of the endpoint */
    const char *api_key; /* NULL: none */
    const char *model;   /* NULL: none is named */
    const char *agent;   /* NULL: the common path */
    uint32_t idle_ms;    /* longest silence, before the head and after it */
    int direct;          /* not 0: never through a proxy */
};

/** Who is served first. */
enum upstream_class { UPSTREAM_PERSON, UPSTREAM_BATCH };

/** How an answer ended. */
struct upstream_end {
    sse_llm_verdict verdict;
    const char *code;          /* NULL if the answer came to an end; otherwise
                                  upstream_status and so on, a constant */
    const char *message;       /* for people, without a word of the upstream's;
                                  NULL where code is */
    int retryable;             /* the same question may be answered later */
    int text_came;             /* not 0 after the first text */
    const char *finish_reason; /* stop, length...; NULL if there is none */
    sse_llm_usage usage;
    int64_t first_byte_ms;     /* -1 without one, as below */
    int64_t first_token_ms;
    int64_t longest_gap_ms;    /* between two pieces of text */
    int64_t total_ms;
};

struct upstream_hooks {
    /** The next piece of text.  @return not 0 to pause after this event, until
     *  upstream_resume(). */
    int (*text)(void *user, const char *text, size_t len);
    /** The end; the call is gone when this returns.  Not from inside
     *  upstream_start(). */
    void (*end)(void *user, const struct upstream_end *end);
};

/** Counters for whoever looks after the server. */
struct upstream_stats {
    uint64_t requests;    /* sent, retries included */
    uint64_t retries;
    uint64_t calls;       /* started */
    uint64_t verdicts[8]; /* by sse_llm_verdict, cancelled ones included */
    uint64_t first_bytes;        /* answers that had one */
    uint64_t first_byte_ms_sum;  /* of those */
    uint64_t first_tokens;
    uint64_t first_token_ms_sum;
    uint64_t total_ms_sum;       /* of all calls */
    uint64_t active;      /* requests now */
    uint64_t waiting;     /* calls that wait their turn or for a retry now */
};

/** @return NULL with @p error filled in. */
struct upstream *upstream_open(sse_loop *loop,
                               const struct upstream_config *config,
                               char *error, size_t error_cap);

/** Ends what is left of transfers and frees everything.  Calls must have ended
 *  or been cancelled. */
void upstream_close(struct upstream *upstream);

/** The URL that is asked; borrowed. */
const char *upstream_url(const struct upstream *upstream);

void upstream_get_stats(const struct upstream *upstream,
                        struct upstream_stats *stats);

/**
 * Asks.
 *
 * @param messages  An array of {"role", "content"}; taken over.
 * @param hooks     Copied.
 * @return Valid until the end hook returns, or upstream_cancel().
 */
struct upstream_call *upstream_start(struct upstream *upstream,
                                     json_t *messages,
                                     enum upstream_class priority,
                                     const struct upstream_hooks *hooks,
                                     void *user);

/** Goes on after a pause; harmless without one. */
void upstream_resume(struct upstream_call *call);

/** Gives the answer up: the connection closes, no hook is called any more, the
 *  call is gone.  Possible from inside the text hook. */
void upstream_cancel(struct upstream_call *call);

#endif /* CHAT_UPSTREAM_H */
