/*
 * identity.c - who sends a request, and whether this place is meant.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "http/identity.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "http/router.h"
#include "http/web.h"

#define COOKIE_SECONDS 34560000 /* 400 days, the most that browsers keep */
#define TOKEN_MAX 256

enum token_source identity_token(const char *authorization,
                                 const char *cookie, const char **token,
                                 size_t *len)
{
    if (authorization != NULL) {
        if (strncasecmp(authorization, "Bearer ", 7) != 0) {
            return TOKEN_NONE;
        }
        *token = authorization + 7 + strspn(authorization + 7, " ");
        *len = strlen(*token);
        return *len > 0 && *len <= TOKEN_MAX ? TOKEN_BEARER : TOKEN_NONE;
    }
    size_t name = strlen(COOKIE_NAME);
    while (cookie != NULL && *cookie != '\0') {
        cookie += strspn(cookie, "; \t");
        size_t whole = strcspn(cookie, ";");
        if (whole > name && strncmp(cookie, COOKIE_NAME "=", name + 1) == 0) {
            *token = cookie + name + 1;
            *len = whole - name - 1;
            return *len > 0 && *len <= TOKEN_MAX ? TOKEN_COOKIE : TOKEN_NONE;
        }
        cookie += whole;
    }
    return TOKEN_NONE;
}

/* Bytes of a host without a port that is the scheme's own. */
static size_t without_port(const char *host, const char *port)
{
    size_t len = strlen(host);
    size_t tail = strlen(port);
    return len > tail && strcmp(host + len - tail, port) == 0 ? len - tail
                                                               : len;
}

int identity_same_origin(const char *origin, const char *host)
{
    const char *port;
    if (strncmp(origin, "http://", 7) == 0) {
        origin += 7;
        port = ":80";
    } else if (strncmp(origin, "https://", 8) == 0) {
        /* The server itself speaks no TLS, but a proxy before it may. */
        origin += 8;
        port = ":443";
    } else {
        return 0;
    }
    size_t origin_len = without_port(origin, port);
    size_t host_len = host != NULL ? without_port(host, port) : 0;
    return host_len > 0 && origin_len == host_len &&
           strncasecmp(origin, host, host_len) == 0;
}

int identity_host_allowed(const char *host, const char *allowed)
{
    static const char local[] = "localhost";
    if (host[0] == '[') {
        return 1;
    }
    size_t len = strcspn(host, ":");
    if (len > 0 && strspn(host, "0123456789.") == len) {
        return 1;
    }
    if (allowed != NULL && strlen(allowed) == len &&
        strncasecmp(host, allowed, len) == 0) {
        return 1;
    }
    size_t tail = sizeof local - 1;
    return len >= tail && strncasecmp(host + len - tail, local, tail) == 0 &&
           (len == tail || host[len - tail - 1] == '.');
}

int identity_check_place(struct exchange *exchange)
{
    const struct web *web = exchange->web;
    const char *host = sse_request_header(exchange->request, "Host");
    const char *origin = sse_request_header(exchange->request, "Origin");
    if (web->local && host != NULL &&
        !identity_host_allowed(host, web->config->host)) {
        exchange_error(exchange, 403, "host_not_allowed",
                       "This server does not go by that name; --host allows"
                       " one.");
        return -1;
    }
    if (route_is_unsafe(exchange->route) && origin != NULL &&
        !identity_same_origin(origin, host)) {
        exchange_error(exchange, 403, "foreign_origin",
                       "Pages of other places may change nothing here.");
        return -1;
    }
    return 0;
}

/* ---- The user ---- */

static void nobody(struct exchange *exchange)
{
    exchange_error(exchange, 401, "unauthorized",
                   "This needs a user: POST /api/v1/users makes one.");
}

static void found(struct exchange *exchange, int64_t user_seq)
{
    exchange->user_seq = user_seq;
    if (exchange->request != NULL) {
        exchange->route->handler(exchange);
    }
}

static void on_found(struct store_call *call)
{
    const struct store_user *user = (struct store_user *)call;
    struct exchange *exchange = (struct exchange *)call->user;
    if (call->result == STORE_OK) {
        accounts_remember(exchange->web->accounts, user);
        found(exchange, user->seq);
    } else if (call->result == STORE_NOT_FOUND) {
        nobody(exchange);
    } else {
        exchange_unsaved(exchange);
    }
    exchange_release(exchange);
}

void identity_find(struct exchange *exchange)
{
    const char *token = NULL;
    size_t len = 0;
    enum token_source source = identity_token(
        sse_request_header(exchange->request, "Authorization"),
        sse_request_header(exchange->request, "Cookie"), &token, &len);
    if (source == TOKEN_NONE) {
        nobody(exchange);
        return;
    }
    /* A cookie is sent whoever made the page; what the page is must be known
     * before anything changes. */
    if (source == TOKEN_COOKIE && route_is_unsafe(exchange->route) &&
        sse_request_header(exchange->request, "Origin") == NULL) {
        exchange_error(exchange, 403, "origin_required",
                       "With the cookie this wants an Origin header; other"
                       " clients send Authorization: Bearer.");
        return;
    }
    exchange_hold(exchange);
    int64_t seq = accounts_find(exchange->web->accounts, token, len, on_found,
                                exchange);
    if (seq > 0) {
        found(exchange, seq);
        exchange_release(exchange);
    }
}

void identity_cookie(const char *token, char *dst, size_t cap)
{
    (void)snprintf(dst, cap,
                   COOKIE_NAME "=%s; Path=/; Max-Age=%d; HttpOnly;"
                               " SameSite=Lax",
                   token, COOKIE_SECONDS);
}
