/*
 * reply.c - heads of responses.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "server.h"

#include <string.h>
#include <time.h>

const char *sse_priv_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {206, "Partial Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {425, "Too Early"},
        {426, "Upgrade Required"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return ""; /* RFC 9112, "Status Line": it may be absent */
}

/* What frames a message is written by the layer that frames it. */
static int is_framing(const char *name)
{
    return sse_priv_same_text(name, "connection") ||
           sse_priv_same_text(name, "content-length") ||
           sse_priv_same_text(name, "transfer-encoding") ||
           sse_priv_same_text(name, "keep-alive") ||
           sse_priv_same_text(name, "upgrade");
}

sse_status sse_priv_check_headers(const sse_http_header *headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *const name = headers[i].name;
        const char *const value = headers[i].value;
        if (name == NULL || value == NULL || is_framing(name)) {
            return SSE_ERR_INVALID;
        }
        size_t at = 0;
        while (sse_priv_is_token_char((unsigned char)name[at])) {
            at++;
        }
        if (at == 0 || name[at] != '\0') {
            return SSE_ERR_CHARACTER;
        }
        for (at = 0; value[at] != '\0'; at++) {
            if (!sse_priv_is_value_char((unsigned char)value[at])) {
                return SSE_ERR_CHARACTER;
            }
        }
    }
    return SSE_OK;
}

static int put(sse_priv_buf **out, const char *text)
{
    return sse_priv_buf_append(out, text, strlen(text));
}

static const char *date_of(sse_server *server)
{
    const int64_t now_s = (int64_t)time(NULL);
    if (now_s != server->date_s) {
        server->date_s = now_s;
        sse_priv_date_write(now_s, server->date);
    }
    return server->date;
}

int sse_priv_reply_begin(sse_priv_conn *conn, sse_priv_buf **out, int status)
{
    if (conn->server->draining) {
        conn->last = 1;
    }
    char code[] = "HTTP/1.1 000 ";
    code[9] = (char)('0' + status / 100);
    code[10] = (char)('0' + status / 10 % 10);
    code[11] = (char)('0' + status % 10);
    return put(out, code) && put(out, sse_priv_reason(status)) &&
           put(out, "\r\n") &&
           sse_priv_reply_field(out, "Date", date_of(conn->server)) &&
           (!conn->last || sse_priv_reply_field(out, "Connection", "close"));
}

int sse_priv_reply_field(sse_priv_buf **out, const char *name,
                         const char *value)
{
    return put(out, name) && put(out, ": ") && put(out, value) &&
           put(out, "\r\n");
}

int sse_priv_reply_length(sse_priv_buf **out, size_t len)
{
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + len % 10);
        len /= 10;
    } while (len > 0);
    return sse_priv_reply_field(out, "Content-Length", digits + at);
}

int sse_priv_reply_end(sse_priv_buf **out)
{
    return put(out, "\r\n");
}
