/*
 * serve_topics.c - publishing and subscribing over HTTP.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "serve.h"

#include <string.h>
#include <strings.h>

#define MAX_TYPE 1024u
/* As long as a head may be, so every parameter of one fits. */
#define MAX_LAST_ID 16384u

/* Names as they were sent, and as they are. */
struct names {
    sse_hub_name items[SSE_HUB_MAX_TOPICS];
    size_t count;
    char bytes[SSE_HUB_MAX_TOPICS * (SSE_HUB_MAX_NAME + 1)];
    size_t used;
};

static int hex(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c - 'A' + 10;
}

/* One name, up to a comma or the end.  The server has seen to it that percent
 * signs are followed by two digits.  Returns what is wrong, or NULL. */
static const char *read_name(struct names *names, const char **text)
{
    if (names->count == SSE_HUB_MAX_TOPICS) {
        return "too many topics\n";
    }
    sse_hub_name *const name = &names->items[names->count++];
    char *const bytes = names->bytes + names->used;
    size_t len = 0;
    const char *at = *text;
    while (*at != '\0' && *at != ',') {
        char byte = *at++;
        if (byte == '%') {
            byte = (char)(hex(at[0]) * 16 + hex(at[1]));
            at += 2;
        }
        if (len == SSE_HUB_MAX_NAME) {
            return "the topic's name is too long\n";
        }
        if ((unsigned char)byte < 0x20 || byte == 0x7f) {
            return "a control character in the topic's name\n";
        }
        bytes[len++] = byte;
    }
    if (len == 0) {
        return "a topic without a name\n";
    }
    name->text = bytes;
    name->len = len;
    names->used += len;
    *text = at;
    return NULL;
}

static const char *read_names(struct names *names, const char *text)
{
    names->count = 0;
    names->used = 0;
    for (;;) {
        const char *const wrong = read_name(names, &text);
        if (wrong != NULL || *text == '\0') {
            return wrong;
        }
        text++;
    }
}

static void fail(struct serve *serve, sse_request *request, sse_status status)
{
    static const sse_http_header later[] = {{"Retry-After", "5"}};
    static const struct {
        sse_status why;
        int status;
        const char *text;
    } rows[] = {
        {SSE_ERR_CHARACTER, 400,
         "a line end or NUL in the event's type or id\n"},
        {SSE_ERR_INVALID, 400, "that id is not free to choose\n"},
        {SSE_ERR_TOO_LONG, 413, "the event is too large\n"},
        {SSE_ERR_CLOSED, 503, "the server is going down\n"},
        {SSE_ERR_LIMIT, 503, "too many topics\n"},
        {SSE_ERR_NO_MEMORY, 503, "out of memory\n"},
    };
    size_t i = 0;
    while (i + 1 < sizeof rows / sizeof rows[0] && rows[i].why != status) {
        i++;
    }
    serve_text(serve, request, rows[i].status, rows[i].text, later,
               rows[i].status == 503);
}

/* ---- Publishing -------------------------------------------------------- */

/* The same time for every token of one length. */
static int same_bytes(const char *a, const char *b, size_t len)
{
    unsigned different = 0;
    for (size_t i = 0; i < len; i++) {
        different |= (unsigned char)a[i] ^ (unsigned char)b[i];
    }
    return different == 0;
}

static int may_publish(const struct serve *serve, const sse_request *request)
{
    static const char scheme[] = "Bearer ";
    const char *const token = serve->options->token;
    const char *at = sse_request_header(request, "authorization");
    if (token == NULL) {
        return 1;
    }
    if (at == NULL || strncasecmp(at, scheme, sizeof scheme - 1) != 0) {
        return 0;
    }
    at += sizeof scheme - 1;
    at += strspn(at, " ");
    return strlen(at) == strlen(token) &&
           same_bytes(at, token, strlen(token));
}

/* One parameter of the query.  Returns what is wrong, or NULL. */
static const char *read_field(const sse_request *request, const char *name,
                              char *dst, size_t cap, size_t *len)
{
    const sse_status status =
        sse_request_parameter(request, name, dst, cap, len);
    if (status == SSE_ERR_NO_SPACE) {
        return "the event's type or id is too long\n";
    }
    if (status != SSE_OK) {
        *len = 0;
        return NULL;
    }
    if (memchr(dst, '\0', *len) != NULL || memchr(dst, '\r', *len) != NULL ||
        memchr(dst, '\n', *len) != NULL) {
        return "a line end or NUL in the event's type or id\n";
    }
    return *len == 0 ? "the event's type or id is empty\n" : NULL;
}

