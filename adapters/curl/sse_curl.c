/*
 * sse_curl.c - a stream made and unmade, and what callers may ask it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "../dup.h"
#include "../seed.h"

void sse_curl_config_init(sse_curl_config *config)
{
    memset(config, 0, sizeof(*config));
    config->size = sizeof(*config);
    config->idempotent = -1;
    config->reconnect = 1;
    config->connect_timeout_ms = 10000;
    config->retry_ms = 3000;
    config->max_retry_ms = 30000;
    config->healthy_ms = 5000;
    config->max_reconnects = SSE_NEVER;
    config->scratch_cap = 4096;
    config->max_event_size = (size_t)16 * 1024 * 1024;
    config->max_id_size = 1024;
    config->max_type_size = 256;
    config->max_head_size = 65536;
    config->max_error_body = 8192;
}

static sse_status check(const sse_curl_config *config)
{
    if (config->url == NULL || config->on_event == NULL ||
        (config->body == NULL && config->body_len > 0) ||
        (config->last_event_id == NULL && config->last_event_id_len > 0)) {
        return SSE_ERR_INVALID;
    }
    const size_t most = SIZE_MAX / 8;
    if (config->max_event_size > most || config->max_id_size > most ||
        config->max_type_size > most || config->scratch_cap > most) {
        return SSE_ERR_INVALID;
    }
    if (config->method != NULL &&
        (config->method[0] == '\0' ||
         strpbrk(config->method, "\r\n ") != NULL)) {
        return SSE_ERR_CHARACTER;
    }
    return SSE_OK;
}

static sse_status open_parser(sse_curl *stream)
{
    const sse_curl_config *config = &stream->config;
    const sse_priv_limits limits = {
        config->scratch_cap, config->max_event_size, config->max_id_size,
        config->max_type_size};
    sse_parser *parser = &stream->parser;
    sse_status status = sse_priv_scratch_open(&stream->scratch, parser, &limits,
                                              config->user);
    if (status == SSE_OK && config->setup_parser != NULL) {
        status = config->setup_parser(parser, config->user);
    }
    if (status == SSE_OK && config->last_event_id_len > 0) {
        status = sse_parser_set_last_event_id(parser, config->last_event_id,
                                              config->last_event_id_len);
    }
    return status;
}

static sse_status open_source(sse_curl *stream)
{
    const sse_curl_config *config = &stream->config;
    sse_source_config source;
    sse_source_config_init(&source);
    source.seed = config->seed != 0 ? config->seed : sse_priv_seed(stream);
    source.retry_ms = config->retry_ms;
    source.max_retry_ms = config->max_retry_ms;
    source.healthy_ms = config->healthy_ms;
    source.first_byte_timeout_ms = config->first_byte_timeout_ms;
    source.idle_timeout_ms = config->idle_timeout_ms;
    source.total_timeout_ms = config->total_timeout_ms;
    source.max_reconnects = config->max_reconnects;
    source.reconnect = config->reconnect;
    source.idempotent = config->idempotent >= 0 ? config->idempotent
                                                : stream->route.is_safe;
    source.policy = config->policy;
    source.user = config->user;
    /* libcurl keeps the connect limit: it knows when a transfer that waited
     * for a free connection really starts. */
    return sse_source_init(&stream->source, &source, &stream->parser);
}

static sse_status open_all(sse_curl *stream)
{
    const sse_curl_config *config = &stream->config;
    const char *method = config->method != NULL ? config->method
                         : config->body != NULL ? "POST"
                                                : "GET";
    sse_status status = check(config);
    if (status == SSE_OK) {
        status = sse_priv_dup_text(method, &stream->method);
    }
    if (status == SSE_OK) {
        status = sse_priv_dup_bytes(config->body, config->body_len,
                                    &stream->body);
    }
    if (status == SSE_OK) {
        status = sse_priv_dup_text(config->accept_encoding,
                                   &stream->accept_encoding);
    }
    if (status == SSE_OK) {
        status = sse_priv_curl_copy_headers(
            config->headers, config->header_count, &stream->headers);
    }
    if (status == SSE_OK) {
        status = sse_priv_route_open(&stream->route, config->url, method);
    }
    if (status == SSE_OK) {
        status = open_parser(stream);
    }
    return status == SSE_OK ? open_source(stream) : status;
}

