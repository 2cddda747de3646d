/*
 * serve.c - `sse serve`: a server of topics.
 *
 * SPDX-License-Identifier: MIT
 */
#include "serve.h"

#include "say.h"
#include "stop.h"
#include "tool.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* Behind the last stream, for answers under way. */
#define DRAIN_REST_MS 2000u

static void on_drained(sse_server *server, void *user)
{
    (void)server;
    sse_loop_stop(((struct serve *)user)->loop);
}

/* SIGTERM spreads the ends of the streams, the others do not wait. */
static void on_signal(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    struct serve *const serve = (struct serve *)user;
    const uint32_t within_ms =
        stop_asked() != SIGTERM ? 0 : serve->options->drain_ms;
    (void)ready;
    sse_loop_fd_forget(loop, fd);
    serve->draining = 1;
    sse_hub_drain(serve->hub, within_ms);
    sse_server_drain(serve->server, within_ms + DRAIN_REST_MS, on_drained,
                     serve);
    if (stop_asked() != SIGTERM) {
        /* One turn is given to the ends of the streams. */
        sse_loop_stop(loop);
    }
}

static int open_all(struct serve *serve)
{
    const struct serve_options *const options = serve->options;
    if (serve_log_open(serve) < 0) {
        return -1;
    }
    sse_status status = sse_loop_open(&serve->loop);
    if (status == SSE_OK) {
        status = sse_hub_open(serve->loop, &options->hub, &serve->hub);
    }
    if (status == SSE_OK) {
        status = sse_server_open(serve->loop, &options->server,
                                 serve_on_request, serve, &serve->server);
    }
    if (status == SSE_OK) {
        status = sse_loop_fd_watch(serve->loop, stop_fd(), SSE_LOOP_READ,
                                   on_signal, serve);
    }
    if (status != SSE_OK) {
        say("cannot listen on %s port %u: %s", options->address,
            (unsigned)options->server.port,
            status == SSE_ERR_SYSTEM ? strerror(errno)
                                     : sse_strerror(status));
    }
    return status == SSE_OK ? 0 : -1;
}

static void close_all(struct serve *serve)
{
    sse_hub_close(serve->hub);
    sse_server_close(serve->server);
    sse_loop_close(serve->loop);
    serve_log_close(serve);
}

static int run(int argc, char *const *argv)
{
    static struct serve_options options;
    static struct serve serve;
    const int read = serve_options_read(&options, argc, argv);
    if (read == SERVE_UNREAD) {
        return TOOL_FAILED;
    }
    if (read != 0) {
        return read > 0 ? tool_print(serve_help) : TOOL_USAGE;
    }
    if (stop_watch() < 0) {
        say("%s", strerror(errno));
        return TOOL_FAILED;
    }
    serve.options = &options;
    serve_limits_raise(&options);
    if (open_all(&serve) < 0 ||
        tool_print_url("sse: listening on ", options.address,
                       sse_server_port(serve.server), "\n") < 0) {
        close_all(&serve);
        return TOOL_FAILED;
    }
    const sse_status status = sse_loop_run(serve.loop);
    const int saved = errno;
    close_all(&serve);
    if (status != SSE_OK) {
        say("%s", status == SSE_ERR_SYSTEM ? strerror(saved)
                                           : sse_strerror(status));
        return TOOL_FAILED;
    }
    if (stop_asked() != SIGTERM) {
        say("interrupted");
        return TOOL_SIGNAL + stop_asked();
    }
    say("ended by SIGTERM");
    return TOOL_OK;
}

const struct tool_command tool_serve = {
    "serve", "be a server of topics: publish, subscribe, replay", serve_help,
    run};
