/*
 * over_sock.c - streams of libsse-sock.
 *
 * SPDX-License-Identifier: MIT
 */
#include "crowd.h"

#include <sse/client.h>
#include <stdlib.h>

static sse_client **clients;
static size_t count;

static int begin(struct crowd *crowd, size_t most)
{
    (void)crowd;
    count = 0;
    clients = (sse_client **)calloc(most, sizeof *clients);
    return clients != NULL;
}

static int add(struct crowd *crowd, const char *url)
{
    sse_client_config config;
    sse_client_config_init(&config);
    config.url = url;
    config.retry_ms = CROWD_RETRY_MS;
    config.max_retry_ms = CROWD_RETRY_MS;
    config.on_event = crowd_on_event;
    config.on_state = crowd_on_state;
    config.user = crowd;
    if (sse_client_open(&config, &clients[count]) != SSE_OK) {
        return 0;
    }
    return sse_client_attach(clients[count++], crowd->loop) == SSE_OK;
}

static void end(void)
{
    for (size_t i = 0; i < count; i++) {
        sse_client_close(clients[i]);
    }
    free(clients);
}

const struct transport transport_sock = {"sock", begin, add, end};
