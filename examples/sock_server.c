/*
 * sock_server.c - a clock as an event stream: one event a second to everyone
 * who asks for /clock.
 *
 *   sock_server [PORT]         then: curl -N http://127.0.0.1:8080/clock
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/sock.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* One reader.  It lives from the request to the close of its stream. */
struct reader {
    sse_loop *loop;
    sse_stream *stream;
    sse_timer timer;
    unsigned long ticks;
};

static void on_tick(sse_loop *loop, sse_timer *timer, void *user)
{
    struct reader *const reader = (struct reader *)user;
    char id[24];
    char text[24];
    const time_t now = time(NULL);
    (void)strftime(text, sizeof text, "%H:%M:%S", localtime(&now));
    (void)snprintf(id, sizeof id, "%lu", ++reader->ticks);
    const sse_event event = sse_event_with_id(
        sse_event_of_type("tick", 4, text, strlen(text)), id, strlen(id));
    /* A reader too slow for one event a second misses some: when its buffer is
     * full this says SSE_ERR_NO_SPACE and queues nothing. */
    (void)sse_stream_event(reader->stream, &event);
    (void)sse_timer_start(loop, timer, 1000, on_tick, reader);
}

/* The reader hung up, stalled for too long, or the server was closed. */
static void on_close(sse_stream *stream, int clean, void *user)
{
    struct reader *const reader = (struct reader *)user;
    (void)stream;
    (void)clean;
    sse_timer_stop(reader->loop, &reader->timer);
    free(reader);
}

static void respond(sse_request *request, int status, const char *text)
{
    static const sse_http_header headers[] = {
        {"Content-Type", "text/plain"}, {"Allow", "GET"}};
    (void)sse_request_respond(request, status, headers, status == 405 ? 2 : 1,
                              text, strlen(text));
}

static void on_request(sse_request *request, void *user)
{
    /* Statuses other than 200 are possible until the first byte is written. */
    if (strcmp(sse_request_path(request), "/clock") != 0) {
        respond(request, 404, "try /clock\n");
        return;
    }
    if (strcmp(sse_request_method(request), "GET") != 0) {
        respond(request, 405, "only GET\n");
        return;
    }
    struct reader *const reader = (struct reader *)calloc(1, sizeof *reader);
    if (reader == NULL ||
        sse_stream_open(request, NULL, 0, &reader->stream) != SSE_OK) {
        free(reader);
        respond(request, 503, "out of memory\n");
        return;
    }
    reader->loop = (sse_loop *)user;
    sse_stream_on_close(reader->stream, on_close, reader);
    on_tick(reader->loop, &reader->timer, reader);
}

int main(int argc, char **argv)
{
    unsigned port = 8080;
    char more;
    if (argc > 1 &&
        (sscanf(argv[1], "%5u%c", &port, &more) != 1 || port > 65535)) {
        (void)fprintf(stderr, "sock_server: \"%s\" is no port\n", argv[1]);
        return 2;
    }
    sse_loop *loop = NULL;
    sse_server *server = NULL;
    sse_server_config config;
    sse_server_config_init(&config);
    config.port = (uint16_t)port;
    sse_status status = sse_loop_open(&loop);
    if (status == SSE_OK) {
        status = sse_server_open(loop, &config, on_request, loop, &server);
    }
    if (status == SSE_OK) {
        printf("http://127.0.0.1:%u/clock\n", sse_server_port(server));
        (void)fflush(stdout);
        status = sse_loop_run(loop);
    }
    if (status == SSE_ERR_SYSTEM) {
        perror("sock_server"); /* the port is taken, for one */
    } else if (status != SSE_OK) {
        (void)fprintf(stderr, "sock_server: %s\n", sse_strerror(status));
    }
    sse_server_close(server);
    sse_loop_close(loop);
    return status == SSE_OK ? 0 : 1;
}
