/*
 * offline.c - the server: what is asked where, and what is refused.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "offline/offline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "offline/parts.h"

#define DELAY_MS 15
#define DELAY_MAX_MS 60000
#define BODY_MAX (4u << 20)
#define CONNECTIONS_MAX 1024
#define SEND_BUFFER 65536

#define COMPLETIONS "/chat/completions"
#define AGENTS "/v2/gen-ai/agents/"
#define MODELS "/v1/models"

static const sse_http_header as_json = {"Content-Type",
                                        "application/json"};

static const char *type_of(int status)
{
    return status == 429  ? "rate_limit_exceeded"
           : status >= 500 ? "server_error"
                           : "invalid_request_error";
}

static void respond_json(sse_request *request, int status,
                         const sse_http_header *extra, json_t *body)
{
    sse_http_header headers[2] = {as_json, as_json};
    char *const text = json_text(body);
    if (extra != NULL) {
        headers[1] = *extra;
    }
    (void)sse_request_respond(request, status, headers, extra != NULL ? 2 : 1,
                              text, strlen(text));
    free(text);
}

static json_t *error_body(int status, const char *message, const char *param,
                          const char *code)
{
    json_t *const error = json_object();
    json_put(error, "message", json_text_or_null(message));
    json_put(error, "type", json_string(type_of(status)));
    json_put(error, "param", json_text_or_null(param));
    json_put(error, "code", json_text_or_null(code));
    json_t *const body = json_object();
    json_put(body, "error", error);
    return body;
}

void offline_refuse(sse_request *request, int status, const char *message,
                    const char *param, const char *code)
{
    const sse_http_header retry = {"Retry-After", "1"};
    const int later = status == 429 || status == 503;
    respond_json(request, status, later ? &retry : NULL,
                 error_body(status, message, param, code));
}

static void refuse_method(sse_request *request, const char *allowed)
{
    const sse_http_header allow = {"Allow", allowed};
    respond_json(request, 405, &allow,
                 error_body(405, "This method is not allowed here.", NULL,
                            "method_not_allowed"));
}

/* Errors of the server's own: the request was malformed, too large, too slow,
 * or one too many. */
static const char *own_error(int status, const char **media_type, void *user)
{
#define OWN(type, message)                                                     \
    "{\"error\":{\"message\":\"" message "\",\"type\":\"" type                 \
    "\",\"param\":null,\"code\":null}}"
    (void)user;
    *media_type = "application/json";
    switch (status) {
    case 408:
        return OWN("invalid_request_error", "The request came too slowly.");
    case 413:
        return OWN("invalid_request_error", "The body is too large.");
    case 414:
    case 431:
        return OWN("invalid_request_error", "The head is too large.");
    case 503:
        return OWN("server_error", "Too many requests at a time.");
    default:
        return status < 500
                   ? OWN("invalid_request_error", "The request is malformed.")
                   : OWN("server_error", "The request cannot be served.");
    }
#undef OWN
}

/* Not 0 for "application/json", whatever parameters follow. */
static int is_json(const char *media_type)
{
    const char want[] = "application/json";
    if (media_type == NULL) {
        return 0;
    }
    for (size_t i = 0; want[i] != '\0'; i++) {
        const char c = media_type[i];
        if ((c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c) != want[i]) {
            return 0;
        }
    }
    const char next = media_type[strlen(want)];
    return next == '\0' || next == ';' || next == ' ' || next == '\t';
}

/* Sends the faults that are whole answers.  @return not 0 if it was one. */
static int refuse_for_fault(struct chat_offline *offline, sse_request *request,
                            enum mishap mishap, int status)
{
    static const sse_http_header html = {"Content-Type", "text/html"};
    static const char page[] = "<!doctype html><title>Welcome</title>"
                               "<p>You are not connected to the network.\n";
    if (mishap == MISHAP_STATUS) {
        offline_refuse(request, status, "A fault that was asked for.", NULL,
                       "offline_fault");
    } else if (mishap == MISHAP_HTML) {
        (void)sse_request_respond(request, 200, &html, 1, page,
                                  sizeof page - 1);
    } else if (mishap == MISHAP_FLAKY && offline->flaky++ % 3 != 2) {
        offline_refuse(request, 503, "A fault that was asked for.", NULL,
                       "offline_fault");
    } else {
        /* Of silence the peer hangs up, and the server cleans up. */
        return mishap == MISHAP_SILENT;
    }
    return 1;
}

