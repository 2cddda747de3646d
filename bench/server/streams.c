/*
 * streams.c - streams that the server ends by itself, over libsse-sock.
 *
 *   sse-bench-streams    prints its URL
 *
 * GET /stream?events=N&size=B answers with N events of B bytes of data, all
 * streams in turn: one event of each in each turn of the loop.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/sock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATA_MAX 16384

/* One stream. */
struct reader {
    struct reader *next;
    struct reader **link; /* what points to it */
    sse_stream *stream;
    unsigned left;
    unsigned sent;
    unsigned size;
};

static struct reader *readers;
static sse_timer timer;

static void take_out(struct reader *reader)
{
    if (reader->link != NULL) {
        *reader->link = reader->next;
        if (reader->next != NULL) {
            reader->next->link = reader->link;
        }
        reader->link = NULL;
    }
}

static void on_close(sse_stream *stream, int clean, void *user)
{
    struct reader *const reader = (struct reader *)user;
    (void)stream;
    (void)clean;
    take_out(reader);
    free(reader);
}

/* Ten digits. */
static void put_number(char *dst, unsigned number)
{
    for (int i = 9; i >= 0; i--) {
        dst[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

static void send_next(struct reader *reader)
{
    static char data[DATA_MAX];
    memset(data, 'x', reader->size);
    put_number(data, reader->sent);
    data[10] = ' ';
    const sse_event event = sse_event_of_data(data, reader->size);
    /* A reader too slow for this turn gets it in a later one. */
    if (sse_stream_event(reader->stream, &event) != SSE_OK) {
        return;
    }
    reader->sent++;
    if (--reader->left == 0) {
        take_out(reader);
        (void)sse_stream_end(reader->stream);
    }
}

static void on_turn(sse_loop *loop, sse_timer *at, void *user)
{
    for (struct reader *reader = readers; reader != NULL;) {
        struct reader *const next = reader->next;
        send_next(reader);
        reader = next;
    }
    if (readers != NULL) {
        (void)sse_timer_start(loop, at, 0, on_turn, user);
    }
}

static unsigned parameter(const sse_request *request, const char *name)
{
    char text[16];
    const char *const value =
        sse_request_query(request, name, text, sizeof text);
    return value != NULL ? (unsigned)strtoul(value, NULL, 10) : 0;
}

static void on_request(sse_request *request, void *user)
{
    sse_loop *const loop = (sse_loop *)user;
    struct reader *const reader = (struct reader *)calloc(1, sizeof *reader);
    const unsigned events = parameter(request, "events");
    const unsigned size = parameter(request, "size");
    if (reader == NULL || events == 0 || size < 11 || size > DATA_MAX ||
        sse_stream_open(request, NULL, 0, &reader->stream) != SSE_OK) {
        free(reader);
        (void)sse_request_respond(request, 400, NULL, 0, "", 0);
        return;
    }
    const int first = readers == NULL;
    reader->left = events;
    reader->size = size;
    reader->next = readers;
    reader->link = &readers;
    if (readers != NULL) {
        readers->link = &reader->next;
    }
    readers = reader;
    sse_stream_on_close(reader->stream, on_close, reader);
    send_next(reader);
    if (first && readers != NULL) {
        (void)sse_timer_start(loop, &timer, 0, on_turn, loop);
    }
}

int main(void)
{
    sse_loop *loop = NULL;
    sse_server *server = NULL;
    sse_server_config config;
    sse_server_config_init(&config);
    sse_status status = sse_loop_open(&loop);
    if (status == SSE_OK) {
        status = sse_server_open(loop, &config, on_request, loop, &server);
    }
    if (status == SSE_OK) {
        printf("http://127.0.0.1:%u/\n", sse_server_port(server));
        (void)fflush(stdout);
        status = sse_loop_run(loop);
    }
    (void)fprintf(stderr, "sse-bench-streams: %s\n", sse_strerror(status));
    sse_server_close(server);
    sse_loop_close(loop);
    return 1;
}
