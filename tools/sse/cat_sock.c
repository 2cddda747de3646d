/*
 * cat_sock.c - `sse cat` on URLs over plain sockets.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cat.h"

#include "cat_show.h"
#include "say.h"
#include "stop.h"
#include "tool.h"

#include <sse/sock.h>
#include <sse/version.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One stream and all that belongs to it. */
struct session {
    struct cat_take take; /* first: hooks of the parser are given its address */
    struct cat_show show;
    sse_loop *loop;
    sse_client *client;
    int code;
    int ended;
    char agent[64];
    char reason[1024];
};

static int on_event(const sse_event *event, void *user)
{
    return cat_take_event(event, &((struct session *)user)->take);
}

static void on_request(const char *head, size_t head_len, void *user)
{
    cat_show_request(&((struct session *)user)->show, head, head_len);
}

static int on_response(const sse_client_response *response, void *user)
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
                       sse_client_error_text(session->client));
    }
}

static void on_end(const sse_client_result *result, void *user)
{
    struct session *const session = (struct session *)user;
    const struct cat_ended ended = {
        result->status,      result->reason, result->cause,
        result->http_status, result->text,   result->body,
        result->body_len,
    };
    session->ended = 1;
    session->code = cat_show_end(&session->show, &session->take, &ended,
                                 session->reason, sizeof session->reason);
}

static void configure(struct session *session, sse_client_config *config)
{
    const struct cat_options *const options = session->take.options;
    sse_client_config_init(config);
    (void)snprintf(session->agent, sizeof session->agent, "sse/%s",
                   sse_version());
    config->url = options->source;
    config->method = options->method;
    config->headers = options->headers;
    config->header_count = options->header_count;
    config->body = options->body;
    config->body_len = options->body_len;
    config->user_agent = session->agent;
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
    config->on_request = on_request;
    config->on_response = on_response;
    config->on_state = on_state;
    config->on_end = on_end;
    config->setup_parser = cat_take_setup;
    config->user = session;
}

/* A signal, or an output that failed: drive() looks which. */
static void on_interrupt(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    (void)ready;
    (void)user;
    sse_loop_fd_forget(loop, fd);
}

static sse_status start(struct session *session)
{
    sse_client_config config;
    configure(session, &config);
    sse_status status = sse_loop_open(&session->loop);
    if (status == SSE_OK) {
        status = sse_loop_fd_watch(session->loop, stop_fd(), SSE_LOOP_READ,
                                   on_interrupt, NULL);
    }
    if (status == SSE_OK) {
        /* Refused for a file, which no reader leaves. */
        (void)sse_loop_fd_watch(session->loop, session->take.print->out.fd, 0,
                                on_interrupt, NULL);
        status = sse_client_open(&config, &session->client);
    }
    if (status == SSE_OK) {
        status = sse_client_attach(session->client, session->loop);
    }
    return status;
}

/* Until the stream ends; a signal and a reader of the output that leaves are
 * noticed while nothing comes. */
static sse_status drive(struct session *session)
{
    struct out *const out = &session->take.print->out;
    sse_status status = SSE_OK;
    while (status == SSE_OK && !session->ended) {
        if (stop_asked() != 0 || out->state != OUT_OPEN) {
            sse_client_cancel(session->client);
        }
        status = sse_loop_turn(session->loop, -1);
        (void)out_check(out);
    }
    return status;
}

static int run(struct session *session)
{
    size_t id_len = 0;
    sse_status status = start(session);
    if (status == SSE_ERR_INVALID || status == SSE_ERR_CHARACTER) {
        say("%s: this is no valid http or https URL",
            session->take.options->source);
        return TOOL_USAGE;
    }
    if (status != SSE_OK) {
        say("%s: %s", session->take.options->source,
            status == SSE_ERR_SYSTEM ? strerror(errno)
                                     : sse_strerror(status));
        return TOOL_FAILED;
    }
    status = drive(session);
    char *const id = cat_copy_id(sse_client_parser(session->client), &id_len);
    /* A stream that has not ended ends here, so that its end is shown before
     * the final id. */
    sse_client_close(session->client);
    session->client = NULL;
    if (status != SSE_OK || id == NULL) {
        session->code = TOOL_FAILED;
        (void)snprintf(session->reason, sizeof session->reason, "%s",
                       sse_strerror(id == NULL ? SSE_ERR_NO_MEMORY : status));
    }
    const int code =
        cat_take_finish(&session->take, id, id != NULL ? id_len : 0,
                        session->code, session->reason);
    free(id);
    return code;
}

int cat_sock(const struct cat_options *options, struct cat_take *take)
{
    struct session session;
    memset(&session, 0, sizeof session);
    session.take = *take;
    session.show.options = options;
    session.show.print = take->print;
    const int code = run(&session);
    sse_client_close(session.client);
    sse_loop_close(session.loop);
    return code;
}
