/*
 * load_http.c - responses: head, framing, body.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "load.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { HEAD, BODY, SIZE, DATA, DATA_END, TRAILER };
enum { TO_END, LENGTH, CHUNKED };

void load_http_reset(struct load_http *http)
{
    memset(http, 0, sizeof *http);
}

static void over(struct load_conn *conn)
{
    load_http_reset(&conn->http);
    load_response(conn);
}

/* One line of the head, without its end and cut to what is kept. */
static int head_line(struct load_conn *conn)
{
    struct load_http *const http = &conn->http;
    http->line[http->line_len] = '\0';
    if (http->status == 0) {
        if (strncmp(http->line, "HTTP/1.", 7) != 0) {
            return -1;
        }
        http->status = atoi(http->line + 9);
    } else if (strncasecmp(http->line, "content-length:", 15) == 0) {
        http->framing = LENGTH;
        http->left = strtoull(http->line + 15, NULL, 10);
    } else if (strncasecmp(http->line, "transfer-encoding: chunked", 26) ==
               0) {
        http->framing = CHUNKED;
    } else if (http->line_len == 0) {
        http->state = http->framing == CHUNKED ? SIZE : BODY;
        load_head(conn);
        if (http->framing == LENGTH && http->left == 0) {
            over(conn);
        }
    }
    return 0;
}

/* One line that begins a chunk, or one behind the last chunk. */
static int chunk_line(struct load_conn *conn)
{
    struct load_http *const http = &conn->http;
    http->line[http->line_len] = '\0';
    if (http->state == TRAILER) {
        if (http->line_len == 0) {
            over(conn);
        }
        return 0;
    }
    char *end = NULL;
    http->left = strtoull(http->line, &end, 16);
    if (end == http->line) {
        return -1;
    }
    http->state = http->left == 0 ? TRAILER : DATA;
    return 0;
}

/* Text up to a line end.  Bytes used; 0 if this is no response. */
static size_t take_line(struct load_conn *conn, const char *bytes, size_t len)
{
    struct load_http *const http = &conn->http;
    const char *const end = (const char *)memchr(bytes, '\n', len);
    size_t n = end != NULL ? (size_t)(end - bytes) : len;
    const size_t used = n + (end != NULL);
    const size_t room = sizeof http->line - 1 - http->line_len;
    n = n < room ? n : room;
    memcpy(http->line + http->line_len, bytes, n);
    http->line_len = (uint8_t)(http->line_len + n);
    if (end == NULL) {
        return used;
    }
    if (http->line_len > 0 && http->line[http->line_len - 1] == '\r') {
        http->line_len--;
    }
    const int in_head = http->state == HEAD;
    const int done = in_head ? head_line(conn) : chunk_line(conn);
    http->line_len = 0;
    return done < 0 ? 0 : used;
}

/* Bytes of a body, or what ends a chunk.  Bytes used. */
static size_t take_body(struct load_conn *conn, const char *bytes, size_t len)
{
    struct load_http *const http = &conn->http;
    if (http->state == DATA_END) {
        if (bytes[0] == '\n') {
            http->state = SIZE;
        }
        return 1;
    }
    const int bounded = http->framing != TO_END;
    const size_t n = bounded && http->left < len ? (size_t)http->left : len;
    load_body(conn, bytes, n);
    if (bounded && (http->left -= n) == 0) {
        if (http->framing == LENGTH) {
            over(conn);
        } else {
            http->state = DATA_END;
        }
    }
    return n;
}

int load_http_feed(struct load_conn *conn, const char *bytes, size_t len)
{
    size_t at = 0;
    while (at < len && conn->state != LOAD_CLOSED) {
        const uint8_t state = conn->http.state;
        const size_t n = state == HEAD || state == SIZE || state == TRAILER
                             ? take_line(conn, bytes + at, len - at)
                             : take_body(conn, bytes + at, len - at);
        if (n == 0) {
            return -1;
        }
        at += n;
    }
    return 0;
}
