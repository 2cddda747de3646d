/*
 * extracts.c - the events of an extraction.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/extracts.h"

#include <string.h>

#include "base/json.h"
#include "service/faults.h"

static void add_start(struct channel *channel, const struct id *job,
                      const struct id *document)
{
    json_t *payload = json_object();
    json_put(payload, "status", json_string("streaming"));
    json_put(payload, "job_id", json_string(job->text));
    json_put(payload, "document_id", json_string(document->text));
    channel_add_json(channel, EVENT_START, payload);
}

/* ---- From a running job ---- */

static void on_progress(void *user, const struct extract_progress *progress)
{
    json_t *payload = json_object();
    json_put(payload, "percent", json_integer(progress->percent));
    json_put(payload, "progress", json_real(progress->percent / 100.0));
    json_put(payload, "stage", json_string(progress->stage));
    json_put(payload, "message", json_string(progress->message));
    json_put(payload, "done", json_integer((json_int_t)progress->done));
    json_put(payload, "total", json_integer((json_int_t)progress->total));
    channel_add_json((struct channel *)user, EVENT_PROGRESS, payload);
}

static void on_chunk(void *user, size_t index, const json_t *facts,
                     const char *code)
{
    json_t *payload = json_object();
    json_put(payload, "index", json_integer((json_int_t)index));
    json_put(payload, "facts", facts != NULL ? json_deep_copy(facts) : NULL);
    if (code != NULL) {
        json_t *error = json_object();
        json_put(error, "code", json_string(code));
        json_put(error, "message", json_string(fault_message(code)));
        json_put(payload, "error", error);
    }
    channel_add_json((struct channel *)user, EVENT_CHUNK, payload);
}

static void on_end(void *user, const struct extract_end *end)
{
    struct channel *channel = (struct channel *)user;
    json_t *payload = json_object();
    if (end->code == NULL) {
        json_put(payload, "result", json_deep_copy(end->result));
        json_put(payload, "failed_chunks", json_deep_copy(end->failed));
        channel_add_json(channel, EVENT_DONE, payload);
    } else {
        json_put(payload, "code", json_string(end->code));
        json_put(payload, "message", json_string(end->message));
        json_put(payload, "retryable", json_boolean(end->retryable));
        json_put(payload, "stage", json_string(end->stage));
        channel_add_json(channel, EVENT_ERROR, payload);
    }
    channel_end(channel);
}

struct channel *extract_channel(struct web *web,
                                const struct extract_reply *started)
{
    static const struct extract_sink sink = {on_progress, on_chunk, on_end};
    static const struct channel_source source = {NULL, 0, NULL};
    struct channel *channel =
        channel_new(web, CHANNEL_JOB, &started->id, started->user_seq);
    add_start(channel, &started->id, &started->document);
    channel_feed_from(channel, &source, NULL);
    extract_listen(started->job, &sink, channel);
    return channel;
}

/* ---- From the store ---- */

static json_t *failed_of(const struct store_job *found)
{
    json_t *failed = json_array();
    for (size_t i = 0; i < found->chunk_count; i++) {
        if (found->chunks[i].error_code != NULL) {
            json_t *entry = json_object();
            json_put(entry, "index", json_integer(found->chunks[i].chunk));
            json_put(entry, "code", json_string(found->chunks[i].error_code));
            (void)json_array_append_new(failed, entry);
        }
    }
    return failed;
}

static json_t *stored(const char *text)
{
    return text != NULL ? json_read(text, strlen(text)) : NULL;
}

json_t *extract_result_of(const struct store_job *found)
{
    json_t *body = json_object();
    json_put(body, "result", stored(found->job.result));
    json_put(body, "failed_chunks", failed_of(found));
    return body;
}

struct channel *extract_again(struct web *web, const struct store_job *found)
{
    struct channel *channel =
        channel_new(web, CHANNEL_JOB, &found->job.id, found->user_seq);
    size_t total = found->chunk_count;
    struct extract_progress progress = {10, "chunking",
                                        "The document is cut into parts", 0,
                                        total};
    add_start(channel, &found->job.id, &found->document);
    on_progress(channel, &progress);
    for (size_t i = 0; i < total; i++) {
        const struct job_chunk_row *row = &found->chunks[i];
        json_t *facts = stored(row->facts);
        on_chunk(channel, (size_t)row->chunk, facts, row->error_code);
        json_decref(facts);
        progress.done = i + 1;
        progress.percent = 10 + (unsigned)(60 * progress.done / total);
        progress.stage = progress.done < total ? "extracting" : "ready";
        progress.message = "Reading the document";
        on_progress(channel, &progress);
    }
    if (found->job.status == JOB_COMPLETE) {
        progress.percent = 100;
        progress.stage = "done";
        progress.message = "The document is read";
        on_progress(channel, &progress);
        channel_add_json(channel, EVENT_DONE, extract_result_of(found));
        channel_end(channel);
    } else {
        struct extract_end end;
        memset(&end, 0, sizeof end);
        end.code = found->job.error_code != NULL ? found->job.error_code
                                                 : "internal";
        end.message = fault_message(end.code);
        end.stage = "extract";
        end.retryable = fault_retryable(end.code);
        on_end(channel, &end);
    }
    return channel;
}
