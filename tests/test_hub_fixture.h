/*
 * test_hub_fixture.h - a hub behind a server, and readers that note what they
 * get, run turn by turn in the test's own thread.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TEST_HUB_FIXTURE_H
#define SSE_TEST_HUB_FIXTURE_H

#include <sse/hub.h>
#include <sse/parser.h>

#include "adapters/sock/chunked.h"
#include "support/net.h"
#include "support/turns.h"

typedef struct hub_fixture {
    sse_loop *loop;
    sse_server *server;
    sse_hub *hub;
    size_t requests, request_closes;
    sse_status joined; /* what the last subscription answered */
} hub_fixture;

static inline sse_hub_name named(const char *text)
{
    const sse_hub_name name = {text, strlen(text)};
    return name;
}

static inline void hub_request_closed(sse_request *request, void *user)
{
    (void)request;
    ((hub_fixture *)user)->request_closes++;
}

/* GET /A or /A,B subscribes; the header Last-Event-ID is what it says. */
static inline void hub_on_request(sse_request *request, void *user)
{
    hub_fixture *const f = (hub_fixture *)user;
    sse_hub_name names[SSE_HUB_MAX_TOPICS];
    size_t count = 0;
    const char *at = sse_request_path(request) + 1;
    const char *const id = sse_request_header(request, "last-event-id");
    f->requests++;
    sse_request_on_close(request, hub_request_closed, f);
    for (;;) {
        names[count].text = at;
        names[count].len = strcspn(at, ",");
        at += names[count++].len;
        if (*at == '\0') {
            break;
        }
        at++;
    }
    f->joined = sse_hub_subscribe(f->hub, request, names, count, id,
                                  id != NULL ? strlen(id) : 0, NULL, 0);
    if (f->joined != SSE_OK) {
        assert_int_equal(
            sse_request_respond(request, 503, NULL, 0, "no", 2), SSE_OK);
    }
}

static inline void hub_start(hub_fixture *f, const sse_hub_config *config,
                             const sse_server_config *server)
{
    memset(f, 0, sizeof *f);
    assert_int_equal(sse_loop_open(&f->loop), SSE_OK);
    assert_int_equal(sse_hub_open(f->loop, config, &f->hub), SSE_OK);
    assert_int_equal(
        sse_server_open(f->loop, server, hub_on_request, f, &f->server),
        SSE_OK);
}

static inline void hub_stop(hub_fixture *f)
{
    sse_hub_close(f->hub);
    sse_server_close(f->server);
    sse_loop_close(f->loop);
    assert_int_equal(f->requests, f->request_closes);
}

static inline sse_hub_stats hub_stats(const hub_fixture *f)
{
    sse_hub_stats stats;
    sse_hub_get_stats(f->hub, &stats);
    return stats;
}

/* Settings with a prefix that texts can name: ids are "p-1", "p-2"... */
static inline sse_hub_config hub_settings(void)
{
    sse_hub_config config;
    sse_hub_config_init(&config);
    config.id_prefix = "p";
    config.topic.retry_ms = 0;
    return config;
}

static inline void publish(const hub_fixture *f, const char *topic,
                           const char *text)
{
    const sse_event event = sse_event_of_data(text, strlen(text));
    assert_int_equal(
        sse_hub_publish(f->hub, named(topic), &event, NULL, 0), SSE_OK);
}

/* With an id of the publisher's. */
static inline void publish_as(const hub_fixture *f, const char *topic,
                              const char *id, const char *text)
{
    const sse_event event = sse_event_with_id(
        sse_event_of_data(text, strlen(text)), id, strlen(id));
    assert_int_equal(
        sse_hub_publish(f->hub, named(topic), &event, NULL, 0), SSE_OK);
}

/* ---- Readers ----------------------------------------------------------- */

/* One subscriber.  Its log has "id:data " for each event, with "type=" in
 * front for those that are no messages. */
typedef struct hub_reader {
    net_peer peer;
    int in_body, raw, clean; /* clean: the last chunk came */
    char head[1024];
    sse_priv_chunked chunked;
    sse_parser parser;
    char scratch[8192];
    char log[8192];
    size_t log_len, events, comments;
    uint64_t retry_ms;
} hub_reader;

