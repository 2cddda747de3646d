/*
 * job.h - one extraction under way, shared by the files of the service.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_JOB_H
#define CHAT_JOB_H

#include "base/buf.h"
#include "service/chunks.h"
#include "service/extract.h"

struct pending_job;

struct extract {
    sse_loop *loop;
    struct store *store;
    struct upstream *upstream;
    struct extract_job *jobs;
    struct pending_job *starting; /* calls to the store that may make one */
    struct extract_stats stats;
};

/** Takes one chunk after the other. */
struct worker {
    struct extract_job *job;
    int busy;
    size_t chunk;
    unsigned attempts;
    struct upstream_call *call; /* while the upstream is asked */
    struct buf text;            /* its answer */
    sse_timer timer;            /* before the next attempt */
};

struct extract_job {
    struct extract *extract;
    struct extract_job *next, *prev;
    struct store_job *row;     /* the document's text is in it */
    struct chunk *chunks;
    json_t **facts;            /* of each chunk; NULL: none */
    const char **codes;        /* of each chunk that failed */
    unsigned char *settled;    /* of each chunk: it is done or failed */
    size_t count, done, good;
    size_t next_chunk;         /* none before it is without a worker */
    struct worker workers[EXTRACT_PARALLEL];
    struct extract_sink sink;
    void *user;
    int listened;
    int ending;                /* merging has begun, or it was given up */
    sse_timer timer;           /* starts it; then attempts to save the end */
    json_t *result;
    json_t *failed;
    const char *code;
};

/** Makes a job of a row that was begun or is resumed; taken over. */
struct extract_job *job_new(struct extract *extract, struct store_job *row);

/** Stops its work and frees it, whatever becomes of its row. */
void job_free(struct extract_job *job);

/** Tells the listener, if there is one, how far it is. */
void job_progress(struct extract_job *job, unsigned percent,
                  const char *stage, const char *message);

/** Starts workers for chunks that wait. */
void job_work(struct extract_job *job);

/** Stops all workers. */
void job_halt(struct extract_job *job);

/** A chunk is settled; begins the end after the last one. */
void job_settle(struct extract_job *job, size_t chunk);

/** Tells the end and listens no more. */
void job_tell_end(struct extract_job *job, const struct extract_end *end);

#endif /* CHAT_JOB_H */
