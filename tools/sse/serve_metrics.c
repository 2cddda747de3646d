/*
 * serve_metrics.c - figures in the text format of Prometheus.
 *
 * SPDX-License-Identifier: MIT
 */
#include "serve.h"

#include <stdio.h>
#include <string.h>

#define ROOM 8192u

/* Text that grows in a fixed room; what does not fit is left out. */
struct text {
    char bytes[ROOM];
    size_t len;
};

static void put(struct text *text, const char *name, const char *type,
                const char *help, uint64_t value)
{
    const int len = snprintf(
        text->bytes + text->len, ROOM - text->len,
        "# HELP sse_%s %s\n# TYPE sse_%s %s\nsse_%s %llu\n", name, help, name,
        type, name, (unsigned long long)value);
    if (len > 0 && (size_t)len < ROOM - text->len) {
        text->len += (size_t)len;
    }
}

static void put_statuses(struct text *text, const struct serve *serve)
{
    static const char head[] =
        "# HELP sse_responses_total Answers by class of status.\n"
        "# TYPE sse_responses_total counter\n";
    memcpy(text->bytes + text->len, head, sizeof head - 1);
    text->len += sizeof head - 1;
    for (int i = 2; i < 6; i++) {
        const int len = snprintf(
            text->bytes + text->len, ROOM - text->len,
            "sse_responses_total{class=\"%dxx\"} %llu\n", i,
            (unsigned long long)serve->statuses[i]);
        text->len += len > 0 ? (size_t)len : 0;
    }
}

static void put_server(struct text *text, const sse_server_stats *stats)
{
    put(text, "connections", "gauge", "Connections now.", stats->conns);
    put(text, "connections_total", "counter", "Connections in all.",
        stats->accepted);
    put(text, "connections_refused_total", "counter",
        "Connections answered 503 for a limit.", stats->refused);
    put(text, "requests_total", "counter", "Requests that were well-formed.",
        stats->requests);
    put(text, "requests_bad_total", "counter",
        "Requests that were malformed, too large or too slow.", stats->bad);
    put(text, "request_body_bytes", "gauge", "Memory held for bodies.",
        stats->body_bytes);
}

static void put_hub(struct text *text, const sse_hub_stats *stats)
{
    put(text, "topics", "gauge", "Topics now.", stats->topics);
    put(text, "subscribers", "gauge", "Streams now.", stats->subscribers);
    put(text, "subscribers_stalled", "gauge",
        "Streams waiting for their peer to read.", stats->stalled);
    put(text, "retained_events", "gauge", "Events kept for replay.",
        stats->retained_events);
    put(text, "retained_bytes", "gauge", "Bytes of these.",
        stats->retained_bytes);
    put(text, "ring_bytes", "gauge", "Memory held for them.",
        stats->ring_bytes);
    put(text, "events_published_total", "counter", "Events in all.",
        stats->published);
    put(text, "subscriptions_total", "counter", "Streams in all.",
        stats->subscribed);
    put(text, "subscriptions_resumed_total", "counter",
        "Streams that came with an id that was known.", stats->resumed);
    put(text, "gaps_total", "counter", "Gap events sent.", stats->gaps);
    put(text, "writes_total", "counter", "Writes to streams.", stats->writes);
    put(text, "written_bytes_total", "counter", "Bytes that these wrote.",
        stats->bytes);
    put(text, "subscribers_overtaken_total", "counter",
        "Streams closed because they fell behind.", stats->overtaken);
    put(text, "subscribers_timed_out_total", "counter",
        "Streams closed because their peer did not read.", stats->timeouts);
}

void serve_metrics(struct serve *serve, sse_request *request)
{
    static struct text text;
    sse_server_stats server;
    sse_hub_stats hub;
    text.len = 0;
    sse_server_get_stats(serve->server, &server);
    sse_hub_get_stats(serve->hub, &hub);
    put_server(&text, &server);
    put_statuses(&text, serve);
    put(&text, "tokens_refused_total", "counter",
        "Publishing refused for want of the token.", serve->refused_tokens);
    put_hub(&text, &hub);
    serve_bytes(serve, request, 200,
                "text/plain; version=0.0.4; charset=utf-8", text.bytes,
                text.len, NULL, 0);
}