static inline int hub_on_event(const sse_event *event, void *user)
{
    hub_reader *const r = (hub_reader *)user;
    const int is_message = event->type_len == 7 &&
                           memcmp(event->type, "message", 7) == 0;
    r->events++;
    if (r->log_len < sizeof r->log - 512) {
        r->log_len += (size_t)snprintf(
            r->log + r->log_len, sizeof r->log - r->log_len, "%.*s%s%.*s:%.*s ",
            is_message ? 0 : (int)event->type_len, event->type,
            is_message ? "" : "=", (int)event->id_len, event->id,
            event->data_len > 100 ? 100 : (int)event->data_len, event->data);
    }
    return SSE_GO;
}

static inline int hub_on_comment(const char *text, size_t len,
                                 uint64_t offset, void *user)
{
    (void)text;
    (void)len;
    (void)offset;
    ((hub_reader *)user)->comments++;
    return SSE_GO;
}

static inline int hub_on_retry(uint64_t retry_ms, uint64_t offset, void *user)
{
    (void)offset;
    ((hub_reader *)user)->retry_ms = retry_ms;
    return SSE_GO;
}

static inline void reader_open(const hub_fixture *f, hub_reader *r,
                               const char *path, const char *last_id,
                               const char *version, int rcvbuf)
{
    char text[512];
    memset(r, 0, sizeof *r);
    assert_true(net_open(&r->peer, sse_server_port(f->server), rcvbuf));
    (void)snprintf(text, sizeof text,
                   "GET /%s HTTP/%s\r\nHost: a\r\n%s%s%s\r\n", path, version,
                   last_id != NULL ? "Last-Event-ID: " : "",
                   last_id != NULL ? last_id : "",
                   last_id != NULL ? "\r\n" : "");
    assert_true(net_say(&r->peer, text));
    sse_priv_chunked_init(&r->chunked, 1024);
    assert_int_equal(sse_parser_init(&r->parser, r->scratch,
                                     sizeof r->scratch, hub_on_event, r),
                     SSE_OK);
    sse_parser_on_comment(&r->parser, hub_on_comment);
    sse_parser_on_retry(&r->parser, hub_on_retry);
}

static inline void reader_feed(hub_reader *r, const char *bytes, size_t len)
{
    size_t used = 0;
    assert_int_equal(sse_parser_feed(&r->parser, bytes, len, &used), SSE_OK);
    assert_int_equal(used, len);
}

/* Takes what is there, `most` bytes at most. */
static inline void reader_take(hub_reader *r, size_t most)
{
    (void)net_take(&r->peer, most);
    size_t at = 0;
    if (!r->in_body) {
        const char *const end = r->peer.bytes == NULL
                                    ? NULL
                                    : strstr(r->peer.bytes, "\r\n\r\n");
        if (end == NULL) {
            return;
        }
        at = (size_t)(end + 4 - r->peer.bytes);
        assert_true(at < sizeof r->head);
        memcpy(r->head, r->peer.bytes, at);
        r->in_body = 1;
        r->raw = strstr(r->head, "chunked") == NULL;
    }
    while (at < r->peer.len && !r->clean) {
        size_t used = r->peer.len - at;
        sse_piece data = {r->peer.bytes + at, used};
        if (!r->raw) {
            const sse_status status = sse_priv_chunked_feed(
                &r->chunked, r->peer.bytes + at, r->peer.len - at, &used,
                &data);
            assert_true(status == SSE_OK || status == SSE_INCOMPLETE);
            r->clean = status == SSE_OK;
        }
        reader_feed(r, data.base, data.len);
        at += used;
    }
    net_clear(&r->peer);
}

static inline int reader_has(hub_reader *r, const char *log)
{
    reader_take(r, SIZE_MAX);
    return strcmp(r->log, log) == 0;
}

static inline int reader_is_open(hub_reader *r)
{
    reader_take(r, SIZE_MAX);
    return r->in_body && r->comments > 0;
}

static inline int reader_ended(hub_reader *r)
{
    reader_take(r, SIZE_MAX);
    return r->peer.eof || r->peer.reset;
}

static inline void reader_close(hub_reader *r)
{
    net_close(&r->peer);
}

/* Opens one and waits for the stream's beginning. */
static inline void subscribe(hub_fixture *f, hub_reader *r, const char *path,
                             const char *last_id)
{
    reader_open(f, r, path, last_id, "1.1", 0);
    UNTIL(f, reader_is_open(r));
}

/* Opens one that is to get just this, and closes it. */
static inline void expect_log(hub_fixture *f, hub_reader *r, const char *path,
                              const char *last_id, const char *log)
{
    subscribe(f, r, path, last_id);
    UNTIL(f, reader_has(r, log));
    reader_close(r);
}

#endif /* SSE_TEST_HUB_FIXTURE_H */
