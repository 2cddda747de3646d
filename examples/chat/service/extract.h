/*
 * extract.h - a document goes in, a table of its facts comes out and is kept.
 *
 * SPDX-License-Identifier: MIT
 *
 * A job belongs to nobody's connection: it runs on when its observers leave,
 * and goes on after a restart with the chunks that were not done.  No word of
 * HTTP here.
 */
#ifndef CHAT_SERVICE_EXTRACT_H
#define CHAT_SERVICE_EXTRACT_H

#include <jansson.h>
#include <sse/sock.h>

#include "llm/upstream.h"
#include "store/calls.h"

#define EXTRACT_PARALLEL 20    /* chunks of one job at a time */
#define EXTRACT_ATTEMPTS 3     /* for one chunk */
#define EXTRACT_JOBS_A_USER 8
#define EXTRACT_JOBS 16        /* in all */

struct extract;
struct extract_job;

enum extract_result {
    EXTRACT_STARTED,
    EXTRACT_NOT_FOUND, /* no such document */
    EXTRACT_BUSY,      /* it has a job running */
    EXTRACT_TOO_MANY,  /* the user has EXTRACT_JOBS_A_USER running */
    EXTRACT_FULL,      /* EXTRACT_JOBS are running */
    EXTRACT_UNSAVED    /* the database failed: nothing has happened */
};

struct extract_reply {
    enum extract_result result;
    struct extract_job *job; /* EXTRACT_STARTED */
    int64_t user_seq;
    struct id id;            /* of the job */
    struct id document;
};

struct extract_progress {
    unsigned percent;  /* never falls; 100 once, last */
    const char *stage; /* chunking, extracting, ready, merging, saving, done */
    const char *message;
    size_t done, total; /* chunks */
};

struct extract_end {
    const json_t *result; /* NULL if the job failed */
    const json_t *failed; /* [{"index", "code"}], chunks that failed */
    const char *code;     /* NULL if it did not fail */
    const char *message;
    const char *stage;    /* extract or persist */
    int retryable;
};

/** Who watches a job; what it has done before is told first. */
struct extract_sink {
    void (*progress)(void *user, const struct extract_progress *progress);
    /** @param facts  NULL if the chunk failed; then @p code says why. */
    void (*chunk)(void *user, size_t index, const json_t *facts,
                  const char *code);
    /** The job is gone for the listener when this returns. */
    void (*end)(void *user, const struct extract_end *end);
};

struct extract_stats {
    uint64_t running;
    uint64_t completed, failed;
    uint64_t chunks, chunks_failed, chunk_retries;
};

typedef void (*extract_reply_fn)(void *user,
                                 const struct extract_reply *reply);

struct extract *extract_open(sse_loop *loop, struct store *store,
                             struct upstream *upstream);

/** Stops all jobs without a word: they go on after the next start. */
void extract_stop(struct extract *extract);

/** Frees, when no call to the store is pending and before the upstream is
 *  closed. */
void extract_close(struct extract *extract);

void extract_get_stats(const struct extract *extract,
                       struct extract_stats *stats);

/** Makes a job.  @param reply  Called once, maybe at once; gives the job its
 *  listener by extract_listen() before it returns. */
void extract_begin(struct extract *extract, int64_t user_seq,
                   const struct id *document, extract_reply_fn reply,
                   void *user);

/** Goes on with the jobs of the last run.  @param reply  Called for each. */
void extract_resume(struct extract *extract, extract_reply_fn reply,
                    void *user);

void extract_listen(struct extract_job *job, const struct extract_sink *sink,
                    void *user);

/**
 * Finds a document's newest job, or its newest completed one.
 *
 * @param done  As in store_job_find(): `job` and `chunks` are filled in.
 */
void extract_find(struct extract *extract, int64_t user_seq,
                  const struct id *document, int completed,
                  void (*done)(struct store_call *call), void *user);

#endif /* CHAT_SERVICE_EXTRACT_H */
