/*
 * exchange.c - one request on its way to an answer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "http/web.h"

static void on_close(sse_request *request, void *user)
{
    struct exchange *exchange = (struct exchange *)user;
    (void)request;
    exchange->request = NULL;
    exchange_release(exchange);
}

struct exchange *exchange_new(struct web *web, sse_request *request)
{
    struct exchange *exchange =
        (struct exchange *)mem_zero(1, sizeof *exchange);
    exchange->web = web;
    exchange->request = request;
    exchange->holds = 1;
    sse_request_on_close(request, on_close, exchange);
    return exchange;
}

void exchange_hold(struct exchange *exchange)
{
    exchange->holds++;
}

void exchange_release(struct exchange *exchange)
{
    if (--exchange->holds > 0) {
        return;
    }
    if (exchange->place) {
        limits_give(&exchange->web->limits, exchange->user_seq);
    }
    free(exchange->data);
    free(exchange);
}

void exchange_send(struct exchange *exchange, int status, const char *type,
                   const char *body, size_t len, const char *more,
                   const char *more_value)
{
    sse_http_header headers[4] = {{"X-Content-Type-Options", "nosniff"},
                                  {"Cache-Control", "no-store"}};
    size_t count = 2;
    if (exchange->request == NULL || exchange->answered) {
        return;
    }
    if (type != NULL) {
        headers[count].name = "Content-Type";
        headers[count++].value = type;
    }
    if (more != NULL) {
        headers[count].name = more;
        headers[count++].value = more_value;
    }
    exchange->answered = 1;
    exchange->web->statuses[status]++;
    (void)sse_request_respond(exchange->request, status, headers, count, body,
                              len);
}

static void send_json(struct exchange *exchange, int status, json_t *body,
                      const char *more, const char *more_value)
{
    char *text = json_text(body);
    exchange_send(exchange, status, "application/json", text, strlen(text),
                  more, more_value);
    free(text);
}

void exchange_json(struct exchange *exchange, int status, json_t *body)
{
    send_json(exchange, status, body, NULL, NULL);
}

static json_t *error_of(const char *code, const char *message)
{
    json_t *error = json_object();
    json_t *body = json_object();
    json_put(error, "code", json_string(code));
    json_put(error, "message", json_string(message));
    json_put(body, "error", error);
    return body;
}

void exchange_error(struct exchange *exchange, int status, const char *code,
                    const char *message)
{
    const char *more = status == 401                    ? "WWW-Authenticate"
                       : status == 429 || status == 503 ? "Retry-After"
                                                        : NULL;
    send_json(exchange, status, error_of(code, message), more,
              status == 401 ? "Bearer" : "2");
}

void exchange_not_found(struct exchange *exchange)
{
    exchange_error(exchange, 404, "not_found", "There is no such thing here.");
}

void exchange_bad(struct exchange *exchange, const char *message)
{
    exchange_error(exchange, 400, "bad_request", message);
}

void exchange_unsaved(struct exchange *exchange)
{
    exchange_error(exchange, 503, "unavailable",
                   "The database failed. Try again later.");
}

const char *exchange_error_body(int status, const char **media_type,
                                void *user)
{
    static const struct {
        int status;
        const char *body;
    } bodies[] = {
        {408, "{\"error\":{\"code\":\"timeout\",\"message\":"
              "\"The request took too long to arrive.\"}}"},
        {413, "{\"error\":{\"code\":\"too_large\",\"message\":"
              "\"The request is larger than this place takes.\"}}"},
        {414, "{\"error\":{\"code\":\"too_large\",\"message\":"
              "\"The address of the request is too long.\"}}"},
        {431, "{\"error\":{\"code\":\"too_large\",\"message\":"
              "\"The head of the request is too large.\"}}"},
        {503, "{\"error\":{\"code\":\"unavailable\",\"message\":"
              "\"The server is full. Try again later.\"}}"},
        {0, "{\"error\":{\"code\":\"bad_request\",\"message\":"
            "\"The request is not well-formed HTTP.\"}}"},
    };
    struct web *web = (struct web *)user;
    size_t i = 0;
    while (bodies[i].status != 0 && bodies[i].status != status) {
        i++;
    }
    web->statuses[status]++;
    *media_type = "application/json";
    return bodies[i].body;
}

json_t *exchange_body(struct exchange *exchange)
{
    size_t len;
    const char *text = sse_request_body(exchange->request, &len);
    if (len == 0) {
        return json_object();
    }
    json_t *body = json_read(text, len);
    if (!json_is_object(body)) {
        exchange_bad(exchange, body == NULL ? "The body is not JSON."
                                            : "The body is no JSON object.");
        json_decref(body);
        return NULL;
    }
    return body;
}

int exchange_text(struct exchange *exchange, const json_t *body,
                  const char *name, size_t max, int required,
                  const char **text)
{
    char message[96];
    const json_t *value = json_object_get(body, name);
    *text = NULL;
    if ((value == NULL || json_is_null(value)) && !required) {
        return 0;
    }
    if (!json_is_string(value) ||
        (required && strspn(json_string_value(value), " \t\r\n") ==
                         json_string_length(value))) {
        (void)snprintf(message, sizeof message, "\"%s\" must be a text%s.",
                       name, required ? " that is not empty" : "");
        exchange_bad(exchange, message);
        return -1;
    }
    if (json_string_length(value) > max) {
        (void)snprintf(message, sizeof message,
                       "\"%s\" is longer than %zu bytes.", name, max);
        exchange_error(exchange, 413, "too_large", message);
        return -1;
    }
    *text = json_string_value(value);
    return 0;
}
