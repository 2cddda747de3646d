/*
 * client_request.c - the request of a client, as it goes out.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "client.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A request under way: out of memory once, nothing more is added. */
typedef struct writing {
    sse_priv_buf **out;
    int failed;
} writing;

static void put(writing *w, const char *text, size_t len)
{
    if (!w->failed && !sse_priv_buf_append(w->out, text, len)) {
        w->failed = 1;
    }
}

static void put_text(writing *w, const char *text)
{
    put(w, text, strlen(text));
}

/* A line `Name: value`, or `Name;` for one without a value. */
static int is_named(const char *line, const char *name)
{
    const size_t len = strlen(name);
    return strncasecmp(line, name, len) == 0 &&
           (line[len] == ':' || line[len] == ';');
}

/* Whether the caller has a line of that name that travels to this place. */
static int has(const sse_client *client, const sse_priv_place *place,
               const char *name)
{
    for (size_t i = 0; !place->away && i < client->header_count; i++) {
        if (is_named(client->headers[i], name)) {
            return 1;
        }
    }
    return 0;
}

/* Framing is decided here; what is about a body goes where the body goes. */
static int travels(const sse_priv_place *place, const char *line, int has_id)
{
    if (is_named(line, "Content-Length") ||
        is_named(line, "Transfer-Encoding") ||
        strncasecmp(line, "Host;", 5) == 0 ||
        (has_id && is_named(line, "Last-Event-ID"))) {
        return 0;
    }
    return !place->get || (strncasecmp(line, "Content-", 8) != 0 &&
                           !is_named(line, "Expect"));
}

/* `Name:` alone only keeps ours away. */
static void put_line(writing *w, const char *line)
{
    const size_t name = strcspn(line, ":;");
    const char *const value = line + name + 1;
    const int is_empty = value[strspn(value, " \t")] == '\0';
    if (line[name] == ';' && is_empty) {
        put(w, line, name);
        put_text(w, ":\r\n");
    } else if (line[name] == ':' && !is_empty) {
        put_text(w, line);
        put_text(w, "\r\n");
    }
}

static void put_callers(writing *w, const sse_client *client,
                        const sse_priv_place *place, int has_id)
{
    for (size_t i = 0; !place->away && i < client->header_count; i++) {
        if (travels(place, client->headers[i], has_id)) {
            put_line(w, client->headers[i]);
        }
    }
}

static void put_unless(writing *w, const sse_client *client,
                       const sse_priv_place *place, const char *name,
                       const char *value)
{
    if (!has(client, place, name)) {
        put_text(w, name);
        put_text(w, ": ");
        put_text(w, value);
        put_text(w, "\r\n");
    }
}

/* Bytes that no target may hold are percent-encoded. */
static void put_target(writing *w, const char *target, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)target[i];
        if (c <= 0x20 || c >= 0x7f || c == '"' || c == '<' || c == '>') {
            const char escaped[3] = {'%', digits[c >> 4], digits[c & 15]};
            put(w, escaped, 3);
        } else {
            put(w, target + i, 1);
        }
    }
}

