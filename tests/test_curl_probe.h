/*
 * test_curl_probe.h - a stream over libcurl whose every step is written down.
 *
 * SPDX-License-Identifier: MIT
 *
 * The calls of both clients have one shape, so most tests of libsse-curl are
 * those of the plain-socket client too: with OVER_SOCK the names mean that
 * one, see over_sock.h.
 */
#ifndef TESTS_CURL_PROBE_H
#define TESTS_CURL_PROBE_H

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#if defined(OVER_SOCK)
#include "over_sock.h"
#else
#include <sse/curl.h>
#endif

#include "support/rows.h"
#include "support/script_server.h"

/* How long a wait for what must happen lasts at most: only a failure is as slow
 * as that. */
#define PATIENCE_MS 60000u

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

#define OK_HEAD                                                                \
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
/* Ended by the end of the connection. */
#define OPEN_HEAD OK_HEAD "Connection: close\r\n\r\n"
#define NO_MORE "HTTP/1.1 204 No Content\r\n\r\n"

typedef struct probe {
    char log[8192];      /* `type|id|data` and a line end for each event */
    size_t log_len;      /* bytes; more than fits is not written */
    uint64_t events, bytes;
    uint64_t stop_after; /* SSE_STOP at this event; 0: never */
    uint64_t pause_at;   /* SSE_PAUSE at this event; 0: never */
    int pause_always;
    char states[1024];   /* `connecting open waiting ... closed ` */
    uint64_t delay_ms;   /* of the latest wait */
    int responses, ends;
    int answer;          /* of on_response */
    char url[256], head[4096];
    sse_curl_result result;
    char text[512], body[16384];
    uint64_t dropped, dropped_bytes;
} probe;

static inline int probe_event(const sse_event *event, void *user)
{
    probe *p = (probe *)user;
    const size_t room = sizeof(p->log) - p->log_len;
    const size_t need = event->type_len + event->id_len + event->data_len + 4;
    if (need < room) {
        p->log_len += (size_t)snprintf(
            p->log + p->log_len, room, "%.*s|%.*s|%.*s\n",
            (int)event->type_len, event->type, (int)event->id_len, event->id,
            (int)event->data_len, event->data);
    }
    p->events++;
    p->bytes += event->data_len;
    if (p->events == p->stop_after) {
        return SSE_STOP;
    }
    return p->pause_always || p->events == p->pause_at ? SSE_PAUSE : SSE_GO;
}

static inline int probe_response(const sse_curl_response *response,
                                 void *user)
{
    probe *p = (probe *)user;
    p->responses++;
    (void)snprintf(p->url, sizeof(p->url), "%s", response->url);
    (void)snprintf(p->head, sizeof(p->head), "%.*s", (int)response->head_len,
                   response->head);
    return p->answer;
}

static inline void probe_state(sse_source_state state,
                               const sse_action *action, void *user)
{
    static const char *const names[] = {"", "connecting ", "open ",
                                        "waiting ", "closed "};
    probe *p = (probe *)user;
    const size_t len = strlen(p->states);
    (void)snprintf(p->states + len, sizeof(p->states) - len, "%s",
                   names[state]);
    if (state == SSE_SOURCE_WAITING) {
        p->delay_ms = action->delay_ms;
    }
}

static inline void probe_end(const sse_curl_result *result, void *user)
{
    probe *p = (probe *)user;
    p->ends++;
    p->result = *result;
    (void)snprintf(p->text, sizeof(p->text), "%s", result->text);
    (void)snprintf(p->body, sizeof(p->body), "%s", result->body);
    p->result.text = p->text;
    p->result.body = p->body;
}

static inline int probe_dropped(const sse_drop *drop, void *user)
{
    probe *p = (probe *)user;
    p->dropped++;
    p->dropped_bytes = drop->bytes;
    return SSE_GO;
}

static inline sse_status probe_setup(sse_parser *parser, void *user)
{
    (void)user;
    sse_parser_on_dropped(parser, probe_dropped);
    return SSE_OK;
}

/* A configuration that waits little. */
static inline void probe_config(sse_curl_config *config, const char *url,
                                probe *p)
{
    memset(p, 0, sizeof(*p));
    sse_curl_config_init(config);
    config->url = url;
    config->retry_ms = 10;
    config->max_retry_ms = 10;
    config->seed = 1;
    config->on_event = probe_event;
    config->on_response = probe_response;
    config->on_state = probe_state;
    config->on_end = probe_end;
    config->setup_parser = probe_setup;
    config->user = p;
}

/* The transport itself met no failure, or a refused connection. */
#if defined(OVER_SOCK)
#define PROBE_IS_WELL(p) ((p)->result.system_error == 0)
#define PROBE_IS_REFUSED(p) ((p)->result.system_error == ECONNREFUSED)
#else
#define PROBE_IS_WELL(p) ((p)->result.code == CURLE_OK)
#define PROBE_IS_REFUSED(p) ((p)->result.code == CURLE_COULDNT_CONNECT)
#endif

/* The blocking form, to its end. */
static inline sse_status probe_run(const sse_curl_config *config)
{
    const probe *p = (const probe *)config->user;
#if defined(OVER_SOCK)
    const sse_status status = sse_client_run(config);
#else
    CURL *easy = curl_easy_init();
    assert_non_null(easy);
    const sse_status status = sse_curl_run(easy, config);
    curl_easy_cleanup(easy);
#endif
    assert_int_equal(p->ends, 1);
    assert_int_equal(p->result.status, status);
    assert_true(p->result.text[0] != '\0');
    return status;
}

/* Value of a header in a request that the server has kept; "" if it is empty,
 * NULL if there is none. */
static inline const char *probe_header(const char *request, const char *name)
{
    static char value[4][4096];
    static unsigned turn;
    char line[128];
    (void)snprintf(line, sizeof(line), "\r\n%s:", name);
    const char *at = strstr(request, line);
    if (at == NULL) {
        return NULL;
    }
    at += strlen(line);
    at += *at == ' ';
    char *copy = value[turn++ % 4];
    (void)snprintf(copy, sizeof(value[0]), "%.*s", (int)strcspn(at, "\r"),
                   at);
    return copy;
}

/* Descriptors this process has open; 0 where nobody can tell. */
static inline size_t probe_fds(void)
{
    DIR *dir = opendir("/proc/self/fd");
    size_t count = 0;
    if (dir == NULL) {
        return 0;
    }
    while (readdir(dir) != NULL) {
        count++;
    }
    (void)closedir(dir);
    return count;
}

static inline int probe_global_setup(void **state)
{
    (void)state;
#if defined(OVER_SOCK)
    return 0;
#else
    return curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK ? 0 : -1;
#endif
}

static inline int probe_global_teardown(void **state)
{
    (void)state;
#if !defined(OVER_SOCK)
    curl_global_cleanup();
#endif
    return 0;
}

#endif /* TESTS_CURL_PROBE_H */
