/*
 * extract.c - a document goes in, a table of its facts comes out and is kept.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/extract.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "service/job.h"

struct pending_job {
    struct extract *extract;
    struct pending_job *next; /* among those that begin */
    int64_t user_seq;
    extract_reply_fn reply;
    void *user;
};

static struct pending_job *pending_new(struct extract *extract,
                                       extract_reply_fn reply, void *user)
{
    struct pending_job *pending =
        (struct pending_job *)mem_zero(1, sizeof *pending);
    pending->extract = extract;
    pending->reply = reply;
    pending->user = user;
    return pending;
}

/* A row that was begun or is resumed becomes a job. */
static void start(struct pending_job *pending, struct store_job *row,
                  struct extract_reply *reply)
{
    row->call.keep = 1;
    reply->result = EXTRACT_STARTED;
    reply->user_seq = row->user_seq;
    reply->id = row->job.id;
    reply->document = row->document;
    reply->job = job_new(pending->extract, row);
    pending->reply(pending->user, reply);
}

static void pending_take_out(struct pending_job *pending)
{
    struct pending_job **at = &pending->extract->starting;
    while (*at != pending) {
        at = &(*at)->next;
    }
    *at = pending->next;
}

static void on_begun(struct store_call *call)
{
    struct pending_job *pending = (struct pending_job *)call->user;
    struct extract_reply reply;
    memset(&reply, 0, sizeof reply);
    pending_take_out(pending);
    if (call->result == STORE_OK) {
        start(pending, (struct store_job *)call, &reply);
    } else {
        reply.result = call->result == STORE_NOT_FOUND ? EXTRACT_NOT_FOUND
                       : call->result == STORE_BUSY    ? EXTRACT_BUSY
                                                       : EXTRACT_UNSAVED;
        pending->reply(pending->user, &reply);
    }
    free(pending);
}

/* Those that begin count, too: many may be asked for at once. */
static size_t jobs_of(const struct extract *extract, int64_t user_seq,
                      size_t *all)
{
    size_t count = 0;
    *all = extract->stats.running;
    for (const struct extract_job *job = extract->jobs; job != NULL;
         job = job->next) {
        count += job->row->user_seq == user_seq;
    }
    for (const struct pending_job *job = extract->starting; job != NULL;
         job = job->next) {
        count += job->user_seq == user_seq;
        ++*all;
    }
    return count;
}

void extract_begin(struct extract *extract, int64_t user_seq,
                   const struct id *document, extract_reply_fn reply,
                   void *user)
{
    struct extract_reply full;
    size_t all;
    const size_t own = jobs_of(extract, user_seq, &all);
    memset(&full, 0, sizeof full);
    if (own >= EXTRACT_JOBS_A_USER || all >= EXTRACT_JOBS) {
        full.result = own >= EXTRACT_JOBS_A_USER ? EXTRACT_TOO_MANY
                                                 : EXTRACT_FULL;
        reply(user, &full);
        return;
    }
    struct pending_job *pending = pending_new(extract, reply, user);
    pending->user_seq = user_seq;
    pending->next = extract->starting;
    extract->starting = pending;
    struct store_job *want = (struct store_job *)store_call_new(
        sizeof *want, on_begun, pending);
    want->user_seq = user_seq;
    want->document = *document;
    store_job_begin(extract->store, want);
}

static void resume_next(struct pending_job *pending, int64_t after);

static void on_resumed(struct store_call *call)
{
    struct pending_job *pending = (struct pending_job *)call->user;
    struct store_job *row = (struct store_job *)call;
    struct extract_reply reply;
    memset(&reply, 0, sizeof reply);
    if (call->result != STORE_OK) {
        free(pending);
        return;
    }
    log_line("going on with extraction %s", row->job.id.text);
    start(pending, row, &reply);
    resume_next(pending, row->job.seq);
}

static void resume_next(struct pending_job *pending, int64_t after)
{
    struct store_job *want = (struct store_job *)store_call_new(
        sizeof *want, on_resumed, pending);
    want->job.seq = after;
    store_job_resume(pending->extract->store, want);
}

void extract_resume(struct extract *extract, extract_reply_fn reply,
                    void *user)
{
    resume_next(pending_new(extract, reply, user), 0);
}

void extract_listen(struct extract_job *job, const struct extract_sink *sink,
                    void *user)
{
    job->sink = *sink;
    job->user = user;
    job->listened = 1;
}

void extract_find(struct extract *extract, int64_t user_seq,
                  const struct id *document, int completed,
                  void (*done)(struct store_call *call), void *user)
{
    struct store_job *want =
        (struct store_job *)store_call_new(sizeof *want, done, user);
    want->user_seq = user_seq;
    want->document = *document;
    want->completed = completed;
    store_job_find(extract->store, want);
}

void extract_stop(struct extract *extract)
{
    for (struct extract_job *job = extract->jobs; job != NULL;
         job = job->next) {
        if (!job->ending) {
            job->ending = 1;
            job_halt(job);
            sse_timer_stop(extract->loop, &job->timer);
        }
    }
}

struct extract *extract_open(sse_loop *loop, struct store *store,
                             struct upstream *upstream)
{
    struct extract *extract = (struct extract *)mem_zero(1, sizeof *extract);
    extract->loop = loop;
    extract->store = store;
    extract->upstream = upstream;
    return extract;
}

void extract_close(struct extract *extract)
{
    if (extract == NULL) {
        return;
    }
    while (extract->jobs != NULL) {
        job_free(extract->jobs);
    }
    free(extract);
}

void extract_get_stats(const struct extract *extract,
                       struct extract_stats *stats)
{
    *stats = extract->stats;
}
