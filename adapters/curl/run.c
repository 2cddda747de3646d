/*
 * run.c - a loop around curl_multi_poll(), and the blocking form.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

sse_status sse_curl_group_turn(sse_curl_group *group, uint32_t timeout_ms)
{
    int running;
    uint64_t next_ms;
    if (group == NULL) {
        return SSE_ERR_INVALID;
    }
    if (group->stepping) {
        return SSE_ERR_REENTRY;
    }
    if (curl_multi_perform(group->multi, &running) != CURLM_OK) {
        return SSE_ERR_SYSTEM;
    }
    const sse_status status = sse_curl_group_step(group, &next_ms);
    if (status != SSE_OK) {
        return status;
    }
    uint64_t wait_ms = timeout_ms < next_ms ? timeout_ms : next_ms;
    wait_ms = wait_ms < 1000000000 ? wait_ms : 1000000000;
    if (wait_ms > 0 &&
        curl_multi_poll(group->multi, NULL, 0, (int)wait_ms, NULL) !=
            CURLM_OK) {
        return SSE_ERR_SYSTEM;
    }
    return SSE_OK;
}

static sse_status run_in(CURLM *multi, CURL *easy,
                         const sse_curl_config *config)
{
    sse_curl_group *group = NULL;
    sse_curl *stream = NULL;
    sse_status status = sse_curl_group_open(multi, &group);
    if (status == SSE_OK) {
        status = sse_curl_open(easy, config, &stream);
    }
    if (status == SSE_OK) {
        status = sse_curl_attach(stream, group);
    }
    while (status == SSE_OK) {
        status = sse_curl_group_turn(group, UINT32_MAX);
    }
    if (stream != NULL && stream->ended) {
        status = stream->final;
    }
    sse_curl_close(stream);
    sse_curl_group_close(group);
    return status;
}

sse_status sse_curl_run(CURL *easy, const sse_curl_config *config)
{
    CURLM *multi = curl_multi_init();
    if (multi == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    const sse_status status = run_in(multi, easy, config);
    (void)curl_multi_cleanup(multi);
    return status;
}
