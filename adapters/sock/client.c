/*
 * client.c - a client made and unmade, and what callers may ask it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "client.h"

#include <stdlib.h>
#include <string.h>

void sse_client_config_init(sse_client_config *config)
{
    memset(config, 0, sizeof *config);
    config->size = sizeof *config;
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

sse_status sse_client_open(const sse_client_config *config,
                           sse_client **client)
{
    if (client == NULL) {
        return SSE_ERR_INVALID;
    }
    *client = NULL;
    if (config == NULL || config->size == 0) {
        return SSE_ERR_INVALID;
    }
    sse_client *const made = (sse_client *)calloc(1, sizeof *made);
    if (made == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    sse_client_config_init(&made->config);
    memcpy(&made->config, config,
           config->size < sizeof made->config ? config->size
                                              : sizeof made->config);
    made->link.fd = -1;
    made->signal.fn = sse_priv_client_on_signal;
    made->signal.user = made;
    sse_priv_response_init(&made->head, made->config.max_head_size);
    const sse_status status = sse_priv_client_prepare(made);
    if (status != SSE_OK) {
        sse_priv_client_free(made);
        return status;
    }
    *client = made;
    return SSE_OK;
}

void sse_priv_client_free(sse_client *client)
{
    sse_priv_route_close(&client->route);
    sse_priv_response_free(&client->head);
    sse_priv_buf_free(&client->out);
    sse_priv_buf_free(&client->ahead);
    sse_priv_client_free_headers(client->headers, client->header_count);
    free(client->link.peer);
    free(client->link.found);
    free(client->refused);
    free(client->addresses);
    free(client->home_host);
    free(client->method);
    free(client->body);
    free(client->user_agent);
    sse_priv_scratch_free(&client->scratch);
    free(client);
}

sse_status sse_client_attach(sse_client *client, sse_loop *loop)
{
    if (client == NULL || loop == NULL || client->loop != NULL) {
        return SSE_ERR_INVALID;
    }
    (void)sse_timer_start(loop, &client->timer, 0, sse_priv_client_on_timer,
                          client);
    __atomic_store_n(&client->loop, loop, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&client->raised, __ATOMIC_SEQ_CST) != 0) {
        sse_priv_signal_raise(loop, &client->signal);
    }
    return SSE_OK;
}

static void bury(void *user)
{
    sse_priv_client_free((sse_client *)user);
}

void sse_priv_client_let_go(sse_client *client)
{
    sse_loop *const loop = client->loop;
    sse_timer_stop(loop, &client->timer);
    sse_priv_signal_drop(loop, &client->signal);
    sse_priv_client_link_close(client);
    if (loop->in_turn) {
        client->burial.fn_ = bury;
        client->burial.user_ = client;
        sse_priv_loop_add_burial(loop, &client->burial);
    } else {
        sse_priv_client_free(client);
    }
}

void sse_client_close(sse_client *client)
{
    if (client == NULL || client->closing) {
        return; /* what is being closed closes */
    }
    client->closing = 1;
    if (client->loop == NULL) {
        sse_priv_client_free(client);
        return;
    }
    client->cancelled |= !client->ended;
    if (!client->busy) {
        sse_priv_client_step(client);
    }
    /* Otherwise that follows when its hook has returned. */
}

static void raise_bit(sse_client *client, uint32_t bit)
{
    (void)__atomic_fetch_or(&client->raised, bit, __ATOMIC_SEQ_CST);
    sse_loop *const loop = __atomic_load_n(&client->loop, __ATOMIC_SEQ_CST);
    if (loop != NULL) {
        sse_priv_signal_raise(loop, &client->signal);
    }
}

void sse_client_resume(sse_client *client)
{
    raise_bit(client, SSE_PRIV_CLIENT_RESUME);
}

void sse_client_cancel(sse_client *client)
{
    raise_bit(client, SSE_PRIV_CLIENT_CANCEL);
}

sse_parser *sse_client_parser(sse_client *client)
{
    return &client->parser;
}

const sse_source *sse_client_source(const sse_client *client)
{
    return &client->source;
}

const char *sse_client_error_text(const sse_client *client)
{
    return client->text;
}

void sse_client_note_event(sse_client *client)
{
    sse_source_event(&client->source);
}

void sse_client_set_idle(sse_client *client, uint32_t idle_timeout_ms)
{
    sse_source_set_idle(&client->source, idle_timeout_ms);
    if (client->loop != NULL && !client->ended) {
        (void)sse_timer_start(client->loop, &client->timer, 0,
                              sse_priv_client_on_timer, client);
    }
}

sse_status sse_client_set_headers(sse_client *client,
                                  const char *const *headers,
                                  size_t header_count)
{
    char **copy;
    const sse_status status =
        sse_priv_client_copy_headers(headers, header_count, &copy);
    if (status == SSE_OK) {
        sse_priv_client_free_headers(client->headers, client->header_count);
        client->headers = copy;
        client->header_count = header_count;
    }
    return status;
}

const char *sse_client_response_header(const sse_client_response *response,
                                       const char *name, size_t *len)
{
    return sse_priv_header(response->head, response->head_len, name, len);
}

static sse_status run_in(sse_loop *loop, const sse_client_config *config)
{
    sse_client *client;
    sse_status status = sse_client_open(config, &client);
    if (status != SSE_OK) {
        return status;
    }
    status = sse_client_attach(client, loop);
    while (status == SSE_OK && !client->ended) {
        status = sse_loop_turn(loop, -1);
    }
    status = status == SSE_OK ? client->final : status;
    sse_client_close(client);
    return status;
}

sse_status sse_client_run(const sse_client_config *config)
{
    sse_loop *loop;
    sse_status status = sse_loop_open(&loop);
    if (status == SSE_OK) {
        status = run_in(loop, config);
        sse_loop_close(loop);
    }
    return status;
}