/* A reader that comes back names the id in a header field, which holds no
 * control characters, and whose white space around it is cut off: it would be
 * refused, or not be known again. */
static int can_come_back(const char *id, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (((unsigned char)id[i] < 0x20 && id[i] != '\t') || id[i] == 0x7f) {
            return 0;
        }
    }
    return len == 0 || (strchr(" \t", id[0]) == NULL &&
                        strchr(" \t", id[len - 1]) == NULL);
}

static void answer_id(struct serve *serve, sse_request *request,
                      const char *id)
{
    static char body[6 * SSE_HUB_MAX_ID + 16];
    size_t n = sizeof "{\"id\":\"" - 1;
    size_t written = 0;
    memcpy(body, "{\"id\":\"", n);
    (void)sse_json_escape(id, strlen(id), body + n, sizeof body - n - 2,
                          &written);
    n += written;
    body[n++] = '"';
    body[n++] = '}';
    serve_bytes(serve, request, 200, "application/json", body, n, NULL, 0);
}

void serve_publish(struct serve *serve, sse_request *request,
                   const char *text)
{
    static const sse_http_header challenge[] = {
        {"WWW-Authenticate", "Bearer"}};
    static struct names names;
    static char type[MAX_TYPE + 1];
    static char id[SSE_HUB_MAX_ID + 1];
    static char given[SSE_HUB_MAX_ID + 1];
    size_t type_len = 0;
    size_t id_len = 0;
    size_t len = 0;
    if (!may_publish(serve, request)) {
        serve->refused_tokens++;
        serve_text(serve, request, 401, "publishing needs the token\n",
                   challenge, 1);
        return;
    }
    const char *wrong = read_names(&names, text);
    if (wrong == NULL && names.count > 1) {
        wrong = "an event goes to one topic\n";
    }
    if (wrong == NULL) {
        wrong = read_field(request, "type", type, sizeof type, &type_len);
    }
    if (wrong == NULL) {
        wrong = read_field(request, "id", given, sizeof given, &id_len);
    }
    if (wrong == NULL && !can_come_back(given, id_len)) {
        wrong = "that id would not come back in a header field\n";
    }
    if (wrong != NULL) {
        serve_text(serve, request, 400, wrong, NULL, 0);
        return;
    }
    const char *const body = sse_request_body(request, &len);
    sse_event event = sse_event_of_data(body, len);
    if (type_len > 0) {
        event = sse_event_of_type(type, type_len, body, len);
    }
    if (id_len > 0) {
        event = sse_event_with_id(event, given, id_len);
    }
    const sse_status status = sse_hub_publish(serve->hub, names.items[0],
                                              &event, id, sizeof id);
    if (status == SSE_OK) {
        answer_id(serve, request, id);
    } else {
        fail(serve, request, status);
    }
}

/* ---- Subscribing ------------------------------------------------------- */

void serve_subscribe(struct serve *serve, sse_request *request,
                     const char *text)
{
    static struct names names;
    static char from_query[MAX_LAST_ID + 1];
    sse_http_header headers[SERVE_CORS_HEADERS];
    size_t len = 0;
    const char *const wrong = read_names(&names, text);
    if (wrong != NULL) {
        serve_text(serve, request, 400, wrong, NULL, 0);
        return;
    }
    /* A browser that comes back sends the header, while its URL still has
     * what the page first asked for. */
    const char *last_id = sse_request_header(request, "last-event-id");
    if (last_id != NULL && *last_id != '\0') {
        len = strlen(last_id);
    } else if (sse_request_parameter(request, "last_event_id", from_query,
                                     sizeof from_query, &len) == SSE_OK) {
        last_id = from_query;
    } else {
        last_id = NULL;
        len = 0;
    }
    const size_t count = serve_cors(serve, headers);
    const sse_status status =
        sse_hub_subscribe(serve->hub, request, names.items, names.count,
                          last_id, len, headers, count);
    if (status == SSE_OK) {
        serve->statuses[2]++;
        serve_log(serve, request, 200, UINT64_MAX);
    } else {
        fail(serve, request, status);
    }
}
