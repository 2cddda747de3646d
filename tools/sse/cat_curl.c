/*
 * cat_curl.c - `sse cat` on URLs over libcurl.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "cat.h"

#include "say.h"
#include "tool.h"

#if defined(SSE_HAVE_CURL)

#include "cat_show.h"
#include "stop.h"

#include <sse/curl.h>
#include <sse/version.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One stream and all that belongs to it. */
struct session {
    struct cat_take take; /* first: hooks of the parser are given its address */
    struct cat_show show;
    CURL *easy;
    CURLM *multi;
    sse_curl_group *group;
    sse_curl *stream;
    int code;
    char reason[1024];
};

static int on_event(const sse_event *event, void *user)
{
    return cat_take_event(event, &((struct session *)user)->take);
}

/* Of all that libcurl tells, the heads of requests. */
static int on_debug(CURL *easy, curl_infotype type, char *bytes, size_t len,
                    void *user)
{
    (void)easy;
    if (type == CURLINFO_HEADER_OUT) {
        cat_show_request(&((struct session *)user)->show, bytes, len);
    }
    return 0;
}

static int on_response(const sse_curl_response *response, void *user)
{
    struct session *const session = (struct session *)user;
    cat_show_response(&session->show, response->head, response->head_len);
    return SSE_GO;
}

/* The end is shown by on_end(), which knows why. */
static void on_state(sse_source_state state, const sse_action *action,
                     void *user)
{
    const struct session *const session = (const struct session *)user;
    if (state != SSE_SOURCE_CLOSED) {
        cat_show_state(&session->show, state, action,
                       sse_curl_error_text(session->stream));
    }
}

static void on_end(const sse_curl_result *result, void *user)
{
    struct session *const session = (struct session *)user;
    const struct cat_ended ended = {
        result->status,      result->reason, result->cause,
        result->http_status, result->text,   result->body,
        result->body_len,
    };
    session->code = cat_show_end(&session->show, &session->take, &ended,
                                 session->reason, sizeof session->reason);
}

static void configure(struct session *session, sse_curl_config *config)
{
    const struct cat_options *const options = session->take.options;
    sse_curl_config_init(config);
    config->url = options->source;
    config->method = options->method;
    config->headers = options->headers;
    config->header_count = options->header_count;
    config->body = options->body;
    config->body_len = options->body_len;
    config->reconnect = options->reconnect;
    config->connect_timeout_ms = options->connect_timeout_ms;
    config->idle_timeout_ms = options->idle_timeout_ms;
    config->retry_ms = options->retry_ms;
    config->max_retry_ms = options->max_retry_ms;
    config->max_reconnects = options->max_reconnects;
    config->scratch_cap = CAT_SCRATCH_START;
    config->max_event_size = (size_t)options->max_event_size;
    config->max_id_size = CAT_NAME_MAX;
    config->max_type_size = CAT_NAME_MAX;
    config->last_event_id = options->last_event_id;
    config->last_event_id_len =
        options->last_event_id != NULL ? strlen(options->last_event_id) : 0;
    config->on_event = on_event;
    config->on_response = on_response;
    config->on_state = on_state;
    config->on_end = on_end;
    config->setup_parser = cat_take_setup;
    config->user = session;
}

/* What libcurl's own command line tool takes from the environment or sets. */
static void set_up_handle(struct session *session)
{
    CURL *const easy = session->easy;
    const char *const bundle = getenv("CURL_CA_BUNDLE");
    char agent[64];
    (void)snprintf(agent, sizeof agent, "sse/%s", sse_version());
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, agent);
    if (bundle != NULL && *bundle != '\0') {
        (void)curl_easy_setopt(easy, CURLOPT_CAINFO, bundle);
    }
    if (session->take.options->verbose) {
        (void)curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
        (void)curl_easy_setopt(easy, CURLOPT_DEBUGDATA, (void *)session);
        (void)curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
    }
}

static sse_status start(struct session *session)
{
    sse_curl_config config;
    session->easy = curl_easy_init();
    session->multi = curl_multi_init();
    if (session->easy == NULL || session->multi == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    set_up_handle(session);
    configure(session, &config);
    sse_status status = sse_curl_group_open(session->multi, &session->group);
    if (status == SSE_OK) {
        status = sse_curl_open(session->easy, &config, &session->stream);
    }
    if (status == SSE_OK) {
        status = sse_curl_attach(session->stream, session->group);
    }
    return status;
}

/* Until the stream ends; a signal and a reader of the output that leaves are
 * noticed while nothing comes. */
static sse_status drive(struct session *session)
{
    struct out *const out = &session->take.print->out;
    for (;;) {
        uint64_t next_ms = 0;
        int running = 0;
        if (stop_asked() != 0 || out->state != OUT_OPEN) {
            sse_curl_cancel(session->stream);
        }
        if (curl_multi_perform(session->multi, &running) != CURLM_OK) {
            return SSE_ERR_SYSTEM;
        }
        const sse_status status =
            sse_curl_group_step(session->group, &next_ms);
        if (status != SSE_OK) {
            return status == SSE_STOPPED ? SSE_OK : status;
        }
        struct curl_waitfd fds[2] = {{stop_fd(), CURL_WAIT_POLLIN, 0},
                                     {out->fd, 0, 0}};
        const int wait_ms = next_ms < 60000 ? (int)next_ms : 60000;
        if (curl_multi_poll(session->multi, fds, 2, wait_ms, NULL) !=
            CURLM_OK) {
            return SSE_ERR_SYSTEM;
        }
        (void)out_check(out);
    }
}

static int run(struct session *session)
{
    size_t id_len = 0;
    sse_status status = start(session);
    if (status != SSE_OK) {
        say("%s: %s", session->take.options->source,
            status == SSE_ERR_INVALID ? "this is no valid http or https URL"
                                      : sse_strerror(status));
        return status == SSE_ERR_INVALID ? TOOL_USAGE : TOOL_FAILED;
    }
    status = drive(session);
    char *const id =
        cat_copy_id(sse_curl_parser(session->stream), &id_len);
    /* A stream that has not ended ends here, so that its end is shown before
     * the final id. */
    sse_curl_close(session->stream);
    session->stream = NULL;
    if (status != SSE_OK || id == NULL) {
        session->code = TOOL_FAILED;
        (void)snprintf(session->reason, sizeof session->reason, "libcurl: %s",
                       sse_strerror(id == NULL ? SSE_ERR_NO_MEMORY : status));
    }
    const int code =
        cat_take_finish(&session->take, id, id != NULL ? id_len : 0,
                        session->code, session->reason);
    free(id);
    return code;
}

int cat_curl(const struct cat_options *options, struct cat_take *take)
{
    struct session session;
    memset(&session, 0, sizeof session);
    session.take = *take;
    session.show.options = options;
    session.show.print = take->print;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        say("libcurl cannot be used");
        return TOOL_FAILED;
    }
    const int code = run(&session);
    sse_curl_close(session.stream);
    sse_curl_group_close(session.group);
    (void)curl_multi_cleanup(session.multi);
    curl_easy_cleanup(session.easy);
    curl_global_cleanup();
    return code;
}

#else

#include <strings.h>

int cat_curl(const struct cat_options *options, struct cat_take *take)
{
    if (options->transport == CAT_ANY &&
        strncasecmp(options->source, "http:", 5) == 0) {
        return cat_sock(options, take);
    }
    say("%s: this build of sse has no libcurl; it reads http:// over plain "
        "sockets, files and standard input", options->source);
    return TOOL_FAILED;
}

#endif
