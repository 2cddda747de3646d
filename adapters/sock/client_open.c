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
#include <time.h>
#include <unistd.h>

#include "chars.h"

/* A copy with a NUL behind it; NULL of NULL. */
static sse_status copy_bytes(const char *bytes, size_t len, char **copy)
{
    *copy = NULL;
    if (bytes == NULL) {
        return SSE_OK;
    }
    if (len == SIZE_MAX) {
        return SSE_ERR_INVALID;
    }
    *copy = (char *)malloc(len + 1);
    if (*copy == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    if (len > 0) {
        memcpy(*copy, bytes, len);
    }
    (*copy)[len] = '\0';
    return SSE_OK;
}

static sse_status copy_text(const char *text, char **copy)
{
    return copy_bytes(text, text != NULL ? strlen(text) : 0, copy);
}

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
            status = copy_text(headers[i], &made[i]);
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
    return copy_bytes(view.host, view.host_len, &client->home_host);
}

/* The least room for data that goes with these limits: see
 * sse_parser_set_limits(). */
#define LEAST_DATA 32u

/* The parser keeps ids, a type and, behind the data, room for a cut line; an
 * id may take a quarter of all. */
static sse_status open_parser(sse_client *client)
{
    const sse_client_config *const config = &client->config;
    const size_t id = config->max_id_size;
    const size_t type = config->max_type_size;
    const size_t around = 2 * id + type + (id > type ? id : type);
    size_t room = 4 * id > around + LEAST_DATA ? 4 * id - around : LEAST_DATA;
    room = config->scratch_cap > room ? config->scratch_cap : room;
    room = config->max_event_size < room ? config->max_event_size : room;
    client->scratch_cap = around + (room > 0 ? room : 1);
    if (client->scratch_cap < SSE_SCRATCH_MIN) {
        client->scratch_cap = SSE_SCRATCH_MIN;
    }
    client->scratch = (char *)malloc(client->scratch_cap);
    if (client->scratch == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    /* Pull use: hooks set up by the caller then get the caller's pointer. */
    sse_parser *const parser = &client->parser;
    sse_status status = sse_parser_init(parser, client->scratch,
                                        client->scratch_cap, NULL,
                                        config->user);
    if (status == SSE_OK) {
        status = sse_parser_set_limits(parser, id, type);
    }
    if (status == SSE_OK) {
        status = sse_parser_set_overflow(parser, SSE_OVERFLOW_GROW, NULL);
    }
    if (status == SSE_OK && config->setup_parser != NULL) {
        status = config->setup_parser(parser, config->user);
    }
    if (status == SSE_OK && config->last_event_id_len > 0) {
        status = sse_parser_set_last_event_id(parser, config->last_event_id,
                                              config->last_event_id_len);
    }
    return status;
}

/* Spreads reconnections; it protects nothing, so guessing it gains nothing. */
static uint64_t draw_seed(const void *salt)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = (uint64_t)now.tv_sec ^ ((uint64_t)now.tv_nsec << 32);
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    seed = seed * UINT64_C(0x5851f42d4c957f2d) + (uint64_t)now.tv_nsec;
    seed = seed * UINT64_C(0x5851f42d4c957f2d) + (uint64_t)getpid();
    return seed ^ (uint64_t)(uintptr_t)salt;
}

static sse_status open_source(sse_client *client)
{
    const sse_client_config *const config = &client->config;
    sse_source_config source;
    sse_source_config_init(&source);
    source.seed = config->seed != 0 ? config->seed : draw_seed(client);
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
        status = copy_text(method, &client->method);
    }
    if (status == SSE_OK) {
        status = copy_bytes(config->body, config->body_len, &client->body);
    }
    if (status == SSE_OK) {
        status = copy_text(config->user_agent, &client->user_agent);
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