/* The zone of an IPv6 address means nothing to the server. */
static void put_host(writing *w, const sse_priv_url_view *view)
{
    const char *const zone =
        view->host[0] == '['
            ? (const char *)memchr(view->host, '%', view->host_len)
            : NULL;
    if (zone != NULL) {
        put(w, view->host, (size_t)(zone - view->host));
        put_text(w, "]");
    } else {
        put(w, view->host, view->host_len);
    }
    if (view->port != 80) {
        char port[16];
        (void)snprintf(port, sizeof port, ":%u", (unsigned)view->port);
        put_text(w, port);
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const int letter = c | 0x20;
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/* The next byte of `user:password`, percent-decoded; -1 at the end. */
static int next_byte(const sse_priv_url_view *view, size_t *at)
{
    const char *const text = view->user + *at;
    if (*at >= view->user_len) {
        return -1;
    }
    if (*text == '%' && view->user_len - *at > 2 && hex_digit(text[1]) >= 0 &&
        hex_digit(text[2]) >= 0) {
        *at += 3;
        return hex_digit(text[1]) * 16 + hex_digit(text[2]);
    }
    *at += 1;
    return (unsigned char)*text;
}

/* RFC 7617: user name, colon and password in base64. */
static void put_credentials(writing *w, const sse_priv_url_view *view)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
                                  "pqrstuvwxyz0123456789+/";
    int colon = memchr(view->user, ':', view->user_len) == NULL;
    size_t at = 0;
    int more = 1;
    put_text(w, "Authorization: Basic ");
    while (more) {
        uint32_t bits = 0;
        unsigned n = 0;
        for (; n < 3 && more; n += (unsigned)more) {
            int byte = next_byte(view, &at);
            if (byte < 0 && colon) {
                colon = 0;
                byte = ':';
            }
            more = byte >= 0;
            bits |= more ? (uint32_t)byte << (16 - 8 * n) : 0;
        }
        const char group[4] = {
            letters[bits >> 18], letters[bits >> 12 & 63],
            n > 1 ? letters[bits >> 6 & 63] : '=',
            n > 2 ? letters[bits & 63] : '='};
        put(w, group, n > 0 ? 4 : 0);
    }
    put_text(w, "\r\n");
}

/* RFC 9110, "Content-Length": without a body it is told by methods that are
 * meant to have one. */
static void put_length(writing *w, const sse_client *client,
                       const char *method)
{
    if (client->sends_body || strcmp(method, "POST") == 0 ||
        strcmp(method, "PUT") == 0 || strcmp(method, "PATCH") == 0) {
        char line[64];
        (void)snprintf(line, sizeof line, "Content-Length: %llu\r\n",
                       (unsigned long long)client->body_left);
        put_text(w, line);
    }
}

static void put_fields(writing *w, const sse_client *client,
                       const sse_priv_place *place,
                       const sse_priv_url_view *view)
{
    size_t id_len;
    const char *const id = sse_parser_last_event_id(&client->parser, &id_len);
    put_callers(w, client, place, id_len > 0);
    if (client->user_agent != NULL) {
        put_unless(w, client, place, "User-Agent", client->user_agent);
    }
    put_unless(w, client, place, "Accept", "text/event-stream");
    put_unless(w, client, place, "Cache-Control", "no-cache");
    if (view->user_len > 0 && !has(client, place, "Authorization")) {
        put_credentials(w, view);
    }
    if (id_len > 0) {
        /* As it came in: an id holds no CR, LF or NUL. */
        put_text(w, "Last-Event-ID: ");
        put(w, id, id_len);
        put_text(w, "\r\n");
    }
}

/* Not 0 if a line of the caller's names a host; `Host:` alone does not. */
static int names_host(const sse_client *client, const sse_priv_place *place)
{
    for (size_t i = 0; !place->away && i < client->header_count; i++) {
        const char *const line = client->headers[i];
        if (is_named(line, "Host") && line[4] == ':' &&
            line[5 + strspn(line + 5, " \t")] != '\0') {
            return 1;
        }
    }
    return 0;
}

sse_status sse_priv_client_write_request(sse_client *client)
{
    const sse_priv_place *const place = sse_priv_route_place(&client->route);
    const char *const method = place->get ? "GET" : client->method;
    sse_priv_url_view view;
    writing w = {&client->out, 0};
    sse_priv_buf_free(&client->out);
    if (!sse_priv_url_split(place->url, &view)) {
        return SSE_ERR_INVALID; /* unreachable: the route has checked it */
    }
    client->sends_body = client->body != NULL && !place->get && !place->away;
    client->body_left = client->sends_body ? client->config.body_len : 0;
    put_text(&w, method);
    put_text(&w, " ");
    put_target(&w, view.target, view.target_len);
    put_text(&w, " HTTP/1.1\r\n");
    if (!names_host(client, place)) {
        put_text(&w, "Host: ");
        put_host(&w, &view);
        put_text(&w, "\r\n");
    }
    put_fields(&w, client, place, &view);
    put_length(&w, client, method);
    put_text(&w, "\r\n");
    return w.failed ? SSE_ERR_NO_MEMORY : SSE_OK;
}
