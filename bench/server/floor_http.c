/*
 * floor_http.c - requests of the floor server: subscribe, publish, a stream of
 * one's own.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAM_HEAD \
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" \
    "Cache-Control: no-store, no-transform\r\nX-Accel-Buffering: no\r\n" \
    "Transfer-Encoding: chunked\r\n\r\n"

/* Ten digits. */
static void put_number(char *dst, unsigned number)
{
    for (int i = 9; i >= 0; i--) {
        dst[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* An event as a chunk, its size always of five digits.  Its bytes. */
static size_t as_chunk(char *dst, const char *data, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    static const char field[] = "\r\ndata: ";
    size_t size = len + 8;
    for (int i = 4; i >= 0; i--) {
        dst[i] = hex[size & 15];
        size >>= 4;
    }
    memcpy(dst + 5, field, 8);
    memcpy(dst + 13, data, len);
    memcpy(dst + 13 + len, "\n\n\r\n", 4);
    return len + 17;
}

static void publish(struct floor *floor, struct floor_conn *conn,
                    const char *body, size_t len)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    static char event[FLOOR_REQUEST_MAX + 64];
    const size_t n = as_chunk(event, body, len);
    const int faulty = floor->fault != '\0' && floor->published++ % 5 == 4;
    for (size_t i = 0; i < floor->subscribers.count; i++) {
        if (faulty && i == 1 && floor->fault == 'l') {
            continue;
        }
        if (faulty && i == 1) {
            const int twice = floor->fault == 'd';
            floor_send(floor, floor->subscribers.conns[i],
                       twice ? event : "4\r\n:c\n\n\r\n", twice ? n : 9);
        }
        floor_send(floor, floor->subscribers.conns[i], event, n);
    }
    floor_send(floor, conn, answer, sizeof answer - 1);
}

static void subscribe(struct floor *floor, struct floor_conn *conn)
{
    static const char head[] = STREAM_HEAD "3\r\n:\n\n\r\n";
    conn->subscribed = 1;
    floor_add(&floor->subscribers, conn);
    floor_send(floor, conn, head, sizeof head - 1);
}

/* The head goes with the first event, the last chunk with the last one. */
void floor_next(struct floor *floor, struct floor_conn *conn)
{
    static char bytes[FLOOR_REQUEST_MAX];
    static char data[FLOOR_REQUEST_MAX / 2];
    size_t n = 0;
    if (conn->sent == 0) {
        memcpy(bytes, STREAM_HEAD, sizeof STREAM_HEAD - 1);
        n = sizeof STREAM_HEAD - 1;
    }
    memset(data, 'x', conn->size);
    put_number(data, conn->sent);
    data[10] = ' ';
    n += as_chunk(bytes + n, data, conn->size);
    conn->sent++;
    if (--conn->left == 0) {
        memcpy(bytes + n, "0\r\n\r\n", 5);
        n += 5;
        floor_remove(&floor->streams, conn);
    }
    floor_send(floor, conn, bytes, n);
}

/* /stream?events=N&size=B */
static int begin_stream(struct floor *floor, struct floor_conn *conn,
                        const char *query)
{
    unsigned events = 0;
    unsigned size = 0;
    if (sscanf(query, "events=%u&size=%u", &events, &size) != 2 ||
        events == 0 || size < 11 || size > FLOOR_REQUEST_MAX / 4) {
        return -1;
    }
    conn->left = events;
    conn->sent = 0;
    conn->size = size;
    floor_add(&floor->streams, conn);
    floor_next(floor, conn);
    return 0;
}

/* One request whose head is whole.  Its bytes, 0 if more is needed, -1 if it
 * is none. */
static long one(struct floor *floor, struct floor_conn *conn,
                const char *request, const char *body)
{
    if (strncmp(request, "GET /stream?", 12) == 0) {
        return begin_stream(floor, conn, request + 12) < 0 ? -1
                                                           : body - request;
    }
    if (strncmp(request, "GET ", 4) == 0) {
        subscribe(floor, conn);
        return body - request;
    }
    const char *const length = strcasestr(request, "content-length:");
    if (strncmp(request, "POST ", 5) != 0 || length == NULL ||
        length > body) {
        return -1;
    }
    const size_t len = strtoul(length + 15, NULL, 10);
    if (len > FLOOR_REQUEST_MAX) {
        return -1;
    }
    if (len > conn->len - (size_t)(body - conn->request)) {
        return 0;
    }
    publish(floor, conn, body, len);
    return body - request + (long)len;
}

int floor_requests(struct floor *floor, struct floor_conn *conn)
{
    size_t at = 0;
    while (at < conn->len && !conn->subscribed) {
        const char *const request = conn->request + at;
        const char *const end = strstr(request, "\r\n\r\n");
        const long n = end != NULL ? one(floor, conn, request, end + 4) : 0;
        if (n < 0) {
            return -1;
        }
        if (n == 0) {
            break;
        }
        at += (size_t)n;
    }
    conn->len -= at;
    if (conn->len == 0 || conn->subscribed) {
        conn->len = 0;
        free(conn->request);
        conn->request = NULL;
    } else {
        memmove(conn->request, conn->request + at, conn->len + 1);
    }
    return 0;
}
