/*
 * web.c - the HTTP side of sse-chat: opening, draining, closing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/web.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "http/router.h"

static int is_local(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static void say_why(const struct config *config, int error, char *text,
                    size_t cap)
{
    if (error == EADDRINUSE) {
        (void)snprintf(text, cap,
                       "port %u of %s is in use; stop what uses it, or choose"
                       " another with --listen %s:PORT or SSE_CHAT_LISTEN"
                       " (0 takes a free one)",
                       (unsigned)config->port, config->address,
                       config->address);
    } else {
        (void)snprintf(text, cap, "cannot listen on %s port %u: %s",
                       config->address, (unsigned)config->port,
                       strerror(error));
    }
}

int web_open(struct web *web, sse_loop *loop, const struct config *config,
             char *error, size_t error_cap)
{
    web->loop = loop;
    web->config = config;
    web->local = is_local(config->address);
    sse_server_config server;
    sse_server_config_init(&server);
    server.address = config->address;
    server.port = config->port;
    server.max_body = (size_t)WEB_JSON_MAX;
    server.max_body_total = WEB_BODIES_MAX;
    server.max_conns = 4 * LIMIT_STREAMS; /* streams and what comes beside */
    server.stream_buffer = WEB_STREAM_BUFFER;
    server.sndbuf = WEB_SEND_BUFFER;
    server.keep_alive_ms = config->keep_alive_ms;
    server.body_limit = route_body_limit;
    server.error_body = exchange_error_body;
    if (sse_server_open(loop, &server, route_request, web, &web->server) !=
        SSE_OK) {
        say_why(config, errno, error, error_cap);
        return -1;
    }
    return 0;
}

void web_drain(struct web *web, uint32_t within_ms, sse_server_fn done,
               void *user)
{
    sse_server_drain(web->server, within_ms, done, user);
}

void web_leave_jobs(struct web *web)
{
    channels_leave_jobs(&web->channels);
}

void web_close(struct web *web)
{
    sse_server_close(web->server);
    web->server = NULL;
    channels_free(web);
}
