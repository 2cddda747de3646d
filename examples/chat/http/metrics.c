/*
 * metrics.c - what the server does, for Prometheus.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/buf.h"
#include "base/process.h"
#include "http/handlers.h"
#include "http/web.h"

static void head(struct buf *out, const char *name, const char *type,
                 const char *help)
{
    (void)buf_add_format(out, "# HELP sse_chat_%s %s\n# TYPE sse_chat_%s %s\n",
                         name, help, name, type);
}

static void one(struct buf *out, const char *name, const char *type,
                const char *help, uint64_t value)
{
    head(out, name, type, help);
    (void)buf_add_format(out, "sse_chat_%s %llu\n", name,
                         (unsigned long long)value);
}

static void labelled(struct buf *out, const char *name, const char *label,
                     const char *text, uint64_t value)
{
    (void)buf_add_format(out, "sse_chat_%s{%s=\"%s\"} %llu\n", name, label,
                         text, (unsigned long long)value);
}

static void duration(struct buf *out, const char *name, const char *help,
                     uint64_t ms, uint64_t count)
{
    head(out, name, "summary", help);
    (void)buf_add_format(out, "sse_chat_%s_sum %.3f\nsse_chat_%s_count %llu\n",
                         name, (double)ms / 1000.0, name,
                         (unsigned long long)count);
}

static void add_server(struct buf *out, const struct web *web)
{
    sse_server_stats stats;
    sse_server_get_stats(web->server, &stats);
    one(out, "connections", "gauge", "Connections now.", stats.conns);
    one(out, "streams", "gauge", "Streams with a reader now.",
        web->channels.readers);
    one(out, "channels", "gauge", "Streams kept, with or without a reader.",
        web->channels.count);
    one(out, "kept_bytes", "gauge", "Memory of streams that have ended.",
        web->channels.kept);
    one(out, "stalled_total", "counter",
        "Connections closed because nobody read.", stats.stalled);
    head(out, "requests_total", "counter", "Answers by HTTP status.");
    for (unsigned status = 0; status < WEB_STATUS_MAX; status++) {
        if (web->statuses[status] > 0) {
            (void)buf_add_format(
                out, "sse_chat_requests_total{status=\"%u\"} %llu\n", status,
                (unsigned long long)web->statuses[status]);
        }
    }
}

static void add_chat(struct buf *out, const struct web *web)
{
    struct chat_stats stats;
    chat_get_stats(web->chat, &stats);
    one(out, "answers_running", "gauge", "Answers under way now.",
        stats.running);
    head(out, "answers_total", "counter", "Answers by how they ended.");
    for (int i = ANSWER_COMPLETE; i <= ANSWER_FAILED; i++) {
        labelled(out, "answers_total", "status",
                 answer_status_name((enum answer_status)i), stats.ended[i]);
    }
    one(out, "answers_unsaved_total", "counter",
        "Answers whose save failed at first.", stats.unsaved);
}

static void add_upstream(struct buf *out, const struct web *web)
{
    struct upstream_stats stats;
    uint64_t ended = 0;
    chat_get_upstream_stats(web->chat, &stats);
    one(out, "upstream_active", "gauge", "Requests to the upstream now.",
        stats.active);
    one(out, "upstream_waiting", "gauge",
        "Calls that wait for their turn or for a retry now.", stats.waiting);
    one(out, "upstream_requests_total", "counter",
        "Requests to the upstream, retries included.", stats.requests);
    one(out, "upstream_retries_total", "counter", "Retries among them.",
        stats.retries);
    head(out, "upstream_verdicts_total", "counter",
         "Answers of the upstream by verdict.");
    for (int i = SSE_LLM_COMPLETE; i <= SSE_LLM_CANCELLED; i++) {
        labelled(out, "upstream_verdicts_total", "verdict",
                 sse_llm_verdict_name((sse_llm_verdict)i), stats.verdicts[i]);
        ended += stats.verdicts[i];
    }
    duration(out, "upstream_first_byte_seconds",
             "Time from a request to the first byte of its answer.",
             stats.first_byte_ms_sum, stats.first_bytes);
    duration(out, "upstream_first_token_seconds",
             "Time from a request to its first text.",
             stats.first_token_ms_sum, stats.first_tokens);
    duration(out, "upstream_seconds",
             "Time of a call, its retries and its wait included.",
             stats.total_ms_sum, ended);
}

static void add_extract(struct buf *out, const struct web *web)
{
    struct extract_stats stats;
    extract_get_stats(web->extract, &stats);
    one(out, "extractions_running", "gauge", "Extractions under way now.",
        stats.running);
    head(out, "extractions_total", "counter", "Extractions by how they ended.");
    labelled(out, "extractions_total", "status", "complete", stats.completed);
    labelled(out, "extractions_total", "status", "failed", stats.failed);
    one(out, "extraction_chunks_total", "counter", "Chunks asked about.",
        stats.chunks);
    one(out, "extraction_chunks_failed_total", "counter",
        "Chunks that failed for good.", stats.chunks_failed);
    one(out, "extraction_chunk_retries_total", "counter",
        "Further attempts for a chunk.", stats.chunk_retries);
}

/* Under the names that Prometheus' own clients use. */
static void add_process(struct buf *out)
{
    int64_t files = process_files();
    int64_t memory = process_memory();
    if (files >= 0) {
        (void)buf_add_format(out,
                             "# HELP process_open_fds Open descriptors.\n"
                             "# TYPE process_open_fds gauge\n"
                             "process_open_fds %lld\n", (long long)files);
    }
    if (memory >= 0) {
        (void)buf_add_format(
            out,
            "# HELP process_resident_memory_bytes Memory in use.\n"
            "# TYPE process_resident_memory_bytes gauge\n"
            "process_resident_memory_bytes %lld\n", (long long)memory);
    }
}

void handle_metrics(struct exchange *exchange)
{
    struct buf out;
    memset(&out, 0, sizeof out);
    add_server(&out, exchange->web);
    add_chat(&out, exchange->web);
    add_upstream(&out, exchange->web);
    add_extract(&out, exchange->web);
    add_process(&out);
    exchange_send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8",
                  buf_text(&out), out.len, NULL, NULL);
    buf_free(&out);
}