static void complete(struct chat_offline *offline, sse_request *request)
{
    struct ask ask;
    struct answer answer;
    int status = 0;
    size_t len = 0;
    const char *unknown = NULL;
    const char *const body = sse_request_body(request, &len);
    if (!is_json(sse_request_header(request, "Content-Type"))) {
        offline_refuse(request, 415, "The body must be application/json.",
                       NULL, "unsupported_media_type");
        return;
    }
    if (ask_read(&ask, body, len) != 0) {
        offline_refuse(request, 400, ask.message, ask.param, NULL);
        ask_free(&ask);
        return;
    }
    const enum mishap mishap =
        mishap_read(ask.model, sse_request_header(request, "X-Offline-Fault"),
                    &status, &unknown);
    if (unknown != NULL) {
        offline_refuse(request, 400, "There is no such fault.", "model",
                       "unknown_fault");
    } else if (!refuse_for_fault(offline, request, mishap, status)) {
        answer_make(&answer, &ask, mishap);
        if (ask.stream) {
            reply_stream(offline, request, &ask, &answer, mishap);
        } else {
            reply_whole(offline, request, &ask, &answer);
        }
    }
    ask_free(&ask);
}

static json_t *model_row(void)
{
    json_t *const row = json_object();
    json_put(row, "id", json_string("offline"));
    json_put(row, "object", json_string("model"));
    json_put(row, "created", json_integer(0));
    json_put(row, "owned_by", json_string("sse-chat"));
    return row;
}

static void list_models(sse_request *request, const char *name)
{
    json_t *body = model_row();
    if (name == NULL) {
        json_t *const list = json_array();
        (void)json_array_append_new(list, body);
        body = json_object();
        json_put(body, "object", json_string("list"));
        json_put(body, "data", list);
    } else if (strcmp(name, "offline") != 0) {
        json_decref(body);
        offline_refuse(request, 404, "There is no such model.", "model",
                       "model_not_found");
        return;
    }
    respond_json(request, 200, NULL, body);
}

/* Not 0 for the path of completions: the common one, or an agent's. */
static int is_completions(const char *path)
{
    const size_t agents = strlen(AGENTS);
    if (strcmp(path, "/v1" COMPLETIONS) == 0) {
        return 1;
    }
    if (strncmp(path, AGENTS, agents) != 0) {
        return 0;
    }
    const size_t name = strcspn(path + agents, "/");
    return name > 0 && strcmp(path + agents + name, COMPLETIONS) == 0;
}

static void on_request(sse_request *request, void *user)
{
    struct chat_offline *const offline = (struct chat_offline *)user;
    const char *const path = sse_request_path(request);
    const char *const method = sse_request_method(request);
    const size_t models = strlen(MODELS);
    const int read =
        strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    if (is_completions(path)) {
        if (strcmp(method, "POST") == 0) {
            complete(offline, request);
        } else {
            refuse_method(request, "POST");
        }
    } else if (strncmp(path, MODELS, models) == 0 &&
               (path[models] == '\0' || path[models] == '/')) {
        if (read) {
            list_models(request,
                        path[models] == '/' ? path + models + 1 : NULL);
        } else {
            refuse_method(request, "GET, HEAD");
        }
    } else {
        offline_refuse(request, 404, "There is nothing at this path.", NULL,
                       "not_found");
    }
}

/* The time between two words, from the environment. */
static uint32_t delay_read(void)
{
    const char *const text = getenv("SSE_CHAT_OFFLINE_DELAY_MS");
    if (text == NULL || *text == '\0' ||
        strspn(text, "0123456789") != strlen(text) || strlen(text) > 6) {
        return DELAY_MS;
    }
    const unsigned long delay = strtoul(text, NULL, 10);
    return delay < DELAY_MAX_MS ? (uint32_t)delay : DELAY_MAX_MS;
}

sse_status chat_offline_open(sse_loop *loop, struct chat_offline **offline,
                             uint16_t *port)
{
    sse_server_config config;
    sse_server_config_init(&config);
    config.max_body = BODY_MAX;
    config.max_conns = CONNECTIONS_MAX;
    config.keep_alive_ms = 0; /* a stall is to be a stall */
    config.sndbuf = SEND_BUFFER; /* who stops reading stops the answer soon */
    config.error_body = own_error;
    struct chat_offline *const made =
        (struct chat_offline *)mem_zero(1, sizeof *made);
    *offline = NULL;
    made->loop = loop;
    made->delay_ms = delay_read();
    const sse_status status =
        sse_server_open(loop, &config, on_request, made, &made->server);
    if (status != SSE_OK) {
        free(made);
        return status;
    }
    *port = sse_server_port(made->server);
    *offline = made;
    return SSE_OK;
}

void chat_offline_close(struct chat_offline *offline)
{
    if (offline != NULL) {
        sse_server_close(offline->server); /* ends all replies */
        free(offline);
    }
}
