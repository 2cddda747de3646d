/*
 * job.c - one extraction, from its chunks to its result.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/job.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "service/facts.h"
#include "service/faults.h"
#include "service/merge.h"

#define SAVE_AGAIN_MS 5000
#define HOPELESS 20 /* failures without one success that end a job */

static void save_end(struct extract_job *job);

void job_progress(struct extract_job *job, unsigned percent,
                  const char *stage, const char *message)
{
    struct extract_progress progress = {percent, stage, message, job->done,
                                        job->count};
    if (job->listened) {
        job->sink.progress(job->user, &progress);
    }
}

void job_tell_end(struct extract_job *job, const struct extract_end *end)
{
    if (job->listened) {
        job->listened = 0;
        job->sink.end(job->user, end);
    }
}

/* ---- The end ---- */

static void tell_result(struct extract_job *job)
{
    struct extract_end end;
    memset(&end, 0, sizeof end);
    end.failed = job->failed;
    if (job->result != NULL) {
        job_progress(job, 100, "done", "The document is read");
        end.result = job->result;
    } else {
        end.code = job->code;
        end.message = fault_message(job->code);
        end.stage = "extract";
        end.retryable = 1;
    }
    job_tell_end(job, &end);
}

static void on_save_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    (void)loop;
    (void)timer;
    save_end((struct extract_job *)user);
}

static void on_end_saved(struct store_call *call)
{
    struct extract_job *job = (struct extract_job *)call->user;
    if (call->result != STORE_FAILED) {
        struct extract_stats *stats = &job->extract->stats;
        stats->completed += job->result != NULL;
        stats->failed += job->result == NULL;
        tell_result(job);
        job_free(job);
        return;
    }
    /* The row still runs, and so its document stays busy: this goes on
     * trying, while whoever watches is told. */
    struct extract_end end;
    memset(&end, 0, sizeof end);
    end.code = "persist_failed";
    end.message = fault_message(end.code);
    end.stage = "persist";
    end.retryable = 1;
    job_tell_end(job, &end);
    (void)sse_timer_start(job->extract->loop, &job->timer, SAVE_AGAIN_MS,
                          on_save_timer, job);
}

static void save_end(struct extract_job *job)
{
    struct store_job_save *want = (struct store_job_save *)store_call_new(
        sizeof *want, on_end_saved, job);
    want->job_seq = job->row->job.seq;
    want->status = job->result != NULL ? JOB_COMPLETE : JOB_FAILED;
    want->error_code = job->code;
    if (job->result != NULL) {
        char *result = json_text(json_incref(job->result));
        want->result = store_call_copy(&want->call, result, strlen(result));
        free(result);
    }
    store_job_finish(job->extract->store, want);
}

static void finish(struct extract_job *job)
{
    job->ending = 1;
    job->failed = json_array();
    for (size_t i = 0; i < job->count; i++) {
        if (job->codes[i] != NULL) {
            json_t *entry = json_object();
            json_put(entry, "index", json_integer((json_int_t)i));
            json_put(entry, "code", json_string(job->codes[i]));
            (void)json_array_append_new(job->failed, entry);
            job->code = job->codes[i];
        }
    }
    if (job->good > 0 || job->count == 0) {
        job->code = NULL;
        job_progress(job, 80, "merging", "Joining what was found");
        job->result = merge_facts(job->facts, job->chunks, job->count,
                                  job->row->content, job->row->name);
        job_progress(job, 90, "saving", "Saving the result");
    }
    save_end(job);
}

/* ---- Chunks ---- */

static void tell_chunk(struct extract_job *job, size_t chunk)
{
    if (job->listened) {
        job->sink.chunk(job->user, chunk, job->facts[chunk],
                        job->codes[chunk]);
    }
    unsigned percent = 10 + (unsigned)(60 * job->done / job->count);
    if (job->done < job->count) {
        job_progress(job, percent, "extracting", "Reading the document");
    } else {
        job_progress(job, 70, "ready", "All parts are read");
    }
}

void job_settle(struct extract_job *job, size_t chunk)
{
    if (job->ending) {
        return;
    }
    job->settled[chunk] = 1;
    job->done++;
    job->good += job->facts[chunk] != NULL;
    tell_chunk(job, chunk);
    if (job->good == 0 && job->done >= HOPELESS && job->done < job->count) {
        job_halt(job);
        finish(job);
    } else if (job->done == job->count) {
        finish(job);
    } else {
        job_work(job);
    }
}

/* ---- Begin ---- */

/* What an earlier run of the job has found counts; what failed in it is tried
 * again. */
static void recall(struct extract_job *job)
{
    for (size_t i = 0; i < job->row->chunk_count; i++) {
        const struct job_chunk_row *row = &job->row->chunks[i];
        if (row->facts == NULL || row->chunk < 0 ||
            (size_t)row->chunk >= job->count) {
            continue;
        }
        size_t chunk = (size_t)row->chunk;
        job->facts[chunk] = facts_read(row->facts, strlen(row->facts));
        if (job->facts[chunk] != NULL) {
            job->settled[chunk] = 1;
            job->done++;
            job->good++;
            tell_chunk(job, chunk);
        }
    }
}

static void on_begin(sse_loop *loop, sse_timer *timer, void *user)
{
    struct extract_job *job = (struct extract_job *)user;
    (void)loop;
    (void)timer;
    job->chunks =
        chunks_cut(job->row->content, job->row->content_len, &job->count);
    job->facts = (json_t **)mem_zero(job->count, sizeof *job->facts);
    job->codes = (const char **)mem_zero(job->count, sizeof *job->codes);
    job->settled = (unsigned char *)mem_zero(job->count, 1);
    job_progress(job, 10, "chunking", "The document is cut into parts");
    recall(job);
    if (job->done == job->count) {
        finish(job);
    } else {
        job_work(job);
    }
}

struct extract_job *job_new(struct extract *extract, struct store_job *row)
{
    struct extract_job *job = (struct extract_job *)mem_zero(1, sizeof *job);
    job->extract = extract;
    job->row = row;
    job->next = extract->jobs;
    if (job->next != NULL) {
        job->next->prev = job;
    }
    extract->jobs = job;
    extract->stats.running++;
    (void)sse_timer_start(extract->loop, &job->timer, 0, on_begin, job);
    return job;
}

void job_free(struct extract_job *job)
{
    struct extract *extract = job->extract;
    job_halt(job);
    sse_timer_stop(extract->loop, &job->timer);
    if (job->prev != NULL) {
        job->prev->next = job->next;
    } else {
        extract->jobs = job->next;
    }
    if (job->next != NULL) {
        job->next->prev = job->prev;
    }
    extract->stats.running--;
    for (size_t i = 0; i < EXTRACT_PARALLEL; i++) {
        buf_free(&job->workers[i].text);
    }
    for (size_t i = 0; i < job->count; i++) {
        json_decref(job->facts[i]);
    }
    free(job->facts);
    free(job->codes);
    free(job->settled);
    free(job->chunks);
    json_decref(job->result);
    json_decref(job->failed);
    store_call_free(&job->row->call);
    free(job);
}
