/*
 * over_curl.c - streams of libsse-curl.
 *
 * SPDX-License-Identifier: MIT
 */
#include "crowd.h"

#if defined(SSE_HAVE_CURL)

#include "examples/common/curl_loop.h"

#include <stdlib.h>

static curl_loop *curl;
static sse_curl **streams;
static size_t count;

static int begin(struct crowd *crowd, size_t most)
{
    count = 0;
    streams = (sse_curl **)calloc(most, sizeof *streams);
    return streams != NULL && curl_global_init(CURL_GLOBAL_ALL) == CURLE_OK &&
           curl_loop_open(crowd->loop, 0, &curl) == SSE_OK;
}

static int add(struct crowd *crowd, const char *url)
{
    sse_curl_config config;
    CURL *const easy = curl_easy_init();
    sse_curl_config_init(&config);
    config.url = url;
    config.retry_ms = CROWD_RETRY_MS;
    config.max_retry_ms = CROWD_RETRY_MS;
    config.on_event = crowd_on_event;
    config.on_state = crowd_on_state;
    config.user = crowd;
    if (easy == NULL ||
        sse_curl_open(easy, &config, &streams[count]) != SSE_OK) {
        curl_easy_cleanup(easy);
        return 0;
    }
    return curl_loop_add(curl, streams[count++]) == SSE_OK;
}

static void end(void)
{
    for (size_t i = 0; i < count; i++) {
        CURL *const easy = sse_curl_easy(streams[i]);
        sse_curl_close(streams[i]);
        curl_easy_cleanup(easy);
    }
    free(streams);
    curl_loop_close(curl);
    curl_global_cleanup();
}

const struct transport transport_curl = {"curl", begin, add, end};

#endif
