/*
 * worker.c - asks about one chunk, again if need be, and keeps what was found.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "service/facts.h"
#include "service/job.h"
#include "service/prompt.h"

#define ANSWER_MAX ((size_t)64 << 10) /* bytes of one answer */
#define AGAIN_MS 1000 /* before the second attempt, doubled before the third */
#define SPREAD_MS 500 /* chunks that failed together come back one by one */

static void ask(struct worker *worker);

/* The chunk is saved, or it could not be: what it told is not lost to this
 * run of the job in either case. */
static void on_saved(struct store_call *call)
{
    struct worker *worker = (struct worker *)call->user;
    worker->busy = 0;
    job_settle(worker->job, worker->chunk);
}

static void save(struct worker *worker)
{
    struct extract_job *job = worker->job;
    struct store_job_save *want = (struct store_job_save *)store_call_new(
        sizeof *want, on_saved, worker);
    want->job_seq = job->row->job.seq;
    want->chunk = (int64_t)worker->chunk;
    want->error_code = job->codes[worker->chunk];
    if (job->facts[worker->chunk] != NULL) {
        char *facts = json_text(json_incref(job->facts[worker->chunk]));
        want->facts = store_call_copy(&want->call, facts, strlen(facts));
        free(facts);
    }
    store_job_chunk(job->extract->store, want);
}

static void on_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    (void)loop;
    (void)timer;
    ask((struct worker *)user);
}

static int on_text(void *user, const char *text, size_t len)
{
    struct worker *worker = (struct worker *)user;
    /* What does not fit will not read as JSON either. */
    (void)buf_add(&worker->text, text, len);
    return 0;
}

static void on_end(void *user, const struct upstream_end *end)
{
    struct worker *worker = (struct worker *)user;
    struct extract_job *job = worker->job;
    struct extract_stats *stats = &job->extract->stats;
    const char *code = end->code;
    int again = end->retryable;
    worker->call = NULL;
    if (code == NULL) {
        job->facts[worker->chunk] =
            facts_read(buf_text(&worker->text), worker->text.len);
        if (job->facts[worker->chunk] == NULL) {
            code = "upstream_error";
            again = 1;
        }
    }
    if (code != NULL && again && worker->attempts < EXTRACT_ATTEMPTS) {
        stats->chunk_retries++;
        uint64_t wait = (uint64_t)AGAIN_MS << (worker->attempts - 1);
        (void)sse_timer_start(job->extract->loop, &worker->timer,
                              wait + worker->chunk * 97 % SPREAD_MS, on_timer,
                              worker);
        return;
    }
    stats->chunks++;
    stats->chunks_failed += code != NULL;
    job->codes[worker->chunk] = code;
    save(worker);
}

static void ask(struct worker *worker)
{
    static const struct upstream_hooks hooks = {on_text, on_end};
    struct extract_job *job = worker->job;
    buf_clear(&worker->text);
    worker->text.limit = ANSWER_MAX;
    worker->attempts++;
    worker->call = upstream_start(
        job->extract->upstream,
        prompt_extract(job->row->content, &job->chunks[worker->chunk],
                       worker->chunk),
        UPSTREAM_BATCH, &hooks, worker);
}

void job_work(struct extract_job *job)
{
    for (size_t i = 0; i < EXTRACT_PARALLEL; i++) {
        struct worker *worker = &job->workers[i];
        while (job->next_chunk < job->count &&
               job->settled[job->next_chunk]) {
            job->next_chunk++;
        }
        if (worker->busy || job->next_chunk == job->count) {
            continue;
        }
        worker->job = job;
        worker->busy = 1;
        worker->chunk = job->next_chunk++;
        worker->attempts = 0;
        ask(worker);
    }
}

void job_halt(struct extract_job *job)
{
    for (size_t i = 0; i < EXTRACT_PARALLEL; i++) {
        struct worker *worker = &job->workers[i];
        if (worker->call != NULL) {
            upstream_cancel(worker->call);
            worker->call = NULL;
        }
        sse_timer_stop(job->extract->loop, &worker->timer);
    }
}