static void free_all(sse_curl *stream)
{
    sse_priv_route_close(&stream->route);
    sse_priv_buffer_free(&stream->head);
    sse_priv_buffer_free(&stream->refused);
    curl_slist_free_all(stream->headers);
    curl_slist_free_all(stream->lines);
    curl_easy_cleanup(stream->away);
    free(stream->method);
    free(stream->body);
    free(stream->accept_encoding);
    sse_priv_scratch_free(&stream->scratch);
    free(stream);
}

sse_status sse_curl_open(CURL *easy, const sse_curl_config *config,
                         sse_curl **stream)
{
    if (stream == NULL) {
        return SSE_ERR_INVALID;
    }
    *stream = NULL;
    if (easy == NULL || config == NULL || config->size == 0) {
        return SSE_ERR_INVALID;
    }
    sse_curl *made = (sse_curl *)calloc(1, sizeof(*made));
    if (made == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    sse_curl_config_init(&made->config);
    memcpy(&made->config, config,
           config->size < sizeof(made->config) ? config->size
                                               : sizeof(made->config));
    made->easy = easy;
    made->head.max = made->config.max_head_size;
    made->refused.max = made->config.max_error_body;
    const sse_status status = open_all(made);
    if (status != SSE_OK) {
        free_all(made);
        return status;
    }
    /* What was pointed to is copied by now; nobody shall follow these. */
    made->config.url = NULL;
    made->config.method = NULL;
    made->config.headers = NULL;
    made->config.body = NULL;
    made->config.accept_encoding = NULL;
    made->config.last_event_id = NULL;
    *stream = made;
    return SSE_OK;
}

void sse_curl_close(sse_curl *stream)
{
    if (stream == NULL || stream->closing) {
        return; /* on_end closes what is being closed */
    }
    stream->closing = 1;
    if (stream->group != NULL) {
        if (!stream->ended) {
            stream->cancelled = 1;
            sse_priv_curl_step(stream, sse_priv_curl_now_ms());
        }
        sse_priv_group_forget(stream);
    }
    sse_priv_curl_release(stream);
    free_all(stream);
}

void sse_curl_resume(sse_curl *stream)
{
    sse_priv_group_raise(stream, SSE_PRIV_RESUME);
}

void sse_curl_cancel(sse_curl *stream)
{
    sse_priv_group_raise(stream, SSE_PRIV_CANCEL);
}

sse_parser *sse_curl_parser(sse_curl *stream)
{
    return &stream->parser;
}

const sse_source *sse_curl_source(const sse_curl *stream)
{
    return &stream->source;
}

CURL *sse_curl_easy(sse_curl *stream)
{
    return stream->easy;
}

const char *sse_curl_error_text(const sse_curl *stream)
{
    return stream->text;
}

void sse_curl_note_event(sse_curl *stream)
{
    sse_source_event(&stream->source);
}

void sse_curl_set_idle(sse_curl *stream, uint32_t idle_timeout_ms)
{
    sse_source_set_idle(&stream->source, idle_timeout_ms);
    sse_priv_group_due(stream, 0);
}

sse_status sse_curl_set_headers(sse_curl *stream, const char *const *headers,
                                size_t header_count)
{
    struct curl_slist *copy;
    const sse_status status =
        sse_priv_curl_copy_headers(headers, header_count, &copy);
    if (status == SSE_OK) {
        curl_slist_free_all(stream->headers);
        stream->headers = copy;
    }
    return status;
}
