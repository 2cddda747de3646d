/*
 * client_open.c - the configuration of a client, checked and copied.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "client.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "../dup.h"
#include "../seed.h"
#include "chars.h"

static int is_value(const char *text)
{
    while (*text != '\0' && sse_priv_is_value_char((unsigned char)*text)) {
        text++;
    }
    return *text == '\0';
}

static sse_status check_header(const char *line)
{
    size_t name = 0;
    if (line == NULL || line[strcspn(line, ":;")] == '\0') {
        return SSE_ERR_INVALID;
    }
    while (sse_priv_is_token_char((unsigned char)line[name])) {
        name++;
    }
    return name > 0 && (line[name] == ':' || line[name] == ';') &&
                   is_value(line)
               ? SSE_OK
               : SSE_ERR_CHARACTER;
}

void sse_priv_client_free_headers(char **headers, size_t count)
{
    for (size_t i = 0; headers != NULL && i < count; i++) {
        free(headers[i]);
    }
    free(headers);
}

sse_status sse_priv_client_copy_headers(const char *const *headers,
                                        size_t count, char ***copy)
{
    *copy = NULL;
    if (count == 0) {
        return SSE_OK;
    }
    if (headers == NULL || count > SIZE_MAX / sizeof **copy) {
        return SSE_ERR_INVALID;
    }
    char **const made = (char **)calloc(count, sizeof *made);
    sse_status status = made != NULL ? SSE_OK : SSE_ERR_NO_MEMORY;
    for (size_t i = 0; i < count && status == SSE_OK; i++) {
        status = check_header(headers[i]);
        if (status == SSE_OK) {
            status = sse_priv_dup_text(headers[i], &made[i]);
        }
    }
    if (status != SSE_OK) {
        sse_priv_client_free_headers(made, made != NULL ? count : 0);
        return status;
    }
    *copy = made;
    return SSE_OK;
}

static sse_status check(const sse_client_config *config)
{
    const size_t most = SIZE_MAX / 8;
    if (config->url == NULL || config->on_event == NULL ||
        (config->body == NULL && config->body_len > 0) ||
        (config->last_event_id == NULL && config->last_event_id_len > 0) ||
        (config->addresses == NULL && config->address_count > 0) ||
        config->max_event_size > most || config->max_id_size > most ||
        config->max_type_size > most || config->scratch_cap > most) {
        return SSE_ERR_INVALID;
    }
    for (const char *at = config->url; *at != '\0'; at++) {
        if ((unsigned char)*at <= 0x20 || *at == 0x7f) {
            return SSE_ERR_CHARACTER;
        }
    }
    if (config->method != NULL) {
        const char *at = config->method;
        while (sse_priv_is_token_char((unsigned char)*at)) {
            at++;
        }
        if (*at != '\0' || at == config->method) {
            return SSE_ERR_CHARACTER;
        }
    }
    return config->user_agent == NULL || is_value(config->user_agent)
               ? SSE_OK
               : SSE_ERR_CHARACTER;
}

static int read_address(const char *text, sse_priv_address *address)
{
    memset(address, 0, sizeof *address);
    if (text == NULL) {
        return 0;
    }
    if (inet_pton(AF_INET, text, &address->at.v4.sin_addr) == 1) {
        address->at.v4.sin_family = AF_INET;
        address->len = sizeof address->at.v4;
    } else if (inet_pton(AF_INET6, text, &address->at.v6.sin6_addr) == 1) {
        address->at.v6.sin6_family = AF_INET6;
        address->len = sizeof address->at.v6;
    }
    return address->len != 0;
}

/* With the name of the host they belong to. */
static sse_status copy_addresses(sse_client *client)
{
    const sse_client_config *const config = &client->config;
    sse_priv_url_view view;
    if (config->address_count == 0) {
        return SSE_OK;
    }
    if (!sse_priv_url_split(client->route.chain[0].url, &view) ||
        config->address_count > SIZE_MAX / sizeof *client->addresses) {
        return SSE_ERR_INVALID;
    }
    client->addresses = (sse_priv_address *)calloc(config->address_count,
                                                   sizeof *client->addresses);
    if (client->addresses == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < config->address_count; i++) {
        if (!read_address(config->addresses[i], &client->addresses[i])) {
            return SSE_ERR_INVALID;
        }
    }
    return sse_priv_dup_bytes(view.host, view.host_len, &client->home_host);
}

static sse_status open_parser(sse_client *client)
{
    const sse_client_config *const config = &client->config;
    const sse_priv_limits limits = {
        config->scratch_cap, config->max_event_size, config->max_id_size,
        config->max_type_size};
    sse_parser *const parser = &client->parser;
    sse_status status = sse_priv_scratch_open(&client->scratch, parser, &limits,
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

static sse_status open_source(sse_client *client)
{
    const sse_client_config *const config = &client->config;
    sse_source_config source;
    sse_source_config_init(&source);
    source.seed = config->seed != 0 ? config->seed : sse_priv_seed(client);
    source.retry_ms = config->retry_ms;
    source.max_retry_ms = config->max_retry_ms;
    source.healthy_ms = config->healthy_ms;
    source.first_byte_timeout_ms = config->first_byte_timeout_ms;
    source.idle_timeout_ms = config->idle_timeout_ms;
    source.total_timeout_ms = config->total_timeout_ms;
    source.max_reconnects = config->max_reconnects;
    source.reconnect = config->reconnect;
    source.idempotent = config->idempotent >= 0 ? config->idempotent
                                                : client->route.is_safe;
    source.policy = config->policy;
    source.user = config->user;
    /* The limit on connecting is kept where connections are made: each
     * redirect begins it anew. */
    return sse_source_init(&client->source, &source, &client->parser);
}

/* What was pointed to is copied by now; nobody shall follow these. */
static void forget_pointers(sse_client_config *config)
{
    config->url = NULL;
    config->method = NULL;
    config->headers = NULL;
    config->body = NULL;
    config->user_agent = NULL;
    config->addresses = NULL;
    config->last_event_id = NULL;
}

sse_status sse_priv_client_prepare(sse_client *client)
{
    sse_client_config *const config = &client->config;
    const char *const method = config->method != NULL ? config->method
                               : config->body != NULL ? "POST"
                                                      : "GET";
    sse_status status = check(config);
    if (status == SSE_OK) {
        status = sse_priv_dup_text(method, &client->method);
    }
    if (status == SSE_OK) {
        status = sse_priv_dup_bytes(config->body, config->body_len,
                                    &client->body);
    }
    if (status == SSE_OK) {
        status = sse_priv_dup_text(config->user_agent, &client->user_agent);
    }
    if (status == SSE_OK) {
        status = sse_priv_client_copy_headers(
            config->headers, config->header_count, &client->headers);
    }
    if (status == SSE_OK) {
        client->header_count = config->header_count;
        status = sse_priv_route_open(&client->route, config->url, method);
    }
    if (status == SSE_OK) {
        status = copy_addresses(client);
    }
    if (status == SSE_OK) {
        status = open_parser(client);
    }
    if (status == SSE_OK) {
        status = open_source(client);
    }
    forget_pointers(config);
    return status;
}
