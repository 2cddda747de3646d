/*
 * replay_serve.c - replaying to whoever connects.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "replay_serve.h"

#include "say.h"
#include "stop.h"
#include "tool.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Requests to language models carry whole conversations. */
#define BODY_MAX ((size_t)64 << 20)

static const char page[] =
    "<!DOCTYPE html>\n"
    "<html><head><title>Not a stream</title></head>\n"
    "<body><h1>Not a stream</h1></body></html>\n";

/* Ends the loop once all requests that were asked for are answered. */
static void one_over(struct replay_server *server)
{
    server->open--;
    if (server->open == 0 && server->requests >= server->options->max_conns) {
        sse_loop_stop(server->loop);
    }
}

static void on_request_close(sse_request *request, void *user)
{
    (void)request;
    one_over((struct replay_server *)user);
}

static void respond(struct replay_server *server, sse_request *request,
                    int status, const char *body, size_t len)
{
    static const sse_http_header html = {"Content-Type", "text/html"};
    const int is_page = body == page;
    const int bodiless = status == 204 || status == 304;
    const sse_status done = sse_request_respond(
        request, status, is_page ? &html : server->headers,
        is_page ? 1 : server->header_count + server->body_type, body,
        bodiless ? 0 : len);
    if (done != SSE_OK && done != SSE_ERR_CLOSED) {
        say("cannot answer with the recorded headers: %s",
            sse_strerror(done));
        (void)sse_request_respond(request, 500, NULL, 0, "", 0);
    }
}

static void on_request(sse_request *request, void *user)
{
    struct replay_server *const server = (struct replay_server *)user;
    const struct replay_options *const options = server->options;
    const int faults = server->requests < options->fault_conns;
    if (server->requests >= options->max_conns) {
        (void)sse_request_respond(request, 503, NULL, 0, "", 0);
        return;
    }
    server->requests++;
    server->open++;
    sse_request_on_close(request, on_request_close, server);
    if (options->verbose) {
        size_t len = 0;
        (void)sse_request_body(request, &len);
        const char *const id = sse_request_header(request, "Last-Event-ID");
        say_more("* %s %s, body of %llu bytes%s%s",
                 sse_request_method(request), sse_request_path(request),
                 (unsigned long long)len,
                 id != NULL ? ", Last-Event-ID: " : "", id != NULL ? id : "");
    }
    const int status =
        faults && options->status != 0 ? options->status : server->tape->status;
    if (faults && options->html) {
        respond(server, request, 200, page, sizeof page - 1);
    } else if (status != 200) {
        respond(server, request, status, server->plan->bytes,
                server->plan->len);
    } else {
        const int instead = replay_stream(server, request, faults);
        if (instead != 0) {
            respond(server, request, instead, "", 0);
        }
    }
}

/* A body that is no stream has a type too, if nobody named one. */
static void set_body_type(struct replay_server *server)
{
    static const sse_http_header json = {"Content-Type", "application/json"};
    static const sse_http_header text = {"Content-Type", "text/plain"};
    const struct plan *const plan = server->plan;
    for (size_t i = 0; i < server->header_count; i++) {
        if (strcasecmp(server->headers[i].name, "Content-Type") == 0) {
            return;
        }
    }
    server->headers[server->header_count] =
        plan->len > 0 && plan->bytes[0] == '{' ? json : text;
    server->body_type = 1;
}

/* The recorded headers, but for those that the command line replaces. */
static int collect_headers(struct replay_server *server)
{
    const struct replay_options *const options = server->options;
    const struct tape *const tape = server->tape;
    server->headers = (sse_http_header *)calloc(
        tape->header_count + options->header_count + 1,
        sizeof *server->headers);
    if (server->headers == NULL) {
        return -1;
    }
    for (size_t i = 0; i < tape->header_count; i++) {
        int replaced = 0;
        for (size_t k = 0; k < options->header_count; k++) {
            replaced = replaced || strcasecmp(options->headers[k].name,
                                              tape->headers[i].name) == 0;
        }
        if (!replaced) {
            server->headers[server->header_count++] = tape->headers[i];
        }
    }
    for (size_t k = 0; k < options->header_count; k++) {
        server->headers[server->header_count++] = options->headers[k];
    }
    set_body_type(server);
    return 0;
}

static void on_stop(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    (void)fd;
    (void)ready;
    ((struct replay_server *)user)->stopping = 1;
    sse_loop_stop(loop);
}

static sse_status listen_on(struct replay_server *server)
{
    sse_server_config config;
    sse_server_config_init(&config);
    config.address = server->options->address;
    config.port = server->options->port;
    config.max_body = BODY_MAX;
    config.max_body_total = 4 * BODY_MAX;
    config.stream_buffer = REPLAY_BUFFER;
    config.keep_alive_ms = 0;
    sse_status status = sse_loop_open(&server->loop);
    if (status == SSE_OK) {
        status = sse_loop_fd_watch(server->loop, stop_fd(), SSE_LOOP_READ,
                                   on_stop, server);
    }
    if (status == SSE_OK) {
        status = sse_server_open(server->loop, &config, on_request, server,
                                 &server->server);
    }
    return status;
}

static int serve(struct replay_server *server)
{
    sse_status status = listen_on(server);
    if (status != SSE_OK) {
        say("%s:%u: %s", server->options->address,
            (unsigned)server->options->port,
            status == SSE_ERR_SYSTEM ? strerror(errno)
                                     : sse_strerror(status));
        return TOOL_FAILED;
    }
    if (tool_print_url("", server->options->address,
                       sse_server_port(server->server), "/\n") < 0) {
        return TOOL_FAILED;
    }
    status = sse_loop_run(server->loop);
    if (status != SSE_OK) {
        say("%s", sse_strerror(status));
        return TOOL_FAILED;
    }
    if (server->stopping && stop_asked() == SIGTERM) {
        say("ended by SIGTERM");
        return TOOL_OK;
    }
    if (server->stopping) {
        say("interrupted");
        return TOOL_SIGNAL + stop_asked();
    }
    say("%llu request%s answered, as asked for",
        (unsigned long long)server->requests,
        server->requests == 1 ? "" : "s");
    return TOOL_OK;
}

int replay_serve(const struct replay_options *options,
                 const struct tape *tape, const struct plan *plan)
{
    struct replay_server server;
    int code = TOOL_FAILED;
    memset(&server, 0, sizeof server);
    server.options = options;
    server.tape = tape;
    server.plan = plan;
    if (collect_headers(&server) == 0) {
        code = serve(&server);
    } else {
        say("out of memory");
    }
    sse_server_close(server.server);
    sse_loop_close(server.loop);
    free(server.headers);
    return code;
}
