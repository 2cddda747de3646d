/*
 * broadcast.c - what anybody posts, everybody gets.
 *
 *   broadcast [PORT]
 *   curl -N http://127.0.0.1:8080/        reads
 *   curl -d hello http://127.0.0.1:8080/  writes
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/hub.h>

#include <stdio.h>
#include <string.h>

static const sse_hub_name topic = {"all", 3};

static void respond(sse_request *request, int status, const char *text)
{
    (void)sse_request_respond(request, status, NULL, 0, text, strlen(text));
}

/* One event for everybody, and its id for who sent it. */
static void publish(sse_hub *hub, sse_request *request)
{
    char id[SSE_HUB_MAX_ID + 1];
    size_t len = 0;
    const char *const body = sse_request_body(request, &len);
    const sse_event event = sse_event_of_data(body, len);
    if (sse_hub_publish(hub, topic, &event, id, sizeof id) == SSE_OK) {
        respond(request, 200, id);
    } else {
        respond(request, 413, "too large\n");
    }
}

/* A browser that comes back says what it saw last, and gets what it missed. */
static void subscribe(sse_hub *hub, sse_request *request)
{
    const char *const last_id = sse_request_header(request, "last-event-id");
    if (sse_hub_subscribe(hub, request, &topic, 1, last_id,
                          last_id != NULL ? strlen(last_id) : 0, NULL,
                          0) != SSE_OK) {
        respond(request, 503, "no room\n");
    }
}

static void on_request(sse_request *request, void *user)
{
    sse_hub *const hub = (sse_hub *)user;
    if (strcmp(sse_request_method(request), "POST") == 0) {
        publish(hub, request);
    } else {
        subscribe(hub, request);
    }
}

int main(int argc, char **argv)
{
    unsigned port = 8080;
    char more;
    if (argc > 1 &&
        (sscanf(argv[1], "%5u%c", &port, &more) != 1 || port > 65535)) {
        (void)fprintf(stderr, "broadcast: \"%s\" is no port\n", argv[1]);
        return 2;
    }
    sse_loop *loop = NULL;
    sse_hub *hub = NULL;
    sse_server *server = NULL;
    sse_server_config config;
    sse_server_config_init(&config);
    config.port = (uint16_t)port;
    config.sndbuf = 32768; /* what the kernel holds for who does not read */
    if (sse_loop_open(&loop) != SSE_OK ||
        sse_hub_open(loop, NULL, &hub) != SSE_OK ||
        sse_server_open(loop, &config, on_request, hub, &server) != SSE_OK) {
        perror("broadcast");
        sse_hub_close(hub);
        sse_loop_close(loop);
        return 1;
    }
    printf("http://127.0.0.1:%u/\n", sse_server_port(server));
    (void)fflush(stdout);
    return sse_loop_run(loop) == SSE_OK ? 0 : 1;
}
